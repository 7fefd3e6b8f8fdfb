"""Keep an article: new, changed or unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.article import Article
from archive.database import open_archive, save


class StoreStage:
    """Item pipeline; stats `store/new`, `store/changed`, `store/unchanged`. Each article is one transaction."""

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
        stored = save(self.db, item)
        self.stats.inc_value(f"store/{stored.outcome}")
        return stored
