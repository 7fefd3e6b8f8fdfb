"""How many articles are dated when, as a chart whose bars lead into the search, and as the table behind it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from archive.search.asked import Asked
from archive.site import periods
from archive.site.clock import china_day
from archive.site.drawing.bars import Bar, bars
from archive.site.language import Words

if TYPE_CHECKING:
    from datasette.app import Datasette

Tally = dict[str, int]
"""Articles by month."""
Link = Callable[[str], str]
"""The address of what is dated in a month or year."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A month or a year of the table."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Year:
    """A row of the table."""

    name: str
    total: Cell
    months: tuple[Cell | None, ...]
    """Twelve of them; None before the first and after the last month that anything is dated in."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chart and what stands behind it."""

    chart: Markup
    years: tuple[Year, ...]
    """Newest first."""
    yearly: int
    """Articles of which only the year is known: they are in no month."""
    undated: int
    """Articles without a date: they are in no year."""
    later: int
    """Articles dated after the last fetch, by a slip of their page: they are told, not drawn."""


def timeline(every: Mapping[str, int], link: Link, t: Words, *, label: str, until: str | None = None) -> Timeline:
    """Draw counts by month, as the tallies have them; `label` says what the chart shows, `until` its last month."""
    counts = periods.up_to(every, until)
    spread = periods.spread(counts)
    yearly = periods.years(counts)
    hrefs = {period: link(period) for period in spread.keys() | yearly.keys()}
    series = [
        Bar(period, count, t("charts.bar", n=count, period=period), hrefs[period] if count else None)
        for period, count in spread.items()
    ]
    return Timeline(
        bars(series, label=label),
        tuple(
            Year(
                year,
                Cell(yearly[year], hrefs[year]),
                tuple(
                    Cell(counts.get(month, 0), hrefs[month]) if month in spread else None
                    for month in periods.between(f"{year}-01", f"{year}-12")
                ),
            )
            for year in sorted(yearly, reverse=True)
        ),
        sum(count for month, count in counts.items() if len(month) == 4),
        counts.get("", 0),
        sum(every.values()) - sum(counts.values()),
    )


def by_month(connection: sqlite3.Connection, kind: str, first: str | None = None, last: str | None = None) -> Tally:
    """The tallies of all sources, regions or provinces; of one, or from one to another, both included, where given."""
    wanted, keys = (" and key between ? and ?", [first, last or first]) if first is not None else ("", [])
    query = f"select month, sum(articles) from tallies where kind = ?{wanted} group by month"  # noqa: S608
    return dict(connection.execute(query, [kind, *keys]).fetchall())


def last_month(connection: sqlite3.Connection) -> str | None:
    """The month, of China, of the newest fetch; None where nothing was fetched.

    What was received last is looked at, since there is no index of times; runs, since an import is of older pages.
    """
    query = (
        "select max(at) from (select max(started) as at from runs union all"
        " select max(fetched_at) from (select fetched_at from pages order by id desc limit 1000))"
    )
    moment = connection.execute(query).fetchone()[0]
    return china_day(moment)[:7] if moment else None


def searching(datasette: Datasette, *, source: str | None = None, region: str | None = None) -> Link:
    """Leads to a search for what is dated then, of a source or a region."""

    def link(period: str) -> str:
        asked = Asked(source=source, region=region, year=period)
        return str(datasette.urls.path("/-/search" + asked.address))

    return link
