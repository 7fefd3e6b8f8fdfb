"""How much a text reads like Chinese: how likely each character is behind the one before it.

`commonness` asks which characters come, and is enough to tell charsets apart. Where two readings of the same bytes are
both made of ordinary characters, it is their company that decides: 发展 is a word, 笔形 beside 睍 is none.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from opencc import OpenCC

UNHEARD_OF = -20.0
"""Likelihood of a character that is not in ordinary Chinese text: a rare ideograph, private use, a stray kana."""

UNLIKELY = -9.0
"""`fluency` below which nothing is Chinese that somebody wrote. Sentences have -5.5 to -4, names and lists to -8."""

_ASCII = -6.0
_LETTER = -3.0
"""Behind another letter, or behind a sign or blank."""
_STRAY_LETTER = -7.5
"""Right behind an ideograph."""
_SELDOM = dict.fromkeys("〈〉【】「」『』　～○●■◆□▲★×÷±°℃㎡①②③④⑤⑥⑦⑧⑨⑩", -9.0)
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_GROUPS = re.compile(r"(\d+)(\D+)")


class Pairs(NamedTuple):
    """The figures of common_pairs.txt, natural logarithms; benchmarks/common_pairs.py made it."""

    alone: dict[str, float]
    """How likely a character is anywhere."""
    left: dict[str, float]
    """What is added to that for a character behind which it is not listed."""
    together: dict[str, float]
    """How likely the second character of a pair is behind the first."""


@cache
def pairs() -> Pairs:
    """The table, read when the first doubtful text comes."""
    alone, left, together = {}, {}, {}
    for line in (Path(__file__).parent / "common_pairs.txt").read_text(encoding="utf-8").splitlines():
        char, chance, rest, *groups = line.split(" ")
        alone[char], left[char] = int(chance) / -2, int(rest) / -2
        for level, chars in _GROUPS.findall(groups[0] if groups else ""):
            together.update(dict.fromkeys((char + other for other in chars), int(level) / -2))
    return Pairs(alone, left, together)


@cache
def simplified() -> dict[int, str]:
    """Every ideograph with its simplified form, for `str.translate`: the table knows simplified characters only."""
    han = "".join(map(chr, range(0x3400, 0xA000)))
    forms = OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(char): form for char, form in zip(han, forms, strict=True) if char != form and len(form) == 1}


@lru_cache(maxsize=1 << 16)
def step(before: str, char: str) -> float:
    """Natural logarithm of how likely a character is behind another, both simplified; "" begins a line.

    >>> step("招", "商") > step("招", "了") > step("招", "鎷")
    True
    """
    table = pairs()
    char = "#" if char in _DIGITS else char
    chance = table.alone.get(char)
    if chance is None:
        return _other(before, char)
    before = "#" if before in _DIGITS else before or "^"
    together = table.together.get(before + char)
    return chance + table.left.get(before, 0.0) if together is None else together


def _other(before: str, char: str) -> float:
    if char >= "\x80":
        return _SELDOM.get(char, UNHEARD_OF)
    if not char.isprintable() and char not in "\n\t":
        return UNHEARD_OF
    if char.isalpha():
        return _LETTER if before < "\u3000" else _STRAY_LETTER
    return _ASCII


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

    >>> fluency("首期投產後達產") > UNLIKELY > fluency("笆灼谕懂a後達產")
    True
    """
    text = text.translate(simplified())
    found = [step(before, char) for before, char in zip("\n" + text, text, strict=False) if char > "\x7f"]
    return sum(found) / len(found) if found else 0.0
