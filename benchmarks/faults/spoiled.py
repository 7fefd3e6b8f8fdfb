"""A text before and after a fault, and what the fault left of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from benchmarks.faults.bytemodel import LOST
from crawler.demo.sample import load


@dataclass(frozen=True, slots=True)
class Given:
    """An invented article."""

    number: int
    """Its place among the articles; even ones are spoiled in simplified, odd ones in traditional characters."""
    title: str
    """Headline, simplified."""
    hans: str
    """Text in simplified characters, one paragraph a line."""
    hant: str
    """Text in traditional characters."""

    @property
    def text(self) -> str:
        return self.hant if self.number % 2 else self.hans


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A text with a fault, beside the clean one."""

    text: str
    """As it came."""
    truth: str
    """As it was before the fault."""
    lost: frozenset[int] = frozenset()
    """Places in `truth` of characters that did not survive with all their bytes."""
    destroyed: bool = False
    """Whether it is to be flagged as damaged and left as it is: then `truth` is what came."""

    @property
    def ideal(self) -> str:
        """The truth with U+FFFD for each character that is gone: all that can be known."""
        return "".join(LOST if place in self.lost else char for place, char in enumerate(self.truth))


Make = Callable[[Given, random.Random], Spoiled | None]
"""Spoils an article; None where the fault cannot befall it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault."""

    name: str
    """As it stands in the table."""
    make: Make
    """How it comes about."""
    target: float | None = None
    """Share of texts that must be restored exactly, in percent; None where no share is asked for."""


def spoil(kind: Kind, articles: Iterable[Given]) -> list[Spoiled]:
    """The articles with this fault; always the same ones."""
    made = (kind.make(each, random.Random(f"{kind.name} {each.number}")) for each in articles)
    return [each for each in made if each is not None and (each.text != each.truth or each.destroyed)]


@cache
def given() -> tuple[Given, ...]:
    """The articles of the sample province, but for those that were written to resemble others."""
    to_hans, to_hant = OpenCC("t2s").convert, OpenCC("s2t").convert
    return tuple(
        Given(number, to_hans(article.title), to_hans(article.text), to_hant(article.text))
        for number, article in enumerate(each for each in load() if not (each.copy_of or each.alike))
    )


def fitting(text: str, charset: str) -> str:
    r"""The lines of a text that a charset can hold.

    >>> fitting("何㛃来了\n张三来了", "gbk")
    '张三来了'
    """
    # Of Big5 only what all read alike: Python writes ／ with the bytes in which everybody else sees ∕.
    again = "cp950" if charset == "big5" else charset
    return "\n".join(
        line for line in text.split("\n") if line.encode(charset, "ignore").decode(again, "ignore") == line
    )


def clauses(text: str) -> list[str]:
    r"""A text cut behind its punctuation.

    >>> clauses("一，二。\n三")
    ['一，', '二。', '\n', '三']
    """
    return re.findall(r"[^，。；\n]*[，。；\n]|[^，。；\n]+", text)
