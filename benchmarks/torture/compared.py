"""What an archive holds, ids and times aside, so that two of them can be compared; and what is wrong with one."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from archive import tearing, warc
from archive.article import RecordPlace
from archive.database import index_faults, open_archive
from archive.mending import ENTERED

ASIDE = {
    "id", "page_id", "story_id", "fingerprint_id", "first_fetched", "last_fetched", "article_id", "first_seen",
    "superseded_at", "gone_evidence", "gone_at",
}  # fmt: skip
"""Columns that tell when something came in, or in which order."""

PARTS = ("images", "repairs", "attachments", "article_regions", "addresses", "revisions")

BUSY = 503
"""Whether a server was busy is no matter of what is kept."""

Holdings = dict[str, set[Any]]


def holdings(data: Path) -> Holdings:
    """By name, what there is: articles, their parts, stories, copies, addresses asked for, pages, issues."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        db.row_factory = sqlite3.Row
        url = {row["id"]: row["url"] for row in db.execute("select id, url from articles")}
        members: dict[int, set[str]] = {}
        for row in db.execute("select url, story_id from articles"):
            members.setdefault(row["story_id"], set()).add(row["url"])
        parts = {
            table: _rows(
                db.execute(f"select a.url as article, t.* from {table} t join articles a on a.id = article_id")
            )
            for table in PARTS
        }
        return parts | {
            "articles": _rows(db.execute("select * from articles")),
            "stories": {
                (frozenset(members[row["id"]]), url.get(row["best_id"]), url.get(row["first_id"]), row["copies"])
                for row in db.execute("select * from stories")
            },
            "copies": {
                (url[row["article_id"]], row["kind"], url.get(row["like_id"]), url.get(row["taken_from"]))
                for row in db.execute("select * from copies")
            },
            "visits": {
                (row["key"], url.get(row["article_id"]), row["due_at"] is None, row["misses"], row["part_of"])
                for row in db.execute("select * from visits")
            },
            "pages": {
                (row["url"], 200 if row["status"] == 304 else row["status"], row["digest"])
                for row in db.execute("select * from pages where status <> ?", [BUSY])
            },
            "issues": {tuple(row) for row in db.execute("select source, paper, day, articles from issues")},
        }


def _rows(rows: Iterable[Any]) -> set[Any]:
    return {tuple((name, row[name]) for name in row.keys() if name not in ASIDE) for row in rows}  # noqa: SIM118


def differences(data: Path, truth: Holdings) -> list[str]:
    """What an archive has otherwise than another one, a line each, with an example."""
    mine = holdings(data)
    return [
        f"{name}: {len(truth[name] - mine[name])} missing, {len(mine[name] - truth[name])} too many:"
        f" {next(iter(mine[name] ^ truth[name]))!s:.600}"
        for name in truth
        if mine[name] != truth[name]
    ]


def faults(data: Path) -> list[str]:
    """What is wrong with an archive in itself, a line each: database, index, WARC records, payloads kept twice."""
    db = open_archive(data)
    found = [f"index: {fault}" for fault in index_faults(db)]
    found += [f"integrity: {row[0]}" for row in db.execute("pragma integrity_check") if row[0] != "ok"]
    found += [f"foreign key: {tuple(row)}" for row in db.execute("pragma foreign_key_check")]
    found += [f"run {run_id} has no end" for (run_id,) in db.execute("select id from runs where reason is null")]
    pages = list(db.query("select * from pages"))
    db.close()
    places = {(row["warc_file"], row["warc_offset"]) for row in pages}
    found += ["two pages at one place"] if len(places) < len(pages) else []
    kept = [row for row in pages if row["revisit_of"] is None]
    for row in kept:
        found += _unreadable(data, row)
    times = Counter((row["url"], row["digest"]) for row in kept if row["digest"] != warc.payload_digest(b""))
    found += [f"kept {number} times: {url}" for (url, _), number in times.items() if number > 1]
    for path in sorted((data / "warc").glob("*.warc.gz")):
        found += _torn(path, places)
    return found


def _unreadable(data: Path, row: dict[str, Any]) -> list[str]:
    place = RecordPlace(row["warc_file"], row["warc_offset"], row["warc_length"])
    try:
        record = warc.read(data / "warc", place)
    except warc.WarcError as error:
        return [str(error)]
    if warc.payload_digest(record.body) != row["digest"]:
        return [f"{row['url']}: another digest"]
    return [] if record.url == row["url"] else [f"{row['url']}: the record of {record.url}"]


def _torn(path: Path, places: set[tuple[str, int]]) -> list[str]:
    """What is torn, and which records have no page. All of it is read by warcio, digests too."""
    _, end = tearing.members(path)
    if end < path.stat().st_size:
        return [f"{path.name}: torn at byte {end}"]
    found = []
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        for record in records:
            record.content_stream().read()
            if record.rec_type in ENTERED and (path.name, records.get_record_offset()) not in places:
                found.append(f"{path.name}: no page for the {record.rec_type} at byte {records.get_record_offset()}")
    return found


def fetched_again(data: Path) -> tuple[int, int]:
    """How many pages of articles, and how many others, came in again unchanged."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        rows = db.execute(
            "select url, count(*) - 1 from pages where status = 200 group by url, digest having count(*) > 1"
        ).fetchall()
        known = {url for (url,) in db.execute("select url from visits")}
    return sum(times for url, times in rows if url in known), sum(times for url, times in rows if url not in known)
