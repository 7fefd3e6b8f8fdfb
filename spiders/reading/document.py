"""A parsed page: its lines in order, cut fast with lexbor; its metadata; the fragment that holds some lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.article import Page
from pipelines.text.pinyin import is_annotated
from spiders.reading.cutter import Cut, Cutter, Medium
from spiders.reading.lines import Line, join_blanks
from spiders.reading.links import absolute

_PROPERTIES = re.compile(r"<!--\s*enpproperty(.{0,4000}?)/?enpproperty\s*-->", re.DOTALL)
_PROPERTY = re.compile(r"<(?:founder-)?([A-Za-z]+)>([^<]*)")


DEEPEST = 10_000
"""Elements within each other on a page that is nested past all reason: browsers stop at 512."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
_SHALLOW = frozenset(
    "area base br col embed hr img input link meta source wbr p li dt dd tr td th tbody thead option".split()
)
"""Elements that hold none, and those that end where the next of their kind begins."""
_NESTING = re.compile(
    r"<(?:address|article|aside|blockquote|center|details|div|dl|dt|dd|fieldset|figcaption|figure|footer|form|h[1-6]|header"
    r"|li|main|nav|ol|p|pre|section|summary|ul|table|tbody|tr|td|th|span|font|b|i)\b[^<>]*>",
    re.IGNORECASE,
)


class Document:
    """One decoded page, parsed once."""

    def __init__(self, text: str, url: str) -> None:
        self.text = text
        self.url = url
        self.tree = LexborHTMLParser(_flattened(text))

    def first(self, selectors: Sequence[str]) -> LexborNode | None:
        """The first element that any selector finds, the selectors tried in order."""
        for selector in selectors:
            found = self.tree.css_first(selector)
            if found is not None:
                return found
        return None

    def text_at(self, selector: str) -> str:
        """The text of the first element that a selector finds, blanks joined; empty where there is no element."""
        element = self.tree.css_first(selector)
        return join_blanks(element.text(deep=True, separator="")) if element is not None else ""

    @cached_property
    def base(self) -> str:
        """The address that the page's links and pictures start from: its own, unless a base element says another."""
        element = self.tree.css_first("base[href]")
        return (element is not None and absolute(self.url, element.attributes.get("href"))) or self.url

    @cached_property
    def _cut(self) -> Cut:
        body = self.tree.body
        return self.cut(body) if body is not None else Cut()

    @property
    def lines(self) -> list[Line]:
        """Every line of the page, in order."""
        return self._cut.lines

    @property
    def media(self) -> list[Medium]:
        """Every picture and caption of the page, in order."""
        return self._cut.media

    @property
    def places(self) -> dict[int, int]:
        """The number of lines before each element that begins and ends one, by its `mem_id`."""
        return self._cut.places

    def cut(self, element: LexborNode, *, drop: Sequence[str] = (), captions: Sequence[str] = ()) -> Cut:
        """What an element shows, without what the selectors `drop` find; `captions` find what describes pictures."""
        dropped = {node.mem_id for selector in drop for node in element.css(selector)}
        described = {node.mem_id for selector in captions for node in element.css(selector)}
        return Cutter(annotated=self.annotated, drop=dropped, captions=described).walk(element)

    @cached_property
    def annotated(self) -> bool:
        """Whether readings have been injected throughout the page."""
        return is_annotated(self.text)

    @cached_property
    def meta(self) -> dict[str, str]:
        """Contents of the meta elements by name or property, in small letters without `meta-`; the first of each."""
        return meta_in(self.tree.css("meta"))

    @cached_property
    def title(self) -> str | None:
        """The title element's text."""
        element = self.tree.css_first("title")
        return join_blanks(element.text()) or None if element is not None else None

    @cached_property
    def properties(self) -> dict[str, str]:
        """Founder's trailing comment `<!--enpproperty <founder-date>…/enpproperty-->`, by tag without `founder-`."""
        match = _PROPERTIES.search(self.text) if "enpproperty" in self.text else None
        if not match:
            return {}
        pairs = _PROPERTY.findall(match[1])
        return {name.lower(): join_blanks(value) for name, value in pairs if value.strip()}


def _flattened(text: str) -> str:
    """A page that is nested past all reason, by its line breaks alone.

    The parser takes time in the square of the depth: 44 s for 100,000 `<div>` within each other, closed or not.
    """
    return _NESTING.sub("<br>", text) if text.count("<") > DEEPEST and _is_deep(text) else text


def _is_deep(text: str) -> bool:
    """Whether so many more elements than DEEPEST have been opened than closed, anywhere on a page."""
    depth = 0
    for match in _TAG.finditer(text):
        if match[2].lower() not in _SHALLOW:
            depth = max(0, depth + (-1 if match[1] else 1))
            if depth > DEEPEST:
                return True
    return False


@lru_cache(maxsize=4)
def parsed(page: Page) -> Document:
    """A page, parsed: whether it is a list, what it refuses and what its article says are asked of one tree."""
    return Document(page.text, page.url)


def meta_in(elements: Iterable[LexborNode]) -> dict[str, str]:
    """Contents of meta elements by name or property, in small letters without `meta-`; the first of each.

    A template that had nothing to put there says `null`.
    """
    found: dict[str, str] = {}
    for element in elements:
        attributes = element.attributes
        # Sina and ifeng have a blank in it: `weibo: article:create_at`.
        name = "".join((attributes.get("name") or attributes.get("property") or "").split())
        name = name.lower().removeprefix("meta-")
        content = join_blanks(attributes.get("content") or "")
        if name and content and content.lower() != "null":
            found.setdefault(name, content)
    return found
