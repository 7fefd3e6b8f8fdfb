"""What a run brought, against what it should have brought: one row in `runs` for each crawl of a source."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from archive import runs
from archive.article import Article, utc_now
from crawler import disk
from crawler.findings import Finding, amiss, damaged, found_wrong, polite, refusals, unmatched
from pipelines.with_archive import WithArchive
from spiders.source import Source


def counts(stats: StatsCollector | None) -> dict[str, int]:
    """The columns of `runs` that are counts, from Scrapy's stats; a crawl that has not begun has none."""
    values = stats.get_stats() if stats else {}
    return {
        "pages": values.get("recording/pages", 0),
        "new": values.get("store/new", 0),
        "changed": values.get("store/changed", 0),
        "unchanged": values.get("store/unchanged", 0) + values.get("again/unchanged", 0),
        "dropped": values.get("item_dropped_count", 0),
        "errors": values.get("run/errors", 0),
    }


def refused(stats: StatsCollector) -> dict[str, int]:
    """Pages that refused what was asked for, by cause."""
    prefix = "refused/"
    return {key.removeprefix(prefix): times for key, times in stats.get_stats().items() if key.startswith(prefix)}


def failures(stats: StatsCollector) -> dict[str, int]:
    """Requests without an answer, by the name of the error, the most frequent first."""
    prefix = "downloader/exception_type_count/"
    found = {key.rpartition(".")[2]: times for key, times in stats.get_stats().items() if key.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


STOPPED = "stopped"
"""File in a source's `jobs/` folder that says: this crawl was stopped in good order, its queue is whole."""


def _row(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "family": source.family,
        "region": source.region,
        "province": source.province,
        "start": " ".join(source.start),
        "verified": int(source.verified),
    }


class RunExtension(WithArchive):
    """Opens and completes the row; stats `run/id`. A crawl that ended by itself leaves no queue behind."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self.failed, signals.spider_error)
        crawler.signals.connect(self.failed, signals.item_error)
        crawler.signals.connect(self.scraped, signals.item_scraped)
        # Scrapy fills its queue later than it makes its extensions: what lies there now is left from a stopped crawl.
        # One that was killed left a queue that cannot be trusted: then the source is crawled anew, which loses nothing.
        self.job = Path(job) if (job := self.settings.get("JOBDIR")) else None
        self.resumed = self.job is not None and (self.job / STOPPED).exists()
        if self.job and self.resumed:
            (self.job / STOPPED).unlink()
        elif self.job:
            shutil.rmtree(self.job, ignore_errors=True)

    def failed(self) -> None:
        # Scrapy's own log_count/ERROR counts what the other crawls of this process log, too.
        self.stats.inc_value("run/errors")

    def opened(self, spider: Spider) -> None:
        super().opened(spider)
        source: Source | None = getattr(spider, "source", None)
        if source is not None:
            runs.enter_source(self.db, _row(source))
        self.sources: dict[str, Source] = dict(getattr(spider, "sources", {}))
        self.stats.set_value("run/id", runs.begin(self.db, spider.name, utc_now()))

    def scraped(self, item: Article) -> None:
        """An import has articles of several sources: each is entered with the first of its articles."""
        if source := self.sources.pop(item.source, None):
            runs.enter_source(self.db, _row(source))

    def findings(
        self, source: Source | None, expected: int | None, brought: dict[str, int], reason: str
    ) -> Iterator[Finding]:
        """All that is to be said of the run. An import is not at fault for what somebody saved."""
        stats = self.stats.get_stats()
        known = runs.known(stats)
        if expected and (stats.get("again/lists_left") or stats.get("again/complete_issues")):
            # What is behind was not looked at.
            expected = 1
        wrong = found_wrong(expected, brought, failures(self.stats), known) if reason == "finished" else None
        if wrong:
            yield Finding(wrong, wrong=True)
        yield from polite(stats, reason, self.settings.getfloat("CRAWL_DELAY_MAX"))
        turned_away = refused(self.stats)
        if soft := stats.get("again/soft_404"):
            # Known articles that are missing are told as that: nobody keeps us out.
            turned_away["not_found"] = max(0, turned_away["not_found"] - soft)
        if told := refusals(turned_away, brought["pages"], known):
            yield told if source else replace(told, wrong=False)
        if told := disk.finding(stats):
            yield told
        yield from damaged(stats)
        if source:
            yield from unmatched(source, stats, partial=stats["run/partial"] or known > 0)
        if told := amiss(stats):
            yield told

    def closed(self, spider: Spider, reason: str) -> None:
        brought = counts(self.stats)
        # A run cut short by --limit or --since, the rest of a stopped one, and one that left a host alone, are not
        # compared with a full one.
        cut_short = self.settings.get("LIMIT") or self.settings.get("SINCE") or self.stats.get_value("pace/hosts_left")
        partial = bool(cut_short or self.resumed)
        self.stats.set_value("run/partial", partial)
        source = getattr(spider, "source", None)
        expected = None if partial or source is None else source.expect.get("articles", 1)
        findings = list(self.findings(source, expected, brought, reason))
        said = "; ".join(each.sentence for each in findings) or None
        self.stats.set_value("run/finding", said)
        self.stats.set_value("run/wrong", any(each.wrong for each in findings))
        runs.finish(self.db, self.stats.get_value("run/id"), utc_now(), reason, brought, said, self.stats.get_stats())
        super().closed(spider, reason)
        if self.job and (reason == "finished" or self.stats.get_value("disk/reason")):
            # A queue that may lack what the disk had no room for is as little to be trusted.
            shutil.rmtree(self.job, ignore_errors=True)
        elif self.job and self.job.exists():
            (self.job / STOPPED).touch()
