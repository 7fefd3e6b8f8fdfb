"""`/-/compare`: two to five queries or regions over time, as counts and as shares of what was collected."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest, Request, Response
from markupsafe import Markup

from archive import regions
from archive.export import defuse
from archive.search.asked import day
from archive.search.query import MAX_LENGTH, QueryError
from archive.site.compared import MOST, Compared, PlaceError, Question, compared, question
from archive.site.drawing.lines import Series, lines, sample
from archive.site.errors import Refused
from archive.site.language import Words, language_of
from archive.site.rendering import admit, page
from archive.site.searching import refusing, within_time
from archive.site.understood import cure, understood

if TYPE_CHECKING:
    from datasette.app import Datasette

EXAMPLES = (("光伏", "锂电", "芯片"), ("招商引资", "营商环境"), ("地区:湖南 产业园", "地区:江西 产业园"))
"""Comparisons to begin with."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    typed: tuple[str, ...]
    """Up to five queries, as typed."""
    by: str | None
    """`month`, `year`, or None for what suits."""
    share: bool
    since: str | None
    until: str | None
    more: int
    """Queries beyond the fifth, which are left out."""

    def address(self, **changes: Any) -> str:
        """It as the end of an address, with what is set only.

        >>> Wanted(("招商",), None, True, "2024", None, 0).address(share=False)
        '?q=%E6%8B%9B%E5%95%86&from=2024'
        """
        asked = replace(self, **changes)
        said = [("q", words) for words in asked.typed]
        said += [("by", asked.by or ""), ("as", "share" if asked.share else "")]
        said += [("from", asked.since or ""), ("to", asked.until or "")]
        return f"?{urlencode([(name, value) for name, value in said if value])}"


async def compare(request: Request, datasette: Datasette) -> Response:
    """The page: the chart of what can be read, and why the rest cannot."""
    await admit(datasette, request)
    wanted = _wanted(request)
    no_days = _no_days(request)
    if "" in [each for name in request.args for each in request.args.getlist(name)] and not no_days:
        # A form sends its empty fields, too.
        tidied: Response = Response.redirect(datasette.urls.path("/-/compare" + wanted.address()))
        return tidied
    t = Words(language_of(request))
    asked, wrong = _questions(wanted, t)
    told: dict[str, Any] = {}
    if asked:
        try:
            told = _shown(datasette, await _found(datasette, asked, wanted), asked, wanted, t)
        except QueryError as error:
            wrong[""] = cure(error, t)
    context = {
        "no_days": no_days,
        "own": True,
        "wanted": wanted,
        "fields": [*(each[:MAX_LENGTH] for each in wanted.typed), *[""] * (MOST - len(wanted.typed))],
        "wrong": wrong,
        "examples": [(words, Wanted(words, None, False, None, None, 0).address()) for words in EXAMPLES],
        "path": datasette.urls.path("/-/compare"),
        **told,
    }
    return await page(datasette, request, "compare.html", context)


async def as_csv(request: Request, datasette: Datasette) -> Response:
    """`/-/compare.csv`: the table behind the chart, counts and shares. Raises BadRequest where something is wrong."""
    await admit(datasette, request)
    wanted = _wanted(request)
    for typed in _no_days(request).values():
        raise Refused("compare.no_day", typed=typed)
    asked, wrong = _questions(wanted, Words(language_of(request)))
    if wrong:
        raise BadRequest("; ".join(f"{typed[:80]}: {why.unescape()}" for typed, why in wrong.items()))
    if not asked:
        raise Refused("query.no_word")
    with refusing():
        found = await _found(datasette, asked, wanted)
    out = io.StringIO()
    writer = csv.writer(out)
    names = [defuse(name) for each in asked for name in (each.typed, f"{each.typed} (share)")]
    writer.writerow(["period", "collected", *names])
    for place, period in enumerate(found.periods):
        cells: list[Any] = []
        for number in range(len(asked)):
            share = found.share(number, place)
            cells += [found.counts[number][place], None if share is None else round(share, 6)]
        writer.writerow([period, found.collected[place], *cells])
    answer: Response = Response(
        "\ufeff" + out.getvalue(),
        headers={"Content-Disposition": 'attachment; filename="compare.csv"'},
        content_type="text/csv; charset=utf-8",
    )
    return answer


