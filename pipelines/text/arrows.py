"""Take out the arrows of page navigation that a missing font left as letters: `上一版3  4下一版`.

In Webdings `3` is ◀ and `4` is ▶; icon fonts put theirs into the private use area. Without the font the text keeps a
figure that nobody wrote, and who counts figures counts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.text.edits import Edit
from pipelines.text.signs import Signs

_WORD = "[上下]一[版篇页頁期]"

# No-break blanks are not among these. `上一版3&nbsp;&nbsp;4下一版` and `下一篇 4 放大 缩小` are lines as a page served
# them, which `furniture.is_furniture` knows and drops whole: a page that is clean but for them stays as it is.
_GAP = "[ \t\u3000\ue000-\uf8ff]*+"
_SOLID = r"[^\s\ue000-\uf8ff]"

_BESIDE = re.compile(
    # Both words: 3 and 4 stand between them, or outside of them.
    rf"(?:(?<!{_SOLID})(?P<head>3){_GAP})?上一(?P<kind>[版篇页頁期])(?P<gap>{_GAP}[34]?{_GAP}[34]?{_GAP})"
    rf"下一[版篇页頁期]{_GAP}(?P<tail>4(?!{_SOLID}))?{_GAP}"
    # One word, its arrow glued to it, and nothing else or a tool of the page.
    rf"|(?<!{_SOLID})(?:上一[版篇期](?P<back>3)|下一[版篇期](?P<on>4)){_GAP}(?=\n|\Z|放大|字|打印|返回|[关關])"
    # One word: glyphs before it, glyphs behind it.
    rf"|(?<![ \t\u3000\ue000-\uf8ff])(?=[ \t\u3000\ue000-\uf8ff]){_GAP}(?={_WORD})|{_WORD}{_GAP}"
)
_WORDS = re.compile(_WORD)
_ARROW = re.compile("[\ue000-\uf8ff]+|[34]")
_FIGURE = re.compile("[34]")
_GLYPHS = re.compile("[\ue000-\uf8ff]+")


def take_out_arrows(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    """The fix: arrows beside 上一版, 下一版, 上一篇, 下一页 … go, the blanks stay.

    >>> [(edit.start, edit.end) for edit in take_out_arrows("上一版3  4下一版", Signs())]
    [(3, 4), (6, 7)]
    >>> list(take_out_arrows("下一版3月4日见报，上一页 3 4 下一页", Signs()))
    []
    """
    place = 0
    while word := _WORDS.search(text, place):
        start, place = text.rfind("\n", place, word.start()) + 1, text.find("\n", word.end())
        place = len(text) if place < 0 else place
        for match in _BESIDE.finditer(text, start, place):
            yield from _arrows(match)


def _arrows(match: re.Match[str]) -> Iterator[Edit]:
    """The edits beside one or two words of navigation."""
    figures = _figures_are_arrows(match)
    for arrow in _ARROW.finditer(match[0]):
        start, end = match.start() + arrow.start(), match.start() + arrow.end()
        if arrow[0] not in "34":
            yield Edit(start, end, "", 0.95, "a glyph of an icon font beside a word of navigation")
        elif figures:
            sign = "◀" if arrow[0] == "3" else "▶"
            yield Edit(start, end, "", 0.9, f"{arrow[0]} is {sign} in Webdings, beside a word of navigation")


def _figures_are_arrows(match: re.Match[str]) -> bool:
    """Whether the 3 and 4 beside words of navigation are Webdings letters.

    `上一页 3 4 下一页` is a row of page numbers: beside 页 only those count that are glued to their words.
    """
    if match["back"] or match["on"]:
        return True
    if match["kind"] is None:
        return False
    if [*filter(None, (match["head"], *_FIGURE.findall(match["gap"]), match["tail"]))] != ["3", "4"]:
        return False
    gap = _GLYPHS.sub("", match["gap"])
    return match["kind"] not in "页頁" or not gap.strip() or (gap.startswith("3") and gap.endswith("4"))
