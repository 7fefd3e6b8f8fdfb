"""Let only articles through. What is dropped is counted under its reason; its page stays in the WARC.

Pages that refuse what was asked for are known before they are read: `spiders/reading/refusal.py`.
"""

from __future__ import annotations

import re
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.article import Article
from pipelines.text.damage import damage

SHORTEST = 40
"""Ideographs of the shortest body that is an article: a brief has two sentences."""

_HAN = re.compile(r"[\u3400-\u9fff]")


def fault(article: Article, since: str | None = None) -> str | None:
    """Why this is no article to keep, in a word or two; None where it is one.

    `since` is an ISO date: what is known to be older is not asked for.
    """
    # What is lost was text: an article of question marks is kept, and `search --damaged` finds it.
    ideographs = len(_HAN.findall(article.text)) + damage(article.text)
    if not article.text.strip():
        return "no_text"
    if ideographs < SHORTEST:
        return "too_short"
    if ideographs * 4 < len(article.text):
        return "not_chinese"
    named = {"year": 4, "month": 7}.get(article.published_precision or "", 10)
    if since and article.published and article.published[:named] < since[:named]:
        return "before_since"
    return None


class CheckStage:
    """Item pipeline; drops with stats `check/<reason>`."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.since: str | None = crawler.settings.get("SINCE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        reason = fault(item, self.since)
        if reason:
            self.stats.inc_value(f"check/{reason}")
            raise DropItem(f"{reason}: {item.url}", log_level="INFO")
        return item
