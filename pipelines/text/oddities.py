"""What nobody writes, by which a misread text is found: rare ideographs close together, accented letters in a row."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipelines.text.fluency import simplified, step
from pipelines.text.misread import BEYOND_ASCII, Via, Was

_RARE = -10.9
"""Likelihood below which an ideograph is rare."""
_ODD = "\x80-\xff€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ"
"""Bytes from 80 up as windows-1252 and Latin-1 show them, without those that stand in Chinese texts."""
_OTHERS = "\u0250-\u02af\u0391-\u0451\u3041-\u30ff\u3105-\u3129"
"""Letters of scripts that are seldom beside rare ideographs: phonetic, Greek, Cyrillic, kana, bopomofo."""
ODD_LATIN = re.compile(rf"[{_ODD}](?=([{BEYOND_ASCII}]|[@-~][{BEYOND_ASCII}]?[@-~]?[{_ODD}]))")
"""A letter or sign that a byte from 80 up is shown as, and another close behind."""
LATIN_HINT = re.compile(f"[{_ODD}]")
"""One such letter or sign."""


class Way(NamedTuple):
    """A misreading."""

    via: Via
    """The charset it was read in."""
    was: Was
    """The charset it was written in."""

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.was} read as {self.via}"


@cache
def odd_han() -> re.Pattern[str]:
    """Two rare ideographs close together, or one and a letter of a script that is seldom beside it."""
    rare = _rare_ideographs()
    near = "[^\\x00-\\x7f]{0,2}?"
    return re.compile(f"[{rare}](?={near}[{rare}{_OTHERS}])|[{_OTHERS}](?={near}[{rare}])")


def hint(way: Way) -> re.Pattern[str]:
    """What shows that a piece of text may have been misread in a way, where others were."""
    return LATIN_HINT if way.via == "windows-1252" else _rare_hint()


@cache
def _rare_hint() -> re.Pattern[str]:
    return re.compile(f"[?\ufffd{_rare_ideographs()}{_OTHERS}]")


@cache
def _rare_ideographs() -> str:
    return "".join(filter(_is_rare, map(chr, range(0x3400, 0xA000)))) + "\ue000-\uf8ff\u2550-\u2573"


@cache
def _is_rare(char: str) -> bool:
    return step("", simplified().get(ord(char), char)) < _RARE
