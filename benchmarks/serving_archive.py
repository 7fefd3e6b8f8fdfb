"""An archive for readers under load, and a crawl that goes on writing into it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from archive.article import Article, Page, RecordPlace, utc_now
from archive.database import open_archive, save, save_page
from archive.writing import writing
from benchmarks.copies.corpus import Corpus, Item, stream

BATCH = 2000
A_SECOND = 20
"""Articles that the crawl saves a second: several polite sources at once."""
PAPERS = 400


def fill(data: Path, built: Corpus) -> None:
    """Store a corpus with the stories that are known of it: finding them is not what is measured here."""
    with closing(open_archive(data)) as db:
        page_id = save_page(db, _page(), RecordPlace("-", 0, 0), None)
        # Stories come after their articles here.
        db.execute("pragma foreign_keys = off")
        items = stream(built.path, built.order)
        while batch := list(islice(items, BATCH)):
            with writing(db):
                for item in batch:
                    day, source = _day(item), f"paper{item.number % PAPERS}"
                    db.conn.execute(
                        "insert into articles(id, url, source, title, text, published, published_precision, damage,"
                        " first_fetched, last_fetched, version, page_id, authors, story_id, fingerprint_id)"
                        " values (?, ?, ?, ?, ?, ?, 'day', 0, ?, ?, 1, ?, '[]', ?, ?)",
                        [
                            item.number + 1, f"http://{source}.example/{item.number}", source, item.title, item.text,
                            f"{day}T00:00:00+08:00", f"{day}T08:00:00Z", f"{day}T08:00:00Z", page_id, item.family + 1,
                            item.number + 1,
                        ],
                    )  # fmt: skip
        with writing(db):
            db.conn.execute(
                "insert into stories(id, best_id, first_id, first_published, copies, sources)"
                " select story_id, story_id, story_id, min(published), count(*), count(distinct source)"
                " from articles group by story_id"
            )
            db.conn.execute(
                "insert into copies(article_id, story_id, kind, like_id, resemblance, containment, evidence)"
                " select articles.id, story_id, iif(articles.id = story_id, 'same', 'reprint'), story_id, 1, 1, '-'"
                " from articles join stories on stories.id = story_id where copies > 1"
            )
            db.conn.execute(
                "insert or ignore into sources(id, name)"
                " select distinct source, '第' || substr(source, 6) || '日报' from articles"
            )
        db.execute("analyze")


@contextmanager
def save_steadily(data: Path, built: Corpus) -> Iterator[None]:
    """A process that saves new articles meanwhile."""
    context = get_context("spawn")
    stop = context.Event()
    process = context.Process(target=_save_on, args=(data, built.path, built.order, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def _save_on(data: Path, path: Path, order: Path, stop: object) -> None:
    with closing(open_archive(data)) as db:
        page = Page("http://new.example/", "", utc_now(), digest="sha1:-")
        page_id = save_page(db, page, RecordPlace("-", 0, 0), None)
        for item in stream(path, order):
            if stop.wait(1 / A_SECOND):  # type: ignore[attr-defined]
                return
            began = time.perf_counter()
            page = Page(f"http://new.example/{item.number}", "", utc_now(), digest="sha1:-", id=page_id)
            save(db, Article(page.url, "new", page, title=f"新{item.title}", text=f"又讯：{item.text}"))
            assert time.perf_counter() - began < 60


def _page() -> Page:
    return Page("http://a.example/", "", utc_now(), digest="sha1:-")


def _day(item: Item) -> str:
    return f"{2012 + item.number % 14}-{item.number // 14 % 12 + 1:02}-{item.number // 168 % 28 + 1:02}"
