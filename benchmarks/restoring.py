"""How texts come back: by kind of fault, by share of bytes lost, clean text left alone, speed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from rich.console import Group
from rich.table import Table

from benchmarks import clean, faults
from benchmarks.restored import Count, counted, ftfy, ftfy_as_it_comes, ours, sampled

MEGABYTE = 1_000_000
ROUNDS = 5
SPEED_SAMPLE = 500_000
"""Bytes of UTF-8 that are restored in each round of the speed table, about."""
LOSSY_SHARE = 10
"""Of the lossy decodings, which are many, each is done to one article in so many."""
SPEED_SHARE = 4
"""Of the spoiled articles, one in so many is restored in each of these rounds."""
FTFY = "ftfy is told to leave Chinese punctuation alone; as it comes it folds it to ASCII, see the clean texts"
SPEED_KINDS = {
    "readings": "readings",
    "slips and readings": "slips and readings, bytes lost",
    "gbk as cp1252": "gbk as cp1252",
    "utf-8 as gb18030": "utf-8 as gb18030",
    "entities": "entities",
}


def table() -> Group:
    """All four tables. The counting is shared out among processes, the timing is done alone."""
    with ProcessPoolExecutor() as pool:
        by_kind = list(pool.map(_both, faults.KINDS))
        lossy = {rate: list(pool.map(partial(_both, share=LOSSY_SHARE), faults.LOSSY[rate])) for rate in faults.RATES}
        untouched = list(pool.map(_changed, clean.KINDS))
    return Group(_kinds(by_kind), _lossy(lossy), _clean(untouched), _speed())


def _both(kind: faults.Kind, share: int = 1) -> tuple[faults.Kind, Count, Count]:
    """A kind restored by this project and by ftfy."""
    return kind, *counted(kind, sampled(len(kind.name), share))


def _changed(kind: str) -> tuple[str, int, int, list[int]]:
    """A kind of clean text: its documents, its bytes, and how many documents each restorer changed."""
    texts = list(clean.documents(kind, int(clean.KINDS[kind][1] * MEGABYTE)))
    changed = [sum(repair(text) != text for text in texts) for repair in (ours, ftfy, ftfy_as_it_comes)]
    return kind, len(texts), sum(len(text.encode()) for text in texts), changed


def _columns(shown: Table, *names: str) -> Table:
    shown.add_column("", no_wrap=True)
    for name in names:
        shown.add_column(name, justify="right")
    return shown


def _kinds(rows: Iterable[tuple[faults.Kind, Count, Count]]) -> Table:
    shown = _columns(
        Table(title="faults: % of texts restored exactly, and characters wrong in 10,000", caption=FTFY),
        *("texts", "exact", "asked", "ftfy", "before", "after", "ftfy", "undo"),
    )
    for kind, mine, theirs in rows:
        shown.add_row(
            kind.name,
            str(mine.texts),
            f"{mine.percent(mine.exact):.1f}",
            f"{kind.target:.1f}" if kind.target else "",
            f"{theirs.percent(theirs.exact):.1f}",
            f"{mine.per_ten_thousand(mine.before):.0f}",
            f"{mine.per_ten_thousand(mine.after):.1f}",
            f"{theirs.per_ten_thousand(theirs.after):.0f}",
            f"{mine.percent(mine.undone):.0f}",
        )
    return shown


def _lossy(rows: dict[float, list[tuple[faults.Kind, Count, Count]]]) -> Table:
    shown = _columns(
        Table(title="double decoding with bytes lost: % of characters right, and invented in 10,000"),
        *("texts", "bytes allow", "right", "invented", "ftfy right", "invented"),
    )
    for name in faults.MISREADINGS:
        _add(shown, name, [row for each in rows.values() for row in each if row[0].name.startswith(f"{name},")])
    shown.add_section()
    for rate, found in rows.items():
        _add(shown, f"{rate:.1%} of bytes lost", found)
    return shown


def _add(shown: Table, name: str, rows: list[tuple[faults.Kind, Count, Count]]) -> None:
    mine, theirs = sum((row[1] for row in rows), Count()), sum((row[2] for row in rows), Count())
    shown.add_row(
        name,
        str(mine.texts),
        f"{mine.per_ten_thousand(mine.ideal) / 100:.2f}",
        f"{mine.per_ten_thousand(mine.right) / 100:.2f}",
        f"{mine.per_ten_thousand(mine.invented):.1f}",
        f"{theirs.per_ten_thousand(theirs.right) / 100:.2f}",
        f"{theirs.per_ten_thousand(theirs.invented):.0f}",
    )


def _clean(rows: list[tuple[str, int, int, list[int]]]) -> Table:
    shown = _columns(
        Table(title="clean text: documents changed, of all that should be left alone"),
        *("documents", "MB", "zhaoshang", "ftfy", "ftfy as it comes"),
    )
    for kind, documents, size, changed in rows:
        shown.add_row(kind, str(documents), f"{size / MEGABYTE:.1f}", *map(str, changed))
    shown.add_section()
    totals = [sum(row[3][which] for row in rows) for which in range(3)]
    size = sum(row[2] for row in rows)
    shown.add_row("all", str(sum(row[1] for row in rows)), f"{size / MEGABYTE:.1f}", *map(str, totals))
    return shown


def _speed() -> Table:
    shown = _columns(Table(title=f"restoring, MB/s of UTF-8: median of {ROUNDS} rounds"), *("zhaoshang", "ftfy"))
    samples = {
        f"clean: {kind}": list(clean.documents(kind, SPEED_SAMPLE))
        for kind in ("news, simplified", "news, traditional", "code")
    }
    kinds = {kind.name: kind for kind in faults.KINDS}
    for name, kind in SPEED_KINDS.items():
        samples[f"polluted: {name}"] = [each.text for each in faults.spoil(kinds[kind], sampled(0, SPEED_SHARE))]
    for name, texts in samples.items():
        shown.add_row(name, *(f"{_rate(repair, texts):.1f}" for repair in (ours, ftfy)))
    return shown


def _rate(repair: Callable[[str], str], texts: list[str]) -> float:
    """Megabytes a second."""
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for text in texts:
            repair(text)
        seconds.append(time.perf_counter() - begun)
    return sum(len(text.encode()) for text in texts) / MEGABYTE / statistics.median(seconds)
