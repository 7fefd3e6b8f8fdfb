"""Which articles a search picks out of the narrow table `search_facts`, as SQL."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive import regions
from archive.search.asked import STATES, Asked
from archive.search.find import index_title
from archive.search.query import Query

MATCHED = "articles_fts match :fts"
"""The words of a search."""


def count(connection: sqlite3.Connection, asked: Asked, query: Query | None) -> int:
    """How many articles a search finds."""
    conditions, parameters = picked(asked, query)
    return int(connection.execute(f"select count(*) from {hits_of(conditions, query)}", parameters).fetchone()[0])  # noqa: S608


def picked(asked: Asked, query: Query | None) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions for the hits in `search_facts`, the match itself left out, and all parameters."""
    conditions = []
    if query and not query.exact:
        conditions.append(
            "exists (select 1 from articles where articles.id = search_facts.id"  # noqa: S608
            f" and query_found_in(:words, {index_title('articles')}, articles.text))"
        )
    # What names only its month or year counts if any of that is in the time asked for. `~` stands behind all digits.
    if asked.since:
        conditions.append("day >= substr(:since, 1, 4) and day >= substr(:since, 1, length(day))")
    if asked.until:
        conditions.append("day between '0' and :until || '~'")
    if asked.year:
        conditions.append("day between :year and :year || '~'")
    if asked.region:
        conditions.append("region between :region and :region || '~'")
    conditions += [f"{name} = :{name}" for name in ("source", "kind") if getattr(asked, name)]
    conditions += [f"{name} = 1" for name in STATES if getattr(asked, name)]
    chosen = {name: getattr(asked, name) for name in ("since", "until", "year", "source", "kind")}
    words = {"fts": query.fts if query else None, "words": query.words if query else None}
    return conditions, words | chosen | {"region": asked.region and below(asked.region)}


def below(code: str) -> str:
    """What the codes of a division and of all that lies in it begin with.

    >>> below("430000"), below("430300"), below("430302"), below("430300-GX")
    ('43', '4303', '430302', '430300-GX')
    """
    return code[: {"province": 2, "prefecture": 4, "county": 6, "zone": None}[regions.level(code)]]


def hits_of(conditions: list[str], query: Query | None, *, among: bool = False) -> str:
    """SQL for the facts of the hits, in the order of their ids: the words first, each hit then looked up.

    What has the words is known where `among`: their ids are the parameter `among`, JSON.
    """
    where = f" where {' and '.join(conditions)}" if conditions else ""
    if query is None:
        return f"search_facts{where}"
    matched = f"(select rowid from articles_fts where {MATCHED})"  # noqa: S608
    if among:
        matched = "(select value as rowid from json_each(:among))"
    return f"{matched} as hits cross join search_facts on search_facts.id = hits.rowid{where}"
