"""Guess from one page how its site is built: the family, where a crawl should start. Guesses say what they go by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from archive.article import Page
from crawler.naming import Guess
from pipelines.text.dates import date_in_url
from spiders.reading.document import Document, parsed
from spiders.reading.feeds import is_feed
from spiders.reading.lines import join_blanks
from spiders.reading.links import absolute

ADDRESSES = {
    "founder": re.compile(r"/html/\d{4}-\d{2}/\d{2}/(?:node|content)_|/\d{6}/\d{2}/(?:node_|col\d|content_)"),
    "trs": re.compile(r"/t\d{8}_\d+\w*\.s?html?"),
    "hanweb": re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_|/col/col\d+/"),
}
"""What addresses of a family look like; a portal's are all others."""

MARKUP = {
    "founder": ("founder-content", "<founder-", "PagePicMap", "pagepicmap"),
    "trs": ("createPageHTML(", "TRS_Editor", "trs_editor_view", "TRS_UEDITOR"),
    "hanweb": ("/jpage/", "dataproxy.jsp", "<datastore"),
}
"""What only a family's pages have in them."""

ARTICLES = {
    "founder": re.compile(r"/content_\w+\.html?"),
    "trs": ADDRESSES["trs"],
    "hanweb": re.compile(r"/art_\d+_\d+"),
    "portal": re.compile(r"\d{5,}[^/]*$|[0-9a-f]{24,}|/c\.html$"),
}
"""What the addresses of their articles look like."""

_LIST = re.compile(r"(?:/|/(?:index|list|default|channel|column|node|col)[^/]*)$", re.IGNORECASE)
_CRUMBS = ", ".join(
    f"[{where}] a[href]" for where in ("class*=crumb", "class*=position", "class*=weizhi", "class*=path", "id*=path")
)


def family_of(page: Page) -> Guess:
    """The family: by the page's own address, by its markup, by its links."""
    if is_feed(page.text):
        return Guess("feed", "the page is one")
    for family, pattern in ADDRESSES.items():
        if match := pattern.search(page.url):
            return Guess(family, f"its address has {match[0]}")
    for family, signs in MARKUP.items():
        if sign := next((sign for sign in signs if sign in page.text), None):
            return Guess(family, f"the page has {sign}")
    for family, pattern in ADDRESSES.items():
        found = [url for url in links(parsed(page)) if pattern.search(url)]
        if len(found) >= 3:
            return Guess(family, f"{len(found)} links like {urlsplit(found[0]).path}")
    return Guess("portal", "no other family's addresses or markup")


def is_article(page: Page, family: str) -> bool:
    """Whether the page is an article, by its address; else it is taken for a list."""
    path = urlsplit(page.url).path
    if family == "feed" or (_LIST.search(path) and not ARTICLES[family].search(path)):
        return False
    return bool(ARTICLES[family].search(path) or date_in_url(page.url))


def starts(page: Page, family: str) -> Guess:
    """Where a crawl should begin: the list itself; from an article, the list that its address or its page names."""
    if family == "founder":
        return _entry(page.url)
    if not is_article(page, family):
        return Guess(page.url, "")
    if family == "trs":
        return Guess(re.sub(r"(?:\d{6}/)?[^/]*$", "", page.url), "the folder that the article's month stands in")
    if family == "hanweb" and (match := re.search(r"/art_(\d+)_", page.url)):
        return Guess(urljoin(page.url, f"/col/col{match[1]}/index.html"), "the column in the article's number")
    crumbs = [(join_blanks(node.text()), node.attributes.get("href")) for node in parsed(page).tree.css(_CRUMBS)]
    for words, href in reversed(crumbs):
        if words not in ("首页", "首頁", "正文") and (url := absolute(parsed(page).base, href)) and url != page.url:
            return Guess(url, f"{words}, where the article says it stands")
    return Guess(urljoin(page.url, "/"), "the front page")


def _entry(url: str) -> Guess:
    """The entry of an e-paper, from an address in it.

    >>> _entry("http://e.example/xyrb/html/2024-09/04/content_912.htm").value
    'http://e.example/xyrb/'
    >>> _entry("http://e.example/rb/pc/content/202409/04/content_1.html").value
    'http://e.example/rb/pc/layout/'
    """
    if match := re.search(r"html/\d{4}-\d{2}/\d{2}/", url):
        return Guess(url[: match.start()], "what stands before the day's folder")
    if match := re.search(r"\d{6}/\d{2}/", url):
        entry = re.sub(r"/content/$", "/layout/", url[: match.start()])
        return Guess(re.sub(r"/con/$", "/col/", entry), "what stands before the day's folder")
    return Guess(url, "")


def issue_of(url: str) -> str | None:
    """The address of a day's first page with the day left open, from the address of a page of an issue; else None.

    >>> issue_of("http://e.example/rb/pc/layout/202409/04/node_01.html")
    'http://e.example/rb/pc/layout/{date:%Y%m/%d}/node_01.html'
    >>> issue_of("http://e.example/rb/pc/layout/node_01.html")
    """
    if not re.search(r"/(?:node_\w+|col\d+)\.html?$", url):
        return None
    opened = re.sub(r"/\d{4}-\d{2}/\d{2}/", "/{date:%Y-%m/%d}/", url)
    opened = re.sub(r"/\d{6}/\d{2}/", "/{date:%Y%m/%d}/", opened)
    return opened if opened != url else None


def links(document: Document) -> Iterator[str]:
    """Where a page leads: its links and the areas of its maps."""
    for node in document.tree.css("a[href], area[href]"):
        if url := absolute(document.base, node.attributes.get("href")):
            yield url
