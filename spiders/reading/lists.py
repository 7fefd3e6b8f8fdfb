"""A list without a rule: its links to articles, and the list page behind it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from pipelines.text.dates import date_in_url
from pipelines.text.names import HAN
from spiders.reading.document import Document
from spiders.reading.lines import join_blanks
from spiders.reading.links import absolute, canonical, is_on
from spiders.reading.parts import NEXT, NUMBER
from spiders.reading.series import steps

RUN = 3
"""So many links to articles in like places make a list."""

_HEADLINE = 8
"""Ideographs of the shortest headline that is linked: channels and buttons are shorter."""

_OUTWARD = 30
"""So many elements around a link are looked at: pages may be nested without end."""

_LONG_NUMBER = re.compile(r"\d{5,}(?=\D*$)")
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|aside|side|sidebar|foot|footer|hot|rank|recommend|related?)(?:$|[\s_\d-])", re.IGNORECASE
)
"""Classes and ids of what stands beside a list: not `right` and `page`, in which lists stand as well."""
_IDEOGRAPHS = re.compile(f"[{HAN}]")
_NO_PAGE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|gif|mp4|apk)$", re.IGNORECASE)


def article_links(document: Document, hosts: Sequence[str] = (), *, of_list: bool = False) -> list[str]:
    """The addresses on a page that look like articles' and stand in a run of such, in the order of the page.

    On a page that is known for a list (`of_list`) those count as well that stand alone, but not beside it: its last
    page may have one article, next to a ranking that has ten.

    An article's address has a date or ends in a long number, and its link is a headline. `hosts` are those that belong
    to the site, with all below them; without any it is the page's own.
    """
    allowed = tuple(hosts) or (urlsplit(document.url).hostname or "",)
    runs: dict[tuple[str, ...], list[str]] = defaultdict(list)
    found: dict[str, tuple[str, ...]] = {}
    alone: set[str] = set()
    for node in document.tree.css("a[href]"):
        url = absolute(document.base, node.attributes.get("href"))
        if not url or url in found or not _is_article(url, allowed):
            continue
        words = node.attributes.get("title") or node.text()
        if len(_IDEOGRAPHS.findall(words)) >= _HEADLINE:
            found[url] = _place(node)
            runs[found[url]].append(url)
            if of_list and not _is_beside(node):
                alone.add(url)
    return [url for url, place in found.items() if url in alone or len(runs[place]) >= RUN]


def following(document: Document, place: int = 1) -> str | None:
    """The address of the list page behind the one with number `place`: 下一页, or the next number of the pager."""
    own = canonical(document.url)
    by_number = None
    for node in document.tree.css("a[href]"):
        text = join_blanks(node.text()) or (node.attributes.get("title") or "")
        number = NUMBER.match(text)
        if not 0 < len(text) <= 12 or not (number or NEXT.match(text)):
            continue
        url = absolute(document.base, node.attributes.get("href"))
        if not url or canonical(url) == own or urlsplit(url).hostname != urlsplit(own).hostname:
            continue
        if number is None:
            return url
        if int(number[1]) == place + 1 and by_number is None and steps(own, canonical(url), place) == 1:
            by_number = url
    return by_number


def _is_article(url: str, hosts: Sequence[str]) -> bool:
    parts = urlsplit(url)
    if _NO_PAGE.search(parts.path) or not is_on(url, hosts):
        return False
    return bool(_LONG_NUMBER.search(f"{parts.path}?{parts.query}") or date_in_url(url))


def _is_beside(node: LexborNode) -> bool:
    """Whether a link stands in a part of the page that lists do not stand in."""
    parent = node.parent
    for _ in range(_OUTWARD):
        if parent is None or parent.tag in ("body", "html"):
            break
        names = f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}"
        if parent.tag in ("nav", "aside", "footer") or _BESIDE.search(names):
            return True
        parent = parent.parent
    return False


def _place(node: LexborNode) -> tuple[str, ...]:
    """What kind of place a link stands in: the tags and classes of the elements around it."""
    around: list[str] = []
    parent = node.parent
    while parent is not None and parent.tag not in ("body", "html") and len(around) < 4:
        around.append(f"{parent.tag}.{(parent.attributes.get('class') or '').strip()}")
        parent = parent.parent
    return tuple(around)
