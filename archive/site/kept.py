"""What need not be made again: kept only as long as it is true, and told apart by what it was made of."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar, cast

from markupsafe import Markup

_MOST = 32
"""Pieces of pages that are kept, the last ones made."""

FRESH = 1.0
"""Seconds that what was read counts as fresh, whatever is written: a crawl writes dozens of times in one."""

_Read = TypeVar("_Read")
_readings = threading.local()
_latest: dict[tuple[str, str], tuple[float, Any]] = {}
_pieces: dict[Hashable, Markup] = {}


def unchanged(connection: sqlite3.Connection, reading: Callable[[sqlite3.Connection], _Read]) -> _Read:
    """What a function reads of the archive, or what it read before where nobody has written since.

    SQLite tells a connection by `data_version` that another one has committed; Datasette has one for each thread. While
    somebody writes all the time, what any of them read in the last second is taken. It is not to be changed.
    """
    file = connection.execute("pragma database_list").fetchone()[2]
    name = f"{reading.__module__}.{reading.__qualname__}"
    moment, found = _latest.get((file, name), (-FRESH, None))
    if file and time.monotonic() - moment < FRESH:
        return cast("_Read", found)
    version = connection.execute("pragma data_version").fetchone()[0]
    kept: dict[str, tuple[sqlite3.Connection, int, Any]] = _readings.__dict__
    if name in kept and kept[name][:2] == (connection, version):
        return cast("_Read", kept[name][2])
    moment = time.monotonic()
    connection.execute("begin")  # all of it as it was at one moment
    try:
        read = reading(connection)
    finally:
        connection.rollback()
    kept[name] = (connection, version, read)
    _latest[file, name] = (moment, read)
    return read


async def piece(made_of: Hashable, making: Callable[[], Awaitable[str]]) -> Markup:
    """A piece of a page as it was made before of the same; `made_of` is everything that makes it what it is."""
    if made_of not in _pieces:
        made = Markup(await making())  # noqa: S704 - templates escape what they fill in
        while len(_pieces) >= _MOST:
            del _pieces[next(iter(_pieces))]
        _pieces[made_of] = made
    return _pieces[made_of]
