"""Readings of characters: what stands between brackets behind a character, and whether it is one of its readings."""

from __future__ import annotations

import unicodedata
from functools import cache

READING = r"[a-zàáèéìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜɡḿǹ\xa0\u3000 ]{1,9}"
"""Letters of a reading with or without tone marks, and the blanks that mirrors leave in them: `(chuàng )`."""


@cache
def readings(char: str) -> frozenset[str]:
    """The readings of a character without tone marks, from pypinyin's table."""
    # The table is imported when the first annotated page comes: it takes a third of a second.
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415

    return frozenset(plain(reading) for reading in PINYIN_DICT.get(ord(char), "").split(",") if reading)


@cache
def plain(reading: str) -> str:
    """A reading without tone marks and blanks; ü is written v.

    >>> plain("cháng"), plain("lǜ"), plain("chuàng ")
    ('chang', 'lv', 'chuang')
    """
    marked = unicodedata.normalize("NFD", "".join(reading.split()).replace("ɡ", "g"))
    return "".join(char for char in marked.replace("u\u0308", "v") if not unicodedata.combining(char))


@cache
def reads_exactly(char: str, reading: str) -> bool:
    """Whether a character has a reading with just this tone, or the reading does not say its tone.

    >>> reads_exactly("遣", "qiǎn"), reads_exactly("遣", "qián"), reads_exactly("遣", "qian")
    (True, False, True)
    """
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - see `readings`

    bare = "".join(reading.split()).replace("ɡ", "g")
    return bare == plain(bare) or bare in PINYIN_DICT.get(ord(char), "").split(",")


@cache
def reads(char: str, reading: str) -> bool:
    """Whether a character has a reading, whatever its tone.

    >>> reads("長", "cháng"), reads("長", "zhang"), reads("長", "ppp")
    (True, True, False)
    """
    return bool(char) and plain(reading) in readings(char)
