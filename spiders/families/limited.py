"""How many articles a crawl asks for: as many as --limit says, not counting those that refuse or do not come."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.canonical import key


class Limited(scrapy.Spider):
    """A spider that stops asking at --limit, and asks for a further article in place of one that is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()
        self.lost: set[str] = set()
        self.waiting: deque[Iterator[Request]] = deque()
        self.waiting_lists: deque[Iterator[Request]] = deque()

    def count(self, key: str, times: int = 1) -> None:
        """Count something in the stats of the run."""
        if hasattr(self, "crawler") and self.crawler.stats:
            self.crawler.stats.inc_value(key, times)

    @property
    def limit(self) -> int:
        """Setting LIMIT; 0 where there is none."""
        return self.settings.getint("LIMIT")

    @property
    def satisfied(self) -> bool:
        """Whether --limit has been reached, so that no further list is worth asking for."""
        return bool(self.limit) and len(self.asked) - len(self.lost) >= self.limit

    def up_to_limit(self, articles: Iterator[Request]) -> Iterator[Request]:
        """Requests for articles as far as --limit wants them; the others wait."""
        yield from self._as_far(articles)
        if self.satisfied:
            self.waiting.append(articles)

    def further(self, lists: Iterable[Request]) -> Iterator[Request]:
        """Requests for further lists; where --limit has been reached, they wait."""
        if self.satisfied:
            self.waiting_lists.append(iter(lists))
        else:
            yield from lists

    def no_article(self, failure: Failure) -> Iterator[Request]:
        """An article did not come."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.logger.warning("%s: %s", request.url, failure.getErrorMessage())
        yield from self.instead(request)

    def instead(self, of: Request | Response) -> Iterator[Request]:
        """The request for the next article, or the next list, in place of an article that refused or did not come."""
        url = key(asked_as(of))
        if url not in self.asked or url in self.lost:
            return
        self.lost.add(url)
        while self.waiting and not self.satisfied:
            yield from self._as_far(self.waiting[0])
            if not self.satisfied:
                self.waiting.popleft()
        while self.waiting_lists and not self.satisfied:
            if request := next(self.waiting_lists[0], None):
                yield request
                return
            self.waiting_lists.popleft()

    def _as_far(self, articles: Iterator[Request]) -> Iterator[Request]:
        if not self.limit:
            yield from articles
        while not self.satisfied and (request := next(articles, None)):
            if key(request.url) not in self.asked:
                self.asked.add(key(request.url))
                request.errback = self.no_article
                yield request


def asked_as(of: Request | Response) -> str:
    """The address that was asked for, before redirects."""
    request = of if isinstance(of, Request) else of.request
    asked: list[str] = (request.meta.get("redirect_urls") if request else None) or [of.url]
    return asked[0]
