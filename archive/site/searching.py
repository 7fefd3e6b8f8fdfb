"""A search as all its pages do it: one reading of the archive, within a bound of time."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request

from archive.moment import one_moment, remembered
from archive.search.asked import Asked, asked
from archive.search.hints import Hints, hints
from archive.search.query import Query, QueryError, parse
from archive.search.walking import Found, found
from archive.site.errors import Refused
from archive.site.listing import items
from archive.site.rendering import read
from archive.site.timeline import last_month

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette

LONGEST = 5_000
"""Milliseconds that a search may take: signs within a common word have it read every text."""

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Result:
    """What there is to show of a search on one of its pages."""

    found: Found
    items: list[dict[str, Any]]
    """The first hit of each story of the page (archive.site.listing)."""
    names: dict[str, str]
    """Of the sources, by their ids."""
    hints: Hints | None
    """What to ask for instead, where nothing is found."""
    until: str | None
    """The month of the newest fetch, with which a chart ends."""


def result(connection: sqlite3.Connection, given: Asked, query: Query | None, size: int) -> Result:
    """What a page of so many stories shows."""
    hits = found(connection, given, query, size)
    return Result(
        hits,
        items(connection, [story[0] for story in hits.stories]),
        remembered("sources", lambda: _names(connection)),
        None if hits.total else hints(connection, given, query),
        remembered("until", lambda: last_month(connection)),
    )


def _names(connection: sqlite3.Connection) -> dict[str, str]:
    named = "select json_group_object(id, coalesce(name, id)) from sources"
    names: dict[str, str] = json.loads(connection.execute(named).fetchone()[0])
    return names


def understand(given: Asked) -> Query | None:
    """The words of a search, parsed; None where there are none. Raises QueryError."""
    return parse(given.words) if given.words else None


async def within_time(datasette: Datasette, reading: Callable[[sqlite3.Connection], _Read]) -> _Read:
    """What a function reads of the archive as it is at one moment. Raises QueryError where it takes too long."""

    def bounded(connection: sqlite3.Connection) -> _Read:
        with one_moment(connection), sqlite_timelimit(connection, LONGEST):
            return reading(connection)

    begun = time.monotonic()
    try:
        return await read(datasette, bounded)
    except sqlite3.OperationalError as error:
        # Most often it is called "interrupted", but not where the index was just being opened.
        if time.monotonic() - begun < LONGEST / 1000:
            raise
        raise QueryError("this search takes too long: add a word, or leave out the signs", "too_slow") from error


def told(request: Request) -> tuple[Asked, Query | None]:
    """The search that a program or a feed reader asks for, and its words.

    Raises Refused for what a person is told on the page: a program would not notice that a filter was left out.
    """
    given, ignored = asked(request.args)
    if ignored:
        raise Refused("found.ignored", name=", ".join(ignored))
    with refusing():
        return given, understand(given)


@contextmanager
def refusing() -> Iterator[None]:
    """Answer a query that cannot be searched with 400 and its cure."""
    try:
        yield
    except QueryError as error:
        raise Refused(f"query.{error.kind}", number=error.number) from error


def link(datasette: Datasette, given: Asked, ending: str = "", /, **changes: Any) -> str:
    """The address of a search, or of it otherwise; `ending` is `.csv` and so on."""
    return str(datasette.urls.path(f"/-/search{ending}{(given.but(**changes) if changes else given).address}"))


_OF_TABLE = {"_search": "q", "source": "source", "source__exact": "source", "damage__gt": "damaged"}
_NARROWS_NOTHING = ("_sort", "_sort_desc", "_next", "_size", "_facet", "lang")


def csv_of_table(parameters: Mapping[str, str]) -> str | None:
    """The file, as the search gives it, of what Datasette's table of articles shows.

    None where the table is narrowed by what the search does not know: the file would hold more than is shown.

    >>> csv_of_table({"_search": "招商", "source": "yunxi", "damage__gt": "0", "_sort_desc": "id"})
    '/-/search.csv?q=%E6%8B%9B%E5%95%86&source=yunxi&damaged=1'
    >>> csv_of_table({"_search": "招商", "damage__gt": "5"}), csv_of_table({"section": "A1"})
    (None, None)
    """
    narrowing = {name: parameters.get(name) or "" for name in parameters if name not in _NARROWS_NOTHING}
    if not narrowing.keys() <= _OF_TABLE.keys() or narrowing.get("damage__gt", "0") != "0":
        return None
    said = {_OF_TABLE[name]: value for name, value in narrowing.items()}
    given, ignored = asked(said | ({"damaged": "1"} if "damaged" in said else {}))
    return None if ignored else f"/-/search.csv{given.address}"


def absolute(datasette: Datasette, request: Request, path: str) -> str:
    """An address of this site as it is written elsewhere."""
    return str(datasette.absolute_url(request, path))
