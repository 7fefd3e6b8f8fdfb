"""Portals: list pages with paging lead to article pages."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from archive.article import Page
from spiders.families.base import Family
from spiders.reading.document import parsed


class Portal(Family):
    """`[select] list` finds the links to articles on a list page, `next` the link to the following one."""

    def find(self, response: Response) -> Iterator[Request]:
        document = self.document(response)
        if document is None:
            return
        found = [node for selector in self.source.select["list"] for node in document.tree.css(selector)]
        yield from self.articles(response, [node.attributes.get("href") for node in found])
        following = document.first(self.source.select.get("next", ()))
        if following is not None and not self.satisfied:
            yield from self.follow(response, [following.attributes.get("href")], self.find)

    def is_list(self, page: Page) -> bool:
        """A list has links that `list` finds, and not what `body` finds."""
        document = parsed(page)
        return document.first(self.source.select["list"]) is not None and not document.first(
            self.source.select.get("body", ())
        )
