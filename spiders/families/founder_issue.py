"""Addresses of Founder e-papers, both generations: which issue a page belongs to, and what it leads to.

First generation: `…/html/2024-09/04/node_2.htm` (a page of the paper) and `content_91234.htm?div=-1` beside it. Second:
`…/pc/layout/202409/04/node_01.html` (node_A1, node_A01, col01) and `…/pc/content/202409/04/content_91234.html`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipelines.text.dates import date_in_url
from spiders.reading.document import Document
from spiders.reading.links import absolute

NODE = re.compile(r"/(?:node_?\w+|col_?[A-Z]?\d+)\.html?$", re.IGNORECASE)
"""The end of the address of a newspaper page."""

CONTENT = re.compile(r"/content_\d+(?:_\d+)*\.html?$")
"""The end of the address of an article."""

NODE_OR_CONTENT = re.compile(f"{NODE.pattern}|{CONTENT.pattern}", re.IGNORECASE)

_ROOM = re.compile(r"/(?:layout|content|html|con|col|att)$")


class Issue(NamedTuple):
    """One day's issue of one paper."""

    paper: str
    """Host and path up to the day, without the folder that tells pages from articles."""
    day: date
    """The day that it is dated."""


def issue_of(url: str) -> Issue | None:
    """The issue that an address belongs to; None where it names no day.

    >>> issue_of("http://a.example/pc/content/202409/04/content_9.html")
    Issue(paper='a.example/pc', day=datetime.date(2024, 9, 4))
    >>> issue_of("http://a.example/pc/layout/202409/04/node_01.html") == issue_of("https://a.example/pc/202409/04/")
    True
    """
    dated = date_in_url(url.partition("?")[0])
    if dated is None or dated.value is None:
        return None
    before = url.partition(dated.raw)[0].rpartition("://")[2]
    return Issue(_ROOM.sub("", before), date.fromisoformat(dated.value[:10]))


def links(document: Document, ending: re.Pattern[str], issue: Issue | None = None) -> list[str]:
    """The links, map areas and frames of a page whose address ends so, each once; of one issue where one is given."""
    found: dict[str, str] = {}
    for node in document.tree.css("a[href], area[href], frame[src], iframe[src]"):
        url = absolute(document.base, node.attributes.get("href") or node.attributes.get("src"))
        # The map says ?div=1 where the list says ?div=-1.
        path = url.partition("?")[0] if url else ""
        if url and ending.search(path) and (issue is None or issue_of(url) == issue):
            found.setdefault(path, url)
    return list(found.values())


def first_pages(document: Document) -> list[str]:
    """Where the newest issue begins that an entry shows, one a paper; without a day in any address, all it leads to."""
    newest: dict[str, tuple[Issue, str]] = {}
    nodes = links(document, NODE)
    for url in nodes:
        issue = issue_of(url)
        if issue and (issue.paper not in newest or issue.day > newest[issue.paper][0].day):
            newest[issue.paper] = (issue, url)
    return [url for _, url in newest.values()] or nodes
