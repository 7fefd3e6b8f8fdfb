"""The hits of a search out of the narrow table `search_facts`: which they are, in which order, what is counted of them.

Of a search that hits a great deal only the stories of the page are looked for, by walking the index by day and asking
of each article whether it is a hit, and only the newest hits are counted. What is read of many articles comes as one
row of JSON: row by row, threads that answer others would wait for Python between any two.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from archive.moment import FRESH, remembered
from archive.search.asked import Asked
from archive.search.facets import COUNTED, Facets, facets
from archive.search.picking import MATCHED, count, hits_of, picked
from archive.search.query import Query

MOST = 10_000
"""Hits of which all are listed and counted; of more, about so many of the newest are counted."""
LISTED = 500
"""Stories that can be paged through where there are more hits than that."""
PROBE = 50
"""How much longer it takes to ask of an article on a walk whether it is a hit than to look up and sort a hit."""

Hit = tuple[int, int | None]
"""An article and its story."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds."""

    total: int
    """How many articles."""
    stories: list[list[int]]
    """Those of the page, each by the ids of its hits, the first one first."""
    number: int | None
    """How many stories there are; None where they are too many to be looked at."""
    more: bool
    """Whether there are further pages."""
    order: str
    """`newest`, `best`, or `headlines`: those with the words in their headline first."""
    facets: Facets
    """What is counted of the hits."""
    since: str | None
    """The day since which they are counted; None where all of them are."""


def found(connection: sqlite3.Connection, asked: Asked, query: Query | None, size: int) -> Found:
    """What a search finds, and its page of so many stories. To be called within `one_moment`.

    `query` is the words, parsed; None finds all. The last ones are remembered until anything is written.
    """
    return remembered(("page", asked, size), lambda: _found(connection, asked, query, size))


def _found(connection: sqlite3.Connection, asked: Asked, query: Query | None, size: int) -> Found:
    conditions, _ = picked(asked, query)
    matching = _matching(connection, query.fts) if query else MOST + 1
    if matching <= MOST:
        return _whole(connection, asked, query, size)
    total = matching if query and not conditions else count(connection, asked, query)
    if total <= MOST:
        return _whole(connection, asked, query, size, ranked=False)

    return _many(connection, asked, query, size, total, matching)


def _many(
    connection: sqlite3.Connection, asked: Asked, query: Query | None, size: int, total: int, matching: int
) -> Found:
    """What a search finds that is too much for all of it to be looked at."""
    conditions, parameters = picked(asked, query)

    def counting() -> tuple[str, Facets]:
        since = _since(connection, asked, total)
        newer = [*conditions, "day >= :newer"]
        return since, facets(_read(connection, COUNTED, newer, parameters | {"newer": since}, query))

    # The same on all pages, in whatever order. A crawl writes many times a second: that changes little of ten thousand.
    since, counted = remembered(("newest", asked.but(sort=None)), counting, fresh=FRESH)
    begin = (asked.page - 1) * size
    wanted = begin + size + 1 if begin < LISTED else 0
    hits: Iterable[Hit] = _walk(connection, asked, query, wanted, matching)
    order = "newest"
    if query and not asked.newest:
        # Ranking all of them would take as long as everything else together, and says little of a common word.
        headlined = _matching(connection, _title(query))
        hits = chain(_walk(connection, asked, query, wanted, headlined, headlines=True), hits)
        order = "headlines"
    stories = folded(hits, wanted)
    more = len(stories) > begin + size and begin + size < LISTED
    return Found(total, stories[begin : begin + size], None, more, order, counted, since)


def _whole(
    connection: sqlite3.Connection, asked: Asked, query: Query | None, size: int, *, ranked: bool = True
) -> Found:
    """What a search finds that is little enough for all of it to be looked at."""

    def looking() -> tuple[int, list[list[int]], str, Facets]:
        conditions, parameters = picked(asked, query)
        is_ranked = query is not None and ranked and not asked.newest and not query.one_character
        scores = _scores(connection, query) if query and is_ranked else None
        if scores is not None:
            parameters["among"] = json.dumps(sorted(scores))
        columns = _read(connection, _HITS | COUNTED, conditions, parameters, query, among=scores is not None)
        newest = sorted(zip(columns["day"], columns["id"], columns["story_id"], strict=True), reverse=True)
        hits, order = _ordered(connection, asked, query, [hit[1:] for hit in newest], scores)
        return len(hits), folded(hits), order, facets(columns)

    total, stories, order, counted = remembered(("all", asked.but()), looking)
    begin = (asked.page - 1) * size
    more = begin + size < len(stories)
    return Found(total, stories[begin : begin + size], len(stories), more, order, counted, None)


def _ordered(
    connection: sqlite3.Connection,
    asked: Asked,
    query: Query | None,
    newest: list[Hit],
    scores: dict[int, float] | None,
) -> tuple[list[Hit], str]:
    """Hits, given newest first, in the order that is asked for, and its name."""
    if query is None or asked.newest or not newest:
        return newest, "newest"
    if scores is not None:
        return sorted(newest, key=lambda hit: scores[hit[0]]), "best"
    headlined = set(_ids(connection, _title(query)))
    return sorted(newest, key=lambda hit: hit[0] not in headlined), "headlines"


