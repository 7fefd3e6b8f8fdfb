"""How programs read bytes, right or wrong: mirrors, browsers, Python; as GBK, as Windows-1252, as Latin-1."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from benchmarks.faults.bytemodel import LOST, Piece


class Pair(NamedTuple):
    """What two bytes are."""

    char: str
    """The character; empty if they are none."""
    gbk: bool
    """Whether it stands in GBK itself, not in what GB18030 adds or in the area for users' own characters."""

    @property
    def own(self) -> bool:
        return "\ue000" <= self.char <= "\uf8ff"


@cache
def _pair(pair: bytes) -> Pair:
    for charset in ("gbk", "gb18030"):
        try:
            return Pair(pair.decode(charset), charset == "gbk")
        except UnicodeDecodeError:
            continue
    return Pair("", gbk=False)


def _two(data: bytes, place: int, wrong: str, *, private: bool) -> Piece:
    """A pair, whatever it is by now; a pair that is no character is one mark."""
    if data[place] < 0x80:
        return Piece(chr(data[place]), 1, kept=True)
    pair = _pair(data[place : place + 2])
    if pair.gbk or (pair.own and private):
        return Piece(pair.char, 2, kept=True)
    return Piece("" if pair.own else wrong, min(2, len(data) - place), kept=False)


def mirror(data: bytes, place: int) -> Piece:
    r"""As the real mirrors do: no character is `?` and takes along what follows; users' characters fall out.

    >>> mirror(b"\x88(", 0), mirror(b"\xfd\xd9Y", 0)
    (Piece(shown='?', taken=2, kept=False), Piece(shown='', taken=2, kept=False))
    """
    return _two(data, place, "?", private=False)


def lozenges(data: bytes, place: int) -> Piece:
    """A mirror that shows U+FFFD for what is no character."""
    return _two(data, place, LOST, private=False)


def private(data: bytes, place: int) -> Piece:
    """A mirror that shows users' own characters as private use."""
    return _two(data, place, "?", private=True)


def browser(data: bytes, place: int) -> Piece:
    r"""GBK as the WHATWG Encoding Standard reads it: an ASCII byte is never taken along.

    >>> browser(b"\x88(", 0), browser(b"\xb17\xd4\xc2", 0), browser(b"\xfd\xd9", 0).shown
    (Piece(shown='\ufffd', taken=1, kept=False), Piece(shown='\ufffd', taken=1, kept=False), '\ue442')
    """
    lead = data[place]
    if lead < 0x80:
        return Piece(chr(lead), 1, kept=True)
    if lead == 0x80:
        return Piece("€", 1, kept=True)
    pair = data[place : place + 2]
    if (char := _pair(pair).char) and lead != 0xFF:
        return Piece(char, 2, kept=True)
    four = data[place : place + 4]
    if re.fullmatch(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]", four):
        wide = four.decode("gb18030", "replace")
        return Piece(wide, 4, kept=LOST not in wide)
    return Piece(LOST, 1 if lead == 0xFF or len(pair) == 1 or pair[1] < 0x80 else 2, kept=False)


def python(data: bytes, place: int) -> Piece:
    r"""GBK as Python reads it with errors="replace": one byte is given up, and the next begins anew.

    >>> python(b"\xfd\xd9Y", 0)
    Piece(shown='\ufffd', taken=1, kept=False)
    """
    if data[place] < 0x80:
        return Piece(chr(data[place]), 1, kept=True)
    char, known = _pair(data[place : place + 2])
    return Piece(char, 2, kept=True) if known else Piece(LOST, 1, kept=False)


def cp1252(data: bytes, place: int) -> Piece:
    r"""Windows-1252 as browsers read it: its five gaps are control characters.

    >>> cp1252(b"\x81\x80", 0).shown, cp1252(b"\x81\x80", 1).shown
    ('\x81', '€')
    """
    byte = data[place : place + 1]
    return Piece(byte.decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252"), 1, kept=True)


def latin1(data: bytes, place: int) -> Piece:
    return Piece(chr(data[place]), 1, kept=True)
