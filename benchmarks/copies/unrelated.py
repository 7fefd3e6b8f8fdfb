"""How much articles share that have nothing to do with each other: what makes telling copies apart hard."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from archive.stories.words import words
from benchmarks.copies.strangers import single
from crawler.demo.sample import load

SHINGLE, ARTICLES, PAIRS, SHORTEST = 4, 2000, 100_000, 150


@dataclass(frozen=True, slots=True)
class Sharing:
    """Jaccard resemblance of pairs, over runs of four characters."""

    name: str
    mean: float
    high: float
    """99 of 100 pairs share less."""
    squares: float
    """Mean of the squares: what the number of candidates of a MinHash band of two goes by."""
    length: float
    """Median of the articles, characters."""


REAL = ("91 real pages and the sample", "0.0003-0.0006", "0.003-0.005", "2.6e-7 to 2e-6")
"""Measured on pages of others, which do not belong here."""


def sharing(name: str, texts: Sequence[str], chance: random.Random, pairs: int = PAIRS) -> Sharing:
    shingled = [frozenset(_shingles(text)) for text in texts]
    found = []
    for _ in range(pairs):
        one, other = chance.sample(shingled, 2)
        both = len(one & other)
        found.append(both / (len(one) + len(other) - both))
    # Sample articles that report the same thing are related.
    found = [each for each in found if each < 0.05]
    high = quantiles(found, n=100)[98]
    return Sharing(name, fmean(found), high, fmean(each * each for each in found), median(map(len, texts)))


def measured() -> list[Sharing]:
    """Of the sample, and of the corpus of the benchmark."""
    chance = random.Random(1)
    sample = [each.text for each in load() if len(each.text) >= SHORTEST]
    invented = [single(random.Random(f"single {number}"))[1] for number in range(ARTICLES)]
    return [sharing("sample articles", sample, chance), sharing("invented articles", invented, chance)]


def _shingles(text: str) -> list[str]:
    plain = words(text)
    return [plain[place : place + SHINGLE] for place in range(max(len(plain) - SHINGLE + 1, 1))]