def all_ids(connection: sqlite3.Connection, asked: Asked, query: Query | None) -> list[int]:
    """The ids of all hits, newest first."""
    conditions, parameters = picked(asked, query)
    ordered = f"select id from {hits_of(conditions, query)} order by day desc, id desc limit -1"  # noqa: S608
    return _list(connection, f"select json_group_array(id) from ({ordered})", parameters)  # noqa: S608


def _matching(connection: sqlite3.Connection, fts: str) -> int:
    matching = f"select count(*) from articles_fts where {MATCHED}"  # noqa: S608
    return int(connection.execute(matching, {"fts": fts}).fetchone()[0])


def _title(query: Query) -> str:
    """FTS5 for the hits with the words in their headline. What is not wanted may stand in the text alone."""
    titled = f"{{title}} : ({query.fts})"
    return f"({titled}) AND ({query.fts})" if query.root.excludes else titled


_HITS = {name: f"json_group_array({name})" for name in ("id", "story_id")}


def _read(
    connection: sqlite3.Connection,
    columns: dict[str, str],
    conditions: list[str],
    parameters: dict[str, Any],
    query: Query | None,
    *,
    among: bool = False,
) -> dict[str, Any]:
    """Aggregates of the hits by their names, arrays in one order, which is none."""
    aggregated = f"select {', '.join(columns.values())} from {hits_of(conditions, query, among=among)}"  # noqa: S608
    values = zip(columns, connection.execute(aggregated, parameters).fetchone(), strict=True)
    return {name: json.loads(value) if isinstance(value, str) else value or 0 for name, value in values}


def _since(connection: sqlite3.Connection, asked: Asked, total: int) -> str:
    """The day since which about `MOST` of so many hits are, if they are spread as the articles are."""
    conditions, parameters = picked(asked, None)
    among = count(connection, asked, None)
    newest = f"select day from {hits_of(conditions, None)} order by day desc limit 1 offset :behind"  # noqa: S608
    row = connection.execute(newest, parameters | {"behind": MOST * among // total}).fetchone()
    return str(row[0]) if row else ""


def _walk(
    connection: sqlite3.Connection,
    asked: Asked,
    query: Query | None,
    wanted: int,
    matching: int,
    *,
    headlines: bool = False,
) -> Iterator[Hit]:
    """Hits with their stories, newest first, as far as they are taken; those with the words in the headline.

    Where few match, a walk to as many as are wanted would meet too many other articles: they are sorted.
    """
    conditions, parameters = picked(asked, query)
    cursor = connection.cursor()
    cursor.row_factory = None
    if query and headlines:
        parameters["fts"] = _title(query)
    articles = connection.execute("select max(id) from search_facts").fetchone()[0]
    if query and matching**2 < wanted * PROBE * articles:
        listed = f"select search_facts.id, story_id from {hits_of(conditions, query)}"  # noqa: S608
        yield from cursor.execute(f"{listed} order by day desc, search_facts.id desc", parameters)
        return
    if query:
        conditions.append(f"exists (select 1 from articles_fts where {MATCHED} and rowid = search_facts.id)")  # noqa: S608
    where = " and ".join(conditions) or "1"
    yield from cursor.execute(
        f"select id, story_id from search_facts indexed by idx_search_facts_day where {where}"  # noqa: S608
        " order by day desc, id desc",
        parameters,
    )


def folded(hits: Iterable[Hit], most: int | None = None) -> list[list[int]]:
    """The hits, those of one story together: a story stands where its first hit stood. No more than so many stories.

    >>> folded([(7, 1), (5, 2), (6, 1), (7, 1), (4, None)]), folded([(7, 1), (5, 2)], 1)
    ([[7, 6], [5], [4]], [[7]])
    """
    told: dict[int, list[int]] = {}
    for article, story in hits:
        # An article without a story is one by itself; ids are positive.
        key = story or -article
        if key not in told and len(told) == most:
            break
        ids = told.setdefault(key, [])
        if article not in ids:
            ids.append(article)
    return list(told.values())


def _scores(connection: sqlite3.Connection, query: Query) -> dict[int, float]:
    """By article, how well it matches; the smaller, the better. A word in the headline counts eight in the text."""
    scored = f"select rowid as id, bm25(articles_fts, 8.0, 1.0) as score from articles_fts where {MATCHED} limit -1"  # noqa: S608
    row = connection.execute(
        f"select json_group_array(id), json_group_array(score) from ({scored})",  # noqa: S608
        {"fts": query.fts},
    ).fetchone()
    return dict(zip(*map(json.loads, row), strict=True))


def _ids(connection: sqlite3.Connection, fts: str) -> list[int]:
    return _list(connection, f"select json_group_array(rowid) from articles_fts where {MATCHED}", {"fts": fts})  # noqa: S608


def _list(connection: sqlite3.Connection, query: str, parameters: dict[str, Any]) -> list[int]:
    found: list[int] = json.loads(connection.execute(query, parameters).fetchone()[0])
    return found
