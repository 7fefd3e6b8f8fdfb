"""A parsed page: its lines in order, cut fast with lexbor; its metadata; the fragment that holds some lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.article import Page
from pipelines.text.pinyin import is_annotated
from spiders.reading.cutter import Cutter
from spiders.reading.lines import Line, join_blanks
from spiders.reading.links import absolute


class Document:
    """One decoded page, parsed once."""

    def __init__(self, text: str, url: str) -> None:
        self.text = text
        self.url = url
        self.tree = LexborHTMLParser(text)

    def first(self, selectors: Sequence[str]) -> LexborNode | None:
        """The first element that any selector finds, the selectors tried in order."""
        for selector in selectors:
            found = self.tree.css_first(selector)
            if found is not None:
                return found
        return None

    def first_text(self, selectors: Sequence[str]) -> str | None:
        """The text of the first that is not empty, blanks joined, the selectors tried in order; None where none is."""
        elements = (self.tree.css_first(selector) for selector in selectors)
        texts = (join_blanks(element.text(deep=True, separator="")) for element in elements if element is not None)
        return next(filter(None, texts), None)

    @cached_property
    def base(self) -> str:
        """The address that the page's links and pictures start from: its own, unless a base element says another."""
        element = self.tree.css_first("base[href]")
        return (element is not None and absolute(self.url, element.attributes.get("href"))) or self.url

    @cached_property
    def lines(self) -> list[Line]:
        """Every line of the page, in order."""
        body = self.tree.body
        return list(Cutter(annotated=self.annotated).lines(body)) if body is not None else []

    @cached_property
    def annotated(self) -> bool:
        """Whether readings have been injected throughout the page."""
        return is_annotated(self.text)

    @cached_property
    def meta(self) -> dict[str, str]:
        """Contents of the meta elements by name or property, in small letters without `meta-`; the first of each."""
        found: dict[str, str] = {}
        for element in self.tree.css("meta"):
            attributes = element.attributes
            name = (attributes.get("name") or attributes.get("property") or "").strip().lower().removeprefix("meta-")
            content = join_blanks(attributes.get("content") or "")
            if name and content and content.lower() != "null":
                found.setdefault(name, content)
        return found

    @cached_property
    def title(self) -> str | None:
        """The title element's text."""
        element = self.tree.css_first("title")
        return join_blanks(element.text()) or None if element is not None else None

    @cached_property
    def properties(self) -> dict[str, str]:
        """Founder's trailing comment `<!--enpproperty <founder-date>…/enpproperty-->`, by tag without `founder-`."""
        match = re.search(r"<!--\s*enpproperty(.{0,4000}?)/?enpproperty\s*-->", self.text, re.DOTALL)
        if not match:
            return {}
        pairs = re.findall(r"<(?:founder-)?([A-Za-z]+)>([^<]*)", match[1])
        return {name.lower(): join_blanks(value) for name, value in pairs if value.strip()}

    @cached_property
    def linked_data(self) -> dict[str, Any]:
        """The first JSON-LD object that has a datePublished."""
        for script in self.tree.css('script[type="application/ld+json"]'):
            try:
                data = json.loads(script.text(), strict=False)
            except (ValueError, RecursionError):
                continue
            for item in data if isinstance(data, list) else [data]:
                if isinstance(item, dict) and item.get("datePublished"):
                    return item
        return {}


@lru_cache(maxsize=4)
def parsed(page: Page) -> Document:
    """A page, parsed: whether it is a list, what it refuses and what its article says are asked of one tree."""
    return Document(page.text, page.url)


def common_ancestor(lines: Sequence[Line]) -> LexborNode | None:
    """The smallest element that holds all lines.

    Each line climbs only until it meets the first line's ancestors, or where a line has climbed before: a page that
    opens an element a line has lines as deep as it is long.
    """
    nodes = [line.node for line in lines if isinstance(line.node, LexborNode)]
    if not nodes:
        return None
    ancestors = list(_upwards(nodes[0]))
    heights = {node.mem_id: height for height, node in enumerate(ancestors)}
    highest = 0
    for line_node in nodes:
        for node in _upwards(line_node):
            if node.mem_id in heights:
                highest = max(highest, heights[node.mem_id])
                break
            # Whoever comes by here meets the ancestors where this line does.
            heights[node.mem_id] = 0
    return ancestors[highest]


def _upwards(node: LexborNode | None) -> Iterator[LexborNode]:
    while node is not None:
        yield node
        node = node.parent
