"""Run crawls in this process, several sources at a time, and say what they brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.database import open_archive
from crawler import progress
from crawler.health import counts, refused
from crawler.loader import SourceLoader
from crawler.replay import KeptPages
from spiders.source import Source


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crawl of one source brought."""

    source: str
    reason: str
    """Scrapy's finish reason; `shutdown` after Ctrl-C."""
    counts: dict[str, int]
    """As in the columns of `runs`."""
    charsets: dict[str, int]
    """Pages by charset."""
    false_labels: int
    """Pages whose label was not true."""
    seconds: float
    refused: dict[str, int]
    """Pages that refused what was asked for, by cause."""
    finding: str | None
    """What is to be said of the run, in sentences."""
    wrong: bool
    """Whether the run is not as it should be."""
    stats: dict[str, Any]
    """All of Scrapy's stats."""


def settings_for(data: Path, variant: str = "crawler.settings", **more: Any) -> Settings:
    """The project's settings, over a data folder, logging into its `jobs/crawl.log`.

    Raises ArchiveError where the folder's archive cannot be opened, before anything is fetched.
    """
    open_archive(data).close()
    jobs = data / "jobs"
    jobs.mkdir(exist_ok=True)
    settings = Settings()
    settings.setmodule(variant, priority="project")
    settings.setdict({"DATA_DIR": str(data), "LOG_FILE": str(jobs / "crawl.log"), **more}, priority="cmdline")
    return settings


def crawl(names: Iterable[str], settings: Settings, bars: Progress) -> list[Outcome]:
    """Crawl sources; Ctrl-C ends all of them cleanly. Raises KeyError for an unknown one, SourceError for a broken one.

    It starts Twisted's reactor, so it can be called once in a process.
    """
    loader = SourceLoader.from_settings(settings)
    spiders = [loader.load(name) for name in names]
    process = AsyncCrawlerProcess(settings)
    return _run(process, [(process.create_crawler(spider), {}) for spider in spiders], bars)


def replay(
    paths: Iterable[Path], source: Source | None, settings: Settings, bars: Progress, report: Callable[[str], None]
) -> Outcome:
    """Take kept pages into the archive; `report` hears of each file that holds none."""
    process = AsyncCrawlerProcess(settings)
    arguments = {"paths": paths, "source": source, "report": report}
    return _run(process, [(process.create_crawler(KeptPages), arguments)], bars)[0]


def _run(process: AsyncCrawlerProcess, crawlers: list[tuple[Crawler, dict[str, Any]]], bars: Progress) -> list[Outcome]:
    with bars:
        for crawler, arguments in crawlers:
            progress.watch(crawler, bars)
            process.crawl(crawler, **arguments)
        process.start()
    return [_outcome(crawler) for crawler, _ in crawlers]


def _outcome(crawler: Crawler) -> Outcome:
    stats = crawler.stats.get_stats() if crawler.stats else {}
    prefix = "decode/charset/"
    return Outcome(
        source=crawler.spider.name if crawler.spider else crawler.spidercls.name,
        reason=stats.get("finish_reason", "not started"),
        counts=counts(crawler.stats),
        charsets={key.removeprefix(prefix): value for key, value in stats.items() if key.startswith(prefix)},
        false_labels=stats.get("decode/false_label", 0),
        seconds=stats.get("elapsed_time_seconds", 0.0),
        refused=refused(crawler.stats) if crawler.stats else {},
        finding=stats.get("run/finding"),
        wrong=stats.get("run/wrong", False),
        stats=stats,
    )
