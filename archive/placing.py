"""A further reading of an article, put in its place in time among those there are.

A version is what the first page that said so was read as, and versions are numbered in order of time: an archive is the
same in whatever order pages came in. `pages.article_id` keeps which further pages said the same, so that an older page
with another text, imported later, leaves the text that was read again behind it a version of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from archive.readings import COLUMNS, COMPARED, PARTS, Reading, read_again, readings, stored
from archive.sameness import finer_date, same, same_captions
from archive.stories import content_digest, joining, members
from archive.told import told

Row = dict[str, Any]
Parts = dict[str, list[Row]]
"""By table, the rows of an article's parts, without its id."""


def place(db: Database, former: Row, row: Row, parts: Parts) -> tuple[int, str]:
    """Store a further reading of an article, given its rows before and now.

    The article's version, and what storing it was: `changed` where there is one version more, or `unchanged`. To be
    called inside a transaction.
    """
    times = {
        "first_fetched": min(former["first_fetched"], row["first_fetched"]),
        "last_fetched": max(former["last_fetched"], row["last_fetched"]),
    }
    mine = _reading(row, parts)
    current = _reading(former, {table: stored(db, table, former["id"]) for table in PARTS})
    if row["last_fetched"] >= former["last_fetched"] and _same(current, mine) and not told(current.fields, mine.fields):
        # The same text is as damaged as it was, unless a migration, or an earlier release, counted otherwise.
        _update(db, former, times | {"damage": row["damage"], **finer_date(former, row)})
        return int(former["version"]), "unchanged"
    known, is_version = _placed(db, former, mine)
    # An article belongs to the source that found it, whatever else its page is read for later.
    _write(db, former, current, known, times)
    return len(known), "changed" if is_version else "unchanged"


def save_parts(db: Database, article_id: int, parts: Parts) -> None:
    """Write the parts of an article anew."""
    for table, rows in parts.items():
        db.table(table).delete_where("article_id = ?", [article_id])
        db.table(table).insert_all({"article_id": article_id, **row} for row in rows)


def _placed(db: Database, former: Row, mine: Reading) -> tuple[list[Reading], bool]:
    """The readings of an article with one more among them, and whether that is a version of its own."""
    known = readings(db, former["id"])
    mine = reduce(_told_by, reversed(known), mine)
    known = [_told_by(each, mine) for each in known]
    index = sum(each.fetched_at <= mine.fetched_at for each in known)
    before, behind = known[:index][-1:], known[index:][:1]
    if before and _same(before[0], mine):
        known[index - 1] = _completed(before[0], mine)
        return known, False
    again = _again(db, former, mine.fetched_at, before[0], behind) if before else []
    if behind and not again and _same(behind[0], mine):
        known[index] = _completed(mine, behind[0])
        return known, False
    known[index:index] = [mine, *again]
    return known, True


def _again(db: Database, former: Row, at: str, before: Reading, behind: Sequence[Reading]) -> list[Reading]:
    """The text before a moment as it was read again after it, if it was before the next one came."""
    page = read_again(db, former["id"], at, behind[0].fetched_at if behind else None)
    if page is None and not behind and at < former["last_fetched"]:
        # Earlier releases did not keep which page it was.
        page = before.page_id, former["last_fetched"]
    return [before._replace(page_id=page[0], fetched_at=page[1])] if page else []


def _write(db: Database, former: Row, current: Reading, known: Sequence[Reading], times: Row) -> None:
    """Store all readings of an article, oldest first; the last one becomes the current one."""
    numbered = [each._replace(number=number) for number, each in enumerate(known, 1)]
    db.table("revisions").delete_where("article_id = ?", [former["id"]])
    db.table("revisions").insert_all(_revision(former["id"], each, later) for each, later in pairwise(numbered))
    last = numbered[-1]
    row = {name: last.fields[name] for name in COLUMNS} | {"page_id": last.page_id, "version": last.number} | times
    reworded = content_digest(former["title"], former["text"]) != content_digest(row["title"], row["text"])
    left = joining.leave(db, former["id"]) if reworded else None
    parts = {table: last.fields[table] for table in PARTS}
    if any(rows != current.fields[table] for table, rows in parts.items()):
        save_parts(db, former["id"], parts)
    if reworded:
        db.table("articles").update(former["id"], row)
        joining.join(db, former["id"], formerly=left)
    else:
        _update(db, former, row)


def _update(db: Database, former: Row, row: Row) -> None:
    db.table("articles").update(former["id"], row)
    # When it last came in says nothing of which copy is best, or was first.
    if any(former[column] != value for column, value in row.items() if column != "last_fetched"):
        members.tell(db, former["story_id"])


def _revision(article_id: int, reading: Reading, later: Reading) -> Row:
    """What a reading has otherwise than the next one, and its parts.

    With its repairs its text can still be given back as the page had it.
    """
    fields = {name: reading.fields[name] for name in COLUMNS if reading.fields[name] != later.fields[name]}
    parts = {name: rows for name in PARTS if (rows := reading.fields[name])}
    return {
        "article_id": article_id,
        "version": reading.number,
        "page_id": reading.page_id,
        "superseded_at": later.fetched_at,
        "fields": json.dumps(fields | parts, ensure_ascii=False),
    }


def _reading(row: Row, parts: Parts) -> Reading:
    """A row of `articles` as a reading."""
    fields = {name: row[name] for name in COLUMNS} | parts
    return Reading(row["version"], row["page_id"], row["last_fetched"], fields)


def _same(one: Reading, other: Reading) -> bool:
    filled, others = _told_by(one, other).fields, _told_by(other, one).fields
    return same_captions(_captions(filled["images"]), _captions(others["images"])) and same(filled, others, COMPARED)


def _captions(images: Iterable[Row]) -> list[str | None]:
    """What is compared of pictures: how many, and their captions. Their addresses change with every server."""
    return [image["caption"] for image in images]


def _told_by(reading: Reading, other: Reading) -> Reading:
    return reading._replace(fields={**reading.fields, **told(reading.fields, other.fields)})


def _completed(reading: Reading, other: Reading) -> Reading:
    """A reading with what another one of the same text tells more of it."""
    fields = _told_by(reading, other).fields
    return reading._replace(fields={**fields, **finer_date(fields, {**other.fields, "page_id": other.page_id})})
