"""What two copies of an article are compared by: its letters and digits, in one script and one width."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from archive.search.folding import fold, folding_table

# A point stays between two digits: 14.9% and 1.49% are no copies of each other.
_POINTS = re.compile(r"\.(?:(?!\d)|(?<!\d\.))")
# What the table does not reach.
_NOT_WORDS = re.compile(r"[^\w.]+|_+")
# 从荒滩到园区（上）, 园区纪事之二, 走进开发区（3）; but not 更上.
_PART = re.compile(
    r"\(\s*(?:[上中下终续]|之?[一二三四五六七八九十]{1,2}|\d{1,2})\s*\)\s*$|之[一二三四五六七八九十]{1,2}\s*$"
)


FIGURES = re.compile(r"[\d.]+")
"""Figures in words."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of an article."""

    title: str
    """Words of the headline."""
    text: str
    """Words of the text."""
    part: str = ""
    """Which part of a series the headline says it is."""

    @property
    def digest(self) -> str:
        """What two articles share that have the same headline and the same text: SHA-256, 32 hex digits."""
        both = f"{self.title}\n{self.text}"
        return hashlib.sha256(both.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@lru_cache(maxsize=256)
def wording(title: str | None, text: str) -> Wording:
    """The words of an article; where a text has none left but question marks, the text as it stands.

    >>> wording("簽約", "招商引資，成效顯著。") == wording("签约", "招商引资, 成效显著")
    True
    >>> wording(None, "增长14.9%") == wording(None, "增长1.49%")
    False
    >>> wording(None, "??????") == wording(None, "????????")
    False
    >>> wording("从荒滩到园区（上）", "").part, wording("园区纪事之二", "").part, wording("更上", "").part
    ('上', '之二', '')
    """
    part = _PART.search(fold(title or ""))
    return Wording(words(title or "") or title or "", words(text) or text, part[0].strip("() ") if part else "")


@lru_cache(maxsize=4096)
def headline(title: str | None) -> Wording:
    """The words of a headline alone."""
    return wording(title, "")


def words(text: str) -> str:
    """The folded letters and digits of a text, nothing between them but the point in a figure.

    >>> words("招商引資，成效顯著：增长14.9%。")
    '招商引资成效显着增长14.9'
    """
    found = _POINTS.sub("", text.translate(_table()))
    return found if found.replace(".", "").isalnum() else _NOT_WORDS.sub("", found)


@cache
def _table() -> list[str | None]:
    """What each character becomes, for `str.translate`: folded, or nothing where it is no letter, digit or point.

    A list takes half the time of a dictionary. Characters beyond it stay.
    """
    folding = folding_table()
    folded = (folding.get(code, chr(code)) for code in range(0x10000))
    return [char if char.isalnum() or char == "." else None for char in folded]


def without_figures(plain: str) -> str:
    """Words as they stand in every month's notice.

    >>> without_figures("1至6月增长14.9")
    '至月增长'
    """
    return FIGURES.sub("", plain)


def content_digest(title: str | None, text: str) -> str:
    """What is stored of an article's wording to find the same one by, 32 hex digits."""
    return wording(title, text).digest
