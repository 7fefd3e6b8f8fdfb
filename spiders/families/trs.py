"""TRS WCM, the content system of most governments and many portals.

Articles are `…/202409/t20240904_1234567.html` (`.htm`, `.shtml`), beside their column's list. The further pages of a
list are written by a script, `createPageHTML(15, 0, "index", "htm")`: its numbers are read, also where the script has
given each a name, and it is never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.article import Article, Page
from pipelines.text.catalogue import DATES, OFFICES, WRITTEN
from pipelines.text.dates import date_in_url, find_date
from spiders.families.portal import Portal
from spiders.reading.catalogue import catalogue
from spiders.reading.document import Document, parsed
from spiders.reading.links import absolute, is_on
from spiders.reading.page import Select, read_page
from spiders.reading.parts import MOST, NOWHERE, Onward
from spiders.reading.standards import Found
from spiders.reading.written import with_written

ARTICLE = re.compile(r"(?:^|/)t(?:19|20)\d{6}_\d+\w*\.s?html?$")
"""How the address of an article ends; some numbers have letters behind them (`t20240430_4526898_zzb.html`)."""

SELECT: Select = MappingProxyType(
    {
        "body": (
            ".TRS_Editor", ".trs_editor_view", ".TRS_UEDITOR", ".Custom_UnionStyle", ".pages_content", "#zoom", "#Zoom",
            ".article-content", ".zfxxgk_zw_content", "#UCAP-CONTENT", "td#td_DocContent",
        )
    }
)  # fmt: skip

_NUMBER = r"([\"']?\d{1,5}[\"']?|[A-Za-z_$][\w$]*+)"
_CALL = re.compile(
    rf"createPageHTML\s*\(\s*(?:[\"'][^\"'\n]*[\"']\s*,\s*)?{_NUMBER}\s*,\s*{_NUMBER}\s*,"
    r"\s*[\"']([\w./%-]+)[\"']\s*,\s*[\"']\.?(\w+)[\"']"
)
_SCRIPT = re.compile(r"</?script\b", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(?:\+\+|--)\s*([A-Za-z_$][\w$]*+)|(?<![\w$.])([A-Za-z_$][\w$]*+)\s*(?:\+\+|--|[-+*/%|&^]=|=(?!=)"
    r"(?:\s*(\d{1,5})(?=[^\S\n]*(?:[;,\n}]|//|/\*|$)))?)"
)
"""What gives a name a value, and the value where it is an integer and nothing else."""
_CALLED = re.compile(r"(\bfunction\s+)?\bcreatePageHTML\s*\(")
_MISSED = 2
"""So many pages in a row that bring nothing new end a list."""


@dataclass(frozen=True, slots=True)
class Paging:
    """What the call of `createPageHTML` says about a list, or about an article in several parts."""

    pages: int
    """How many pages there are."""
    current: int
    """The number of this one: the first is 0 on classic TRS, and 1 on others."""
    name: str
    """The name of the first page, without its ending."""
    ending: str
    """The ending, without its dot."""

    def address(self, base: str, number: int) -> str:
        """The page whose name ends in a number; its page 2 is number 1 on classic TRS, and 2 on others.

        >>> Paging(15, 0, "index", "htm").address("http://a.example/tzgg/", 1)
        'http://a.example/tzgg/index_1.htm'
        """
        return urljoin(base, f"{self.name}_{number}.{self.ending}")


def paging(html: str) -> Paging | None:
    """The paging that a page's script is called with, in any of its shapes; None where there is no such call.

    >>> paging('createPageHTML(15, 0, "index", "htm");')
    Paging(pages=15, current=0, name='index', ending='htm')
    >>> paging("createPageHTML('page_div', 15, 1, 'list', 'shtml', 1000)")
    Paging(pages=15, current=1, name='list', ending='shtml')
    """
    for script in _SCRIPT.split(html) if "createPageHTML" in html else ():
        match = _CALL.search(script) if "createPageHTML" in script else None
        given = _integers(script) if match else {}
        pages, current = (given.get(term, term.strip("\"'")) for term in match.group(1, 2)) if match else ("", "")
        if match and pages.isdecimal() and current.isdecimal():
            return Paging(int(pages), int(current), match[3], match[4])
    return None


def _integers(script: str) -> dict[str, str]:
    """The names to which a script gives one integer, and nothing else anywhere.

    >>> _integers("var countPage=3; var at = 0; at++; var all = 3 * n")
    {'countPage': '3'}
    """
    given: dict[str, str] = {}
    for stepped, name, value in _ASSIGNED.findall(script):
        given[stepped or name] = "" if (stepped or name) in given else value
    return {name: value for name, value in given.items() if value}


def has_unread_paging(html: str) -> bool:
    """Whether a page calls `createPageHTML` with what only running its script would tell.

    >>> has_unread_paging('createPageHTML(n, 0, "index", "htm")'), has_unread_paging("function createPageHTML(a){}")
    (True, False)
    """
    called = "createPageHTML" in html and any(match[1] is None for match in _CALLED.finditer(html))
    return called and paging(html) is None


class Trs(Portal):
    """Lists whose pages are numbered by a script, articles with the government's metadata."""

    def find(self, response: Response) -> Iterator[Request]:
        document = self.document(response)
        shown = paging(document.text) if document else None
        if document is None or shown is None:
            if document and has_unread_paging(document.text):
                self.say("trs/unread_paging", "createPageHTML is called with what cannot be read", response)
            yield from super().find(response)
            return
        hrefs = self.links(document)
        yield from self.articles(response, hrefs)
        if self.brings_more(response.url, document, hrefs):
            behind = self.turn(response.url, shown, max(shown.current, 1) + (shown.current > 1))
            yield from self.behind_new((absolute(document.base, href) for href in hrefs), behind)

    def turn(self, begun: str, shown: Paging, number: int, missed: int = 0) -> Iterator[Request]:
        """The request for the page with a number of the list that begins at `begun`, as far as there is one."""
        # Where pages count from 0, the last of 15 is number 14.
        if number < shown.pages + min(shown.current, 1) and missed < _MISSED:
            yield Request(
                shown.address(begun, number),
                callback=self.read_list,
                cb_kwargs={"begun": begun, "shown": shown, "number": number, "missed": missed},
                meta={"handle_httpstatus_list": [404, 410]},
                dont_filter=True,
            )

    def read_list(self, response: Response, begun: str, shown: Paging, number: int, missed: int) -> Iterator[Request]:
        """A further page of a list: page 2 has number 1 or number 2, and one that brings nothing new is passed over."""
        document = self.document(response) if response.status == HTTPStatus.OK else None
        known = len(self.listed[begun])
        more, urls = False, []
        if document is not None:
            hrefs = self.links(document)
            yield from self.articles(response, hrefs)
            more = self.brings_more(begun, document, hrefs)
            urls = [absolute(document.base, href) for href in hrefs]
        if len(self.listed[begun]) == known:
            self.count("list/missed")
            # Without a number 1, numbers are those of the pages.
            shown = replace(shown, current=1) if number == 1 else shown
            yield from self.further(self.turn(begun, shown, number + 1, missed + 1))
        elif more:
            yield from self.behind_new(urls, self.turn(begun, shown, number + 1))

    def links(self, document: Document) -> list[str | None]:
        """By the source's rule; without one, every link to an article of the site, as addresses of TRS tell."""
        if not self.source.select.get("list"):
            hosts = getattr(self, "allowed_domains", None) or [urlsplit(document.url).hostname or ""]
            hrefs = (node.attributes.get("href") for node in document.tree.css("a[href]"))
            addresses = (absolute(document.base, href) for href in hrefs)
            found = [url for url in addresses if url and ARTICLE.search(urlsplit(url).path) and is_on(url, hosts)]
            if found:
                self.count("list/rules")
                return list(found)
        return super().links(document)

    def is_list(self, page: Page) -> bool:
        """An address of TRS tells an article; any other page is looked at."""
        return not ARTICLE.search(urlsplit(page.url).path) and super().is_list(page)

    def onward(self, document: Document, place: int = 1) -> Onward:
        """An article in several parts has the paging of a list, with its own name in it."""
        shown = paging(document.text)
        name = urlsplit(document.url).path.rpartition("/")[2]
        if shown is None or not name.startswith(shown.name) or not ARTICLE.search(f"/{shown.name}.{shown.ending}"):
            return super().onward(document, place)
        if place >= shown.pages:
            return NOWHERE
        return Onward(next=shown.address(document.url, place), count=min(shown.pages, MOST))

    def article(self, page: Page) -> Article:
        text, pieces = with_written(page.text)
        shown = replace(page, text=text) if pieces else page
        article = read_page(shown, {**SELECT, **self.source.select}, self.source.id)
        return replace(_by_catalogue(_as_written(article, pieces), parsed(shown)), page=page)


