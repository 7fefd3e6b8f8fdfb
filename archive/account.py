"""The account of a run: what the archive knows of it that its pages do not tell by themselves.

It stands in the run's WARC files, in `metadata` records of JSON at their end, so that `archive.db` can be made again
out of them alone: ids under which pages and articles are cited, what was asked for and missed, what the run was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.warc import WarcFile

CONTENT_TYPE = "application/vnd.zhaoshang.account+json"
"""Content-Type of the records."""
FORMAT = 1
AT_ONCE = 5_000
"""Rows in a record."""

_TOUCHED = (
    "select article_id from pages where run_id = :run and article_id is not null"
    " union select article_id from visits where source = :source and last_asked >= :started and article_id is not null"
    # What was forgotten in the run, and what is in the stories that it was in.
    " union select article_id from forgotten where run_id = :run and article_id is not null"
    " union select articles.id from forgotten join story_changes as change using (article_id)"
    " join articles on articles.story_id in (change.story_id, change.other_id) where forgotten.run_id = :run"
)
_ROWS = {
    "sources": "select * from sources where id = :source or id in"  # noqa: S608
    f" (select source from articles where id in ({_TOUCHED})) order by id",
    "imports": "select * from imports where run_id = :run order by id",
    "articles": "select id, url, story_id, first_fetched, last_fetched, gone_at, gone_evidence from articles"  # noqa: S608
    f" where id in ({_TOUCHED}) order by id",
    "pages": "select * from pages where run_id = :run order by id",
    "visits": f"select * from visits where source = :source and last_asked >= :started or article_id in ({_TOUCHED})",  # noqa: S608
    "addresses": "select addresses.* from addresses join pages on pages.id = page_id where run_id = :run",
    "story_changes": f"select * from story_changes where article_id in ({_TOUCHED}) or at >= :started order by id",  # noqa: S608
    "issues": "select * from issues where run_id = :run",
    "forgotten": "select address_key, url, reason, forgotten_at, article_id, records, barred, run_id from forgotten"
    " where run_id = :run",
}
"""By table, the rows of an account beside that of the run."""


def address(run_id: int) -> str:
    """What the records of an account name as their WARC-Target-URI.

    >>> address(7)
    'urn:zhaoshang:run:7'
    """
    return f"urn:zhaoshang:run:{run_id}"


def write(db: Database, run_id: int, file: WarcFile, at: datetime) -> None:
    """Write the account of a run that has ended, or was killed, at the end of a WARC file."""
    for part in account(db, run_id):
        body = json.dumps(part, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        file.metadata(address(run_id), at, CONTENT_TYPE, body)
    db.table("runs").update(run_id, {"accounted": 1})


def missing(db: Database, source: str, before: int) -> list[int]:
    """The runs of a source before another one that have no account: they were killed."""
    query = (
        "select id from runs where source = ? and id < ? and accounted is null and reason is not null and id in"
        " (select run_id from pages) order by id"
    )
    return [int(row[0]) for row in db.execute(query, [source, before]).fetchall()]


def account(db: Database, run_id: int) -> Iterator[dict[str, Any]]:
    """The parts of an account, each with rows by the name of their table, in an order in which they can be entered."""
    run = dict(db.table("runs").get(run_id), accounted=1)
    of_it = {"run": run_id, "source": run["source"], "started": run["started"]}
    part: dict[str, Any] = {"format": FORMAT, "runs": [run]}
    number = 1
    for table, query in _ROWS.items():
        for row in db.query(query, of_it):
            part.setdefault(table, []).append(row)
            number += 1
            if number % AT_ONCE == 0:
                yield part
                part = {"format": FORMAT}
    yield part
