"""Every reading of an article in full, out of the current one and what `revisions` keeps of the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlite_utils import Database

PARTS = {
    "images": "images", "attachments": "attachments", "article_regions": "mentions", "repairs": "repairs",
}  # fmt: skip
"""Tables with a row for each part of an article, and its fields that hold the parts."""

COMPARED = (
    "kicker", "title", "subtitle", "original_title", "text", "published", "authors", "editor", "origin", "origin_via",
    "section",
)  # fmt: skip
"""The columns whose change makes a new version of an article; so does a picture more or less."""

DEPENDENT = (
    "published_precision", "published_evidence", "byline", "raw_date", "raw_origin", "script", "reading", "charset",
    "damage", "roles", "keywords", "speakers", "provenance", "region_code", "region_evidence",
)  # fmt: skip
"""What a revision keeps beside these."""

COLUMNS = COMPARED + DEPENDENT
"""The columns of `articles` that make a reading."""


class Reading(NamedTuple):
    """What was read of an article at one time."""

    number: int
    """1 for the oldest one, one more for each change; 0 and less where an earlier release imported older pages."""
    page_id: int
    """Row in `pages`: the first page that said so."""
    fetched_at: str
    """When that page came in, ISO 8601, UTC."""
    fields: Mapping[str, Any]
    """The columns of `articles`, and by the names of PARTS their rows."""


def readings(db: Database, article_id: int) -> list[Reading]:
    """All readings of an article, oldest first; the last one is the current one.

    Raises sqlite_utils.db.NotFoundError for an unknown id.
    """
    row = db.table("articles").get(article_id)
    version = int(row["version"])
    current = {name: row[name] for name in COLUMNS} | {name: stored(db, name, article_id) for name in PARTS}
    found: dict[int, tuple[int, Mapping[str, Any]]] = {version: (int(row["page_id"]), current)}
    for revision in db.query("select * from revisions where article_id = ? order by version desc", [article_id]):
        number, page_id, had = int(revision["version"]), int(revision["page_id"]), json.loads(revision["fields"])
        later = number + 1
        if number < 1:
            # An older page, imported by an earlier release, differs from the reading that was current then: one of the
            # pages that had been recorded before.
            then = {each: page for each, (page, _) in found.items() if each >= 1}
            later = max((each for each, page in then.items() if page < page_id), default=min(then))
        other = found[later][1]
        fields = {name: had.get(name, other[name]) for name in COLUMNS} | {name: had.get(name, []) for name in PARTS}
        found[number] = page_id, fields
    times = _times(db, {page_id for page_id, _ in found.values()})
    every = [Reading(number, page_id, times[page_id], fields) for number, (page_id, fields) in found.items()]
    *former, last = sorted(every, key=lambda reading: (reading.fetched_at, reading.number))
    if last.number != version:
        # The text was read again behind a page that was imported later, by an earlier release or without a record.
        begun = next(reading for reading in every if reading.number == version)
        if sum(reading.page_id == begun.page_id for reading in every) > 1:
            former.remove(begun)
        return [*former, last, begun._replace(fetched_at=row["last_fetched"])]
    return [*former, last]


def read_again(db: Database, article_id: int, after: str, before: str | None) -> tuple[int, str] | None:
    """The first page between two moments that an article was read from: its id, and when it came in."""
    row = db.execute(
        "select id, fetched_at from pages where article_id = ? and fetched_at > ? and fetched_at < coalesce(?, 'Z')"
        " order by fetched_at, id limit 1",
        [article_id, after, before],
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def stored(db: Database, table: str, article_id: int) -> list[dict[str, Any]]:
    """The rows of a part of an article, without its id."""
    rows = db.table(table).rows_where("article_id = ?", [article_id], order_by="position")
    return [{column: row[column] for column in row if column != "article_id"} for row in rows]


def _times(db: Database, pages: set[int]) -> dict[int, str]:
    marks = ", ".join("?" * len(pages))
    return dict(db.execute(f"select id, fetched_at from pages where id in ({marks})", list(pages)).fetchall())  # noqa: S608
