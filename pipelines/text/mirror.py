"""What one page tells about the mirror that made it, and how likely characters are on it."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from heapq import nlargest
from itertools import pairwise

from pipelines.text import gbk
from pipelines.text.fluency import UNHEARD_OF, pairs, simplified, step
from pipelines.text.gbk import across, by_lead, holes
from pipelines.text.readings import plain, readings, reads_exactly
from pipelines.text.script import only_simplified

_DIGITS = frozenset("０１２３４５６７８９")
_WIDE_SIGNS = frozenset("：；＜＝＞？＠［＼］＾＿｀")
_BROWSERS = re.compile(r"[\ue000-\uf8ff]|\ufffd\(")
"""What a browser shows: pairs of the users' own area, and the bracket behind half a character."""

CHOICES = 20
"""So many characters are thought of where a byte is gone."""

FEW = 8
"""So many where two in a row are."""

LEAST = -13.0
"""Characters less likely than this are not thought of."""

OWN = 0.2
"""Weight of the page's own pairs of characters beside those of all Chinese: what a text is about, it says twice."""

_SIMPLIFIED = -8.0
_LISTED = 2.0
_NOT_LISTED = -8.0
_OTHER_TONE = -5.0


class Mirror:
    """The evidence of a page, and likelihoods under it."""

    def __init__(
        self,
        text: str,
        *,
        hant: bool = False,
        spoiled: bool = False,
        listed: Mapping[str, str] | None = None,
        bare: frozenset[str] = frozenset(),
    ) -> None:
        self.hant = hant
        """The page is in the traditional script, so a simplified character is unlikely."""
        self.spoiled = spoiled
        """It shows other faults of the kind."""
        self.listed = listed or {}
        """The characters that are annotated elsewhere, with the reading that the mirror has for each."""
        self.bare = bare
        """The characters that stand without a reading: they are not on the mirror's list."""
        self.drops = _BROWSERS.search(text) is None
        """Pairs of the users' own area are shown as nothing."""
        self.fold = simplified()
        folded = text.translate(self.fold)
        self.pairs = Counter(map("".join, pairwise(folded)))
        self.singles = Counter(folded)
        self.length = len(folded)
        self._own = _rare(text)
        self._alone, self._left, self._together = pairs()
        self._simplified = only_simplified()
        self._steps: dict[str, float] = {}
        self._likely: dict[tuple[str, int], list[tuple[float, int, str]]] = {}
        self._across: dict[tuple[str, int, int], list[tuple[float, int, str, int, str]]] = {}
        self._read_across: dict[tuple[str, int, str], list[tuple[float, str, int, str]]] = {}
        self._read: dict[tuple[int, str], list[tuple[float, int, str]]] = {}

    def step(self, last: str, char: str) -> float:
        """How likely a character is behind another, which is simplified."""
        key = last + char
        found = self._steps.get(key)
        if found is None:
            simple = self.fold.get(ord(char), char)
            pair = last + simple
            chance = self._together.get(pair)
            if chance is None:
                alone = self._alone.get(simple)
                chance = step(last, simple) if alone is None else alone + self._left.get(last or "^", 0.0)
            if pair in self.pairs:
                chance = max(chance, math.log(OWN * self.pairs[pair] / self.singles[last]))
            elif "０" <= char <= "ｚ" and char not in _WIDE_SIGNS and char not in self.singles:
                # The text writes its figures in ASCII; a wide one is bytes out of step.
                chance = UNHEARD_OF
            elif simple in self.singles and "\u3400" <= simple <= "\u9fff":
                chance = max(chance, math.log(OWN * self.singles[simple] / self.length))
            found = chance + _SIMPLIFIED if self.hant and char in self._simplified else chance
            self._steps[key] = found
        return found

    def simple(self, char: str) -> str:
        """A character's simplified form."""
        return self.fold.get(ord(char), char)

    def likely(self, last: str, lead: int) -> list[tuple[float, int, str]]:
        """The likeliest characters that begin with a byte, behind another, with likelihood and second byte."""
        key = (last, lead)
        if key not in self._likely:
            found = [(self.step(last, char), byte, char) for byte, char in _known(lead) + self._own.get(lead, ())]
            self._likely[key] = nlargest(CHOICES, [each for each in found if each[0] > LEAST])
        return self._likely[key]

    def across(self, last: str, lead: int, next_byte: int) -> list[tuple[float, int, str, int, str]]:
        """The likeliest two characters of which the inner bytes are gone: first and last byte are known.

        With the likelihood of the first one, its second byte, and the first byte of the second one.
        """
        key = (last, lead, next_byte)
        if key not in self._across:
            found = []
            for score, byte, char in self.likely(last, lead)[:FEW]:
                simple = self.simple(char)
                found += [
                    (score + self.step(simple, following), score, byte, char, first, following)
                    for first, following in across(byte, next_byte)
                ]
            self._across[key] = [each[1:] for each in nlargest(CHOICES // 3, found)]
        return self._across[key]

    def read(self, lead: int, reading: str) -> list[tuple[float, int, str]]:
        """The characters with a first byte and a reading: what the page says for each, its second byte, itself."""
        key = (lead, reading)
        if key not in self._read:
            self._read[key] = [
                (self._on_the_list(char, reading), byte, char)
                for byte, char in by_reading().get(plain(reading), {}).get(lead, ())
            ]
        return self._read[key]

    def read_across(self, last: str, lead: int, reading: str) -> list[tuple[float, str, int, str]]:
        """As `across`, where the second character is known by its reading.

        How likely both are, the first one, and the second byte of the second one with itself.
        """
        key = (last, lead, reading)
        if key not in self._read_across:
            best: dict[str, tuple[float, str, int, str]] = {}
            leads = by_reading().get(plain(reading), {}).keys()
            for score, byte, char in self.likely(last, lead)[:FEW]:
                simple = self.simple(char)
                for first in leads & holes(byte):
                    for listed, second, following in self.read(first, reading):
                        both = score + self.step(simple, following) + listed
                        if following not in best or both > best[following][0]:
                            best[following] = (both, char, second, following)
            self._read_across[key] = nlargest(CHOICES // 3, best.values())
        return self._read_across[key]

    def before_reading(self, last: str, lead: int, reading: str) -> list[tuple[float, int, str, int]]:
        """The likeliest characters that begin with a byte, before a hole behind which a character is read so.

        With their likelihood and second byte, and the first byte of that other character.
        """
        leads = by_reading().get(plain(reading), {}).keys()
        return [
            (score, byte, char, first)
            for score, byte, char in self.likely(last, lead)[:FEW]
            for first in leads & holes(byte)
        ]

    def _on_the_list(self, char: str, reading: str) -> float:
        """A mirror annotates a character wherever it stands, and always alike."""
        if char in self.listed:
            return _LISTED if self.listed[char] == reading.strip() else _OTHER_TONE
        # Nothing is known of it here: the commoner a character, the likelier it is on such a list.
        score = pairs().alone.get(self.simple(char), LEAST) / 2 + (_NOT_LISTED if char in self.bare else 0.0)
        return score if reads_exactly(char, reading) else score + _OTHER_TONE


@cache
def _known(lead: int) -> tuple[tuple[int, str], ...]:
    """The common characters that begin with a byte, with their second byte, which is none of ASCII."""
    return tuple((byte, char) for byte, char in by_lead(lead) if byte > 0x7F and _common(char))


def _rare(text: str) -> dict[int, tuple[tuple[int, str], ...]]:
    """The other characters of a text, by their first byte, with the second one."""
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for char in set(text):
        data = gbk.bytes_of(char)
        if data and len(data) == 2 and data[1] > 0x7F and "\u3400" <= char <= "\u9fff" and not _common(char):
            found[data[0]] = (*found.get(data[0], ()), (data[1], char))
    return found


@cache
def _common(char: str) -> bool:
    return char not in _DIGITS and pairs().alone.get(char.translate(simplified()), UNHEARD_OF) > LEAST + 0.5


@cache
def by_reading() -> dict[str, dict[int, list[tuple[int, str]]]]:
    """The characters by their reading, without its tone, and their first byte; with the second one, which is no ASCII.

    >>> (0x88, "請") in by_reading()["qing"][0xD5]
    True
    """
    found: dict[str, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for (lead, trail), char in gbk.pairs().items():
        if trail > 0x7F:
            for reading in readings(char):
                found[reading][lead].append((trail, char))
    return found
