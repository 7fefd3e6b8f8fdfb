"""The body of an article: where a source's rule says it is, or on a page of any shape without one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from selectolax.lexbor import LexborNode

from archive.article import Image
from pipelines.text.bylines import is_byline
from pipelines.text.furniture import closes_article, is_furniture
from spiders.reading.block import Ancestors, Block, common
from spiders.reading.cutter import Cut, Medium
from spiders.reading.document import Document
from spiders.reading.lines import FURNITURE, HEADINGS, Line, is_info
from spiders.reading.pictures import captions_apart, images_of
from spiders.reading.stretch import best_stretch, end_of_head, without_repeated_standfirst
from spiders.reading.tables import with_empty_cells, with_rows

EDGE = 4
"""So many lines at either end of a body may be info lines; one in the middle (`第1天：2024年4月11日，苏州`) is text."""

AROUND = 3
"""So many lines may stand between a body and a picture that belongs to it: the line under the headline, a label."""

OPENING, SHORT = 3, 20
"""So many lines, of so many characters, may stand before the first sentence: 来信, 编辑同志：."""

FEWEST_TEASERS = 2
"""One linked line above the last sentence may be the article's own."""

SHARE = 0.85
"""The part of a stretch's score that a block must hold for the rest to be the page's: teasers below an article."""

FOOTER, PLACES = 150, 5
"""What a rule for bodies finds may be a footer up to so many characters; so many elements are looked at for each."""


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


def selected_body(
    document: Document, selectors: Sequence[str], *, drop: Sequence[str] = (), captions: Sequence[str] = ()
) -> tuple[Body, str] | None:
    """The body that CSS selectors find, tried in order, and the rule that did; None where they find none.

    Footers and empty places may have the class of a body: what is short is taken only where nothing longer is found.
    `drop` and `captions` are selectors of what does not belong to the text, and of what describes pictures.
    """
    found: tuple[Body, str] | None = None
    most = 0
    for selector in selectors:
        for element in document.tree.css(selector)[:PLACES]:
            cut = document.cut(element, drop=drop, captions=captions)
            apart, media = captions_apart(cut.lines, cut.media)
            lines = clean(with_empty_cells(with_rows(apart)))
            length = sum(len(line.text) for line in lines)
            if length <= most:
                continue
            start = _place(element, document, cut)
            whole = document.cut(element) if drop or captions else cut
            end = start + len(whole.lines)
            before, after = document.lines[:start], document.lines[end:]
            body = Body(lines, images_of(media, document.base), tuple(before), tuple(after))
            found, most = (body, f"selector {selector}"), length
            if length > FOOTER:
                return found
    return found


def _place(element: LexborNode, document: Document, cut: Cut) -> int:
    """The number of lines before an element; one that breaks no line (`font#Zoom`) is found by its first line."""
    place = document.places.get(element.mem_id)
    if place is None:
        first = cut.lines[0].text
        place = next((line.place for line in document.lines if line.text == first), 0)
    return place


def find_body(document: Document) -> Body:
    """Find the body: the stretch of lines that reads most like an article, in the smallest block that holds it."""
    page = document.lines
    lines = with_rows(page)
    start, end = best_stretch(lines)
    if start == end:
        return Body((), before=tuple(page))
    end = _in_one_block(lines, start, _before_teasers(lines, start, end))
    end = _before_closing(lines, start, end)
    head = end_of_head(lines, start, end)
    # A page that has lost its markup may be one line, head and body.
    start = head if head < len(lines) else start
    start, end = _with_short_paragraphs(lines, start, end)
    fragment = common(line.block for line in lines[start:end] if line.block is not None)
    first, last = lines[start].place, lines[end].place if end < len(lines) else len(page)
    apart, media = captions_apart(lines[start:end], _near(document.media, fragment, first, last))
    inside = clean(with_empty_cells(apart))
    images = images_of(media, document.base)
    while last > first and is_info(page[last - 1]):
        last -= 1
    return Body(inside, images, tuple(page[:first]), tuple(page[last:]))


def _near(media: Iterable[Medium], fragment: Block | None, first: int, last: int) -> list[Medium]:
    """The media of a fragment that stand among the lines of its body or close to them."""
    if fragment is None:
        return []
    around = Ancestors(fragment)
    near = (medium for medium in media if first - AROUND <= medium.place <= last + AROUND)
    return [medium for medium in near if around.met_by(medium.block) == 0]


