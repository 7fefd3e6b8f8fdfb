"""Extension: whoever crawls a source, also by `scrapy crawl`, does so alone, by name, and for its own group."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler import contact, locks, permissions


class AloneExtension:
    """The first of all: it comes into being before anything under the data folder is touched.

    Raises BusyError where another process crawls the same source, NoContactError where a site would be asked without
    knowing by whom.
    """

    def __init__(self, crawler: Crawler) -> None:
        source = getattr(crawler.spidercls, "source", None)
        if source is None:
            raise NotConfigured
        contact.require_contact([source])
        permissions.restrict()
        self.held = ExitStack()
        self.held.enter_context(locks.hold(Path(crawler.settings["DATA_DIR"]), [source.id]))
        # Later than the spider's end, at which others still put their things away.
        crawler.signals.connect(self.stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def stopped(self) -> None:
        self.held.close()
