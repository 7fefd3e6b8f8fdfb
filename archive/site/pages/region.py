"""`/-/region/CODE`: the news of a division or zone, of what lies in it, and what only mentions it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Request, Response

from archive import regions
from archive.site.closed import seen
from archive.site.language import Words, language_of
from archive.site.newest import stories
from archive.site.places import lineage, within
from archive.site.rendering import admit, page, read, rows
from archive.site.timeline import by_month, last_month, searching, timeline

if TYPE_CHECKING:
    from datasette.app import Datasette


async def region(request: Request, datasette: Datasette) -> Response:
    """The page of a region. Raises NotFound for a code that the table does not have."""
    await admit(datasette, request)
    code = unquote(request.url_vars["code"])
    if code not in regions.table():
        raise NotFound(f"no region {code[:20]}")
    found = await read(datasette, lambda connection: facts(connection, code))
    if not await seen(datasette, request, "article_regions"):
        found["mentioning"] = None
    t = Words(language_of(request))
    name = regions.name_of(code)
    label, link = t("region.months_label", name=name), searching(datasette, region=code)
    line = timeline(found["months"], link, t, label=label, until=found["until"])
    shown = {
        "own": True,
        "code": code,
        "region": regions.table()[code],
        "name": name,
        "lineage": lineage(code),
        "line": line,
    }
    return await page(datasette, request, "region.html", shown | found)


def facts(connection: sqlite3.Connection, code: str) -> dict[str, Any]:
    """What the archive tells of a region."""
    inside = within(code)
    below = parts(connection, code)
    months = by_month(connection, "region", *inside)
    sources = rows(
        connection,
        "select id, name, coalesce(sum(articles), 0) as articles from sources left join tallies on kind = 'source'"
        " and key = id where region between ? and ? group by id order by articles desc, name",
        inside,
    )
    return {
        "months": months,
        "until": last_month(connection),
        "articles": sum(months.values()),
        "parts": [each for each in below if each[2]],
        "silent_parts": [each for each in below if not each[2]],
        "sources": sources,
        "newest": stories(connection, _HOME, inside),
        "mentioning": mentioning(connection, inside),
    }


_HOME = "select id from articles where region_code between ? and ? order by published desc, id desc"
_MENTIONED = "article_regions where code between ? and ?"
_ELSEWHERE = "not region between ? and ? order by day desc, id desc"
_LOOKED_UP = f"select id from search_facts where id in (select article_id from {_MENTIONED}) and {_ELSEWHERE}"  # noqa: S608
_WALKED = (
    "select id from search_facts indexed by idx_search_facts_day where exists"  # noqa: S608
    f" (select 1 from {_MENTIONED} and article_id = search_facts.id) and {_ELSEWHERE}"
)
MANY = 5_000
"""Mentions of which the newest are met sooner on a walk back in time than by sorting all of them."""


def mentioning(connection: sqlite3.Connection, inside: tuple[str, str]) -> list[dict[str, Any]]:
    """The newest stories that name a region, or what lies in it, and are at home elsewhere."""
    counted = f"select count(*) from (select 1 from {_MENTIONED} limit {MANY})"  # noqa: S608
    many = connection.execute(counted, inside).fetchone()[0] == MANY
    return stories(connection, _WALKED if many else _LOOKED_UP, inside * 2)


def parts(connection: sqlite3.Connection, code: str) -> list[tuple[str, regions.Region, int]]:
    """The divisions and zones right below a region, as they are today, with the articles at home in each."""
    counts: Counter[str] = Counter()
    query = "select key, sum(articles) from tallies where kind = 'region' and key between ? and ? group by key"
    for key, articles in connection.execute(query, within(code)):
        above = [each for each, _ in reversed(lineage(key))]
        if code in above[1:]:
            counts[above[above.index(code) - 1]] += articles
    below = [each for each in regions.table().values() if each.parent == code and each.until is None]
    return sorted(((each.code, each, counts[each.code]) for each in below), key=lambda part: (-part[2], part[0]))
