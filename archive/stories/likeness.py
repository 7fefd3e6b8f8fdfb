"""Whether two texts are copies of each other: true resemblance and containment, and what speaks against it.

Both are laid side by side. Copies have the shorter one covered by the longer one nearly throughout, however many
characters were replaced; a form letter has its own figures and names in the same words, and an article around the same
boilerplate a long stretch of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from archive.stories import exchanged
from archive.stories.aligning import LARGEST, runs

CELL = 16
"""Characters that are judged together as covered or not."""

DENSE, NEARLY = 0.28, 0.45
"""Share of a cell's characters in runs of two and more, alone or with its neighbours, from which it is covered. Two
texts on the same subject reach 0.25 in 5 of 1,000 places; copies with three tenths replaced fall below 0.31 in as
many."""

LEAST_MATCHED = 0.55
"""Share of the shorter text's characters that stand in the other one in the same order: with three tenths replaced it
is 0.7, and where paragraphs were moved the largest of them remains."""

MOVED = 0.4
"""Share of the shorter text that may stand in the other one in another order."""

SHORTEST_SHARE = 0.25
"""An excerpt is no less of the whole."""

ALIKE_HEADLINES = 0.5
"""Share of the shorter headline's characters that stand in the other."""

_OUTSIDE = b"\xff"
_WORDS, _RUNS = re.compile(rb"[^\xff]+"), re.compile(rb"\x01+|\x02+")

_FIGURE = re.compile(r"\d+(?:\.\d+)?|[〇零一二三四五六七八九十百千万亿两]{2,}")
_NAME = re.compile(r"[\u4e00-\u9fff]{2}(?=[县市区旗镇乡村])|[\u4e00-\u9fff]{2}(?=(?:公司|集团))")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two texts are alike."""

    resemblance: float
    """Of all characters of both, the share that stands in both, 0 to 1."""
    containment: float
    """Of the shorter one's characters, the share that stands in the other, 0 to 1."""
    whole: float
    """Of the longer one, the share that is covered, place by place: below 0.8 the shorter one is an excerpt."""
    against: str | None = None
    """Why they are no copies; None where they are."""


class Leniency(NamedTuple):
    """How much of the shorter text may be its own."""

    share: float
    """Of all its characters."""
    stretch: int
    """Characters in one piece, in any case."""
    stretch_share: float
    """Of all its characters, in one piece."""


UNTITLED, ALIKE, UNLIKE = Leniency(0.3, 56, 0.15), Leniency(0.4, 100, 0.25), Leniency(0.2, 64, 0.12)
"""The same story rewritten keeps its headline; another one within the same boilerplate has its own. A new headline on
the same text needs no leniency."""

SAME = Likeness(1.0, 1.0, 1.0)


def likeness(one: str, other: str, *, headlines: float | None = None) -> Likeness:
    """Compare two texts, given their words; `headlines` says how alike their headlines are, 0 to 1.

    >>> likeness("安化县签约九个项目" * 9, "安化县签约九个项目" * 9).against is None
    True
    """
    if one == other:
        return SAME
    short, long = (one, other) if (len(one), one) <= (len(other), other) else (other, one)
    if len(short) * len(long) > LARGEST and len(short) < SHORTEST_SHARE * len(long):
        # A page of megabytes beside each that has a sentence of it: seconds for nothing.
        return Likeness(0.0, 0.0, 0.0, f"{len(short)} characters beside {len(long)}")
    found = runs(short, long)
    matched = sum(size for _, _, size in found)
    marks = _marked([(here, size) for here, _, size in found if size > 1], len(short))
    own = _stretches(marks)
    lacking, moved = _size(own), None
    # Of texts that have little in common nothing is looked for in other places.
    if 2 * CELL <= lacking <= MOVED * len(short):
        rest = _stretches(_marked([(there, size) for _, there, size in found if size > 1], len(long)))
        lacking, moved = _not_moved(short, own, long, rest)
    return Likeness(
        resemblance=matched / (len(short) + len(long) - matched),
        containment=matched / len(short),
        whole=(len(short) - lacking) / len(long),
        against=_own_too_much(short, long, matched, own, lacking, _leniency(headlines))
        or moved
        or _other_values(short, marks, own)
        or exchanged.filled_otherwise(found, own, short, long),
    )


def _leniency(headlines: float | None) -> Leniency:
    if headlines is None:
        return UNTITLED
    return ALIKE if headlines >= ALIKE_HEADLINES else UNLIKE


