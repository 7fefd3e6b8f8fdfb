"""Newspapers: in which issue an article was printed, on which newspaper page (版次), and what stands beside it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sqlite_utils import Database

_NUMBER = re.compile(
    r"第?\s*(?:(?P<letter>[A-Za-z]?)(?P<digits>\d{1,3})|(?P<numerals>[一二三四五六七八九十]{1,3}))\s*版"
)
_NUMERALS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_ROOM = re.compile(r"/(?:layout|content|html|con|col|att)$")
_NODE = re.compile(r"/(?:node_?\w+|col_?[A-Z]?\d+)\.html?$", re.IGNORECASE)
_FIGURES = re.compile(r"(\d+)")
_FAR = 2000
"""So many articles of a source are looked through for the issue beside."""
_LAST = "\U0010ffff"
"""Behind every address with the same beginning."""


class Issue(NamedTuple):
    """One day's issue of one paper."""

    source: str
    """Id of its source."""
    paper: str
    """Host and path of its addresses up to the day, without the folder that tells pages from articles."""
    day: str
    """The day that it is dated, `YYYY-MM-DD`."""


class NewspaperPage(NamedTuple):
    """The number of a newspaper page; in their order."""

    letter: str
    """Of a part of the paper (A03), mostly empty."""
    number: int
    """From 1."""

    def __str__(self) -> str:
        """As it is cited: `01`, `A03`."""
        return f"{self.letter}{self.number:02d}"


def newspaper_page(section: str | None) -> NewspaperPage | None:
    """The newspaper page that a `section` names; None where it is a channel of a site.

    >>> [str(newspaper_page(section)) for section in ("第01版：头版", "A3版", "第十二版 观察", "要闻", None)]
    ['01', 'A03', '12', 'None', 'None']
    """
    match = _NUMBER.search(section or "")
    if not match:
        return None
    if numerals := match["numerals"]:
        tens, ten, ones = numerals.rpartition("十")
        return NewspaperPage("", (10 * _NUMERALS.get(tens or "一", 0) if ten else 0) + _NUMERALS.get(ones, 0))
    return NewspaperPage(match["letter"].upper(), int(match["digits"]))


def issue_of(article: dict[str, Any]) -> Issue | None:
    """The issue that a row of `articles` was printed in; None where its page tells none, or its address no day.

    >>> printed = {"source": "a", "section": "第01版：头版", "published": "2024-09-04T00:00:00+08:00"}
    >>> issue_of(printed | {"url": "http://a.example/pc/content/202409/04/content_9.html"})
    Issue(source='a', paper='a.example/pc', day='2024-09-04')
    """
    day = (article["published"] or "")[:10]
    if newspaper_page(article["section"]) is None or not (cut := _at_day(article["url"], day)):
        return None
    return Issue(article["source"], _ROOM.sub("", article["url"][: cut[0]].rpartition("://")[2]), day)


def printed(db: Database, issue: Issue) -> list[dict[str, Any]]:
    """The articles of an issue that are kept, in the order of its newspaper pages and of their addresses."""
    rows = db.query(
        "select id, url, source, kicker, title, subtitle, section, published, damage, gone_at, version from articles"
        " where source = ? and published >= ? and published < ?",
        [issue.source, issue.day, f"{issue.day}~"],
    )
    return sorted((row for row in rows if issue_of(row) == issue), key=_place)


def beside(db: Database, issue: Issue, *, later: bool) -> str | None:
    """The day of the next issue of the same paper of which articles are kept, or of the one before."""
    order = "published > ? order by published" if later else "published < ? order by published desc"
    rows = db.query(
        f"select source, url, section, published from articles where source = ? and {order} limit ?",  # noqa: S608
        [issue.source, f"{issue.day}~" if later else issue.day, _FAR],
    )
    found = (issue_of(row) for row in rows)
    return next((each.day for each in found if each and each.paper == issue.paper), None)


def pages_received(db: Database, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The web pages of an issue's newspaper pages, as they came in last, given its articles."""
    beginnings = set()
    for article in articles:
        _, end = _at_day(article["url"], article["published"][:10]) or (0, 0)
        beginnings |= {f"{article['url'][:end]}/", f"{article['url'][:end]}/".replace("/content/", "/layout/")}
    found = {}
    for beginning in sorted(beginnings):
        query = "select id, url, fetched_at from pages where url >= ? and url < ? and status = 200 order by fetched_at"
        found.update({row["url"]: row for row in db.query(query, [beginning, beginning + _LAST])})
    return sorted((row for url, row in found.items() if _NODE.search(url)), key=lambda row: _natural(row["url"]))


def _at_day(url: str, day: str) -> tuple[int, int] | None:
    """Where the day stands in an address, as content systems write it, with the slash before it."""
    year, month, date = day[:4], day[5:7], day[8:10]
    path = url.partition("?")[0]
    for written in (f"{year}-{month}/{date}", f"{year}{month}/{date}", f"{year}/{month}/{date}",
                    f"{year}/{month}{date}", f"{year}-{month}-{date}", f"{year}{month}{date}"):  # fmt: skip
        place = path.find(f"/{written}/") if date else -1
        if place >= 0:
            return place, place + 1 + len(written)
    return None


def _place(article: dict[str, Any]) -> tuple[Any, ...]:
    return newspaper_page(article["section"]), _natural(article["url"]), article["id"]


def _natural(url: str) -> list[tuple[int, str]]:
    """What addresses are ordered by: the figures in them as numbers."""
    return [(int(part), "") if part.isdecimal() and len(part) < 19 else (0, part) for part in _FIGURES.split(url)]