def _wanted(request: Request) -> Wanted:
    typed = [each.strip() for each in request.args.getlist("q") if each.strip()]
    by = request.args.get("by")
    return Wanted(
        tuple(typed[:MOST]),
        by if by in ("month", "year") else None,
        request.args.get("as") == "share",
        day((request.args.get("from") or "").strip()),
        day((request.args.get("to") or "").strip()),
        len(typed[MOST:]),
    )


def _no_days(request: Request) -> dict[str, str]:
    """What was typed for the first and last day and is none."""
    typed = {name: (request.args.get(name) or "").strip() for name in ("from", "to")}
    return {name: text[:40] for name, text in typed.items() if text and not day(text)}


def _questions(wanted: Wanted, t: Words) -> tuple[list[Question], dict[str, Markup]]:
    """What can be compared, and by what was typed why the rest cannot."""
    asked: list[Question] = []
    wrong: dict[str, Markup] = {}
    for typed in wanted.typed:
        try:
            asked.append(question(typed, wanted.since, wanted.until))
        except QueryError as error:
            wrong[typed[:MAX_LENGTH]] = cure(error, t)
        except PlaceError as error:
            choices = "、".join(f"{regions.name_of(code)} {code}" for code in error.choices[:8])
            key = "compare.several_regions" if choices else "compare.no_region"
            wrong[typed[:MAX_LENGTH]] = t(key, name=error.name, choices=choices)
    return asked, wrong


async def _found(datasette: Datasette, asked: list[Question], wanted: Wanted) -> Compared:
    return await within_time(datasette, lambda connection: compared(connection, asked, wanted.by))


def _shown(datasette: Datasette, found: Compared, asked: list[Question], wanted: Wanted, t: Words) -> dict[str, Any]:
    """What the template draws."""

    def link(each: Question) -> Callable[[str], str]:
        return lambda period: str(datasette.urls.path("/-/search" + replace(each.asked, year=period).address))

    series = []
    for number, each in enumerate(asked):
        shares = [found.share(number, place) for place in range(len(found.periods))]
        counts = found.counts[number]
        values = [
            None if share is None else 100 * share if wanted.share else count
            for share, count in zip(shares, counts, strict=True)
        ]
        told = [
            t("compare.point", name=each.typed, period=period, n=count, share=percent(share))
            for period, count, share in zip(found.periods, counts, shares, strict=True)
        ]
        series.append(Series(each.typed, tuple(values), tuple(told), tuple(map(link(each), found.periods))))
    highest = max((value for each in series for value in each.values if value is not None), default=0)
    top = f"{highest:.2f}%" if wanted.share else f"{highest:,.0f}"
    return {
        "chart": lines(found.periods, series, label=t("compare.chart"), top=top) if found.periods else None,
        "legend": [
            {
                "sample": sample(number),
                "typed": each.typed,
                "understood": understood(each.query.root, t) if each.query else None,
                "region": regions.name_of(each.asked.region) if each.asked.region else None,
                "total": sum(found.counts[number]),
                "later": found.later[number],
                "href": datasette.urls.path("/-/search" + each.asked.address),
            }
            for number, each in enumerate(asked)
        ],
        "rows": [
            {
                "period": period,
                "collected": found.collected[place],
                "cells": [
                    (found.counts[number][place], percent(found.share(number, place)), series[number].hrefs[place])
                    for number in range(len(asked))
                ],
            }
            for place, period in enumerate(found.periods)
        ],
        "by": "year" if found.periods and len(found.periods[0]) == 4 else "month",
    }


def percent(share: float | None) -> str:
    """A share for readers.

    >>> percent(0.1234), percent(0.00012), percent(None)
    ('12.3%', '0.01%', '–')
    """
    if share is None:
        return "–"
    return f"{100 * share:.1f}%" if share >= 0.01 or not share else f"{100 * share:.2f}%"
