"""Every crawl and every import is a row in `runs`, begun before its first page and finished with what it brought."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.article import iso_utc


def begin(db: Database, source: str, started: datetime) -> int:
    """Enter a run; its id. Earlier runs of the source that never ended are marked as killed."""
    db.execute("update runs set reason = 'killed' where source = ? and reason is null", [source])
    row = db.execute("insert into runs(source, started) values (?, ?) returning id", [source, iso_utc(started)])
    run_id = int(row.fetchone()[0])
    db.conn.commit()
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


def last_finished(db: Database) -> dict[str, str]:
    """When each source was last crawled in full and brought articles: a visit in vain has to be made again."""
    rows = db.query(
        "select source, max(started) as started from runs where reason = 'finished' and new + changed + unchanged > 0"
        " and not coalesce(json_extract(stats, '$.\"run/partial\"'), 0) group by source"
    )
    return {row["source"]: row["started"] for row in rows}


def enter_source(db: Database, row: Mapping[str, Any]) -> None:
    """Keep what the registry says of a source beside its articles: readers of the archive have no registry."""
    db.table("sources").upsert(dict(row), pk="id")
