"""Whether a text was misread, and how: what nobody writes is looked for, and only far better Chinese is evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pipelines.text.beyond_ascii import beyond_ascii
from pipelines.text.fluency import UNHEARD_OF, simplified, step
from pipelines.text.misread import BEYOND_ASCII, LOST, bytes_behind, characters_of
from pipelines.text.oddities import LATIN_HINT, ODD_LATIN, Way, odd_han
from pipelines.text.unravel import Run, explain
from pipelines.text.weighing import kept, likeliness

_PATIENCE = 50_000
"""So many odd places are looked at: five megabytes of one rare character would take half a minute otherwise."""
_FIRST = 14.0
"""What it costs to take a text for misread that shows no sign of it, as a natural logarithm."""
_ENOUGH = 18.0
"""By so much must evidence be likelier than what stands there."""
_UNKNOWN = -12.0
"""Likelihood below which a character is not ordinary Chinese."""
_SOME_UTF8 = re.compile(
    r"(?:[\xe2-\xef][\x80-\xbf]{2}){2}|[\xe2-\xef][\x80-\xbf]{2}[\xe2-\xef]?[?\ufffd]|[?\ufffd][\x80-\xbf]{1,2}[\xe2-\xef][\x80-\xbf]{2}"
)
"""Two ideographs in UTF-8, or one and what is left of another."""
_THREE_BYTES = re.compile("[\u2010-\u2fff\u3001-\u9fff\uff00-\uffef]")
"""What has three bytes in UTF-8 and stands in Chinese texts."""
_POOR_UTF8 = -12.0
"""Mean likelihood below which even whole UTF-8 is not believed."""
_POOR = -9.7
"""The same of very few characters."""
_POOR_PAIRS = -9.2
"""The same of two charsets of pairs, of which each reads nearly everything."""
_POOR_FEW = -7.0
"""The same of three ideographs: 花翾玥 is a name, and 豪嚮則 in Big5."""
_WINDOW = 24
"""So many characters before an odd place are looked at, and twice as many behind it."""
_LATIN_PIECE = re.compile(rf"(?:[{BEYOND_ASCII}?@-~\ufffd]|(?<=[{BEYOND_ASCII}@-~])[0-9]{{1,4}}(?=[{BEYOND_ASCII}]))+")
"""Bytes as windows-1252 shows them, be it with figures between: 早上7点10分."""
_HAN_PIECE = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|\?|[0-9]{1,4}(?=[^\x00-\x7f]))*")
"""The same as GBK shows them."""


HAN_WAYS = (Way("gb18030", "utf-8"), Way("gb18030", "big5"))

LATIN_WAYS = (Way("windows-1252", "utf-8"), Way("windows-1252", "gb18030"), Way("windows-1252", "big5"))


class _Found(NamedTuple):
    run: Run
    way: Way
    gain: float


def misreading(text: str, layers: int) -> Way | None:
    """The way in which some part of a text was misread beyond doubt, last of all, if it was so up to `layers` times.

    >>> misreading("标题：鎷涘晢寮曡祫。", 1), misreading("招商引资", 1)
    (Way(via='gb18030', was='utf-8'), None)
    """
    beyond = beyond_ascii(text)
    way = _evident(beyond, HAN_WAYS, odd_han(), layers)
    if way is None and LATIN_HINT.search(beyond):
        way = _evident(text, LATIN_WAYS, ODD_LATIN, layers)
    return way


def _evident(text: str, ways: Sequence[Way], odd: re.Pattern[str], layers: int) -> Way | None:
    latin = ways is LATIN_WAYS
    place = 0
    for _ in range(_PATIENCE):
        match = odd.search(text, place)
        if match is None:
            break
        place = match.end()
        possible = [way for way in ways if latin or _possible(text, match.start(), way)]
        if not possible:
            continue
        start, end = _around(text, match.start(), _LATIN_PIECE if latin else _HAN_PIECE)
        part = text[start:end]
        found = [
            _Found(run, way, likeliness(run.after) - likeliness(part[run.start : run.end]))
            for way in possible
            for run in explain(part, way.via, way.was, _FIRST).runs
        ]
        for one in sorted(found, key=lambda one: -one.gain):
            if _convincing(one, part, layers):
                return one.way
        # A run may begin just before the end of what was looked at.
        place = max(end - 8, place)
    return None


def _is_unheard_of(char: str) -> bool:
    return char > "\x7f" and kept("", simplified().get(ord(char), char)) <= UNHEARD_OF


def _around(text: str, place: int, allowed: re.Pattern[str]) -> tuple[int, int]:
    start = max(0, place - _WINDOW)
    for match in allowed.finditer(text, start, place + 2 * _WINDOW):
        if match.end() > place:
            return match.start(), match.end()
    return place, place + 1


@cache
def _ordinary(way: Way) -> dict[str, str]:
    """The characters that are ordinary Chinese if they were misread, with what they are, simplified."""
    behind = {pair: code for code, pair in bytes_behind(way.via).items()}
    return dict(zip("0123456789", "0123456789", strict=True)) | {
        chr(behind[pair]): char.simple
        for pair, char in characters_of(way.was).items()
        if pair in behind and step("", char.simple) > _UNKNOWN
    }


def _possible(text: str, start: int, way: Way) -> bool:
    """Whether an odd character may be a misread one, looked at in passing: most often it may not."""
    if way.was == "utf-8":
        around = text[max(0, start - 6) : start + 9]
        return _SOME_UTF8.search(around.translate(bytes_behind(way.via))) is not None
    ordinary = _ordinary(way)
    if text[start] not in ordinary:
        return False
    first = last = start
    while first > max(0, start - 6) and text[first - 1] in ordinary:
        first -= 1
    while last < min(len(text), start + 7) and text[last] in ordinary:
        last += 1
    # Not all that could be misread needs to be.
    stretches = (text[first:last], text[start:last], text[first : start + 1])
    return last - first > 2 and any(_becomes_better(stretch, ordinary) for stretch in stretches)


def _becomes_better(stretch: str, ordinary: dict[str, str]) -> bool:
    again = [ordinary[char] for char in stretch]
    likely = sum(map(kept, ["", *again], again))
    return likely > _POOR * len(stretch) and likely > likeliness(stretch) + 2 * len(stretch)


def _convincing(found: _Found, part: str, layers: int) -> bool:
    """Whether a stretch is evidence: much better Chinese than before, and what stays beside it is good, too."""
    run, way, gain = found
    beyond = "".join(char for char in run.after if char > "\x7f" and char != LOST)
    if gain < _ENOUGH:
        return False
    if way.was == "utf-8":
        # Letters of two bytes come about easily: one ideograph of GBK is enough.
        if len(_THREE_BYTES.findall(beyond)) > 1 and likeliness(beyond) > len(beyond) * (
            _POOR if len(beyond) < 4 else _POOR_UTF8
        ):
            return True
        return layers > 1 and misreading(run.after, layers - 1) is not None
    if len(set(beyond)) < 3 or _in_code_order(part[run.start : run.end]):
        return False
    if likeliness(beyond) < len(beyond) * (_POOR if way.via == "windows-1252" else _POOR_PAIRS):
        return False
    if way.via == "gb18030" and len(beyond) < 4 and likeliness(beyond) < len(beyond) * _POOR_FEW:
        return False
    rest = part[: run.start] + "\n" + part[run.end :]
    if way.via == "windows-1252":
        return True
    return _written_well(rest) and sum(char > "\u3400" for char in beyond) >= max(3, len(beyond) / 2)


def _written_well(rest: str) -> bool:
    """Whether what stands beside it is ordinary Chinese: among rare characters some always make sense otherwise."""
    if len(rest) > 6 and likeliness(rest) < len(rest) * _POOR:
        return False
    return sum(map(_is_unheard_of, rest)) <= 1 + len(rest) / 6


def _in_code_order(text: str) -> bool:
    """Whether characters stand as in a table of a charset."""
    return 2 * sum(0 < ord(after) - ord(before) <= 8 for before, after in pairwise(text)) > len(text) - 1
