"""Which part of a text was misread and which part stands as written: the likeliest way to explain all of it.

Every character is either kept, or its bytes belong to a misread character. Each way through the text has a likelihood;
going over from kept to misread costs something, so that ordinary text never does it for a small gain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from pipelines.text.fluency import simplified
from pipelines.text.misread import LOST, NONE, Via, Was, bytes_behind
from pipelines.text.rereading import DROPPED, options
from pipelines.text.weighing import AMID, kept, likeliness, read

_BEAM = 40.0
"""A way so much less likely than another is given up."""

_EXPECTED = 8.0
"""What is added to that where bytes are known to have been dropped all over."""

_SOLID_UTF8 = re.compile(r"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]){4,}")

_SOLID_PAIRS = re.compile("[\\x00->@-\xff]{16,}")

_PRIVATE = re.compile("[\ue000-\uf8ff]")
FLUENT = -7.5

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
def explain(text: str, via: Via, was: Was, cost: float, mostly: bool = False, limit: int = 0) -> Explained:
    """What of a text was misread: whatever is likelier so by at least `cost`, a natural logarithm.

    `mostly` says that what goes before it was; with a `limit`, only what begins before it is told.

    >>> explain("会议ÕÐÉÌÒý×Ê工作", "windows-1252", "gb18030", 12.0).runs
    (Run(start=2, end=10, after='招商引资'),)
    """
    parts = _shown(text, via)
    data = "".join(parts)
    starts = range(len(text) + 1) if via == "windows-1252" else list(accumulate(map(len, parts), initial=0))
    pieces = _pieces(text, data, starts, (via, was), cost, mostly)
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


def _shown(text: str, via: Via) -> Sequence[str]:
    """The bytes that every character came of."""
    table = bytes_behind(via)
    if via == "windows-1252":
        return text.translate(table)
    return [here if here < "\x80" or here == LOST else table.get(ord(here), NONE) for here in text]


def reread(text: str, via: Via, was: Was) -> str:
    """A text that was misread from its first character to its last, with no byte lost; empty if it was not.

    >>> reread("鎷涘晢", "gb18030", "utf-8"), reread("鎷", "gb18030", "utf-8")
    ('招商', '')
    """
    return decoded("".join(_shown(text, via)), was)


def trimmed(run: Run) -> Run:
    """A run without the plain ASCII at its ends."""
    body = run.after.strip(_ASCII)
    ahead = len(run.after) - len(run.after.lstrip(_ASCII))
    behind = len(run.after.rstrip(_ASCII))
    return Run(run.start + ahead, run.end - (len(run.after) - behind), body)


def _pieces(
    text: str, data: str, starts: Sequence[int], way: tuple[Via, Was], cost: float, mostly: bool
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
    whole = _solid(data, number) if was == "utf-8" else _solid_pairs(data, was) if mostly else {}
    for place in range(size):
        if stands[place] is misread[place] is _NO_WAY:
            continue
        index = number.get(place)
        if index is not None:
            _go_astray(stands, misread, place, cost)
        best = misread[place]
        if place in whole and best is not _NO_WAY:
            end, written = whole[place]
            misread[end] = (best[0] + likeliness(written), written[-1], place, True, written)
            continue
        if index is not None:
            _keep(stands, misread, place, starts[index + 1], simple[index])
        likely, before = best[0], best[1]
        if likely < stands[place][0] - _BEAM or (place and likely < misread[place - 1][0] - _BEAM):
            continue
        for length, written, plain, known in going_on(data, place):
            total = likely + (read(before, plain) if known is None else known)
            if known == DROPPED and mostly:
                total += _EXPECTED
            end = place + length
            if total > misread[end][0]:
                misread[end] = (total, plain, place, True, written)
    return _followed_back(stands, misread, number)


def _go_astray(stands: list[_Best], misread: list[_Best], place: int, cost: float) -> None:
    """Begin a misread stretch."""
    likely, last, *_ = stands[place]
    over = likely - (cost + AMID if last > "\u3400" else cost)
    if over > misread[place][0]:
        misread[place] = (over, last, -1, False, "")


def _keep(stands: list[_Best], misread: list[_Best], place: int, end: int, here: str) -> None:
    """Keep one character, be it the first behind a misread stretch."""
    same, best = stands[place], misread[place]
    out = best[0] - AMID if here > "\u3400" and best[1] > "\u3400" else best[0]
    astray = out > same[0]
    total = max(out, same[0]) + kept(best[1] if astray else same[1], here)
    if total > stands[end][0]:
        stands[end] = (total, here, place, astray, "")


def _solid(data: str, number: dict[int, int]) -> dict[int, tuple[int, str]]:
    """Stretches of whole UTF-8, from character to character: nobody writes so long a one by chance."""
    found = {}
    for match in _SOLID_UTF8.finditer(data):
        start = next((place for place in range(match.start(), match.end(), 3) if place in number), match.end())
        end = next((place for place in range(match.end(), start, -3) if place in number), start)
        if end > start + 9:
            found[start] = (end, data[start:end].encode("latin-1").decode("utf-8"))
    return found


def _solid_pairs(data: str, was: Was) -> dict[int, tuple[int, str]]:
    """Stretches between lost bytes that are fluent, if begun at the right one of two bytes."""
    found = {}
    for match in _SOLID_PAIRS.finditer(data):
        for start in (match.start() + 2, match.start() + 3):
            part = data[start : match.end() - 2]
            for end in (len(part), len(part) - 1):
                written = decoded(part[:end], was)
                if written and len(written) < 0.7 * end and likeliness(written) > FLUENT * len(written):
                    found[start] = (start + end, written)
                    break
    return found


def decoded(data: str, was: Was) -> str:
    """Bytes read strictly; empty where they are no text of that charset."""
    try:
        # Windows has the signs of Big5 as browsers have them; its other characters are weighed one by one.
        text = data.encode("latin-1").decode("cp950" if was == "big5" else was)
    except UnicodeError:
        return ""
    # Python's gb18030 reads every pair; those of the users' areas are none that a page was written in.
    return "" if was == "gb18030" and _PRIVATE.search(text) else text


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
