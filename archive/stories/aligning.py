"""Two texts side by side: which of their characters stand in both, in the same order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz.distance import LCSseq

LARGEST = 64_000_000
"""Cells of the table that is filled for two texts (8,000 characters by 8,000); its bits take 8 MB."""

ANCHOR = 24
"""Characters that two larger texts have in common where they are cut."""

Run = tuple[int, int, int]
"""Characters that stand unbroken in both texts: where in the first, where in the other, how many."""


def runs(one: str, other: str) -> list[Run]:
    """The runs of a longest common subsequence, in order.

    >>> runs("安化县签约九个项目", "安化县昨天签约十个项目")
    [(0, 0, 3), (3, 5, 2), (6, 8, 3)]
    """
    if len(one) * len(other) <= LARGEST:
        return _runs(one, other)
    found: list[Run] = []
    start = begun = 0
    for place, there in (*_anchors(one, other), (len(one), len(other))):
        # Two long stretches without an anchor in them have nothing in common that matters.
        if (place - start) * (there - begun) <= LARGEST:
            between = _runs(one[start:place], other[begun:there])
            found += [(start + here, begun + other_place, size) for here, other_place, size in between]
        start, begun = place, there
    return found


def _runs(one: str, other: str) -> list[Run]:
    # The last block is empty and stands at both ends.
    return [(run.a, run.b, run.size) for run in LCSseq.editops(one, other).as_matching_blocks()[:-1]]


def _anchors(one: str, other: str) -> Iterator[tuple[int, int]]:
    """Places of the same characters in both, one behind the other."""
    places: dict[str, list[int]] = defaultdict(list)
    for place in range(0, len(one) - ANCHOR, ANCHOR):
        places[one[place : place + ANCHOR]].append(place)
    last = there = 0
    for begun in range(len(other) - ANCHOR):
        found = places.get(other[begun : begun + ANCHOR], ()) if begun >= there else ()
        looked = begun - there
        # No further ahead than has been looked in vain: what is repeated would lead to its last repetition.
        near = found[bisect_left(found, last) : bisect_right(found, last + 2 * looked + ANCHOR)]
        if near:
            yield near[0], begun
            last, there = near[0] + ANCHOR, begun + ANCHOR
