"""Draft a source file from one page of a site: what is guessed says so, and the file passes `sources check`."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from archive.article import Article, Page
from crawler import guessing, naming
from crawler.kept import UnreadableFileError
from crawler.naming import Guess
from crawler.stages import apply_reading_stages
from spiders.checking import checked
from spiders.families import REGISTRY
from spiders.reading.document import Document, parsed
from spiders.reading.feeds import read_feed
from spiders.reading.links import absolute
from spiders.reading.lists import article_links
from spiders.reading.parts import NEXT
from spiders.source import Source

LEAST = 5
"""So many links to articles a list has at least whose place in the page is worth a rule."""

_CLASS = re.compile(r"[a-zA-Z][\w-]*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A source file that has not been written."""

    source: Source
    """As it would be loaded; its path is where it belongs."""
    toml: str
    """The file."""
    links: tuple[str, ...]
    """Links to articles on the page; none where the page is an article."""
    article: Article | None
    """What is read out of the page; None where it is a list."""


def draft(page: Page, known: Mapping[str, Source], folder: Path, *, id_: str | None = None, name: str | None = None,
          province: str | None = None) -> Draft:  # fmt: skip
    """Draft the source that a page belongs to; what is given is not guessed. `known` are the sources there are.

    Raises UnreadableFileError where the page has neither links to articles nor an article in it.
    """
    family = guessing.family_of(page)
    article = guessing.is_article(page, family.value)
    called = Guess(name, "") if name else naming.name_of(page, article=article)
    region = naming.region_of(page, called.value, known)
    links = () if article else tuple(_links(parsed(page), family.value))
    place = province or (naming.PROVINCES[region.value[:2]][0] if region else "national")
    path = folder / place / f"{id_ or naming.id_of(page.url)}.toml"
    toml = "\n".join(_lines(page, family, called, region, links))
    source = Source(id=path.stem, province=place, path=path, **checked(path, tomllib.loads(toml)))
    read = None if links else _read(page, source)
    if read is not None and not read.text:
        raise UnreadableFileError(f"{page.url}: neither links to articles nor an article in it")
    return Draft(source, toml, links, read)


def _lines(page: Page, family: Guess, called: Guess, region: Guess | None, links: tuple[str, ...]) -> Iterator[str]:
    """The file, line by line."""
    start = guessing.starts(page, family.value)
    yield f"# Drafted from {_one_line(page.url)}"
    yield "# What is guessed says so. Write down here what is peculiar about the site, then run"
    yield "# `zhaoshang sources check --online` on this file."
    if family.value != "feed" and (feed := _feed(parsed(page))):
        yield f"# It offers a feed, where a source of the family feed could start: {_one_line(feed)}"
    yield _line("name", called)
    yield _line("family", family)
    yield _line("start", start, as_list=True)
    yield from _hosts(start.value, links)
    yield _line("region", region) if region else '# region = ""  # not guessed: a code of archive/regions.csv'
    if family.value == "founder" and (issue := guessing.issue_of(page.url)):
        yield _line("issue", Guess(issue, "the page's, its day left open"))
    yield 'every = "1d"'
    yield "verified = false"
    if family.value == "founder":
        yield "issues = 3"
    if family.value == "portal":
        yield from _select(parsed(page), links)
    yield from ("", "[polite]", "delay = 2.0", "")


def _links(document: Document, family: str) -> list[str]:
    """The links to articles on a page."""
    if family == "feed":
        feed = read_feed(document.text, document.url)
        return [entry.url for entry in feed.entries + feed.sitemaps] if feed else []
    if family == "portal":
        return article_links(document, [naming.domain_of(urlsplit(document.url).hostname or "")])
    pattern = guessing.ARTICLES[family]
    return list(dict.fromkeys(url for url in guessing.links(document) if pattern.search(url)))


def _feed(document: Document) -> str | None:
    link = document.first(("link[rel=alternate][type='application/rss+xml']", "link[rel=alternate][type*=atom]"))
    return absolute(document.base, link.attributes.get("href")) if link is not None else None


def _read(page: Page, source: Source) -> Article:
    spider = type(source.id, (REGISTRY[source.family],), {"name": source.id, "source": source})()
    return apply_reading_stages(spider.article(page))


def _line(key: str, guess: Guess, *, as_list: bool = False) -> str:
    value = _one_line(guess.value)
    why = f"  # guessed: {_one_line(guess.why)}" if guess.why else ""
    return f"{key} = {json.dumps([value] if as_list else value, ensure_ascii=False)}{why}"


def _one_line(text: str) -> str:
    """A text of the page's as a file may have it: without control characters."""
    return _CONTROLS.sub(" ", text).strip()


def _hosts(start: str, links: tuple[str, ...]) -> Iterator[str]:
    """Other hosts of the site that most articles lie on."""
    own = urlsplit(start).hostname
    lie_on = Counter(urlsplit(url).hostname for url in links)
    others = [host for host, _ in lie_on.most_common(3) if host and host != own]
    if others and lie_on[own] * 2 < len(links):
        yield f"hosts = {json.dumps(others)}  # guessed: most links lead there"


def _select(document: Document, links: tuple[str, ...]) -> Iterator[str]:
    """Rules for the links to articles and to the next page, where places in the page stand out."""
    listed = _list_selector(document, set(links))
    following = _next_selector(document) if links else None
    if listed or following:
        yield from ("", "[select]")
    if listed:
        yield f"list = {json.dumps(listed[0])}  # guessed: {listed[1]} links to articles"
    if following:
        yield f"next = {json.dumps(following)}  # guessed: 下一页"


def _list_selector(document: Document, links: set[str]) -> tuple[str, int] | None:
    """The place that most links to articles stand in and hardly any others, and how many they are."""
    found: Counter[str] = Counter()
    for node in document.tree.css("a[href]"):
        if absolute(document.base, node.attributes.get("href")) in links and (place := _place(node)):
            found[place] += 1
    for selector, times in found.most_common(3):
        if times >= LEAST and times >= 0.7 * len(document.tree.css(selector)):
            return selector, times
    return None


def _next_selector(document: Document) -> str | None:
    for node in document.tree.css("a[href]"):
        if NEXT.match(node.text(strip=True)):
            own = _named(node)
            # Without a class of its own the link is one of the pager's, and is found generally.
            return own if own and len(document.tree.css(own)) == 1 else None
    return None


def _place(node: LexborNode) -> str | None:
    parent = node.parent
    while parent is not None and parent.tag not in ("body", "html"):
        if parent.tag != "li" and (named := _named(parent)):
            return f"{named} a"
        parent = parent.parent
    return None


def _named(node: LexborNode) -> str | None:
    """An element by its first class or its id, where it has one that looks made by hand."""
    first = (node.attributes.get("class") or "").split()[:1]
    if first and _CLASS.fullmatch(first[0]):
        return f"{node.tag}.{first[0]}"
    name = node.attributes.get("id") or ""
    return f"{node.tag}#{name}" if _CLASS.fullmatch(name) else None
