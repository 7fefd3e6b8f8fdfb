"""What all families share: begin, find the articles, read them. A family overrides the parts in which it differs."""

from __future__ import annotations

import re
from codecs import lookup
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.article import Article, Page
from archive.canonical import key
from pipelines.text.dates import date_in_url
from spiders.families.again import Again, first_of, visit
from spiders.families.limited import asked_as
from spiders.families.memory import is_unchanged
from spiders.reading import parts
from spiders.reading.document import Document, parsed
from spiders.reading.joining import from_whole, holds, join
from spiders.reading.links import absolute, canonical
from spiders.reading.page import read_page
from spiders.reading.parts import Onward
from spiders.reading.refusal import refusal
from spiders.source import Source

FRONT_PAGE = re.compile(r"^\w+://[^/?#]+/?(?:index\.\w+)?$")
"""The address of a site's front page."""


class Family(Again):
    """A spider for one source.

    The hooks, in the order in which they are called: `start`, `find` (a list), `articles`, `read` (a page), `article`
    (its fields), `onward` (further parts of it), `finish` (the whole article).
    """

    source: Source
    tells: ClassVar[bool] = False
    """Whether its lists tell of articles what the articles' own pages may leave open, or what belongs together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joined: set[str] = set()
        self.counted: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        for url in self.source.start:
            yield Request(url, callback=self.find, dont_filter=True)

    def find(self, response: Response) -> Iterator[Request]:
        """Requests for the articles and the further lists that a page names."""
        raise NotImplementedError

    def read(self, response: Response, **known: Any) -> Iterator[Article | Request]:
        """The article of a page, or the request for more of it. `known` are fields that the list told.

        A page that refuses its article is counted, and yields nothing. Of a later part the first is asked for.
        """
        if is_unchanged(response):
            yield from self.unchanged(response, **known)
            return
        document, page = self.document(response), page_of(response)
        if document is None or page is None:
            self.memory.refused(first_of(response), response, refused_by(response))
            yield from self.instead(response)
            return
        if first := parts.first_part(document):
            self.count("read/later_parts")
            self.asked.discard(key(asked_as(response)))
            yield from self.articles(response, [first], **known)
            return
        article, more = self.article(page), self.onward(document)
        if more.whole:
            yield self._ask(more.whole, self.read_whole, self.no_whole, response, first=article, more=more, known=known)
        elif more.next:
            yield self._ask_part(response, (article,), more, known)
        else:
            yield from self.finish(article, **known)

    def onward(self, document: Document, place: int = 1) -> Onward:
        """Where an article goes on from its part number `place`."""
        return parts.onward(document, place)

    def finish(self, article: Article, **known: Any) -> Iterator[Article]:
        """An article of which all parts are there: the way every article goes out."""
        # Health compares these: a rule that never matches is said.
        self.count(f"read/{article.reading}")
        for field in self.source.select.keys() - {"list", "next", "drop"}:
            if parsed(article.page).first(self.source.select[field]) is None:
                self.count(f"read/missed/{field}")
        yield replace(article, **{name: value for name, value in known.items() if value is not None})

    def read_whole(self, response: Response, first: Article, more: Onward, known: Any) -> Iterator[Article | Request]:
        """The page that has all of an article whose first part is `first`."""
        document, page = self.document(response), page_of(response)
        article = self.article(page) if document and page else None
        if article and holds(article, first):
            self.count("read/whole_pages")
            yield from self.finish(from_whole(article, first), **known)
        else:
            yield from self._without_whole(response, first, more, known)

    def no_whole(self, failure: Failure) -> Iterator[Article | Request]:
        """The page that should have all of an article did not come: its parts are asked for."""
        request: Request = failure.request  # type: ignore[attr-defined]
        yield from self._without_whole(request, **request.cb_kwargs)

    def _without_whole(
        self, asked: Request | Response, first: Article, more: Onward, known: dict[str, Any]
    ) -> Iterator[Article | Request]:
        self.count("read/missing_whole_pages")
        if more.next:
            yield self._ask_part(asked, (first,), more, known)
        else:
            yield from self.finish(join((first,), 2), **known)

    def read_part(
        self, response: Response, so_far: tuple[Article, ...], count: int, known: Any
    ) -> Iterator[Article | Request]:
        """A further part of an article."""
        document, page = self.document(response), page_of(response)
        part = self.article(page) if document and page else None
        # A server that knows no such part may answer with one that was there before.
        if document is None or part is None or not part.text or part.text in {each.text for each in so_far}:
            yield from self._joined(so_far, count, known)
            return
        so_far = (*so_far, part)
        more = self.onward(document, len(so_far))
        if more.next and len(so_far) < parts.MOST and canonical(more.next) not in _addresses(so_far):
            yield self._ask_part(response, so_far, replace(more, count=max(count, more.count)), known)
        else:
            yield from self._joined(so_far, max(count, len(so_far)), known)

    def no_part(self, failure: Failure) -> Iterator[Article]:
        """A further part of an article did not come: what there is of it is kept, and says so."""
        yield from self._joined(**failure.request.cb_kwargs)  # type: ignore[attr-defined]

    def _joined(self, so_far: tuple[Article, ...], count: int, known: dict[str, Any]) -> Iterator[Article]:
        self.count("read/joined_parts", len(so_far))
        if len(so_far) < count:
            self.count("read/missing_parts", count - len(so_far))
        yield from self.finish(join(so_far, count), **known)

    def _ask_part(
        self, response: Request | Response, so_far: tuple[Article, ...], more: Onward, known: dict[str, Any]
    ) -> Request:
        assert more.next is not None
        self.joined.add(key(more.next))
        return self._ask(
            more.next, self.read_part, self.no_part, response, so_far=so_far, count=more.count, known=known
        )

    def _ask(
        self, url: str, then: Callable[..., Any], otherwise: Callable[..., Any], after: Request | Response, **state: Any
    ) -> Request:
        """A request for more of an article: before other articles, and even where a list has led there already."""
        priority = (after if isinstance(after, Request) else after.request or Request(url)).priority
        return Request(
            url, callback=then, errback=otherwise, cb_kwargs=state, dont_filter=True, priority=max(priority, 0) + 1,
            meta=visit(url, part_of=first_of(after), whole=True),
        )  # fmt: skip

    def is_list(self, page: Page) -> bool:
        """Whether a kept page, which nobody followed a link to, is a list of articles and none itself."""
        raise NotImplementedError

    def article(self, page: Page) -> Article:
        """Read one page."""
        return read_page(page, self.source.select, self.source.id)

    def document(self, response: Response) -> Document | None:
        """The page, parsed; None where it is no text, and where it refuses what was asked for, which is counted."""
        page = page_of(response)
        if page is None:
            return None
        if refused := refused_by(response):
            if response.url not in self.counted:
                self.counted.add(response.url)
                self.count(f"refused/{refused}")
            return None
        return parsed(page)

    def say(self, key: str, what: str, response: Response) -> None:
        """Count what is wrong with a page that should lead to articles, and log it."""
        self.count(key)
        self.logger.warning("%s: %s", response.url, what)

    def follow(
        self, response: Response, hrefs: Iterable[str | None], then: Callable[..., Any], **known: Any
    ) -> Iterator[Request]:
        """Requests for links of a page, each once; queries in them are in the page's charset, as browsers have it."""
        document, page = self.document(response), page_of(response)
        if document is None or page is None:
            return
        for href in dict.fromkeys(hrefs):
            url = absolute(document.base, href)
            if url:
                yield Request(url, callback=then, cb_kwargs=known, encoding=_codec(page.charset))

    def articles(self, response: Response, hrefs: Iterable[str | None], **known: Any) -> Iterator[Request]:
        """Requests for article pages that are due, as far as --limit and --since want them; later parts are left."""
        wanted = filter(self.is_wanted, self.follow(response, hrefs, self.read, **known))
        yield from self.up_to_limit(self.due(wanted))

    def is_wanted(self, request: Request) -> bool:
        """Whether an article is to be asked for: not from before --since, and no later part of a known one."""
        since, dated = self.settings.get("SINCE"), date_in_url(request.url)
        too_old = since and dated and dated.value and dated.value < since
        return not too_old and key(request.url) not in self.joined


