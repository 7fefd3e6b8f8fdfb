"""A Scrapy spider loader: one spider per source file, so that `scrapy list` and `scrapy crawl ID` work as ever."""

from __future__ import annotations

import builtins
import logging
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from spiders import source as sources
from spiders.families import REGISTRY
from spiders.source import Source

logger = logging.getLogger(__name__)


class SourceLoader:
    """Loads sources as spiders. A broken file is said, and spoils only its own spider."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.data = data
        self.sources, self.faults = sources.load_sound(folder)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        loader = cls(Path(settings.get("SOURCES_DIR") or sources.FOLDER), Path(settings["DATA_DIR"]))
        for fault in loader.faults.values():
            logger.error("%s", fault)
        return loader

    def list(self) -> list[str]:
        return sorted(self.sources)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a source. Raises KeyError for an unknown id, SourceError for a broken file."""
        if spider_name in self.faults:
            raise self.faults[spider_name]
        if spider_name not in self.sources:
            raise KeyError(f"Spider not found: {spider_name}")
        return spider_class(self.sources[spider_name], self.data)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        host = urlsplit(request.url).hostname
        return [name for name, source in self.sources.items() if host in hosts(source)]


def hosts(source: Source) -> list[str]:
    """The hosts a source's addresses lie on: those of its start addresses and issues, and those it names."""
    addresses = (*source.start, *filter(None, (source.issue,)))
    return sorted({*source.hosts, *(host for url in addresses if (host := urlsplit(url).hostname))})


def spider_class(source: Source, data: Path) -> type[Spider]:
    """The family's spider, filled in with one source."""
    delay, concurrency = source.polite["delay"], int(source.polite["concurrency"])
    settings: dict[str, Any] = {
        "DOWNLOAD_DELAY": delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        # One that waits behind each that is going on: what else was taken out of the queue would still be asked for
        # when a run is to stop, a delay after the other.
        "CONCURRENT_REQUESTS": min(16, (concurrency + 1) * len(hosts(source))),
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": concurrency,
        # Requests not yet done when a crawl is stopped; `RunExtension` clears them when one ends by itself.
        "JOBDIR": str(data / "jobs" / source.id),
    }
    if budget := source.polite.get("budget"):
        settings["REQUEST_BUDGET"] = int(budget)
    attributes = {"name": source.id, "source": source, "allowed_domains": hosts(source), "custom_settings": settings}
    return type(source.id, (REGISTRY[source.family],), attributes)
