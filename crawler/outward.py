"""Downloader middleware: where requests may lead: a page may name any address, and we go to those of its site."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.robots import is_robots
from spiders.reading.links import is_on


class OutwardError(IgnoreRequest):
    """An address that a server has led us to, and that we do not go to; subclasses say why."""


class OtherSchemeError(OutwardError):
    """An address that is not of the web: `file:` is this machine's."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url[:200]} is no address of the web")


class OtherHostError(OutwardError):
    """A redirect to a host that the source does not name."""

    def __init__(self, url: str) -> None:
        super().__init__(f"it redirects to {urlsplit(url).hostname}, which is not among the source's hosts")


class OutwardMiddleware(OffsiteMiddleware):
    """In the place of Scrapy's own, which lets redirects of start addresses, of sitemaps and of parts go anywhere.

    Each refusal is one exception of its kind in Scrapy's stats: `downloader/exception_type_count/crawler.outward.…`.
    Stats `outward/redirects` (to hosts that the source does not name), `outward/endless` (as many redirects after one
    another as REDIRECT_MAX_TIMES allows).
    """

    def request_scheduled(self, request: Request, spider: Spider) -> None:  # noqa: ARG002
        # All else is refused later, where whoever waits for it hears of that: sitemaps wait for one another.
        if not request.meta.get("redirect_urls"):
            super().process_request(request)

    def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002
        """Raise OutwardError, or IgnoreRequest for a link to another site, which every page has."""
        if urlsplit(request.url).scheme not in ("http", "https"):
            raise OtherSchemeError(request.url)
        if is_robots(request):
            # Scrapy's own asks no robots.txt of a host that is off the site, and takes that for leave to go there.
            return
        if request.meta.get("redirect_times") == self.crawler.settings.getint("REDIRECT_MAX_TIMES"):
            self.stats.inc_value("outward/endless")
        hosts = getattr(self.crawler.spider, "allowed_domains", None)
        if hosts and request.meta.get("redirect_urls") and not is_on(request.url, hosts):
            self.stats.inc_value("outward/redirects")
            raise OtherHostError(request.url)
        super().process_request(request)
