"""The fault generator: every kind of fault that befalls Chinese texts, done to 320 invented articles.

for kind in KINDS:
    for spoiled in spoil(kind, given()):
        compare(restore(spoiled.text).text, spoiled.truth)
"""

from __future__ import annotations

import random

from benchmarks.faults import characters
from benchmarks.faults.bytemodel import LOST
from benchmarks.faults.mirrors import Mirror, Readings
from benchmarks.faults.misreadings import MISREADINGS, Lossy, Misreading, Pasted, Whole, misread
from benchmarks.faults.readers import browser, lozenges, private, python
from benchmarks.faults.spoiled import Given, Kind, Spoiled, given, spoil

__all__ = ["KINDS", "LOSSY", "LOST", "MISREADINGS", "RATES", "Given", "Kind", "Spoiled", "given", "spoil"]

RATES = (0.0, 0.005, 0.01, 0.02, 0.05)
"""Shares of bytes that are lost in the lossy kinds."""


def _annotated_with_trifles(article: Given, chance: random.Random) -> Spoiled | None:
    """Readings, and on top of them zero-width marks and a row of arrows."""
    spoiled = Readings("tones")(article, chance)
    if spoiled is None:
        return None
    over = Given(article.number, "", spoiled.text, spoiled.text)
    hidden = characters.Inserted(("\u200b", "\ufeff"), 0.005)(over, chance)
    return Spoiled(f"上一版3  4下一版\n{hidden.text}", f"上一版  下一版\n{spoiled.truth}")


def _annotated_and_misread(article: Given, chance: random.Random) -> Spoiled | None:
    """A mirror's page, all of it read as cp1252 afterwards."""
    spoiled = Mirror(annotates=True, lossless=True)(article, chance)
    text = misread(spoiled.text, Misreading("utf-8", MISREADINGS["utf-8 as cp1252"].reader)) if spoiled else None
    return Spoiled(text, spoiled.truth) if spoiled and text else None


def _pasted_into_annotated(article: Given, chance: random.Random) -> Spoiled | None:
    """A misread headline on top of a mirror's text."""
    title = misread("招商引资工作取得新的进展", MISREADINGS["gbk as latin-1"])
    spoiled = Mirror(annotates=True, slips=True, lossless=True)(article, chance)
    return Spoiled(f"{title}\n{spoiled.text}", f"招商引资工作取得新的进展\n{spoiled.truth}") if spoiled else None


