"""What the components of a crawl share that keep something: the archive is open while the spider runs."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from sqlite_utils import Database

from archive.database import open_archive


class WithArchive:
    """A pipeline, middleware or extension with `db`, `folder` and `stats`; `opened` and `closed` may be extended."""

    db: Database

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self.stats = crawler.stats
        self.settings = crawler.settings
        self.folder = Path(crawler.settings["DATA_DIR"])
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def opened(self, spider: Spider) -> None:  # noqa: ARG002 - for those that extend it
        self.db = open_archive(self.folder)

    def closed(self, spider: Spider, reason: str) -> None:  # noqa: ARG002
        self.db.close()
