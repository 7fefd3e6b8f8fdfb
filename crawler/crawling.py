"""Run crawls in this process, several sources at a time, and say what they brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rich.progress import Progress
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.database import open_archive
from crawler import progress
from crawler.health import counts, refused
from crawler.loader import SourceLoader
from crawler.rebuilding import NotAllReadError, RebuiltPages
from crawler.replay import KeptPages
from spiders.source import Source

Crawled = TypeVar("Crawled")


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


def rebuild(folder: Path, warc_folder: Path, settings: Settings, bars: Progress) -> Outcome:
    """Read the pages that are entered in the archive of a folder again, each out of its WARC record.

    Raises NotAllReadError where it was stopped.
    """
    process = AsyncCrawlerProcess(settings)
    arguments = {"folder": folder, "warc_folder": warc_folder}
    outcome = _run(process, [(process.create_crawler(RebuiltPages), arguments)], bars)[0]
    if outcome.reason != "finished" or not outcome.stats.get("rebuild/complete"):
        raise NotAllReadError
    return outcome


def _run(process: AsyncCrawlerProcess, crawlers: list[tuple[Crawler, dict[str, Any]]], bars: Progress) -> list[Outcome]:
    with bars:
        for crawler, _ in crawlers:
            progress.watch(crawler, bars)
        for chain in by_hosts(crawlers, lambda each: getattr(each[0].spidercls, "allowed_domains", ())):
            _start(process, chain)
        process.start()
    return [_outcome(crawler) for crawler, _ in crawlers]


def _start(process: AsyncCrawlerProcess, chain: list[tuple[Crawler, dict[str, Any]]]) -> None:
    """Crawl one after the other, unless Ctrl-C ends the first."""
    (crawler, arguments), *others = chain

    def ended(_: Any) -> None:
        if others and crawler.stats and crawler.stats.get_value("finish_reason") != "shutdown":
            _start(process, others)

    process.crawl(crawler, **arguments).add_done_callback(ended)


def by_hosts(each: Iterable[Crawled], hosts: Callable[[Crawled], Iterable[str]]) -> list[list[Crawled]]:
    """What shares a host, together: two sources of one site at a time would ask it twice as often as each may.

    >>> by_hosts(["a b", "c", "b d", "e"], str.split)
    [['c'], ['a b', 'b d'], ['e']]
    """
    chains: list[tuple[set[str], list[Crawled]]] = []
    for one in each:
        own = set(hosts(one))
        joined = [chain for chain in chains if chain[0] & own]
        chains = [chain for chain in chains if not chain[0] & own]
        chains.append((own.union(*(chain[0] for chain in joined)), [*(i for chain in joined for i in chain[1]), one]))
    return [chain for _, chain in chains]


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
