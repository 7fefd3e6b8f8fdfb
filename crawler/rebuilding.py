"""Read the pages of an archive again out of its own WARC files, as they were read when they came in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response

from archive import warc
from archive.article import Article
from archive.database import open_archive, place_of
from archive.recovery import IDS, READ
from archive.writing import writing
from crawler.kept import FEEDS, Kept, UnreadableFileError
from crawler.replay import KeptPages, answer
from crawler.telling import Telling
from pipelines.with_archive import WithArchive
from spiders.families.base import Family

_ROWS = f"""
select pages.id, url, fetched_at, status, content_type, revisit_of, source, accounted,
    {READ}.article_id as was
from pages join runs on runs.id = run_id left join {READ} on {READ}.id = pages.id where run_id = ? order by pages.id
"""  # noqa: S608

_AS_BEFORE = f"""
select 1 from articles join pages as last on last.id = articles.page_id
where articles.id = :was and :revisit_of in (last.id, last.revisit_of)
    and not exists (select 1 from {READ} where article_id = :was and not whole)
"""  # noqa: S608

Row = dict[str, Any]


class NotAllReadError(Exception):
    """The pages were not all read again, as after Ctrl-C: what there is of the archive is not to be used."""

    def __init__(self) -> None:
        super().__init__("stopped before all pages were read; archive.db is as it was")


class RebuiltPages(KeptPages):
    """A spider over the rows of `pages`, one run after the other; stat `rebuild/complete` once all runs were read.

    Pages that were read as an article are read again. What lists told of them is asked of the lists of their run.
    """

    name = "rebuild"

    def __init__(self, folder: Path, warc_folder: Path, **kwargs: Any) -> None:
        super().__init__([], **kwargs)
        self.warc_folder = warc_folder
        self.db = open_archive(folder)
        self.runs = iter([row[0] for row in self.db.execute("select id from runs order by id").fetchall()])
        self.run_id = 0

    async def start(self) -> AsyncIterator[Request]:
        # Before `idle` is: of one signal families hear first, and let out what has waited for the run before.
        for row in list(self.db.query("select distinct source, url from pages join runs on runs.id = run_id")):
            self.family_for(row)
        self.crawler.signals.connect(self.idle, signals.spider_idle)
        return
        yield  # all requests come from there

    def idle(self) -> None:
        """A run is read when the one before is over: parts of its newspaper issues may have waited for each other."""
        if any(getattr(family, "coming", None) for family in self.families.values()):
            # They let them out now.
            raise DontCloseSpider
        for run_id in self.runs:
            if requests := list(self.requests(run_id)):
                for request in requests:
                    self.crawler.engine.crawl(request)
                raise DontCloseSpider
        self.crawler.stats.set_value("rebuild/complete", value=True)

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy calls it
        self.db.close()

    def requests(self, run_id: int) -> Iterator[Request]:
        """Those for the pages of a run, the first one first."""
        self.run_id, self.telling = run_id, Telling()
        for row in list(self.db.query(_ROWS, [run_id])):
            if row["was"] and self.is_as_before(row):
                self.stay(row)
            elif row["was"] or not row["accounted"]:
                yield Request(row["url"], dont_filter=True, meta={"row": row}, priority=-row["id"])
            if not row["was"]:
                self.hear(row)
        self.telling.end_run()

    def is_as_before(self, row: Row) -> bool:
        """Whether a page brought what all of its article was read from: a crawl does not read that again, either."""
        return row["revisit_of"] is not None and self.db.execute(_AS_BEFORE, row).fetchone() is not None

    def stay(self, row: Row) -> None:
        """Note that an article was seen again as it was."""
        with writing(self.db):
            self.db.execute("update pages set article_id = :was where id = :id", row)
            self.db.execute("update articles set last_fetched = max(last_fetched, :fetched_at) where id = :was", row)

    def hear(self, row: Row) -> None:
        """Remember what a page tells of articles, if it is a list."""
        family = self.family_for(row)
        readable = row["content_type"].startswith("text/") or FEEDS.match(row["content_type"])
        if family.tells and (readable or 300 <= row["status"] < 400):
            with suppress(UnreadableFileError, IgnoreRequest):
                self.telling.hear(family, self.kept(row))

    def kept(self, row: Row) -> Kept:
        """The page of a row, with the payload that it had. Raises IgnoreRequest where its record cannot be read.

        That is counted: `rebuild/unreadable`.
        """
        try:
            record = warc.read(self.warc_folder, place_of(self.db, row["id"]))
        except warc.WarcError as error:
            self.crawler.stats.inc_value("rebuild/unreadable")
            raise IgnoreRequest(str(error)) from error
        fetched_at = datetime.fromisoformat(row["fetched_at"])
        return Kept(
            row["url"], record.body, fetched_at, record.status, record.headers, is_truncated=record.is_truncated
        )

    def family_for(self, row: Row) -> Family:
        """That of the run's source; of an import, that of the page's host, or one without rules."""
        name = row["source"]
        if name not in self.families:
            known = self.registry.sources.get(name)
            self.families[name] = self.spider_for(known) if known else self.general_of(name)
        own = self.families[name]
        assert own is not None
        return own if name in self.registry.sources else self.family_of(row["url"]) or own

    def parse(self, response: Response, **known: Any) -> Iterator[Article | Request]:
        row: Row = response.meta["row"]
        family = self.family_for(row)
        if row["was"]:
            yield from family.read(response, **self.telling.of(response.url))
        else:
            self.family = family
            yield from super().parse(response, **known)


class RecordedMiddleware(WithArchive):
    """Answers a request by the page of its row, one for more of an article by the page of the same run."""

    def opened(self, spider: RebuiltPages) -> None:  # type: ignore[override]
        super().opened(spider)
        self.spider = spider

    def process_request(self, request: Request) -> Response:
        row: Row | None = request.meta.get("row")
        if row is None:
            query = (
                "select * from pages where url = ? and run_id <= ? and status in (200, 304) order by run_id desc, id"
            )
            row = next(self.db.query(query, [request.url, self.spider.run_id]), None)
        if row is None:
            raise IgnoreRequest("not among the pages of the archive")
        page = self.spider.kept(row)
        request.meta.update(kept=page, recorded_at=page.fetched_at, page_id=row["id"])
        return answer(page)


class RestoreIdStage(WithArchive):
    """Item pipeline: an article gets the id that it had."""

    def process_item(self, item: Article) -> Article:
        row = self.db.execute(f"select id from {IDS} where url = ?", [item.url]).fetchone()  # noqa: S608
        return replace(item, id=row[0] if row else self.next_id())

    def next_id(self) -> int:
        """One that no article has, or had."""
        query = f"select max(coalesce((select max(id) from {IDS}), 0), coalesce((select max(id) from articles), 0)) + 1"  # noqa: S608
        return int(self.db.execute(query).fetchone()[0])
