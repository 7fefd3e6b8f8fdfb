"""What the log says of articles: their addresses. The texts are in the archive, where they can be forgotten."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult


class AddressLogFormatter(LogFormatter):
    """Scrapy's own would put whole articles, and whole pages, into the log."""

    def scraped(self, item: Any, *others: Any) -> LogFormatterResult:
        return super().scraped(item.url, *others)

    def dropped(self, item: Any, *others: Any) -> LogFormatterResult:
        return super().dropped(item.url, *others)

    def item_error(self, item: Any, *others: Any) -> LogFormatterResult:
        return super().item_error(item.url, *others)
