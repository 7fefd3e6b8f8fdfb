"""What a fix does to a text, told so that it can be undone.

A fix is a function that looks at a text and names its `Edit`s, first to last, in the text it was given. `apply` makes
them and keeps a `Change` of each; `undo` takes changes back, whatever came after what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pipelines.text.signs import Signs


class Edit(NamedTuple):
    """One replacement, in the text as the fix found it."""

    start: int
    """First character replaced."""
    end: int
    """Behind the last one."""
    after: str
    """What is to stand there."""
    confidence: float
    """0 to 1; below 0.8 it is a guess, and the evidence says so."""
    evidence: str
    """What the fix went by, in words a journalist understands."""


Fix = Callable[[str, Signs], Iterable[Edit]]
"""A fix: edits that do not overlap, in the order of the text."""


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement that was made."""

    kind: str
    """Name of the fix."""
    start: int
    """Where `after` stands, in characters of the text as that fix left it."""
    before: str
    """What stood there."""
    after: str
    """What stands there since."""
    confidence: float
    """0 to 1; below 0.8 it is a guess."""
    evidence: str
    """What the fix went by."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A text and the complete record of what was done to it."""

    text: str
    """The text now."""
    changes: tuple[Change, ...] = ()
    """Every change, in the order in which they were made."""


def apply(kind: str, text: str, edits: Iterable[Edit]) -> Restored:
    """Make the edits of one fix; one that changes nothing is none.

    >>> apply("pinyin", "增長(cháng)了", [Edit(2, 9, "", 0.99, "長 is read cháng")])
    Restored(text='增長了', changes=(Change(kind='pinyin', start=2, before='(cháng)', after='', confidence=0.99, \
evidence='長 is read cháng'),))
    """
    parts: list[str] = []
    changes: list[Change] = []
    place = length = 0
    for start, end, after, confidence, evidence in edits:
        if text[start:end] == after:
            continue
        length += start - place
        parts += (text[place:start], after)
        changes.append(Change(kind, length, text[start:end], after, confidence, evidence))
        length += len(after)
        place = end
    if not changes:
        return Restored(text)
    return Restored("".join([*parts, text[place:]]), tuple(changes))


class Made(Protocol):
    """Anything that tells of a replacement as a `Change` does."""

    @property
    def start(self) -> int: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


class UnfitError(ValueError):
    """A record that does not belong to the text."""


def undo(restored: Restored) -> str:
    """The text as it stood before every change.

    >>> undo(Restored("增長了", (Change("pinyin", 2, "(cháng)", "", 0.99, ""),)))
    '增長(cháng)了'
    """
    return take_back(restored.text, restored.changes)


def take_back(text: str, changes: Sequence[Made]) -> str:
    """The text as it stood before the changes, which are given in the order in which they were made.

    Raises UnfitError where the text does not hold what a change says it put there.
    """
    place = len(changes)
    while place:
        # Changes that stand in order, each behind the one before, do not move each other: back in one go.
        first = place - 1
        while first and _in_order(changes[first - 1], changes[first]):
            first -= 1
        text = _without(text, changes[first:place])
        place = first
    return text


def _in_order(one: Made, other: Made) -> bool:
    return one.start + len(one.after) <= other.start


def _without(text: str, changes: Sequence[Made]) -> str:
    parts: list[str] = []
    place = 0
    for change in changes:
        if not text.startswith(change.after, change.start) or change.start < 0:
            raise UnfitError(f"{change.after!r} does not stand at character {change.start} of the text")
        parts += (text[place : change.start], change.before)
        place = change.start + len(change.after)
    return "".join([*parts, text[place:]])
