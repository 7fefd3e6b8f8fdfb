"""A progress bar for each source where a terminal looks on, a line at its end where none does."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import track as rich_track

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

Row = TypeVar("Row")


def bars(console: Console) -> Progress:
    """Bars for several sources at once; they draw nothing where the console is no terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed} pages"),
        TextColumn("{task.fields[articles]} articles"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def track(rows: Iterable[Row], total: int, console: Console, *, hidden: bool) -> Iterable[Row]:
    """Hand rows on, with a bar on a terminal unless the rows themselves go there."""
    disable = hidden or not console.is_terminal
    return rich_track(rows, "articles", total, console=console, disable=disable, transient=True)


def watch(crawler: Crawler, progress: Progress) -> None:
    """Show on a bar how far a crawl is."""
    # Imported here: what only shows the progress of an export need not wait for Scrapy.
    signals, health = import_module("scrapy.signals"), import_module("crawler.health")
    task = progress.add_task(crawler.spidercls.name, total=None, articles=0)

    def advanced(**_: Any) -> None:
        brought = health.counts(crawler.stats)
        articles = brought["new"] + brought["changed"] + brought["unchanged"]
        progress.update(task, completed=brought["pages"], articles=articles)

    def closed(spider: Spider, reason: str) -> None:
        brought = health.counts(crawler.stats)
        advanced()
        progress.update(task, total=max(brought["pages"], 1))
        if not progress.console.is_terminal:
            turned_away = sum(health.refused(crawler.stats).values())
            # Rich leaves by SystemExit where the reader of a pipe has gone away (`| head -1`). Here that would tear the
            # reactor out of its loop, and its threads would wait for ever.
            with suppress(SystemExit):
                progress.console.print(
                    f"{spider.name}: {reason}, {brought['pages']} pages, {brought['new']} new,"
                    f" {brought['changed']} changed, {brought['unchanged']} unchanged, {brought['dropped']} dropped"
                    f"{f', {turned_away} refused' if turned_away else ''}",
                    highlight=False,
                    soft_wrap=True,
                )

    for handler, signal in (
        (advanced, signals.response_received),
        (advanced, signals.item_scraped),
        (closed, signals.spider_closed),
    ):
        crawler.signals.connect(handler, signal, weak=False)
