"""Downloader middleware: a run whose budget is used up, or whose site's quiet hours begin, stops in good order.

What was about to be asked goes back to the queue under `jobs/`; the next crawl goes on from there.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.article import utc_now
from crawler.reasons import BUDGET, QUIET
from spiders.quiet import Quiet, quiet_until


class StoppingMiddleware:
    """Looks at every request before anything else does; stats `stopping/asked`, `stopping/put_back`.

    The setting REQUEST_BUDGET says how many requests a run may make, retries and redirects among them; those
    for robots.txt come on top, one a host.
    """

    def __init__(self, crawler: Crawler) -> None:
        source = getattr(crawler.spidercls, "source", None)
        self.crawler = crawler
        self.budget = crawler.settings.getint("REQUEST_BUDGET")
        self.quiet: tuple[Quiet, ...] = source.quiet if source else ()
        if not self.budget and not self.quiet:
            raise NotConfigured
        assert crawler.stats
        self.stats = crawler.stats
        self.asked = 0
        self.stopped: asyncio.Task[Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        # Scrapy asks for robots.txt in the middle of another request, and that waits for it: it has to go out.
        if request.meta.get("dont_obey_robotstxt"):
            return None
        if (reason := self.reason()) is None:
            self.asked += 1
            self.stats.set_value("stopping/asked", self.asked)
            return None
        if self.stopped is None:
            assert self.crawler.engine
            self.stopped = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))
        self.stats.inc_value("stopping/put_back")
        return request.replace(dont_filter=True)

    def reason(self) -> str | None:
        """Why nothing more may be asked for now; None where it may."""
        if self.budget and self.asked >= self.budget:
            return BUDGET
        return QUIET if quiet_until(self.quiet, utc_now()) else None
