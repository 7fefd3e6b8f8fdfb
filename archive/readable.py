"""Differences as people read them: lines with `-` and `+` and the changed words marked, and data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from archive.differences import Change, Span
from archive.passages import Piece
from archive.versions import Difference

AROUND = 18
"""Characters that are shown of what was kept before and behind a change."""

Marked = tuple[int, int]
"""A stretch of a line, from its first character up to but not including the last."""


class Line(NamedTuple):
    """One line of a difference."""

    sign: str
    """`-` for what stood there, `+` for what stands there, `~` for what was moved."""
    text: str
    """The words; what was kept is cut to what stands around a change."""
    marked: tuple[Marked, ...]
    """Where the changed words stand in it; none where all of it is changed."""


def lines(found: Iterable[Change]) -> Iterator[Line]:
    """The lines that tell changes; where words were only put in there is no line of what stood there.

    >>> from archive.differences import changes
    >>> [line.sign + line.text for line in lines(changes("总投资12.5亿元。", "总投资15.2亿元。"))]
    ['-总投资12.5亿元。', '+总投资15.2亿元。']
    """
    for change in found:
        if change.kind == "changed":
            yield from (_line(sign, change.pieces, side) for side, sign in enumerate("-+") if _has(change.pieces, side))
        elif change.kind != "relaid":
            sign = {"removed": "-", "added": "+", "moved": "~"}[change.kind]
            yield Line(sign, _one_line("".join(each.after or each.before for each in change.pieces)), ())


def data(difference: Difference) -> dict[str, Any]:
    """A difference for programs: each paragraph with its numbers, from 1, and its words laid side by side."""
    return {
        "field": difference.field,
        "changes": [
            {
                "kind": change.kind,
                "before": list(range(change.before.start + 1, change.before.stop + 1)),
                "after": list(range(change.after.start + 1, change.after.stop + 1)),
                "words": [
                    {"before": piece.before, "after": piece.after} if piece.changed else {"kept": piece.after}
                    for piece in change.pieces
                ],
            }
            for change in difference.changes
            if change.kind != "relaid"
        ],
    }


def numbers(spans: Iterable[Span]) -> str:
    """Paragraphs by number, from 1.

    >>> numbers([Span(0, 1), Span(2, 3), Span(3, 4), Span(4, 5)])
    '1, 3-5'
    """
    places = sorted({place for span in spans for place in range(*span)})
    runs = ([place + 1 for _, place in run] for _, run in groupby(enumerate(places), lambda each: each[1] - each[0]))
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _has(words: Iterable[Piece], side: int) -> bool:
    return any(piece.changed and piece[side] for piece in words)


def _line(sign: str, words: tuple[Piece, ...], side: int) -> Line:
    text = ""
    marked: list[Marked] = []
    for place, piece in enumerate(words):
        part = _one_line(str(piece[side]))
        if piece.changed:
            if part:
                marked.append((len(text), len(text) + len(part)))
            text += part
        else:
            text += _cut(part, first=place == 0, last=place == len(words) - 1)
    return Line(sign, text, tuple(marked))


def _cut(text: str, *, first: bool, last: bool) -> str:
    """What was kept, without what is far from any change.

    >>> _cut("一二三四五六七八九十" * 9, first=True, last=False)
    '…三四五六七八九十一二三四五六七八九十'
    """
    behind = 0 if first else AROUND
    before = 0 if last else AROUND
    if len(text) <= behind + before + 1:
        return text
    return text[:behind] + "…" + text[len(text) - before :]


def _one_line(text: str) -> str:
    return text.replace("\n", " / ")
