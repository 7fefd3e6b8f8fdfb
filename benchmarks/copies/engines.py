"""What groups a stream of articles: this project as it is used, and peers in memory."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from archive.article import Article, Page, RecordPlace, utc_now
from archive.database import open_archive, save, save_page
from archive.stories import joining
from archive.stories.words import words
from archive.writing import writing
from benchmarks.copies.corpus import Corpus, Item, stream

BATCH = 500
"""Articles a transaction, as an import has them."""
SHINGLE, PERMUTATIONS = 4, 128
_COLUMNS = (
    "id, url, source, title, text, published, published_precision, damage, first_fetched, last_fetched, version, "
    "page_id, authors"
)
_INSERT = f"insert into articles({_COLUMNS}) values ({'?, ' * 12} '[]')"
NAMED = 1000
"""Papers that the articles are from."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of an engine's run."""

    engine: str
    groups: array[int]
    """The group of each article, by its number in the corpus."""
    seconds: float
    """For all that the engine does, reading the corpus apart."""
    processor: float
    """Of these, the seconds of its own processor time: on a busy machine the truer measure."""
    peak: int
    """The most memory that its process held, bytes."""
    disk: int
    """Bytes on disk."""
    texts: int
    """Bytes (UTF-8) of the headlines and texts themselves."""
    curve: tuple[tuple[int, float, int], ...]
    """Articles so far, seconds so far, peak memory so far."""
    apart: dict[str, float]
    """Seconds of its parts."""


class Clock:
    """Adds up what passes inside `with`."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __enter__(self) -> None:
        self._begun = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._begun[0]
        self.processor += time.process_time() - self._begun[1]


class Grouping:
    """An engine at work: `add` takes articles as they come, `groups` tells at the end which belong together."""

    def add(self, items: Sequence[Item]) -> None:
        raise NotImplementedError

    def groups(self, size: int) -> array[int]:
        raise NotImplementedError

    def parts(self) -> dict[str, float]:
        return {}


class Stories(Grouping):
    """The stories of this project, in `archive.db`: rows into `articles`, then `join`, so many in a transaction."""

    def __init__(self, folder: Path, *, index: bool = False) -> None:
        self.db = open_archive(folder)
        if not index:
            triggers = self.db.execute(
                "select name from sqlite_master where type = 'trigger' and tbl_name = 'articles'"
            )
            for (name,) in triggers.fetchall():
                self.db.execute(f"drop trigger {name}")
        page = Page("http://a.example/", "", utc_now(), digest="sha1:-")
        self.page_id = save_page(self.db, page, RecordPlace("-", 0, 0), None)
        self.db.conn.commit()
        self.joining = 0.0

    def add(self, items: Sequence[Item]) -> None:
        with writing(self.db):
            for item in items:
                self.db.conn.execute(_INSERT, self._row(item))
                begun = time.perf_counter()
                joining.join(self.db, item.number + 1)
                self.joining += time.perf_counter() - begun

    def _row(self, item: Item) -> tuple[Any, ...]:
        day = f"2025-{item.number % 12 + 1:02}-{item.number % 28 + 1:02}"
        source, seen = f"paper{item.number % NAMED}", f"{day}T08:00:00Z"
        url = f"http://{source}.example/{item.number}"
        return (
            item.number + 1, url, source, item.title, item.text, f"{day}T00:00:00+08:00", "day", 0, seen, seen, 1,
            self.page_id,
        )  # fmt: skip

    def groups(self, size: int) -> array[int]:
        found = array("q", [-1]) * size
        with closing(self.db.conn) as connection:
            for article_id, story_id in connection.execute("select id, story_id from articles"):
                found[article_id - 1] = story_id
            connection.execute("pragma wal_checkpoint(truncate)")
        return found

    def parts(self) -> dict[str, float]:
        return {"joining": self.joining}


class Saved(Stories):
    """The same by way of `save`, with the full text index."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, index=True)
        self.page = Page("http://a.example/", "", utc_now(), digest="sha1:-", id=self.page_id)
        self.numbers: list[tuple[int, int]] = []

    def add(self, items: Sequence[Item]) -> None:
        with writing(self.db):
            for item in items:
                row = self._row(item)
                article = Article(row[1], row[2], self.page, title=item.title, text=item.text, published=row[5])
                saved = save(self.db, article)
                assert saved.id is not None
                self.numbers.append((item.number, saved.id))

    def groups(self, size: int) -> array[int]:
        found = array("q", [-1]) * size
        with closing(self.db.conn) as connection:
            of = dict(connection.execute("select id, story_id from articles"))
            connection.execute("pragma wal_checkpoint(truncate)")
        for number, article_id in self.numbers:
            found[number] = of[article_id]
        return found


