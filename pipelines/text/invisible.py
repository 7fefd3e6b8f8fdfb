"""Take out what nobody sees and every search stumbles over: zero-width marks, soft hyphens, control characters.

Templates put them in to break long lines, editors to join them, mirrors so that a copied sentence finds no original.
Some scripts need some of them (Persian its non-joiner, Thai its zero-width blank, emoji their joiner): there they stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.text.edits import Edit
from pipelines.text.signs import Signs

# ESC opens the sequences of terminals and of ISO-2022, which mean nothing any more without it. A new page (0C) stands
# alone on its line in source code and RFCs, by intent, and 7F ends the rows of code tables.
_CONTROL = re.compile(
    r"(?:(?!\x1b[\[\]$()]|\x7f(?:\n|\Z))[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f])++|[\u2028\u2029]|(?<![\r\n\x0c])\x0c(?![\r\n\x0c])"
)
_ANY_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")

# Word's line break inside a paragraph (0B), a new page, the end of a line to IBM (85): ends of lines to Unicode and to
# `str.splitlines`, and to nothing that looks for "\n". Deleted they would weld two lines together, so they become one;
# but for those between two ideographs, which no program puts there to end a line: they are noise like the others.
_ENDS = "\x0b\x0c\x85"
_SURE_ENDS = "\u2028\u2029"
_HAN = re.compile("[\u3400-\u9fff]")

_MARKS = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_MARK = re.compile(f"[{_MARKS}]+")

_NEEDS_JOINERS = re.compile(
    # Arabic, Syriac, Thaana, N'Ko, the scripts of India, Mongolian; parts of emoji.
    "[\u0600-\u08ff\u0900-\u0dff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc"
    "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)
_NEEDS_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\uaa7f]")
"""Thai, Lao, Burmese, Khmer and their neighbours write no blanks between words."""
_LISTED = re.compile("[\u2000-\u200a\u2061-\u2065\u206a-\u206f\xac\xae]")
"""Neighbours in the code charts, where each character stands by intent."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_CHINESE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")

_NAMES = {
    "\u00ad": "soft hyphen",
    "\u200b": "zero-width blank",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u2060": "word joiner",
    "\ufeff": "byte order mark",
}
_JOINERS = "\u200c\u200d"


def take_out_invisible(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    r"""The fix: zero-width marks, soft hyphens, marks of direction, where no script needs them.

    >>> [(edit.start, edit.evidence) for edit in take_out_invisible("招\u200b商引\xad资", Signs())]
    [(1, 'zero-width blank between 招 and 商'), (4, 'soft hyphen between 引 and 资')]
    >>> list(take_out_invisible("👨\u200d👩", Signs()))
    []
    """
    match = _MARK.search(text)
    if match is None:
        return
    # A page in English may hyphenate; one in Chinese has no use for it. Where a line has Hebrew or Arabic words, all
    # marks of direction on the page may serve them.
    hyphens = _CHINESE.search(text) is None
    directions = _RIGHT_TO_LEFT.search(text) is not None
    while match:
        start, end = match.span()
        before, behind = text[start - 1 : start], text[end : end + 1]
        kept = _needed(match[0], before, behind, hyphens=hyphens, directions=directions)
        if kept != match[0]:
            yield Edit(start, end, kept, 0.97, _names(match[0]) + _between(before, behind))
        match = _MARK.search(text, end)


def _needed(marks: str, before: str, behind: str, *, hyphens: bool, directions: bool) -> str:
    """Those of a run of marks that the text needs."""
    around = before + behind
    if _LISTED.search(around):
        return marks
    kept = ""
    if _NEEDS_JOINERS.search(around):
        kept += _JOINERS
    if _NEEDS_BLANKS.search(around):
        kept += "\u200b\u2060" + _JOINERS
    # An accented letter before a soft hyphen: UTF-8 read as Latin-1, where í is C3 AD, that nothing could mend.
    if hyphens or "\xc0" <= before <= "\xff":
        kept += "\xad"
    if directions:
        kept += "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" + _JOINERS
    return "".join(mark for mark in marks if mark in kept)


def _names(marks: str) -> str:
    return ", ".join(sorted({_NAMES.get(mark, "mark of direction") for mark in marks}))


def _between(before: str, behind: str) -> str:
    return f" between {before} and {behind}" if before.strip() and behind.strip() else ""


def take_out_controls(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    r"""The fix: control characters; those that end a line become the end of a line.

    >>> [(edit.start, edit.after) for edit in take_out_controls("招商\x00引\u2028资", Signs())]
    [(2, ''), (4, '\n')]
    """
    if _ANY_CONTROL.search(text) is None:
        return
    for match in _CONTROL.finditer(text):
        start, end = match.span()
        if _is_byte(text, start, end):
            continue
        codes = " ".join(f"{ord(char):02X}" for char in match[0][:8])
        inside = _HAN.match(text[start - 1 : start]) and _HAN.match(text, end)
        if match[0] in _SURE_ENDS or (not match[0].strip(_ENDS) and not inside):
            yield Edit(start, end, "\n", 0.95, f"{codes} is the end of a line")
        else:
            yield Edit(start, end, "", 0.97, f"control character {codes}")


def _is_byte(text: str, start: int, end: int) -> bool:
    r"""Whether controls are bytes of a character that was read as Latin-1: `å\x9b½` is 国, if nothing mended it."""
    if not "\x80" <= text[start] <= "\x9f":
        return False
    around = text[start - 1 : start] + text[end : end + 1]
    return any("\xa1" <= char <= "\xff" and char not in "·×÷°±«»§" for char in around)
