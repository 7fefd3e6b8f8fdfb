"""The lists that mirrors run over a text: characters, each with the reading that is put behind it."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

from opencc import OpenCC
from pypinyin import Style, pinyin

from benchmarks.faults.spoiled import fitting, given

_LEAST = 8
_LEAST_PER_THOUSAND = 15


@cache
def vocabulary() -> tuple[str, ...]:
    """The traditional characters of the sample that simplified text writes otherwise, most frequent first."""
    text = "".join(each.hant for each in given())
    simple = OpenCC("t2s").convert
    counts = Counter(char for char in text if "\u4e00" <= char <= "\u9fff")
    return tuple(
        char for char, _ in counts.most_common() if simple(char) != char and fitting(char, "gbk") and tone(char)
    )


@cache
def tone(char: str) -> str:
    reading = pinyin(char, style=Style.TONE)[0][0]
    return reading if reading != char and fitting(reading, "gbk") else ""


def mirrors_list(text: str, chance: random.Random) -> list[str]:
    """A list of 20 to 200 characters in random order, long enough to annotate the text throughout."""
    han = sum("\u4e00" <= char <= "\u9fff" for char in text)
    least = max(_LEAST, han * _LEAST_PER_THOUSAND // 1000)
    for size in (chance.randint(20, 200), 200):
        chosen = chance.sample(vocabulary()[: max(300, size)], size)
        if sum(map(text.count, chosen)) >= least:
            return chosen
    return chance.sample(vocabulary()[:200], 200)


def crossing(text: str, chance: random.Random, chosen: list[str]) -> list[str]:
    """Up to eight characters that a byte replacement finds across the borders of characters in this text."""
    data = fitting(text, "gbk").encode("gbk")
    known = set(vocabulary()) - set(chosen)
    found, place = Counter[str](), 0
    while place < len(data) - 2:
        width = 1 if data[place] < 0x80 else 2
        across = data[place + 1 : place + 3].decode("gbk", "ignore") if width == 2 and data[place + 2] > 0x80 else ""
        if across in known:
            found[across] += 1
        place += width
    return chance.sample(sorted(found), min(8, len(found)))
