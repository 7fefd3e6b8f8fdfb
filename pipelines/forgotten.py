"""What was forgotten does not come back under an address that leads to it."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from archive.article import Article
from archive.forgetting import is_barred
from pipelines.with_archive import WithArchive


class ForgottenStage(WithArchive):
    """Item pipeline, before anything is done to an article; stats `forgotten/articles`."""

    def process_item(self, item: Article) -> Article:
        if is_barred(self.db, item.url) or is_barred(self.db, item.page.url):
            self.stats.inc_value("forgotten/articles")
            raise DropItem(f"forgotten: {item.url}", log_level="INFO")
        return item
