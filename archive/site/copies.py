"""A story's copies as pages list them: in order of time, without their texts."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.sameness import shown_date
from archive.site.clock import in_china
from archive.site.rendering import rows

MOST = 300
"""So many copies of a story are listed."""

_COPIES = """
select articles.id, url, title, source, coalesce(sources.name, articles.source) as publication, published,
    published_precision, first_fetched, gone_at, version, damage, kind, like_id, resemblance, containment,
    copies.evidence, taken_from, taken_evidence
from articles left join copies on copies.article_id = articles.id left join sources on sources.id = articles.source
where articles.story_id = ?
order by coalesce(published, replace(datetime(first_fetched, '+8 hours'), ' ', 'T') || '+08:00'), first_fetched,
    articles.id
limit ?
"""


def copies_of(connection: sqlite3.Connection, story_id: int) -> list[dict[str, Any]]:
    """The copies of a story in order of time, as `archive.story.load_story` has them, each with its number from 1."""
    found = rows(connection, _COPIES, [story_id, MOST])
    for number, copy in enumerate(found, 1):
        copy["number"] = number
        copy["shown_date"] = shown_date(copy)
        copy["first_seen"] = in_china(copy["first_fetched"])
    return found


def chain(copies: list[dict[str, Any]], article_id: int) -> list[dict[str, Any]]:
    """The copies that an article says it was taken from, one from the other, itself first."""
    by_id = {copy["id"]: copy for copy in copies}
    found: list[dict[str, Any]] = []
    following: int | None = article_id
    while following in by_id and by_id[following] not in found:
        found.append(by_id[following])
        following = by_id[following]["taken_from"]
    return found
