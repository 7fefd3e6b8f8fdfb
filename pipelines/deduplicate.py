"""Keep the same article once: under a second address of its page, or with the same headline and text elsewhere."""

from __future__ import annotations

from dataclasses import replace

from scrapy.exceptions import DropItem

from archive.addresses import add_address, is_view, known_at, twin_of
from archive.article import Article
from archive.canonical import key
from pipelines.with_archive import WithArchive


class DeduplicateStage(WithArchive):
    """Item pipeline; stats `deduplicate/same_content`. Second addresses are remembered in `addresses`.

    The same text in another source is a reprint: it is kept, and shares its story.
    """

    def process_item(self, item: Article) -> Article:
        known = known_at(self.db, item.url)
        if known and known[1] == item.url:
            return item
        # The same page, by https now or without www.: a reading of its article as any other. One of a view for phones
        # or paper may know less than the page itself, and is none as long as it says the same.
        if known and key(known[1]) == key(item.url) and not is_view(item.url):
            return replace(item, url=add_address(self.db, item, known))
        twin = twin_of(self.db, item)
        if twin is None:
            # A correction may be read at a further address first: it is a new version of the article known there.
            return replace(item, url=known[1] if known else item.url)
        add_address(self.db, item, twin)
        self.stats.inc_value("deduplicate/same_content")
        raise DropItem(f"same_content: {item.url} is article {twin[0]}", log_level="INFO")
