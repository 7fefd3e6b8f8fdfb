"""Crawls of the sample province, each a process of its own, that may die at a named place, or find the disk full there.

The product has no failpoints: they are put into this process only, in front of what stands at that place.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

from archive import article
from crawler import kept

HALF = "half a WARC record written"

PLACES = {
    HALF: "",
    "a torn record being cut": "archive.tearing.truncate",
    "record written, no row of its page": "crawler.recording.save_page",
    "page entered, address not": "archive.visits.answered",
    "address entered, no article": "pipelines.store.save",
    "inside the transaction of an article": "archive.stories.joining.join",
    "article stored, address open": "archive.visits.keep",
    "crawl done, run not": "archive.runs.finish",
}
"""Where a crawl can be made to die, and the function before whose call that is. One is torn before it can be cut."""

AT_ONCE = ("a torn record being cut", "crawl done, run not")
"""Those that are called once in a run."""

HANDLER = "scrapy.core.downloader.handlers.http11"

PAGE = "<h1>西河县招商会开到车间里</h1><p>2024-03-12 来源：西河日报</p><p>十二日，三十七位客商听厂长讲话。</p>"

Then = Callable[[], None]


class Countdown:
    """Does something at the n-th call."""

    def __init__(self, times: int, do: Then) -> None:
        self.left = times
        self.do = do

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.do()


def die() -> None:
    """End as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def failing(name: str) -> None:
    """Raise an error of the disk, by its name: ENOSPC."""
    number = getattr(errno, name)
    raise OSError(number, os.strerror(number))


def before(name: str, then: Then) -> None:
    """Let `then` be called before each call of a function, where it is looked up by that name."""
    module, _, function = name.rpartition(".")
    room = importlib.import_module(module)
    whole = getattr(room, function)

    def called(*args: Any, **named: Any) -> Any:
        then()
        return whole(*args, **named)

    setattr(room, function, called)


def half_written(then: Countdown) -> None:
    """Let half of what goes into WARC files be written, at the n-th write, before something happens."""
    opened = Path.open

    class HalfWritten(FileIO):
        def write(self, data: Any) -> int:
            if then.left == 1:
                super().write(bytes(data)[: len(data) // 2])
            then()
            return super().write(data)

    def open_(self: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
        if self.name.endswith(".warc.gz") and "x" in mode:
            return HalfWritten(self, mode.replace("b", ""))
        return opened(self, mode, *args, **named)

    Path.open = open_  # type: ignore[method-assign]


def with_pragma(pragma: str) -> None:
    """Let SQLite be told something in each connection of a crawl."""
    room = importlib.import_module("pipelines.with_archive")
    opened = room.open_archive

    def limited(folder: Path) -> Any:
        db = opened(folder)
        db.execute(f"pragma {pragma}")
        return db

    room.open_archive = limited


def at(moment: str) -> None:
    """Set the clock: every room has `utc_now` by name."""
    clock = article.utc_now
    for room in list(sys.modules.values()):
        if getattr(room, "utc_now", None) is clock:
            room.utc_now = lambda: datetime.fromisoformat(moment)  # type: ignore[attr-defined]


def prepare(asked: dict[str, Any]) -> None:
    """Put in what was asked for.

    {"die": place, "times": n}, {"error": "ENOSPC", "times": n} for WARC, {"pragma": …} for SQLite, {"at": moment}.
    """
    if moment := asked.get("at"):
        at(moment)
    then = Countdown(asked.get("times", 1), partial(failing, asked["error"]) if "error" in asked else die)
    place = HALF if "error" in asked else asked.get("die")
    if place == HALF:
        half_written(then)
    elif place:
        before(PLACES[place], then)
    if pragma := asked.get("pragma"):
        with_pragma(pragma)


def crawl(asked: dict[str, Any]) -> None:
    """Crawl as `zhaoshang crawl` does, from the server that was asked for; end with its exit status."""
    from crawler import cli, crawling, progress, tables  # noqa: PLC0415

    @cli.main.command("torture")  # type: ignore[untyped-decorator]
    def torture() -> None:
        settings = crawling.settings_for(Path(asked["data"]), SAMPLE_PROXY=asked["proxy"], **asked.get("settings", {}))
        outcomes = crawling.crawl(asked["sources"], settings, progress.bars(tables.console()))
        cli._judge(outcomes)  # noqa: SLF001 - what every command that crawls ends with

    prepare(asked)
    cli.main(["--data", asked["data"], "torture"])


def load() -> None:
    """Import all that a crawl needs, and read a page: tables are made with the first."""
    settings = importlib.import_module("crawler.settings")
    for name in (*settings.ITEM_PIPELINES, *settings.DOWNLOADER_MIDDLEWARES, *settings.EXTENSIONS, settings.DOWNLOADER):
        importlib.import_module(name.rpartition(".")[0])
    for name in ("crawler.cli", "crawler.crawling", "archive.mending", "spiders.families", HANDLER):
        importlib.import_module(name)
    page = kept.Kept("http://a.example/1.html", PAGE.encode(), article.utc_now())
    importlib.import_module("crawler.reading").read(kept.page(page))


def main() -> None:
    """Fork a process for each line of JSON on standard input; answer with its id, then with its status.

    To import the rooms takes longer than a small crawl, so they are imported once.
    """
    load()
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if not pid:
            for stream, name in ((1, "out"), (2, "err")):
                os.dup2(os.open(asked[name], os.O_CREAT | os.O_WRONLY | os.O_TRUNC), stream)
            crawl(asked)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
