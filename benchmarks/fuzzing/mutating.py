"""Inputs out of inputs: pieces flipped, cut, doubled, moved and spliced, as disks, networks and mischief make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import AnyStr, Generic

LONGEST = 1 << 16
"""Characters or bytes of an input: time is compared between inputs of one size."""

_OFTEN = (1, 1, 1, 2, 2, 3, 5, 9)
"""How many mutations an input has."""

_TIMES = (1, 1, 2, 3, 10, 100, 1000)
"""How often a piece is doubled."""


@dataclass(frozen=True, slots=True)
class Stock(Generic[AnyStr]):
    """What inputs of one kind are made of."""

    seeds: Sequence[AnyStr]
    """Whole inputs, sound ones and known bad ones."""
    tokens: Sequence[AnyStr]
    """What has a meaning in them."""
    one: Callable[[int], AnyStr]
    """A byte or a character by its number."""
    highest: int
    """The highest number that `one` takes."""

    def mutated(self, random: Random) -> AnyStr:
        """A seed, or two of them joined, with a few mutations; now and then tokens alone."""
        if self.tokens and random.random() < 0.15:
            return self._joined(random.choices(self.tokens, k=random.choice((1, 3, 10, 40))))
        data = random.choice(self.seeds)
        for _ in range(random.choice(_OFTEN)):
            data = random.choice(_MUTATIONS)(self, random, data)[:LONGEST]
        return data

    def spliced(self, random: Random, data: AnyStr) -> AnyStr:
        """The beginning of an input, and the end of another one."""
        other = random.choice(self.seeds)
        return data[: _place(random, data)] + other[_place(random, other) :]

    def inserted(self, random: Random, data: AnyStr) -> AnyStr:
        """An input with a token in it."""
        place = _place(random, data)
        return data[:place] + (random.choice(self.tokens) if self.tokens else self.any_one(random)) + data[place:]

    def replaced(self, random: Random, data: AnyStr) -> AnyStr:
        """An input with another byte or character at one place, or NUL."""
        place = _place(random, data)
        return data[:place] + random.choice((self.any_one(random), self.one(0))) + data[place + 1 :]

    def flipped(self, random: Random, data: AnyStr) -> AnyStr:
        """An input with one bit turned over."""
        place = _place(random, data)
        if place == len(data):
            return data
        number = data[place] if isinstance(data, bytes) else ord(data[place])
        return (
            data[:place] + self.one((int(number) ^ (1 << random.randrange(8))) % (self.highest + 1)) + data[place + 1 :]
        )

    def any_one(self, random: Random) -> AnyStr:
        """Any byte or character; one of Latin-1 or of the Chinese blocks is as likely as one of all."""
        ranges = ((0, 0xFF), (0x2000, 0x9FFF), (0, self.highest)) if self.highest > 0xFF else ((0, 0xFF),)
        return self.one(random.randint(*random.choice(ranges)))

    def _joined(self, parts: Sequence[AnyStr]) -> AnyStr:
        return self.one(0)[:0].join(parts)


def of_bytes(seeds: Sequence[bytes], tokens: Sequence[bytes]) -> Stock[bytes]:
    """A stock of files.

    >>> of_bytes([b"abc"], []).mutated(Random(4)) != b""
    True
    """
    return Stock(seeds, tokens, lambda number: bytes((number,)), 0xFF)


def of_text(seeds: Sequence[str], tokens: Sequence[str]) -> Stock[str]:
    """A stock of texts; half a character (a surrogate) comes as rarely as any other."""
    return Stock(seeds, tokens, chr, 0x10FFFF)


def _place(random: Random, data: AnyStr) -> int:
    return random.randint(0, len(data))


def _piece(random: Random, data: AnyStr) -> tuple[int, int]:
    """Beginning and end of a piece, a short one as often as any."""
    start = _place(random, data)
    end = min(len(data), start + random.choice((1, 4, 30, 400))) if random.random() < 0.6 else _place(random, data)
    return min(start, end), max(start, end)


def _cut(_: Stock[AnyStr], random: Random, data: AnyStr) -> AnyStr:
    start, end = _piece(random, data)
    return data[:start] + data[end:]


def _torn(_: Stock[AnyStr], random: Random, data: AnyStr) -> AnyStr:
    return data[: _place(random, data)]


def _doubled(_: Stock[AnyStr], random: Random, data: AnyStr) -> AnyStr:
    start, end = _piece(random, data)
    times = min(random.choice(_TIMES), LONGEST // max(end - start, 1) + 1)
    return data[:end] + data[start:end] * times + data[end:]


def _moved(_: Stock[AnyStr], random: Random, data: AnyStr) -> AnyStr:
    start, end = _piece(random, data)
    rest = data[:start] + data[end:]
    place = _place(random, rest)
    return rest[:place] + data[start:end] + rest[place:]


_MUTATIONS: tuple[Callable[..., object], ...] = (
    Stock.flipped, Stock.replaced, Stock.inserted, Stock.spliced, _cut, _torn, _doubled, _moved,
)  # fmt: skip
