"""Pages in two charsets: a template in UTF-8 around a text in GBK or Big5, or the other way about, or GBK around Big5.

The page is cut where no character can be cut, at markup and line ends. Each piece is weighed in both charsets, and a
change of charset has to be worth it: a damaged byte is no reason for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipelines.text.beyond_ascii import beyond_ascii
from pipelines.text.commonness import scores
from pipelines.text.exact import LOST, codec, glimpse
from pipelines.text.fluency import UNLIKELY, fluency
from pipelines.text.judging import GOOD_ENOUGH, Weight, weigh

CHANGE = 10.0
"""What a change of charset costs, in nats: about a character that makes no sense."""

_SAMPLE_BYTES = 4_096

FLUENT = -7.0
"""Mean score per character of what is a part in another charset: sentences have -6 to -4, rests of them -9."""

_FEWEST = 8
"""Characters that a part in GBK or Big5 has at least, if the rest is in the other: four make sense by chance."""

_WIDE = 2.0
"""So much better per character it has to be than in the charset of the rest: the wrong charset costs 3 to 5."""

_RARE = -8.1
"""Score below which a character is not common: of the 6,000 ranked ones the last 2,700."""

_LONG = 24
"""Bytes of a piece that is surely right in the charset in which nothing in it is rare; less has to be weighed."""

_RIGHT, _WRONG = -5.0, -10.0
"""Mean scores, roughly, of text in its charset and in the wrong one."""

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
    first: Weight
    """In UTF-8, or in the charset of the page where that is not in question."""
    other: Weight
    data: bytes = b""


def stretches(data: bytes, charset: str) -> list[Stretch]:
    """How a page divides between two charsets; one stretch if it is not mixed.

    `charset` is what the page seems to be in on the whole: `utf-8`, `gb18030` or `big5`.

    >>> stretches("<h1>招商引资</h1>".encode() + "<p>项目签约落地</p>".encode("gbk"), "utf-8")
    [Stretch(start=0, charset='utf-8'), Stretch(start=24, charset='gb18030')]
    """
    if charset != "utf-8" and not any(weigh(run.decode()).mean > FLUENT for run in _UTF8_RUN.findall(data)):
        return _legacy_stretches(data, charset)
    matches = [match for match in _PIECE.finditer(data) if not match[0].isascii()]
    other = _legacy([match[0] for match in matches]) if charset == "utf-8" else charset
    if other is None:
        return [Stretch(0, charset)]
    pieces = [piece for match in matches for piece in _weighed(match.start(), match[0], other)]
    found: list[Stretch] = []
    for is_utf8, run in _runs(pieces):
        named = "utf-8" if is_utf8 else other
        if named != charset and _mean([piece.first if is_utf8 else piece.other for piece in run]) <= FLUENT:
            named = charset
        if not found or found[-1].charset != named:
            found.append(Stretch(run[0].start if found else 0, named))
    return found or [Stretch(0, charset)]


def _legacy_stretches(data: bytes, charset: str) -> list[Stretch]:
    """How a page divides between GBK and Big5.

    Nearly every page is in one of them, damaged or not: only where much makes no sense is the other one tried.
    """
    other = "big5" if charset == "gb18030" else "gb18030"
    if not any(_is_better(piece, other, charset) for piece in _senseless_pieces(beyond_ascii(glimpse(data, charset)))):
        return [Stretch(0, charset)]
    pieces = [
        _in_both(match.start(), match[0], charset, other) for match in _PIECE.finditer(data) if not match[0].isascii()
    ]
    found = [Stretch(0, charset)]
    for is_own, run in _runs(pieces):
        named = charset if is_own or not _is_in(other, run) else other
        if found[-1].charset != named:
            found.append(Stretch(run[0].start, named))
    # What is before the first piece is ASCII.
    if len(found) > 1 and found[1].start == pieces[0].start:
        return [Stretch(0, other), *found[2:]]
    return found


def _senseless_pieces(text: str) -> Iterator[str]:
    """The stretches between blanks in which much makes no sense."""
    place = 0
    while match := _senseless().search(text, place):
        start = text.rfind(" ", 0, match.start()) + 1
        end = text.find(" ", match.end())
        place = end if end >= 0 else len(text)
        yield text[start:place]


def _is_better(piece: str, other: str, charset: str) -> bool:
    """Whether what could be read of a piece makes more sense in the other charset: names and rare words do not."""
    readable = codec(charset).encode(piece, "ignore")[0]
    return _weigh(readable, other).mean > weigh(piece).mean


def _in_both(start: int, data: bytes, charset: str, other: str) -> _Piece:
    if len(data) >= _LONG and not _senseless().search(glimpse(data, charset)):
        chars = len(data) // 2
        return _Piece(start, Weight(_RIGHT * chars, chars), Weight(_WRONG * chars, chars), data)
    return _Piece(start, _weigh(data, charset), _weigh(data, other), data)


@cache
def _senseless() -> re.Pattern[str]:
    """Three characters that are not common, close to each other: there are such in any text of the wrong charset."""
    common = re.escape("".join(char for char, score in scores().items() if score > _RARE and char > "\x7f"))
    return re.compile(f"(?:[^{common}\0-\x7f](?:[\0-\x7f]*+[{common}]){{0,3}}+[\0-\x7f]*+){{3}}")


def _is_in(other: str, run: list[_Piece]) -> bool:
    """Whether a run of pieces is Chinese in the other of GBK and Big5, and none in the page's own."""
    weight = Weight(sum(piece.other.total for piece in run), sum(piece.other.chars for piece in run))
    if weight.chars < _FEWEST or weight.mean <= FLUENT or weight.mean - _mean([piece.first for piece in run]) < _WIDE:
        return False
    return fluency(glimpse(b"\n".join(piece.data for piece in run)[:_SAMPLE_BYTES], other)) > UNLIKELY


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
    """The pieces in runs of one charset, whether it is the first: the cheapest division, by dynamic programming."""
    first = other = 0.0
    stays: list[tuple[bool, bool]] = []
    for piece in pieces:
        stays.append((first >= other - CHANGE, other >= first - CHANGE))
        first, other = (
            max(first, other - CHANGE) + piece.first.total,
            max(other, first - CHANGE) + piece.other.total,
        )
    is_first = first >= other
    runs: list[tuple[bool, list[_Piece]]] = []
    for piece, stay in zip(reversed(pieces), reversed(stays), strict=True):
        if runs and runs[-1][0] == is_first:
            runs[-1][1].append(piece)
        else:
            runs.append((is_first, [piece]))
        if not stay[0 if is_first else 1]:
            is_first = not is_first
    return [(named, run[::-1]) for named, run in reversed(runs)]
