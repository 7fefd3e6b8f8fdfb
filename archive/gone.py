"""What is gone from its site: marked when it has been missing twice, some time apart, and never removed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from archive import visits
from archive.article import iso_utc
from archive.database import writing

BEFORE = timedelta(minutes=10)
"""A redirect came no longer before what it led to: at a slow site's pace, with retries."""


def miss(
    db: Database, key: str, url: str, source: str, page_id: int, *, span: timedelta, due_at: datetime
) -> str | None:
    """Note that an address is missing, as the recorded page with that id told.

    `missing` where this is the first time for the address of an article, `gone` where the article now is gone: missing
    twice, the second time at least `span` after the first, and at each further address of it, too. Until that is known
    its addresses are due after the span, then at `due_at`.
    """
    at = db.table("pages").get(page_id)["fetched_at"]
    with writing(db):
        db.execute(
            "insert into visits(key, url, source, page_id, first_asked, last_asked, missing_since, misses)"
            " values (:key, :url, :source, :page_id, :at, :at, :at, 1)"
            " on conflict(key) do update set last_asked = :at, missing_since = coalesce(missing_since, :at),"
            " misses = misses + 1, digest = null, etag = null, last_modified = null",
            {"key": key, "url": url, "source": source, "page_id": page_id, "at": at},
        )
        visit = visits.find(db, key)
        assert visit is not None
        assert visit.missing_since is not None
        proven = datetime.fromisoformat(visit.missing_since) + span
        is_proven = visit.misses > 1 and at >= iso_utc(proven)
        waits = visit.article_id is not None and visit.part_of is None and not is_proven
        due = iso_utc(proven if waits else due_at)
        db.execute("update visits set due_at = ? where key = ?", [due, key])
        if visit.article_id is None or visit.part_of is not None:
            return None
        if not is_proven:
            # Its other addresses have to say the same.
            db.execute(
                "update visits set due_at = min(due_at, :at) where article_id = :article and key <> :key"
                " and part_of is null and misses = 0",
                {"article": visit.article_id, "key": key, "at": at},
            )
            return "missing" if visit.misses == 1 else None
        if _answers_elsewhere(db, visit.article_id, key, iso_utc(datetime.fromisoformat(at) - span)):
            return None
        told = _evidence(db, visit.url, visit.missing_since, at)
        marked = db.execute(
            "update articles set gone_at = ?, gone_evidence = ? where id = ? and gone_at is null",
            [at, told, visit.article_id],
        )
        return "gone" if marked.rowcount else None


def _answers_elsewhere(db: Database, article_id: int, key: str, before: str) -> bool:
    """Whether an address of an article, other than `key`, has not been missing twice, or not since before a moment."""
    query = (
        "select 1 from visits where article_id = ? and key <> ? and part_of is null"
        " and (misses < 2 or missing_since > ?)"
    )
    return db.execute(query, [article_id, key, before]).fetchone() is not None


def _evidence(db: Database, url: str, first: str, then: str) -> str:
    """`404 on 2024-09-05 and 2024-09-07`, by the pages recorded at the address."""
    what = [_answer(db, url, moment) for moment in (first, then)]
    if what[0] == what[1]:
        return f"{what[0]} on {first[:10]} and {then[:10]}"
    return f"{what[0]} on {first[:10]}, {what[1]} on {then[:10]}"


def _answer(db: Database, url: str, at: str) -> str:
    """What an address answered at a moment, or shortly before it, when a redirect came to what was missing."""
    begun = iso_utc(datetime.fromisoformat(at) - BEFORE)
    row = db.execute(
        "select status from pages where url = ? and fetched_at between ? and ?"
        " order by fetched_at desc, id desc limit 1",
        [url, begun, at],
    ).fetchone()
    if row is None:
        # The page was recorded at another form of the address only, https for http: what it said is not told here.
        return "missing"
    status = int(row[0])
    if status == 200:
        return "soft 404"
    # To the front page, or to an address where nothing is.
    return "missing behind a redirect" if 300 <= status < 400 else str(status)
