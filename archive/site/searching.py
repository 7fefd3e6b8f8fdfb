"""A search as all its pages do it: one reading of the archive, within a bound of time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import BadRequest, Request

from archive.search.asked import Asked, asked
from archive.search.hints import Hints, hints
from archive.search.query import Query, QueryError, parse
from archive.search.walking import Found, found
from archive.site.listing import items
from archive.site.rendering import read

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


def result(connection: sqlite3.Connection, given: Asked, query: Query | None, size: int) -> Result:
    """What a page of so many stories shows."""
    hits = found(connection, given, query, size)
    return Result(
        hits,
        items(connection, [story[0] for story in hits.stories]),
        dict(connection.execute("select id, coalesce(name, id) from sources").fetchall()),
        None if hits.total else hints(connection, given, query),
    )


def understand(given: Asked) -> Query | None:
    """The words of a search, parsed; None where there are none. Raises QueryError."""
    return parse(given.words) if given.words else None


async def within_time(datasette: Datasette, reading: Callable[[sqlite3.Connection], _Read]) -> _Read:
    """What a function reads of the archive as it is at one moment. Raises QueryError where it takes too long."""

    def bounded(connection: sqlite3.Connection) -> _Read:
        with _one_moment(connection), sqlite_timelimit(connection, LONGEST):
            return reading(connection)

    begun = time.monotonic()
    try:
        return await read(datasette, bounded)
    except sqlite3.OperationalError as error:
        # Most often it is called "interrupted", but not where the index was just being opened.
        if time.monotonic() - begun < LONGEST / 1000:
            raise
        raise QueryError("this search takes too long: add a word, or leave out the signs", "too_slow") from error


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
    finally:
        connection.rollback()


def told(request: Request) -> tuple[Asked, Query | None]:
    """The search that a program or a feed reader asks for, and its words.

    Raises BadRequest for what a person is told on the page: a program would not notice that a filter was left out.
    """
    given, ignored = asked(request.args)
    if ignored:
        raise BadRequest(f"the value of {', '.join(ignored)} makes no sense")
    with refusing():
        return given, understand(given)


@contextmanager
def refusing() -> Iterator[None]:
    """Answer a query that cannot be searched with 400 and its cure."""
    try:
        yield
    except QueryError as error:
        raise BadRequest(str(error)) from error


def link(datasette: Datasette, given: Asked, ending: str = "", /, **changes: Any) -> str:
    """The address of a search, or of it otherwise; `ending` is `.csv` and so on."""
    return str(datasette.urls.path(f"/-/search{ending}{(given.but(**changes) if changes else given).address}"))


def absolute(datasette: Datasette, request: Request, path: str) -> str:
    """An address of this site as it is written elsewhere."""
    return str(datasette.absolute_url(request, path))
