"""Read text again that was decoded with a wrong charset: `鎷涘晢寮曡祫`, `ÕÐÉÌÒý×Ê` and `æ‹›å•†` are 招商引资 and 招商.

UTF-8 was read as GBK or windows-1252, GBK as windows-1252 or Big5, Big5 as GBK or windows-1252, once or several times
over. A text is looked through for what nobody writes (rare ideographs in a row, accented letters in a row); only what
becomes far better Chinese there counts as evidence, and only with evidence is the rest of the text looked at closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.text.edits import Edit
from pipelines.text.misread import LOST
from pipelines.text.signs import Signs
from pipelines.text.suspicion import Way, hint, misreading
from pipelines.text.unravel import FLUENT, Run, explain, reread, trimmed
from pipelines.text.weighing import likeliness

LAYERS = 4
"""So many misreadings on top of each other are undone."""

_AGAIN = 8.0
"""The same where other parts were misread in this way."""

_POOR = -11.0
"""Likelihood by character below which two charsets of pairs are not believed to have been mixed up."""
_ASCII = re.compile(r"[\x00-\x7f]+")
_PIECE = re.compile(r"[^\n<>]+")
"""What is explained in one go: markup and line breaks are no part of any misread character."""


def decode_again(text: str, _signs: Signs) -> Iterator[Edit]:
    """The fix: every stretch that was decoded with a wrong charset.

    >>> [edit[2:] for edit in decode_again("标题：鎷涘晢寮曡祫。", Signs())]
    [('招商引资', 0.99, 'utf-8 read as gb18030')]
    """
    edits: list[Edit] = []
    for _ in range(LAYERS):
        more = _layer(text)
        if not more:
            break
        edits = composed(edits, more, text)
        text = _with(text, more)
    for edit in edits:
        lost = edit.after.count(LOST)
        what = f"; {lost} character{'s' if lost > 1 else ''} lost a byte" if lost else ""
        yield edit._replace(confidence=0.9 if lost else 0.99, evidence=edit.evidence + what)


def _layer(text: str) -> list[Edit]:
    """What was misread last, in one way."""
    way = misreading(text, LAYERS)
    if way is None:
        return []
    if way.via not in ("big5", "big5-hkscs"):
        return [Edit(*run, 0.99, way.told) for run in _everywhere(text, way)]
    # Windows and Hong Kong differ in the pairs of kana: take what becomes the better text.
    found = [_everywhere(text, Way(via, way.was)) for via in ("big5", "big5-hkscs")]
    best = max(found, key=lambda runs: likeliness(_with(text, runs)))
    return [Edit(*run, 0.99, way.told) for run in best]


def _everywhere(text: str, way: Way) -> list[Run]:
    """All that was misread in a text in a way that is known by now."""
    found: list[Run] = []
    odd = hint(way)
    beyond = _ASCII.sub("", text)
    mostly = len(odd.findall(beyond)) > len(beyond) / 4
    for match in _PIECE.finditer(text):
        if match[0].isascii() or not (mostly or odd.search(match[0])):
            continue
        place = match.start()
        found += [
            Run(run.start + place, run.end + place, run.after)
            for run in _runs(match[0], way, mostly)
            if mostly or _trusted(run.after, way)
        ]
    return found


def _trusted(after: str, way: Way) -> bool:
    """Whether a stretch may be believed in a text of which most is written well.

    There 鎏? is no misread character that lost a byte, and a rare name no two that were misread.
    """
    if way.was == "utf-8" or way.via == "windows-1252":
        return bool(after.strip(LOST))
    return len(after) > 2 and likeliness(after) > _POOR * len(after)


def _runs(part: str, way: Way, mostly: bool) -> Iterator[Run]:
    whole = reread(part, way.via, way.was)
    if whole and likeliness(whole) > max(likeliness(part) + 2 * _AGAIN, len(whole) * FLUENT):
        yield trimmed(Run(0, len(part), whole))
        return
    place = 0
    before = mostly
    while place < len(part):
        window = part[place : place + 1100]
        explained = explain(window, way.via, way.was, _AGAIN, before, 1000 if len(window) > 1000 else 0)
        for run in explained.runs:
            yield Run(run.start + place, run.end + place, run.after)
        place += explained.end
        before = explained.misread


def _with(text: str, edits: Sequence[Edit | Run]) -> str:
    """The text with edits made."""
    parts: list[str] = []
    place = 0
    for edit in edits:
        parts += (text[place : edit.start], edit.after)
        place = edit.end
    return "".join([*parts, text[place:]])


class _Made(NamedTuple):
    """An edit where it stands in the text between two layers."""

    start: int
    end: int
    inner: bool
    """Whether it belongs to the later of them."""
    edit: Edit


def composed(first: Sequence[Edit], then: Sequence[Edit], between: str) -> list[Edit]:
    """Edits of a text and edits of what came out, which is given, as edits of the text.

    >>> composed([Edit(2, 4, "x", 0.9, "a")], [Edit(0, 1, "", 0.8, "b"), Edit(2, 4, "y", 0.8, "c")], "01x4")
    [Edit(start=0, end=1, after='', confidence=0.8, evidence='b'), \
Edit(start=2, end=5, after='y', confidence=0.8, evidence='a; c')]
    """
    made = [_Made(edit.start, edit.end, True, edit) for edit in then]
    shift = 0
    for edit in first:
        start = edit.start + shift
        made.append(_Made(start, start + len(edit.after), False, edit))
        shift += len(edit.after) - (edit.end - edit.start)
    groups: list[list[_Made]] = []
    end = 0
    for one in sorted(made, key=lambda one: (one.start, one.end)):
        if groups and one.start < end:
            groups[-1].append(one)
        else:
            groups.append([one])
            end = one.end
        end = max(end, one.end)
    found: list[Edit] = []
    shift = 0
    for group in groups:
        edit, grown = _as_one(group, between)
        found.append(edit._replace(start=edit.start - shift, end=edit.end - shift - grown))
        shift += grown
    return found


def _as_one(group: Sequence[_Made], between: str) -> tuple[Edit, int]:
    """One edit of the text between for all that overlap, and by how much the first layer made that text longer here."""
    start, end = group[0].start, max(one.end for one in group)
    inner = [one.edit._replace(start=one.start - start, end=one.end - start) for one in group if one.inner]
    grown = sum(len(one.edit.after) - (one.edit.end - one.edit.start) for one in group if not one.inner)
    in_order = sorted(group, key=lambda one: one.inner)
    told = dict.fromkeys(one.edit.evidence for one in in_order)
    confidence = min(one.edit.confidence for one in group)
    return Edit(start, end, _with(between[start:end], inner), confidence, "; ".join(told)), grown
