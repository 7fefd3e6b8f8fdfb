"""Sites that say themselves what is new: RSS, Atom, sitemaps, news sitemaps. Their articles are read generally."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.article import Article, Page
from spiders.families.base import Family, page_of
from spiders.families.told import NOTHING, Told, completed
from spiders.reading.feeds import Entry, is_feed, read_feed


class Feed(Family):
    """`start` are addresses of feeds, sitemaps, indexes of sitemaps, or of a robots.txt that names some."""

    tells = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sitemaps: set[str] = set()

    def find(self, response: Response, later: tuple[str, ...] = ()) -> Iterator[Request]:
        """Requests for the articles of a feed, then for the newest sitemap that is still to be read."""
        page = page_of(response)
        feed = read_feed(page.text, page.url) if page is not None else None
        if feed is None:
            # What refuses itself is counted as that.
            if page is None or self.document(response) is not None:
                self.say("feed/unreadable", "neither a feed nor a sitemap", response)
            yield from self.go_on(later)
            return
        if feed.broken:
            self.say("feed/broken", "broken XML, read as far as it goes", response)
        fresh = [entry for entry in feed.entries if not self.too_old(entry)]
        # Most sitemaps tell nothing: their articles are asked for together.
        for (told, rule), entries in groupby(fresh, key=lambda entry: (entry.told, entry.rule)):
            yield from self.articles(response, [entry.url for entry in entries], told=told, rule=rule)
        named = [sitemap.url for sitemap in feed.sitemaps if not self.too_old(sitemap)]
        left = {sitemap.url for sitemap in feed.sitemaps if self.is_read(sitemap)}
        if left:
            self.count("again/lists_left", len(left))
        yield from self.go_on((*(url for url in named if url not in left), *later))

    def go_on(self, later: Iterable[str]) -> Iterator[Request]:
        """The request for the next sitemap, each once. One after the other, so that --limit leaves out the oldest."""
        waiting = [url for url in dict.fromkeys(later) if url not in self.sitemaps]
        if waiting:
            self.sitemaps.add(waiting[0])
            later = {"later": tuple(waiting[1:])}
            request = Request(waiting[0], self.find, errback=self.missed, dont_filter=True, cb_kwargs=later)
            yield from self.further([request])

    def missed(self, failure: Failure) -> Iterator[Request]:
        """A sitemap did not come: the others are read all the same."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.count("feed/missing")
        self.logger.warning("%s: %s", request.url, failure.getErrorMessage())
        yield from self.go_on(request.cb_kwargs["later"])

    def too_old(self, entry: Entry) -> bool:
        """Whether an article, or all that a sitemap names, is from before --since."""
        since = self.settings.get("SINCE")
        return bool(since) and entry.changed is not None and entry.changed < since

    def is_read(self, sitemap: Entry) -> bool:
        """Whether a sitemap names nothing that is newer than the last crawl which left nothing out."""
        read_until = None if self.settings.get("SINCE") else self.memory.read_until
        return bool(read_until and sitemap.changed and sitemap.changed[:10] < read_until)

    def finish(self, article: Article, told: Told = NOTHING, rule: str = "feed", **known: Any) -> Iterator[Article]:
        yield from super().finish(completed(article, told, rule), **known)

    def is_list(self, page: Page) -> bool:
        return is_feed(page.text)
