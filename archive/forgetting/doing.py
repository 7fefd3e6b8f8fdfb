"""Forget what was found. Killed at any moment and done again, it comes to the same.

First the rows in `forgotten`, with all that is to be overwritten; then the WARC records, then the database, then the
account of the run in a WARC file of its own, by which an archive that is made again knows of it.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive import account, runs, tearing
from archive.article import RecordPlace, iso_utc
from archive.canonical import key
from archive.database import ArchiveError, delete
from archive.forgetting import tombstone
from archive.forgetting.finding import Found
from archive.warc import WarcFile
from archive.writing import writing

SOURCE = "forget"
"""What the runs in which something is forgotten are counted to."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """A run in which something is forgotten."""

    run_id: int
    at: datetime
    """When it was begun, which is when all of it was forgotten."""


def begin(db: Database, found: Found, reason: str, at: datetime) -> Forgetting:
    """Enter what is to be forgotten: from then on it does not come in again, and `unfinished` knows of it."""
    for path in found.torn:
        path.unlink(missing_ok=True)
    run_id = runs.begin(db, SOURCE, at)
    of_key = {key(article["url"]): article["id"] for article in found.articles}
    # A power failure may not lose what the WARC files have lost already.
    db.execute("pragma synchronous = full")
    with writing(db):
        for address_key, url in found.addresses.items():
            places = found.places.get(address_key, [])
            row = {
                "address_key": address_key,
                "url": url,
                "reason": reason,
                "forgotten_at": iso_utc(at),
                "article_id": of_key.get(address_key) or _article_of(db, address_key),
                "records": len(places),
                "barred": int(address_key not in found.lists),
                "run_id": run_id,
                "places": json.dumps(places),
            }
            db.table("forgotten").insert(row, replace=True)
    db.execute("pragma synchronous = normal")
    return Forgetting(run_id, at)


def unfinished(db: Database) -> list[Forgetting]:
    """The runs that did not come to their end."""
    rows = db.execute("select distinct run_id, forgotten_at from forgotten where places is not null order by run_id")
    return [Forgetting(run_id, datetime.fromisoformat(at)) for run_id, at in rows.fetchall()]


def finish(db: Database, folder: Path, forgetting: Forgetting, now: datetime) -> None:
    """Do what is left to do of a run; `folder` is that of the WARC files.

    Raises ArchiveError where the database cannot be cleaned to its last byte, and OSError.
    """
    places = overwrite(db, folder, forgetting)
    of_run = [forgetting.run_id]
    rows = db.execute("select address_key, barred from forgotten where run_id = ? and places is not null", of_run)
    keys = dict(rows.fetchall())
    _remove(db, [address_key for address_key, barred in keys.items() if barred], places)
    _clean(db)
    said = f"forgotten: addresses {len(keys)}, WARC records {len(places)}"
    counts = dict.fromkeys(("pages", "new", "changed", "unchanged", "dropped", "errors"), 0)
    runs.finish(db, forgetting.run_id, now, "finished", counts, said, {})
    _write_account(db, folder, forgetting)
    with writing(db):
        db.execute("update forgotten set places = null where run_id = ?", of_run)


def overwrite(db: Database, folder: Path, forgetting: Forgetting) -> list[RecordPlace]:
    """Put tombstones over the records of a run that did not come to its end; where they stand.

    Enough by itself for whoever is about to look for torn records. Raises OSError.
    """
    query = "select places from forgotten where run_id = ? and places is not null"
    rows = db.execute(query, [forgetting.run_id]).fetchall()
    places = [RecordPlace(*place) for (stored,) in rows for place in json.loads(stored)]
    tombstone.overwrite(folder, places, forgetting.at)
    return places


def _article_of(db: Database, address_key: str) -> int | None:
    """The article that an address leads to."""
    query = (
        "select article_id from addresses where address_key = :key and article_id is not null"
        " union all select article_id from visits where key = :key and article_id is not null limit 1"
    )
    row = db.execute(query, {"key": address_key}).fetchone()
    return int(row[0]) if row else None


def _remove(db: Database, keys: list[str], places: list[RecordPlace]) -> None:
    """Take articles, pages and visits out of the database; their stories are told anew."""
    db.execute("pragma secure_delete = on")
    given: dict[str, Any] = {"keys": json.dumps(keys), "places": json.dumps(places)}
    of_keys = "in (select value from json_each(:keys))"
    of_places = (
        "in (select id from pages where (warc_file, warc_offset) in"
        " (select value ->> 0, value ->> 1 from json_each(:places)))"
    )
    with writing(db):
        articles = db.execute(f"select id from articles where address_key {of_keys} order by id", given)  # noqa: S608
        for (article_id,) in articles.fetchall():
            delete(db, article_id)
        db.execute(f"delete from visits where key {of_keys}", given)  # noqa: S608
        # What led on to it, or told that another address is missing, is no page any more.
        for column in ("page_id", "first_miss_id", "last_miss_id"):
            db.execute(f"update visits set {column} = null where {column} {of_places}", given)  # noqa: S608
        db.execute(f"delete from pages where id {of_places}", given)  # noqa: S608


def _clean(db: Database) -> None:
    """Let nothing of what was deleted stand in the bytes of the database, or of the log beside it.

    The index keeps words until it is merged; pages that were freed by earlier releases, or moved by a crawl, keep what
    they held until they are written anew.
    """
    try:
        db.execute("insert into articles_fts(articles_fts) values ('optimize')")
        db.conn.commit()
        db.execute("vacuum")
        busy = db.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    except sqlite3.Error as error:
        raise ArchiveError(f"archive.db could not be cleaned: {error}; {_CURE}") from error
    if busy:
        raise ArchiveError(f"archive.db could not be cleaned: somebody is reading an older state of it; {_CURE}")


_CURE = "make room for a copy of it, stop who reads it, and forget the same again"


def _write_account(db: Database, folder: Path, forgetting: Forgetting) -> None:
    """Write the WARC file of a run, unless it is there."""
    for path in folder.glob(f"*-{forgetting.run_id:06}-*-{SOURCE}.warc.gz"):
        members, end = tearing.members(path)
        if len(members) > 1 and end == path.stat().st_size:
            db.table("runs").update(forgetting.run_id, {"accounted": 1})
            return
        # Nothing but half an account of ours is in it.
        path.unlink()
    name = f"{forgetting.at:%Y%m%dT%H%M%SZ}-{forgetting.run_id:06}-{{serial:05}}-{SOURCE}"
    info = {"isPartOf": account.address(forgetting.run_id), "description": "what was forgotten"}
    file = WarcFile(folder, name, info=info)
    try:
        account.write(db, forgetting.run_id, file, forgetting.at)
    finally:
        file.close()
