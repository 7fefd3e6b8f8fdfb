"""What may begin at a byte: every way to go on from it in the right charset, lost bytes and all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pipelines.text.misread import DAMAGED_UTF8, LOST, UTF8, Via, Was, char, characters_of
from pipelines.text.weighing import kept

_DAMAGED = -9.0
"""A misread character of which a byte is lost."""

DROPPED = -22.0
"""The same where nothing shows that a byte was there."""

_TWO_BYTES = -8.0
"""What is added for a letter of two bytes of UTF-8: one ideograph of GBK is enough to make one."""

_HOLES = "?\ufffd"


class Step(NamedTuple):
    """One way to go on from a byte."""

    length: int
    """How many bytes it takes."""
    written: str
    """The character they are."""
    simple: str
    """Its simplified form, for `step`."""
    likely: float | None
    """Its likelihood, where it does not depend on the character before."""


Options = Callable[[str, int], Sequence[Step]]
"""Of bytes and a place among them: how to go on from there."""


def options(via: Via, was: Was) -> Options:
    """How to go on from a byte, for each misreading.

    >>> [step.written for step in options("windows-1252", "gb18030")("ÕÐ", 0)]
    ['�', '招']
    """
    if was != "utf-8":
        return _of_pairs(via, was)
    return _of_latin_utf8 if via == "windows-1252" else _of_utf8


@cache
def _of_pairs(via: Via, was: Was) -> Options:
    """What may stand at a byte of a charset of pairs."""
    known: dict[str, tuple[Step, ...]] = {}

    def options(data: str, place: int) -> tuple[Step, ...]:
        pair = data[place : place + 2]
        found = known.get(pair)
        if found is None:
            found = known[pair] = tuple(_of_pair(pair, via, was))
        if (
            was == "gb18030"
            and "0" <= pair[1:] <= "9"
            and pair[0] > "\x7f"
            and (four := _four_bytes(data[place : place + 4]))
        ):
            return (Step(4, four, four, None), *found)
        return found

    return options


def _of_pair(pair: str, via: Via, was: Was) -> Iterator[Step]:
    lead, trail = pair[0], pair[1:]
    two_holes = () if via == "windows-1252" else ("\ufffd?", "?\ufffd")
    if lead in _HOLES:
        yield Step(1, lead, lead, _DAMAGED if lead == LOST else None)
        # Of A1 and a `?` for the byte behind it a browser makes two signs, and of `?` and F4 where a digit comes next.
        if ("\x40" <= trail <= "\xfe" and trail != "\x7f") or lead + trail in two_holes:
            yield Step(2, LOST, LOST, _DAMAGED)
    elif lead < "\x80":
        yield Step(1, lead, lead, None)
    elif lead <= "\xff":
        yield Step(1, LOST, LOST, DROPPED)
        if pair in characters_of(was):
            yield Step(2, *characters_of(was)[pair], None)
        elif trail and (trail in _HOLES or "\x80" <= trail <= "\xff"):
            yield Step(2, LOST, LOST, _DAMAGED if trail in _HOLES else DROPPED)


def _four_bytes(data: str) -> str:
    try:
        return data.encode("latin-1").decode("gb18030")
    except UnicodeError:
        return ""


def _of_utf8(data: str, place: int) -> Sequence[Step]:
    """What may stand at a byte of UTF-8."""
    lead = data[place]
    if lead < "\x80" and lead != "?":
        return (Step(1, lead, lead, None),)
    if match := UTF8.match(data, place):
        written = match[0].encode("latin-1").decode("utf-8")
        likely = kept("", written) + _TWO_BYTES if len(match[0]) == 2 and written.isalpha() else None
        return (Step(len(match[0]), *char(written), likely),)
    match = DAMAGED_UTF8.match(data, place)
    return _damaged(match[0]) if match else ()


def _of_latin_utf8(data: str, place: int) -> Sequence[Step]:
    """The same where every byte is a character: two of them seldom are a letter by chance."""
    match = UTF8.match(data, place)
    if match and len(match[0]) < 4 and (written := match[0].encode("latin-1").decode("utf-8")) < "\u2300":
        return (Step(len(match[0]), written, written, kept("", written)),)
    return _of_utf8(data, place)


@cache
def _damaged(data: str) -> tuple[Step, ...]:
    """What is left of a character may be all of these bytes, or only the first of them."""
    parts = [data[:length] for length in range(1, len(data) + 1)]
    return tuple(
        Step(1, "?", "?", None) if part == "?" else Step(len(part), LOST, LOST, _hole_shows(part)) for part in parts
    )


def _hole_shows(part: str) -> float:
    return _DAMAGED if "?" in part or LOST in part else DROPPED
