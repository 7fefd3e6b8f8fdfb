"""What is gone from its site: marked when it has been missing twice, some time apart, and never removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive import visits
from archive.article import iso_utc
from archive.writing import writing


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
            "insert into visits(key, url, source, page_id, first_asked, last_asked, missing_since, misses,"
            " first_miss_id, last_miss_id) values (:key, :url, :source, :page_id, :at, :at, :at, 1, :page_id, :page_id)"
            " on conflict(key) do update set last_asked = :at, misses = misses + 1,"
            " first_miss_id = iif(missing_since is null, :page_id, first_miss_id), last_miss_id = :page_id,"
            " missing_since = coalesce(missing_since, :at), digest = null, etag = null, last_modified = null",
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
        told = _evidence(db, visit, page_id)
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


def _evidence(db: Database, visit: visits.Visit, last: int) -> str:
    """What the first and the last page told that an address is missing, when, and in which WARC records.

    `404 at 2024-09-05T08:05:00Z (a.warc.gz:412), 410 at 2024-09-07T08:05:00Z (b.warc.gz:2210)`.
    """
    if visit.first_miss_id is None:
        # An earlier release kept only when it was.
        first = f"missing at {visit.missing_since}"
    else:
        first = _told(db.table("pages").get(visit.first_miss_id), visit.url)
    return f"{first}, {_told(db.table('pages').get(last), visit.url)}"


def _told(page: dict[str, Any], url: str) -> str:
    """How a recorded page told that an address is missing, when, and where its record begins in which WARC file."""
    status = int(page["status"])
    how = "soft 404" if status == 200 else str(status)
    if 300 <= status < 400:
        how = f"{status} to the front page"
    elif page["url"].partition("://")[2] != url.partition("://")[2]:
        how = f"{how} behind a redirect to {page['url']}"
    return f"{how} at {page['fetched_at']} ({page['warc_file']}:{page['warc_offset']})"
