"""What mirrors do to a text: readings injected between characters and between bytes, bytes that slip, or both."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.faults.bytemodel import ADDED, Reader, Shown, inject, read, replaced, stream
from benchmarks.faults.lists import crossing, mirrors_list, tone
from benchmarks.faults.readers import mirror
from benchmarks.faults.spoiled import Given, Spoiled, fitting

FOLDED = str.maketrans("，：；！？（）", ",:;!?()")
GENUINE = "\n項目採用政府和社會資本合作(PPP)模式，裝機容量30(MW)，占全縣生產總值(GDP)的一成(見附表)。"
"""Brackets that belong to the text, and must outlive the readings."""

Style_ = Literal["tones", "no tones", "doubled", "blanks"]
Fold = Literal["first", "last"] | None
Entry = tuple[bytes, bytes]
"""A character and its reading in GBK."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings behind whole characters."""

    style: Style_
    """How they are written."""
    folded: bool = False
    """Whether the mirror made punctuation ASCII."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled:
        truth = fitting(article.hant, "gbk") + GENUINE
        truth = truth.translate(FOLDED) if self.folded else truth
        chosen = set(mirrors_list(truth, chance))
        text = "".join(char + _written(char, self.style, chance) if char in chosen else char for char in truth)
        return Spoiled(text, truth)


def _written(char: str, style: Style_, chance: random.Random) -> str:
    reading = tone(char)
    if style == "no tones" or (style == "doubled" and chance.random() < 0.5):
        marked = unicodedata.normalize("NFD", reading)
        reading = re.sub("[\u0300-\u0304\u030c]", "", marked).replace("u\u0308", "v")
    if style == "blanks":
        reading = chance.choice((f"{reading} ", f"{reading} ", f" {reading}", f"{reading}\xa0", reading))
    return f"({reading})" * (2 if style == "doubled" else 1)


@dataclass(frozen=True, slots=True)
class Mirror:
    """How a mirror goes about it."""

    reader: Reader = mirror
    """How the spoiled bytes are read."""
    annotates: bool = False
    """Whether it injects readings, by bytes."""
    slips: bool = False
    """Whether `。“` and `。”` lose their first byte."""
    mark: str = "?"
    """What shows where that byte was."""
    fold: Fold = None
    """When it made punctuation ASCII: before, or afterwards."""
    lossless: bool = False
    """Keep to the readings and slips by which no other byte is lost."""
    tags: bool = False
    """Whether each paragraph stands between `<p>` and `</p>` when it happens."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled | None:
        truth = fitting(article.hant, "gbk")
        truth = quoted(truth, chance) if self.slips else truth
        truth = truth.translate(FOLDED) if self.fold == "first" else truth
        truth = re.sub("^(.+)$", r"<p>\1</p>", truth, flags=re.MULTILINE) if self.tags else truth
        chosen = mirrors_list(truth, chance) if self.annotates else []
        if chosen:
            chosen = crossing(truth, chance, chosen) + chosen
        entries = [(char.encode("gbk"), tone(char).encode("gbk")) for char in chosen]
        lines = list(_placed(truth))
        if self.lossless:
            entries = self._harmless(entries, lines)
        shown = [self._line(line, place, entries) for place, line in lines]
        lost = frozenset[int]().union(*(line.lost for line in shown))
        spoiled = "\n".join(self._shown(line) for line in shown)
        if self.fold == "last":
            # A mirror saw other characters inside a slip, but whoever puts them right has a folded text before him.
            truth = truth.translate(FOLDED)
        if not any(ADDED in origins for line in shown for _, origins in line.pieces) or (lost and self.lossless):
            return None
        return Spoiled(spoiled, truth, lost)

    def _harmless(self, entries: list[Entry], lines: list[tuple[int, str]]) -> list[Entry]:
        """The entries of a list that cost this text no byte, alone or together."""
        for _ in range(4):
            harmful = set[Entry]()
            for place, line in lines:
                if self._read(line, place, entries, []).lost:
                    across = [each for each in entries if _crosses(each, line)]
                    harmful.update(each for each in across if self._read(line, place, [each], []).lost)
                    harmful.update(across if harmful.isdisjoint(across) else ())
            if not harmful:
                break
            entries = [each for each in entries if each not in harmful]
        return entries

    def _line(self, line: str, first: int, entries: list[Entry]) -> Shown:
        places = [match.start() + first for match in re.finditer("。(?=[“”])", line)] if self.slips else []
        fine: list[int] = []
        for place in reversed(places):
            if not self.lossless or not self._read(line, first, entries, [place, *fine]).lost:
                fine.insert(0, place)
        return self._read(line, first, entries, fine)

    def _read(self, line: str, first: int, entries: list[Entry], slips: Sequence[int]) -> Shown:
        spoiled = inject(stream(line, "gbk", first), entries)
        starts = [spoiled.origins.index(place) for place in slips]
        shown = read(replaced(spoiled, [(start, start + 1, b"?") for start in starts]), self.reader)
        # A quotation mark that ends the line is left alone with its second byte, but it can be nothing else.
        if slips and slips[-1] == first + len(line) - 2:
            return shown._replace(lost=shown.lost - {first + len(line) - 1})
        return shown

    def _shown(self, line: Shown) -> str:
        parts = (self.mark if shown == "?" and origins == (ADDED,) else shown for shown, origins in line.pieces)
        text = "".join(parts)
        return text.translate(FOLDED) if self.fold == "last" else text


def _placed(text: str) -> Iterator[tuple[int, str]]:
    """Each line, with its place in the text."""
    place = 0
    for line in text.split("\n"):
        yield place, line
        place += len(line) + 1


def _crosses(entry: Entry, line: str) -> bool:
    """Whether the bytes of a character also stand in a line across the borders of others."""
    return line.encode("gbk").count(entry[0]) > line.count(entry[0].decode("gbk"))


def quoted(text: str, chance: random.Random) -> str:
    """The text with at least one sentence in quotation marks, behind another sentence.

    >>> quoted("春天来了。花开了。", random.Random(0))
    '春天来了。“花开了。”'
    """
    if re.search("。[“”]", text):
        return text
    sentences = list(re.finditer("(?<=。)([^。“”\n]{3,}。)", text))
    if not sentences:
        return text
    chosen = chance.choice(sentences)
    return f"{text[: chosen.start()]}“{chosen[1]}”{text[chosen.end() :]}"
