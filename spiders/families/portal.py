"""Portals: list pages with paging lead to article pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from archive.article import Page
from pipelines.text.dates import date_in_url
from pipelines.text.furniture import is_furniture
from spiders.families.base import Family
from spiders.reading.document import Document, parsed
from spiders.reading.links import absolute
from spiders.reading.lists import article_links, following


class Portal(Family):
    """`[select] list` finds the links to articles on a list page, `next` the link to the following one.

    Where there is no rule, or it has found nothing in the lists of a folder yet, links are found generally. The stats
    `list/rules` and `list/general` count the pages of lists by the way that brought links, `list/none` those without,
    which are logged as well.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed: dict[str, set[str]] = defaultdict(set)
        self.ruled: set[str] = set()

    def find(self, response: Response) -> Iterator[Request]:
        yield from self.find_from(response, 1, response.url)

    def find_from(self, response: Response, place: int, begun: str) -> Iterator[Request]:
        """What page number `place` of the list that begins at `begun` leads to."""
        document = self.document(response)
        if document is None:
            return
        hrefs = self.links(document)
        yield from self.articles(response, hrefs)
        if self.brings_more(begun, document, hrefs):
            behind = self.follow(response, [self.behind(document, place)], self.find_from, place=place + 1, begun=begun)
            yield from self.behind_new((absolute(document.base, href) for href in hrefs), behind)

    def links(self, document: Document) -> list[str | None]:
        """The links to articles on a list page, by the source's rule or generally."""
        folder = urljoin(document.url, ".")
        found = [node for selector in self.source.select.get("list", ()) for node in document.tree.css(selector)]
        # What an empty page behind the end of such a list shows (热点排行) is not what the rule is for.
        if found or folder in self.ruled:
            self.ruled.add(folder)
            self.count_list("list/rules" if found else "list/none", document)
            return [node.attributes.get("href") for node in found]
        hosts = getattr(self, "allowed_domains", ())
        generally: list[str | None] = list(article_links(document, hosts, of_list=True))
        self.count_list("list/general" if generally else "list/none", document)
        return generally

    def count_list(self, key: str, document: Document) -> None:
        """Count a list page by what brought its links; that nothing did is said."""
        self.count(key)
        if key == "list/none":
            self.logger.warning("%s: a list without links to articles", document.url)

    def behind(self, document: Document, place: int) -> str | None:
        """The link to the list page behind the one with number `place`, by the source's rule or generally."""
        element = document.first(self.source.select.get("next", ()))
        return (element.attributes.get("href") if element is not None else None) or following(document, place)

    def brings_more(self, begun: str, document: Document, hrefs: Sequence[str | None]) -> bool:
        """Whether a list page had links that no earlier one of its list had, and not all from before --since."""
        urls = {url for href in hrefs if (url := absolute(document.base, href))}
        fresh = urls - self.listed[begun]
        self.listed[begun] |= urls
        since = self.settings.get("SINCE")
        days = [dated.value if (dated := date_in_url(url)) else None for url in fresh] if since else [None]
        return bool(fresh) and any(day is None or day >= since for day in days)

    def is_list(self, page: Page) -> bool:
        """A list has links that `list` finds, and not what `body` finds; without rules, headlines and no prose."""
        document = parsed(page)
        if document.first(self.source.select.get("body", ())) is not None:
            return False
        if document.first(self.source.select.get("list", ())) is not None:
            return True
        if any(line.prose and not line.linked and not is_furniture(line.bare) for line in document.lines):
            return False
        return bool(article_links(document, getattr(self, "allowed_domains", ())))
