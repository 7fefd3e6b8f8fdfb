"""方正 (Founder) e-papers of both generations: an issue has newspaper pages, a page has articles.

An entry refreshes to the newest issue. Which issues a crawl goes back to is told by the source: `issues` counts them
along 上一期, or days where `issue` is the address of a day's first page; `--since` goes back to its day instead.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.article import Article, Page
from spiders.families.base import page_of
from spiders.families.founder_coming import ByIssue
from spiders.families.founder_issue import CONTENT, NODE, NODE_OR_CONTENT, Issue, first_pages, issue_of, links
from spiders.families.founder_masthead import PDF, PICTURE, attachments, section
from spiders.families.founder_page import read
from spiders.families.founder_turn import missing
from spiders.reading.document import Document, parsed
from spiders.reading.links import absolute
from spiders.reading.refusal import refusal

NOT_ARTICLES = re.compile(
    r"\W{0,8}(?:第?[A-Z]?\d{0,3}版?(?:[、，和]\d{1,3}版?)*)?(?:中缝\W{0,3}(?:广告)?|(?:公益|分类|综合)?广告(?:专版|专页|索引)?|公告栏"
    r"|(?:今日|本版|要闻)?导读|图片新闻|版权(?:声明|信息)|遗失(?:声明|启事)|报[头眼]|(?:本版)?责编)\W{0,8}\d{0,2}\W{0,8}"
)
"""Headlines of what a newspaper page holds beside articles."""

PICTURES = re.compile(r"\W{0,8}图片新闻\W{0,8}")
"""A headline that is dropped only where no text stands below it."""

LONGEST_BREAK = 30
"""After so many days without an issue there are none before them: the paper is not older, or not on the web."""

_EARLIER = re.compile(r"\W{0,4}上一?期\W{0,4}")


class Founder(ByIssue):
    """E-paper; stats `founder/no_issue`, `not_an_article`, and those of `ByIssue`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: set[Issue] = set()

    async def start(self) -> AsyncIterator[Request]:
        async for request in super().start():
            yield request.replace(errback=self.no_entry)

    # The ways

    def find(
        self, response: Response, issue: Issue | None = None, issues: int = 1, gap: int | None = None
    ) -> Iterator[Any]:
        """From an entry to its newest issue; from a page of the paper to the others, its articles and the day before.

        `issue` is the one that was asked for, the `issues`-th of the crawl; where this is its first page, asked for by
        its day, `gap` counts the days without an issue before it.
        """
        shown = issue_of(response.url)
        asked = issue or shown
        if asked is None:
            yield from self.enter(response)
            return
        document = self.document(response)
        if issue is None and self.is_kept(asked):
            yield from self.past(response, asked, issues)
            return
        if issue is None:
            # The way here was none of an issue's: its answer is counted from now on.
            self.expect(asked)
        if document is not None and shown is not None and shown.day == asked.day:
            name, gap = section(document), -1
            known = {"section": name, "attachments": attachments(document, name)}
            yield from self.articles(response, links(document, CONTENT, shown), issue=asked, **known)
            others = self.follow(response, links(document, NODE, shown), self.find, issues=issues)
            yield from self.of_issue(asked, self.further(others))
        else:
            self.tear(asked)
            if gap is not None:
                # Some sites answer for a day without an issue with the newest one, or with a page that says so.
                self.count("founder/no_issue")
        yield from self.day_before(asked.day, issues, document, -1 if gap is None else gap)
        yield from self.answered(asked)

    def past(self, response: Response, issue: Issue, issues: int) -> Iterator[Request]:
        """From a page of an issue that is kept to the issue before; some name it on their further pages only."""
        document = self.document(response)
        before = list(self.day_before(issue.day, issues, document))
        yield from before
        if not before and document and self.goes_back(issue.day, issues):
            yield from self.follow(response, links(document, NODE, issue), self.find, issues=issues)

    def enter(self, response: Response) -> Iterator[Request]:
        """From an entry to the newest issue; to today's where it shows none and the source tells its address."""
        page = page_of(response)
        entrances = first_pages(parsed(page)) if page is not None else []
        for url in entrances:
            issue = issue_of(url)
            # Without a rule for addresses, the page of an issue has to tell the one before.
            if issue and (self.source.issue or not self.goes_back(issue.day, 1)) and self.is_kept(issue):
                yield from self.day_before(issue.day, 1)
            else:
                yield Request(url, self.find)
        if not entrances:
            yield from self.day_before(self.today + timedelta(1), 0)

    def document(self, response: Response) -> Document | None:
        """The page, parsed. A newspaper page is a picture and a map, often, and looks like a shell."""
        page, issue = page_of(response), issue_of(response.url)
        if page is not None and issue and refusal(page) == "shell" and links(parsed(page), NODE_OR_CONTENT, issue):
            return parsed(page)
        return super().document(response)

    def day_before(self, day: date, issues: int, document: Document | None = None, gap: int = -1) -> Iterator[Request]:
        """The request for the issue before that of a day, which is the `issues`-th, as far as it is wanted.

        `gap` counts the days in a row without one, from -1.
        """
        if self.satisfied or not self.goes_back(day, issues) or gap >= LONGEST_BREAK:
            return
        if self.source.issue:
            while self.goes_back(day, issues):
                day, issues = day - timedelta(1), issues + 1
                opening = self.source.issue.format(date=day)
                issue = issue_of(opening)
                if issue is None or not self.is_kept(issue):
                    request = Request(opening, self.find, cb_kwargs={"issues": issues, "gap": gap + 1})
                    yield from self.of_issue(issue, [request], self.no_issue)
                    return
                gap = -1
        elif document is not None:
            for node in document.tree.css("a[href]"):
                if not _EARLIER.fullmatch(node.text(strip=True)):
                    continue
                if url := absolute(document.base, node.attributes.get("href")):
                    yield Request(url, self.find, cb_kwargs={"issues": issues + 1})

    def goes_back(self, day: date, issues: int) -> bool:
        """Whether the issue before that of a day, the `issues`-th of the crawl, is wanted."""
        since = self.settings.get("SINCE")
        return day.isoformat() > since if since else issues < self.source.issues

    def is_kept(self, issue: Issue) -> bool:
        """Whether an issue came whole in an earlier crawl; then it is counted."""
        kept = self.memory.has_issue(issue.paper, issue.day)
        if kept and issue not in self.kept:
            self.kept.add(issue)
            self.count("again/complete_issues")
        return kept

    def articles(
        self, response: Response, hrefs: Iterable[str | None], issue: Issue | None = None, **known: Any
    ) -> Iterator[Request]:
        hrefs = list(hrefs)
        if issue in self.coming:
            self.coming[issue].articles.update((url, None) for href in hrefs if (url := absolute(response.url, href)))
        yield from self.of_issue(issue, super().articles(response, hrefs, issue=issue, **known))

    def instead(self, of: Request | Response) -> Iterator[Request]:
        # Of a page, or of a request that brought none: an article of its issue did not come.
        asked = of if isinstance(of, Request) else of.request
        self.tear(asked.cb_kwargs.get("issue") if asked else None)
        for request in super().instead(of):
            yield from self.of_issue(request.cb_kwargs.get("issue"), [request])

    def no_issue(self, failure: Failure) -> Iterator[Request | Article]:
        """The first page of a day's issue did not come: on holidays papers do not come out."""
        asked: dict[str, Any] = failure.request.cb_kwargs  # type: ignore[attr-defined]
        if isinstance(failure.value, HttpError) and failure.value.response.status in (404, 410):
            self.count("founder/no_issue")
        yield from self.day_before(asked["issue"].day, asked["issues"], gap=asked["gap"])
        yield from self.missed(failure)

    def no_entry(self, failure: Failure) -> Iterator[Request]:
        """The entry did not come; where the source tells the addresses of issues, it is not needed."""
        self.logger.warning("%s: %s", failure.request.url, failure.value)  # type: ignore[attr-defined]
        yield from self.day_before(self.today + timedelta(1), 0)

    def whole(self, first: str, issue: Issue | None = None, **known: Any) -> Request:
        [request] = self.of_issue(issue, [super().whole(first, issue=issue, **known)])
        return request

    # Reading

    def read(self, response: Response, issue: Issue | None = None, **known: Any) -> Iterator[Article | Request]:
        """The article of a page. What goes on elsewhere waits for its issue; on a kept page its address tells which."""
        yield from super().read(response, issue=issue or issue_of(response.url), **known)
        if issue is not None:
            yield from self.answered(issue)

    def finish(self, article: Article, issue: Issue | None = None, **known: Any) -> Iterator[Article]:
        if is_no_article(article):
            self.count("founder/not_an_article")
            return
        if any((each.name or "").endswith((PICTURE, PDF)) for each in article.attachments):
            known.pop("attachments", None)
        elif "attachments" in known:
            known["attachments"] = (*article.attachments, *known["attachments"])
        for finished in super().finish(article, **known):
            if issue is not None and missing(finished):
                self.wait(issue, finished)
            else:
                yield self.told(finished)

    def is_list(self, page: Page) -> bool:
        """A newspaper page has type 2 in its comment, and `node` or `col` in its address."""
        return parsed(page).properties.get("type") == "2" or bool(NODE.search(page.url.partition("?")[0]))

    def article(self, page: Page) -> Article:
        return read(page, self.source.select, self.source.id, self.source.name)


def is_no_article(article: Article) -> bool:
    """Whether a headline stands for what is no article: 中缝, 广告, 导读 and, without a text, pictures."""
    title = article.title or ""
    if not article.text.strip():
        return bool(article.images or NOT_ARTICLES.fullmatch(title))
    return bool(NOT_ARTICLES.fullmatch(title)) and not PICTURES.fullmatch(title)
