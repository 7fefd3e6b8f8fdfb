"""What the lists among kept pages tell of articles: asked of their families, as a crawl would, before any is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from scrapy import Request
from scrapy.utils.response import get_meta_refresh

from crawler import kept
from crawler.decode import PageResponse, unpacked
from crawler.kept import Kept
from spiders.families.base import Family
from spiders.reading.document import parsed
from spiders.reading.links import canonical
from spiders.reading.stub import is_stub, sent_on

NOTHING: Mapping[str, Any] = MappingProxyType({})

FARTHEST = 20
"""So many redirects are followed back, as Scrapy follows so many."""


class Telling:
    """What lists tell, by the address of the article: for each a dict, which most articles of a list share."""

    def __init__(self) -> None:
        self.told: dict[str, Mapping[str, Any]] = {}
        self.told_first: dict[str, Mapping[str, Any]] = {}
        self.lists: dict[str, Request] = {}
        self.came_from: dict[str, str] = {}

    def hear(self, family: Family, page: Kept) -> None:
        """Remember what a page tells, if it is a list or leads elsewhere.

        Raises UnreadableFileError for a torn body.
        """
        if page.target:
            self.came_from[canonical(page.target)] = canonical(page.url)
            return
        decoded = kept.page(replace(page, body=unpacked(page.body)))
        body = decoded.text.encode("utf-8", "surrogatepass")
        response = PageResponse(page.url, body=body, encoding="utf-8", page=decoded)
        if is_stub(parsed(decoded)):
            if target := sent_on(parsed(decoded)) or get_meta_refresh(response)[1]:
                self.came_from[canonical(target)] = canonical(page.url)
        elif family.is_list(decoded):
            self._follow(family, response)

    def _follow(self, family: Family, response: PageResponse) -> None:
        # A further list is read knowing which it continues.
        way = self.lists.pop(canonical(response.url), None)
        find = way.callback if way and way.callback else family.find
        last: Mapping[str, Any] = NOTHING
        for request in find(response, **(way.cb_kwargs if way else {})):
            if not isinstance(request, Request):
                continue
            url = canonical(request.url)
            if request.callback == family.read:
                last = request.cb_kwargs if request.cb_kwargs != last else last
                # As in a crawl, the first list that leads to an article is the one that is heard.
                self.told_first.setdefault(url, last)
            else:
                self.lists[url] = request

    def end_run(self) -> None:
        """A file is done, which is a run of its own: what is told in a later one is newer."""
        self.told |= self.told_first
        self.told_first = {}

    def of(self, url: str) -> Mapping[str, Any]:
        """What has been told of the article at an address, or at one that leads there."""
        here = canonical(url)
        for _ in range(FARTHEST):
            if here in self.told:
                return self.told[here]
            here = self.came_from.get(here, "")
        return NOTHING
