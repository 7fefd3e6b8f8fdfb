"""Downloader middleware: what was forgotten is not asked for, nor taken out of a file, so that nothing records it."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest

from archive.forgetting import forgotten, is_barred
from crawler.replay import KeptPages
from pipelines.with_archive import WithArchive


class ForgottenError(IgnoreRequest):
    """An address that was forgotten: `zhaoshang forget` took away what there was of it."""


class ForgottenMiddleware(WithArchive):
    """The first of all; looks each time, since something may be forgotten meanwhile; stats `forgotten/requests`.

    Lists do not lead there at all (`crawler.memory`); redirects, further parts, old queues and kept files may.
    """

    def opened(self, spider: Spider) -> None:
        super().opened(spider)
        self.spider = spider

    def process_request(self, request: Request) -> None:
        """Raise ForgottenError for what was forgotten."""
        if not is_barred(self.db, request.url):
            return
        told = forgotten(self.db, request.url)
        assert told
        self.stats.inc_value("forgotten/requests")
        if isinstance(self.spider, KeptPages):
            self.spider.kept_nothing(request.url, f"forgotten on {told.forgotten_at[:10]}")
        raise ForgottenError(f"{request.url} was forgotten on {told.forgotten_at[:10]}")
