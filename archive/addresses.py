"""Several addresses of one article: which one it is cited by, and the others kept beside it."""

from __future__ import annotations

import re

from sqlite_utils import Database

from archive.article import Article, iso_utc
from archive.stories import content_digest

_MOBILE = re.compile(r"//(?:m|wap|3g|mobile)\.|/(?:m|wap|mobile)/", re.IGNORECASE)


def is_mobile(url: str) -> bool:
    """Whether an address is a site's twin for phones: of two addresses of an article, the other is the one to cite.

    >>> is_mobile("http://m.a.example/1.htm"), is_mobile("http://www.a.example/m/1.htm"), is_mobile("http://a.example/1")
    (True, True, False)
    """
    return _MOBILE.search(url) is not None


def twin_of(db: Database, article: Article) -> tuple[int, str] | None:
    """Id and address of the article that the same source serves with the same headline and text elsewhere, if any."""
    row = db.execute(
        "select articles.id, articles.url from articles join stories on stories.id = articles.story_id"
        " where content_digest = ? and source = ? and url <> ? and title is ? order by articles.id limit 1",
        [content_digest(article.text), article.source, article.url, article.title],
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def add_address(db: Database, article: Article, twin: tuple[int, str]) -> None:
    """Keep a further address of a stored article; the article itself moves to it where the former is a phone's."""
    article_id, known = twin
    further = article.url
    with db.atomic():
        row = {"url": further, "page_id": article.page.id, "first_seen": iso_utc(article.page.fetched_at)}
        if is_mobile(known) and not is_mobile(further):
            former = db.table("articles").get(article_id)
            row = {"url": known, "page_id": former["page_id"], "first_seen": former["first_fetched"]}
            db.table("addresses").delete_where("url = ?", [further])
            db.table("articles").update(article_id, {"url": further, "page_id": article.page.id})
        db.table("addresses").insert({**row, "article_id": article_id}, ignore=True)
