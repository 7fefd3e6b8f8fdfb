"""What changed inside a passage: what was kept and what was replaced, by whole words and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

from archive.sameness import essence, narrow

Key = Callable[[str], str]
"""What two texts are compared by: a function that gives one character for each."""

# A figure with its unit, a number in words, a foreign word, blanks, else a character: 12.5亿 becomes 15.2亿, and
# nobody has to read `1[5.]2[.5]亿`.
_TOKENS = re.compile(
    r"\d[\d.,]*(?<=\d)[万亿千百%‰]*|[〇零一二两三四五六七八九十百千万亿]{2,}|[A-Za-z][A-Za-z0-9'-]*|\s+|.", re.DOTALL
)
_BREAKS = frozenset("，。；：、！？,;:!?\n")
_SENTENCES = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+")
_WIDEST_GAP = 3
"""Characters between two changes that may be drawn into them."""

_LARGEST = 64_000_000
"""Characters of the one by characters of the other up to which they are compared by words (8 MB), else by sentences."""


class Piece(NamedTuple):
    """A stretch of a passage as it stands in the one text and in the other."""

    before: str
    """What stood there."""
    after: str
    """What stands there; of a piece that is kept it may be written otherwise (script, width, blanks)."""
    changed: bool
    """Whether they say something else."""


def pieces(before: str, after: str, key: Key = narrow) -> tuple[Piece, ...]:
    """Two passages laid side by side: joined, the one halves are `before`, the others `after`.

    >>> [tuple(piece) for piece in pieces("总投资12.5亿元。", "总投资15.2亿元。")]
    [('总投资', '总投资', False), ('12.5亿', '15.2亿', True), ('元。', '元。', False)]
    >>> [piece.changed for piece in pieces("招商引资", "招商 引资")]
    [False]
    """
    unit = _TOKENS if len(before) * len(after) <= _LARGEST else _SENTENCES
    ours, theirs = _split(before, key, unit), _split(after, key, unit)
    found: list[Piece] = []
    for step in Indel.opcodes([word for word, _ in ours], [word for word, _ in theirs]):
        old = "".join(written for _, written in ours[step.src_start : step.src_end])
        new = "".join(written for _, written in theirs[step.dest_start : step.dest_end])
        found.append(Piece(old, new, step.tag != "equal" and essence(old) != essence(new)))
    found = _merged(found)
    while len(joined := _merged(_without_gaps(found))) < len(found):
        found = joined
    return tuple(_merged(_settled(found)))


def _split(text: str, key: Key, unit: re.Pattern[str]) -> list[tuple[str, str]]:
    """The words of a text, each as it is compared and as it is written."""
    folded = key(text)
    return [
        (" " if match[0].isspace() else match[0], text[match.start() : match.end()]) for match in unit.finditer(folded)
    ]


def _merged(found: Iterable[Piece]) -> list[Piece]:
    """Neighbours of a kind as one."""
    return [
        Piece("".join(each.before for each in group), "".join(each.after for each in group), changed)
        for changed, group in (
            (changed, list(each)) for changed, each in groupby(found, key=lambda piece: piece.changed)
        )
        if any(each.before or each.after for each in group)
    ]


def _without_gaps(found: Sequence[Piece]) -> list[Piece]:
    """The pieces with each gap between two changes drawn in that is no longer than either: nobody reads confetti."""
    return [
        Piece(piece.before, piece.after, changed=True)
        if 0 < place < len(found) - 1
        and not piece.changed
        and len(piece.after) <= min(_WIDEST_GAP, _size(found[place - 1]), _size(found[place + 1]))
        else piece
        for place, piece in enumerate(found)
    ]


def _size(piece: Piece) -> int:
    return max(len(piece.before), len(piece.after))


def _settled(found: Sequence[Piece]) -> list[Piece]:
    """The pieces with what was only put in, or only taken out, moved to the bounds of a clause where it can be."""
    settled = list(found)
    for place in range(1, len(settled) - 1):
        left, piece, right = settled[place - 1 : place + 2]
        own = piece.before or piece.after
        if piece.changed and not (piece.before and piece.after) and left[0] == left[1] and right[0] == right[1]:
            whole, size = left.after + own + right.after, len(own)
            start = _clause(whole, len(left.after), size)
            moved = whole[start : start + size]
            settled[place - 1 : place + 2] = [
                Piece(whole[:start], whole[:start], changed=False),
                Piece(moved if piece.before else "", moved if piece.after else "", changed=True),
                Piece(whole[start + size :], whole[start + size :], changed=False),
            ]
    return settled


def _clause(whole: str, start: int, size: int) -> int:
    """Where a stretch that was put into a text may as well begin, so that it begins and ends with a clause.

    >>> _clause("开工。投产。投产。", 5, 3), _clause("签约，开工，投产", 2, 3), _clause("增长", 1, 1)
    (6, 3, 1)
    """
    first = last = start
    while first > 0 and whole[first - 1] == whole[first + size - 1]:
        first -= 1
    while last + size < len(whole) and whole[last] == whole[last + size]:
        last += 1

    def rank(place: int) -> tuple[int, int]:
        opens = place == 0 or whole[place - 1] in _BREAKS
        closes = place + size == len(whole) or whole[place + size] in _BREAKS
        if opens and whole[place + size - 1] in _BREAKS:
            return 0, abs(place - start)
        return (1 if closes and whole[place] in _BREAKS else 2 if opens else 3), abs(place - start)

    return min(range(first, last + 1), key=rank)
