"""Several addresses of one article: which one it is cited by, and the others kept beside it."""

from __future__ import annotations

import re

from sqlite_utils import Database

from archive.article import Article, iso_utc
from archive.database import writing
from archive.stories import content_digest

_MOBILE = re.compile(r"//(?:m|wap|3g|mobile)\.|/(?:m|wap|mobile)/", re.IGNORECASE)


def is_mobile(url: str) -> bool:
    """Whether an address is a site's twin for phones: of two addresses of an article, the other is the one to cite.

    >>> is_mobile("http://m.a.example/1.htm"), is_mobile("http://www.a.example/m/1.htm"), is_mobile("http://a.example/1")
    (True, True, False)
    """
    return _MOBILE.search(url) is not None


def article_at(db: Database, url: str) -> str | None:
    """The address of the article that an address is known to lead to: itself, or the one it is a further address of."""
    row = db.execute(
        "select url from articles where url = :url union all"
        " select articles.url from addresses join articles on articles.id = article_id where addresses.url = :url",
        {"url": url},
    ).fetchone()
    return str(row[0]) if row else None


def twin_of(db: Database, article: Article) -> tuple[int, str] | None:
    """Id and address of the article that the same source serves with the same headline and text elsewhere, if any."""
    row = db.execute(
        "select articles.id, articles.url from articles join stories on stories.id = articles.story_id"
        " where content_digest = ? and source = ? and url <> ? and title is ? order by articles.id limit 1",
        [content_digest(article.text), article.source, article.url, article.title],
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def add_address(db: Database, article: Article, twin: tuple[int, str]) -> None:
    """Keep a further address of a stored article; the article is cited by it where the one it had is a phone's.

    Only the address moves: the article's page stays the one that its text was read from.
    """
    article_id, known = twin
    row = {"url": article.url, "page_id": article.page.id, "first_seen": iso_utc(article.page.fetched_at)}
    with writing(db):
        if is_mobile(known) and not is_mobile(article.url):
            former = db.table("articles").get(article_id)
            row = {"url": known, "page_id": former["page_id"], "first_seen": former["first_fetched"]}
            db.table("articles").update(article_id, {"url": article.url})
        db.table("addresses").insert({**row, "article_id": article_id}, ignore=True)
