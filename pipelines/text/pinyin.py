"""Take injected readings out of a text: 增長(cháng) becomes 增長.

Mirrors convert a text to traditional characters and inject readings, to look original to a search engine. A reading is
taken out only where it really is one of the character's readings, and only in a text that is annotated throughout: a
dictionary entry, `重(chóng)庆` in a quiz, `(PPP)` and `(kW)` stay. What was injected between the bytes of characters
(`日?qǐng)?bào)`) is solved in slips.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from pipelines.text.commonness import scores
from pipelines.text.edits import Edit
from pipelines.text.gbk import bytes_of, pairs
from pipelines.text.readings import READING, plain, reads
from pipelines.text.script import only_traditional
from pipelines.text.signs import Signs

FEWEST = 3
"""So many different characters at least are annotated on a page that is annotated throughout."""

BARE = 0.2
"""At most this share of their occurrences, in paragraphs that have readings, stands without one: a mirror's list works
on the whole text, and on the real pages none does. In a reader for schools each character is annotated once."""

MANY = 10
"""Readings that need no further sign."""

REPEATED = 2
"""Where there are fewer, so many characters at least are annotated more than once, or a reading stands where nobody
would write one: a quiz or a list of names has one reading for each."""

TRADITIONAL = 2 / 3
"""At least this share of the annotated characters is of the traditional script only; on the real mirrors all are."""

OFTEN = 1.5
"""Readings for each annotated character, at least, where fewer are of the traditional script only."""

PER_THOUSAND = 8
"""Readings per thousand ideographs, below which a text is not annotated throughout. The real mirrors have 40 to 110."""

MOST_PER_THOUSAND = 850
"""Readings per thousand, above which they are meant: a poem for children has one behind every character."""

COMMON = -7.4
"""Score in `commonness` of about the 1,500th character. Mirrors annotate common ones (業, 網, 務); a glossary of place
names annotates the rare ones (郴, 亳, 婺)."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_PARAGRAPH_END = re.compile("[\n<]")
_READINGS = re.compile(rf"\({READING}\)(?:\({READING}\))*")
_NOBODYS = re.compile(rf"\(({READING})\)\(\1\)|\([^\s()]+ \)|[?\ufffd]\(?{READING}\)")
"""Readings as nobody writes them: given twice, with a blank before the bracket closes, behind half a character."""
_READING = re.compile(rf"\(({READING})\)")


def is_annotated(text: str) -> bool:
    """Whether readings stand throughout the text.

    >>> is_annotated("增長(cháng)和網(wǎng)絡")
    False
    """
    found = [(place, char) for place, _, char in _injected(text) if char == text[place]]
    read = {(char, _first_reading(text, place).strip()) for place, char in found}
    annotated = Counter(char for _, char in found)
    if len(annotated) < FEWEST or _ambiguous(read):
        return False
    readings = annotated.total()
    repeated = sum(count > 1 for count in annotated.values())
    if readings < MANY and repeated < REPEATED and not _NOBODYS.search(text):
        return False
    around = Counter("".join(_paragraphs(text, [place for place, _ in found])))
    if readings < (1 - BARE) * sum(around[char] for char in annotated):
        return False
    if len(only_traditional() & annotated.keys()) < TRADITIONAL * len(annotated):
        common = sum(scores().get(char, COMMON) > COMMON for char in annotated)
        if readings < OFTEN * len(annotated) or common * 2 <= len(annotated):
            return False
    ideographs = len(_HAN.findall(text))
    return PER_THOUSAND <= 1000 * readings / ideographs <= MOST_PER_THOUSAND


def _ambiguous(read: set[tuple[str, str]]) -> bool:
    """Whether a character has two readings: a mirror's list has one for each, with its tone or without."""
    toned = [(char, reading) for char, reading in read if reading != plain(reading)]
    toneless = {(char, plain(reading)) for char, reading in read}
    return len({char for char, _ in toned}) < len(toned) or len({char for char, _ in toneless}) < len(toneless)


