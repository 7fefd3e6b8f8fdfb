"""Fetch one page as a crawl would, and keep nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from archive.article import Page
from crawler.crawling import settings_for
from crawler.kept import UnreadableFileError
from crawler.trying import cause
from spiders.families.base import page_of
from spiders.reading.refusal import refusal


class OnePage(scrapy.Spider):
    """Asks for one address and hands its page to `got`."""

    name = "one_page"

    def __init__(self, url: str, got: list[Page], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.reachable = (urlsplit(url).hostname,)
        self.got = got

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url)

    def parse(self, response: Response, **_: Any) -> None:
        if page := page_of(response):
            self.got.append(page)


def fetch(url: str, **more: Any) -> Page:
    """The decoded page of an address; redirects are followed, robots.txt is obeyed. `more` are further settings.

    It starts Twisted's reactor, so it can be called once in a process. Raises UnreadableFileError where no page comes,
    or one that refuses what was asked for.
    """
    got: list[Page] = []
    with TemporaryDirectory(prefix="zhaoshang-") as folder:
        settings = settings_for(Path(folder), DOWNLOAD_TIMEOUT=30, RETRY_TIMES=1, **more)
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(OnePage)
        process.crawl(crawler, url=url, got=got)
        process.start()
    if not got:
        why = cause(crawler.stats) if crawler.stats else ""
        raise UnreadableFileError(f"{url}: no page: {why or 'neither HTML nor text came'}")
    if refused := refusal(got[0]):
        raise UnreadableFileError(f"{url}: it refuses its content ({refused})")
    return got[0]
