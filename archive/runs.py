"""Every crawl and every import is a row in `runs`, begun before its first page and finished with what it brought."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.article import iso_utc
from archive.stories import members
from archive.writing import writing


def begin(db: Database, source: str, started: datetime) -> int:
    """Enter a run; its id. Earlier runs of the source that never ended are marked as killed.

    The row outlasts a power failure: WARC files are named by the id, and no other run may be given it.
    """
    db.execute("pragma synchronous = full")
    db.execute("update runs set reason = 'killed' where source = ? and reason is null", [source])
    row = db.execute("insert into runs(source, started) values (?, ?) returning id", [source, iso_utc(started)])
    run_id = int(row.fetchone()[0])
    db.conn.commit()
    db.execute("pragma synchronous = normal")
    return run_id


def finish(
    db: Database,
    run_id: int,
    finished: datetime,
    reason: str,
    counts: Mapping[str, int],
    finding: str | None,
    stats: Mapping[str, Any],
) -> None:
    """Complete a run: Scrapy's finish reason, the counts by column, what was not as expected, all of Scrapy's stats."""
    db.table("runs").update(
        run_id,
        {
            "finished": iso_utc(finished),
            "reason": reason,
            "finding": finding,
            "stats": json.dumps(stats, ensure_ascii=False, default=str, sort_keys=True),
            **counts,
        },
    )


KNOWN = ("again/not_due", "again/complete_issues")
"""Stats of what a run found where it was and had no need to ask for, since an earlier one had brought it."""


def known(stats: Mapping[str, Any]) -> int:
    """How much a run found that an earlier one had brought, articles and issues of e-papers.

    >>> known({"again/not_due": 20, "again/complete_issues": 1, "again/rechecked": 3})
    21
    """
    return sum(int(stats.get(key) or 0) for key in KNOWN)


def last_finished(db: Database) -> dict[str, str]:
    """When each source was last crawled in full and showed articles: a visit in vain has to be made again."""
    rows = db.query(
        "select source, started, new + changed + unchanged as brought, stats from runs where reason = 'finished'"
        " and not coalesce(json_extract(stats, '$.\"run/partial\"'), 0) order by started"
    )
    return {row["source"]: row["started"] for row in rows if row["brought"] or known(json.loads(row["stats"]))}


def last_whole(db: Database, source: str) -> str | None:
    """When the last run of a source began, if it left nothing out behind what it saw; None otherwise.

    A run that was stopped, cut short by --limit or --since, or missed a list, leaves articles behind that no list of
    newer ones leads to.
    """
    query = "select * from runs where source = ? and reason is not null order by id desc limit 1"
    row = next(db.query(query, [source]), None)
    if row is None or row["reason"] != "finished":
        return None
    stats = json.loads(row["stats"] or "{}")
    left = stats.get("run/partial") or stats.get("again/lists_missing")
    brought = row["new"] + row["changed"] + row["unchanged"] + known(stats)
    return None if left or not brought else row["started"]


def last_begun(db: Database, source: str) -> str | None:
    """When the last run of a source began, by the clock of that time."""
    row = db.execute("select started from runs where source = ? order by id desc limit 1", [source]).fetchone()
    return str(row[0]) if row else None


def enter_source(db: Database, row: Mapping[str, Any]) -> None:
    """Keep what the registry says of a source beside its articles: readers of the archive have no registry.

    Where its name is another than before, its stories are told anew: names tell who took an article from whom.
    """
    with writing(db):
        former = db.execute("select name from sources where id = ?", [row["id"]]).fetchone()
        db.table("sources").upsert(dict(row), pk="id")
        if former != (row["name"],):
            stories = db.execute(
                "select distinct story_id from articles where source = ? and story_id is not null", [row["id"]]
            )
            for (story_id,) in stories.fetchall():
                members.tell(db, story_id)
