"""Take kept pages through the same stages as fetched ones, without the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import unquote, urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.article import Article
from crawler import kept
from crawler.findings import CAUSES
from crawler.kept import Kept, UnreadableFileError
from crawler.loader import SourceLoader, hosts, spider_class
from crawler.telling import Telling
from crawler.torn import has_end
from spiders.families import REGISTRY
from spiders.families.base import Family, page_of
from spiders.reading.document import parsed
from spiders.reading.feeds import is_feed
from spiders.reading.links import canonical
from spiders.reading.parts import first_part, may_be_part
from spiders.reading.refusal import refusal
from spiders.reading.stub import is_stub
from spiders.source import Source


class KeptPages(scrapy.Spider):
    """A spider over kept pages: it asks what their lists tell of articles, then reads one after the other.

    Files that hold none are counted as `import/unreadable` and told to `report`.
    """

    name = "import"

    def __init__(self, paths: Iterable[Path], source: Source | None = None, report: Any = print, **kwargs: Any) -> None:
        super().__init__(source.id if source else None, **kwargs)
        self.paths = paths
        self.report = report
        self.family: Family | None = None
        self.families: dict[str, Family | None] = {}
        self.telling = Telling()
        self.registry: SourceLoader

    async def start(self) -> AsyncIterator[Request]:
        # Lists may stand behind the articles they tell of, or in another file.
        for path in kept.find(self.paths):
            with suppress(UnreadableFileError):
                for page in kept.load(path, ways=True):
                    family = self.family or self.family_of(page.url)
                    if family and family.tells:
                        with suppress(UnreadableFileError):
                            self.telling.hear(family, page)
                    await asyncio.sleep(0)
            self.telling.end_run()
        for path in kept.find(self.paths):
            self.crawler.stats.inc_value("import/files")
            try:
                for page in kept.load(path, ways=True):
                    if not page.target:
                        yield Request(page.url, dont_filter=True, meta={"kept": page, "fetched_at": page.fetched_at})
            except UnreadableFileError as error:
                self.crawler.stats.inc_value("import/unreadable")
                self.report(str(error))

    @property
    def sources(self) -> dict[str, Source]:
        """The sources whose articles may be among the pages."""
        return self.registry.sources

    @property
    def regions(self) -> dict[str, str | None]:
        """The region of each of them."""
        return {name: source.region for name, source in self.sources.items()}

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
        self.kept_nothing(item.url, exception.args[0].split(":")[0])

    def kept_nothing(self, url: str, reason: str) -> None:
        if url.startswith("file:"):
            self.report(f"{unquote(url.removeprefix('file://'))}: nothing kept: {reason}")

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

    def parse(self, response: Response, **_: Any) -> Iterator[Article | Request]:
        page = page_of(response)
        if page is None:
            return
        family = self.family or self.family_of(page.url)
        if is_stub(parsed(page)):
            self.crawler.stats.inc_value("import/stubs")
            self.kept_nothing(page.url, "it only leads on to another page")
        elif response.meta["kept"].is_truncated and not has_end(page.text):
            self.crawler.stats.inc_value("import/truncated")
            self.kept_nothing(page.url, "its record says that it is not all there")
        elif cause := refusal(page):
            self.crawler.stats.inc_value(f"refused/{cause}")
            self.kept_nothing(page.url, f"the page refuses its article: {CAUSES[cause]}")
        elif is_feed(page.text) or (family and family.is_list(page)):
            self.crawler.stats.inc_value("import/lists")
        elif first := first_part(parsed(page)):
            self.crawler.stats.inc_value("import/later_parts")
            self.kept_nothing(page.url, f"a further part of {first}")
        else:
            yield from (family or self.general).read(response, **self.telling.of(page.url))

    @cached_property
    def general(self) -> Family:
        """The family of pages that no source claims."""
        return self.general_of(self.name)

    def general_of(self, name: str) -> Family:
        """A portal without rules, whose articles are counted to a source of that name."""
        source = Source(name, "", Path(), name, "portal", ())
        family: type[Family] = type(name, (REGISTRY["portal"],), {"name": name, "source": source})
        return family.from_crawler(self.crawler)

    @cached_property
    def further(self) -> dict[str, Kept]:
        """The kept pages that may be further parts of articles, by address; looked for when the first is wanted."""
        pages: dict[str, Kept] = {}
        for path in kept.find(self.paths):
            with suppress(UnreadableFileError):
                pages.update((canonical(page.url), page) for page in kept.load(path) if may_be_part(page.url))
        return pages


class ReplayMiddleware:
    """Answers a request from the kept page that it carries; one for a further part from those kept beside it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Response:
        spider = cast("KeptPages", self.crawler.spider)
        page: Kept | None = request.meta.get("kept") or spider.further.get(canonical(request.url))
        if page is None:
            raise IgnoreRequest("not among the kept pages")
        request.meta.setdefault("kept", page)
        request.meta.setdefault("fetched_at", page.fetched_at)
        return answer(page)


def answer(page: Kept) -> Response:
    """The response that a kept page was."""
    headers = Headers()
    for name, value in page.headers:
        if name.lower() != "transfer-encoding":
            headers.appendlist(name, value)
    response_class = responsetypes.from_args(headers=None, url=page.url, body=page.body)
    return response_class(page.url, status=page.status, headers=headers, body=page.body)
