"""Fold text so that 招商引資, 招商引资 and ＰＰＰ/ppp meet, one character for one, so that places stay valid."""

from __future__ import annotations

import unicodedata
from functools import cache

from opencc import OpenCC

# OpenCC's character table leaves these alone, since their simplified form depends on the word (顯著, 隨著). A search
# has to meet both writings, so both sides fold to one.
_BOTH_WAYS = {"著": "着", "瞭": "了", "藉": "借", "覆": "复", "乾": "干", "麼": "么", "妳": "你", "祂": "他"}

_HAN_RANGES = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20))


@cache
def folding_table() -> dict[int, str]:
    """What each character folds to, for `str.translate`: OpenCC's simplified character, NFKC, lower case.

    Characters that would become longer or shorter are left as they are.
    """
    table: dict[int, str] = {}
    for code in range(0x80, 0x10000):
        if 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char).lower()
        if len(folded) == 1 and folded != char:
            table[code] = folded
    table.update({code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
    han = [chr(code) for start, stop in _HAN_RANGES for code in range(start, stop)]
    normal = [table.get(ord(char), char) for char in han]
    simplified = OpenCC("t2s").convert("\n".join(normal)).split("\n")
    for char, folded in zip(han, simplified, strict=True):
        if len(folded) == 1 and folded != char:
            table[ord(char)] = folded
    table.update({ord(char): folded for char, folded in _BOTH_WAYS.items()})
    # ⾧ (a Kangxi radical) is 長 by NFKC, and 長 is 长: what was folded folds no further.
    return {code: table.get(ord(folded), folded) for code, folded in table.items()}


def fold(text: str) -> str:
    """The text as the index sees it, exactly as long as it was.

    >>> fold("ＰＰＰ模式：招商引資隨著發展")
    'ppp模式:招商引资随着发展'
    """
    return text.translate(folding_table())
