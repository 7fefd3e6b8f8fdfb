"""What an article was at each reading of its page, and what changed from one to the next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from archive.article import RecordPlace
from archive.database import place_of
from archive.differences import Change, changes
from archive.passages import Key
from archive.readings import readings
from archive.sameness import narrow, same_date, shown_date

SHOWN = (
    "kicker", "title", "subtitle", "original_title", "published", "authors", "origin", "origin_via", "editor",
    "section", "captions", "text",
)  # fmt: skip
"""The fields whose changes are told, in this order: columns of `articles`, and the captions of its pictures."""


@dataclass(frozen=True, slots=True)
class Version:
    """One reading of an article, in full."""

    number: int
    """1 for the oldest one, one more for each change; 0 and less where an earlier release imported older pages."""
    fetched_at: str
    """When its page came in, ISO 8601, UTC."""
    page_id: int
    """Row in `pages`."""
    place: RecordPlace
    """The WARC record that proves it."""
    fields: Mapping[str, Any]
    """What was read: columns of `articles`, and the rows of its parts (`images`, `repairs` …)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one field has otherwise."""

    field: str
    """One of SHOWN."""
    changes: tuple[Change, ...]
    """Paragraph by paragraph; a field of one line is one paragraph."""


def history(db: Database, article_id: int) -> list[Version]:
    """Every version of an article, oldest first.

    Raises sqlite_utils.db.NotFoundError for an unknown id.
    """
    return [
        Version(each.number, each.fetched_at, each.page_id, place_of(db, each.page_id), each.fields)
        for each in readings(db, article_id)
    ]


def steps(versions: Sequence[Version]) -> Iterator[tuple[Version, tuple[Difference, ...]]]:
    """Each version with what it has otherwise than the one before: nothing for the first."""
    if versions:
        yield versions[0], ()
    for before, after in pairwise(versions):
        yield after, differences(before.fields, after.fields)


def differences(before: Mapping[str, Any], after: Mapping[str, Any], key: Key = narrow) -> tuple[Difference, ...]:
    """What two readings, or two rows of `articles`, have otherwise: field by field, those that are the same left out.

    Copies in two scripts are compared by `archive.search.folding.fold`.

    >>> [difference] = differences({"title": "签约12个项目"}, {"title": "签约21个项目"})
    >>> difference.field, [piece.after for piece in difference.changes[0].pieces if piece.changed]
    ('title', ['21'])
    """
    found = []
    for field in SHOWN:
        if field == "published" and same_date(before, after):
            continue
        told = changes(_text(before, field), _text(after, field), key)
        if any(change.kind != "relaid" for change in told):
            found.append(Difference(field, told))
    return tuple(found)


def _text(reading: Mapping[str, Any], field: str) -> str:
    """A field as a reader sees it, a paragraph a line."""
    if field == "captions":
        return "\n".join(image["caption"] or "" for image in reading.get("images", ()))
    if field == "published":
        return shown_date(reading)
    value = reading.get(field) or ""
    return "、".join(json.loads(value)) if field == "authors" and value else value
