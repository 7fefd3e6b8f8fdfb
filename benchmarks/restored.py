"""How well texts come back: each kind of fault restored by this project and by a peer, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from benchmarks.faults import LOST, Given, Kind, Spoiled, given, spoil
from benchmarks.scoring import right, wrong
from pipelines.text.damage import damage
from pipelines.text.edits import undo
from pipelines.text.restore import restore

Restore = Callable[[str], str]


@dataclass(slots=True)
class Count:
    """What became of some texts. Two counts add up."""

    texts: int = 0
    """Texts with a fault."""
    exact: int = 0
    """Texts that came back as they were; a destroyed one must be known as damaged, too."""
    characters: int = 0
    """Characters of the true texts."""
    before: int = 0
    """Characters that were wrong."""
    after: int = 0
    """Characters that are wrong still, or wrong only now."""
    ideal: int = 0
    """Characters all of whose bytes survived."""
    right: int = 0
    """Characters of the true text that are there."""
    invented: int = 0
    """Characters that are there and not in the true text; U+FFFD is not counted."""
    undone: int = 0
    """Texts whose record gives the input back."""

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def percent(self, of: int) -> float:
        return 100 * of / self.texts if self.texts else 0.0

    def per_ten_thousand(self, of: int) -> float:
        return 10_000 * of / self.characters if self.characters else 0.0


def ours(text: str) -> str:
    """The text as this project restores it: a page by itself."""
    return restore(text).text


def ftfy(text: str) -> str:
    """The text as ftfy fixes it, told to leave Chinese punctuation alone: as it comes it folds every 。“ to ASCII."""
    from ftfy import TextFixerConfig, fix_text  # noqa: PLC0415 only benchmarks have it

    config = TextFixerConfig(uncurl_quotes=False, fix_character_width=False, fix_line_breaks=False, normalization=None)
    return str(fix_text(text, config))


def ftfy_as_it_comes(text: str) -> str:
    from ftfy import fix_text  # noqa: PLC0415 only benchmarks have it

    return str(fix_text(text))


def counted(kind: Kind, articles: Iterable[Given]) -> tuple[Count, Count]:
    """A kind of fault, done to articles and repaired by this project and by ftfy."""
    all_mine, all_theirs = Count(), Count()
    for spoiled in spoil(kind, articles):
        before = wrong(spoiled.text, spoiled.truth)
        restored = restore(spoiled.text)
        mine = _compared(restored.text, spoiled, before)
        mine.undone = undo(restored) == spoiled.text
        mine.exact = mine.exact and not (spoiled.destroyed and damage(restored.text) == 0)
        all_mine += mine
        all_theirs += _compared(ftfy(spoiled.text), spoiled, before)
    return all_mine, all_theirs


def _compared(text: str, spoiled: Spoiled, before: int) -> Count:
    found = right(text, spoiled.truth)
    return Count(
        texts=1,
        exact=text == spoiled.truth,
        characters=len(spoiled.truth),
        before=before,
        after=before if text == spoiled.text else wrong(text, spoiled.truth),
        ideal=len(spoiled.truth) - len(spoiled.lost),
        right=found,
        invented=len(text) - text.count(LOST) - found,
    )


def sampled(number: int, of: int) -> list[Given]:
    """Every so-manieth article, other ones for each number."""
    return [article for article in given() if article.number % of == number % of]
