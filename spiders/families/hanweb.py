"""大汉 (Hanweb), whose jpage lists come as XML: governments of Jiangsu, Zhejiang, Shandong, Inner Mongolia.

A column is `/col/col282/index.html`, an article `/art/2024/9/4/art_282_1234567.html`. The first records stand inside
the column page, further ones are asked for as the page's own script would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from archive.article import Article, Page
from pipelines.text.dates import date_in_url, find_date
from spiders.families.base import page_of
from spiders.families.portal import Portal
from spiders.families.told import NOTHING, Told, completed
from spiders.reading.document import parsed
from spiders.reading.jpage import ARTICLE, COLUMN, Call, Listing, read_lists
from spiders.reading.links import absolute
from spiders.reading.page import Select, read_page

SELECT: Select = MappingProxyType({"body": ("#zoom", "#ivs_content", "zjeg_rss.content")})

# Templates of every kind keep these comments around the body: they feed the system's own news feeds.
_BEGIN, _END = "<!--ZJEG_RSS.content.begin-->", "<!--ZJEG_RSS.content.end-->"
_ELEMENT = '<zjeg_rss class="content">'


class Hanweb(Portal):
    """Lists of records inside the page, and further ones by request; pages without such a list are a portal's."""

    tells = True

    def find(self, response: Response) -> Iterator[Request]:
        page = page_of(response)
        lists = read_lists(page.text) if page is not None else ()
        if not lists:
            yield from super().find(response)
        for listing in lists:
            yield from self.go_on(response, listing, listing.call, response.url, 0)

    def find_further(self, response: Response, call: Call | None, column: str, had: int) -> Iterator[Request]:
        """The records that an answer brings behind the first `had` of a column page's."""
        page = page_of(response)
        lists = read_lists(page.text) if page is not None else ()
        if not lists and (page is None or self.document(response) is not None):
            self.say("hanweb/broken_lists", "no list of records", response)
        for listing in lists[:1]:
            yield from self.go_on(response, listing, call, column, had)

    def go_on(
        self, response: Response, listing: Listing, call: Call | None, column: str, had: int
    ) -> Iterator[Request]:
        """Requests for the articles of a list, and for its further records where there may be wanted ones."""
        if not listing.whole:
            self.say("hanweb/broken_lists", "the list breaks off", response)
        # An answer without records is the end, even where it names another one: there may be no end of those.
        to_come = response.url == column and not listing.records and bool(call or listing.next)
        if not listing.records and not to_come:
            self.say("hanweb/empty_lists", "an empty list of records", response)
        links = [(absolute(column, record.href) or "", record.date) for record in listing.records]
        fresh = [(url, date) for url, date in links if url and url not in self.listed[column]]
        self.listed[column].update(url for url, _ in fresh)
        for url, beside in fresh:
            yield from self.articles(response, [url], told={"raw_date": beside} if beside else {})
        had += len(listing.records)
        total = listing.total or (call.total if call else None)
        ended = not fresh or (total is not None and had >= total) or self.too_old(fresh)
        if ended and not to_come:
            return
        state = {"call": call, "column": column, "had": had}
        shown = [url for url, _ in links]
        if listing.next:
            # A relative one starts from the answer that names it.
            yield from self.behind_new(shown, self.follow(response, [listing.next], self.find_further, **state))
        elif call and (further := absolute(column, call.after(had))):
            request = Request(
                further, self.find_further, method="POST", body=urlencode(call.form), cb_kwargs=state,
                headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
            )  # fmt: skip
            yield from self.behind_new(shown, [request])

    def too_old(self, fresh: list[tuple[str, str | None]]) -> bool:
        """Whether all of these came out before --since: then all behind them did, too."""
        since = self.settings.get("SINCE")
        dates = [date_in_url(url) or find_date(date) for url, date in fresh]
        return bool(since) and all(date is not None and date.value is not None and date.value < since for date in dates)

    def finish(self, article: Article, told: Told = NOTHING, **known: Any) -> Iterator[Article]:
        yield from super().finish(completed(article, told, "list"), **known)

    def is_list(self, page: Page) -> bool:
        """A column, or an answer of records."""
        if ARTICLE.search(page.url):
            return False
        return bool(COLUMN.search(page.url) or read_lists(page.text)) or super().is_list(page)

    def article(self, page: Page) -> Article:
        select = {**SELECT, **self.source.select}
        if _BEGIN not in page.text or parsed(page).first(select["body"]):
            return read_page(page, select, self.source.id)
        # What stands between comments has no element of its own.
        text = page.text.replace(_BEGIN, _ELEMENT, 1).replace(_END, "</zjeg_rss>", 1)
        return replace(read_page(replace(page, text=text), select, self.source.id), page=page)
