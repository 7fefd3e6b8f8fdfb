"""Ten megabytes of clean text of many kinds, in which a repair must change nothing.

No third party's sentence is among them: sample articles recombined, sentences invented here, tables that are computed,
and at run time pypinyin's phrases and the source of Python's own library.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice

from benchmarks.clean import chinese, code, signs, spelling, tables, tongues

Make = Callable[[random.Random], str]
"""Makes one document, of the size of a page."""

KINDS: dict[str, tuple[Make, float]] = {
    "news, simplified": (chinese.news("hans"), 2.0),
    "news, traditional": (chinese.news("hant"), 2.0),
    "news, punctuation in ASCII": (chinese.folded, 0.5),
    "classical style": (chinese.classical, 0.5),
    "names and rare characters": (chinese.names, 0.4),
    "tables of figures": (tables.figures, 0.7),
    "characters in code order": (tables.characters, 0.5),
    "poems": (spelling.poems, 0.4),
    "poems with readings": (spelling.poems_with_readings, 0.4),
    "dictionary, readings in （）": (spelling.dictionary, 0.4),
    "dictionary, readings in ()": (spelling.readers, 0.3),
    "glossary": (spelling.glossary, 0.3),
    "brackets, abbreviations": (signs.brackets, 0.4),
    "question marks and quotes": (signs.questions, 0.4),
    "forum": (signs.forum, 0.3),
    "addresses and numbers": (signs.addresses, 0.3),
    "full-width by intent": (signs.full_width, 0.3),
    "signs in running text": (signs.bullets, 0.3),
    "HTML tutorials": (code.tutorials, 0.4),
    "code": (code.source, 1.0),
    "English": (tongues.english, 0.3),
    "other languages": (tongues.others, 0.6),
}
"""Every kind, and how many megabytes of it (UTF-8) the benchmark reads."""


def documents(kind: str, size: int) -> Iterator[str]:
    """Documents of a kind, until they have so many bytes of UTF-8; always the same ones."""
    make, chance = KINDS[kind][0], random.Random(kind)
    done = 0
    while done < size:
        text = make(chance)
        done += len(text.encode())
        yield text


def first(kind: str, count: int) -> list[str]:
    """The first documents of a kind."""
    return list(islice(documents(kind, 1 << 40), count))
