"""Characters that a program put in place of others: private code points of known signs, blanks that do not break.

Ideographic blanks (U+3000) stay, all of them. They indent paragraphs, spread names of two characters to three (李　明),
part the items of a list and the halves of a headline: 603 stand in 29 real pages, each by intent, and nothing tells
one that a template put between two words from one that an editor did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.text.edits import Edit
from pipelines.text.gbk import WHATWG_SIGNS
from pipelines.text.signs import Signs

_PRIVATE = re.compile(f"[{''.join(WHATWG_SIGNS)}]+")
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]")


def name_private_signs(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    r"""The fix: private code points of GB 18030 beside Chinese become the signs that they stand for.

    Any other private code point stays: it is a bullet of Word's (U+F0D8), a glyph of a font we do not have, or a rare
    ideograph of somebody's own.

    >>> [edit.after for edit in name_private_signs("\ue5e5\ue5e5招商\uf0d8", Signs())]
    ['\u3000\u3000']
    """
    for match in _PRIVATE.finditer(text):
        start, end = match.span()
        # An icon font uses the same numbers for its pictures, beside blanks and English.
        if _CHINESE.match(text, end) or _CHINESE.match(text[start - 1 : start]):
            after = "".join(map(WHATWG_SIGNS.__getitem__, match[0]))
            codes = " ".join(f"U+{ord(char):04X}" for char in match[0][:8])
            yield Edit(start, end, after, 0.95, f"{codes} is private in GB 18030 and reads so in browsers")


_BLANKS = re.compile("(?<![ \xa0])\xa0++(?! )")
_SOLID = re.compile("[\x21-\x7e\u2010-\u2027\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]")
_LETTER = re.compile("[A-Za-z\xc0-\u024f]")
_HAN = re.compile("[\u3400-\u9fff]")


def free_blanks(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    r"""The fix: no-break blanks between two Chinese words, or beside one, become blanks, which a search takes for such.

    At the ends of a line and among plain blanks they are layout, as ideographic blanks are, and between single
    characters they spread a name (沈&nbsp;芷). In a page of French or English, `10&nbsp;km` is good typography.

    >>> [edit.start for edit in free_blanks("投资\xa05\xa0亿元", Signs())]
    [2, 4]
    >>> list(free_blanks("\xa0\xa0\xa0\xa0彭\xa0婷\xa0\xa0邓\xa0梁", Signs()))
    []
    """
    if "\xa0" not in text:
        return
    chinese = len(_HAN.findall(text)) >= len(_LETTER.findall(text))
    for match in _BLANKS.finditer(text):
        start, end = match.span()
        if _part_words(text, start, end, chinese=chinese):
            yield Edit(start, end, " " * (end - start), 0.9, "no-break blanks between words, of a template")


def _part_words(text: str, start: int, end: int, *, chinese: bool) -> bool:
    before, behind = text[start - 1 : start], text[end : end + 1]
    if not _SOLID.match(before) or not _SOLID.match(behind):
        return False
    if _HAN.match(before) and _HAN.match(behind):
        # One character on either side is a spread name, as far as anybody can tell.
        return _HAN.match(text[start - 2 : start - 1]) is not None and _HAN.match(text, end + 1) is not None
    # Between figures a run is layout again: `上一版3&nbsp;&nbsp;4下一版`.
    return before > "\x7f" or behind > "\x7f" or (chinese and end - start == 1)
