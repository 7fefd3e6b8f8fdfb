"""One charset: bytes to text and back, to the byte, whatever is broken in between.

Every place that cannot be decoded is one U+FFFD, as in browsers, and the bytes that stood there are kept beside it. So
are bytes that decode well and would be encoded otherwise: A2CC is 十 in Big5, and so is A451.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import webencodings

from pipelines.text import big5, cns11643, hz
from pipelines.text.gbk import WHATWG_SIGNS

LOST = "\ufffd"

_PYTHON_NAMES = {
    "gb18030": "gb18030", "big5": "big5hkscs", "hz-gb-2312": "hz", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip

_ODD: dict[str, dict[bytes, str]] = {
    # Windows writes the euro sign as a lone 80 in GBK (WHATWG Encoding Standard, 10.2.1).
    "gb18030": {b"\x80": "€"} | {char.encode("gb18030"): shown for char, shown in WHATWG_SIGNS.items()},
    "big5": big5.ODD,
    # A ~ is to be doubled in HZ, and seldom is in addresses.
    "hz-gb-2312": {b"~": "~"},
}
"""By charset: bytes that decode well and would not be encoded so."""

# Bytes that are to be told are kept in the decoded text as surrogates, which no charset decodes to: the first of a
# place from DC00 up, the others from D800 up.
_REMEMBERED = 4096
_ESCAPED = re.compile("[\udc00-\udcff][\ud800-\ud8ff]*")
_SHOWN = re.compile(f"[{''.join(WHATWG_SIGNS)}]")
_NOTABLE = re.compile("[\ud800-\uefff]")


class Damage(NamedTuple):
    """A place of a text where the bytes were others than its character has."""

    start: int
    """Its one character, in characters from the beginning of the text."""
    data: bytes
    """What stood there."""


class Reading(NamedTuple):
    """Bytes read in one charset."""

    text: str
    """The text, with U+FFFD for what cannot be decoded."""
    damages: tuple[Damage, ...] = ()
    """The places that could not be decoded."""
    variants: tuple[Damage, ...] = ()
    """The places that were written otherwise than `write` would."""


@lru_cache(maxsize=2)
def read(data: bytes, charset: str) -> Reading:
    r"""The text of bytes in a charset, by its WHATWG name.

    >>> read(bytes.fromhex("d5d0c9ff d2fd8031"), "gb18030")
    Reading(text='招�引€1', damages=(Damage(start=1, data=b'\xc9\xff'),), variants=(Damage(start=3, data=b'\x80'),))
    """
    escaped = _decode(data, charset)
    if charset == "big5" and big5.ODD_BYTES.search(data):
        escaped = "".join(_odd_big5_escaped(escaped, data))
    if not _NOTABLE.search(escaped):
        return Reading(escaped)
    if charset == "gb18030":
        escaped = _SHOWN.sub(lambda match: _escaped_private_use()[match[0]], escaped)
    odd = cns11643.odd() if charset == "euc-tw" else _ODD.get(charset, {})
    parts: list[str] = []
    spots: tuple[list[Damage], list[Damage]] = ([], [])
    place = length = 0
    for match in _ESCAPED.finditer(escaped):
        length += match.start() - place
        stood = _unescaped(match[0])
        char = odd.get(stood, LOST)
        parts += (escaped[place : match.start()], char)
        spots[stood in odd].append(Damage(length, stood))
        length += 1
        place = match.end()
    return Reading("".join([*parts, escaped[place:]]), tuple(spots[0]), tuple(spots[1]))


def glimpse(data: bytes, charset: str) -> str:
    """About what `read` reads, at a fraction of the cost where the charset is the wrong one.

    >>> glimpse("招商".encode("gbk"), "utf-8")
    '����'
    """
    return data.decode("utf-8", "replace") if charset == "utf-8" else read(data, charset).text


def write(text: str, charset: str, spots: Iterable[Damage]) -> bytes:
    r"""The bytes that `read` had, from its text, damages and variants; `spots` come in the order of the text.

    Raises UnicodeEncodeError for a text that the charset cannot hold.

    >>> write("招�引€1", "gb18030", [Damage(1, b"\xc9\xff"), Damage(3, b"\x80")]).hex()
    'd5d0c9ffd2fd8031'
    """
    parts: list[bytes] = []
    place = 0
    for start, data in spots:
        parts += (_encode(text[place:start], charset), data)
        place = start + 1
    return b"".join([*parts, _encode(text[place:], charset)])


def codec(charset: str) -> codecs.CodecInfo:
    """The codec of a WHATWG charset; Python knows some by other names, and others by none."""
    if charset in _PYTHON_NAMES:
        return codecs.lookup(_PYTHON_NAMES[charset])
    encoding = webencodings.lookup(charset)
    if encoding is None:
        raise LookupError(charset)
    return encoding.codec_info


def _decode(data: bytes, charset: str) -> str:
    if charset == "euc-tw":
        return "".join(char or escape(stood) for char, stood in cns11643.characters(data))
    if charset == "hz-gb-2312":
        data = hz.closed(data)
    errors = "zhaoshang.pair" if charset in ("gb18030", "big5") else "zhaoshang.bytes"
    return str(codec(charset).decode(data, errors)[0])


def _encode(text: str, charset: str) -> bytes:
    return cns11643.encode(text) if charset == "euc-tw" else bytes(codec(charset).encode(text)[0])


@lru_cache(_REMEMBERED)
def escape(data: bytes) -> str:
    r"""Bytes as surrogates that stand for one place.

    >>> escape(b"\xc9\xff")
    '\udcc9\ud8ff'
    """
    return chr(0xDC00 + data[0]) + "".join(chr(0xD800 + byte) for byte in data[1:])


@lru_cache(_REMEMBERED)
def _unescaped(place: str) -> bytes:
    return bytes(ord(char) & 0xFF for char in place)


def _escape_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return escape(error.object[error.start : error.end]), error.end


def _escape_pair(error: UnicodeError) -> tuple[str, int]:
    """Go on behind a bad pair as browsers do: an ASCII trail byte is read again, any other goes with its lead."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, place = error.object, error.start
    if data[place : place + 2] in big5.ODD:
        return escape(data[place : place + 2]), place + 2
    pair = 0x81 <= data[place] <= 0xFE and place + 1 < len(data) and data[place + 1] > 0x7F
    end = place + (2 if pair else 1)
    return escape(data[place:end]), end


codecs.register_error("zhaoshang.bytes", _escape_bytes)
codecs.register_error("zhaoshang.pair", _escape_pair)


@cache
def _escaped_private_use() -> dict[str, str]:
    return {char: escape(char.encode("gb18030")) for char in WHATWG_SIGNS}


def _odd_big5_escaped(escaped: str, data: bytes) -> Iterator[str]:
    """The text in pieces, what is odd escaped: only the bytes tell which of two pairs it was."""
    place = size = 0
    for match in big5.ODD_IN_PYTHON.finditer(escaped):
        before = escaped[place : match.start()]
        size += len(before.encode("big5hkscs", "zhaoshang.size"))
        stood = data[size : size + 2]
        yield before
        yield escape(stood) if stood in big5.ODD else match[0]
        size += 2
        place = match.end()
    yield escaped[place:]


def _same_size(error: UnicodeError) -> tuple[bytes, int]:
    """Each surrogate stands for one byte."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"?" * (error.end - error.start), error.end


codecs.register_error("zhaoshang.size", _same_size)
