"""Downloader middleware: responses that broke off, or whose length is not what it says, are asked for once more."""

from __future__ import annotations

import re
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.families.base import page_of

TORN = "dataloss"
"""Scrapy's flag of a response whose connection ended before its body did; it has what came."""

_END = re.compile(r"</(?:html|body|rss|feed|urlset|sitemapindex|rdf:rdf)\s*>", re.IGNORECASE)
_LAST = 4000
"""So many characters are looked at for the end of a page: behind it stand comments, and scripts that count visitors."""


class TornError(IgnoreRequest):
    """What came of an article is a part of it, time and again: it is kept in the WARC, and not read."""


class TornMiddleware:
    """After decoding: a page that has its end is whole, whatever length its server told.

    Stats `torn/whole` (such pages), `torn/articles` (given up), `torn/others` (lists, and what else is no article:
    read as far as it goes).
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        if TORN not in response.flags:
            return response
        page = page_of(response)
        if page is not None and has_end(page.text):
            self.stats.inc_value("torn/whole")
            return response
        assert self.crawler.spider
        if again := get_retry_request(request, spider=self.crawler.spider, reason="torn"):
            return again
        if "visit" not in request.meta:
            self.stats.inc_value("torn/others")
            return response
        self.stats.inc_value("torn/articles")
        raise TornError(f"{len(response.body)} bytes came, and no end of the page")


def has_end(text: str) -> bool:
    """Whether a page, a feed or a sitemap ends as one does.

    >>> has_end("<html><p>招商</p></html> <!-- 0.03 s -->"), has_end("<html><p>招"), has_end("<rss></rss>")
    (True, False, True)
    """
    return _END.search(text[-_LAST:]) is not None
