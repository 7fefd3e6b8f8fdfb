"""Downloader middleware: what becomes of a robots.txt that is huge, or that a server fails to give (RFC 9309)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http import Response

DENIED = b"User-agent: *\nDisallow: /\n"


class RobotsMiddleware:
    """Below retries, which see a response first.

    A robots.txt is read as far as ROBOTSTXT_MAXSIZE goes: `robots/cut`. Where the server answers with an error of its
    own (5xx), it is not known what may be asked for, and nothing is: `robots/unreachable`.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        assert crawler.stats
        self.stats = crawler.stats
        self.most = crawler.settings.getint("ROBOTSTXT_MAXSIZE")
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop where enough has come: what there is goes on as the response."""
        if is_robots(request):
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > self.most:
                raise StopDownload(fail=False)

    def process_response(self, request: Request, response: Response) -> Response:
        if not is_robots(request):
            return response
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.stats.inc_value("robots/unreachable")
            return response.replace(body=DENIED)
        if len(response.body) > self.most or "download_stopped" in response.flags:
            self.stats.inc_value("robots/cut")
            # Half a rule may forbid more than the whole one.
            return response.replace(body=response.body[: self.most].rpartition(b"\n")[0])
        return response


def is_robots(request: Request) -> bool:
    """Whether Scrapy asks for the robots.txt of a host, in the middle of another request."""
    return bool(request.meta.get("dont_obey_robotstxt")) and request.url.endswith("/robots.txt")
