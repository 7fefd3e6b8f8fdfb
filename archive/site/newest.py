"""Lists of the newest, a story once."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.site.listing import items

LISTED = 10
"""Stories of a list."""
_LOOKED_AT = 300
"""Articles that are looked at for them: a story with more copies than that leaves the list shorter."""


def stories(connection: sqlite3.Connection, query: str, parameters: Any) -> list[dict[str, Any]]:
    """The newest stories of a query for the ids of articles, newest first; without their texts.

    Each is shown as the copy that stands for it, or as its newest one where the query does not find that.
    """
    told = (
        f"with found(id) as ({query} limit {_LOOKED_AT}) select found.id, story_id, day, best_id is found.id from found"  # noqa: S608
        " join search_facts using (id) left join stories on stories.id = story_id"
    )
    chosen: dict[int, tuple[str, int]] = {}
    for article_id, story_id, day, is_best in connection.execute(told, parameters):
        if is_best or story_id not in chosen:
            chosen[story_id or -article_id] = (day, article_id)
    newest = sorted(chosen.values(), reverse=True)[:LISTED]
    return briefly(connection, [article_id for _, article_id in newest])


def briefly(connection: sqlite3.Connection, ids: list[int]) -> list[dict[str, Any]]:
    """Items of articles without their texts."""
    return [{**item, "text": None} for item in items(connection, ids)]
