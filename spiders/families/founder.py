"""方正 (Founder) e-papers of the first generation: an issue has newspaper pages, a page has articles.

An entry page refreshes to `…/html/YYYY-MM/DD/node_N.htm`; articles are `content_N.htm?div=-1` beside it. The trailing
comment enpproperty is the best metadata there is; type 2 in it is a newspaper page and no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.article import Article, Page
from spiders.families.base import Family
from spiders.reading.document import Document, parsed
from spiders.reading.lines import join_blanks
from spiders.reading.metadata import section_of
from spiders.reading.page import Select, read_page
from spiders.reading.plain import SUBTITLE

ISSUE = re.compile(r"/(\d{4}-\d{2}/\d{2})/")
NODE = re.compile(r"node_\w+\.html?$")
CONTENT = re.compile(r"content_\d+\.html?")
NOT_ARTICLES = re.compile(r"^\W*(?:中缝|广告|公告栏|导读|今日导读|图片新闻|版权声明|本版导读|遗失声明)\W*$")

SELECT: Select = MappingProxyType(
    {
        "title": ("td.font01", "span.listblackfont20h30heiti", "founder-title"),
        "body": ("#ozoom", "founder-content"),
        "caption": ("table#newspic tr + tr td",),
    }
)


class Founder(Family):
    """First-generation e-paper. `issues` in the source says how many issues back a crawl goes."""

    def find(self, response: Response, issues: int = 1) -> Iterator[Request]:
        document = self.document(response)
        if document is None:
            return
        issue = ISSUE.search(response.url)
        if issue is None:
            yield from self.follow(response, _hrefs(document, NODE), self.find)
            return
        beside = [href for href in _hrefs(document, NODE) if same_issue(href, issue[1])]
        yield from self.follow(response, beside, self.find, issues=issues)
        yield from self.articles(response, _hrefs(document, CONTENT), section=self.section(document))
        if issues < self.source.issues and not self.satisfied and not self.too_old(issue[1]):
            earlier = [a.attributes.get("href") for a in document.tree.css("a") if a.text(strip=True) == "上一期"]
            yield from self.follow(response, earlier, self.find, issues=issues + 1)

    def too_old(self, issue: str) -> bool:
        since = self.settings.get("SINCE")
        return bool(since) and issue.replace("/", "-") <= since

    def section(self, document: Document) -> str | None:
        """第11版：观察, from the page's title element or the first cell that names it."""
        cells = (node.text(strip=True) for node in document.tree.css("td[align=left] strong, td.default, title"))
        return next((found for cell in cells if (found := section_of(cell))), None)

    def read(self, response: Response, **known: Any) -> Iterator[Article]:
        for article in super().read(response, **known):
            if NOT_ARTICLES.match(article.title or ""):
                self.crawler.stats.inc_value("founder/not_an_article")
            else:
                yield article

    def is_list(self, page: Page) -> bool:
        """A newspaper page has type 2 in its comment, and `node` in its address."""
        return parsed(page).properties.get("type") == "2" or bool(NODE.search(page.url))

    def article(self, page: Page) -> Article:
        document = parsed(page)
        article = read_page(page, {**SELECT, **self.source.select}, self.source.id)
        kicker, subtitle = self.lines_around_title(document)
        issue = ISSUE.search(page.url)
        if issue:
            # The comment's founder-date is when the page was made up (23:59:57 the day before, often); readers cite
            # the issue.
            article = replace(
                article,
                raw_date=issue[1].replace("/", "-"),
                provenance={**article.provenance, "raw_date": "issue"},
            )
        return replace(
            article,
            kicker=article.kicker or kicker,
            subtitle=article.subtitle or subtitle,
            section=self.section(document),
            raw_origin=self.source.name,
        )

    def lines_around_title(self, document: Document) -> tuple[str | None, str | None]:
        """引题 and 副题: both are `td.font02`, one above the headline's `td.font01`, one below."""
        kicker = subtitle = None
        titled = False
        for node in document.tree.css("td.font01, td.font02"):
            text = join_blanks(node.text())
            if "font01" in (node.attributes.get("class") or ""):
                titled = True
            elif titled:
                subtitle = subtitle or SUBTITLE.sub("", text) or None
            else:
                kicker = kicker or text or None
        return kicker, subtitle


def same_issue(href: str, issue: str) -> bool:
    """Whether a link stays in an issue, given as in its address.

    >>> same_issue("node_3.htm", "2024-09/04"), same_issue("../../2024-09/03/node_2.htm", "2024-09/04")
    (True, False)
    """
    other = ISSUE.search(href)
    return other is None or other[1] == issue


def _hrefs(document: Document, pattern: re.Pattern[str]) -> list[str]:
    """The links and map areas of a page whose address fits, its query aside."""
    found = (node.attributes.get("href") or "" for node in document.tree.css("a[href], area[href]"))
    return [href for href in found if pattern.search(href.split("?")[0])]
