"""Search the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sqlite_utils import Database

from archive.search.query import Query


@dataclass(frozen=True, slots=True)
class Hit:
    """One found article."""

    id: int
    url: str
    source: str
    kicker: str | None
    title: str | None
    subtitle: str | None
    text: str
    published: str | None
    damage: int
    """Characters of headline and body that are lost."""
    version: int
    """1, and one more for each change."""
    gone_at: str | None
    """Since when it is known to be no longer on its site, ISO 8601, UTC."""
    story_id: int | None
    """Its story."""


DAMAGED = "articles.damage > 0"
"""SQL condition for articles that lost characters, as the index on them has it."""

CHANGED = "articles.id in (select article_id from revisions)"
"""SQL condition for articles of which more than one version is known."""

GONE = "articles.gone_at is not null"
"""SQL condition for articles that are no longer on their sites, as the index on them has it."""


def index_title(row: str) -> str:
    """SQL for what `articles_fts.title` indexes of a row: the headline's three lines, so that no word spans two."""
    kicker, subtitle = f"coalesce({row}.kicker || char(10), '')", f"coalesce(char(10) || {row}.subtitle, '')"
    return f"{kicker} || coalesce({row}.title, '') || {subtitle}"


def where(query: Query) -> tuple[str, dict[str, str]]:
    """SQL condition for the articles that a query finds, and its parameters.

    >>> from archive.search.query import parse
    >>> condition, parameters = where(parse("招商"))
    >>> condition
    'articles.id in (select rowid from articles_fts where articles_fts match :fts)'
    >>> parameters
    {'fts': '"招商"', 'words': '招商'}
    """
    condition = "articles.id in (select rowid from articles_fts where articles_fts match :fts)"
    if not query.exact:
        condition += f" and query_found_in(:words, {index_title('articles')}, articles.text)"
    return condition, {"fts": query.fts, "words": query.words}


def published_since(day: str) -> tuple[str, dict[str, str]]:
    """SQL condition for articles published on an ISO date or later, and its parameters.

    What names only its month or year counts if any of that is not before.
    """
    named = "case articles.published_precision when 'year' then 4 when 'month' then 7 else 10 end"
    return f"substr(articles.published, 1, {named}) >= substr(:since, 1, {named})", {"since": day}


def find(
    db: Database,
    query: Query | None,
    *,
    limit: int | None = 20,
    newest: bool = False,
    since: str | None = None,
    damaged: bool = False,
    changed: bool = False,
    gone: bool = False,
) -> tuple[int, Iterator[Hit]]:
    """How many articles a query finds, and the best (or newest) of them. None finds all, newest first.

    `since` is an ISO date; `damaged` leaves only those that lost characters, `changed` those with several versions,
    `gone` those that are no longer on their sites.
    """
    condition, parameters = where(query) if query else ("1", {})
    wanted = ((damaged, DAMAGED), (changed, CHANGED), (gone, GONE))
    condition = " and ".join([condition, *(each for asked, each in wanted if asked)])
    if since:
        dated, day = published_since(since)
        condition, parameters = f"{condition} and {dated}", parameters | day
    total = db.execute(f"select count(*) from articles where {condition}", parameters).fetchone()[0]  # noqa: S608
    if newest or query is None or query.one_character:
        ranked = f"select * from articles where {condition} order by articles.published desc, articles.id desc"  # noqa: S608
    else:
        ranked = (
            "select articles.* from articles_fts join articles on articles.id = articles_fts.rowid"  # noqa: S608
            f" where articles_fts match :fts and {condition}"
            " order by bm25(articles_fts, 8.0, 1.0), articles.published desc, articles.id desc"
        )
    rows = db.query(ranked + (f" limit {int(limit)}" if limit is not None else ""), parameters)
    return total, (Hit(**{field.name: row[field.name] for field in fields(Hit)}) for row in rows)
