"""What the pages of Founder e-papers show, both generations: headlines, newspaper page, byline, picture and PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from selectolax.lexbor import LexborNode

from archive.article import Article, Image, Page
from pipelines.text.bylines import is_byline
from spiders.families.founder_masthead import attachments, issue_shown, section
from spiders.families.founder_turn import mark
from spiders.reading.document import Document, parsed
from spiders.reading.headline import SUBTITLE
from spiders.reading.lines import join_blanks
from spiders.reading.page import Select, read_page
from spiders.reading.pictures import images_of

SELECT: Select = MappingProxyType(
    {
        "kicker": ("td.font02", "p#PreTitle", ".article > h3"),
        "title": ("td.font01", "span.listblackfont20h30heiti", "h2#Title", ".article > h1", ".newsdetatit h3"),
        "subtitle": ("td.font02", "p#SubTitle", ".article > h2"),
        "authors": ("p.sec",),
        "body": ("#ozoom", "founder-content", "#articleContent", ".newsdetatext", ".attachment"),
        "caption": ("table#newspic tr + tr td", ".attachment table tr + tr td", "td.pictext"),
    }
)
"""Where both generations have what."""

# The oldest pages have rows without classes: above the headline, the headline, below it.
_ROWS = ("kicker", "title", "subtitle")
_ROW = "table.wz tr"
# One query finds all of them: each costs as much as parsing a small page.
_LINES = ", ".join(dict.fromkeys((*(rule for name in (*_ROWS, "authors") for rule in SELECT[name]), _ROW)))
_MANY = 40
"""So many elements are looked at: a page that repeats them without end is no newspaper's."""
_DATED = ("newstime", "date")

_ENPCONTENT = re.compile(r"<!--\s*enpcontent\s*-->", re.IGNORECASE)
_ENPCONTENT_END = re.compile(r"<!--\s*/enpcontent\s*-->", re.IGNORECASE)


def read(page: Page, select: Select, source: str, paper: str) -> Article:
    """Read the page of an article. `select` are the source's selectors, `paper` is whose text it is (来源).

    What begins or goes on on another page says so in `provenance["text"]`.
    """
    document = parsed(page)
    lines = _lines_around(document)
    rules = {"body": SELECT["body"], "caption": SELECT["caption"]}
    if lines.title:
        rules["title"] = (lines.rules["title"],)
    marked = _with_body(document)
    article = read_page(replace(page, text=marked) if marked else page, {**rules, **select}, source)
    if is_portal(document):
        return replace(article, page=page)
    # General reading takes the date behind the names of p.sec for one of them.
    open_fields = {name for name in (*_ROWS, "raw_byline") if name == "raw_byline" or not getattr(article, name)}
    found: dict[str, Any] = {name: getattr(lines, name) for name in lines.rules if name in open_fields}
    provenance = {**article.provenance, **{name: f"selector {lines.rules[name]}" for name in found}}
    name = section(document)
    beside = attachments(document, name, article.attachments)
    if issue := issue_shown(document, beside[len(article.attachments) :]):
        # The comment's founder-date is when the page was made up (23:59:57 the day before, often); readers cite the
        # issue.
        found["raw_date"], provenance["raw_date"] = issue.day.isoformat(), "issue"
    if name and "section" not in select:
        found["section"], provenance["section"] = name, "newspaper page"
    if "origin" not in select:
        told = document.properties.get("papername")
        found["raw_origin"], provenance["raw_origin"] = told or paper, "enpproperty papername" if told else "source"
    images = tuple(dict.fromkeys((*article.images, *_images_beside(document))))
    return mark(replace(article, page=page, images=images, attachments=beside, provenance=provenance, **found))


def _images_beside(document: Document) -> Iterator[Image]:
    """The pictures that stand outside the body, above it."""
    for element in document.tree.css("table#newspic, .attachment")[:_MANY]:
        around = element.parent
        while around is not None and not _is_body(around):
            around = around.parent
        if around is None:
            yield from images_of(document.cut(element, captions=SELECT["caption"]).media, document.base)


def _is_body(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        attributes.get("id") in ("ozoom", "articleContent")
        or node.tag == "founder-content"
        or "newsdetatext" in (attributes.get("class") or "").split()
    )


@dataclass(slots=True)
class _Lines:
    """The lines around a body, and by field the rule that found them."""

    kicker: str | None = None
    title: str | None = None
    subtitle: str | None = None
    raw_byline: str | None = None
    rules: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: str, rule: str) -> None:
        """Note a field, unless an earlier line was it."""
        if value and getattr(self, name) is None:
            setattr(self, name, value)
            self.rules[name] = rule


def _lines_around(document: Document) -> _Lines:
    """引题, 主题, 副题 and the byline line of either generation."""
    found = _Lines()
    rows: list[LexborNode] = []
    for node in document.tree.css(_LINES)[:_MANY]:
        rule = _rule(node)
        if rule == _ROW:
            rows.append(node)
        elif rule in SELECT["authors"]:
            found.take("raw_byline", _without_date(node), rule)
        elif rule in SELECT["title"]:
            found.take("title", join_blanks(node.text()), rule)
        elif rule in SELECT["kicker"] and not (rule in SELECT["subtitle"] and found.title):
            found.take("kicker", join_blanks(node.text()), rule)
        elif not is_byline(text := join_blanks(node.text())):
            found.take("subtitle", SUBTITLE.sub("", text), rule)
    if found.title is None:
        for place, (name, row) in enumerate(zip(_ROWS, rows, strict=False), 1):
            found.take(name, SUBTITLE.sub("", join_blanks(row.text())), f"{_ROW}:nth-of-type({place})")
    return found


def _rule(node: LexborNode) -> str:
    """The selector that found an element."""
    tag, attributes = node.tag or "", node.attributes
    name, classes = attributes.get("id") or "", (attributes.get("class") or "").split()
    if name in ("Title", "PreTitle", "SubTitle"):
        return f"{tag}#{name}"
    if tag in ("h1", "h2", "h3"):
        parent = node.parent.attributes.get("class") if node.parent is not None else None
        return f".article > {tag}" if "article" in (parent or "").split() else ".newsdetatit h3"
    if tag == "tr":
        return _ROW
    return next((f"{tag}.{each}" for each in classes if each.startswith(("font0", "listblack", "sec"))), tag)


def _without_date(node: LexborNode) -> str:
    """The text of an element without the date in it."""
    parts = (
        child.text()
        for child in node.iter(include_text=True)
        if not set((child.attributes.get("class") or "").split() if child.tag != "-text" else ()) & set(_DATED)
    )
    return join_blanks("".join(parts))


def is_portal(document: Document) -> bool:
    """Whether a page is of a portal that Founder's system runs: its comment tells a channel or an origin, no 版次."""
    told = document.properties.keys()
    return "pagenum" not in told and not told.isdisjoint({"nodename", "sourcename"})


def _with_body(document: Document) -> str | None:
    """The page with its body in an element, where nothing but comments shows it; None where there is no need."""
    text = document.text
    begin = _ENPCONTENT.search(text)
    end = _ENPCONTENT_END.search(text, begin.end()) if begin else None
    if not begin or not end or document.tree.css_first(", ".join(SELECT["body"])) is not None:
        return None
    body = text[begin.end() : end.start()]
    return f"{text[: begin.start()]}<founder-content>{body}</founder-content>{text[end.end() :]}"
