"""闽江在线, a portal that is read by its feeds: RSS 2.0 and 1.0, Atom, an index of sitemaps, a sitemap of news.

The RSS says UTF-8, is GBK and no XML; the sitemap of the newest year is compressed. Three pages show no date, two only
the day in their addresses: of these the feeds know the minute.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.shared import beside, newest_first
from crawler.demo.truth import Listed, truth

SOURCE = "minjiang"
_HOST = "http://www.minjiang.example"
START = f"{_HOST}/rss/zs.xml"
BY_RSS, BY_ATOM, BY_NEWS = 14, 15, 16
"""Articles whose pages show no date, by the feed that knows it."""
DAY_IN_ADDRESS = (17, 18)
"""Articles that show a date in their address only; the sitemap of news tells the minute."""
_RSS_1, _ATOM = (19, 20, 21), (5, 6, 7)
_UNDATED = (BY_RSS, BY_ATOM, BY_NEWS, *DAY_IN_ADDRESS)

_page = partial(page, codec="utf-8", content_type="text/html; charset=utf-8")
_xml = partial(page, codec="utf-8", content_type="application/xml")


def address(article: SampleArticle) -> str:
    """The canonical address of an article."""
    day = f"{article.published:%Y-%m-%d}/" if article.number in DAY_IN_ADDRESS else ""
    return f"{_HOST}/news/{day}c_{620_000 + 7 * article.number}.html"


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the portal publishes, newest first."""
    return tuple(
        Listed(article, truth(article, source=SOURCE, url=address(article), charset="utf-8"))
        for article in newest_first(articles, SOURCE)
    )


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the portal with its answer."""
    yield f"{_HOST}/robots.txt", plain(f"User-agent: *\nDisallow: /api/\nSitemap: {_HOST}/sitemap_index.xml\n")
    yield from _feeds(listed)
    yield from _sitemaps(listed)
    for place, (article, found) in enumerate(listed):
        shown = None if article.number in _UNDATED else f"{article.published:%Y-%m-%d %H:%M}"
        yield (
            found.url,
            _page("minjiang_article.html", article=article, truth=found, date=shown, related=beside(listed, place, 5)),
        )


def _feeds(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    by_number = {item.article.number: item for item in listed}
    items = [*listed[:8], by_number[BY_RSS]]
    yield START, page("minjiang_rss.xml", "gbk", content_type="text/xml; charset=utf-8", items=items)
    items = [by_number[number] for number in (*_ATOM, BY_ATOM)]
    # One of them has been changed since.
    changed = {item.truth.url: item.article.published + timedelta(days=place) for place, item in enumerate(items)}
    yield f"{_HOST}/feed/atom.xml", _xml("minjiang_atom.xml", items=items, changed=changed, host=_HOST)
    items = [by_number[number] for number in _RSS_1]
    yield f"{_HOST}/feed/old.rdf", _xml("minjiang_rdf.xml", items=items, content_type="application/rdf+xml")


def _sitemaps(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    dated = [item for item in listed if item.article.number not in _UNDATED]
    news = [item for item in listed if item.article.number in (BY_NEWS, *DAY_IN_ADDRESS)]
    newer = [item for item in dated if item.article.published.year >= 2024]
    older = [item for item in dated if item not in newer]
    maps = {"sitemap-2023.xml": older, "sitemap-2024.xml.gz": newer, "sitemap-news.xml": news}
    latest = {name: max(item.article.published for item in items) for name, items in maps.items()}
    yield f"{_HOST}/sitemap_index.xml", _xml("minjiang_index.xml", maps=latest, host=_HOST)
    for name, items in maps.items():
        answer = _xml("minjiang_sitemap.xml", items=items, news=name == "sitemap-news.xml")
        if name.endswith(".gz"):
            body = gzip.compress(answer.body, mtime=0)
            answer = replace(answer, headers=(("Content-Type", "application/x-gzip"),), body=body)
        yield f"{_HOST}/{name}", answer
