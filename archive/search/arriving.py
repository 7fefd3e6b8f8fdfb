"""The hits of a search in the order in which they came into the archive: what a feed is to tell."""

from __future__ import annotations

import sqlite3

from archive.search.asked import Asked
from archive.search.picking import hits_of, picked
from archive.search.query import Query
from archive.search.walking import folded


def arrived(connection: sqlite3.Connection, asked: Asked, query: Query | None, size: int) -> list[int]:
    """So many stories, each by that of its hits which came in last, the last one first.

    Ids are given in that order, whatever the dates: a newspaper of 1998 that is collected today comes first today.
    """
    conditions, parameters = picked(asked, query)
    # By the id of the match, in whose order the index of words is read: nothing is sorted.
    last = "hits.rowid" if query else "search_facts.id"
    cursor = connection.cursor()
    cursor.row_factory = None
    hits = f"select search_facts.id, story_id from {hits_of(conditions, query)} order by {last} desc"  # noqa: S608
    return [story[0] for story in folded(cursor.execute(hits, parameters), size)]
