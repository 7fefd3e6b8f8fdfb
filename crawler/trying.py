"""Try sources on their own sites: a list, one article of it, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from rich.progress import Progress
from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from archive.article import Article
from crawler.crawling import settings_for
from crawler.health import failures
from crawler.loader import hosts, spider_class
from crawler.settings import READING_STAGES
from spiders.families import Family
from spiders.source import Source

SETTINGS: dict[str, Any] = {
    # Links that are followed until one of them turns out to be an article.
    "LIMIT": 3,
    "CLOSESPIDER_ITEMCOUNT": 1,
    # A site that is slow or has nothing but lists holds nobody up.
    "CLOSESPIDER_PAGECOUNT": 20,
    "CLOSESPIDER_TIMEOUT": 120,
    "DOWNLOAD_TIMEOUT": 20,
    "RETRY_TIMES": 1,
    # What two sources have alike is a duplicate in an archive, and no fault of either.
    "ITEM_PIPELINES": READING_STAGES | {"pipelines.check.CheckStage": 500},
}

STOPPED = "stopped"
"""The fault of a source whose trial Ctrl-C ended."""

_STATUSES = range(400, 600)
"""Answers that are no pages."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one source showed."""

    source: Source
    lists: int
    """Lists, feeds and issue pages that answered."""
    links: int
    """Links to articles that were found there."""
    article: Article | None
    """The first article that came out, read and checked; None where none did."""
    fault: str | None
    """What is wrong, in a few words; None where the source is as it should be."""


class Tried(Family):
    """What a family's spider does, counted: `trial/lists`, `trial/links`."""

    def find(self, response: Response, **known: Any) -> Iterator[Request]:
        self.count("trial/lists")
        yield from super().find(response, **known)

    def articles(self, response: Response, hrefs: Iterable[str | None], **known: Any) -> Iterator[Request]:
        found = list(dict.fromkeys(hrefs))
        self.count("trial/links", len(found))
        for request in super().articles(response, found, **known):
            host = urlsplit(request.url).hostname or ""
            if not any(host == each or host.endswith(f".{each}") for each in hosts(self.source)):
                self.count(f"trial/elsewhere/{host}")
            yield request


def attempt(sources: Iterable[Source], progress: Progress, **more: Any) -> list[Trial]:
    """Try sources, all at a time and each at its own pace, robots.txt obeyed; Ctrl-C ends all of them cleanly.

    It starts Twisted's reactor, so it can be called once in a process. `more` are further settings.
    """
    with TemporaryDirectory(prefix="zhaoshang-") as folder, progress:
        settings = settings_for(Path(folder), **SETTINGS, **more)
        process = AsyncCrawlerProcess(settings)
        tried = [(source, process.create_crawler(_spider(source, Path(folder)))) for source in sources]
        task = progress.add_task("sources tried", total=len(tried), articles=0)
        articles: dict[str, Article] = {}
        for source, crawler in tried:
            _watch(crawler, source, articles)
            crawler.signals.connect(lambda: progress.advance(task), signals.spider_closed, weak=False)
            process.crawl(crawler)
        process.start()
    return [_trial(source, articles.get(source.id), stats) for source, crawler in tried if (stats := crawler.stats)]


def _spider(source: Source, data: Path) -> type[Family]:
    return type(source.id, (Tried, spider_class(source, data)), {})


def _watch(crawler: Crawler, source: Source, articles: dict[str, Article]) -> None:
    def scraped(item: Article) -> None:
        articles.setdefault(source.id, item)

    def dropped(exception: Exception) -> None:
        if crawler.stats:
            crawler.stats.set_value("trial/dropped", str(exception).partition(":")[0])

    crawler.signals.connect(scraped, signals.item_scraped, weak=False)
    crawler.signals.connect(dropped, signals.item_dropped, weak=False)


def _trial(source: Source, article: Article | None, stats: StatsCollector) -> Trial:
    lists, links = stats.get_value("trial/lists", 0), stats.get_value("trial/links", 0)
    return Trial(source, lists, links, article, fault(source, article, stats))


def fault(source: Source, article: Article | None, stats: StatsCollector) -> str | None:
    """What is wrong with a source, from the stats of its trial; None where it is as it should be."""
    values = stats.get_stats()
    if values.get("finish_reason") == "shutdown":
        return STOPPED
    refused = ", ".join(_below("refused/", values))
    if not values.get("trial/lists"):
        return f"no page: {refused or cause(stats) or 'nothing was asked for'}"
    if article is None and (errors := set(_below("spider_exceptions/", values)) - {"count"}):
        return f"an error of ours: {', '.join(sorted(errors))}; `scrapy crawl {source.id}` shows it"
    if article is None and refused:
        return f"refused: {refused}"
    if not values.get("trial/links"):
        return "no link to an article found"
    if article is None and (others := _below("trial/elsewhere/", values)):
        return f"its articles lie on {', '.join(others)}: name that in `hosts`"
    if article is None:
        return f"no article: {values.get('trial/dropped') or cause(stats) or 'nothing in the pages'}"
    if "list" in source.select and values.get("list/general") and not values.get("list/rules"):
        return "select.list matched nothing"
    if "body" in source.select and article.reading == "general":
        return "select.body matched nothing"
    return None


def cause(stats: StatsCollector) -> str:
    """Why pages did not come, as far as a crawl's stats say: robots.txt, errors, bad statuses; else empty."""
    if stats.get_value("robotstxt/forbidden"):
        return "robots.txt forbids it"
    if failed := failures(stats):
        return ", ".join(failed)
    # The answer for robots.txt itself is among them, and most sites have none.
    counted = "response_status_count"
    times = {
        status: stats.get_value(f"downloader/{counted}/{status}", 0)
        - stats.get_value(f"robotstxt/{counted}/{status}", 0)
        for status in _STATUSES
    }
    return ", ".join(f"HTTP {status}" for status, count in times.items() if count > 0)


def _below(prefix: str, values: dict[str, Any]) -> list[str]:
    return sorted(key.removeprefix(prefix) for key in values if key.startswith(prefix))
