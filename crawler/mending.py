"""What the run before has left behind is mended before a further one begins."""

from __future__ import annotations

import logging

from scrapy import Spider

from archive import forgetting
from archive.mending import Mended, heal, mend
from crawler.reasons import DISK
from pipelines.with_archive import WithArchive

logger = logging.getLogger(__name__)


class MendingExtension(WithArchive):
    """To stand before the one that begins the run; it counts on nobody else crawling the source.

    Stats `mending/torn`, `mending/entered`, `mending/lost`, `mending/damaged`: torn WARC files that were cut, records
    that had no page, pages whose record is gone, WARC files damaged before their last record.
    """

    def opened(self, spider: Spider) -> None:
        super().opened(spider)
        for left in forgetting.unfinished(self.db):
            # Half a tombstone is no torn record.
            forgetting.overwrite(self.db, self.folder / "warc", left)
        self.mended = mended = mend(self.db, self.folder / "warc", spider.name, broken=DISK)
        if mended != Mended():
            logger.warning("%s: mended what the run before has left: %s", spider.name, mended)
        for key, times in (
            ("torn", len(mended.torn)), ("entered", mended.entered), ("lost", len(mended.lost)),
            ("damaged", len(mended.damaged)),
        ):  # fmt: skip
            if times:
                self.stats.set_value(f"mending/{key}", times)

    def closed(self, spider: Spider, reason: str) -> None:
        if self.mended.lost:
            self.stats.set_value("mending/healed", heal(self.db, self.mended.lost))
        super().closed(spider, reason)
