"""Long stretches of misread bytes that can be only one thing, so that no other way through them need be looked for."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from pipelines.text.misread import Was, characters_of
from pipelines.text.weighing import likeliness, ordinary

FLUENT = -7.5
"""Mean likelihood by character above which a text is ordinary Chinese."""
_SOLID_UTF8 = re.compile(r"(?:[\xe3-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]){4,}")
"""Four ideographs or full-width signs in UTF-8."""
_INNER = re.compile("(?<=[^\\x00-\x7f]{4})[^\\x00-\x7f].*(?=(?:[\\x00-\x7f]*[^\\x00-\x7f]){4})", re.DOTALL)
"""Without four characters beyond ASCII at either end."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def solid_utf8(data: str, number: Collection[int]) -> dict[int, tuple[int, str]]:
    """Stretches of whole UTF-8, from character to character: nobody writes so long a one by chance."""
    found = {}
    for match in _SOLID_UTF8.finditer(data):
        start = next((place for place in range(match.start(), match.end(), 3) if place in number), match.end())
        end = next((place for place in range(match.end(), start, -3) if place in number), start)
        if end > start + 9:
            found[start] = (end, data[start:end].encode("latin-1").decode("utf-8"))
    return found


@cache
def _common_pairs(was: Was) -> re.Pattern[str]:
    """Many common characters in a row: read one byte late there are rare ones among them."""
    trails: dict[str, str] = {}
    for pair, char in characters_of(was).items():
        if ordinary(char.char):
            trails[pair[0]] = trails.get(pair[0], "") + re.escape(pair[1])
    # The commonest first: they are tried one by one.
    leads = sorted(trails, key=lambda lead: -len(trails[lead]))
    pairs = "|".join(f"{lead}[{trails[lead]}]" for lead in leads)
    return re.compile(f"(?:{pairs}|[\\n ->]){{16,}}+")


def solid_pairs(data: str, was: Was) -> dict[int, tuple[int, str]]:
    """Stretches of common characters that are fluent, but for their ends.

    Beside a lost byte, and beside what stands as written, some characters are common by chance.
    """
    found = {}
    for match in _common_pairs(was).finditer(data):
        inner = _INNER.search(decoded(match[0], was))
        if inner and likeliness(inner[0]) > FLUENT * len(inner[0]):
            start = match.start() + _size(inner.string[: inner.start()])
            found[start] = (start + _size(inner[0]), inner[0])
    return found


def _size(text: str) -> int:
    """How many bytes a text has in a charset of pairs."""
    return sum(1 + (char > "\x7f") for char in text)


def decoded(data: str, was: Was) -> str:
    """Bytes read strictly; empty where they are no text of that charset."""
    try:
        # Windows has the signs of Big5 as browsers have them; its other characters are weighed one by one.
        text = data.encode("latin-1").decode("cp950" if was == "big5" else was)
    except UnicodeError:
        return ""
    # Python's gb18030 reads every pair; those of the users' areas are none that a page was written in.
    return "" if was == "gb18030" and _PRIVATE.search(text) else text
