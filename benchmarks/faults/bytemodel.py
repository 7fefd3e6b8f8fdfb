"""Texts as bytes on their way through wrong hands, each byte knowing which character it came from.

Written apart from `crawler.demo.pollute`, which the repairs grew up with, and wider: it reads as mirrors, browsers and
Python do. What is left of each character in the end is known, so it is known what a repair can bring back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

ADDED = -1
"""Origin of a byte that came in on the way: of a reading, or a question mark."""

LOST = "\ufffd"


class Stream(NamedTuple):
    """Bytes and where they come from."""

    data: bytes
    """The bytes as they stand."""
    origins: list[int]
    """Of each byte the place of its character in the true text, or ADDED."""


class Piece(NamedTuple):
    """What one step of a reader shows."""

    shown: str
    """Its characters: one, or none where it fell out."""
    taken: int
    """Bytes it used up."""
    kept: bool
    """Whether the bytes can be told from what is shown."""


Reader = Callable[[bytes, int], Piece]
"""Reads on from a place in the bytes."""


class Shown(NamedTuple):
    """A stream as a reader shows it."""

    pieces: list[tuple[str, tuple[int, ...]]]
    """Each piece shown, with the origins of its bytes."""
    lost: frozenset[int]
    """Places of the true text of which a byte cannot be told any more."""

    @property
    def text(self) -> str:
        return "".join(shown for shown, _ in self.pieces)


def stream(text: str, charset: str = "gbk", first: int = 0) -> Stream:
    r"""The bytes of a text that begins at a place of the true one.

    >>> stream("日a", "gbk", 7)
    Stream(data=b'\xc8\xd5a', origins=[7, 7, 8])
    """
    coded = [char.encode(charset) for char in text]
    return Stream(b"".join(coded), [first + place for place, each in enumerate(coded) for _ in each])


def replaced(given: Stream, places: Iterable[tuple[int, int, bytes]]) -> Stream:
    r"""Bytes replaced from a start to an end, in order: what comes instead is ADDED.

    >>> replaced(Stream(b"abc", [0, 1, 2]), [(1, 2, b"??")])
    Stream(data=b'a??c', origins=[0, -1, -1, 2])
    """
    data, origins, place = [], [], 0
    for start, end, instead in places:
        data += [given.data[place:start], instead]
        origins += [*given.origins[place:start], *([ADDED] * len(instead))]
        place = end
    return Stream(b"".join([*data, given.data[place:]]), origins + given.origins[place:])


def inject(given: Stream, entries: Iterable[tuple[bytes, bytes]]) -> Stream:
    """Each reading behind the bytes of its character, wherever these two bytes stand, one entry after another."""
    for char, reading in entries:
        found = [match.end() for match in re.finditer(re.escape(char), given.data)]
        given = replaced(given, [(end, end, b"(" + reading + b")") for end in found]) if found else given
    return given


def read(given: Stream, reader: Reader) -> Shown:
    """What the reader shows, and what is lost for good.

    The byte that went together with the bracket of an injected reading can be told by that reading.

    >>> from benchmarks.faults.readers import mirror
    >>> read(Stream(bytes.fromhex("c8d5 8828 71a8ab6e67 29 f328 62a8a46f 29"), [0, 0, 1, *[-1] * 7, 1, *[-1] * 6]),
    ...     mirror).text
    '日?qǐng)?bào)'
    """
    pieces: list[tuple[str, tuple[int, ...]]] = []
    lost, place, end = set[int](), 0, len(given.data)
    while place < end:
        shown, taken, kept = reader(given.data, place)
        origins = tuple(given.origins[place : place + taken])
        bracket = given.data[place + 1 : place + 2] == b"(" and given.origins[place + 1] == ADDED
        if not kept and not bracket:
            lost.update(origins)
        pieces.append((shown, origins))
        place += taken
    return Shown(pieces, frozenset(lost - {ADDED}))
