"""`archive.db`: open it, save pages and articles, get them back. One writer at a time, WAL."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from archive import regions
from archive.article import Article, Page, RecordPlace, iso_utc
from archive.canonical import key
from archive.placing import Parts, place, save_parts
from archive.readings import PARTS
from archive.schema import migrations
from archive.search.bigrams import tokens
from archive.search.query import parse
from archive.stories import catch_up, joining
from archive.writing import writing

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""


class ArchiveError(Exception):
    """The archive cannot be opened; the message says which file and what to do."""


def open_archive(folder: Path, *, must_exist: bool = False) -> Database:
    """The archive under a data folder, made or brought up to date as needed.

    Raises ArchiveError where there is none and `must_exist`, or where the file is no database.
    """
    path = folder / "archive.db"
    if must_exist and not path.exists():
        raise ArchiveError(f"{path}: no archive there yet; run `zhaoshang demo` or `zhaoshang crawl`, or give --data")
    connection = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        connection.execute("pragma synchronous = normal")
        # 64 MB: the bands of new texts lie all over their table, and SQLite's own 2 MB would be read again for each.
        connection.execute("pragma cache_size = -64000")
        connection.execute("pragma foreign_keys = on")
        # Without it a row that gives way to a REPLACE would not fire the trigger that takes it out of the index.
        connection.execute("pragma recursive_triggers = on")
        db = Database(connection)
        register_functions(connection)
        db.enable_wal()
        migrations.apply(db)
        regions.fill(db)
        catch_up(db)
    except (sqlite3.Error, OSError) as error:
        if connection:
            connection.close()
        raise ArchiveError(f"{path}: not usable as an archive: {error}; give another --data folder") from error
    return db


def register_functions(connection: sqlite3.Connection) -> None:
    """Make `tokens` and `query_found_in` known to SQL: the index and its triggers are written in them."""
    connection.create_function("tokens", 1, tokens, deterministic=True)
    connection.create_function("query_found_in", 3, _query_found_in, deterministic=True)


_parsed = lru_cache(maxsize=64)(parse)


def _query_found_in(words: str, title: str | None, text: str | None) -> bool:
    return _parsed(words).found_in(title, text)


def inserted_id(table: Table) -> int:
    """The integer key of the row just inserted."""
    assert isinstance(table.last_pk, int)
    return table.last_pk


def earlier_page(db: Database, url: str, digest: str) -> tuple[int, str] | None:
    """Id and time of the page that recorded the same payload at the same address, if one did."""
    row = db.execute(
        "select id, fetched_at from pages where url = ? and digest = ? and revisit_of is null order by id desc limit 1",
        [url, digest],
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def save_page(
    db: Database,
    page: Page,
    place: RecordPlace,
    run_id: int | None,
    *,
    revisit_of: int | None = None,
    import_id: int | None = None,
) -> int:
    """Enter a response that has been written to WARC; its id in `pages`."""
    row = {
        "run_id": run_id,
        "url": page.url,
        "fetched_at": iso_utc(page.fetched_at),
        "status": page.status,
        "content_type": page.content_type,
        "charset": page.charset,
        "charset_evidence": page.charset_evidence,
        "damaged": page.damaged,
        "digest": page.digest,
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "revisit_of": revisit_of,
        "import_id": import_id,
    }
    return inserted_id(db.table("pages").insert(row))


def enter_import(db: Database, run_id: int, file: str, size: int, sha256: str) -> int:
    """Enter a WARC file that pages are taken out of; its id in `imports`. The digest is hexadecimal."""
    row = {"run_id": run_id, "file": file, "size": size, "sha256": sha256}
    return inserted_id(db.table("imports").insert(row))


def save_charset(db: Database, page: Page) -> None:
    """Add to a recorded page's row what its bytes turned out to be."""
    assert page.id is not None
    row = {"charset": page.charset, "charset_evidence": page.charset_evidence, "damaged": page.damaged}
    db.table("pages").update(page.id, row)


def place_of(db: Database, page_id: int) -> RecordPlace:
    """Where the WARC record with the payload of a page stands."""
    row = db.table("pages").get(page_id)
    if row["revisit_of"]:
        row = db.table("pages").get(row["revisit_of"])
    return RecordPlace(row["warc_file"], row["warc_offset"], row["warc_length"])