def _own_too_much(
    short: str, long: str, matched: int, own: list[tuple[int, int]], lacking: int, may: Leniency
) -> str | None:
    if len(short) < SHORTEST_SHARE * len(long):
        return f"{len(short)} characters beside {len(long)}"
    if lacking > may.share * len(short):
        return f"{lacking / len(short):.0%} of the shorter one is its own"
    longest = min(max((end - start for start, end in own), default=0), lacking)
    if longest > max(may.stretch, may.stretch_share * len(short)):
        return f"{longest} characters in one piece are its own"
    if matched < LEAST_MATCHED * len(short):
        return f"{matched} of {len(short)} characters stand in both"
    return None


def _marked(found: list[tuple[int, int]], length: int) -> bytearray:
    """A byte for each character: 1 or 2 in runs, by turns, 0 beside them."""
    marks = bytearray(length)
    for number, (start, size) in enumerate(found):
        marks[start : start + size] = (b"\2" if number & 1 else b"\1") * size
    return marks


def _stretches(marks: bytearray) -> list[tuple[int, int]]:
    """The stretches of a text that the other one does not cover."""
    length = len(marks)
    # A rest shorter than half a cell counts with the last one.
    borders = [*range(0, max(length - CELL // 2, 1), CELL), length]
    beside = [marks.count(0, start, end) for start, end in pairwise(borders)]
    found: list[tuple[int, int]] = []
    for place, count in enumerate(beside):
        start, end = borders[place], borders[place + 1]
        if count <= (1 - DENSE) * (end - start):
            continue
        first, last = max(place - 1, 0), min(place + 1, len(beside) - 1)
        if sum(beside[first : last + 1]) <= (1 - NEARLY) * (borders[last + 1] - borders[first]):
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _size(stretches: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in stretches)


def _not_moved(
    short: str, own: list[tuple[int, int]], long: str, rest: list[tuple[int, int]]
) -> tuple[int, str | None]:
    """How much of what seems to be the shorter text's own stands nowhere in the longer one, and what its values say."""
    mine, theirs = ("".join(text[start:end] for start, end in where) for text, where in ((short, own), (long, rest)))
    if len(theirs) < 2 * CELL:
        return len(mine), None
    marks = _marked([(here, size) for here, _, size in runs(mine, theirs) if size > 1], len(mine))
    stretches = _stretches(marks)
    return _size(stretches), _other_values(mine, marks, stretches)


def _other_values(short: str, marks: bytearray, own: list[tuple[int, int]]) -> str | None:
    """What is said where figures or names differ more often than the words around them."""
    covered = bytearray(marks)
    for start, end in own:
        covered[start:end] = _OUTSIDE * (end - start)
    tokens = {
        what: [each.span() for each in pattern.finditer(short) if _OUTSIDE not in covered[each.start() : each.end()]]
        for what, pattern in (("figures", _FIGURE), ("names", _NAME))
    }
    for start, end in chain(*tokens.values()):
        covered[max(start - 1, 0) : end + 1] = _OUTSIDE * (min(end + 1, len(short)) - max(start - 1, 0))
    rest = [piece.end() - piece.start() for piece in _WORDS.finditer(covered)]
    runs_in_rest = [piece.end() - piece.start() for piece in _RUNS.finditer(covered)]
    for what, spans in tokens.items():
        agreeing = sum(_stands(marks, start, end) for start, end in spans)
        lengths = Counter(end - start + 2 for start, end in spans)
        likely = {length: _standing(runs_in_rest, rest, length) for length in lengths}
        expected = sum(times * likely[length] for length, times in lengths.items())
        spread = sum(times * likely[length] * (1 - likely[length]) for length, times in lengths.items()) ** 0.5
        if agreeing < expected - 2.5 * spread - max(1.5, 0.25 * len(spans)):
            return f"{len(spans) - agreeing} of {len(spans)} {what} are others"
    return None


def _standing(found: list[int], of: list[int], length: int) -> float:
    """Of all places in some pieces where so many characters fit in, the share that lies in runs."""
    places = sum(size - length + 1 for size in of if size >= length)
    return sum(size - length + 1 for size in found if size >= length) / places if places else 1.0


def _stands(marks: bytearray, start: int, end: int) -> bool:
    """Whether characters stand in the other text in one run, with a character before and behind them."""
    around = marks[max(start - 1, 0) : end + 1]
    return around[0] > 0 and around.count(around[0]) == len(around)
