"""What a grouping is worth, held against the truth: found copies, right pairs, false merges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How an engine did. Everything is counted by story, so that large ones cost no more."""

    articles: dict[str, int]
    """How many there are of each kind."""
    found: dict[str, int]
    """Of each kind, the copies that are in one story with their original."""
    merged: dict[str, int]
    """Of each kind, the articles that are in one story with one that they have nothing to do with."""
    right: int
    """Pairs in one story that belong together."""
    pairs: int
    """Pairs in one story."""

    @property
    def precision(self) -> float:
        return self.right / self.pairs if self.pairs else 1.0

    def recall(self, *kinds: str) -> float:
        """The share of the copies of these kinds that were found."""
        return sum(self.found[kind] for kind in kinds) / sum(self.articles[kind] for kind in kinds)

    def merged_per_thousand(self, *kinds: str) -> float:
        return 1000 * sum(self.merged[kind] for kind in kinds) / sum(self.articles[kind] for kind in kinds)


def tally(groups: Sequence[int], families: Sequence[int], kinds: Sequence[str]) -> Tally:
    """Count.

    >>> counted = tally([7, 7, 7, 8], [0, 0, 2, 0], ["original", "same", "single", "header"])
    >>> counted.found["same"], counted.found["header"], dict(counted.merged), counted.right, counted.pairs
    (1, 0, {'original': 1, 'same': 1, 'single': 1}, 1, 3)
    """
    in_story = Counter(groups)
    in_both = Counter(zip(groups, families, strict=True))
    found, merged = Counter[str](), Counter[str]()
    for number, (group, family, kind) in enumerate(zip(groups, families, kinds, strict=True)):
        found[kind] += number != family and group == groups[family]
        merged[kind] += in_story[group] != in_both[group, family]
    return Tally(
        articles=Counter(kinds),
        found=found,
        merged=+merged,
        right=sum(count * (count - 1) // 2 for count in in_both.values()),
        pairs=sum(count * (count - 1) // 2 for count in in_story.values()),
    )
