"""Whether two readings of a page say the same: what they are compared by, and what a finer date adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f"))
_BLANKS = re.compile(r"\s+")
_BLANK_BETWEEN = re.compile(r"(?<=[0-9]) (?=[0-9])")
_NAMED = {"year": 4, "month": 7, "day": 10, "minute": 16}
"""By precision, how many characters of an ISO date the page itself has named."""


def narrow(text: str) -> str:
    """Full-width signs and blanks as ASCII has them, one character for one; nothing else is changed.

    >>> narrow("（１２．５％）"), narrow("10²")
    ('(12.5%)', '10²')
    """
    return text.translate(_NARROW)


def essence(text: str | None) -> str:
    r"""A text without widths, blanks, breaks and invisible characters: what a new version has otherwise.

    >>> essence("ＧＤＰ增长 12．5％，\n 创\u200b新高。") == essence("GDP增长12.5%,创新高。")
    True

    A blank between two figures stays: 1 250 and 12 50 are two rows.

    >>> essence("12  50"), essence("12.5") == essence("1.25"), essence(None)
    ('12 50', False, '')
    """
    text = _BLANKS.sub(" ", narrow(text or "").translate(_INVISIBLE)).strip()
    kept = _BLANK_BETWEEN.sub("\x00", text)
    return kept.replace(" ", "").replace("\x00", " ")


def same(former: Mapping[str, Any], row: Mapping[str, Any], columns: Iterable[str]) -> bool:
    """Whether two rows of `articles` have the same in these columns, but for layout and a date told less exactly.

    A character, a figure, a comma, an author more is another version.

    >>> text, date = {"text": "增长12.5%。"}, {"published": "2024-09-04T00:00:00+08:00", "published_precision": "day"}
    >>> exact = {"published": "2024-09-04T08:05:00+08:00", "published_precision": "minute"}
    >>> same(text | date, {"text": "增长 12.5％。"} | exact, ("text", "published"))
    True
    >>> same(text, {"text": "增长15.2%。"}, ("text",))
    False
    """
    return all(
        same_date(former, row) if column == "published" else _as_text(former[column]) == _as_text(row[column])
        for column in columns
    )


def same_captions(former: Iterable[str | None], captions: Iterable[str | None]) -> bool:
    """Whether two readings have as many pictures, with the same captions but for layout."""
    return [essence(each) for each in former] == [essence(each) for each in captions]


def same_date(former: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether two dates of publication agree as far as both are told: a day, and a minute of that day, do."""
    before, after = former.get("published"), row.get("published")
    if before is None or after is None:
        return before is after
    length = min(_named(former), _named(row))
    return str(before)[:length] == str(after)[:length]


def finer_date(former: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns in which an unchanged article takes the date of a reading that tells it more exactly.

    A site that begins to print minutes has changed no article, but who was first is decided by them. As the text is
    proved by another page, the evidence names this one.
    """
    if former["published"] is None or not same_date(former, row) or _named(row) <= _named(former):
        return {}
    evidence = f"{row['published_evidence']} (page {row['page_id']})"
    return {
        "published": row["published"],
        "published_precision": row["published_precision"],
        "published_evidence": evidence,
    }


def shown_date(row: Mapping[str, Any]) -> str:
    """The date of publication, as exactly as the page tells it; empty where it does not.

    >>> shown_date({"published": "2024-09-04T00:00:00+08:00", "published_precision": "month"})
    '2024-09'
    """
    return str(row.get("published") or "")[: _named(row)].replace("T", " ")


def _named(row: Mapping[str, Any]) -> int:
    return _NAMED.get(row.get("published_precision") or "", _NAMED["minute"])


def _as_text(value: Any) -> str:
    return essence(value if value is None or isinstance(value, str) else str(value))
