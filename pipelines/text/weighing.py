"""How likely a character is where it stands, and as what a misread one was: `fluency.step` knows Chinese only."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pipelines.text.fluency import UNHEARD_OF, simplified, step

_FOREIGN = -6.0
"""A letter of another script as it stands: French, Greek and Japanese are written as they should be."""

_SIGN = -12.0

_STRAY = -13.0
"""A letter of another script, or a sign that is seldom seen, where Chinese is expected."""

_COMMON = -10.5
"""Likelihood above which an ideograph is a common one."""
_COMMON_SIGN = -8.0
"""The same of a sign: ▲ and ※ come about easily where bytes are read one late."""

_LETTER = 6.0
"""What it costs besides when an ASCII letter follows right on an ideograph: most often it is half of one."""

_NEVER = -40.0
"""A character that there is not."""

_LETTERS = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u058f\u0e00-\u0e7f\u1e00-\u1fff\u3041-\u3129\uac00-\ud7a3]"
)

_SIGNS = re.compile("[\u00a0-\u00bf\u00d7\u00f7\u02b0-\u02ff\u2010-\u27ff\u3000-\u303f\uff00-\uffef]")

AMID = 3.0
"""What it costs to begin or end amid good ideographs, not at a sign, a letter or the end of a line."""


@lru_cache(maxsize=1 << 17)
def kept(before: str, here: str) -> float:
    """Natural logarithm of how likely a character is as it stands, both simplified.

    >>> kept("", "招") > kept("", "é") > kept("", "鎷")
    True
    """
    found = step(before, here)
    if found > UNHEARD_OF or here < "\x80":
        return found
    if _LETTERS.match(here):
        near = before.isascii() and here < "\u0250" and before != ""
        return _FOREIGN if near or _LETTERS.match(before) else _SIGN
    return _SIGN if _SIGNS.match(here) else UNHEARD_OF


@lru_cache(maxsize=1 << 17)
def read(before: str, here: str) -> float:
    """How likely a character is as what a misread one was: the pages are Chinese.

    >>> read("招", "商") > kept("", "α") > read("招", "α")
    True
    """
    if here < "\x80":
        return kept(before, here) - (_LETTER if here >= "@" and before > "\u3400" else 0.0)
    found = kept(before, here)
    if here > "\u00ff" and unicodedata.category(here) == "Cn":
        return _NEVER
    return found if here >= "\u3400" or found > -8.0 else min(found, _STRAY)


def odd(text: str) -> bool:
    """Whether two characters in a row are no common ones.

    >>> odd("開通兩條3"), odd("巧ㄓ孜▲")
    (False, True)
    """
    return _odd().search(text) is not None


@cache
def _odd() -> re.Pattern[str]:
    return re.compile(_ordinary().pattern.replace("[", "[^\x00-\x7f\ufffd", 1).removesuffix("+") + "{2}")


@cache
def _ordinary() -> re.Pattern[str]:
    def common(char: str) -> bool:
        return kept("", simplified().get(ord(char), char)) > (_COMMON if char >= "\u3400" else _COMMON_SIGN)

    chars = "".join(filter(common, map(chr, range(0x2010, 0x10000))))
    return re.compile(f"[\n-?{re.escape(chars)}]+")


def ordinary(text: str) -> bool:
    """Whether all characters are common ones, ASCII no letters: pairs of bytes read one byte late are not so.

    >>> ordinary("開通兩條3"), ordinary("巧ㄓ孜▲}")
    (True, False)
    """
    return _ordinary().fullmatch(text) is not None


def likeliness(text: str) -> float:
    """Natural logarithm of how likely a text is as it stands, in any script."""
    text = text.translate(simplified())
    return sum(map(kept, " " + text, text))
