"""Figures and letters as wide as an ideograph, among others that are not: `2０24年`, `２０２４年` in a text of 2024.

Many a paper writes them so by intent, all of them or the single-figure ones; an editor's name stands out as `Ｃｏｖａ`.
Only what contradicts its own text is made narrow. Punctuation is left as it stands; but for the point between figures
and the sign of per cent behind them, which are part of a number.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from pipelines.text.edits import Edit
from pipelines.text.signs import Signs

MINORITY = 5
"""Narrow ones per wide one, from which on the wide one is a slip."""

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_TOKEN = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]+(?:[.．][0-9０-９]+)*")
_FIGURES = re.compile("[0-9０-９]")
_NARROW = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_POINT = re.compile("(?<=[０-９])．(?=[０-９])")

# １． and Ａ、 in front of a line number a list, and are set so; in quotes a character is shown, and ０-９ is a range.
_NUMBERING = re.compile("(?:^[ \t\u3000]*[（(]?|[（(])(?P<number>[０-９Ａ-Ｚａ-ｚ]{1,2})[．.、)）]", re.MULTILINE)
_NARROW_NUMBERING = re.compile("^[ \t\u3000]*[（(]?[0-9]{1,2}[．.、)）]", re.MULTILINE)
_QUOTED = tuple("“‘「『\"'`["), tuple("”’」』\"'`]")
_HAN = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile("[A-Za-z]")
_FRAME = re.compile("[\u2500-\u257f]")
_ROW = (
    "０１２３４５６７８９ ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ "
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
)
_RANGE = re.compile("[０Ａａ][-－~～][９Ｚｚ]")
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—·]")


class Token(NamedTuple):
    """A number or a word in Latin letters."""

    start: int
    """Its first character in the text."""
    end: int
    """Behind its last."""
    text: str
    """As it stands, maybe wide, maybe partly."""

    def narrow(self) -> str:
        """As it would be written in ASCII."""
        return _POINT.sub(".", self.text).translate(_NARROW)

    def is_mixed(self) -> bool:
        """Whether one part of it is wide and another is not."""
        return _WIDE.search(self.text) is not None and re.search("[0-9A-Za-z]", self.text) is not None

    def is_number(self) -> bool:
        """Whether it holds figures."""
        return _FIGURES.search(self.text) is not None


def narrow_wide(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    """The fix: wide figures and letters in a text that writes them narrow.

    >>> [edit.after for edit in narrow_wide("2０24年", Signs())]
    ['2024']
    >>> list(narrow_wide("２０２４年招商引资１２亿元", Signs()))
    []
    """
    if _WIDE.search(text) is None or "全角" in text or "全形" in text:
        return
    tokens = [Token(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]
    # A list is numbered throughout in one way.
    lists = () if _NARROW_NUMBERING.search(text) else _NUMBERING.finditer(text)
    numbering = {match.start("number") for match in lists}
    wide = [token for token in tokens if _WIDE.search(token.text) and not _is_meant(text, token, numbering)]
    narrow = [token for token in tokens if not _WIDE.search(token.text)]
    # In English and in code a wide one is an example of a wide one.
    if len(_HAN.findall(text)) < len(_LETTER.findall(text)):
        wide = [token for token in wide if token.is_mixed()]
    reasons = _reasons(wide, narrow)
    per_cent = "%" in text and re.search("[0-9]％", text) is None
    for token in wide:
        if token in reasons:
            sign = per_cent and token.text[-1] in "０１２３４５６７８９" and text[token.end : token.end + 1] == "％"
            yield Edit(token.start, token.end + sign, token.narrow() + "%" * sign, 0.9, reasons[token])


def _reasons(wide: Sequence[Token], narrow: Sequence[Token]) -> dict[Token, str]:
    """Those of the wide ones that contradict their text, and in what.

    What is to be narrow in any case counts as narrow from the start: the second time must come out as the first.
    """
    reasons = {token: "wide and narrow characters in one word" for token in wide if token.is_mixed()}
    spelt = {token.narrow() for token in (*narrow, *reasons)}
    for token in wide:
        if not token.is_number() and token.narrow() in spelt:
            reasons.setdefault(token, "wide, and narrow elsewhere in the text")
    narrow = [*narrow, *reasons]
    for numbers in (True, False):
        rest = [token for token in wide if token not in reasons and token.is_number() == numbers]
        if _is_slip(rest, [token for token in narrow if token.is_number() == numbers]):
            # A single letter is a name of its own: Ａ股, Ｋ线.
            few = (token for token in rest if numbers or len(token.text) > 1)
            reasons |= dict.fromkeys(few, "wide, in a text that writes them narrow")
    return reasons


def _is_meant(text: str, token: Token, numbering: Container[int]) -> bool:
    """Whether it is set so by intent: it numbers a list, stands in a frame, or is shown as a character."""
    start, end = token.start, token.end
    if not token.is_mixed() and text.endswith(_QUOTED[0], 0, start) and text.startswith(_QUOTED[1], end):
        return True
    if _FRAME.match(text[start - 1 : start]) or _FRAME.match(text, end):
        return True
    if len(token.text) > 3 and token.text in _ROW:
        return True
    if _RANGE.search(text, max(0, start - 2), end + 2):
        return True
    if not token.is_number() and not (_CHINESE.match(text[start - 1 : start]) or _CHINESE.match(text, end)):
        return True
    return start in numbering


def _is_slip(wide: Sequence[Token], narrow: Sequence[Token]) -> bool:
    """Whether the wide ones are so few among the narrow ones that nobody meant them.

    Some papers set single figures wide and longer numbers narrow (５月12日): that is a rule, and no slip.
    """
    if not wide or len(narrow) < MINORITY * len(wide):
        return False
    return any(len(token.text) > 1 for token in wide) or any(len(token.text) == 1 for token in narrow)