def _paragraphs(text: str, places: list[int]) -> Iterator[str]:
    """The paragraphs in which places stand: a page's frame may have been put around it afterwards, without readings."""
    end = 0
    for place in places:
        if place >= end:
            start = max(text.rfind(sign, end, place) for sign in "\n>") + 1
            stop = _PARAGRAPH_END.search(text, place)
            end = stop.start() if stop else len(text)
            yield text[start:end]


def _first_reading(text: str, place: int) -> str:
    """The reading behind the character at a place."""
    match = _READING.match(text, place + 1)
    return match[1] if match else ""


def annotated_characters(text: str) -> tuple[dict[str, str], frozenset[str]]:
    """The characters that are annotated, each with its reading, and those that stand without one.

    A mirror replaces bytes over the whole text, so each character is on its list or is not. Only the paragraphs that
    have readings are asked.

    >>> listed, bare = annotated_characters("增長(cháng)，招商")
    >>> listed, sorted(bare)
    ({'長': 'cháng'}, ['商', '增', '招'])
    """
    readings: dict[str, str] = {}
    annotated: Counter[str] = Counter()
    for start, _, char in _injected(text):
        annotated[char] += 1
        readings.setdefault(char, _first_reading(text, start).strip())
    around = Counter("".join(_paragraphs(text, [start for start, _, _ in _injected(text)])))
    # What mostly stands there without a reading has one because somebody wrote it.
    listed = {char: reading for char, reading in readings.items() if 3 * annotated[char] >= around[char]}
    return listed, frozenset(char for char in around if "\u3400" <= char <= "\u9fff" and char not in listed)


def remove_readings(text: str) -> str:
    """The text without its injected readings. Ask `is_annotated` of the whole page first.

    >>> remove_readings("增長(cháng)，創(chuàng )業(yè)(yè)，模式(ppp)")
    '增長，創業，模式(ppp)'
    """
    parts, place = [], 0
    for start, end, _ in _injected(text):
        parts.append(text[place : start + 1])
        place = end
    return "".join([*parts, text[place:]])


def with_readings(text: str, piece: str) -> str:
    """A piece of the text without readings, as it stands in the annotated one; itself where it does not stand there.

    >>> with_readings("記者 譚學(xué)勤 報(bào)道", "譚學勤 報")
    '譚學(xué)勤 報(bào)'
    """
    first = remove_readings(text).find(piece)
    if first < 0 or not piece:
        return piece
    start, end = first, first + len(piece)
    for place, behind, _ in _injected(text):
        # Both are places in the annotated text as far as it has been walked through.
        length = behind - place - 1
        start += length if place < start else 0
        end += length if place < end else 0
    return text[start:end]


def take_out_readings(text: str, signs: Signs) -> Iterator[Edit]:
    """The fix: every reading of an annotated page.

    >>> list(take_out_readings("增長(cháng)", Signs(annotated=True)))
    [Edit(start=2, end=9, after='', confidence=0.99, evidence='長 is read cháng')]
    """
    if signs.annotated:
        for start, end, char in _injected(text):
            if char in signs.bare:
                continue
            reading = " ".join(text[start + 2 : end - 1].replace(")(", " ").split())
            yield Edit(start + 1, end, "", 0.99, f"{char} is read {reading}")


@lru_cache(maxsize=2)
def _injected(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where the character before injected readings stands, where they end, and which character is read so.

    That is the character itself; or, before readings that stand behind an ASCII one, the character that the last byte
    of an ideograph and this one are together: 紹 (BD42) is read in `到B(shào)6棟`.
    """
    found = []
    for match in _READINGS.finditer(text):
        start = match.start() - 1
        if start < 0:
            continue
        char = text[start]
        if "@" <= char <= "~" and start and (data := bytes_of(text[start - 1])):
            char = pairs().get((data[-1], ord(char)), char)
        if not "\u3400" <= char <= "\u9fff":
            continue
        end = match.start()
        for reading in _READING.finditer(match[0]):
            if not reads(char, reading[1]):
                break
            end = match.start() + reading.end()
        if end > match.start():
            found.append((start, end, char))
    return tuple(found)
