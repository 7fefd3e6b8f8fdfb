"""Read text again that was decoded with a wrong charset: `鎷涘晢寮曡祫`, `ÕÐÉÌÒý×Ê` and `æ‹›å•†` are 招商引资 and 招商.

UTF-8 was read as GBK or windows-1252, GBK as windows-1252, Big5 as GBK or windows-1252, once or several times
over. A text is looked through for what nobody writes (rare ideographs in a row, accented letters in a row); only what
becomes far better Chinese there counts as evidence, and only with evidence is the rest of the text looked at closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.text.edits import Edit
from pipelines.text.misread import LOST
from pipelines.text.oddities import Way, hint
from pipelines.text.rereading import DROPPED
from pipelines.text.signs import Signs
from pipelines.text.solid import FLUENT
from pipelines.text.suspicion import misreading
from pipelines.text.unravel import Run, explain, reread, trimmed
from pipelines.text.weighing import likeliness, odd, ordinary

LAYERS = 4
"""So many misreadings on top of each other are undone."""

_AGAIN = 8.0
"""What it costs to take a stretch for misread where others were, as a natural logarithm."""

_POOR = -11.0
"""Likelihood by character below which two charsets of pairs are not believed to have been mixed up."""
_SURE = 0.99
"""Confidence of a stretch that makes sense throughout."""
_DOUBTFUL = 0.7
"""The same where some of it may have been read one byte late."""
_DROPPED_TOO = -11.0
"""Likelihood of a byte that was dropped without a trace in a text that was misread throughout."""
_NOT_DROPPED = -30.0
"""The same in a line of which every byte has its partner: 咔嗒咔嗒 is rare, but four lost bytes are rarer."""
_LONG = 30
"""Characters from which a fluent reading cannot be a chance."""
_LONE_LETTER = re.compile("[^\x00-\x7f][@-~](?![a-zA-Z])")
"""What remains of a pair of which the first byte is lost, or of a whole stretch that is read one byte late."""
_ASCII = re.compile(r"[\x00-\x7f]+")
_PIECE = re.compile(r"[^\n<>]+")
"""What is explained in one go: markup and line breaks are no part of any misread character."""


def decode_again(text: str, signs: Signs) -> Iterator[Edit]:
    """The fix: every stretch that was decoded with a wrong charset.

    >>> [edit[2:] for edit in decode_again("标题：鎷涘晢寮曡祫。", Signs())]
    [('招商引资', 0.99, 'utf-8 read as gb18030')]
    """
    edits: list[Edit] = []
    for _ in range(0 if signs.decoded_well else LAYERS):
        more = _layer(text)
        if not more:
            break
        edits = composed(edits, more, text)
        text = _with(text, more)
    for edit in edits:
        lost = edit.after.count(LOST)
        what = f"; {lost} character{'s' if lost > 1 else ''} lost a byte" if lost else ""
        if edit.confidence < _SURE:
            what += "; some of it is a guess"
        yield edit._replace(
            confidence=min(edit.confidence, 0.9) if lost else edit.confidence, evidence=edit.evidence + what
        )


def _layer(text: str) -> list[Edit]:
    """What was misread last, in one way."""
    way = misreading(text, LAYERS)
    if way is None:
        return []
    runs = _everywhere(text, way)
    lossy = any(LOST in run.after for run in runs)
    return [Edit(*run, _DOUBTFUL if lossy and _is_doubtful(run.after, way) else _SURE, way.told) for run in runs]


def _is_doubtful(after: str, way: Way) -> bool:
    """Whether some pairs may have been read one byte late, in a text that lost bytes: odd signs remain."""
    return way.was != "utf-8" and (_LONE_LETTER.search(after) is not None or odd(after))


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
    fluent = (
        whole
        and likeliness(whole) > len(whole) * FLUENT
        and (len(whole) > _LONG or likeliness(whole) > likeliness(part) + 2 * _AGAIN)
    )
    if fluent and (way.was == "utf-8" or ordinary(whole)):
        yield trimmed(Run(0, len(part), whole))
        return
    # Where every byte has its partner, rare characters are likelier than two bytes lost.
    dropped = _NOT_DROPPED if fluent and not _LONE_LETTER.search(whole) else _DROPPED_TOO if mostly else DROPPED
    place = 0
    before = mostly
    while place < len(part):
        window = part[place : place + 1100]
        explained = explain(window, way.via, way.was, _AGAIN, before, 1000 if len(window) > 1000 else 0, dropped)
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
