"""A corpus of copies with known truth, built cell by cell: memory does not grow with the number of articles.

A cell is a hundred articles: 38 that stand alone, ten families of an original and its copies, and hard negatives. Cells
share nothing, and every cell is always the same. In the stream all of them are mixed, so that copies come far apart.
"""

from __future__ import annotations

import json
import random
import re
from array import array
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.copies import strangers
from benchmarks.copies.changing import (
    Change,
    beginning,
    footer,
    header,
    middle,
    paragraphs,
    polluted,
    repaired,
    reworded,
    same,
    scattered,
    script,
    then,
)  # fmt: skip
from benchmarks.copies.invented import Names, body, headline, invented_names, length

CELL = 100
SINGLES, FRAMED, FAMILIES = 38, 4, 10
"""Of a cell; some of the singles stand between the lines of a portal."""
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
EXCERPTS = (0.3, 0.5, 0.7)

CHANGES: dict[str, Change] = {
    "same text": same,
    **{f"scattered edits, {share:.0%}": scattered(share) for share in SHARES},
    **{f"reworded, {share:.0%}": reworded(share) for share in SHARES},
    "traditional": script("s2t"),
    "Taiwan's words": script("s2twp"),
    "Hong Kong's words": script("s2hk"),
    "polluted, repaired": repaired,
    "polluted, as it came": polluted,
    **{
        f"excerpt {share:.0%}, {name}": cut(share)
        for share in EXCERPTS
        for name, cut in (("beginning", beginning), ("middle", middle), ("paragraphs", paragraphs))
    },
    "header": header,
    "footer": footer,
    "header and footer": then(header, footer),
    "traditional, header": then(header, script("s2t")),
    "excerpt 50%, 5% edits": then(beginning(0.5), scattered(0.05)),
    "excerpt 50%, footer": then(middle(0.5), footer),
}
"""What is done to copies, by the name of their kind."""

SAME_HEADLINE, SHORTER_HEADLINE = 0.6, 0.85
"""Share of the copies with the headline of the original, and with that or a shorter one; the others have their own."""

ORIGINAL, SINGLE, SINGLE_FRAMED = "original", "single", "single, portal's lines"
NOTICE, PART, POLICY, FORM, DIGEST = "notices", "serial parts", "policy around news", "forms", "digests"
SHORT = "short notices"
HARD = (NOTICE, PART, POLICY, FORM, SHORT, DIGEST)
NOTICE_COPY, POLICY_COPY, SHORT_COPY = "notice, reprinted", "policy and news, reprinted", "short notice, reprinted"
"""Copies of hard negatives: what keeps strangers apart must not keep these apart."""
KINDS = (*CHANGES, NOTICE_COPY, POLICY_COPY, SHORT_COPY)


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the corpus, and the truth about it."""

    number: int
    """Its place in the corpus, from 0; it comes at another one."""
    kind: str
    family: int
    """Number of the original; its own number where it is no copy."""
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus on disk, with its truth."""

    path: Path
    """One article a line, JSON, cell by cell."""
    order: Path
    """Where the lines begin in that file, 8 bytes each, in the order in which the articles come."""
    kinds: tuple[str, ...]
    """Of each article."""
    families: array[int]
    """Of each article."""


def stream(path: Path, order: Path) -> Iterator[Item]:
    """The articles in the order in which they come."""
    with path.open("rb") as lines, order.open("rb") as places:
        while place := places.read(8):
            lines.seek(int.from_bytes(place, "little"))
            yield Item(**json.loads(lines.readline()))


def build(folder: Path, size: int, seed: int = 1) -> Corpus:
    """A corpus of so many articles (a multiple of 100), on all cores."""
    path, order = folder / f"{size}.jsonl", folder / f"{size}.order"
    offsets, families, kinds = array("Q"), array("q"), []
    with path.open("wb") as out, ProcessPoolExecutor() as pool:
        for lines in pool.map(partial(_lines, seed), range(size // CELL), chunksize=4):
            for kind, family, line in lines:
                offsets.append(out.tell())
                kinds.append(kind)
                families.append(family)
                out.write(line)
    random.Random(seed).shuffle(offsets)
    order.write_bytes(b"".join(each.to_bytes(8, "little") for each in offsets))
    return Corpus(path, order, tuple(kinds), families)


def cell(seed: int, number: int) -> list[Item]:
    """The hundred articles of a cell.

    >>> items = cell(1, 7)
    >>> len(items), len({item.family for item in items}), items[0].number
    (100, 64, 700)
    """
    first = number * CELL
    chance = random.Random(f"{seed} {number}")
    items: list[Item] = []

    def add(kind: str, told: strangers.Told, family: int | None = None) -> int:
        place = first + len(items)
        items.append(Item(place, kind, place if family is None else family, *told))
        return place

    singles = [strangers.single(chance) for _ in range(SINGLES)]
    for place, (title, text) in enumerate(singles):
        if place < FRAMED:
            add(SINGLE_FRAMED, (title, then(header, footer)(text, chance, invented_names(chance))))
        else:
            add(SINGLE, (title, text))
    dealt = chance.sample(list(CHANGES), len(CHANGES))
    for family in range(FAMILIES):
        names = invented_names(chance)
        told = headline(chance, names), body(chance, names, length(chance))
        original = add(ORIGINAL, told)
        for kind in dealt[family::FAMILIES]:
            add(kind, _copy(told, CHANGES[kind], chance, names), original)
    for kind, make in (
        (NOTICE, strangers.counties), (PART, strangers.parts), (POLICY, strangers.policies), (FORM, strangers.forms),
        (SHORT, strangers.short_notices),
    ):  # fmt: skip
        made = [(add(kind, told), told) for told in make(chance)]
        if copied := _COPIED.get(kind):
            add(copied[0], _copy(made[0][1], copied[1], chance, invented_names(chance)), made[0][0])
    for told in strangers.digests(chance, singles):
        add(DIGEST, told)
    return items


def _copy(told: strangers.Told, change: Change, chance: random.Random, names: Names) -> strangers.Told:
    title, text = told
    which = chance.random()
    if which > SHORTER_HEADLINE:
        title = headline(chance, names)
    elif which > SAME_HEADLINE:
        # No figure is cut in two.
        title = re.sub(r"[\d.]+$", "", title[: max(8, int(len(title) * chance.uniform(0.5, 0.9)))])
    if change in _SCRIPTS:
        title = change(title, chance, names)
    return title, change(text, chance, names)


_COPIED = {
    NOTICE: (NOTICE_COPY, scattered(0.02)),
    POLICY: (POLICY_COPY, then(reworded(0.02), header)),
    SHORT: (SHORT_COPY, then(reworded(0.02), footer)),
}
_SCRIPTS = {CHANGES[kind] for kind in ("traditional", "Taiwan's words", "Hong Kong's words")}


def _lines(seed: int, number: int) -> list[tuple[str, int, bytes]]:
    dumped = partial(json.dumps, ensure_ascii=False)
    return [(item.kind, item.family, f"{dumped(asdict(item))}\n".encode()) for item in cell(seed, number)]
