"""Which addresses of articles a crawl has asked for, what came of it, and when each is worth asking again.

A visit is *open* (`due_at` null) from the answer until what it brought is kept, or until the end of a run that asked
in vain: a crawl that is stopped in between leaves it open, and the next one asks again. `key` is the address as
`archive.canonical` compares it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlite_utils import Database

from archive.article import iso_utc
from archive.writing import writing

Rhythm = Sequence[tuple[float, float]]
"""Days of age up to which an article is asked for again every so many days, rising; the last age is infinite."""

NEVER = "9999-12-31T00:00:00Z"
"""`due_at` of what does not change any more."""

SPREAD = 0.25
"""By up to this share of its interval each address is asked for later: what came in one run is not due in one."""

_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of an address."""

    key: str
    url: str
    """The address as it was asked for."""
    source: str
    """The source that asked for it first."""
    article_id: int | None
    """The article it led to; None where it brought none."""
    page_id: int | None
    """The page that last brought a body."""
    digest: str | None
    """The digest of that body; None where it cannot tell that nothing has changed."""
    etag: str | None
    last_modified: str | None
    first_asked: str
    last_asked: str
    due_at: str | None
    """When it is to be asked again; None where the visit is open."""
    missing_since: str | None
    """When it was first seen to be missing, since it last answered."""
    misses: int
    """How often it has been missing since."""
    part_of: str | None
    """The key of the page with whose article this one is read, and asked for."""
    first_miss_id: int | None
    """The page that told so at `missing_since`."""
    last_miss_id: int | None
    """The page that told so last."""
    page_url: str | None = None
    """The address that the body came from, after redirects."""

    @property
    def is_open(self) -> bool:
        return self.due_at is None


def due(asked: datetime, since: datetime, key: str, rhythm: Rhythm) -> datetime:
    """When an address that was asked for is to be asked again, its article being there `since`.

    >>> moment = datetime(2024, 9, 4, tzinfo=_CHINA)
    >>> due(moment, moment, "http://a.example/1", [(1, 0.25), (float("inf"), 30)]) - moment
    datetime.timedelta(seconds=25642, microseconds=488817)
    """
    age = (asked - since) / timedelta(days=1)
    every = next(days for up_to, days in rhythm if age <= up_to)
    share = zlib.crc32(key.encode("utf-8", "surrogatepass")) / 2**32
    return asked + timedelta(days=every * (1 + SPREAD * share))


def moment_of(published: str | None) -> datetime | None:
    """When an article came out, by its column `published`, which may end with the month or the year.

    >>> moment_of("2024-09").isoformat(), moment_of(None)
    ('2024-09-01T00:00:00+08:00', None)
    """
    if not published:
        return None
    moment = datetime.fromisoformat(published + {4: "-01-01", 7: "-01"}.get(len(published), ""))
    return moment if moment.tzinfo else moment.replace(tzinfo=_CHINA)


def find(db: Database, key: str) -> Visit | None:
    """What is known of the address with that key."""
    return _one(db, "visits.key = ?", key)


def of_page(db: Database, page_id: int) -> Visit | None:
    """The visit that brought a page."""
    return _one(db, "visits.page_id = ?", page_id)


def newest(db: Database) -> int:
    """A mark behind the visits there are."""
    return int(db.execute("select coalesce(max(rowid), 0) from visits").fetchone()[0])


def is_before(db: Database, key: str, mark: int) -> bool:
    """Whether an address had been asked for before a mark."""
    return db.execute("select 1 from visits where key = ? and rowid <= ?", [key, mark]).fetchone() is not None


def parts(db: Database, key: str) -> list[str]:
    """The addresses of the further parts of the article at an address."""
    return [str(row[0]) for row in db.execute("select url from visits where part_of = ? order by rowid", [key])]


def answered(
    db: Database, *, key: str, url: str, source: str, page_id: int, etag: str | None = None,
    last_modified: str | None = None, part_of: str | None = None,
) -> None:  # fmt: skip
    """Note that an address brought the recorded page with that id. The visit is open until `keep`."""
    page = db.table("pages").get(page_id)
    with writing(db):
        db.execute(
            "insert into visits(key, url, source, page_id, digest, etag, last_modified, first_asked, last_asked,"
            " misses, part_of)"
            " values (:key, :url, :source, :page_id, :digest, :etag, :last_modified, :at, :at, 0, :part_of)"
            " on conflict(key) do update set url = :url, page_id = :page_id, digest = :digest, etag = :etag,"
            " last_modified = :last_modified, last_asked = :at, due_at = null, part_of = :part_of",
            {
                "key": key, "url": url, "source": source, "page_id": page_id, "digest": page["digest"], "etag": etag,
                "last_modified": last_modified, "at": page["fetched_at"], "part_of": part_of,
            },
        )  # fmt: skip