def _in_one_block(lines: Sequence[Line], start: int, end: int) -> int:
    """Where a stretch ends without what follows outside of the block that holds nearly all of it.

    What stands before it, as a standfirst does, is kept.
    """
    speaking = [line for line in lines[start:end] if line.block is not None and line.score > 0]
    heaviest = max(speaking, key=lambda line: line.score, default=None)
    if heaviest is None or heaviest.block is None:
        return end
    around = Ancestors(heaviest.block)
    weights = [0.0] * around.count
    for line in speaking:
        weights[around.met_by(line.block)] += line.score
    held = accumulate(weights)
    inside = next(height for height, weight in enumerate(held) if weight >= SHARE * sum(weights))
    while end > start and around.met_by(lines[end - 1].block) > inside:
        end -= 1
    return end


def _before_teasers(lines: Sequence[Line], start: int, end: int) -> int:
    """Where a stretch ends without teasers of other articles: two at least, each a linked headline above a sentence.

    >>> teaser = [Line("码头上的夜班", linked=6), Line("凌晨两点，江边的散货码头还亮着灯。")]
    >>> _before_teasers([Line("第一次搬是因为吵。"), *teaser, *teaser], 0, 5)
    1
    """
    place, found = end, 0
    while place - 2 > start and _is_link(lines[place - 2]) and not lines[place - 1].linked:
        place -= 2
        found += 1
    return place if found >= FEWEST_TEASERS else end


def _before_closing(lines: Sequence[Line], start: int, end: int) -> int:
    """Where a body ends that goes on behind the line of its editors: with the house's notes."""
    whole = sum(max(line.score, 0) for line in lines[start:end])
    gathered = 0.0
    for place in range(start, end):
        if closes_article(lines[place].bare) and gathered >= whole * 0.6:
            return place
        gathered += max(lines[place].score, 0)
    return end


def _with_short_paragraphs(lines: Sequence[Line], start: int, end: int) -> tuple[int, int]:
    """Take in what stands beside a body as its own paragraphs do, and is too short to speak for itself.

    Such as `编辑同志：` before the first sentence, and `“谢谢你。”` or a table of figures after the last.
    """
    first = start
    while (
        0 < start > first - OPENING
        and _is_paragraph_beside(lines[start - 1], lines[start])
        and len(lines[start - 1].text) <= SHORT
    ):
        start -= 1
    while end < len(lines) and (
        _is_paragraph_beside(lines[end], lines[end - 1]) or _is_row_below(lines[end], lines[end - 1])
    ):
        end += 1
    return start, end


def _is_paragraph_beside(line: Line, inner: Line) -> bool:
    if line.block is None or inner.block is None or line.tag != inner.tag:
        return False
    if line.block is not inner.block and not (line.tag == "p" and line.block.parent is inner.block.parent):
        return False
    frame = is_byline(line.bare) or is_info(line) or closes_article(line.bare)
    return line.score > -5 and not line.linked and not frame


def _is_row_below(line: Line, inner: Line) -> bool:
    """Whether a row of figures belongs to the table that the body ends with, or to one right below its paragraphs."""
    if line.tag != "tr" or line.linked or line.block is None or line.block.table is None or inner.block is None:
        return False
    return line.block.table is inner.block.table or line.block.table.parent is inner.block.parent


def clean(lines: Sequence[Line]) -> tuple[Line, ...]:
    """A body's lines without furniture, link lists and info lines; headings above the first sentence go, too."""
    ends = {*range(EDGE), *range(len(lines) - EDGE, len(lines))}
    kept = [
        line
        for place, line in enumerate(lines)
        if not _is_furniture(line) and not (place in ends and is_info(line)) and not _is_link(line)
    ]
    while kept and kept[0].tag in HEADINGS:
        kept.pop(0)
    return tuple(without_repeated_standfirst(kept))


def _is_furniture(line: Line) -> bool:
    # What is more link than text was not asked for it when it was scored.
    return line.score == FURNITURE or (line.linked * 2 >= len(line.text) and is_furniture(line.bare))


def _is_link(line: Line) -> bool:
    return line.linked * 3 >= len(line.text) * 2
