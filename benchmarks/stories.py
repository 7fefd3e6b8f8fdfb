"""Stories: copies found, strangers kept apart, speed, memory and disk, beside datasketch and simhash.

`make bench ARGS="stories 200000"` takes so many articles instead of 20,000.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Group
from rich.table import Table

from benchmarks.copies import corpus, unrelated
from benchmarks.copies.counting import Tally, tally
from benchmarks.copies.engines import ENGINES, Run, run

SIZE = 20_000
INDEXED = "with search index"
LARGEST = {INDEXED: SIZE, "datasketch .5": 200_000, "datasketch .3": 200_000,
           "simhash 3": 200_000, "simhash 10": SIZE}  # fmt: skip
"""Articles that an engine can bear in memory, or in the time that one has; above these it is run with 20,000."""

TARGETS = {
    "same text": 99, "traditional": 99, "Taiwan's words": 99, "Hong Kong's words": 99, "polluted, repaired": 99,
    **{f"{how}, {share}%": 99 for how in ("scattered edits", "reworded") for share in (1, 2, 5, 10)},
    **{f"{how}, 20%": 97 for how in ("scattered edits", "reworded")},
    **{f"excerpt {share}%, {what}": 95 for share in (50, 70) for what in ("beginning", "middle", "paragraphs")},
}  # fmt: skip
"""Percent of the copies that are to be found."""

MEGABYTE = 1_000_000

Done = tuple[Run, Tally, int]
"""A run, what it is worth, and over how many articles it went."""


def table(size: int = SIZE) -> Group:
    """All tables; each engine has a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = {each: corpus.build(folder, each) for each in sorted({SIZE, size})}
        done = [
            _done(engine, built[size if LARGEST.get(engine, size) >= size else SIZE], folder / f"run{place}")
            for place, engine in enumerate(ENGINES)
        ]
        small = done[0] if size == SIZE else _done("zhaoshang", built[SIZE], folder / "small")
    return Group(_likeness(), _recall(done), _strangers(done), _costs(done, small), _curve(done[0][0]))


def _done(engine: str, built: corpus.Corpus, folder: Path) -> Done:
    print(f"{engine}: {len(built.kinds):,} articles", file=sys.stderr)
    found = run(engine, built, folder)
    return found, tally(found.groups, built.families, built.kinds), len(built.kinds)


def _by_engine(title: str, done: Iterable[Done], first: str, *more: str, caption: str | None = None) -> Table:
    shown = Table(title=title, caption=caption)
    shown.add_column(first, no_wrap=True)
    for name in more:
        shown.add_column(name, justify="right")
    for found, _, size in done:
        shown.add_column(f"{found.engine}\n{size // 1000}k", justify="right")
    return shown


def _likeness() -> Table:
    shown = Table(title="how much unrelated articles share: Jaccard over runs of four characters")
    for header in ("", "mean", "99 of 100 below", "mean of squares", "characters, median"):
        shown.add_column(header, justify="right" if header else "left")
    shown.add_row(*unrelated.REAL, "")
    for each in unrelated.measured():
        shown.add_row(each.name, f"{each.mean:.5f}", f"{each.high:.4f}", f"{each.squares:.1e}", f"{each.length:.0f}")
    return shown


def _recall(done: list[Done]) -> Table:
    done = [each for each in done if each[0].engine != INDEXED]
    shown = _by_engine("copies found, in percent: in one story with their original", done, "", "copies", "asked")
    for kind in corpus.KINDS:
        found = [f"{100 * counted.recall(kind):.1f}" for _, counted, _ in done]
        shown.add_row(kind, str(done[0][1].articles[kind]), str(TARGETS.get(kind, "")), *found)
    shown.add_section()
    found = [f"{100 * counted.recall(*corpus.KINDS):.1f}" for _, counted, _ in done]
    shown.add_row("all", str(sum(done[0][1].articles[kind] for kind in corpus.KINDS)), "", *found)
    return shown


def _strangers(done: list[Done]) -> Table:
    done = [each for each in done if each[0].engine != INDEXED]
    shown = _by_engine("merged with what they are no copies of, of 1,000 articles", done, "", "articles", "asked")
    groups: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in (*corpus.HARD, corpus.SINGLE, corpus.SINGLE_FRAMED)}
    groups |= {"originals and copies": (corpus.ORIGINAL, *corpus.KINDS), "all hard negatives": corpus.HARD}
    for name, kinds in groups.items():
        merged = [f"{counted.merged_per_thousand(*kinds):.2f}" for _, counted, _ in done]
        articles = sum(done[0][1].articles[kind] for kind in kinds)
        shown.add_row(name, str(articles), "1" if set(kinds) <= set(corpus.HARD) else "", *merged)
    return shown


def _costs(done: list[Done], small: Done) -> Table:
    above = (done[0][0].peak - small[0].peak) / MEGABYTE
    texts = done[0][0].texts / MEGABYTE
    caption = (
        f"asked for: precision 0.999, 1500 articles/s, memory at most 100 MB above that of {SIZE:,} articles: it is "
        f"{above:.0f} MB above. {done[0][2]:,} articles have {texts:.0f} MB of text. zhaoshang stores rows and joins "
        f"them ({done[0][0].apart['joining']:.0f} s of {done[0][0].seconds:.0f}); with search index: by `save`, as a "
        "crawl does. datasketch (threshold) and simhash (bits) keep all in memory, and store nothing."
    )
    shown = Table(title="precision and costs", caption=caption)
    for header in (
        "", "articles", "precision, pairs", "articles/s", "by processor time", "peak memory, MB", "disk, MB",
    ):  # fmt: skip
        shown.add_column(header, justify="right" if header else "left", no_wrap=not header)
    for found, counted, size in done:
        shown.add_row(
            found.engine,
            f"{size:,}",
            f"{counted.precision:.5f}",
            f"{size / found.seconds:.0f}",
            f"{size / found.processor:.0f}",
            f"{found.peak / MEGABYTE:.0f}",
            f"{found.disk / MEGABYTE:.0f}" if found.disk else "",
        )
    return shown


def _curve(found: Run) -> Table:
    shown = Table(title="zhaoshang, as the archive grows")
    for header in ("articles", "articles/s, lately", "peak memory, MB"):
        shown.add_column(header, justify="right")
    every = max(len(found.curve) // 10, 1)
    before, begun = 0, 0.0
    for done, seconds, peak in found.curve[every - 1 :: every]:
        shown.add_row(f"{done:,}", f"{(done - before) / (seconds - begun):.0f}", f"{peak / MEGABYTE:.0f}")
        before, begun = done, seconds
    return shown
