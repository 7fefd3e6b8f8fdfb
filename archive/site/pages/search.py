"""`/-/search`: what a search finds, a story a line, and what it can be narrowed by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.search import walking
from archive.search.asked import Asked, asked
from archive.search.query import MAX_LENGTH, QueryError
from archive.site.choices import Choices, each
from archive.site.drawing.bars import Bar, bars
from archive.site.language import Words, language_of
from archive.site.marking import highlighter
from archive.site.periods import spread, up_to
from archive.site.rendering import admit, page
from archive.site.searching import link, result, understand, within_time
from archive.site.understood import cure, understood

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette

ON_A_PAGE = 20
FOLDED = 10
"""Values of a facet that are seen at once; the others are folded behind them."""
MOST_MONTHS = 60
"""Hits spread over more months are shown by years; a click on a year shows its months."""


async def search(request: Request, datasette: Datasette) -> Response:
    """The page of a search."""
    await admit(datasette, request)
    args = request.args
    given, ignored = asked(args)
    if "" in (args.get(name) for name in args) and not ignored:
        # A form sends its empty fields, too; the address, which is kept and sent on, has only what says something.
        # What was not understood would get lost without a word.
        tidied: Response = Response.redirect(link(datasette, given))
        return tidied
    t = Words(language_of(request))
    context: dict[str, Any] = {
        "own": True,
        "q": given.words[:MAX_LENGTH],
        "ignored": ignored,
        "days": {name: (args.get(name) or "")[:40] for name in ignored if name in ("from", "to")},
        # Other words in the box above look with the same filters.
        "kept_filters": given.but(words="").parameters,
    }
    try:
        query = understand(given)
        hits = await within_time(datasette, lambda connection: result(connection, given, query, ON_A_PAGE))
    except QueryError as error:
        context |= {"asked": replace(given, words=context["q"]), "wrong": cure(error, t)}
        return await page(datasette, request, "search.html", context)
    to = partial(link, datasette, given)
    choices = Choices(given, hits.names, t, to)
    months = hits.found.facets.months
    drawn = up_to(months, hits.until)
    periods = over_time(drawn)
    dated = each(to, "year")
    context |= {
        "asked": given,
        "result": hits,
        "listed": walking.LISTED,
        # A plain word as it was typed needs no explanation.
        "understood": understood(query.root, t) if query and query.needles != (given.words,) else None,
        "found": highlighter(query) if query else None,
        "link": to,
        "alone": link(datasette, Asked(given.words, given.sort)),
        "hidden": given.but(since=None, until=None).parameters,
        "download": lambda ending: link(datasette, given.but(), ending),
        "page": given.page,
        "pages": None if hits.found.number is None else -(-hits.found.number // ON_A_PAGE),
        "choices": choices,
        "groups": list(choices.groups(hits.found.facets)),
        "folded": FOLDED,
        "periods": periods,
        "later": sum(months.values()) - sum(drawn.values()),
        "chart": bars(_bars(periods, t, dated), label=t("found.timeline")),
        "dated": dated,
    }
    return await page(datasette, request, "search.html", context)


def over_time(months: Mapping[str, int]) -> dict[str, int]:
    """Counts of every month from the first to the last, or of every year where that is long.

    >>> over_time({"2023-11": 2, "2024-01": 5}), len(over_time({"1998-01": 1, "2024-12": 1}))
    ({'2023-11': 2, '2023-12': 0, '2024-01': 5}, 27)
    """
    monthly = spread(months)
    return monthly if len(monthly) <= MOST_MONTHS else spread(months, by="year")


def _bars(periods: Mapping[str, int], t: Words, dated: Callable[[str], str]) -> list[Bar]:
    return [
        Bar(period, number, t("found.bar", period=period, n=number), dated(period))
        for period, number in periods.items()
    ]
