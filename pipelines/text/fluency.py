"""How much a text reads like Chinese: how likely each character is behind the one before it.

`commonness` asks which characters come, and is enough to tell charsets apart. Where two readings of the same bytes are
both made of ordinary characters, it is their company that decides: 发展 is a word, 笔形 beside 睍 is none.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from opencc import OpenCC

UNHEARD_OF = -15.0
"""Likelihood of a character that is not in ordinary Chinese text: a rare ideograph, private use, a stray kana."""

UNLIKELY = -9.0
"""`fluency` below which nothing is Chinese that somebody wrote. Sentences have -5.5 to -4, names and lists to -8."""

_PRIOR = 200.0
"""Weight of the single characters' frequencies beside the pairs', in occurrences."""

_LOOSE = math.log(0.05)
_PUNCTUATION = {
    **dict.fromkeys("〈〉【】「」『』　～○●■◆□▲★", -6.0),
    **dict.fromkeys("，。、；：？！“”‘’（）《》—…·％", _LOOSE),
}
_LEVELS = re.compile(r"(\d+)(\D+)")


class Pairs(NamedTuple):
    """The counts of common_pairs.txt; benchmarks/common_pairs.py made it."""

    characters: dict[str, float]
    """How often a character comes."""
    begins: dict[str, float]
    """How often it begins a word, as a share of all words."""
    ends: dict[str, float]
    """How often it ends one."""
    inside: dict[str, float]
    """How often a pair of characters stands within a word."""
    total: float
    """All characters."""


@cache
def pairs() -> Pairs:
    """The table, read when the first doubtful text comes."""
    characters, begins, ends, inside = {}, {}, {}, {}
    for line in (Path(__file__).parent / "common_pairs.txt").read_text(encoding="utf-8").splitlines():
        char, count, begin, end, *followers = line.split(" ")
        characters[char], begins[char], ends[char] = 2.0 ** int(count), 2.0 ** int(begin), 2.0 ** int(end)
        for level, chars in _LEVELS.findall(followers[0] if followers else ""):
            inside.update(dict.fromkeys((char + other for other in chars), 2.0 ** int(level)))
    words = sum(begins.values())
    return Pairs(characters, {char: n / words for char, n in begins.items()}, ends, inside, sum(characters.values()))


@cache
def simplified() -> dict[int, str]:
    """Every ideograph with its simplified form, for `str.translate`: the table knows simplified characters only."""
    han = "".join(map(chr, range(0x3400, 0xA000)))
    forms = OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(char): form for char, form in zip(han, forms, strict=True) if char != form and len(form) == 1}


@cache
def step(before: str, char: str) -> float:
    """Natural logarithm of how likely a character is behind another, both simplified; "" begins a text.

    >>> step("招", "商") > step("招", "了") > step("招", "鎷")
    True
    """
    if char < "\x80":
        return -5.0 if char.isprintable() or char in "\n\t" else UNHEARD_OF
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    table = pairs()
    count = table.characters.get(char)
    if count is None:
        return -8.0 if char in "０１２３４５６７８９°×±÷℃㎡①②③④⑤⑥⑦⑧⑨" else UNHEARD_OF
    alone = count / table.total
    known = table.characters.get(before)
    if known is None:
        return math.log(max(table.begins[char], alone / 10))
    together = table.inside.get(before + char, 0.0) + table.ends[before] * table.begins[char]
    return math.log((together + _PRIOR * alone) / (known + _PRIOR))


def likelihood(text: str, before: str = "") -> float:
    """Natural logarithm of how likely a text is, in either script; `before` is the character that precedes it."""
    text = text.translate(simplified())
    total = 0.0
    for char in text:
        total += step(before, char)
        before = char
    return total


def fluency(text: str) -> float:
    """Mean `likelihood` per character beyond ASCII; 0 where there is none.

    >>> fluency("面對新的招商引資形式") > UNLIKELY > fluency("懊鎸π碌恼猩桃Y形式")
    True
    """
    text = text.translate(simplified())
    found = [step(before, char) for before, char in zip(" " + text, text, strict=False) if char > "\x7f"]
    return sum(found) / len(found) if found else 0.0