def fail(db: Database, key: str, url: str, source: str, at: datetime) -> None:
    """Note that an address was asked for in vain; one that has brought a page before stays due.

    The visit is open: a run that is stopped before its further tries leaves it to the next one.
    """
    with writing(db):
        db.execute(
            "insert into visits(key, url, source, first_asked, last_asked, misses) values (?, ?, ?, ?, ?, 0)"
            " on conflict(key) do update set last_asked = excluded.last_asked, due_at = null where page_id is null",
            [key, url, source, iso_utc(at), iso_utc(at)],
        )


def forget(db: Database, key: str) -> None:
    """Forget what could tell that an address has not changed: its page is read the next time, in any case."""
    with writing(db):
        db.execute("update visits set digest = null, etag = null, last_modified = null where key = ?", [key])


def refuse(db: Database, key: str) -> None:
    """Note that an address answered with what tells nothing of its article: it was asked for in vain."""
    with writing(db):
        db.execute(
            "update visits set page_id = null, digest = null, etag = null, last_modified = null where key = ?", [key]
        )


def keep(db: Database, key: str, due_at: datetime, article_id: int | None = None, also: Sequence[str] = ()) -> bool:
    """Close the visit of an address and of its parts: what they brought is kept, in an article where they made one.

    `also` are keys of further pages that the article was joined from. Whether the article had been gone before.
    """
    with writing(db):
        if article_id is None:
            # It answers, with no article: that says neither that one is there nor that it is missing.
            db.execute("update visits set due_at = ? where key = ? or part_of = ?", [iso_utc(due_at), key, key])
            return False
        for part in also:
            db.execute("update visits set part_of = ? where key = ? and key <> ?", [key, part, key])
        db.execute(
            "update visits set article_id = :article, due_at = :due, misses = 0, missing_since = null,"
            " first_miss_id = null, last_miss_id = null where key = :key or part_of = :key",
            {"article": article_id, "due": iso_utc(due_at), "key": key},
        )
        returned = db.execute(
            "update articles set gone_at = null, gone_evidence = null where gone_at is not null and id = ?",
            [article_id],
        )
        return bool(returned.rowcount)


def stay(db: Database, visit: Visit, page_id: int, due_at: datetime) -> bool:
    """Note that an address and its parts answered as before, as the page with that id told.

    Whether its article had been gone.
    """
    at = db.table("pages").get(page_id)["fetched_at"]
    with writing(db):
        db.execute("update visits set last_asked = ? where key = ? or part_of = ?", [at, visit.key, visit.key])
        db.execute("update articles set last_fetched = max(last_fetched, ?) where id = ?", [at, visit.article_id])
        db.execute("update pages set article_id = ? where id = ?", [visit.article_id, page_id])
        return keep(db, visit.key, due_at, visit.article_id)


def left_open(db: Database, source: str, since: datetime) -> list[Visit]:
    """The visits of a source since a moment that brought no article, or no page."""
    query = f"{_SELECT} where visits.source = ? and due_at is null and last_asked >= ?"
    return [Visit(**row) for row in db.query(query, [source, iso_utc(since)])]


def waiting(db: Database, source: str, at: datetime, most: int) -> list[str]:
    """The addresses of a source that are due, the newest articles first, at most so many.

    They are those of articles, those that were asked for in vain, and those that a crawl was killed over.
    """
    rows = db.execute(
        "select visits.url from visits left join articles on articles.id = article_id where visits.source = ?"
        " and (due_at is null or due_at <= ? and (article_id is not null or visits.page_id is null))"
        " and part_of is null order by coalesce(published, first_asked) desc limit ?",
        [source, iso_utc(at), most],
    )
    return [str(row[0]) for row in rows]


def all_known(db: Database, source: str, after: int, until: int, most: int) -> tuple[list[str], int]:
    """The addresses of articles of a source between two marks, due or not, at most so many; the mark behind them."""
    rows = db.execute(
        "select url, rowid from visits where source = ? and article_id is not null and part_of is null"
        " and rowid > ? and rowid <= ? order by rowid limit ?",
        [source, after, until, most],
    ).fetchall()
    return [str(row[0]) for row in rows], int(rows[-1][1]) if rows else until


def end(db: Database, keys: Sequence[str]) -> None:
    """Never ask for these addresses again."""
    with writing(db):
        for key in keys:
            db.execute("update visits set due_at = ? where key = ?", [NEVER, key])


_COLUMNS = ", ".join(f"visits.{name}" for name in Visit.__dataclass_fields__ if name != "page_url")
_SELECT = f"select {_COLUMNS}, pages.url as page_url from visits left join pages on pages.id = page_id"  # noqa: S608


def _one(db: Database, where: str, value: object) -> Visit | None:
    row = next(db.query(f"{_SELECT} where {where}", [value]), None)
    return Visit(**row) if row else None