def _codec(charset: str | None) -> str:
    """Python's codec for a page's charset; UTF-8 where it has none."""
    try:
        return lookup(charset or "utf-8").name
    except LookupError:
        return "utf-8"


def _addresses(articles: tuple[Article, ...]) -> set[str]:
    return {canonical(article.page.url) for article in articles}


def refused_by(response: Response) -> str | None:
    """The cause for which a page, or a redirect, holds no article; None where there may be one, and for other files."""
    page = page_of(response)
    return (refusal(page) or _sent_away(response)) if page is not None else None


def _sent_away(response: Response) -> str | None:
    """`not_found` where a deep address has been redirected to the front page of a site: so many tell a dead link."""
    gone = FRONT_PAGE.match(response.url) and urlsplit(asked_as(response)).path.count("/") > 1
    return "not_found" if gone else None


def is_sent_away(asked: str, response: Response) -> bool:
    """Whether a deep address is redirected to the front page of a site."""
    target = response.headers.get("Location")
    if not 300 <= response.status < 400 or target is None or urlsplit(asked).path.count("/") < 2:
        return False
    return FRONT_PAGE.match(urljoin(response.url, target.decode("latin-1"))) is not None


def page_of(response: Response) -> Page | None:
    """The decoded page of a response; None for pictures and other files."""
    return getattr(response, "page", None)
