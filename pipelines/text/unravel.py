"""Which part of a text was misread and which part stands as written: the likeliest way to explain all of it.

Every character is either kept, or its bytes belong to a misread character. Each way through the text has a likelihood;
going over from kept to misread costs something, so that ordinary text never does it for a small gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from pipelines.text.fluency import simplified
from pipelines.text.misread import Via, Was, shown
from pipelines.text.rereading import DROPPED, options
from pipelines.text.solid import decoded, solid_pairs, solid_utf8
from pipelines.text.weighing import AMID, kept, likeliness, read

_BEAM = 40.0
"""A way so much less likely than another is given up."""

_ASCII = "".join(map(chr, range(0x80)))


class Run(NamedTuple):
    """A stretch of a text that was misread."""

    start: int
    """Its first character."""
    end: int
    """Behind its last one."""
    after: str
    """What it is, U+FFFD for each character of which a byte is lost."""


class Explained(NamedTuple):
    """What the beginning of a text is."""

    runs: tuple[Run, ...]
    """The stretches that were misread."""
    end: int
    """So far it is explained, in characters."""
    misread: bool
    """Whether the last character belongs to a run."""


_Best = tuple[float, str, int, bool, str]
"""The best way to a byte, in the one or the other state: its likelihood, its last character, the byte where its last
piece begins, the state before that piece, and what the piece is."""

_NO_WAY: _Best = (float("-inf"), "", 0, False, "")


@lru_cache(maxsize=512)
def explain(
    text: str, via: Via, was: Was, cost: float, mostly: bool = False, limit: int = 0, dropped: float = DROPPED
) -> Explained:
    """What of a text was misread: whatever is likelier so by at least `cost`, a natural logarithm.

    `mostly` says that what goes before it was; with a `limit`, only what begins before it is told.

    >>> explain("会议ÕÐÉÌÒý×Ê工作", "windows-1252", "gb18030", 12.0).runs
    (Run(start=2, end=10, after='招商引资'),)
    """
    parts = shown(text, via, was)
    data = "".join(parts)
    starts = range(len(text) + 1) if via == "windows-1252" else list(accumulate(map(len, parts), initial=0))
    pieces = _pieces(text, data, starts, (via, was), cost, mostly, dropped)
    runs: list[Run] = []
    end = 0
    for start, end, written in pieces:
        if written is not None:
            if runs and runs[-1].end == start:
                runs[-1] = Run(runs[-1].start, end, runs[-1].after + written)
            else:
                runs.append(Run(start, end, written))
        if limit and end >= limit:
            break
    return Explained(tuple(map(trimmed, runs)), end, bool(runs) and runs[-1].end == end)


def reread(text: str, via: Via, was: Was) -> str:
    """A text that was misread from its first character to its last, with no byte lost; empty if it was not.

    >>> reread("鎷涘晢", "gb18030", "utf-8"), reread("鎷", "gb18030", "utf-8")
    ('招商', '')
    """
    return decoded("".join(shown(text, via, was)), was)


def trimmed(run: Run) -> Run:
    """A run without the plain ASCII at its ends."""
    body = run.after.strip(_ASCII)
    ahead = len(run.after) - len(run.after.lstrip(_ASCII))
    behind = len(run.after.rstrip(_ASCII))
    return Run(run.start + ahead, run.end - (len(run.after) - behind), body)


def _pieces(
    text: str, data: str, starts: Sequence[int], way: tuple[Via, Was], cost: float, mostly: bool, dropped: float
) -> list[tuple[int, int, str | None]]:
    """The best way through a text: stretches of characters, with what they are if they were misread."""
    size = len(data)
    number = {start: index for index, start in enumerate(starts)}
    simple = text.translate(simplified())
    stands = [_NO_WAY] * (size + 1)
    stands[0] = (0.0, "", -1, False, "")
    misread = [stands[0] if mostly else _NO_WAY] + [_NO_WAY] * size
    via, was = way
    going_on = options(via, was)
    whole = solid_utf8(data, number) if was == "utf-8" else solid_pairs(data, was)
    beyond = 0
    for place in range(size):
        if place < beyond or stands[place] is misread[place] is _NO_WAY:
            continue
        index = number.get(place)
        if index is not None:
            _go_astray(stands, misread, place, cost)
        best = misread[place]
        if place in whole and best is not _NO_WAY:
            beyond, written = whole[place]
            misread[beyond] = (best[0] + likeliness(written), written[-1].translate(simplified()), place, True, written)
            continue
        if index is not None:
            _keep(stands, misread, place, starts[index + 1], simple[index])
        likely, before = best[0], best[1]
        if likely < stands[place][0] - _BEAM or (place and likely < misread[place - 1][0] - _BEAM):
            continue
        for length, written, plain, known in going_on(data, place):
            total = likely + (read(before, plain) if known is None else dropped if known == DROPPED else known)
            end = place + length
            if total > misread[end][0]:
                misread[end] = (total, plain, place, True, written)
    return _followed_back(stands, misread, number)


def _go_astray(stands: list[_Best], misread: list[_Best], place: int, cost: float) -> None:
    """Begin a misread stretch."""
    likely, last, *_ = stands[place]
    over = likely - (cost + AMID if "\u3400" <= last < "\uf900" else cost)
    if over > misread[place][0]:
        misread[place] = (over, last, -1, False, "")


def _keep(stands: list[_Best], misread: list[_Best], place: int, end: int, here: str) -> None:
    """Keep one character, be it the first behind a misread stretch."""
    same, best = stands[place], misread[place]
    out = best[0] - AMID if "\u3400" <= here < "\uf900" and "\u3400" <= best[1] < "\uf900" else best[0]
    astray = out > same[0]
    total = max(out, same[0]) + kept(best[1] if astray else same[1], here)
    if total > stands[end][0]:
        stands[end] = (total, here, place, astray, "")


def _followed_back(
    stands: list[_Best], misread: list[_Best], number: dict[int, int]
) -> list[tuple[int, int, str | None]]:
    pieces: list[tuple[int, int, str | None]] = []
    place = end = len(stands) - 1
    written: list[str] = []
    astray = misread[place][0] > stands[place][0]
    while place:
        _, _, start, before, piece = misread[place] if astray else stands[place]
        if not astray:
            pieces.append((number[start], number[place], None))
            end, place, astray = start, start, before
        elif start < 0:
            astray = False
        else:
            written.append(piece)
            place = start
            if place in number:
                pieces.append((number[place], number[end], "".join(reversed(written))))
                end = place
                written.clear()
    return pieces[::-1]
