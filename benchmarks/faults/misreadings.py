"""Texts decoded with a wrong charset: whole or in part, once or twice, with and without bytes lost on the way."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from benchmarks.faults.bytemodel import ADDED, LOST, Reader, read, replaced, stream
from benchmarks.faults.readers import browser, cp1252, latin1, python
from benchmarks.faults.spoiled import Given, Spoiled, clauses, fitting

LEAST = 40
"""Characters below which what is left of a text is not worth a case."""
LEAST_IDEOGRAPHS = 4
"""Ideographs that a headline must have: `2月8日` between good sentences is too little to go by."""


class Misreading(NamedTuple):
    """The charset of the bytes, and who read them."""

    charset: str
    """In which the text was written."""
    reader: Reader
    """By which it was read."""


MISREADINGS = {
    "utf-8 as gb18030": Misreading("utf-8", browser),
    "utf-8 as gbk": Misreading("utf-8", python),
    "utf-8 as cp1252": Misreading("utf-8", cp1252),
    "utf-8 as latin-1": Misreading("utf-8", latin1),
    "gbk as cp1252": Misreading("gbk", cp1252),
    "gbk as latin-1": Misreading("gbk", latin1),
    "big5 as gb18030": Misreading("big5", browser),
    "big5 as gbk": Misreading("big5", python),
    "big5 as cp1252": Misreading("big5", cp1252),
}


def _script(article: Given, charset: str) -> str:
    return article.hant if charset == "big5" else article.text


def misread(text: str, way: Misreading) -> str | None:
    """A text read wrongly; None if a byte is lost by it.

    >>> misread("招商引资", MISREADINGS["utf-8 as gbk"]), misread("招商", MISREADINGS["gbk as cp1252"])
    ('鎷涘晢寮曡祫', 'ÕÐÉÌ')
    >>> misread("招商引", MISREADINGS["utf-8 as gbk"]) is None
    True
    """
    shown = read(stream(text, way.charset), way.reader)
    return None if shown.lost else shown.text


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole text, of the clauses that lose no byte."""

    way: Misreading
    """How it is misread."""
    times: int = 1
    """How often, one misreading upon the other."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled | None:  # noqa: ARG002 every kind is given it
        kept, spoiled = "", ""
        for clause in clauses(fitting(_script(article, self.way.charset), self.way.charset)):
            again: str | None = clause
            for _ in range(self.times):
                again = misread(again, self.way) if again is not None else None
            if again is not None and clause.strip():
                kept, spoiled = kept + clause, spoiled + again
        return Spoiled(spoiled, kept) if len(kept) >= LEAST else None


@dataclass(frozen=True, slots=True)
class Pasted:
    """A misread headline in a good text."""

    way: Misreading
    """How it is misread."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled | None:
        text = _script(article, self.way.charset)
        title = self._title(article, text)
        spoiled = misread(title, self.way)
        if spoiled is None or len(re.findall("[\u4e00-\u9fff]", title)) < LEAST_IDEOGRAPHS:
            return None
        before, after = chance.choice((("", "\n"), ("《", "》"), ("“", "”"), ("，", ""), ("", "")))
        places = [place for place, char in enumerate(text) if char in "。，"]
        place = chance.choice(places) if before else 0
        whole, broken = (text[:place] + before + each + after + text[place:] for each in (title, spoiled))
        return Spoiled(broken, whole)

    def _title(self, article: Given, text: str) -> str:
        """The headline, or the beginning of it that loses no byte; of the text, where the script asks for it."""
        title = article.title if text == article.hans else clauses(text)[0].strip("，。\n")
        title = "".join(char for char in title if fitting(char, self.way.charset))
        while title and misread(title, self.way) is None:
            title = title[:-1]
        return title


@dataclass(frozen=True, slots=True)
class Lossy:
    """A whole text misread, with a share of its bytes lost on the way."""

    way: Misreading
    """How it is misread."""
    rate: float
    """Share of the bytes that are lost, beside those that the misreading itself costs."""
    mark: Literal["?", "\ufffd", ""]
    """What a lost byte leaves behind: `?` in its place, U+FFFD in place of its character, nothing."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled:
        truth = fitting(_script(article, self.way.charset), self.way.charset)
        given = stream(truth, self.way.charset)
        if self.mark == LOST:
            shown = read(given, self.way.reader)
            hit = {
                place for place, (_, origins) in enumerate(shown.pieces) if chance.random() < self.rate * len(origins)
            }
            lost = shown.lost.union(*(shown.pieces[place][1] for place in hit))
            text = "".join(LOST if place in hit else piece for place, (piece, _) in enumerate(shown.pieces))
            return Spoiled(text, truth, lost - {ADDED})
        hits = [place for place in range(len(given.data)) if chance.random() < self.rate]
        hurt = frozenset(given.origins[place] for place in hits)
        shown = read(replaced(given, [(place, place + 1, self.mark.encode()) for place in hits]), self.way.reader)
        return Spoiled(shown.text, truth, shown.lost | hurt)
