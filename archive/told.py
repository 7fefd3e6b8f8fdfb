"""What only a list told of an article: it goes for each reading of its page that does not say it itself.

A page may be read with its list or without, in either order, out of WARC files that hold no list any more. It has not
changed for that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archive.sameness import same_date

TOLD = ("list", "feed", "news sitemap")
"""Rules of fields that were told by what led to an article, which need not be there when its page is read again."""

_COLUMNS = {
    "title": ("title",),
    "raw_date": ("raw_date", "published", "published_precision", "published_evidence"),
    "raw_byline": ("byline", "authors", "roles"),
}
"""By field, the columns of `articles` that are made of it, the raw one first."""


def told(row: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are open in one reading of an article and were told of another by a list.

    >>> alone = {"title": None, "raw_date": "2024-09-04", "section": None, "provenance": '{"raw_date": "meta"}'}
    >>> told(alone, {"title": "签约", "section": None, "provenance": '{"title": "list", "raw_date": "list"}'})
    {'title': '签约', 'provenance': '{"raw_date": "meta", "title": "list"}'}
    """
    rules, others = json.loads(row["provenance"] or "{}"), json.loads(other["provenance"] or "{}")
    names = [
        name
        for name, columns in _COLUMNS.items()
        if others.get(name) in TOLD and (not row[columns[0]] or (name == "raw_date" and _by_address(row, rules, other)))
    ]
    found = {column: other[column] for name in names for column in _COLUMNS[name]}
    if names:
        found["provenance"] = json.dumps(rules | {name: others[name] for name in names}, ensure_ascii=False)
    # The newspaper page, which an article may not name itself, has no rule.
    if not row["section"] and other["section"] and "section" not in others:
        found["section"] = other["section"]
    return found


def _by_address(row: Mapping[str, Any], rules: Mapping[str, str], other: Mapping[str, Any]) -> bool:
    """Whether a date was told by the address alone, and a list tells the same day."""
    return rules.get("raw_date", "").startswith("address") and same_date(row, other)