_MIRRORS = (
    Kind("readings", Readings("tones"), 99.5),
    Kind("readings without tones", Readings("no tones"), 99.5),
    Kind("readings doubled", Readings("doubled"), 99.5),
    Kind("readings with blanks", Readings("blanks"), 99.5),
    Kind("readings, punctuation folded", Readings("tones", folded=True), 99.5),
    Kind("broken readings", Mirror(annotates=True, lossless=True), 99.5),
    Kind("broken readings, folded before", Mirror(annotates=True, lossless=True, fold="first"), 99.5),
    Kind("broken readings, folded after", Mirror(annotates=True, lossless=True, fold="last"), 99.5),
    Kind("broken readings, read by a browser", Mirror(browser, annotates=True, lossless=True), 99.5),
    Kind("broken readings, read by Python", Mirror(python, annotates=True, lossless=True), 99.5),
    Kind("broken readings, bytes lost", Mirror(annotates=True)),
    Kind("slips", Mirror(slips=True, lossless=True), 99.0),
    Kind("slips, folded before", Mirror(slips=True, lossless=True, fold="first"), 99.0),
    Kind("slips, folded after", Mirror(slips=True, lossless=True, fold="last"), 99.0),
    Kind("slips, read by a browser", Mirror(browser, slips=True, lossless=True), 99.0),
    Kind("slips, read by Python", Mirror(python, slips=True, lossless=True), 99.0),
    Kind("slips, private use shown", Mirror(private, slips=True, lossless=True), 99.0),
    Kind("slips, ? as U+FFFD", Mirror(lozenges, slips=True, lossless=True, mark="\ufffd"), 99.0),
    Kind("slips, no mark at all", Mirror(slips=True, lossless=True, mark="")),
    Kind("slips, bytes lost", Mirror(slips=True)),
    Kind("slips, bytes lost, folded before", Mirror(slips=True, fold="first")),
    Kind("slips, bytes lost, folded after", Mirror(slips=True, fold="last")),
    Kind("slips, bytes lost, browser", Mirror(browser, slips=True)),
    Kind("slips, bytes lost, Python", Mirror(python, slips=True)),
    Kind("slips, bytes lost, U+FFFD", Mirror(lozenges, slips=True, mark="\ufffd")),
    Kind("slips, bytes lost, within markup", Mirror(slips=True, tags=True)),
    Kind("slips and readings", Mirror(annotates=True, slips=True, lossless=True), 99.0),
    Kind("slips and readings, folded after", Mirror(annotates=True, slips=True, lossless=True, fold="last"), 99.0),
    Kind("slips and readings, bytes lost", Mirror(annotates=True, slips=True)),
)
_MISREADINGS = (
    # Of Big5 hardly a clause comes through Python's gbk whole; headlines and the lossy kinds have it.
    *(Kind(name, Whole(way), 100.0) for name, way in MISREADINGS.items() if name != "big5 as gbk"),
    Kind("utf-8 as cp1252, twice", Whole(MISREADINGS["utf-8 as cp1252"], 2), 100.0),
    Kind("utf-8 as gb18030, twice", Whole(MISREADINGS["utf-8 as gb18030"], 2), 100.0),
    *(Kind(f"headline: {name}", Pasted(way), 100.0) for name, way in MISREADINGS.items()),
)
_CHARACTERS = (
    Kind("zero-width marks", characters.Inserted(("\u200b", "\ufeff", "\u2060")), 100.0),
    Kind("soft hyphens", characters.Inserted(("\xad",)), 100.0),
    Kind("control characters", characters.Inserted(("\x01", "\x08", "\x0b", "\x1f", "\x7f")), 100.0),
    Kind("blanks that do not break", characters.blanks, 100.0),
    Kind("entities", characters.Escaped(), 100.0),
    Kind("entities, escaped twice", characters.Escaped(twice=True), 100.0),
    Kind("full-width figures", characters.FullWidth(partly=False), 100.0),
    Kind("full-width digits in figures", characters.FullWidth(partly=True), 100.0),
    Kind("arrows as letters", characters.arrows, 100.0),
    Kind("destroyed: 锟斤拷", characters.Destroyed("锟斤拷"), 100.0),
    Kind("destroyed: 烫烫烫", characters.Destroyed("烫"), 100.0),
    Kind("destroyed: U+FFFD", characters.Destroyed("\ufffd"), 100.0),
    Kind("destroyed: ????", characters.Destroyed("?"), 100.0),
)
_COMBINED = (
    Kind("readings, marks, arrows", _annotated_with_trifles, 99.5),
    Kind("readings, then utf-8 as cp1252", _annotated_and_misread, 99.5),
    Kind("headline misread, readings, slips", _pasted_into_annotated, 99.0),
)

KINDS: tuple[Kind, ...] = (*_MIRRORS, *_MISREADINGS, *_CHARACTERS, *_COMBINED)
"""Every kind but the lossy decodings, in the order of the table."""

LOSSY: dict[float, tuple[Kind, ...]] = {
    rate: tuple(
        Kind(f"{name}, {rate:.1%} of bytes lost, {mark or 'no mark'}", Lossy(way, rate, mark))
        for name, way in MISREADINGS.items()
        for mark in (("?", "\ufffd", "") if rate else ("?",))
    )
    for rate in RATES
}
"""Double decodings by the share of bytes lost: 0 are those of the whole text that the misreading itself loses."""
