"""Searching: hits against a scan of the texts, and milliseconds, beside the tokenizers that SQLite brings."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.table import Table
from sqlite_utils import Database

from archive.article import Article, Page, RecordPlace, utc_now
from archive.database import open_archive, save, save_page
from archive.search import find, parse
from archive.search.folding import fold
from crawler.demo.sample import load

QUERIES = (
    "招商 招商引资 招商引資 签约 亿元 营商环境 项目 港 园区 飞地经济".split()
    + "产业链 高新区 开工 1—6月 14.9% 氢能 冷链 土地 审批 人才".split()
)
COPIES = 10
"""The sample articles are entered so many times, so that there is something to search in."""

Search = Callable[[str], set[int]]


def archive(folder: Path) -> Database:
    """An archive of the sample articles."""
    db = open_archive(folder)
    page = Page("http://a.example/", "", utc_now(), digest="sha1:-")
    page = replace(page, id=save_page(db, page, RecordPlace("-", 0, 0), None))
    with db.atomic():
        for copy in range(COPIES):
            for number, article in enumerate(load()):
                url = f"http://a.example/{copy}/{number}"
                save(db, Article(url, article.site, page, title=article.title, text=article.text))
    return db


def stock(db: Database, tokenizer: str) -> Search:
    """Datasette's own search over a stock index of the same rows."""
    name = f"stock_{tokenizer}"
    db.execute(f"create virtual table {name} using fts5(title, text, content='articles', tokenize='{tokenizer}')")
    db.execute(f"insert into {name}({name}) values ('rebuild')")

    def search(words: str) -> set[int]:
        quoted = '"' + words.replace('"', '""') + '"'
        return {row[0] for row in db.execute(f"select rowid from {name} where {name} match ?", [quoted])}

    return search


def table() -> Table:
    with tempfile.TemporaryDirectory() as folder:
        db = archive(Path(folder))
        rows = db.execute("select id, title, text from articles").fetchall()
        folded = [(row[0], fold(f"{row[1]}\n{row[2]}")) for row in rows]
        peers: dict[str, Search] = {
            "zhaoshang": lambda words: {hit.id for hit in find(db, parse(words), limit=None)[1]},
            "FTS5 unicode61": stock(db, "unicode61"),
            "FTS5 trigram": stock(db, "trigram"),
        }
        truth = {words: {number for number, text in folded if fold(words) in text} for words in QUERIES}
        shown = Table(title=f"searching {len(rows)} articles, {len(QUERIES)} queries (SQLite {sqlite3.sqlite_version})")
        for header in ("", "queries with exactly the right hits", "share of right hits found", "ms, all hits, mean"):
            shown.add_column(header, justify="right" if header else "left")
        for peer, search in peers.items():
            begun = time.perf_counter()
            found = {words: search(words) for words in QUERIES}
            seconds = time.perf_counter() - begun
            right = sum(found[words] == truth[words] for words in QUERIES)
            share = sum(len(found[w] & truth[w]) for w in QUERIES) / sum(map(len, truth.values()))
            shown.add_row(peer, f"{right}/{len(QUERIES)}", f"{share:.3f}", f"{1000 * seconds / len(QUERIES):.1f}")
        db.close()
        return shown
