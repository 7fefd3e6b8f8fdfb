"""Take injected readings out of a text: 增長(cháng) becomes 增長.

Mirrors convert a text to traditional characters and inject readings, to look original to a search engine. A reading is
taken out only where it really is one of the character's readings, and only in a text that is annotated throughout: a
dictionary entry, `重(chóng)庆` in a quiz, `(PPP)` and `(kW)` stay. Broken annotations (`日?qǐng)?bào)`) are left as
they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.text.commonness import scores
from pipelines.text.edits import Edit
from pipelines.text.signs import Signs

MIN_ANNOTATIONS = 5
"""Fewer readings do not make an annotated text, and are left."""

PER_THOUSAND = 8
"""Readings per thousand ideographs, below which a text is not annotated throughout. The real mirrors have 40 to 110."""

MOST_PER_THOUSAND = 850
"""Readings per thousand, above which they are meant: a poem for children has one behind every character."""

COMMON = -7.4
"""Score in `commonness` of about the 1,500th character. Mirrors annotate common ones (業, 網, 務); a glossary of place
names annotates the rare ones (郴, 亳, 婺)."""

_ANNOTATED = re.compile(r"([\u3400-\u9fff])\(([a-zàáèéìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜɡ]{1,6} ?)\)")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Removal:
    """A reading that was taken out."""

    start: int
    """Where it stood: place in the cleaned text, in characters, right behind the annotated character."""
    before: str
    """What stood there, for example `(cháng)`."""
    evidence: str
    """The character and its reading."""


@cache
def _readings(char: str) -> frozenset[str]:
    """The readings of a character without tone marks, from pypinyin's table."""
    # The table is imported when the first annotated page comes: it takes a third of a second.
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415

    return frozenset(plain(reading) for reading in PINYIN_DICT.get(ord(char), "").split(",") if reading)


@cache
def plain(reading: str) -> str:
    """A reading without tone marks; ü is written v.

    >>> plain("cháng"), plain("lǜ"), plain("chuàng ")
    ('chang', 'lv', 'chuang')
    """
    marked = unicodedata.normalize("NFD", reading.strip().replace("ɡ", "g"))
    return "".join(char for char in marked.replace("u\u0308", "v") if not unicodedata.combining(char))


def is_annotated(text: str) -> bool:
    """Whether readings stand throughout the text.

    >>> is_annotated("增長(cháng)和網(wǎng)絡(luò)")
    False
    """
    genuine = [match[1] for match in _ANNOTATED.finditer(text) if plain(match[2]) in _readings(match[1])]
    if len(genuine) < MIN_ANNOTATIONS:
        return False
    density = 1000 * len(genuine) / len(_HAN.findall(text))
    common = sum(scores().get(char, COMMON) > COMMON for char in genuine)
    return PER_THOUSAND <= density <= MOST_PER_THOUSAND and common * 2 > len(genuine)


def remove_readings(text: str) -> tuple[str, tuple[Removal, ...]]:
    """The text without its injected readings, and what was taken out. Ask `is_annotated` of the whole page first.

    >>> remove_readings("增長(cháng)，創(chuàng )業(yè)，模式(ppp)")[0]
    '增長，創業，模式(ppp)'
    """
    parts: list[str] = []
    removals: list[Removal] = []
    place = length = 0
    for match in _ANNOTATED.finditer(text):
        if plain(match[2]) not in _readings(match[1]):
            continue
        kept = text[place : match.end(1)]
        parts.append(kept)
        length += len(kept)
        removals.append(Removal(length, text[match.end(1) : match.end()], f"{match[1]} is read {match[2].strip()}"))
        place = match.end()
    return "".join([*parts, text[place:]]), tuple(removals)


def take_out_readings(text: str, signs: Signs) -> Iterator[Edit]:
    """The fix: every reading of an annotated page.

    >>> list(take_out_readings("增長(cháng)", Signs(annotated=True)))
    [Edit(start=2, end=9, after='', confidence=0.99, evidence='長 is read cháng')]
    """
    if not signs.annotated:
        return
    for match in _ANNOTATED.finditer(text):
        if plain(match[2]) in _readings(match[1]):
            evidence = f"{match[1]} is read {match[2].strip()}"
            yield Edit(match.end(1), match.end(), "", 0.99, evidence)
