"""What feeds and sitemaps tell: RSS 2.0 and 1.0, Atom, sitemaps and their indexes, news sitemaps, robots.txt.

Real feeds are broken, and begin with blanks or a server's warning: what can be read of them is read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from pipelines.text.bylines import authors
from pipelines.text.feed_dates import iso_date, told_date
from spiders.reading.broken_xml import parse
from spiders.reading.lines import join_blanks
from spiders.reading.links import absolute

_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|rdf|feed|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
_HEAD = 4096
"""So many characters may stand before the root: a declaration, a style sheet, a warning of the server's."""

_DECLARED = re.compile(r"(?:<[?!][^>]*>\s*)*")
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_MARKS = re.compile("[,，;；、]")
_TAG = re.compile(r"<[^<>]{1,500}>")
_ADDRESSED = re.compile(r"^\S+@\S+\s*[(（](.*)[)）]$")
_DATES = ("pubDate", "published", "dc:date", "issued", "dc:issued", "updated")
"""Elements that tell when an item came out, the best first."""

# By what the addresses of the vocabularies contain: several of each are about.
_VOCABULARIES = {"purl.org/dc/": "dc:", "sitemap-news": "news:"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An article, or a further sitemap, as a feed names it."""

    url: str
    """Absolute address."""
    told: dict[str, Any] = field(default_factory=dict)
    """Fields of the article: title, raw_date, raw_byline, keywords."""
    rule: str = "feed"
    """What provenance says of them: `feed` or `news sitemap`."""
    changed: str | None = None
    """When it came out or was last changed, ISO 8601 with +08:00 where the feed names a time."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, a sitemap or an index of sitemaps."""

    entries: tuple[Entry, ...] = ()
    """Its articles, in its order."""
    sitemaps: tuple[Entry, ...] = ()
    """The sitemaps that it names, the newest first, those without a date last."""
    broken: bool = False
    """Whether it is no XML as it stands."""


def is_feed(text: str) -> bool:
    """Whether a page is a feed or a sitemap.

    >>> is_feed('<?xml version="1.0"?><rss version="2.0">'), is_feed("<html><p>订阅本站的 &lt;rss&gt;")
    (True, False)
    """
    return _root(text) is not None


def read_feed(text: str, url: str) -> Feed | None:
    """What a decoded feed tells; None where the page is none."""
    start = _root(text)
    if start is None:
        named = [link for line in _SITEMAP_LINE.findall(text) if (link := absolute(url, line))]
        # A page that speaks of sitemaps has markup.
        return Feed(sitemaps=tuple(map(Entry, named))) if named and "<" not in text else None
    # From the root on: what a document type declares is gone.
    root, whole = parse(text[start:], url)
    if root is None:
        return Feed(broken=True)
    sitemaps = [Entry(link, changed=iso_date(told.get("lastmod"))) for _, told, link in _located(root, "sitemap", url)]
    sitemaps.sort(key=lambda sitemap: sitemap.changed or "", reverse=True)
    whole = whole and bool(_DECLARED.fullmatch(text, 0, start))
    return Feed((*_items(root, url), *_pages(root, url)), tuple(sitemaps), broken=not whole)


def _root(text: str) -> int | None:
    """Where the root of a feed begins; None where there is none, or HTML around it."""
    root = _ROOT.search(text, 0, _HEAD)
    return root.start() if root and "<html" not in text[: root.start()].lower() else None


def _items(root: etree._Element, url: str) -> Iterator[Entry]:
    """The articles of RSS and Atom."""
    for item in root.iter("{*}item", "{*}entry"):
        said = _fields(item)
        if link := _link(item, url):
            changed = _first(said, "updated", "dc:modified", *_DATES)
            yield Entry(link, _told(said, _DATES, ("author", "dc:creator")), changed=iso_date(changed))


def _pages(root: etree._Element, url: str) -> Iterator[Entry]:
    """The articles of a sitemap, and what a sitemap of news tells of them."""
    for page, said, link in _located(root, "url", url):
        news = {} if len(page) < 2 else next(map(_fields, page.iterchildren("{*}news")), {})
        told = _told(news | {"title": news.get("news:title", "")}, ("news:publication_date",), ())
        changed = said.get("lastmod") or news.get("news:publication_date")
        yield Entry(link, told, "news sitemap", iso_date(changed))


def _told(said: Mapping[str, str], dates: Iterable[str], writers: Iterable[str]) -> dict[str, Any]:
    """The fields of an article that an item names. A writer who is no person (admin, the site) is left out."""
    byline = _first(said, *writers) or ""
    if match := _ADDRESSED.match(byline):
        byline = match[1]
    told = {
        "title": join_blanks(html.unescape(_TAG.sub("", said.get("title", "")))),
        "raw_date": next(filter(None, (told_date(said.get(name)) for name in dates)), None),
        "raw_byline": byline if authors(byline) else None,
        "keywords": tuple(filter(None, map(join_blanks, _MARKS.split(said.get("news:keywords", ""))))),
    }
    return {name: value for name, value in told.items() if value}


def _located(root: etree._Element, tag: str, url: str) -> Iterator[tuple[etree._Element, dict[str, str], str]]:
    """The elements of that name which name an address, with their fields."""
    for element in root.iter(f"{{*}}{tag}"):
        said = _fields(element)
        if link := absolute(url, said.get("loc")):
            yield element, said, link


def _link(item: etree._Element, url: str) -> str | None:
    """The address of an RSS or Atom item, which xml:base may move."""
    links = [link for link in item.iterchildren("{*}link") if _name(link, item) == "link"]
    hrefs = [link.get("href") or link.text for link in links if link.get("rel", "alternate") == "alternate"]
    guid = next(item.iterchildren("guid"), None)
    if guid is not None and guid.get("isPermaLink") != "false" and (guid.text or "").strip().startswith("http"):
        hrefs.append(guid.text)
    hrefs.append(item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"))
    base = absolute(url, item.base) or url
    return next(filter(None, (absolute(base, href) for href in hrefs)), None)


def _fields(item: etree._Element) -> dict[str, str]:
    """The texts of an element's children by name, blanks joined; the first of each that has any."""
    found: dict[str, str] = {}
    for child in item.iterchildren("*"):
        if text := join_blanks("".join(child.itertext())):
            found.setdefault(_name(child, item), text)
    return found


def _first(said: Mapping[str, str], *names: str) -> str | None:
    return next((said[name] for name in names if name in said), None)


def _name(child: etree._Element, item: etree._Element) -> str:
    """An element's name, with the prefix that its vocabulary has here; "" for one of a vocabulary not read."""
    space, _, local = child.tag.rpartition("}")
    prefix = next((prefix for part, prefix in _VOCABULARIES.items() if part in space), None)
    if prefix is None:
        return local if not space or item.tag.startswith(f"{space}}}") else ""
    return f"{prefix}{local}"
