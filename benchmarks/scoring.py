"""How far one text is from another, in characters."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.faults.bytemodel import LOST


def _places(text: str) -> dict[str, int]:
    """Of each character the bits of the places where it stands."""
    found: dict[str, int] = defaultdict(int)
    for place, char in enumerate(text):
        found[char] |= 1 << place
    return found


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def _without_common_ends(one: str, other: str) -> tuple[str, str, str]:
    """Both texts without what they begin and end with alike, and that."""
    begin = _alike(one, other)
    one, other, same = one[begin:], other[begin:], one[:begin]
    end = _alike(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end], same + one[len(one) - end :]


def wrong(text: str, truth: str) -> int:
    """Characters that would have to be put in, left out or changed: the Levenshtein distance, a row of bits at a time.

    >>> wrong("招商引资", "招商引资"), wrong("招鎷商引?", "招商引资"), wrong("", "招商")
    (0, 2, 2)
    """
    text, truth, _ = _without_common_ends(text, truth)
    if not truth:
        return len(text)
    places, every, last = _places(truth), (1 << len(truth)) - 1, 1 << len(truth) >> 1
    # Myers 1999: `up` and `down` are the places at which the column grows and shrinks by one.
    up, down, distance = every, 0, len(truth)
    for char in text:
        match = places.get(char, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        right, left = down | ~(diagonal | up) & every, up & diagonal
        distance += bool(right & last) - bool(left & last)
        right, left = (right << 1 | 1) & every, (left << 1) & every
        up, down = left | ~(diagonal | right) & every, right & diagonal
    return distance


def right(text: str, truth: str) -> int:
    r"""Characters of the truth that stand in the text, in order: the longest common subsequence without U+FFFD.

    >>> right("招\ufffd引资", "招商引资"), right("商招", "招商")
    (3, 1)
    """
    text, truth, same = _without_common_ends(text, truth)
    places, every = _places(truth), (1 << len(truth)) - 1
    row = every
    for char in text:
        match = row & places.get(char, 0) if char != LOST else 0
        row = ((row + match) | (row - match)) & every
    return len(truth) - row.bit_count() + len(same) - same.count(LOST)
