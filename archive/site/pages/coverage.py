"""`/-/coverage`: which source was collected when, so that a gap in the archive is not read as silence."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.site import periods
from archive.site.clock import china_day
from archive.site.closed import need
from archive.site.drawing.bars import ticks
from archive.site.drawing.shades import limits, ranges, shade
from archive.site.drawing.strips import Nothing, axis, strip
from archive.site.drawing.tiles import places
from archive.site.kept import unchanged
from archive.site.language import Words, language_of
from archive.site.places import province
from archive.site.rendering import admit, page, read, rows
from archive.site.timeline import last_month, searching

if TYPE_CHECKING:
    from datasette.app import Datasette


@dataclass(frozen=True, slots=True)
class Covered:
    """A source, and what is known of each month of it."""

    id: str
    name: str
    region: str | None
    """Code of where it is at home."""
    dated: Mapping[str, int]
    """Articles by month of publication, as the tallies have them."""
    crawls: Mapping[str, int]
    """Runs that fetched pages, by month, of China."""
    last: str | None
    """The day on which the last of them began, in China."""
    addresses: int
    """How many addresses of articles were asked for."""

    @property
    def articles(self) -> int:
        return sum(self.dated.values())

    def states(self, months: Sequence[str]) -> list[int | Nothing]:
        """How many articles are dated in each month; where there are none, what is known about that."""
        first = min((each for each in self.dated if len(each) == 7), default="~")
        last = max(self.crawls, default="")
        seen = self.crawls.keys() | set(map(periods.before, self.crawls))
        return [
            self.dated.get(month)
            or (Nothing.FOUND if month in seen else Nothing.SOUGHT if first < month < last else Nothing.COLLECTED)
            for month in months
        ]


async def coverage(request: Request, datasette: Datasette) -> Response:
    """`?province=CODE` leaves the sources of one province, `?year=` chooses the year of the table."""
    await admit(datasette, request)
    await need(datasette, request, "runs", "visits")
    everything, until = await read(datasette, lambda connection: unchanged(connection, facts))
    t = Words(language_of(request))
    wanted = request.args.get("province")
    wanted = wanted if wanted in places() else None
    chosen = [each for each in everything if wanted in (None, province(each.region))]
    months = span(chosen, until)
    later = sum(each.articles - sum(periods.up_to(each.dated, until).values()) for each in chosen)
    years = sorted({month[:4] for month in months}, reverse=True)
    asked = request.args.get("year")
    year = asked if asked in years else next(iter(years), None)
    least = limits(count for each in chosen for month, count in each.dated.items() if len(month) == 7)
    januaries = [place for place, month in enumerate(months) if month.endswith("-01")]
    shown = [
        {
            "source": each,
            "strip": strip(
                [state if isinstance(state, Nothing) else shade(state, least) or 0 for state in states],
                [month in each.crawls for month in months],
                januaries,
                label=_told(each, states, t),
            ),
            "cells": _cells(datasette, each, year),
        }
        for each in chosen
        for states in [each.states(months)]
    ]
    context = {
        "own": True,
        "shown": shown,
        "axis": axis(ticks(months, len(months), 5), len(months)) if months else "",
        "legend": ranges(least),
        "span": (months[0], months[-1]) if months else None,
        "later": later,
        "year": year,
        "years": years,
        "province": wanted,
        "provinces": sorted({code for each in everything if (code := province(each.region))}),
        "samples": [(kind.name.lower(), strip([kind], [False], [], label="")) for kind in Nothing],
        "crawl_sample": strip([0], [True], [], label=""),
    }
    return await page(datasette, request, "coverage.html", context)


def span(sources: Sequence[Covered], until: str | None) -> list[str]:
    """The months to be shown: from the first that an article is dated in to the last crawl or the last date.

    None is after that of the newest fetch: one article that is dated 2031 would stretch all.
    """
    known = {month: 1 for each in sources for month in (*each.dated, *each.crawls) if len(month) == 7}
    dated = sorted(periods.up_to(known, until))
    return periods.between(dated[0], dated[-1])[-periods.MOST_MONTHS :] if dated else []


def facts(connection: sqlite3.Connection) -> tuple[list[Covered], str | None]:
    """All sources, those of one province together, and the month of the newest fetch; out of tallies and indexes."""
    dated: dict[str, dict[str, int]] = defaultdict(dict)
    for key, month, articles in connection.execute(
        "select key, month, articles from tallies where kind = 'source' order by month"
    ):
        dated[key][month] = articles
    crawls: dict[str, dict[str, int]] = defaultdict(dict)
    last: dict[str, str] = {}
    for source, month, count, started in connection.execute(
        "select source, substr(datetime(started, '+8 hours'), 1, 7), count(*), max(started) from runs where pages > 0"
        " group by 1, 2 order by 2"
    ):
        crawls[source][month] = count
        last[source] = china_day(started)
    addresses = dict(connection.execute("select source, count(*) from visits group by source"))
    known = {row["id"]: row for row in rows(connection, "select id, name, region from sources")}
    found = [
        Covered(
            each,
            known[each]["name"] if each in known else each,
            known[each]["region"] if each in known else None,
            dated.get(each, {}),
            crawls.get(each, {}),
            last.get(each),
            addresses.get(each, 0),
        )
        for each in known.keys() | dated.keys()
    ]
    ordered = sorted(found, key=lambda each: (province(each.region) or "~", -each.articles, each.id))
    return ordered, last_month(connection)


def _told(each: Covered, states: Sequence[int | Nothing], t: Words) -> str:
    """A strip in words."""
    return t(
        "coverage.strip",
        name=each.name,
        n=each.articles,
        months=sum(not isinstance(state, Nothing) for state in states),
        none=states.count(Nothing.FOUND),
        sought=states.count(Nothing.SOUGHT),
        gaps=states.count(Nothing.COLLECTED),
    )


def _cells(datasette: Datasette, each: Covered, year: str | None) -> list[dict[str, Any]]:
    """The months of a year as the table has them."""
    link = searching(datasette, source=each.id)
    months = periods.between(f"{year}-01", f"{year}-12") if year else []
    return [
        {
            "count": None if isinstance(state, Nothing) else state,
            "nothing": state.name.lower() if isinstance(state, Nothing) else None,
            "crawls": each.crawls.get(month, 0),
            "href": None if isinstance(state, Nothing) else link(month),
        }
        for month, state in zip(months, each.states(months), strict=True)
    ]
