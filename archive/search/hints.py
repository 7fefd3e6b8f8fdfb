"""What to ask for instead, where a search finds nothing: each with how much it would find."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.search.asked import Asked
from archive.search.picking import count
from archive.search.query import Query, QueryError, parse

MOST_WORDS = 6
"""Words of a query that are looked for one by one."""


@dataclass(frozen=True, slots=True)
class Hints:
    """Other searches, with the number of articles that they find."""

    words: list[tuple[str, int, Asked]]
    """Each word of the query by itself, also what finds nothing: where there are several."""
    shorter: list[tuple[str, int, Asked]]
    """Parts of the words that find nothing."""
    without: list[tuple[str, int, Asked]]
    """The same search without one of its filters, by the name of its field."""


def hints(connection: sqlite3.Connection, asked: Asked, query: Query | None) -> Hints:
    """What a search that finds nothing could be instead."""
    needles = query.needles[:MOST_WORDS] if query else ()
    alone = [hint for needle in needles if (hint := _words(connection, needle))]
    shorter = [
        hint
        for needle, number, _ in alone
        if not number
        for part in parts(needle)
        if (hint := _words(connection, part)) and hint[1]
    ]
    without = [(name, asked.but(**{name: False if getattr(asked, name) is True else None})) for name in asked.filters]
    counted = [(name, count(connection, other, query), other) for name, other in without]
    return Hints(alone if len(alone) > 1 else [], shorter, [hint for hint in counted if hint[1]])


def parts(needle: str) -> list[str]:
    """The beginning and the end of a word of three characters or more.

    >>> parts("飞地经济园"), parts("招商")
    (['飞地经', '经济园'], [])
    """
    half = -(-len(needle) // 2)
    return [needle[:half].strip(), needle[-half:].strip()] if len(needle) > 2 else []


def _words(connection: sqlite3.Connection, needle: str) -> tuple[str, int, Asked] | None:
    """A search for a word as it stands; None where it has only signs."""
    other = Asked(f"“{needle}”" if " " in needle else needle)
    try:
        return needle, count(connection, other, parse(other.words)), other
    except QueryError:
        return None