def save(db: Database, article: Article) -> Article:
    """Store a reading of an article: new, changed (there is one version more) or unchanged.

    The newest reading is the current one, the others are in `revisions`, in whatever order they come.

    All of it in one transaction. What comes back has id, version and outcome.
    """
    with writing(db):
        row, parts = _row(article), _parts(article)
        former = next(db.query("select * from articles where url = ?", [article.url]), None)
        if former is None:
            # An archive that is made again gives its articles the ids under which they are cited.
            given = {"id": article.id or next_id(db)}
            article_id, version, outcome = inserted_id(db.table("articles").insert(given | row)), 1, "new"
            save_parts(db, article_id, parts)
            joining.join(db, article_id)
        else:
            article_id = int(former["id"])
            version, outcome = place(db, former, row, parts)
        db.execute("update pages set article_id = ? where id = ?", [article_id, article.page.id])
        return replace(article, id=article_id, version=version, outcome=outcome)


def next_id(db: Database) -> int:
    """The id of a further article: one that none has, and that none had which was forgotten."""
    query = "select max(id) from (select max(id) as id from articles union all select max(article_id) from forgotten)"
    return 1 + int(db.execute(query).fetchone()[0] or 0)


def delete(db: Database, article_id: int) -> None:
    """Take an article and all that hangs on it out of the database. Its WARC records stay."""
    with writing(db):
        article = db.table("articles").get(article_id)
        left = joining.leave(db, article_id)
        if left is not None:
            joining.end(db, left, article_id, article["last_fetched"])
        for table in ("visits", "pages"):
            db.execute(f"update {table} set article_id = null where article_id = ?", [article_id])  # noqa: S608
        for table in (*PARTS, "revisions", "addresses"):
            db.table(table).delete_where("article_id = ?", [article_id])
        db.table("articles").delete(article_id)


def index_faults(db: Database) -> list[str]:
    """What is wrong between `articles` and `articles_fts`, a sentence each; nothing where the index is true.

    Not to be called inside a transaction.
    """
    db.execute("create virtual table if not exists temp.index_terms using fts5vocab(main, articles_fts, instance)")
    db.execute("create temp table if not exists expected(doc, col, offset, term)")
    try:
        for row in db.query("select * from articles"):
            title = "\n".join(row[column] for column in ("kicker", "title", "subtitle") if row[column] is not None)
            db.conn.executemany(
                "insert into temp.expected values (?, ?, ?, ?)",
                [
                    (row["id"], column, offset, term)
                    for column, value in (("title", title), ("text", row["text"]))
                    for offset, term in enumerate(tokens(value).split())
                ],
            )
        return [
            f"article {doc}: {term!r} of {column} is {what}"
            for what, first, second in (
                ("in the index, not in the table", "temp.index_terms", "temp.expected"),
                ("in the table, not in the index", "temp.expected", "temp.index_terms"),
            )
            for doc, column, _, term in db.execute(
                f"select doc, col, offset, term from {first}"  # noqa: S608
                f" except select doc, col, offset, term from {second} limit 20"
            )
        ]
    finally:
        db.conn.rollback()
        db.execute("drop table if exists temp.expected")


def _row(article: Article) -> dict[str, Any]:
    fetched = iso_utc(article.page.fetched_at)
    return {
        "url": article.url,
        "address_key": key(article.url),
        "source": article.source,
        "kicker": article.kicker,
        "title": article.title,
        "subtitle": article.subtitle,
        "original_title": article.original_title,
        "text": article.text,
        "published": article.published,
        "published_precision": article.published_precision,
        "published_evidence": article.published_evidence,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "roles": json.dumps(article.roles, ensure_ascii=False),
        "keywords": json.dumps(article.keywords, ensure_ascii=False),
        "speakers": json.dumps(article.speakers, ensure_ascii=False),
        "byline": article.raw_byline,
        "raw_date": article.raw_date,
        "raw_origin": article.raw_origin,
        "editor": article.editor,
        "origin": article.origin,
        "origin_via": article.origin_via,
        "section": article.section,
        "region_code": article.region,
        "region_evidence": article.region_evidence,
        "script": article.script,
        "reading": article.reading,
        "provenance": json.dumps(article.provenance, ensure_ascii=False),
        "charset": article.page.charset,
        "damage": article.damage,
        "first_fetched": fetched,
        "last_fetched": fetched,
        "version": 1,
        "page_id": article.page.id,
    }


def _parts(article: Article) -> Parts:
    """The rows of an article in the tables of its parts, without its id."""
    return {
        table: [{"position": place, **asdict(part)} for place, part in enumerate(getattr(article, field), 1)]
        for table, field in PARTS.items()
    }
