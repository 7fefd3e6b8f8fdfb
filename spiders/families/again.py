"""Crawling again: known articles are left until they are due, lists where nothing new turns up behind them.

`meta["visit"]` of a request is the address that an article, or a part of one, is known by, whatever it redirects to;
of a further part, `meta["part_of"]` is that of the first. `meta["whole"]` asks for the body even if it is unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.article import Article
from spiders.families.limited import Limited, asked_as
from spiders.families.memory import Memory, is_unchanged


class Again(Limited):
    """A spider with a memory; stats `again/not_due`, `again/lists_left`, `again/whole`."""

    memory: Memory = Memory()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left: set[str] = set()

    def due(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Those of the requests for articles that are due."""
        for request in requests:
            if self.memory.is_due(request.url):
                request.meta.update(visit(request.url))
                yield request
            elif request.url not in self.left:
                self.left.add(request.url)
                self.count("again/not_due")

    def behind_new(self, urls: Iterable[str | None], lists: Iterable[Request]) -> Iterator[Request]:
        """Requests for the lists behind a page with links to `urls`, if one of these is new.

        With --since, lists are followed to its day in any case.
        """
        if not self.settings.get("SINCE") and self.memory.has_all(filter(None, urls)):
            self.count("again/lists_left", sum(1 for _ in lists))
        else:
            yield from self.further(lists)

    def unchanged(self, response: Response, **known: Any) -> Iterator[Request]:
        """The page of an article is as it was: so is the article, unless one of its further parts has changed."""
        first = first_of(response)
        yield from self._unchanged(first, self.memory.parts(first), known)

    def _unchanged(self, first: str, further: tuple[str, ...], known: dict[str, Any]) -> Iterator[Request]:
        if further:
            yield Request(
                further[0], self.same_part, errback=self.no_same_part, dont_filter=True, priority=1,
                meta=visit(further[0], part_of=first),
                cb_kwargs={"first": first, "further": further[1:], "known": known},
            )  # fmt: skip
        else:
            self.memory.stays(first)

    def same_part(
        self, response: Response, first: str, further: tuple[str, ...], known: dict[str, Any]
    ) -> Iterator[Request]:
        """A further part of an article whose parts so far are unchanged."""
        if is_unchanged(response):
            yield from self._unchanged(first, further, known)
        else:
            yield self.whole(first, **known)

    def no_same_part(self, failure: Failure) -> Iterator[Request]:
        """A further part did not come: what there is of the article is read again."""
        asked: dict[str, Any] = failure.request.cb_kwargs  # type: ignore[attr-defined]
        yield self.whole(asked["first"], **asked["known"])

    def whole(self, first: str, **known: Any) -> Request:
        """The request for all of an article, since some of it has changed."""
        self.count("again/whole")
        return Request(first, self.read, cb_kwargs=known, dont_filter=True, priority=1, meta=visit(first, whole=True))

    def read(self, response: Response, **known: Any) -> Iterator[Article | Request]:
        """The article of a page."""
        raise NotImplementedError


def visit(url: str, *, part_of: str | None = None, whole: bool = False) -> dict[str, Any]:
    """The meta of a request for an article, or for a part of one."""
    return {"visit": url, **({"part_of": part_of} if part_of else {}), **({"whole": True} if whole else {})}


def first_of(asked: Request | Response) -> str:
    """The address that the article is known by to which a page belongs."""
    request = asked if isinstance(asked, Request) else asked.request
    meta: dict[str, Any] = request.meta if request else {}
    return str(meta.get("part_of") or meta.get("visit") or asked_as(asked))
