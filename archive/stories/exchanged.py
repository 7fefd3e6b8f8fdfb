"""What stands in place of what in two short texts that are the same around it: a form that was filled in twice.

A notice of the same form has another project, firm and sum where the first one had its own, and hardly a word is
changed between them. Many values are weighed against the words around them (`archive.stories.likeness`); a notice of
200 characters has two or three.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from archive.stories.aligning import Run
from archive.stories.words import FIGURES

SHORT = 500
"""Letters and digits up to which a text is told by two values."""

SHORTER = 300
"""Letters and digits up to which any phrase may be a value."""

LONGEST = 16
"""Characters of the longest name: what is longer was rewritten, not filled in."""

BORDER = 10
"""Characters in common at either end before which only places count: reprints have lead lines of their own."""

ELSEWHERE = 0.7
"""Share of the shorter text, without stretches of its own, that stands in the other one where both are of one form."""

EDITS = 2
"""Other pieces beside each value, at most."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
# What a name is known by: a place by its end or what follows, the others by what follows.
_PLACE = re.compile(r"[县市区旗镇乡村]")
# 文安县 and 吉安县 have the end in common, at the head of a notice.
_FIRST_PLACE = re.compile(r"[\u4e00-\u9fff]?[县市区旗]")
_NAMED = re.compile(r"[\u4e00-\u9fff]{0,3}(?:有限|公司|集团|办法|方案|细则|规定)|项目|工程|中心|同志")


class Piece(NamedTuple):
    """Words of the one text and those of the other one that stand in their place."""

    one: str
    other: str
    behind: str
    """What follows on both, six characters at most."""
    depth: int
    """Characters in common before it or behind it, whichever are fewer."""

    @property
    def is_value(self) -> bool:
        """Whether a name stands for another one."""
        longer = max(len(self.one), len(self.other))
        if longer > LONGEST or not _CHINESE.fullmatch(self.one + self.other):
            return False
        if self.depth == 0 and _FIRST_PLACE.match(self.behind):
            return True
        if longer < 2:
            return False
        if _PLACE.match(self.behind) or (_PLACE.match(self.one[-1]) and _PLACE.match(self.other[-1])):
            return True
        return self.depth >= BORDER and _NAMED.match(self.behind) is not None

    @property
    def is_phrase(self) -> bool:
        """Whether two characters or more stand for as many, and no clause for another."""
        return min(len(self.one), len(self.other)) > 1 and max(len(self.one), len(self.other)) <= LONGEST

    @property
    def is_edit(self) -> bool:
        """Whether it speaks for a copy that was edited; lead lines and disclaimers do not."""
        return self.depth >= BORDER and not self.is_value


def exchanged(found: Sequence[Run], one: str, other: str) -> Iterator[Piece]:
    """The pieces before and between the runs of two characters and more, given all runs.

    >>> [piece] = exchanged([(0, 0, 2), (4, 4, 4)], "中标建工集团万元", "中标五局集团万元")
    >>> piece.one, piece.other, piece.depth
    ('建工', '五局', 2)
    """
    found = [run for run in found if run[2] > 1]
    before, behind = 0, sum(size for _, _, size in found)
    mine = theirs = 0
    for here, there, size in found:
        if mine < here and theirs < there:
            yield Piece(one[mine:here], other[theirs:there], one[here : here + min(size, 6)], min(before, behind))
        mine, theirs = here + size, there + size
        before, behind = before + size, behind - size


def filled_otherwise(found: Sequence[Run], own: Sequence[tuple[int, int]], one: str, other: str) -> str | None:
    """What is said of two texts that have all in common but what fills in a form; None where they do not.

    `one` is the shorter text, with stretches of its `own`.
    """
    borders = [0, *chain.from_iterable(own), len(one)]
    rest = "".join(one[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True))
    common = [run for run in found if not any(start <= run[0] < end for start, end in own)]
    if len(rest) > SHORT or sum(size for _, _, size in common) < ELSEWHERE * len(rest):
        return None
    pieces = list(exchanged(common, one, other))
    figures = _other_figures(pieces, rest, other)
    pieces = [each for each in pieces if not FIGURES.search(each.one + each.other)]
    # 项目 is 专案 throughout in another place's words.
    pieces = list({each[:2]: each for each in pieces}.values())
    names = sum(each.is_value for each in pieces)
    edits = [each for each in pieces if each.is_edit]
    phrases = sum(each.is_phrase for each in edits)
    if names and phrases == len(edits) and len(rest) <= SHORTER:
        # Beside the name of a place a phrase is a name that nothing gives away.
        return f"a form with {names + figures + phrases} other values" if names + figures + phrases > 1 else None
    # Scattered edits change figures, too.
    values, few = names + figures, len(edits) <= EDITS * names
    return f"a form with {values} other values" if values > 1 and few else None


def _other_figures(pieces: Sequence[Piece], one: str, other: str) -> int:
    """How many figures are others, if most are; those that an edit took away are not."""
    figures = FIGURES.findall(one)
    others = (Counter(figures) - Counter(FIGURES.findall(other))).total()
    others -= sum(bool(FIGURES.search(each.one)) and not FIGURES.search(each.other) for each in pieces)
    return others if 2 * others >= len(figures) else 0