def _as_written(article: Article, pieces: Sequence[str]) -> Article:
    """Say of the fields that lines gave which of them a script had written."""
    written = {
        field: "document.write"
        for field in ("raw_date", "raw_origin", "raw_byline", "editor")
        if article.provenance.get(field) == "line" and any(getattr(article, field) in piece for piece in pieces)
    }
    return replace(article, provenance={**article.provenance, **written}) if written else article


def _by_catalogue(article: Article, document: Document) -> Article:
    """Date and origin out of the catalogue's table, where neither metadata nor a line of its own tell them."""
    table = catalogue(document.lines)
    found: dict[str, Found] = {}
    dates = {label: date.raw for label in DATES if (date := find_date(table.get(label))) and date.value}
    where = article.provenance.get("raw_date", "")
    own = {("line", raw) for raw in dates.values()}
    if dates and (where in ("", "last line") or where.startswith("address") or (where, article.raw_date) in own):
        label, raw = next(iter(dates.items()))
        in_url = date_in_url(document.url) if label in WRITTEN else None
        found["raw_date"] = (
            Found((in_url.value or "")[:10], f"address {in_url.raw}") if in_url else Found(raw, f"catalogue {label}")
        )
    office = next((label for label in OFFICES if label in table), None)
    if office and not article.raw_origin:
        found["raw_origin"] = Found(table[office], f"catalogue {office}")
    if not found:
        return article
    values: dict[str, Any] = {field: each.value for field, each in found.items()}
    rules = {field: each.where for field, each in found.items()}
    return replace(article, **values, provenance={**article.provenance, **rules})
