"""What a run that was killed has left behind: its WARC files are cut where they are torn, what they hold is entered.

A response is written to WARC first and entered in `pages` then. Death in between leaves a record without a row.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from archive import tearing
from archive.database import inserted_id
from archive.tearing import Member
from archive.writing import writing

logger = logging.getLogger(__name__)

ENTERED = ("response", "resource", "revisit")
"""Types of WARC records that have a row in `pages`."""

LOST = "lost "
"""Before the digest of a page whose record is lost: no later page may refer to it as the one that has the payload."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was found of the runs before, and mended."""

    torn: tuple[Path, ...] = ()
    """The files that keep what was cut off, each beside its WARC file."""
    entered: int = 0
    """Records that had no page."""
    lost: tuple[int, ...] = ()
    """Pages whose record is not there any more: they are asked for again."""
    damaged: tuple[str, ...] = ()
    """WARC files that are damaged before their last record. They stay as they are."""


def mend(db: Database, folder: Path, source: str, broken: Sequence[str] = ()) -> Mended:
    """Look after the runs of a source back to the last that ended well: to be called before a further one begins.

    `folder` is that of the WARC files, `broken` are the reasons of runs that ended, but not well. Of the last that did
    only what stands behind its last page is looked at. A file that is being written is left alone. Raises OSError.
    """
    parts = []
    for run_id, ended_well in _runs(db, source, broken):
        for path in sorted(folder.glob(f"*-{run_id:06}-*.warc.gz")):
            with tearing.alone(path) as is_mine:
                parts += [_mend_file(db, path, run_id, whole=not ended_well)] if is_mine else []
    return Mended(
        tuple(torn for part in parts for torn in part.torn),
        sum(part.entered for part in parts),
        tuple(page for part in parts for page in part.lost),
        tuple(name for part in parts for name in part.damaged),
    )


def heal(db: Database, lost: Sequence[int]) -> int:
    """Let lost pages refer to a later one that brought the same payload of the same address; how many there are."""
    with writing(db):
        return sum(
            db.execute(
                "update pages set digest = later.digest, revisit_of = later.id from pages as later"
                " where pages.id = ? and later.url = pages.url and later.revisit_of is null"
                " and pages.digest = ? || later.digest",
                [page_id, LOST],
            ).rowcount
            for page_id in lost
        )


def _runs(db: Database, source: str, broken: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Runs of a source, the last first, and whether they ended well. One whose mending failed is marked as killed."""
    rows = db.execute("select id, reason from runs where source = ? order by id desc", [source]).fetchall()
    for run_id, reason in rows:
        ended_well = reason not in (None, "killed", *broken)
        yield int(run_id), ended_well
        if ended_well:
            return


def _mend_file(db: Database, path: Path, run_id: int, *, whole: bool) -> Mended:
    size = path.stat().st_size
    last = db.execute(
        "select warc_offset, warc_length from pages where warc_file = ? order by id desc limit 1", [path.name]
    ).fetchone()
    start = sum(last) if last and not whole else 0
    if start > size or (start and tearing.members(path, last[0])[1] < start):
        start = 0
    found, end = tearing.members(path, start)
    torn: tuple[Path, ...] = ()
    lost: tuple[int, ...] = ()
    if end < size or whole or start == 0:
        lost, readable = _behind(db, path, end)
        if readable:
            return Mended(damaged=(path.name,))
    if end < size:
        torn = (tearing.cut(path, end),)
        logger.warning("%s was torn: %d bytes behind byte %d are in %s now", path.name, size - end, end, torn[0].name)
    entered = enter(db, path, run_id, found)
    _ask_again(db, lost)
    if path.stat().st_size == 0:
        # Not even what begins a file had come to its end.
        path.unlink()
    return Mended(torn, entered, lost)


def _behind(db: Database, path: Path, end: int) -> tuple[tuple[int, ...], bool]:
    """The pages whose record should end behind a byte and is not there; whether that of any is."""
    rows = db.execute(
        "select id, warc_offset, warc_length from pages where warc_file = ? and warc_offset + warc_length > ?"
        " and revisit_of is null order by id",
        [path.name, end],
    ).fetchall()
    readable = any(tearing.is_whole(path, Member(offset, length)) for _, offset, length in rows)
    return tuple(int(row[0]) for row in rows), readable


def enter(db: Database, path: Path, run_id: int, found: Sequence[Member]) -> int:
    """Give records that have no page one; how many there were."""
    known = {row[0] for row in db.execute("select warc_offset from pages where warc_file = ?", [path.name])}
    rows = list(_rows(db, path, [member for member in found if member.offset not in known]))
    with writing(db):
        for row in rows:
            inserted_id(db.table("pages").insert({"run_id": run_id, "warc_file": path.name, **row}))
        if rows:
            # Its account, if it has one, does not know of them: the next run writes another.
            db.execute("update runs set accounted = null where id = ?", [run_id])
    return len(rows)


def _rows(db: Database, path: Path, found: Sequence[Member]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for member in found:
            file.seek(member.offset)
            [record] = ArchiveIterator(BytesIO(file.read(member.length)))
            if record.rec_type in ENTERED:
                yield _row(db, record) | {"warc_offset": member.offset, "warc_length": member.length}


def _row(db: Database, record: ArcWarcRecord) -> dict[str, Any]:
    """What `pages` keeps of a record before its page is read."""
    of = record.rec_headers.get_header
    http = record.http_headers
    content_type = http.get_header("Content-Type", "") if http else of("Content-Type")
    row = {
        "url": of("WARC-Target-URI"),
        "fetched_at": of("WARC-Date"),
        "status": int(http.get_statuscode()) if http else 200,
        "content_type": content_type.partition(";")[0].strip().lower(),
        "digest": of("WARC-Payload-Digest"),
    }
    if record.rec_type != "revisit":
        return row
    first = db.execute(
        "select id from pages where url = ? and digest = ? and revisit_of is null order by id desc limit 1",
        [of("WARC-Refers-To-Target-URI") or row["url"], row["digest"]],
    ).fetchone()
    return row | {"revisit_of": first[0] if first else None}


def _ask_again(db: Database, lost: Sequence[int]) -> None:
    """Mark lost pages, and let the addresses that brought them be asked again, whole."""
    with writing(db):
        for page_id in lost:
            db.execute(
                "update pages set digest = ? || digest where id = ? and digest not like ? || '%'", [LOST, page_id, LOST]
            )
            db.execute(
                "update visits set digest = null, etag = null, last_modified = null, due_at = null where page_id = ?",
                [page_id],
            )
