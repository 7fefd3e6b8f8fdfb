"""The fragment that holds a body, made paragraphs: BeautifulSoup, where tolerance and tree edits earn their keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from archive.article import Image
from spiders.reading.lines import BLOCKS, SILENT, Line, bare, join_blanks
from spiders.reading.links import absolute

CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|pic-?(?:note|desc|txt|title|info)|img-?(?:note|desc|txt|title)|tu-?shuo|photo-?(?:desc|note)|figcaption)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Class names of picture captions."""

_CELL = 60
"""A table whose cells are longer is a layout, and its cells are paragraphs."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A fragment of a page, read."""

    lines: tuple[Line, ...]
    """Paragraphs, headings, list items and table rows in order, captions left out."""
    images: tuple[Image, ...]
    """Pictures with their captions."""


def read_fragment(
    html: str, base: str, *, drop: Sequence[str] = (), captions: Sequence[str] = (), annotated: bool = False
) -> Fragment:
    """Read a fragment of HTML.

    `base` is the address that the pictures' start from; `drop` and `captions` are CSS selectors of what does not belong
    to the text and of what describes pictures; `annotated` says that readings have been injected throughout the page.
    """
    soup = BeautifulSoup(html, "lxml")
    for element in soup.find_all(lambda tag: tag.name in SILENT or tag.name == "rt"):
        element.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for selector in drop:
        for element in soup.select(selector):
            element.decompose()
    images = _take_images(soup, base, captions)
    for table in _innermost_tables(soup):
        _rows_to_lines(table)
    return Fragment(tuple(_lines(soup, annotated=annotated)), images)


def _take_images(soup: BeautifulSoup, base: str, captions: Sequence[str]) -> tuple[Image, ...]:
    """Take captions out of the tree; a run of them describes as many pictures directly before it."""
    described = {id(element): element for selector in captions for element in soup.select(selector)}
    for element in soup.find_all(_is_caption):
        described.setdefault(id(element), element)
    around = _nearest(soup, lambda tag: id(tag) in described)
    # A caption inside a caption is part of it.
    outermost = [element for element in described.values() if around[id(element.parent)] is None]
    captions_of = {id(element): join_blanks(element.get_text()) for element in outermost}
    found: list[Image] = []
    for element in soup.find_all(lambda tag: tag.name == "img" or id(tag) in captions_of):
        if caption := captions_of.get(id(element)):
            found.append(Image(None, caption))
        elif url := _address_of(element, base):
            found.append(Image(url))
    images: list[Image] = []
    pictures: list[Image] = []
    for is_picture, run in groupby(found, key=lambda image: image.url is not None):
        if is_picture:
            images += pictures
            pictures = list(run)
        else:
            images += _described(pictures, list(run))
            pictures = []
    images += pictures
    for element in outermost:
        element.extract()
    return tuple(images)


def _address_of(element: Tag, base: str) -> str | None:
    return absolute(base, str(element.get("data-original") or element.get("data-src") or element.get("src") or ""))


def _described(pictures: Sequence[Image], captions: Sequence[Image]) -> Iterator[Image]:
    """The last pictures of a run with the captions below it; captions without a picture stay alone."""
    bare_ones = max(len(pictures) - len(captions), 0)
    yield from pictures[:bare_ones]
    for picture, caption in zip_longest(pictures[bare_ones:], captions, fillvalue=Image(None)):
        yield Image(picture.url, caption.caption)


def _is_caption(tag: Tag) -> bool:
    return tag.name == "figcaption" or bool(CAPTION.search(" ".join(filter(None, tag.get_attribute_list("class")))))


def _rows_to_lines(table: Tag) -> None:
    """Make the rows of a table of figures lines of cells; leave a table that only lays out the page as it is."""
    rows = [[join_blanks(cell.get_text(" ")) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
    if max(map(len, rows), default=0) < 2 or any(len(cell) > _CELL for row in rows for cell in row):
        return
    for row, cells in zip(table.find_all("tr"), rows, strict=True):
        row.clear()
        row.append(" | ".join(cells))


def _lines(soup: BeautifulSoup, *, annotated: bool) -> Iterable[Line]:
    parts: list[str] = []
    linked = 0
    block: Tag | None = None
    blocks = _nearest(soup, lambda tag: tag.name in BLOCKS)
    links = _nearest(soup, lambda tag: tag.name == "a")

    def line() -> Iterator[Line]:
        nonlocal linked
        if text := join_blanks("".join(parts)):
            tag = block.name if block else "p"
            yield Line(text, min(linked, len(text)), tag, bare=bare(text, annotated=annotated))
        parts.clear()
        linked = 0

    for node in soup.descendants:
        if isinstance(node, NavigableString):
            around = blocks[id(node.parent)]
            if around is not block:
                yield from line()
            block = around
            parts.append(str(node))
            linked += len(node.strip()) if links[id(node.parent)] else 0
        elif isinstance(node, Tag) and (node.name == "br" or node.name in BLOCKS):
            yield from line()
    yield from line()


def _innermost_tables(soup: BeautifulSoup) -> Iterable[Tag]:
    """The tables that hold no other table."""
    around = _nearest(soup, lambda tag: tag.name == "table")
    tables = soup.find_all("table")
    holding = {id(around[id(table.parent)]) for table in tables}
    return [table for table in tables if id(table) not in holding]


def _nearest(soup: BeautifulSoup, wanted: Callable[[Tag], bool]) -> dict[int, Tag | None]:
    """By the id of each element, the nearest wanted one that it is or stands in.

    One walk down the tree: asking each element for its parents takes as many steps as the page is deep, every time.
    """
    nearest: dict[int, Tag | None] = {id(soup): None}
    for tag in soup.find_all(True):
        nearest[id(tag)] = tag if wanted(tag) else nearest[id(tag.parent)]
    return nearest
