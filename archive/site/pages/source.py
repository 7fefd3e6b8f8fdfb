"""`/-/source/ID`: what is known of a source, when it was collected and what that brought."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Request, Response

from archive.site.clock import in_china
from archive.site.closed import seen
from archive.site.language import Words, language_of
from archive.site.newest import stories
from archive.site.places import lineage
from archive.site.rendering import admit, page, read, rows
from archive.site.timeline import by_month, last_month, searching, timeline

if TYPE_CHECKING:
    from datasette.app import Datasette

RUNS, ISSUES = 20, 14
"""How many of the last ones are listed."""


async def source(request: Request, datasette: Datasette) -> Response:
    """The page of a source. Raises NotFound for one that nothing was collected of."""
    await admit(datasette, request)
    wanted = unquote(request.url_vars["id"])
    found = await read(datasette, lambda connection: facts(connection, wanted))
    shown = await seen(datasette, request, *_SHOWN.values())
    found |= {name: None for name, table in _SHOWN.items() if table not in shown}
    t = Words(language_of(request))
    link = searching(datasette, source=found["id"])
    label = t("source.months_label", name=found["name"])
    line = timeline(found["months"], link, t, label=label, until=found["until"])
    return await page(datasette, request, "source.html", {"own": True, "line": line, **found})


_SHOWN = {"runs": "runs", "issues": "issues", "addresses": "visits"}
"""What the page tells out of other tables than those of articles and sources."""


def facts(connection: sqlite3.Connection, wanted: str) -> dict[str, Any]:
    """What the archive tells of a source."""
    months = by_month(connection, "source", wanted)
    known = rows(connection, "select * from sources where id = ?", [wanted])
    # An import may have brought articles of a source that the registry does not have.
    if not known and not months:
        raise NotFound(f"no source {wanted[:40]}")
    row = known[0] if known else {"id": wanted, "name": wanted, "family": None, "region": None, "start": ""}
    [marked] = rows(
        connection,
        "select coalesce(sum(damaged), 0) as damaged, coalesce(sum(changed), 0) as changed,"
        " coalesce(sum(gone), 0) as gone from search_facts where source = ?",
        [wanted],
    )
    starts = [each for each in (row["start"] or "").split() if each.startswith(("http://", "https://"))]
    return {
        **row,
        "starts": starts,
        "lineage": lineage(row["region"]),
        "months": months,
        "until": last_month(connection),
        "articles": sum(months.values()),
        "marked": marked,
        "addresses": connection.execute("select count(*) from visits where source = ?", [wanted]).fetchone()[0],
        "run_count": connection.execute("select count(*) from runs where source = ?", [wanted]).fetchone()[0],
        "runs": [_run(each) for each in rows(connection, _RUNS, [wanted, RUNS])],
        "issues": rows(connection, _ISSUES, [wanted, ISSUES]),
        "newest": stories(
            connection, "select id from articles where source = ? order by published desc, id desc", [wanted]
        ),
    }


_RUNS = (
    "select started, finished, reason, pages, new, changed, unchanged, dropped, errors, finding from runs"
    " where source = ? order by started desc, id desc limit ?"
)
_ISSUES = "select paper, day, articles from issues where source = ? order by day desc, paper limit ?"


def _run(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "started": in_china(row["started"])[:16]}
