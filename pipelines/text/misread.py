"""What bytes a character was before somebody read them in a wrong charset, and what they are in the right one.

Bytes stand in a `str` here, a character U+0000 to U+00FF each, so that a lost one has its place among them: U+FFFD and
`?` stand for a byte or two that are gone, `NONE` for a character that no byte gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from pipelines.text.fluency import simplified

Via = Literal["gb18030", "windows-1252"]
Was = Literal["utf-8", "gb18030", "big5"]

LOST = "\ufffd"
NONE = "\uffff"
"""In the place of bytes: a character that did not come about by this misreading."""

BEYOND_ASCII = "\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What windows-1252 and Latin-1 show for bytes from 80 up, as a class of a pattern."""

UTF8 = re.compile(
    r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
"""One whole character of UTF-8 beyond ASCII."""

DAMAGED_UTF8 = re.compile(
    r"[\xc2-\xdf][?\ufffd]?|[\xe0-\xef](?:[\x80-\xbf][?\ufffd]?|[?\ufffd]{1,2}[\x80-\xbf]?)?"
    r"|[\xf0-\xf4][\x80-\xbf?\ufffd]{0,3}|[?\ufffd]{1,3}[\x80-\xbf]{0,2}|[\x80-\xbf]{1,2}"
)
"""What is left of one that lost bytes, whether something shows in their place or not."""


class Char(NamedTuple):
    """A character and what stands for it in the table of pairs."""

    char: str
    """As it is written."""
    simple: str
    """Its simplified form, for `fluency.step`."""


def char(written: str) -> Char:
    """A character with its simplified form.

    >>> char("報")
    Char(char='報', simple='报')
    """
    return Char(written, simplified().get(ord(written), written))


def _pairs(codec: str) -> dict[str, str]:
    found = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            shown = bytes((lead, trail)).decode(codec, "replace")
            if len(shown) == 1 and shown != LOST:
                found[chr(lead) + chr(trail)] = shown
    return found


@cache
def bytes_behind(via: Via) -> dict[int, str]:
    r"""For `str.translate`: every character that may come of reading bytes in a charset, with those bytes.

    >>> "招鎷€".translate(bytes_behind("gb18030")), "‹Õ\x81".translate(bytes_behind("windows-1252"))
    ('ÕÐæ\x8b\x80', '\x8bÕ\x81')
    """
    if via == "windows-1252":
        shown = {bytes((byte,)).decode("cp1252", "replace"): chr(byte) for byte in range(0x80, 0xA0)}
        return {ord(char): byte for char, byte in shown.items() if char != LOST}
    table = {shown: pair for pair, shown in _pairs("gb18030").items()} | {"€": "\x80"}
    return {ord(shown): pair for shown, pair in table.items()}


_TWICE = re.compile("[\u3000€]")
_HALFWAY = re.compile("[\xe0-\xef][\x80-\xbf]$")


def shown(text: str, via: Via, was: Was) -> Sequence[str]:
    r"""The bytes that every character of a text came of.

    >>> shown("鎷涘晢", "gb18030", "utf-8"), shown("Õ‹", "windows-1252", "gb18030")
    (['æ\x8b', '\x9bå', '\x95\x86'], 'Õ\x8b')
    """
    table = bytes_behind(via)
    if via == "windows-1252":
        return text.translate(table)
    parts = [here if here < "\x80" or here == LOST else table.get(ord(here), NONE) for here in text]
    if was == "utf-8":
        # Browsers have two signs twice (exact.py has the whole list): the byte before tells which of the two it is.
        for place in (match.start() for match in _TWICE.finditer(text)):
            before, after = "".join(parts[max(0, place - 2) : place])[-2:], text[place + 1 : place + 2]
            if text[place] == "\u3000":
                # 棠 is E6A3A0, 桡 is E6A1A1 and far rarer.
                parts[place] = "\xa3\xa0" if before[-1:] == "\xe6" else "\xa1\xa1"
            elif _HALFWAY.match(before) and (after == "€" or "\x80" <= table.get(ord(after or "."), ".")[0] <= "\xbf"):
                parts[place] = "\xa2\xe3"
    return parts


@cache
def characters_of(was: Was) -> dict[str, Char]:
    """Every pair of bytes that is a character in a charset of pairs, but none of private use.

    >>> characters_of("gb18030")["ÕÐ"].char, characters_of("big5")["©Û"].char
    ('招', '招')
    """
    if was == "gb18030":
        found = _pairs("gb18030")
    else:
        windows = _pairs("cp950")
        # Browsers have the signs of A1 to A3 as Windows has them, and Hong Kong's characters for the rest.
        found = windows | _pairs("big5hkscs") | {pair: shown for pair, shown in windows.items() if pair < "\xa4"}
    return {pair: char(shown) for pair, shown in found.items() if not "\ue000" <= shown <= "\uf8ff"}
