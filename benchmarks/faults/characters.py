"""Faults of single characters, and what nobody can restore."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from benchmarks.faults.spoiled import Given, Spoiled

ENTITIES = {
    "，": ("&#65292;", "&#xFF0C;", "&#xff0c;"),
    "“": ("&ldquo;", "&#8220;"),
    "”": ("&rdquo;", "&#8221;"),
    "·": ("&middot;", "&#183;"),
    "—": ("&mdash;", "&#8212;"),
    " ": ("&nbsp;", "&#160;"),
}
"""Signs that editors' programs write as entities, which were then escaped once more."""

ARROWS = "上一版{}  {}下一版", "上一版{} {}下一版", "上一篇{}　{}下一篇"
_HAN = "[\u4e00-\u9fff]"


@dataclass(frozen=True, slots=True)
class Inserted:
    """Marks that nobody sees, put between ideographs here and there."""

    marks: tuple[str, ...]
    """What is put there."""
    rate: float = 0.01
    """Share of the gaps."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled:
        def put(match: re.Match[str]) -> str:
            return match[0] + chance.choice(self.marks) if chance.random() < self.rate else match[0]

        return Spoiled(re.sub(f"{_HAN}(?={_HAN})", put, article.text), article.text)


def blanks(article: Given, _: random.Random) -> Spoiled:
    """Blanks that do not break, in a byline and wherever the text has blanks."""
    truth = f"来源：湘岳日报  作者：江越 编辑：石楠\n{article.text}"
    return Spoiled(truth.replace(" ", "\xa0"), truth)


@dataclass(frozen=True, slots=True)
class Escaped:
    """Signs that stand there as entities."""

    twice: bool = False
    """Whether their ampersand was escaped, too."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled:
        def escape(match: re.Match[str]) -> str:
            if chance.random() > 0.2:
                return match[0]
            entity = chance.choice(ENTITIES[match[0]])
            return entity.replace("&", "&amp;") if self.twice else entity

        return Spoiled(re.sub("[，“”·— ]", escape, article.text), article.text)


@dataclass(frozen=True, slots=True)
class FullWidth:
    """Some figures in full-width digits, in a text that has half-width ones."""

    partly: bool
    """Whether one digit of a figure is full-width, or all."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled | None:
        figures = list(re.finditer(r"\d{2,}", article.text))
        if len(figures) < 6:
            return None
        text = article.text
        for figure in sorted(chance.sample(figures, len(figures) // 6), key=lambda each: -each.start()):
            start, end = figure.span()
            start, end = (start + 1, start + 2) if self.partly else (start, end)
            wide = "".join(chr(ord(digit) + 0xFEE0) for digit in text[start:end])
            text = text[:start] + wide + text[end:]
        return Spoiled(text, article.text)


def arrows(article: Given, chance: random.Random) -> Spoiled:
    """The arrows of a font for signs, shown as the letters that they are typed with."""
    line = chance.choice(ARROWS)
    back, on = chance.choice((("3", "4"), ("\uf033", "\uf034")))
    return Spoiled(f"{line.format(back, on)}\n{article.text}", f"{line.format('', '')}\n{article.text}")


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A stretch of a text that is gone."""

    unit: str
    """What stands there instead, over and over."""

    def __call__(self, article: Given, chance: random.Random) -> Spoiled:
        line = max(article.text.split("\n"), key=len)
        start = article.text.index(line) + chance.randrange(len(line) // 2)
        length = chance.randint(6, 20)
        left = self.unit * (length // len(self.unit))
        text = article.text[:start] + left + article.text[start + length :]
        return Spoiled(text, text, destroyed=True)
