"""What a spider knows of earlier crawls, out of the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector
from sqlite_utils import Database

from archive import gone, issues, runs, visits
from archive.article import Article, utc_now
from archive.canonical import key
from archive.forgetting import is_barred
from archive.visits import Visit
from pipelines.recall import is_incomplete
from pipelines.text.dates import CHINA
from spiders.families.memory import Memory
from spiders.reading.links import is_on

_JOINED = re.compile(r"joined with (\S+?)(?=,|$)")
"""Where the rule of a text says which other pages of an issue it goes on."""


class Remembered(Memory):
    """The memory of one source; stats `again/unchanged`, `missing`, `soft_404`, `gone`, `returned`.

    Due is what is due when the run begins. With the setting AGAIN all known articles are.
    """

    def __init__(
        self, db: Database, source: str, hosts: Iterable[str], settings: BaseSettings, stats: StatsCollector
    ) -> None:
        self.db = db
        self.source = source
        self.hosts = tuple(hosts)
        self.stats = stats
        self.now = utc_now()
        self.rhythm: visits.Rhythm = settings["RECHECK"]
        self.gone_after = timedelta(days=settings.getfloat("GONE_AFTER"))
        self.again = settings.getbool("AGAIN")
        self.unchanged: set[int] = set()
        self.alike: dict[str, int] = {}
        # Only what earlier runs have asked for is known: what two lists show for the first time is new in both.
        self.mark = visits.newest(db)
        last = runs.last_whole(db, source)
        self.read_until = datetime.fromisoformat(last).astimezone(CHINA).date().isoformat() if last else None

    def visit(self, url: str) -> Visit | None:
        """What is known of an address."""
        return visits.find(self.db, key(url))

    def is_due(self, url: str) -> bool:
        if is_barred(self.db, url):
            self.stats.inc_value("forgotten/requests")
            return False
        visit = None if self.again else self.visit(url)
        if visit and visit.part_of:
            visit = visits.find(self.db, visit.part_of) or visit
        if visit is None or visit.due_at is None:
            return True
        # What was asked for in this run is no news to Scrapy, and is not counted as left.
        asked_now = datetime.fromisoformat(visit.last_asked) >= self.now
        return asked_now or datetime.fromisoformat(visit.due_at) <= self.now

    def has_all(self, urls: Iterable[str]) -> bool:
        if self.read_until is None:
            return False
        # What lies elsewhere is never asked for.
        own = [url for url in urls if not self.hosts or is_on(url, self.hosts)]
        return bool(own) and all(
            visits.is_before(self.db, key(url), self.mark) or is_barred(self.db, url) for url in own
        )

    def parts(self, url: str) -> tuple[str, ...]:
        return tuple(visits.parts(self.db, key(url)))

    def answered_alike(self, url: str, page_id: int) -> None:
        """An address brought what it had brought before, in the recorded page with that id."""
        self.alike[key(url)] = page_id

    def stays(self, url: str) -> None:
        visit, page_id = self.visit(url), self.alike.pop(key(url), None)
        if visit is None or page_id is None:
            return
        returned = visits.stay(self.db, visit, page_id, self._due(visit, self._published(visit)))
        article = visit.article_id
        if article is not None and article not in self.unchanged:
            # Once, under however many addresses.
            self.unchanged.add(article)
            self.stats.inc_value("again/unchanged")
        self._count_returned(returned)

    def refused(self, url: str, response: Response, cause: str | None) -> None:
        page_id: int | None = response.meta.get("page_id")
        if cause == "not_found" and page_id is not None:
            visit = self.visit(url)
            if visit and visit.article_id is not None:
                self.stats.inc_value("again/soft_404")
            self.missed(url, page_id)
        elif cause:
            visits.refuse(self.db, key(url))

    def missed(self, url: str, page_id: int) -> None:
        """An address is missing: 404, 410, a page that says so, or a redirect to the front page."""
        visit = self.visit(url)
        due_at = self._due(visit, self._published(visit)) if visit else self._first_due(url)
        became = gone.miss(self.db, key(url), url, self.source, page_id, span=self.gone_after, due_at=due_at)
        if became:
            self.stats.inc_value(f"again/{became}")

    def failed(self, url: str) -> None:
        """An address was asked for in vain: it may not be asked for, the site is not there, or says that it is busy."""
        visits.fail(self.db, key(url), url, self.source, utc_now())

    def kept(self, article: Article, article_id: int | None) -> None:
        """What a page brought has been kept, in an article where it made one."""
        visit = visits.of_page(self.db, article.page.id) if article.page.id is not None else None
        if visit is None:
            return
        head = visits.find(self.db, visit.part_of) if visit.part_of else visit
        head = head or visit
        joined = [key(url) for url in _JOINED.findall(article.provenance.get("text", ""))]
        # Pages that are read together cannot say alone that nothing has changed, nor can one that lost its article.
        together = joined or is_incomplete(article.provenance) or (article_id is None and head.article_id is not None)
        for each in (head.key, *joined) if together else ():
            visits.forget(self.db, each)
        due = self._due(head, article.published)
        self._count_returned(visits.keep(self.db, head.key, due, article_id, joined))

    def article_at(self, url: str) -> int | None:
        """The article at an address, or at one that the address is a further one of."""
        row = self.db.execute(
            "select id from articles where url = :url union all select article_id from addresses where url = :url",
            {"url": url},
        ).fetchone()
        return int(row[0]) if row else None

    def issue_came(self, paper: str, day: date, urls: Iterable[str]) -> None:
        keys = list(dict.fromkeys(key(url) for url in urls if not is_barred(self.db, url)))
        # An article that was asked for in vain, in this run or the one before, is still to come.
        if not all((visit := visits.find(self.db, each)) and visit.page_id for each in keys):
            return
        run_id = self.stats.get_value("run/id")
        issues.complete(self.db, self.source, paper, day, keys, run_id=run_id, at=utc_now())

    def has_issue(self, paper: str, day: date) -> bool:
        return not self.again and issues.is_complete(self.db, self.source, paper, day)

    def close(self, failed: set[int]) -> None:
        """At the end of a run: what was asked for in vain, or brought no article, is due in time.

        Pages that could not be read or stored stay open.
        """
        for visit in visits.left_open(self.db, self.source, self.now):
            if visit.page_id not in failed and visit.part_of is None:
                visits.keep(self.db, visit.key, self._due(visit, None))

    def _due(self, visit: Visit, published: str | None) -> datetime:
        since = visits.moment_of(published) or datetime.fromisoformat(visit.first_asked)
        return visits.due(utc_now(), since, visit.key, self.rhythm)

    def _first_due(self, url: str) -> datetime:
        return visits.due(utc_now(), utc_now(), key(url), self.rhythm)

    def _published(self, visit: Visit) -> str | None:
        if visit.article_id is None:
            return None
        published: str | None = self.db.table("articles").get(visit.article_id)["published"]
        return published

    def _count_returned(self, returned: bool) -> None:
        if returned:
            self.stats.inc_value("again/returned")
