"""Pages in two charsets: a template in UTF-8 around a text in GBK or Big5, or the other way about.

The page is cut where no character can be cut, at markup and line ends. Each piece is weighed in both charsets, and a
change of charset has to be worth it: a damaged byte is no reason for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.text.exact import LOST, glimpse
from pipelines.text.fluency import UNLIKELY, fluency
from pipelines.text.judging import GOOD_ENOUGH, Weight, weigh

CHANGE = 10.0
"""What a change of charset costs, in nats: about a character that makes no sense."""

_SAMPLE_BYTES = 4_096

FLUENT = -7.0
"""Mean score per character of what is a part in another charset: sentences have -6 to -4, rests of them -9."""

# None of these is the second byte of a character in GBK or Big5.
_PIECE = re.compile(rb"""[^<>"'\r\n]+""")
_UTF8_RUN = re.compile(rb"[\xe2-\xe9\xef][\x80-\xbf]{2}(?:[\xe2-\xe9\xef][\x80-\xbf]{2})+")


class Stretch(NamedTuple):
    """Bytes in one charset."""

    start: int
    """Their beginning, in bytes."""
    charset: str
    """WHATWG name."""


class _Piece(NamedTuple):
    start: int
    utf8: Weight
    other: Weight


def stretches(data: bytes, charset: str) -> list[Stretch]:
    """How a page divides between UTF-8 and another charset; one stretch if it is not mixed.

    `charset` is what the page seems to be in on the whole: `utf-8`, `gb18030` or `big5`.

    >>> stretches("<h1>招商引资</h1>".encode() + "<p>项目签约落地</p>".encode("gbk"), "utf-8")
    [Stretch(start=0, charset='utf-8'), Stretch(start=24, charset='gb18030')]
    """
    if charset != "utf-8" and not any(weigh(run.decode()).mean > FLUENT for run in _UTF8_RUN.findall(data)):
        return [Stretch(0, charset)]
    matches = [match for match in _PIECE.finditer(data) if not match[0].isascii()]
    other = _legacy([match[0] for match in matches]) if charset == "utf-8" else charset
    if other is None:
        return [Stretch(0, charset)]
    pieces = [piece for match in matches for piece in _weighed(match.start(), match[0], other)]
    found: list[Stretch] = []
    for is_utf8, run in _runs(pieces):
        named = "utf-8" if is_utf8 else other
        if named != charset and _mean([piece.utf8 if is_utf8 else piece.other for piece in run]) <= FLUENT:
            named = charset
        if not found or found[-1].charset != named:
            found.append(Stretch(run[0].start if found else 0, named))
    return found or [Stretch(0, charset)]


def _weighed(start: int, data: bytes, other: str) -> Iterator[_Piece]:
    """A piece, or its runs of UTF-8 and what lies between them."""
    place = 0
    for match in () if _is_utf8(data) else _UTF8_RUN.finditer(data):
        begin = match.start()
        # 七成五。 in GBK ends in CE E5 A1 A3: E5 A1 A3 is UTF-8, too, and leaves CE alone.
        if _is_cut(data[place:begin], other) and not _is_cut(data[place : begin + 3], other):
            begin += 3
        yield from _between(start + place, data[place:begin], other)
        yield _Piece(start + begin, weigh(data[begin : match.end()].decode()), _weigh(data[begin : match.end()], other))
        place = match.end()
    if place == 0:
        yield _Piece(start, _weigh(data, "utf-8"), _weigh(data, other))
    else:
        yield from _between(start + place, data[place:], other)


def _between(start: int, data: bytes, other: str) -> Iterator[_Piece]:
    """What lies between UTF-8. The rests of damaged characters are no Chinese in the other charset, either."""
    if not data.isascii():
        utf8, text = _weigh(data, "utf-8"), glimpse(data, other)
        legacy = weigh(text)
        # `mean` costs little, and lets few through for which the table of pairs has to be read.
        chinese = legacy.chars > 3 and legacy.mean > FLUENT and fluency(text) > UNLIKELY
        yield _Piece(start, utf8, legacy if chinese else utf8)


def _weigh(data: bytes, charset: str) -> Weight:
    return weigh(glimpse(data, charset))


def _is_cut(data: bytes, charset: str) -> bool:
    """Whether the bytes end within a character."""
    return bool(data) and data[-1] > 0x7F and glimpse(data, charset).endswith(LOST)


def _legacy(pieces: list[bytes]) -> str | None:
    """What the pieces are in that are not UTF-8; None if they are no Chinese in anything else."""
    rest = b"\n".join(_UTF8_RUN.sub(b" ", piece) for piece in pieces if not _is_utf8(piece))
    weights = {charset: _weigh(rest[:_SAMPLE_BYTES], charset) for charset in ("gb18030", "big5")}
    best = max(weights, key=lambda charset: weights[charset].total)
    return best if weights[best].mean > GOOD_ENOUGH else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mean(weights: list[Weight]) -> float:
    return sum(weight.total for weight in weights) / max(1, sum(weight.chars for weight in weights))


def _runs(pieces: list[_Piece]) -> list[tuple[bool, list[_Piece]]]:
    """The pieces in runs of one charset, whether it is UTF-8: the cheapest division, by dynamic programming."""
    utf8 = other = 0.0
    stays: list[tuple[bool, bool]] = []
    for piece in pieces:
        stays.append((utf8 >= other - CHANGE, other >= utf8 - CHANGE))
        utf8, other = (
            max(utf8, other - CHANGE) + piece.utf8.total,
            max(other, utf8 - CHANGE) + piece.other.total,
        )
    is_utf8 = utf8 >= other
    runs: list[tuple[bool, list[_Piece]]] = []
    for piece, stay in zip(reversed(pieces), reversed(stays), strict=True):
        if runs and runs[-1][0] == is_utf8:
            runs[-1][1].append(piece)
        else:
            runs.append((is_utf8, [piece]))
        if not stay[0 if is_utf8 else 1]:
            is_utf8 = not is_utf8
    return [(named, run[::-1]) for named, run in reversed(runs)]