class Unions(Grouping):
    """Groups of articles that are connected by pairs."""

    def __init__(self) -> None:
        self.above: dict[int, int] = {}

    def find(self, each: int) -> int:
        while self.above.setdefault(each, each) != each:
            self.above[each] = self.above[self.above[each]]
            each = self.above[each]
        return each

    def unite(self, one: int, other: int) -> None:
        self.above[self.find(one)] = self.find(other)

    def groups(self, size: int) -> array[int]:
        return array("q", map(self.find, range(size)))


class MinHashes(Unions):
    """datasketch: MinHashLSH over runs of four characters, whatever it finds united."""

    def __init__(self, _: Path, threshold: float) -> None:
        from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 only benchmarks have it

        super().__init__()
        self.make, self.lsh = MinHash, MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)

    def add(self, items: Sequence[Item]) -> None:
        for item in items:
            minhash = self.make(num_perm=PERMUTATIONS)
            minhash.update_batch([run.encode() for run in set(_runs(item))])
            for other in self.lsh.query(minhash):
                self.unite(item.number, other)
            self.lsh.insert(item.number, minhash)


class Simhashes(Unions):
    """simhash: 64 bits over runs of four characters, at most `k` bits apart."""

    def __init__(self, _: Path, k: int) -> None:
        from simhash import Simhash, SimhashIndex  # noqa: PLC0415 only benchmarks have it

        super().__init__()
        self.make, self.index = Simhash, SimhashIndex([], k=k)

    def add(self, items: Sequence[Item]) -> None:
        for item in items:
            value = self.make(_runs(item))
            for other in self.index.get_near_dups(value):
                self.unite(item.number, int(other))
            self.index.add(str(item.number), value)


def _runs(item: Item) -> list[str]:
    plain = words(item.text)
    return [plain[place : place + SHINGLE] for place in range(max(len(plain) - SHINGLE + 1, 1))]


ENGINES: dict[str, Callable[[Path], Grouping]] = {
    "zhaoshang": Stories,
    "with search index": Saved,
    "datasketch .5": lambda folder: MinHashes(folder, 0.5),
    "datasketch .3": lambda folder: MinHashes(folder, 0.3),
    "simhash 3": lambda folder: Simhashes(folder, 3),
    "simhash 10": lambda folder: Simhashes(folder, 10),
}


def run(engine: str, corpus: Corpus, folder: Path) -> Run:
    """One engine over a corpus, in a process of its own, so that its peak memory is its own."""
    folder.mkdir()
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (engine, corpus.path, corpus.order, folder))


def _run(engine: str, path: Path, order: Path, folder: Path) -> Run:
    clock = Clock()
    with clock:
        grouping = ENGINES[engine](folder)
    done, texts, curve = 0, 0, []
    items = stream(path, order)
    while batch := list(islice(items, BATCH)):
        with clock:
            grouping.add(batch)
        done += len(batch)
        texts += sum(len(f"{item.title}{item.text}".encode()) for item in batch)
        if done % 10_000 == 0:
            curve.append((done, clock.seconds, _peak()))
    with clock:
        groups = grouping.groups(done)
    disk = sum(each.stat().st_size for each in folder.iterdir())
    return Run(engine, groups, clock.seconds, clock.processor, _peak(), disk, texts, tuple(curve), grouping.parts())


def _peak() -> int:
    """Of this process, in bytes. Linux says it of what was started before, too, if asked by getrusage."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    return getrusage(RUSAGE_SELF).ru_maxrss
