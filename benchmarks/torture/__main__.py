"""`make torture`: a crawl of the sample province is killed again and again, and must end with exactly the truth.

`make torture ARGS="--kills 200 --seed 7"`. Exit status 1 where an archive is not what an undisturbed crawl has made.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks.torture.child import AT_ONCE, HALF, PLACES
from benchmarks.torture.compared import differences, faults, fetched_again, holdings
from benchmarks.torture.crawls import Crawls
from benchmarks.torture.disks import NoDiskError, small_disk
from crawler.demo.province import SITES
from crawler.demo.server import SampleServer

SOURCES = [site.SOURCE for site in SITES]

AT_ANY_MOMENT = "at any moment"


@click.command()
@click.option("--kills", type=click.IntRange(min=1), default=50, show_default=True, help="So many at least.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the moments and places.")
@click.option("--sources", default=",".join(SOURCES), help="Which of the province, by commas.")
def main(kills: int, seed: int, sources: str) -> None:
    """Kill crawls at random moments and at named places, a crawl being begun anew whenever one has come to its end."""
    chosen = sources.split(",")
    random_ = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder, Crawls() as crawls:
        table = Table("archive", "kills", "crawls", "pages asked for", "again, articles", "again, lists", "wrong")
        data = Path(folder) / "undisturbed"
        with SampleServer() as server:
            begun = time.monotonic()
            done = crawls.crawl(data, server, chosen)
            seconds = time.monotonic() - begun
            if done.returncode:
                sys.exit(done.stderr)
            _rest(crawls, data, server, chosen)
            table.add_row("undisturbed", "0", "2", str(len(server.requests)), *map(str, fetched_again(data)), "")
        truth = holdings(data)
        where: Counter[str] = Counter()
        wrong: list[str] = []
        number = 0
        while where.total() < kills:
            number += 1
            data = Path(folder) / str(number)
            found, row, died = _until_done(crawls, data, chosen, random_, seconds, kills - where.total())
            found += [f"undisturbed: {each}" for each in differences(data, truth)] + faults(data)
            wrong += [f"archive {number}: {each}" for each in found]
            where += died
            table.add_row(str(number), str(died.total()), *row, str(len(found) or ""))
        data = Path(folder) / "small"
        try:
            with small_disk(data) as grow:
                found, row, times = _until_it_fits(crawls, data, chosen, grow)
                found += [f"undisturbed: {each}" for each in differences(data, truth)] + faults(data)
            wrong += [f"on a small disk: {each}" for each in found]
            table.add_row(f"disk full {times} times", "0", *row, str(len(found) or ""))
        except NoDiskError as error:
            table.add_row("disk full", "0", "0", *[""] * 3, str(error))
        console = Console(width=110)
        console.print(f"{where.total()} kills, seed {seed}, {len(chosen)} sources, {seconds:.0f} s undisturbed")
        console.print(table)
        places = Table("killed", "times")
        for place, times in where.most_common():
            places.add_row(place, str(times))
        console.print(places)
    sys.exit("\n".join(wrong) if wrong else 0)


def _rest(crawls: Crawls, data: Path, server: SampleServer, sources: list[str]) -> None:
    """Crawl once more: what a crawl missed, since a server was busy, is there then, in any archive."""
    crawls.crawl(data, server, sources)


def _until_done(
    crawls: Crawls, data: Path, sources: list[str], random_: random.Random, seconds: float, kills: int
) -> tuple[list[str], list[str], Counter[str]]:
    """Crawl until one comes to its end; what was said that should not be, figures of the archive, kills by place."""
    died: Counter[str] = Counter()
    begun, torn = 0, False
    found: list[str] = []
    with SampleServer() as server:
        while True:
            begun += 1
            place = "a torn record being cut" if torn else random_.choice([AT_ANY_MOMENT] * len(PLACES) + list(PLACES))
            if died.total() >= kills:
                done = crawls.crawl(data, server, sources)
            elif place == AT_ANY_MOMENT:
                done = crawls.crawl(data, server, sources, seconds=random_.random() * seconds)
            else:
                times = 1 if place in AT_ONCE else random_.randint(1, 15)
                done = crawls.crawl(data, server, sources, die=place, times=times)
            # What was torn is cut by a crawl that dies of it, every second time.
            torn = place == HALF and done.returncode < 0 and random_.random() < 1 / 2
            if done.returncode >= 0 and (data / "archive.db").exists():
                found += [done.stderr] if done.returncode else []
                _rest(crawls, data, server, sources)
                return found, [str(begun + 1), str(len(server.requests)), *map(str, fetched_again(data))], died
            died[place] += 1


def _until_it_fits(
    crawls: Crawls, data: Path, sources: list[str], grow: Callable[[int], None]
) -> tuple[list[str], list[str], int]:
    """Crawl until the disk is large enough; what was said that should not be, figures, how often it was too small."""
    found: list[str] = []
    times = 0
    with SampleServer() as server:
        for megabytes in count(3):
            grow(megabytes)
            done = crawls.crawl(data, server, sources)
            if done.returncode == 0:
                _rest(crawls, data, server, sources)
                return found, [str(times + 2), str(len(server.requests)), *map(str, fetched_again(data))], times
            times += 1
            if len(done.stderr.splitlines()) > 1 or ("full" not in done.stderr):
                found.append(done.stderr)
    raise AssertionError


if __name__ == "__main__":
    main()
