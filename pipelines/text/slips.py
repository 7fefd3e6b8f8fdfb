"""Put a text back in step whose bytes slipped: `?！笆灼谕懂a` becomes `。“首期投產`, `日?qǐng)?bào)` becomes `日報`.

In GBK `。“` and `。”` lost their first byte; `?` stands for it, and every pair behind it is read one byte late until an
ASCII byte brings it back in step. A reading that was injected between the bytes of a character does the same. Whether
`?！` is one of these or was written so, the better Chinese decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from pipelines.text.bytewise import follow
from pipelines.text.edits import Edit
from pipelines.text.gbk import by_lead
from pipelines.text.mirror import Mirror
from pipelines.text.pinyin import annotated_characters, remove_readings
from pipelines.text.readings import READING
from pipelines.text.script import script
from pipelines.text.signs import Signs
from pipelines.text.ways import Found

DENSEST = 5
"""Characters for each fault, at least, on a page that a mirror spoiled; the real ones have hundreds."""

MOST = 100_000
"""More faults than this are no mirror's, and would take minutes."""

BEFORE = 500
"""So many characters before a fault tell whether a quotation is open."""

DOUBTFUL = 3.0
"""Nats by which a way must be likelier than the next one, or both are named."""

_COMMA = re.compile("[\u3400-\u9fff],")
_FOLDED = str.maketrans("，：；！？（）", ",:;!?()")
"""Where a mirror folded its punctuation at last, a stretch that is put right has it folded like the rest."""

_BROKEN = rf"[?\ufffd]\(?{READING}\)"


@cache
def _fault(*, annotated: bool) -> re.Pattern[str]:
    """`?！` before what holds the second byte of a quotation mark (A1B0, A1B1) or lost it; broken readings."""
    seconds = "".join(char for lead in (0xB0, 0xB1) for _, char in by_lead(lead))
    slip = rf"[?\ufffd](?=[！!](?:[{seconds}?\ufffd]|$))"
    return re.compile(f"{slip}|{_BROKEN}" if annotated else slip, re.MULTILINE)


def put_in_step(text: str, signs: Signs) -> Iterator[Edit]:
    """The fix: every run that is read one byte late.

    >>> [edit.after for edit in put_in_step("三家企業同日開工?！笆灼谕懂a後，年產值可達十二億元。", Signs())]
    ['。“首期投產']
    >>> [edit.after for edit in put_in_step("益陽日?qǐng)?bào)消息", Signs(annotated=True))]
    ['報']
    """
    if "?" in text or "\ufffd" in text:
        yield from _followed(text, signs)


def _followed(text: str, signs: Signs) -> Iterator[Edit]:
    faults = [match.start() for match in islice(_fault(annotated=signs.annotated).finditer(text), MOST + 1)]
    if not faults or len(faults) > min(MOST, len(text) / DENSEST):
        return
    mirror = _mirror(text, signs)
    folding: dict[int, int] = _FOLDED if "，" not in text and _COMMA.search(text) else {}
    before, place, seen = "", 0, 0
    for fault in faults:
        if fault < seen:
            continue
        before = (before[-BEFORE:] + text[max(place, fault - BEFORE) : fault]).rpartition("\n")[2]
        found, seen = follow(text, fault, before, mirror)
        place = fault
        for stretch in found:
            yield _edit(text, stretch, folding)
            before = before[-BEFORE:] + text[place : stretch.start] + stretch.text
            place = stretch.end


def _mirror(text: str, signs: Signs) -> Mirror:
    listed, bare = (signs.listed, signs.bare) if signs.listed else annotated_characters(text)
    return Mirror(
        remove_readings(text),
        hant=signs.hant or script(text) == "hant",
        spoiled=signs.annotated or signs.slipped,
        listed=listed if signs.annotated else {},
        bare=bare if signs.annotated else frozenset(),
    )


def _edit(text: str, found: Found, folding: dict[int, int]) -> Edit:
    slipped = text[found.start + 1] in "！!"
    evidence = "the first byte of 。 is lost" if slipped else "a reading was injected between the bytes of a character"
    evidence += ", so those behind it were read out of step"
    if found.lost:
        evidence += f"; characters gone for good: {found.lost}"
    if found.guessed:
        evidence += f"; a guess that fits its neighbours: {found.guessed}"
    distance, rival = found.rival
    if distance < DOUBTFUL and not found.guessed:
        evidence += f"; a guess, {rival} fits the bytes as well"
    sure = not found.guessed and distance >= DOUBTFUL
    confidence = (0.99 if found.margin > 12 and not found.lost else 0.9) if sure else 0.7
    return Edit(found.start, found.end, found.text.translate(folding), confidence, evidence)
