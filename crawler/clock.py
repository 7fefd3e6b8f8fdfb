"""A clock that was set back is said: what is read by it counts as older than what was read before."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapy import Spider

from archive import runs
from archive.article import iso_utc, utc_now
from pipelines.with_archive import WithArchive

TOLERANCE = timedelta(minutes=1)
"""Clocks that are set by others go back a little, time and again."""


class ClockExtension(WithArchive):
    """To stand before the one that begins the run; stats `clock/now`, `clock/before`, where the clock was set back."""

    def opened(self, spider: Spider) -> None:
        super().opened(spider)
        before, now = runs.last_begun(self.db, spider.name), utc_now()
        if before and now < datetime.fromisoformat(before) - TOLERANCE:
            self.stats.set_value("clock/now", iso_utc(now))
            self.stats.set_value("clock/before", before)
