"""The site under load: eight readers at once over real HTTP, without and with a crawl that writes.

`make bench ARGS="serving 200000"` takes so many articles instead of 20,000.
"""

from __future__ import annotations

import asyncio
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote
from urllib.request import urlopen

import httpx
from rich.table import Table

from archive.database import open_archive
from archive.search.find import where
from archive.search.query import parse
from benchmarks.copies import corpus
from benchmarks.serving_archive import fill, save_steadily

SIZE = 20_000
CLIENTS = 8
REQUESTS = 240
"""Of each kind of page; the first of each are not counted."""
WARMING = 16
FEW = 24
"""Of those that take seconds: Datasette's table of what a search finds."""
STOCK = "Datasette's table"
COMMON = (0.3, 0.5)
"""Share of all articles that a broad query finds."""
RARE = (0.005, 0.01)
"""Share of some texts that have a word which makes a query another one and finds next to nothing more."""

TARGETS = {
    "front page": 100,
    "search, narrow": 150,
    "search, broad": 300,
    "search, broad, newest": 300,
    "search, broad, each once": 300,
    "article": 50,
}
"""Milliseconds below which 95 of 100 answers are to stay."""


def table(size: int = SIZE) -> Table:
    """One table; the server and the writer have processes of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = corpus.build(folder, size)
        print(f"filling an archive with {size:,} articles", file=sys.stderr)
        fill(folder / "data", built)
        return measured(folder / "data", built)


def measured(data: Path, built: corpus.Corpus) -> Table:
    """The table of an archive that is filled with a corpus."""
    kinds = addresses(data, random.Random(1))
    shown = Table(title=f"the site, {len(built.kinds):,} articles, {CLIENTS} readers at once", caption=_caption(kinds))
    for header in ("", "asked, ms", "median, ms", "95 of 100 below, ms", "while a crawl writes, ms", "requests/s"):
        shown.add_column(header, justify="right" if header else "left")
    with served(data) as address:
        quiet = _loads(address, kinds)
        with save_steadily(data, built):
            busy = _loads(address, {kind: paths for kind, paths in kinds.items() if not kind.startswith(STOCK)})
    for kind, (times, seconds) in quiet.items():
        shown.add_row(
            kind, str(TARGETS.get(kind, "")), f"{quantiles(times, n=2)[0]:.0f}", f"{_most(times):.0f}",
            f"{_most(busy[kind][0]):.0f}" if kind in busy else "", f"{len(times) / seconds:.1f}",
        )  # fmt: skip
    return shown


def addresses(data: Path, chance: random.Random) -> dict[str, list[str]]:
    """What is asked for, by the kind of page; no address comes twice where there are enough."""
    db = open_archive(data)
    total = db.execute("select count(*) from articles").fetchone()[0]
    texts = [row[0] for row in db.execute("select text from articles order by id limit 400")]
    narrow: list[str] = []
    while len(narrow) < REQUESTS:
        text = chance.choice(texts)
        place = chance.randrange(len(text) - 5)
        word = text[place : place + 5]
        if word.isalpha():
            narrow.append(f"/-/search?q={quote(word)}")
    rare = _likely(texts, RARE)
    broad = [
        quote(pair) for pair in _likely(texts, COMMON) if COMMON[0] * total <= _found(db, pair) <= COMMON[1] * total
    ]
    db.close()
    return {
        "front page": ["/"],
        "search, narrow": narrow,
        "search, broad": [f"/-/search?q={words}" for words in broad],
        "search, broad, newest": [f"/-/search?q={words}&sort=newest" for words in broad],
        # Nothing that is remembered of one helps the next: each has another word beside it, which is rare.
        "search, broad, each once": [
            f"/-/search?q={broad[place % len(broad)]}+OR+{quote(pair)}"
            for place, pair in enumerate(rare[: 2 * REQUESTS])
        ],
        "article": [f"/archive/articles/{chance.randint(1, total)}" for _ in range(REQUESTS)],
        "story": [f"/-/story/{chance.randint(1, total // 2)}" for _ in range(REQUESTS)],
        "Datasette's table, narrow": [each.replace("/-/search?q=", "/archive/articles?_search=") for each in narrow],
        "Datasette's table, broad": [f"/archive/articles?_search={words}" for words in broad],
    }


def _loads(address: str, kinds: dict[str, list[str]]) -> dict[str, tuple[list[float], float]]:
    found = {}
    for kind, paths in kinds.items():
        print(kind, file=sys.stderr)
        found[kind] = asyncio.run(load(address, paths, FEW if kind.startswith(STOCK) else REQUESTS))
    return found


async def load(address: str, paths: Sequence[str], number: int) -> tuple[list[float], float]:
    """Milliseconds of each answer, and the seconds that all of them took."""
    warming = min(WARMING, number // 3)
    waiting = iter([paths[place % len(paths)] for place in range(number + warming)])
    times: list[float] = []

    async def reader(client: httpx.AsyncClient) -> None:
        for path in waiting:
            begun = time.perf_counter()
            answer = await client.get(address + path)
            if answer.status_code not in (200, 302, 404):
                raise RuntimeError(f"{path}: {answer.status_code}")
            times.append(1000 * (time.perf_counter() - begun))

    begun = time.perf_counter()
    async with httpx.AsyncClient(timeout=60) as client:
        await asyncio.gather(*(reader(client) for _ in range(CLIENTS)))
    return times[warming:], time.perf_counter() - begun


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the site over an archive, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("zhaoshang"), "--data", data, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        while process.poll() is None:
            try:
                urlopen(f"{address}/-/versions.json", timeout=30).close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        yield address
        process.terminate()


def _likely(texts: Sequence[str], share: tuple[float, float]) -> list[str]:
    """Pairs of characters that about such a share of some texts have."""
    times = Counter(pair for text in texts for pair in {text[place : place + 2] for place in range(len(text) - 1)})
    some = range(int(share[0] * len(texts)), int(share[1] * len(texts)))
    return sorted(pair for pair, number in times.items() if number in some and pair.isalpha())


def _found(db: object, words: str) -> int:
    condition, parameters = where(parse(words))
    return int(db.execute(f"select count(*) from articles where {condition}", parameters).fetchone()[0])  # type: ignore[attr-defined]


def _most(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[18]


def _caption(kinds: dict[str, list[str]]) -> str:
    return (
        f"{REQUESTS} requests of each kind, {len(kinds['search, narrow'])} narrow queries of five characters, "
        f"{len(kinds['search, broad'])} broad ones of two that find {COMMON[0]:.0%}-{COMMON[1]:.0%} of all articles. "
        "The readers, the server and the writer share the machine."
    )
