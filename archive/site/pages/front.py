"""`/`: what the archive holds, at a glance: figures, the newest, time and place, what changed or vanished."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response

from archive import regions
from archive.site.clock import china_day
from archive.site.closed import seen
from archive.site.drawing.shades import limits
from archive.site.drawing.tiles import LETTERS, Tile, places, tiles
from archive.site.kept import piece, unchanged
from archive.site.language import Words, language_of
from archive.site.newest import briefly
from archive.site.rendering import page, read
from archive.site.timeline import by_month, last_month, searching, timeline

if TYPE_CHECKING:
    from datasette.app import Datasette

NEWEST = 12
"""Stories that are listed."""
LATELY = 6
"""Articles that changed, and that vanished."""
EXAMPLES = ("招商引资 签约", "“营商环境” OR 飞地", "标题:产业园 -会议")
"""Searches to begin with."""


async def front(request: Request, datasette: Datasette) -> Response:
    """The front page. Where no archive of ours is served it is Datasette's own."""
    try:
        found = await read(datasette, lambda connection: unchanged(connection, facts))
    except NotFound:
        from datasette.views.index import IndexView  # noqa: PLC0415 - Datasette loads its plugins while it is imported

        own: Response = await IndexView(datasette).get(request)
        return own
    shown = await seen(datasette, request, *_SHOWN.values())
    found = {**found, **{name: None for name, table in _SHOWN.items() if table not in shown}}
    t = Words(language_of(request))

    async def content() -> str:
        line = timeline(found["months"], searching(datasette), t, label=t("front.months_label"), until=found["until"])
        drawn = {"examples": EXAMPLES, "line": line, "map": china(datasette, found["provinces"], t)}
        made: str = await datasette.render_template("_front.html", {**found, **drawn}, request=request)
        return made

    made_of = (t.language, datasette.setting("base_url"), json.dumps(found))
    return await page(datasette, request, "front.html", {"own": True, "content": await piece(made_of, content)})


_SHOWN = {"crawl": "runs", "stories": "stories", "changed": "revisions"}
"""What the page tells out of other tables than those of articles and sources."""


def china(datasette: Datasette, counts: dict[str, int], t: Words) -> Any:
    """The map: the tallies by province."""
    drawn = {
        code: Tile(
            regions.table()[code].short[0] if t.language == "zh" else LETTERS[code],
            counts.get(code, 0),
            t("charts.bar", n=counts.get(code, 0), period=t(f"province.{code}")),
            str(datasette.urls.path(f"/-/region/{code}")),
        )
        for code in places()
    }
    return tiles(drawn, limits(counts.values()), label=t("front.map_label"))


def facts(connection: sqlite3.Connection) -> dict[str, Any]:
    """What the front page tells, out of tallies and indexes alone: none of it reads all articles."""
    months = by_month(connection, "source")
    [(stories, first, last)] = connection.execute(
        "select (select count(*) from stories), (select substr(min(published), 1, 10) from articles),"
        " (select substr(max(published), 1, 10) from articles)"
    ).fetchall()
    [(sources,)] = connection.execute("select count(distinct key) from tallies where kind = 'source'").fetchall()
    provinces = "select key, sum(articles) from tallies where kind = 'province' group by key"
    homes = dict(connection.execute(provinces).fetchall())
    articles = sum(months.values())
    return {
        "articles": articles,
        "stories": stories,
        "sources": sources,
        "first": first,
        "last": last,
        "months": months,
        "until": last_month(connection),
        "provinces": homes,
        "nowhere": articles - sum(homes.values()),
        "crawl": last_crawl(connection),
        "newest": newest(connection),
        "changed": _lately(connection, "select article_id, superseded_at from revisions order by superseded_at desc"),
        "gone": _lately(
            connection, "select id, gone_at from articles where gone_at is not null order by gone_at desc, id"
        ),
    }


def newest(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The stories that were published last, each as its best copy, with the day when it first came out."""
    query = (
        "select best_id, day from stories left join search_facts on search_facts.id = first_id"
        " where best_id is not null order by first_published desc limit ?"
    )
    days = dict(connection.execute(query, [NEWEST]).fetchall())
    return [{**item, "day": days[item["id"]] or item["day"]} for item in briefly(connection, list(days))]


def last_crawl(connection: sqlite3.Connection) -> dict[str, Any] | None:
    """What the runs of the last day brought on which there were any, a day of China."""
    query = (
        "select source, coalesce(sources.name, source), started, reason, pages, new, changed, dropped, errors, finding"
        " from runs left join sources on sources.id = source order by runs.id desc"
    )
    ran: list[dict[str, Any]] = []
    for values in connection.execute(query):
        row = dict(zip(_RUN, values, strict=True))
        if ran and china_day(row["started"]) != china_day(ran[0]["started"]):
            break
        ran.append(row)
    if not ran:
        return None
    sums = {name: sum(row[name] or 0 for row in ran) for name in ("pages", "new", "changed", "dropped", "errors")}
    return {
        "day": china_day(ran[0]["started"]),
        "sources": len({row["source"] for row in ran}),
        "running": sum(row["reason"] is None for row in ran),
        "unfinished": [row for row in ran if row["reason"] not in (None, "finished")],
        "findings": [row for row in ran if row["finding"]],
        **sums,
    }


_RUN = ("source", "name", "started", "reason", "pages", "new", "changed", "dropped", "errors", "finding")


def _lately(connection: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    """The articles of a query, each once, with the day `at` that it tells."""
    moments: dict[int, str] = {}
    for article_id, moment in connection.execute(f"{query} limit 200"):
        moments.setdefault(article_id, moment)
    wanted = list(moments)[:LATELY]
    return [{**item, "at": china_day(moments[item["id"]])} for item in briefly(connection, wanted)]
