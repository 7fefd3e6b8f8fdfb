"""The body of an article on a page of any shape, without a rule for the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from archive.article import Image
from pipelines.text.bylines import is_byline
from pipelines.text.furniture import is_furniture
from spiders.reading.document import Document, common_ancestor
from spiders.reading.fragment import read_fragment
from spiders.reading.lines import HEADINGS, Line, best_stretch, end_of_head, is_info

EDGE = 4
"""So many lines at either end of a body may be info lines; one in the middle (`第1天：2024年4月11日，苏州`) is text."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was found."""

    lines: tuple[Line, ...]
    """Its paragraphs."""
    images: tuple[Image, ...] = ()
    """Its pictures."""
    before: tuple[Line, ...] = ()
    """The lines of the page above it: headline, date and origin are among the last of them."""
    after: tuple[Line, ...] = ()
    """The lines below it."""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def find_body(document: Document) -> Body:
    """Find the body: the stretch of lines that reads most like an article, in the smallest element that holds it."""
    lines = document.lines
    start, end = best_stretch(lines)
    start = end_of_head(lines, start, end)
    fragment = common_ancestor([line for line in lines[start:end] if line.prose] or lines[start:end])
    if fragment is None:
        return Body((), before=tuple(lines))
    return _body_in(fragment, document, lines, start, end)


def _body_in(fragment: LexborNode, document: Document, lines: Sequence[Line], start: int, end: int) -> Body:
    read = read_fragment(fragment.html or "", document.base, annotated=document.annotated)
    first, last = best_stretch(read.lines)
    first = with_opening(read.lines, end_of_head(read.lines, first, last))
    inside = clean(read.lines[first:last])
    while end > start and is_info(lines[end - 1]):
        end -= 1
    return Body(inside, read.images, tuple(lines[:start]), tuple(lines[end:]))


def with_opening(lines: Sequence[Line], first: int) -> int:
    """Where a body begins when short paragraphs stand before its first sentence: `来信`, `编辑同志：`.

    >>> with_opening([Line("来信"), Line("编辑同志："), Line("我是2021年从东莞到社旗办厂的。")], 2)
    0
    """
    while (
        0 < first < len(lines)
        and lines[first - 1].tag == lines[first].tag == "p"
        and not lines[first - 1].linked
        and len(lines[first - 1].text) <= 20
        and not (is_furniture(lines[first - 1].bare) or is_info(lines[first - 1]) or is_byline(lines[first - 1].bare))
    ):
        first -= 1
    return first


def clean(lines: Sequence[Line]) -> tuple[Line, ...]:
    """A body's lines without furniture, link lists and info lines; headings above the first sentence go, too."""
    ends = {*range(EDGE), *range(len(lines) - EDGE, len(lines))}
    kept = [
        line
        for place, line in enumerate(lines)
        if not is_furniture(line.bare) and not (place in ends and is_info(line)) and not _is_link(line)
    ]
    while kept and kept[0].tag in HEADINGS:
        kept.pop(0)
    return tuple(kept)


def _is_link(line: Line) -> bool:
    return line.linked * 3 >= len(line.text) * 2
