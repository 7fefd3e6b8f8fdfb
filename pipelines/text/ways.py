"""The ways in which a page can have come about from a text, side by side, and which of them are worth following."""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import nlargest
from typing import NamedTuple

from pipelines.text.gbk import bytes_of

WIDTH = 16
"""So many ways are followed at a time."""

HOPELESS = 16.0
"""A way that is so much less likely than the best one, in nats, is given up."""

BEHIND, BETWEEN = 1, 2
"""Where a reading stands: behind the last two bytes of a text, or between them."""

_FOLDED = frozenset(",:;!?()")


class Found(NamedTuple):
    """A stretch that was put right."""

    start: int
    """Where it begins on the page."""
    end: int
    """Where the page is in step again."""
    text: str
    """What was there before the mirror."""
    lost: int
    """How many characters are gone for good: each is U+FFFD in the text."""
    guessed: str
    """The characters that were chosen because they fit their neighbours."""
    margin: float = 0.0
    """How much more likely it is than that nothing is wrong, in nats."""
    rival: tuple[float, str] = (math.inf, "")
    """What else fits the bytes, and by how much it is less likely, in nats."""


class Way(NamedTuple):
    """One way in which the page can have come about, up to some place on it."""

    score: float
    """How likely it is, the natural logarithm."""
    pending: int
    """The first byte of a character whose second one is still to come; 0 where text and page are in step."""
    tail: tuple[int, int]
    """The last two bytes of the text."""
    last: str
    """The last character, simplified."""
    start: int
    """Where the page went out of step; -1 where it has not."""
    text: str
    """The text since then."""
    lost: int
    """As in `Found`, so far."""
    guessed: str
    """As in `Found`, so far."""
    found: tuple[Found, ...]
    """The stretches that are done."""
    apart: int = 0
    """Whether a reading stands `BEHIND` the last two bytes or `BETWEEN` them: otherwise they lack one."""

    @property
    def untouched(self) -> bool:
        """Whether nothing is wrong, up to there."""
        return self.start < 0 and not self.found

    def in_step(self, place: int) -> Way:
        """The way with its stretch done: page and text are in step again from some place on the page on."""
        found = Found(self.start, place, self.text, self.lost, self.guessed)
        return Way(self.score, 0, self.tail, self.last, -1, "", 0, "", (*self.found, found), self.apart)

    def or_else(self, other: Way) -> Way:
        """The way, remembering a less likely one that came to the same place."""
        if not self.found or not other.found or self.found[-1].text == other.found[-1].text:
            return self
        distance = self.score - other.score
        last = self.found[-1]
        if distance >= last.rival[0]:
            return self
        return self._replace(found=(*self.found[:-1], last._replace(rival=(distance, other.found[-1].text))))


def best(ways: Iterable[Way]) -> list[Way]:
    """The most likely ways, one for each state they are in, and always the one that nothing is wrong."""
    states: dict[tuple[int, tuple[int, int], str, int, bool], Way] = {}
    for way in ways:
        state = (way.pending, way.tail, way.last, way.apart, way.untouched)
        former = states.get(state)
        if former is None:
            states[state] = way
        else:
            better, worse = (way, former) if way.score > former.score else (former, way)
            states[state] = better.or_else(worse)
    kept = nlargest(WIDTH, states.values())
    least = kept[0].score - HOPELESS
    untouched = [way for way in states.values() if way.untouched]
    return [way for way in kept if way.score > least and not way.untouched] + untouched


def tail_of(char: str) -> tuple[int, int]:
    """The last two bytes of a text that ends with a character. An ASCII sign may have been folded afterwards."""
    if char in _FOLDED:
        return 0xA3, ord(char) + 0x80
    data = (bytes_of(char) if char else None) or b""
    lead, trail = data[-2:].rjust(2, b"\0")
    return lead, trail
