"""Every reading of an article in full, out of the current one and what `revisions` keeps of the others."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlite_utils import Database


class Reading(NamedTuple):
    """What was read of an article at one time."""

    number: int
    """1 for the first one, one more for each change; 0 and less for older pages that were imported later."""
    page_id: int
    """Row in `pages`."""
    fetched_at: str
    """When that page came in, ISO 8601, UTC."""
    fields: Mapping[str, Any]
    """The columns and the rows of the parts that were asked for."""


def readings(db: Database, article_id: int, columns: Collection[str], parts: Collection[str]) -> list[Reading]:
    """All readings of an article, oldest first, with these columns of `articles` and the rows of these further tables.

    Raises sqlite_utils.db.NotFoundError for an unknown id.
    """
    row = db.table("articles").get(article_id)
    stored = {name: _stored(db, name, article_id) for name in parts}
    found = {int(row["version"]): (int(row["page_id"]), {name: row[name] for name in columns} | stored)}
    kept = list(db.query("select * from revisions where article_id = ? order by version desc", [article_id]))
    for revision in kept:
        number, page_id, had = int(revision["version"]), int(revision["page_id"]), json.loads(revision["fields"])
        later = number + 1
        if number < 1:
            # An older page that was imported differs from the reading that was current then: one of the pages that had
            # been recorded before.
            current = {each: page for each, (page, _) in found.items() if each >= 1}
            later = max((each for each, page in current.items() if page < page_id), default=min(current))
        other = found[later][1]
        fields = {name: had.get(name, other[name]) for name in columns} | {name: had.get(name, []) for name in parts}
        found[number] = page_id, fields
    pages = {page_id for page_id, _ in found.values()}
    marks = ", ".join("?" * len(pages))
    times = dict(db.execute(f"select id, fetched_at from pages where id in ({marks})", list(pages)).fetchall())  # noqa: S608
    every = (Reading(number, page_id, times[page_id], fields) for number, (page_id, fields) in found.items())
    return sorted(every, key=lambda reading: (reading.fetched_at, reading.number))


def around(known: Sequence[Reading], fetched_at: str) -> tuple[Reading, ...]:
    """The readings before and behind a moment: what says the same as one of them is no version of its own."""
    before = [reading for reading in known if reading.fetched_at <= fetched_at]
    behind = [reading for reading in known if reading.fetched_at > fetched_at]
    return (*before[-1:], *behind[:1])


def _stored(db: Database, table: str, article_id: int) -> list[dict[str, Any]]:
    rows = db.table(table).rows_where("article_id = ?", [article_id], order_by="position")
    return [{column: row[column] for column in row if column != "article_id"} for row in rows]
