"""Counts as shades: few steps, each two to five times the one before, since regional news is spread unevenly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import zip_longest

NONE = "#ffffff"
"""Nothing is there."""
SHADES = ("#dbe6f1", "#aac6e0", "#6d9dc9", "#2f6aa3", "#123a66")
"""From few to many; on the last two letters are white."""
DARK = 3
"""Shades from this one on are dark."""


def limits(values: Iterable[int]) -> list[int]:
    """The least value of each shade, for the values that are to be shown; none where all are nought.

    >>> limits([0, 3, 40, 900]), limits([1, 2]), limits([0])
    ([1, 20, 50, 100, 500], [1, 2], [])
    """
    highest = max(values, default=0)
    steps = {_round(highest / 3**power) for power in range(1, len(SHADES))}
    return sorted({1, *steps} | ({highest} if highest <= len(SHADES) else set())) if highest else []


def _round(figure: float) -> int:
    """The next figure that is easily read.

    >>> [_round(figure) for figure in (0.4, 1.2, 33.3, 514, 1000)]
    [1, 2, 50, 1000, 1000]
    """
    return next(each for each in _EASY if each >= figure)


_EASY = [int(f"{digit}{'0' * power}") for power in range(20) for digit in (1, 2, 5)]


def shade(value: int, least: Sequence[int]) -> int | None:
    """Which shade a value has; None for nought.

    >>> [shade(value, [1, 12, 34]) for value in (0, 1, 12, 99)]
    [None, 0, 1, 2]
    """
    return bisect_right(least, value) - 1 if value > 0 else None


def ranges(least: Sequence[int]) -> list[tuple[str, str]]:
    """The legend: each shade's colour, and what it stands for.

    >>> ranges([1, 12, 34])
    [('#dbe6f1', '1-11'), ('#aac6e0', '12-33'), ('#6d9dc9', '34+')]
    >>> ranges([])
    []
    """
    named = []
    for start, following in zip_longest(least, least[1:]):
        span = f"{start:,}+" if following is None else f"{start:,}-{following - 1:,}"
        named.append(f"{start:,}" if following == start + 1 else span)
    return list(zip(SHADES, named, strict=False))
