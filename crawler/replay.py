"""Take kept pages through the same stages as fetched ones, without the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import unquote, urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.article import Article
from crawler import kept
from crawler.kept import Kept, UnreadableFileError
from crawler.loader import SourceLoader, hosts, spider_class
from spiders.families.base import Family, page_of
from spiders.reading.page import NO_SELECT, read_page
from spiders.source import Source


class KeptPages(scrapy.Spider):
    """A spider over kept pages. Files that hold none are counted as `import/unreadable` and told to `report`."""

    name = "import"

    def __init__(self, paths: Iterable[Path], source: Source | None = None, report: Any = print, **kwargs: Any) -> None:
        super().__init__(source.id if source else None, **kwargs)
        self.paths = paths
        self.report = report
        self.family: Family | None = None
        self.families: dict[str, Family | None] = {}
        self.registry: SourceLoader

    async def start(self) -> AsyncIterator[Request]:
        for path in kept.find(self.paths):
            self.crawler.stats.inc_value("import/files")
            try:
                for page in kept.load(path):
                    yield Request(page.url, dont_filter=True, meta={"kept": page, "fetched_at": page.fetched_at})
            except UnreadableFileError as error:
                self.crawler.stats.inc_value("import/unreadable")
                self.report(str(error))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.registry = SourceLoader.from_settings(crawler.settings)
        if source := kwargs.get("source"):
            spider.family = spider.spider_for(source)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        return spider

    def dropped(self, item: Article, exception: DropItem) -> None:
        """Say of a file why nothing of it was kept; most pages of a WARC are no articles, and only counted."""
        if item.url.startswith("file:"):
            self.report(f"{unquote(item.url.removeprefix('file://'))}: nothing kept: {exception.args[0].split(':')[0]}")

    def family_of(self, url: str) -> Family | None:
        """The family of the one source that lies on the page's host: a WARC of ours is read as it was crawled."""
        host = urlsplit(url).hostname
        if host and host not in self.families:
            fitting = [source for source in self.registry.sources.values() if host in hosts(source)]
            self.families[host] = self.spider_for(fitting[0]) if len(fitting) == 1 else None
        return self.families.get(host or "")

    def spider_for(self, source: Source) -> Family:
        family = spider_class(source, Path(self.settings["DATA_DIR"]))
        return cast("Family", family.from_crawler(self.crawler))

    def parse(self, response: Response, **_: Any) -> Iterator[Article]:
        page = page_of(response)
        if page is None:
            return
        family = self.family or self.family_of(page.url)
        if family is None:
            yield read_page(page, NO_SELECT, self.name)
        elif family.is_list(page):
            self.crawler.stats.inc_value("import/lists")
        else:
            yield from family.read(response)


class ReplayMiddleware:
    """Answers a request from the kept page that it carries."""

    def process_request(self, request: Request) -> Response:
        page: Kept = request.meta["kept"]
        headers = Headers()
        for name, value in page.headers:
            if name.lower() != "transfer-encoding":
                headers.appendlist(name, value)
        response_class = responsetypes.from_args(headers=None, url=page.url, body=page.body)
        return response_class(page.url, status=page.status, headers=headers, body=page.body)
