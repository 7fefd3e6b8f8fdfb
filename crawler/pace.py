"""Downloader middleware: each host is asked as often as it wants to be, by its robots.txt and by what it answers."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from archive.article import utc_now
from crawler.retry_after import BUSY, seconds

logger = logging.getLogger(__name__)


class LeftAloneError(IgnoreRequest):
    """A host is not asked any more in this run."""


@dataclass(slots=True)
class Host:
    """How one host is doing."""

    delay: float | None = None
    """Seconds between two requests that robots.txt asks for, where that is more than we would leave; else None."""
    busy: int = 0
    """How often in a row it was asked, and answered that it is busy."""
    before: tuple[float, float] | None = None
    """Delay and jitter of its slot before that began, while it lasts."""
    waiting: float = 0.0
    """Seconds for which it is not asked, while that lasts."""
    since: float = -math.inf
    """`lastseen` of its slot when it last answered so: no request has been sent as long as that is the same."""
    left: bool = False
    """Whether it is left alone for the rest of the run."""


class PaceMiddleware:
    """A host's slot in the downloader waits; other hosts, and other sources, go on.

    Stats `pace/crawl_delay/HOST` (what its robots.txt asks for, where that is heeded), `pace/busy` (answers that say
    so), `pace/waits`, `pace/waited_seconds` (as asked for), `pace/left/HOST` (why it is left alone), `pace/hosts_left`.
    """

    downloader: Downloader

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        assert crawler.stats
        self.stats = crawler.stats
        self.own_delay = settings.getfloat("DOWNLOAD_DELAY")
        self.longest_delay = settings.getfloat("CRAWL_DELAY_MAX")
        self.agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        self.first_wait = settings.getfloat("BACKOFF_START")
        self.longest_wait = settings.getfloat("BACKOFF_MAX")
        self.most_busy = settings.getint("BACKOFF_TIMES")
        self.hosts: dict[str, Host] = {}
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.robots_came, signals.robots_parsed)
        crawler.signals.connect(self.answered, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def opened(self) -> None:
        assert self.crawler.engine
        self.downloader = self.crawler.engine.downloader

    # What robots.txt asks for

    def robots_came(self, robotparser: RobotParser, request: Request) -> None:
        asked = robotparser.crawl_delay(self.agent)
        if asked is None or not asked > self.own_delay:
            return
        name, host = self.host(request)
        # JSON, which stats are kept as, has no infinity.
        asked = min(asked, 1e9)
        self.stats.set_value(f"pace/crawl_delay/{name}", asked)
        host.delay = min(asked, self.longest_delay)
        # Scrapy forgets a slot that was idle for a minute, and makes another one by these.
        self.downloader.per_slot_settings[name] = {"delay": host.delay, "concurrency": 1, "jitter": 0.0}
        if slot := self.downloader.slots.get(name):
            slot.delay, slot.jitter, slot.concurrency = host.delay, 0.0, 1

    # What it answers

    def process_request(self, request: Request) -> None:
        name, host = self.host(request)
        if host.left:
            raise LeftAloneError(f"{name} is left alone in this run")
        if host.delay is not None or host.before:
            # AutoThrottle would come back to its own delay.
            request.meta["autothrottle_dont_adjust_delay"] = True

    def answered(self, request: Request, response: Response) -> None:
        """In time: before `process_response` is called, the downloader takes the next request out of the slot."""
        name, host = self.host(request)
        slot = self.downloader.slots.get(name)
        if response.status in BUSY:
            self.stats.inc_value("pace/busy")
        if slot is None or host.left:
            return
        if slot.lastseen == host.since:
            # It was on its way before the host began to be busy; AutoThrottle may have made its own of it.
            slot.delay = host.waiting
        elif response.status in BUSY:
            self.wait(name, host, slot, response)
        else:
            self.go_on(host, slot)

    def process_exception(self, request: Request, exception: Exception) -> None:
        name, host = self.host(request)
        slot = self.downloader.slots.get(name)
        if slot and slot.lastseen != host.since and not isinstance(exception, IgnoreRequest):
            self.go_on(host, slot)

    def wait(self, name: str, host: Host, slot: Slot, response: Response) -> None:
        """Ask nothing of a host for as long as it wants, or twice as long as the last time; at last leave it alone."""
        host.busy += 1
        asked = seconds(_header(response, "Retry-After"), _header(response, "Date"), utc_now())
        waiting = min(self.first_wait * 2 ** (host.busy - 1), self.longest_wait) if asked is None else asked
        before = host.before or (slot.delay, slot.jitter)
        if waiting > self.longest_wait:
            self.leave(name, host, slot, f"it wants to be left alone for {waiting:.0f} s (HTTP {response.status})")
        elif host.busy >= self.most_busy:
            self.leave(name, host, slot, f"{host.busy} times in a row it was busy (HTTP {response.status})")
        elif waiting > before[0]:
            logger.info("%s is busy (HTTP %s): not asked for %g s", name, response.status, waiting)
            self.stats.inc_value("pace/waits")
            self.stats.set_value("pace/waited_seconds", self.stats.get_value("pace/waited_seconds", 0.0) + waiting)
            host.before, host.waiting = before, waiting
            # The slot counts from when its last request was sent: from now on it is when that was answered.
            slot.delay, slot.jitter, slot.lastseen = waiting, 0.0, monotonic()
            host.since = slot.lastseen

    def go_on(self, host: Host, slot: Slot) -> None:
        """The host answers again."""
        host.busy = 0
        if host.before:
            slot.delay, slot.jitter = host.before
            host.before = None

    def leave(self, name: str, host: Host, slot: Slot, why: str) -> None:
        """Ask nothing more of a host in this run, nor what waits in its slot."""
        logger.warning("%s is left alone in this run: %s", name, why)
        host.left = True
        self.stats.set_value(f"pace/left/{name}", why)
        self.stats.inc_value("pace/hosts_left")
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(LeftAloneError(f"{name} is left alone in this run"))

    def host(self, request: Request) -> tuple[str, Host]:
        """The name of a request's slot, and how its host is doing."""
        name = self.downloader.get_slot_key(request)
        return name, self.hosts.setdefault(name, Host())


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
