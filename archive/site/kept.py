"""What need not be made again: kept only as long as it is true, and told apart by what it was made of."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

from markupsafe import Markup

from archive.moment import FRESH, one_moment, remembered

_MOST = 32
"""Pieces of pages that are kept, the last ones made."""

_Read = TypeVar("_Read")
_pieces: dict[Hashable, Markup] = {}


def unchanged(connection: sqlite3.Connection, reading: Callable[[sqlite3.Connection], _Read]) -> _Read:
    """What a function reads of the archive, or what it read before where nobody has written since, or a second ago."""
    with one_moment(connection):
        return remembered(f"{reading.__module__}.{reading.__qualname__}", lambda: reading(connection), fresh=FRESH)


async def piece(made_of: Hashable, making: Callable[[], Awaitable[str]]) -> Markup:
    """A piece of a page as it was made before of the same; `made_of` is everything that makes it what it is."""
    if made_of not in _pieces:
        made = Markup(await making())  # noqa: S704 - templates escape what they fill in
        while len(_pieces) >= _MOST:
            del _pieces[next(iter(_pieces))]
        _pieces[made_of] = made
    return _pieces[made_of]
