"""What a page says of itself by the standards and content systems that sites use: metadata, comments, known ids.

A rule is spelled as in `Article.provenance`: `meta pubdate`, `enpproperty author`, `JSON-LD datePublished`, or a
selector. Tables have the rule to be believed first at the top. Sources: the standard 国办发〔2017〕47号 for government
sites, Baidu News' ids, Founder's enpproperty, Open Graph, schema.org, Dublin Core and Highwire's citation names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from spiders.reading.document import Document, meta_in
from spiders.reading.lines import join_blanks

TITLES = ("enpproperty title", "meta articletitle", "JSON-LD headline", "JSON-LD title", "meta og:title")
KICKERS = ("#PreTitle", ".yinti")
SUBTITLES = ("#SubTitle", ".futi", "enpproperty subtitle")
DATES = (
    "enpproperty date", "meta pubdate", "meta publishdate", "meta article:published_time", "meta og:release_date",
    "meta weibo:article:create_at", "meta og:time", "meta apub:time", "meta firstpublishedtime",
    "meta datepublished", "meta citation_date", "meta dc.date", "meta dcterms.created",
    "JSON-LD datePublished", "JSON-LD pubDate", "#pubtime_baidu", "[itemprop=datePublished]", "meta date",
    "time[datetime]",
)  # fmt: skip
ORIGINS = ("enpproperty sourcename", "meta contentsource", "meta source", "meta mediaid", "#source_baidu")
BYLINES = (
    "enpproperty author", "meta author", "meta citation_author", "meta dc.creator", "JSON-LD author",
    "#author_baidu", "[itemprop=author]",
)  # fmt: skip
EDITORS = ("#editor_baidu", "div.edit")
SECTIONS = ("enpproperty nodename", "meta columnname", "meta article:section")
KEYWORDS = ("enpproperty keyword", "meta keywords")
SITES = ("meta sitename", "meta og:site_name")
"""What the site calls itself: it stands for 本网, and is no keyword."""

RULES: Mapping[str, tuple[str, ...]] = {
    "title": TITLES, "kicker": KICKERS, "subtitle": SUBTITLES, "raw_date": DATES, "raw_origin": ORIGINS,
    "raw_byline": BYLINES, "editor": EDITORS, "section": SECTIONS, "keywords": KEYWORDS, "site": SITES,
}  # fmt: skip
"""All of them, by the field of `Article` that they fill."""

_SELECTORS = frozenset(
    rule for table in RULES.values() for rule in table if not rule.startswith(("meta ", "enpproperty ", "JSON-LD "))
)
_LINKED_DATA = 'script[type="application/ld+json"]'
_CLASSES = sorted(rule for rule in _SELECTORS if rule[0] not in "#[" and "[" not in rule)
# A question costs a walk through the page, each selector a little more, each node found more again.
_QUERY = ", ".join((
    "meta", "h1", "h2", 'link[rel="canonical"]', _LINKED_DATA, '[id$="_baidu"]', '[id$="Title"]', "[itemprop]",
    "[datetime]", *_CLASSES,
))  # fmt: skip
_BLANKS = re.compile(r"\s+")
_ASIDE = frozenset(("li", "nav", "aside", "footer"))
_DEPTH = 12
"""So many elements above a `time` may say that it is another article's."""


class Found(NamedTuple):
    """A raw value and the rule that found it."""

    value: str
    where: str


class Said(NamedTuple):
    """What a page says of itself."""

    values: dict[str, str]
    """By rule."""
    headings: list[LexborNode]
    """Its h1 and h2, in order."""
    canonical: str | None
    """Where it says that it stands."""

    def first(self, rules: tuple[str, ...], good: Callable[[str], Any] = bool) -> Found | None:
        """The value of the first rule whose value is good."""
        found = (Found(self.values[rule], rule) for rule in rules if rule in self.values)
        return next((each for each in found if good(each.value)), None)


def said(document: Document) -> Said:
    """What a page says of itself: every rule that has a value there, found with one question to its tree."""
    values = {f"enpproperty {name}": value for name, value in document.properties.items()}
    headings: list[LexborNode] = []
    metas: list[LexborNode] = []
    canonical = None
    for node in document.tree.css(_QUERY):
        tag = node.tag
        if tag == "link":
            canonical = canonical or node.attributes.get("href")
        elif tag == "script":
            values = dict(_named("JSON-LD", linked_data(node.text()))) | values
        else:
            if tag == "meta":
                metas.append(node)
            elif tag in ("h1", "h2"):
                headings.append(node)
            for rule in _rules(node):
                if rule not in values and (value := _value(node, rule)):
                    values[rule] = value
    values |= _named("meta", meta_in(metas).items())
    return Said(values, headings, canonical)


def _named(standard: str, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((f"{standard} {name}", value) for name, value in pairs)


def _rules(node: LexborNode) -> list[str]:
    """The selectors among the rules that find a node."""
    attributes = node.attributes
    names = []
    if identity := attributes.get("id"):
        names.append(f"#{identity}")
    if prop := attributes.get("itemprop"):
        names.append(f"[itemprop={prop}]")
    for name in (attributes.get("class") or "").split():
        names += [f".{name}", f"{node.tag}.{name}"]
    if node.tag == "time" and "datetime" in attributes and not _is_aside(node):
        names.append("time[datetime]")
    return [name for name in names if name in _SELECTORS]


def _value(node: LexborNode, rule: str) -> str:
    attributes = node.attributes
    written = attributes.get("datetime") or attributes.get("content") if "[" in rule else None
    return join_blanks(written or node.text(deep=True, separator=""))


def _is_aside(node: LexborNode) -> bool:
    """Whether a node stands in a list or in the page's frame, as the times of other articles do."""
    above = node.parent
    for _ in range(_DEPTH):
        if above is None or above.tag in _ASIDE:
            break
        above = above.parent
    return above is not None and above.tag in _ASIDE


def linked_data(text: str) -> Iterator[tuple[str, str]]:
    """Names and values of the article that a JSON-LD script describes, alone, in a list or in a graph.

    >>> dict(linked_data('{"@graph": [{"@type": "WebSite"}, {"headline": "园区开工", "author": [{"name": "石㛃"}]}]}'))
    {'headline': '园区开工', 'author': '石㛃'}
    """
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    items = data if isinstance(data, list) else [data]
    items = [part for item in items if isinstance(item, dict) for part in (item, *_graph(item))]
    for item in items:
        if item.keys() & {"datePublished", "pubDate", "headline"}:
            found = ((name, _plain(value)) for name, value in item.items())
            yield from ((name, value) for name, value in found if value)
            return


def _graph(item: dict[str, Any]) -> list[dict[str, Any]]:
    graph = item.get("@graph")
    return [part for part in graph if isinstance(part, dict)] if isinstance(graph, list) else []


def _plain(value: object) -> str:
    """A value as text: of things their names, of several all, joined by 、; empty for anything else."""
    values = value if isinstance(value, list) else [value]
    named = (each.get("name") if isinstance(each, dict) else each for each in values)
    return "、".join(join_blanks(_BLANKS.sub(" ", name)) for name in named if isinstance(name, str))
