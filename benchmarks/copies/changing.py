"""What becomes of a text on its way through other papers: each change a pure function of the text and of chance."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache, partial

from opencc import OpenCC

from benchmarks.copies.furniture import FOOTERS, HEADERS
from benchmarks.copies.invented import Names, body, filled, invented_names, words
from benchmarks.faults.lists import mirrors_list
from crawler.demo.pollute import fits_gbk, pollute
from pipelines.text.restore import restore

Change = Callable[[str, random.Random, Names], str]
"""A copy of a text; `Names` are what its article speaks of."""

_QUOTES = str.maketrans("“”‘’", "「」『』")


def scattered(share: float) -> Change:
    """Characters replaced (three of five), put in or left out anywhere: the harshest way to change so many."""

    def change(text: str, chance: random.Random, _: Names) -> str:
        chars, others = list(text), "".join(words()[:4000])
        for place in chance.sample(range(len(text)), round(share * len(text))):
            how = chance.random()
            char = chance.choice(others)
            chars[place] = "" if how < 0.2 else chars[place] + char if how < 0.4 else char
        return "".join(chars)

    return change


def reworded(share: float) -> Change:
    """Clauses put in other words, left out, put in or moved, so many of all characters."""

    def change(text: str, chance: random.Random, names: Names) -> str:
        clauses = pieces(text)
        left = share * len(text)
        while left > 0 and len(clauses) > 3:
            place = chance.randrange(1, len(clauses))
            clause, how = clauses[place], chance.random()
            if len(clause) > max(2 * left, 4):
                # The last one is done to a part of a clause.
                keep = len(clause) - max(int(left), 1)
                clauses[place] = clause[: keep // 2] + _other(keep // 2, clause, chance, names) + clause[-keep // 2 :]
                break
            left -= len(clause)
            if how < 0.5:
                clauses[place] = _clause(len(clause), chance, names) + clause[-1]
            elif how < 0.65:
                del clauses[place]
            elif how < 0.8:
                clauses.insert(place, _clause(len(clause), chance, names) + "，")
            else:
                clauses.insert(chance.randrange(1, len(clauses)), clauses.pop(place))
        return "".join(clauses)

    return change


def _clause(size: int, chance: random.Random, names: Names) -> str:
    return re.sub(r"[^\w]", "", body(chance, names, size + 8))[: max(size - 1, 1)]


def _other(keep: int, clause: str, chance: random.Random, names: Names) -> str:
    return _clause(len(clause) - 2 * keep + 1, chance, names)


def script(config: str) -> Change:
    """The other script with the word choice of a place, by OpenCC; but for `s2t` with its quotation marks."""

    def change(text: str, _: random.Random, __: Names) -> str:
        converted = str(_converter(config).convert(text))
        return converted if config == "s2t" else converted.translate(_QUOTES)

    return change


def polluted(text: str, chance: random.Random, _: Names) -> str:
    """As a mirror spoils it: readings put in by bytes, slips, punctuation folded."""
    kept = "".join(char for char in text if fits_gbk(char)) if not fits_gbk(text) else text
    return pollute(
        kept,
        annotated=mirrors_list(str(_converter("s2t").convert(kept)), chance),
        slips=chance.random() < 0.5,
        folded=chance.choice((None, "first", "last")),
    )


def repaired(text: str, chance: random.Random, names: Names) -> str:
    """Polluted, and restored by this project: what its stories are made of."""
    return restore(polluted(text, chance, names)).text


def beginning(share: float) -> Change:
    return partial(_run, share, 0.0)


def middle(share: float) -> Change:
    """A run of clauses from anywhere but the beginning."""
    return partial(_run, share, 1.0)


def paragraphs(share: float) -> Change:
    """Whole paragraphs, in order; sentences where paragraphs are too long for the share."""

    def change(text: str, chance: random.Random, _: Names) -> str:
        lines = text.splitlines(keepends=True)
        chosen = _some(lines, share * len(text), chance)
        if sum(len(lines[place]) for place in chosen) > (share + 0.15) * len(text):
            lines = sentences(text)
            chosen = _some(lines, share * len(text), chance)
        return "".join(lines[place] for place in sorted(chosen)).strip()

    return change


def header(text: str, chance: random.Random, _: Names) -> str:
    return f"{_line(HEADERS, chance)}\n{text}"


def footer(text: str, chance: random.Random, _: Names) -> str:
    return f"{text}\n{_line(FOOTERS, chance)}"


def then(*changes: Change) -> Change:
    """One change after another."""

    def change(text: str, chance: random.Random, names: Names) -> str:
        for each in changes:
            text = each(text, chance, names)
        return text

    return change


def same(text: str, _: random.Random, __: Names) -> str:
    return text


def pieces(text: str) -> list[str]:
    r"""Clauses with the signs that end them.

    >>> pieces("一，二。\n三")
    ['一，', '二。', '\n', '三']
    """
    return re.findall(r"[^，。；：！？\n]*[，。；：！？\n]|[^，。；：！？\n]+", text)


def sentences(text: str) -> list[str]:
    """Sentences with the signs that end them."""
    return re.findall(r"[^。！？\n]*[。！？\n]+[”」]?|[^。！？\n]+", text)


def _run(share: float, least: float, text: str, chance: random.Random, _: Names) -> str:
    parts = pieces(text)
    # The last clause from which what is left is long enough.
    last = max((at for at in range(len(parts)) if sum(map(len, parts[at:])) >= share * len(text)), default=0)
    start = chance.randint(min(1, last), last) if least else 0
    taken = ""
    while len(taken) < share * len(text):
        taken += parts[start]
        start += 1
    return taken.strip()


def _some(parts: list[str], size: float, chance: random.Random) -> list[int]:
    waiting = chance.sample(range(len(parts)), len(parts))
    chosen: list[int] = []
    while waiting and sum(len(parts[place]) for place in chosen) < size:
        chosen.append(waiting.pop())
    return chosen


def _line(bank: tuple[str, ...], chance: random.Random) -> str:
    return filled(chance.choice(bank), chance, invented_names(chance))


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)
