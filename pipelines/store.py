"""Keep an article: new, changed or unchanged."""

from __future__ import annotations

from archive.article import Article
from archive.database import save
from pipelines.with_archive import WithArchive


class StoreStage(WithArchive):
    """Item pipeline; stats `store/new`, `store/changed`, `store/unchanged`. Each article is one transaction."""

    def process_item(self, item: Article) -> Article:
        stored = save(self.db, item)
        self.stats.inc_value(f"store/{stored.outcome}")
        return stored
