"""Where the repairs of a text stand in it, so that a reader sees each at its place with what stood there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Row = Mapping[str, Any]
"""A row of `repairs`."""


class UnfitRecordError(ValueError):
    """A record of repairs that does not belong to the text: it is told as a list, and nothing is marked."""


class Place(NamedTuple):
    """A stretch of a text that was repaired."""

    start: int
    """First character, in the text as it stands."""
    end: int
    """Behind the last one; where something was only taken out there is none between them."""
    repairs: tuple[Row, ...]
    """What was done there, in the order in which it was done."""


class Run(NamedTuple):
    """A stretch of a paragraph."""

    text: str
    """Its words."""
    begins: Place | None = None
    """The place whose first words they are: what stood there is shown before them."""
    ends: Place | None = None
    """The place whose last words they are: what was done is named behind them."""
    mended: bool = False
    """Whether they were put there by a repair."""


def places(text: str, repairs: Sequence[Row]) -> list[Place]:
    """Where the repairs of one field stand, which are given in the order in which they were made.

    A repair says where it stood when it was made; later ones have moved it since, or were made in its own words. So
    they are taken back, the last one first, while each place of the text of that time knows its place in the text of
    today. Raises UnfitRecordError where the text does not hold what a repair says it put there.

    >>> reading = {"position": 1, "start": 4, "before": "(zhāo)", "after": ""}
    >>> blank = {"position": 2, "start": 0, "before": "  ", "after": ""}
    >>> [tuple(place)[:2] for place in places("大招商引资", [reading, blank])]
    [(0, 0), (2, 2)]
    """
    # By place in the text of that time: the first and the last place of today that it stands for.
    first, last = list(range(len(text) + 1)), list(range(len(text) + 1))
    found: list[Place] = []
    done = len(repairs)
    while done:
        # Repairs that stand in order, each behind the one before, do not move each other: back in one go.
        begin = done - 1
        while begin and _in_order(repairs[begin - 1], repairs[begin]):
            begin -= 1
        former: list[str] = []
        firsts: list[int] = []
        lasts: list[int] = []
        here = 0
        for repair in repairs[begin:done]:
            start, before, after = repair["start"], repair["before"], repair["after"]
            end = start + len(after)
            if start < here or not text.startswith(after, start) or end > len(text):
                raise UnfitRecordError(f"{after!r} does not stand at character {start} of the text")
            found.append(Place(first[start], last[end], (repair,)))
            former += (text[here:start], before)
            firsts += first[here:start] + [first[start]] * len(before)
            lasts += last[here:start] + ([last[start]] + [last[end]] * (len(before) - 1) if before else [])
            here = end
        text = "".join([*former, text[here:]])
        first, last = firsts + first[here:], lasts + last[here:]
        done = begin
    return _joined(sorted(found, key=lambda each: (each.start, each.end, each.repairs[0]["position"])))


def _in_order(one: Row, other: Row) -> bool:
    return bool(one["start"] + len(one["after"]) <= other["start"])


def _joined(found: list[Place]) -> list[Place]:
    """Places that lie in each other as one."""
    joined: list[Place] = []
    for place in found:
        if joined and place.start < joined[-1].end:
            whole = sorted((*joined[-1].repairs, *place.repairs), key=lambda each: each["position"])
            joined[-1] = Place(joined[-1].start, max(joined[-1].end, place.end), tuple(whole))
        else:
            joined.append(place)
    return joined


def paragraphs(text: str, found: Sequence[Place] = ()) -> list[list[Run]]:
    r"""The paragraphs of a text, each as its runs; empty ones are left out.

    >>> [[run.text for run in paragraph] for paragraph in paragraphs("一稿。\n二稿。", [Place(3, 6, ())])]
    [['一稿。', ''], ['二稿', '。']]
    """
    whole: list[list[Run]] = [[]]
    here = 0
    for place in found:
        _add(whole, text[here : place.start], None)
        _add(whole, text[place.start : place.end], place)
        here = place.end
    _add(whole, text[here:], None)
    return [paragraph for paragraph in whole if any(run.text.strip() or run.begins for run in paragraph)]


def _add(whole: list[list[Run]], text: str, place: Place | None) -> None:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number:
            whole.append([])
        if line or place:
            begins, ends = place if number == 0 else None, place if number == len(lines) - 1 else None
            whole[-1].append(Run(line, begins, ends, place is not None))
