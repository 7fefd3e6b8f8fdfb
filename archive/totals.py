"""How much an archive holds: articles and stories, copies by kind, changes, deletions."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

KINDS = ("same", "reprint", "excerpt", "script")
"""What a copy may be of the one that it is like."""

_COPIES = "select count(*) from copies join stories on stories.id = story_id where article_id is not best_id"
_COUNTS = {
    "articles": "select count(*) from articles",
    "stories": "select count(*) from stories",
    "copies": _COPIES,
    **{kind: f"{_COPIES} and kind = '{kind}'" for kind in KINDS},
    "changed": "select count(distinct article_id) from revisions",
    "changes": "select count(*) from revisions",
    "gone": "select count(*) from articles where gone_at is not null",
    "pages": "select count(*) from pages",
    "runs": "select count(*) from runs",
    "first_published": "select substr(min(published), 1, 10) from articles",
    "last_published": "select substr(max(published), 1, 10) from articles",
    "last_fetched": "select max(last_fetched) from articles",
}


def totals(db: Database) -> dict[str, Any]:
    """The archive in figures; `copies` are the articles beside the best one of each story, then by kind.

    `changed` are the articles that have more than one version, `changes` their further versions, `gone` those that are
    not on their sites any more.
    """
    return {name: db.execute(query).fetchone()[0] for name, query in _COUNTS.items()}
