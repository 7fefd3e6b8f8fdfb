"""Extension: no password of ours gets out of the memory of a crawl."""

from __future__ import annotations

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler

HEADERS = ("Authorization", "Cookie", "Proxy-Authorization")
"""Headers of a request that hold what lets somebody in."""

_SET_BY_SCRAPY = ("proxy", "_auth_proxy", "_scheme_proxy")
"""What Scrapy notes of a proxy in a request, each time before it is sent."""


class CredentialsExtension:
    """A request that goes (back) to the queue under `jobs/`, after a redirect or for a further try, leaves them behind.

    Scrapy puts the password of a proxy into its header Proxy-Authorization; it does so again before it is sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.scheduled, signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def scheduled(self, request: Request) -> None:
        for name in HEADERS:
            request.headers.pop(name, None)
        for key in _SET_BY_SCRAPY:
            request.meta.pop(key, None)
