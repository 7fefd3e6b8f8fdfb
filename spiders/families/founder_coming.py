"""The issues that are coming in: what each still waits for, and the parts of articles that wait with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.article import Article, utc_now
from pipelines.text.dates import CHINA
from spiders.families.base import Family
from spiders.families.founder_issue import Issue
from spiders.families.founder_turn import joined, missing


@dataclass(slots=True)
class Coming:
    """An issue whose pages are still coming in."""

    pending: int = 0
    """Requests without an answer yet."""
    parts: dict[str, Article] = field(default_factory=dict)
    """Articles that begin or go on on another page, by address: kept pages may hold one of them twice."""
    articles: dict[str, None] = field(default_factory=dict)
    """The addresses of its articles, each once."""
    torn: bool = False
    """Whether something of it did not come."""


class ByIssue(Family):
    """A spider whose parts of articles wait until all of their issue is there, and no longer.

    Stats `founder/joined`, `continuation_missing`, `beginning_missing`, `again/complete_issues`.
    """

    tells = True

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.dropped, signals.request_dropped)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    @cached_property
    def coming(self) -> dict[Issue, Coming]:
        """The issues that are not complete. A stopped crawl takes them along: Scrapy keeps `state` beside its queue."""
        if not hasattr(self, "state"):
            self.state: dict[str, Any] = {}
        found: dict[Issue, Coming] = self.state.setdefault("coming", {})
        return found

    @property
    def came(self) -> dict[Issue, tuple[str, ...]]:
        """The issues that came in whole, and the addresses of their articles; these may still be on their way."""
        _ = self.coming
        found: dict[Issue, tuple[str, ...]] = self.state.setdefault("came", {})
        return found

    def expect(self, issue: Issue) -> None:
        """One answer more to wait for."""
        self.coming.setdefault(issue, Coming()).pending += 1

    def of_issue(
        self, issue: Issue | None, requests: Iterable[Request], otherwise: Callable[..., Any] | None = None
    ) -> Iterator[Request]:
        """Requests whose answers an issue waits for; `otherwise` hears of those that fail."""
        for request in requests:
            if issue is not None:
                self.expect(issue)
                request.cb_kwargs["issue"] = issue
                request.errback = otherwise or self.missed
            yield request

    def wait(self, issue: Issue, part: Article) -> None:
        """Keep a part until its issue is complete."""
        self.coming.setdefault(issue, Coming()).parts[part.url] = part

    def answered(self, issue: Issue) -> Iterator[Article]:
        """One answer less to wait for; with the last one, the articles that the issue's parts make."""
        coming = self.coming.get(issue)
        if coming is None:
            return
        coming.pending -= 1
        if coming.pending <= 0:
            del self.coming[issue]
            self.note(issue, coming)
            whole = list(joined(tuple(coming.parts.values())))
            if len(coming.parts) > len(whole):
                self.count("founder/joined", len(coming.parts) - len(whole))
            for article in whole:
                yield self.told(article)

    def told(self, article: Article) -> Article:
        """The article; what is missing of it has been counted."""
        for part in missing(article):
            self.count(f"founder/{part}_missing")
        return article

    def missed(self, failure: Failure) -> Iterator[Article | Request]:
        """A page of an issue did not come."""
        issue = failure.request.cb_kwargs["issue"]  # type: ignore[attr-defined]
        self.tear(issue)
        yield from self.instead(failure.request)  # type: ignore[attr-defined]
        yield from self.answered(issue)

    def tear(self, issue: Issue | None) -> None:
        """Note that something of an issue did not come."""
        if issue in self.coming:
            self.coming[issue].torn = True

    def dropped(self, request: Request) -> None:
        """Scrapy has met a request's address before: no answer comes. Whoever found the link is still being read."""
        issue = request.cb_kwargs.get("issue")
        if issue in self.coming:
            self.coming[issue].pending -= 1

    def idle(self) -> None:
        """Nothing more comes: what came whole is kept by now.

        Where parts still wait, reading a page of their issue failed, or a link was not followed. Articles come out of
        callbacks only, so the page of one of them is asked for once more, to let them out.
        """
        for issue in [issue for issue, coming in self.coming.items() if not coming.parts]:
            coming = self.coming.pop(issue)
            # The last links of an issue may all be known ones.
            if coming.pending <= 0:
                self.note(issue, coming)
        self.remember()
        for issue, coming in self.coming.items():
            coming.pending, coming.torn = 1, coming.torn or coming.pending > 0
            url, known = next(iter(coming.parts.values())).page.url, {"issue": issue}
            self.crawler.engine.crawl(
                Request(url, self.let_out, cb_kwargs=known, errback=self.missed, dont_filter=True)
            )
        if self.coming:
            raise DontCloseSpider

    def note(self, issue: Issue, coming: Coming) -> None:
        """Note that all answers of an issue are there."""
        if coming.articles and not coming.torn:
            self.came[issue] = tuple(coming.articles)

    def remember(self) -> None:
        """Remember the issues that came whole, unless something was not kept of what a run brought."""
        while self.came:
            issue, urls = self.came.popitem()
            if issue.day < self.today and not self.limit and not self.crawler.stats.get_value("run/errors"):
                self.memory.issue_came(issue.paper, issue.day, urls)

    @property
    def today(self) -> date:
        """The day of the run in China; setting TODAY is another."""
        set_to = self.settings.get("TODAY")
        return date.fromisoformat(set_to) if set_to else utc_now().astimezone(CHINA).date()

    def let_out(self, _: Response, issue: Issue) -> Iterator[Article]:
        """The articles of an issue that stays incomplete."""
        yield from self.answered(issue)
