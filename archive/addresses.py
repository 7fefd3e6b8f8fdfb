"""Several addresses of one article: which one it is cited by, and the others kept beside it."""

from __future__ import annotations

import re
from datetime import date

from sqlite_utils import Database

from archive.article import Article, iso_utc
from archive.canonical import key
from archive.stories import content_digest
from archive.writing import writing

_VIEW = re.compile(
    r"//(?:m|wap|3g|mobile)\.|/(?:m|wap|3g|mobile|print)/|_print\.|[?&](?:mobile|wap|print)=|[?&](?:do|action)=print",
    re.IGNORECASE,
)


def is_view(url: str) -> bool:
    """Whether an address is of a page made for phones, or for paper: of two addresses, the other is the one to cite.

    >>> is_view("http://m.a.example/1.htm"), is_view("http://www.a.example/m/1.htm"), is_view("http://a.example/1")
    (True, True, False)
    """
    return _VIEW.search(url) is not None


def article_at(db: Database, url: str) -> str | None:
    """The address of the article that an address is known to lead to: itself, or the one it is a further address of.

    Where the address is new, one with the same key is taken for it.
    """
    found = known_at(db, url)
    return found[1] if found else None


def known_at(db: Database, url: str) -> tuple[int, str] | None:
    """Id and address of the article that `article_at` tells."""
    known = {"url": url, "key": key(url)}
    further = "select articles.id, articles.url from addresses join articles on articles.id = article_id"
    for found in (
        "select id, url from articles where url = :url",
        f"{further} where addresses.url = :url",
        "select id, url from articles where address_key = :key order by id",
        f"{further} where addresses.address_key = :key order by articles.id",
    ):
        if row := db.execute(found, known).fetchone():
            return int(row[0]), str(row[1])
    return None


def twin_of(db: Database, article: Article) -> tuple[int, str] | None:
    """Id and address of the article that the same source serves with the same headline and text elsewhere, if any.

    A notice that comes out every month with the same words is an article each time: see `is_same_day`.
    """
    rows = db.execute(
        "select articles.id, articles.url, published from articles"
        " join fingerprints on fingerprints.id = articles.fingerprint_id"
        " where fingerprints.digest = ? and source = ? and url <> ? order by articles.id",
        [content_digest(article.title, article.text), article.source, article.url],
    )
    same = ((int(row[0]), str(row[1])) for row in rows if is_same_day(row[2], article.published))
    return next(same, None)


def is_same_day(one: str | None, other: str | None) -> bool:
    """Whether two times of publication may be of one article: as far as both are known, a day apart at the most.

    Where one page has no date of its own, it is that of the dateline, which is often the day before.

    >>> is_same_day("2024-09-04T08:05:00+08:00", "2024-09-03"), is_same_day("2024-09", "2024-09-03")
    (True, True)
    >>> is_same_day("2024-09-04", "2024-10-08"), is_same_day("2023-09", "2024-09-04")
    (False, False)
    """
    if not one or not other:
        return True
    known = min(len(one), len(other), 10)
    if known < 10:
        return one[:known] == other[:known]
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days) <= 1


def add_address(db: Database, article: Article, twin: tuple[int, str]) -> str:
    """Keep a further address of a stored article, and give back the one it is cited by from now on.

    That is the further one where the known one is of a view for phones or paper. Only the address moves: the article's
    page stays the one that its text was read from.
    """
    article_id, known = twin
    cited, further = known, article.url
    page_id, first_seen = article.page.id, iso_utc(article.page.fetched_at)
    with writing(db):
        if is_view(known) and not is_view(article.url):
            cited, further = article.url, known
            former = db.table("articles").get(article_id)
            page_id, first_seen = former["page_id"], former["first_fetched"]
            db.table("articles").update(article_id, {"url": cited, "address_key": key(cited)})
            db.table("addresses").delete_where("url = ?", [cited])
        row = {"url": further, "article_id": article_id, "page_id": page_id, "first_seen": first_seen}
        db.table("addresses").insert({**row, "address_key": key(further)}, ignore=True)
    return cited
