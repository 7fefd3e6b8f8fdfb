"""How many articles are dated when, as a chart whose bars lead into the search, and as the table behind it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from archive.search.asked import Asked
from archive.site import periods
from archive.site.drawing.bars import Bar, bars
from archive.site.language import Words

if TYPE_CHECKING:
    from datasette.app import Datasette

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


def timeline(counts: Mapping[str, int], link: Link, t: Words, *, label: str) -> Timeline:
    """Draw counts by month, as the tallies have them; `label` says what the chart shows."""
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
    )


def by_month(connection: sqlite3.Connection, kind: str, first: str, last: str | None = None) -> dict[str, int]:
    """The tallies of a source, a region or a province; of all keys from `first` to `last`, both included, where given.

    `last` is `~` for all of them, since no key has a sign that comes later.
    """
    query = "select month, sum(articles) from tallies where kind = ? and key between ? and ? group by month"
    return dict(connection.execute(query, [kind, first, last or first]).fetchall())


def searching(datasette: Datasette, *, source: str | None = None, region: str | None = None) -> Link:
    """Leads to a search for what is dated then, of a source or a region."""

    def link(period: str) -> str:
        asked = Asked(since=period, until=period, source=source, region=region)
        return str(datasette.urls.path("/-/search" + asked.address))

    return link
