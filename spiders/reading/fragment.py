"""The fragment that holds a body, made paragraphs: BeautifulSoup, where tolerance and tree edits earn their keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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

    `base` is the page's address, for the pictures'; `drop` and `captions` are CSS selectors of what does not belong to
    the text and of what describes pictures; `annotated` says that readings have been injected throughout the page.
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
    for table in soup.find_all("table"):
        _rows_to_lines(table)
    return Fragment(tuple(_lines(soup, annotated=annotated)), images)


def _take_images(soup: BeautifulSoup, base: str, captions: Sequence[str]) -> tuple[Image, ...]:
    """Take captions out of the tree; each goes to the picture before it that has none yet."""
    described = {id(element): element for selector in captions for element in soup.select(selector)}
    for element in soup.find_all(_is_caption):
        described.setdefault(id(element), element)
    images: list[Image] = []
    for element in soup.find_all(lambda tag: tag.name == "img" or id(tag) in described):
        if element.name == "img":
            url = absolute(
                base, str(element.get("data-original") or element.get("data-src") or element.get("src") or "")
            )
            if url:
                images.append(Image(url))
        elif caption := join_blanks(element.get_text()):
            waiting = next((place for place, image in enumerate(images) if image.caption is None), None)
            if waiting is None:
                images.append(Image(None, caption))
            else:
                images[waiting] = Image(images[waiting].url, caption)
    for element in described.values():
        if not element.decomposed:
            element.extract()
    return tuple(images)


def _is_caption(tag: Tag) -> bool:
    return tag.name == "figcaption" or bool(CAPTION.search(" ".join(filter(None, tag.get_attribute_list("class")))))


def _rows_to_lines(table: Tag) -> None:
    """Make the rows of a table of figures lines of cells; leave a table that only lays out the page as it is."""
    if table.find("table"):
        return
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

    def line() -> Iterator[Line]:
        nonlocal linked
        if text := join_blanks("".join(parts)):
            tag = block.name if block else "p"
            yield Line(text, min(linked, len(text)), tag, bare=bare(text, annotated=annotated))
        parts.clear()
        linked = 0

    for node in soup.descendants:
        if isinstance(node, NavigableString):
            around = _block(node)
            if around is not block:
                yield from line()
            block = around
            parts.append(str(node))
            linked += len(node.strip()) if node.find_parent("a") else 0
        elif isinstance(node, Tag) and (node.name == "br" or node.name in BLOCKS):
            yield from line()
    yield from line()


def _block(node: NavigableString) -> Tag | None:
    return next((parent for parent in node.parents if parent.name in BLOCKS), None)
