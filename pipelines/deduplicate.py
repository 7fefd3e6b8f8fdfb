"""Keep the same article once: same source, same headline and text under a second address."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.addresses import add_address, twin_of
from archive.article import Article
from archive.database import open_archive


class DeduplicateStage:
    """Item pipeline; stats `deduplicate/same_content`. The second address is remembered in `addresses`.

    The same text in another source is a reprint: it is kept, and shares its story.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.folder = Path(crawler.settings["DATA_DIR"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def open_spider(self) -> None:
        self.db = open_archive(self.folder)

    def close_spider(self) -> None:
        self.db.close()

    def process_item(self, item: Article) -> Article:
        twin = twin_of(self.db, item)
        if twin is None:
            return item
        add_address(self.db, item, twin)
        self.stats.inc_value("deduplicate/same_content")
        raise DropItem(f"same_content: {item.url} is article {twin[0]}", log_level="INFO")
