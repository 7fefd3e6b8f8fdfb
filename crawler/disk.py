"""A disk that is full, may not be written, or fails: the run ends at once, and says how much it could not keep."""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from typing import Any, Self, cast

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.findings import Finding
from crawler.reasons import FAILING, FULL, READ_ONLY

WORDS = {
    FULL: ("disk full", "make room on it"),
    READ_ONLY: ("disk read-only", "make it writable"),
    FAILING: ("disk failing", "look after it"),
}
"""What each is called, and what to do about it."""

_BY_ERRNO = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL, errno.EROFS: READ_ONLY, errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY, errno.EIO: FAILING,
}  # fmt: skip
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_CANTOPEN: FAILING, sqlite3.SQLITE_CORRUPT: FAILING,
}  # fmt: skip


def cause(error: BaseException | None) -> str | None:
    """The finish reason that an error is worth, one of `DISK`; None where it does not come from the disk.

    >>> cause(OSError(errno.ENOSPC, "No space left on device")), cause(ConnectionRefusedError(111, "refused"))
    ('disk_full', None)
    """
    if isinstance(error, sqlite3.Error):
        # The lower byte is the error, the others tell more of it.
        return _BY_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if not isinstance(error, OSError):
        return None
    # A firewall, too, answers that something is not permitted; it names no file.
    if error.errno in (errno.EACCES, errno.EPERM) and not error.filename:
        return None
    return _BY_ERRNO.get(error.errno or 0)


def finding(stats: dict[str, Any]) -> Finding | None:
    """What is to be said of a run that the disk ended.

    >>> finding({"disk/reason": "disk_full", "disk/not_stored": 2}).sentence
    'disk full: 2 pages not stored; make room on it, and the same command goes on from there'
    """
    reason = stats.get("disk/reason")
    if reason is None:
        return None
    name, cure = WORDS[reason]
    left = stats.get("disk/not_stored", 0)
    return Finding(f"{name}: {left} pages not stored; {cure}, and the same command goes on from there", wrong=True)


class WatchedDownloader(Downloader):
    """Sees the errors of those downloader middlewares that keep something: no signal of Scrapy tells of them."""

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:  # noqa: ARG002
        fetched: Deferred[Response | Request] = super().fetch(request)
        return fetched.addErrback(self.failed)

    def failed(self, failure: Failure) -> Failure:
        if cause(failure.value):
            self.crawler.stats.inc_value("disk/not_stored")
            watch = cast("DiskExtension", self.crawler.get_extension(DiskExtension))
            watch.saw(failure.value)
        return failure


class DiskExtension(logging.Handler):
    """Ends the run at the first error of the disk; stats `disk/reason`, `disk/not_stored`, `run/wrong`, `run/finding`.

    What goes wrong in stages, callbacks, queues and signal handlers Scrapy only logs: so its log is listened to.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self.crawler = crawler
        assert crawler.stats is not None
        self.stats = crawler.stats
        logging.getLogger().addHandler(self)
        crawler.signals.connect(self.not_kept, signals.item_error)
        crawler.signals.connect(self.stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.saw(record.exc_info[1])

    def saw(self, error: BaseException | None) -> None:
        """End the run where an error comes from the disk."""
        reason = cause(error)
        if reason is None or self.stats.get_value("disk/reason"):
            return
        # What cannot be logged would come on standard error, with a traceback each.
        logging.raiseExceptions = False
        self.stats.set_value("disk/reason", reason)
        # Said even where the run can no longer be completed in the archive.
        self.stats.set_value("run/wrong", True)
        if self.stats.get_value("run/finding") is None:
            self.stats.set_value("run/finding", getattr(finding(self.stats.get_stats()), "sentence", None))
        engine = self.crawler.engine
        if engine is not None and engine.spider is not None:
            self.ending = asyncio.ensure_future(engine.close_spider_async(reason=reason))

    def not_kept(self, failure: Failure) -> None:
        if cause(failure.value):
            self.stats.inc_value("disk/not_stored")

    def stopped(self) -> None:
        logging.getLogger().removeHandler(self)
