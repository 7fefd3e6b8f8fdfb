"""Keep the same article once: same source, same headline and text under a second address."""

from __future__ import annotations

from dataclasses import replace

from scrapy.exceptions import DropItem

from archive.addresses import add_address, article_at, twin_of
from archive.article import Article
from pipelines.with_archive import WithArchive


class DeduplicateStage(WithArchive):
    """Item pipeline; stats `deduplicate/same_content`. The second address is remembered in `addresses`.

    The same text in another source is a reprint: it is kept, and shares its story.
    """

    def process_item(self, item: Article) -> Article:
        known = article_at(self.db, item.url)
        if known == item.url:
            return item
        twin = twin_of(self.db, item)
        if twin is None:
            # A correction may be read at a further address first: it is a new version of the article known there.
            return replace(item, url=known or item.url)
        add_address(self.db, item, twin)
        self.stats.inc_value("deduplicate/same_content")
        raise DropItem(f"same_content: {item.url} is article {twin[0]}", log_level="INFO")
