"""What all families share: begin, find the articles, read them. A family overrides the parts in which it differs."""

from __future__ import annotations

from codecs import lookup
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response

from archive.article import Article, Page
from pipelines.text.dates import date_in_url
from spiders.reading.document import Document, parsed
from spiders.reading.links import absolute
from spiders.reading.page import read_page
from spiders.source import Source


class Family(scrapy.Spider):
    """A spider for one source."""

    source: Source

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        for url in self.source.start:
            yield Request(url, callback=self.find, dont_filter=True)

    def find(self, response: Response) -> Iterator[Request]:
        """Requests for the articles and the further lists that a page names."""
        raise NotImplementedError

    def read(self, response: Response, **known: Any) -> Iterator[Article]:
        """The article of a page. `known` are fields that the list told, for example the newspaper page."""
        page = page_of(response)
        if page is not None:
            article = self.article(page)
            # Health compares these: a rule for the body that never matches is said.
            self.crawler.stats.inc_value(f"read/{article.reading}")
            yield replace(article, **{name: value for name, value in known.items() if value is not None})

    def is_list(self, page: Page) -> bool:
        """Whether a kept page, which nobody followed a link to, is a list of articles and none itself."""
        raise NotImplementedError

    def article(self, page: Page) -> Article:
        """Read one page."""
        return read_page(page, self.source.select, self.source.id)

    def document(self, response: Response) -> Document | None:
        """The page, parsed; None where it is no text."""
        page = page_of(response)
        return parsed(page) if page is not None else None

    def follow(
        self, response: Response, hrefs: Iterable[str | None], then: Callable[..., Any], **known: Any
    ) -> Iterator[Request]:
        """Requests for links of a page, each once; queries in them are in the page's charset, as browsers have it."""
        document, page = self.document(response), page_of(response)
        if document is None or page is None:
            return
        for href in dict.fromkeys(hrefs):
            url = absolute(document.base, href)
            if url:
                yield Request(url, callback=then, cb_kwargs=known, encoding=_codec(page.charset))

    def articles(self, response: Response, hrefs: Iterable[str | None], **known: Any) -> Iterator[Request]:
        """Requests for article pages, as far as --limit and --since want them."""
        since = self.settings.get("SINCE")
        for request in self.follow(response, hrefs, self.read, **known):
            dated = date_in_url(request.url)
            if since and dated and dated.value and dated.value < since:
                continue
            if self.satisfied and request.url not in self.asked:
                return
            self.asked.add(request.url)
            yield request

    @property
    def satisfied(self) -> bool:
        """Whether --limit has been reached, so that no further list is worth asking for."""
        limit: int = self.settings.getint("LIMIT")
        return bool(limit) and len(self.asked) >= limit


def _codec(charset: str | None) -> str:
    """Python's codec for a page's charset; UTF-8 where it has none."""
    try:
        return lookup(charset or "utf-8").name
    except LookupError:
        return "utf-8"


def page_of(response: Response) -> Page | None:
    """The decoded page of a response; None for pictures and other files."""
    return getattr(response, "page", None)
