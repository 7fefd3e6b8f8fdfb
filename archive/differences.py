"""How two texts differ, paragraph by paragraph: the same for two versions of a page and for two copies of a story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from archive.passages import Key, Piece, pieces
from archive.sameness import essence, narrow

Kind = Literal["added", "removed", "changed", "moved", "relaid"]

_MOST_JOINED = 6
"""So many paragraphs at most are looked at as one that was broken into them."""

_MOST_COMPARED = 40_000
"""Pairs of paragraphs that are laid side by side between two that stand in both; of more, none is."""

_HELD = 0.9
"""Share of a shorter paragraph's characters that the longer one has, where it was shortened or filled up."""

_FEWEST_HELD = 12
"""Characters that such a paragraph has at least."""


class Span(NamedTuple):
    """Paragraphs of a text, counted from 0 without empty ones: from `start` up to but not including `stop`."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Change:
    """Paragraphs that are not what they were."""

    kind: Kind
    """`relaid` where the same words were broken into paragraphs elsewhere."""
    before: Span
    """Which paragraphs of the former text; where something was added none, at the place where it would stand."""
    after: Span
    """Which paragraphs of the later one."""
    pieces: tuple[Piece, ...]
    """Their words, laid side by side."""


def paragraphs(text: str) -> list[str]:
    r"""The paragraphs of a text, those without a word or sign left out.

    >>> paragraphs("一稿。\n\n　\n二稿。")
    ['一稿。', '二稿。']
    """
    return [line for line in text.split("\n") if essence(line)]


def changes(before: str, after: str, key: Key = narrow) -> tuple[Change, ...]:
    r"""What one has to do to a text to get the other, in the order of the later one.

    Texts in two scripts are compared by `archive.search.folding.fold`.

    >>> [change] = changes("一稿。\n三稿。", "一稿。\n二稿。\n三稿。")
    >>> change.kind, tuple(change.before), tuple(change.after)
    ('added', (1, 1), (1, 2))
    """
    old, new = paragraphs(before), paragraphs(after)
    keys = [essence(key(text)) for text in old], [essence(key(text)) for text in new]
    found: list[Change] = []
    start = begun = 0
    for step in Indel.opcodes(*keys):
        if step.tag == "equal":
            found += _between(old, new, keys, Span(start, step.src_start), Span(begun, step.dest_start), key)
            start, begun = step.src_end, step.dest_end
    found += _between(old, new, keys, Span(start, len(old)), Span(begun, len(new)), key)
    return tuple(_with_moves(found, keys))


def apply(before: str, done: Sequence[Change]) -> str:
    r"""The later text, out of the former one and the changes: as it was written where it changed.

    >>> before, after = "增长12%。\n三稿。", "增长21%。\n二稿。\n三稿。"
    >>> apply(before, changes(before, after)) == after
    True
    """
    named = {place for change in done for place in range(*change.before)}
    rest = iter([text for place, text in enumerate(paragraphs(before)) if place not in named])
    put = {change.after.start: change for change in done if change.after.stop > change.after.start}
    lines: list[str] = []
    place = 0
    while True:
        if change := put.get(place):
            lines.append("".join(piece.after for piece in change.pieces))
            place = change.after.stop
        elif (kept := next(rest, None)) is not None:
            lines.append(kept)
            place += 1
        else:
            return "\n".join(lines)


def _between(
    old: Sequence[str], new: Sequence[str], keys: tuple[list[str], list[str]], ours: Span, theirs: Span, key: Key
) -> Iterator[Change]:
    """The changes between two paragraphs that stand in both texts."""
    for one, other in _paired(keys[0][slice(*ours)], keys[1][slice(*theirs)]):
        here = Span(ours.start + one.start, ours.start + one.stop)
        there = Span(theirs.start + other.start, theirs.start + other.stop)
        was, became = "\n".join(old[slice(*here)]), "\n".join(new[slice(*there)])
        if not became:
            yield Change("removed", here, there, (Piece(was, "", changed=True),))
        elif not was:
            yield Change("added", here, there, (Piece("", became, changed=True),))
        else:
            words = pieces(was, became, key)
            yield Change("changed" if any(piece.changed for piece in words) else "relaid", here, there, words)


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[Span, Span]]:
    """Which paragraphs became which, so that as few characters as can be come and go; first to last."""
    rows, columns = len(old), len(new)
    cheapest: dict[tuple[int, int], tuple[float, int, int]] = {(0, 0): (0, 0, 0)}
    shapes = _shapes(rows, columns)
    for row in range(rows + 1):
        for column in range(columns + 1):
            ways = (
                (cheapest[row - height, column - width][0] + cost, height, width)
                for height, width in shapes
                if height <= row and width <= column
                if (cost := _cost(old[row - height : row], new[column - width : column])) is not None
            )
            if row or column:
                cheapest[row, column] = min(ways)
    path = []
    while rows or columns:
        _, height, width = cheapest[rows, columns]
        path.append((Span(rows - height, rows), Span(columns - width, columns)))
        rows, columns = rows - height, columns - width
    return path[::-1]


def _shapes(rows: int, columns: int) -> set[tuple[int, int]]:
    """How many paragraphs may have become how many: none or one one, one some, some one."""
    alone = {(1, 0), (0, 1)}
    some = {(1, n) for n in range(1, _MOST_JOINED + 1)} | {(1, columns)} if columns else set()
    joined = {(n, 1) for n in range(1, _MOST_JOINED + 1)} | {(rows, 1)} if rows else set()
    return alone | some | joined if rows * columns * 2 * _MOST_JOINED <= _MOST_COMPARED else alone


def _cost(old: Sequence[str], new: Sequence[str]) -> float | None:
    """Characters that come and go; where paragraphs were joined, enough more that it does not happen by chance."""
    if not old or not new:
        return sum(map(len, (*old, *new)))
    distance = _distance("".join(old), "".join(new))
    if distance is None or len(old) == len(new):
        return distance
    return distance + min(map(len, old if len(old) > len(new) else new)) / 3


def _distance(one: str, other: str) -> int | None:
    """Characters that come and go between two paragraphs; None where they have too little in common to be one.

    >>> _distance("增长12%。", "增长15%。"), _distance("首批项目开工。", "气温下降。")
    (2, None)
    """
    both, shorter = len(one) + len(other), min(len(one), len(other))
    distance = Indel.distance(one, other)
    held = (both - distance) / 2 >= _HELD * shorter and shorter >= _FEWEST_HELD
    return distance if held or distance * 2 <= both else None


def _with_moves(found: list[Change], keys: tuple[list[str], list[str]]) -> Iterator[Change]:
    """The changes, with what was taken out in one place and put in at another told once."""
    gone: dict[str, list[Change]] = {}
    for change in found:
        if change.kind == "removed":
            gone.setdefault(keys[0][change.before.start], []).append(change)
    moved: set[Change] = set()
    told: list[Change] = []
    for change in found:
        if change.kind == "added" and (from_ := gone.get(keys[1][change.after.start])):
            source = from_.pop(0)
            moved.add(source)
            words = (Piece(source.pieces[0].before, change.pieces[0].after, changed=False),)
            told.append(Change("moved", source.before, change.after, words))
        else:
            told.append(change)
    yield from (change for change in told if change not in moved)
