"""Downloader middleware: requests of sample sources go to the sample province on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from crawler.demo.server import SampleServer


class SampleProxyMiddleware:
    """Sends requests through the proxy in the setting SAMPLE_PROXY, or through a server of its own while it crawls.

    The sites lie under .example (RFC 2606), which resolves nowhere: so `scrapy crawl hongan` works by itself, and the
    addresses in the archive stay the same whatever port was free.
    """

    def __init__(self, crawler: Crawler) -> None:
        source = getattr(crawler.spidercls, "source", None)
        if source is None or not source.is_sample:
            raise NotConfigured
        self.proxy: str | None = crawler.settings.get("SAMPLE_PROXY")
        self.server: SampleServer | None = None
        crawler.signals.connect(self.open, signals.spider_opened)
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def open(self) -> None:
        if self.proxy is None:
            # Imported only for a sample source: building the province is no business of a real crawl.
            from crawler.demo.server import SampleServer  # noqa: PLC0415

            self.server = SampleServer()
            self.server.__enter__()
            self.proxy = self.server.address

    def close(self) -> None:
        if self.server:
            self.server.__exit__(None, None, None)

    def process_request(self, request: Request) -> None:
        request.meta["proxy"] = self.proxy
