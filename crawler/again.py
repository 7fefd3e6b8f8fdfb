"""Downloader middleware: known articles are asked for by their validators, and read only where they have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, DropItem, IgnoreRequest, NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from archive import visits
from archive.article import Article
from archive.canonical import key
from crawler.forgotten import ForgottenError
from crawler.memory import Remembered
from crawler.outward import OutwardError
from crawler.pace import LeftAloneError
from crawler.robots import is_robots
from pipelines.with_archive import WithArchive
from spiders.families.base import is_sent_away
from spiders.families.memory import UNCHANGED

if TYPE_CHECKING:
    from spiders.families import Family

VALIDATORS = ("If-None-Match", "If-Modified-Since")

MISSING = (404, 410)
"""Statuses that say an address is missing. Others (401, 403, 5xx) say nothing of what is there."""


class AgainMiddleware(WithArchive):
    """Between recording and what reads; stats `again/rechecked`, `again/lists_missing`, those of `Remembered`.

    A response for an article that is unchanged, by status 304 or by its digest, goes on without a body and with the
    flag `UNCHANGED`. Known articles that are due and that no list shows any more are asked for at the end.
    """

    memory: Remembered

    def __init__(self, crawler: Crawler) -> None:
        if getattr(crawler.spidercls, "source", None) is None:
            raise NotConfigured
        super().__init__(crawler)
        self.crawler = crawler
        self.failed: set[int] = set()
        self.lists_missing: set[str] = set()
        self.behind: int | None = 0
        self.partial = bool(self.settings.get("LIMIT") or self.settings.get("SINCE"))
        for handler, signal in (
            (self.stored, signals.item_scraped),
            (self.dropped, signals.item_dropped),
            (self.not_read, signals.spider_error),
            (self.not_stored, signals.item_error),
            (self.idle, signals.spider_idle),
        ):
            crawler.signals.connect(handler, signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def opened(self, spider: Family) -> None:  # type: ignore[override]
        super().opened(spider)
        self.memory = Remembered(
            self.db, spider.name, getattr(spider, "allowed_domains", ()), self.settings, self.stats
        )
        spider.memory = self.memory

    def closed(self, spider: Spider, reason: str) -> None:
        if reason == "finished" and not self.settings.get("SINCE"):
            self.memory.close(self.failed)
        super().closed(spider, reason)

    # Asking

    def process_request(self, request: Request) -> None:
        # One that was redirected, or tried once more, may have those of another address.
        for name in VALIDATORS:
            request.headers.pop(name, None)
        request.meta.pop("revisits", None)
        url = request.meta.get("visit")
        visit = self.memory.visit(url) if url and not request.meta.get("whole") else None
        if visit is None or visit.is_open or visit.page_url != request.url:
            return
        told = zip(VALIDATORS, (visit.etag, visit.last_modified), strict=True)
        if given := {name: value for name, value in told if value}:
            request.headers.update(given)
            request.meta["revisits"] = visit.page_id

    def process_response(self, request: Request, response: Response) -> Response:
        url, page_id = request.meta.get("visit"), request.meta.get("page_id")
        if url is None or page_id is None:
            # A robots.txt that fails denies the lists; where there is none, or it is forbidden, they are asked for.
            least = 500 if is_robots(request) else 400
            self.list_came(request, missing=response.status >= least and response.status not in MISSING)
            return response
        if request.meta.get("recheck") and response.status < 500:
            self.stats.inc_value("again/rechecked")
        part_of = request.meta.get("part_of")
        if is_sent_away(url, response):
            # Not followed: of several that lead to one front page the filter would let the first through alone, and
            # where that leads on to a list, the list is no article that has come back.
            response = response.replace(status=404)
        if response.status in MISSING and not part_of:
            self.memory.missed(url, page_id)
        if response.status == 304 and "revisits" in request.meta:
            return self.unchanged(request, response)
        if not 200 <= response.status < 300:
            if response.status >= 400 and response.status not in MISSING and not part_of:
                self.memory.failed(url)
            return response
        visit = None if request.meta.get("whole") else self.memory.visit(url)
        digest = self.db.table("pages").get(page_id)["digest"]
        if visit and not visit.is_open and visit.digest == digest:
            return self.unchanged(request, response)
        visits.answered(
            self.db, key=key(url), url=url, source=self.memory.source, page_id=page_id,
            etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"),
            part_of=key(part_of) if part_of else None,
        )  # fmt: skip
        return response

    def unchanged(self, request: Request, response: Response) -> Response:
        if "part_of" not in request.meta:
            self.memory.answered_alike(request.meta["visit"], request.meta["page_id"])
        return Response(response.url, request=request, flags=[UNCHANGED])

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, LeftAloneError | ForgottenError):
            # It was not asked for at all, so it was not asked for in vain.
            return
        if is_robots(request):
            return
        if "visit" not in request.meta:
            left = isinstance(exception, IgnoreRequest) and not isinstance(exception, OutwardError)
            self.list_came(request, missing=not left)
        elif "part_of" not in request.meta:
            self.memory.failed(request.meta["visit"])

    def list_came(self, request: Request, *, missing: bool) -> None:
        """Count the lists that did not come, unless a further try brings them."""
        if missing:
            self.lists_missing.add(request.url)
        else:
            self.lists_missing.discard(request.url)
        if missing or self.stats.get_value("again/lists_missing"):
            self.stats.set_value("again/lists_missing", len(self.lists_missing))

    # Keeping

    def stored(self, item: Article) -> None:
        self.memory.kept(item, item.id)

    def dropped(self, item: Article, exception: DropItem) -> None:
        # What is older than --since may be wanted by the next crawl.
        if not str(exception.args[0]).startswith("before_since"):
            self.memory.kept(item, self.memory.article_at(item.url))

    def not_read(self, failure: Failure, response: Response) -> None:  # noqa: ARG002
        self.failed.add(response.meta.get("page_id", 0))

    def not_stored(self, item: Article) -> None:
        self.failed.add(item.page.id or 0)

    # The articles that no list shows any more

    def idle(self, spider: Family) -> None:
        if self.partial or self.behind is None:
            return
        most = self.settings.getint("RECHECK_LIMIT")
        if self.memory.again:
            urls, behind = visits.all_known(self.db, spider.name, self.behind, self.memory.mark, most)
            self.behind = behind if urls else None
        else:
            urls, self.behind = visits.waiting(self.db, spider.name, self.memory.now, most), None
        for url in urls:
            # Those that lists have led to are known to Scrapy, and left out.
            request = Request(url, spider.read, meta={"visit": url, "recheck": True}, errback=spider.no_article)
            self.crawler.engine.crawl(request)
        if urls:
            raise DontCloseSpider


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
