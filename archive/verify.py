"""Whether an archive is as it should be: the database, its indexes, and the WARC record behind each page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive import tearing, warc
from archive.article import RecordPlace
from archive.database import index_faults
from archive.mending import ENTERED, LOST

Step = Callable[[], object]
"""Called for each thing that was looked at."""


@dataclass(slots=True)
class Check:
    """What was looked at, and what is wrong with it."""

    name: str
    looked_at: int = 0
    faults: list[str] = field(default_factory=list)
    """A sentence each."""
    notes: list[str] = field(default_factory=list)
    """What is no fault, but has to be known."""


def database(db: Database) -> Check:
    """SQLite's own look at the file, and at what refers to what."""
    check = Check("database")
    check.looked_at = db.execute("pragma page_count").fetchone()[0]
    check.faults += [str(row[0]) for row in db.execute("pragma integrity_check") if row[0] != "ok"]
    check.faults += [
        f"{table} row {row}: refers to a row of {parent} that is not there"
        for table, row, parent, _ in db.execute("pragma foreign_key_check")
    ]
    return check


def indexes(db: Database, *, whole: bool) -> Check:
    """The index of words against the texts (only where `whole`), and what is counted against the articles."""
    check = Check("indexes", db.table("articles").count)
    if whole:
        check.faults += index_faults(db)
    else:
        check.notes.append("with --sample the index of words is not compared with the texts")
    missing = "select count(*) from articles left join search_facts using (id) where search_facts.id is null"
    counts = (
        (missing, "articles are not among the facts that searches are narrowed by"),
        ("select count(*) from search_facts where id not in (select id from articles)", "facts are of no article"),
        (
            "select abs((select total(articles) from tallies where kind = 'source') - (select count(*) from articles))",
            "articles more or less are counted by month than there are",
        ),
    )
    check.faults += [f"{number:,} {what}" for query, what in counts if (number := db.execute(query).fetchone()[0])]
    return check


def records(db: Database, folder: Path, sample: int | None, step: Step) -> Check:
    """The WARC record of each page, or of so many: whether it is there, of that address, with that payload."""
    check = Check("records")
    for row in _pages(db, sample):
        check.looked_at += 1
        step()
        if fault := _fault_of_record(folder, row):
            check.faults.append(f"page {row['id']} ({row['url']}): {fault}")
    return check


def files(db: Database, folder: Path, step: Step) -> Check:
    """Whether each WARC file is whole, and what came in is entered."""
    check = Check("WARC files")
    for path in sorted(folder.glob("*.warc.gz")):
        check.looked_at += 1
        step()
        known = {row[0] for row in db.execute("select warc_offset from pages where warc_file = ?", [path.name])}
        found, end = tearing.members(path)
        if end < path.stat().st_size:
            check.faults.append(f"{path.name}: torn or damaged: no whole record behind byte {end:,}")
        stray = sum(1 for member in found if member.offset not in known and _is_entered(path, member))
        if stray:
            check.faults.append(f"{path.name}: {stray} records of pages that the database does not know")
    return check


def sampled(ids: list[int], number: int | None) -> list[int]:
    """So many of some ids, always the same ones of the same archive; all of them where there are no more, or None."""
    return ids if number is None or number >= len(ids) else sorted(random.Random(len(ids)).sample(ids, number))  # noqa: S311


def _pages(db: Database, sample: int | None) -> Iterator[dict[str, Any]]:
    """Rows of pages, those of revisits with the place of the record that they refer to beside their own."""
    ids = sampled([row[0] for row in db.execute("select id from pages order by warc_file, warc_offset")], sample)
    for page_id in ids:
        yield dict(db.table("pages").get(page_id))


def _fault_of_record(folder: Path, row: dict[str, Any]) -> str | None:
    if row["digest"].startswith(LOST):
        return "its record was lost when a run was killed; it is asked for again"
    place = RecordPlace(row["warc_file"], row["warc_offset"], row["warc_length"])
    try:
        found = warc.raw(folder, place)
    except warc.WarcError as error:
        return str(error)
    if found.kind not in ENTERED:
        return f"{place.file}: what stands at byte {place.offset:,} is a {found.kind}, not what came in"
    if found.url != row["url"]:
        return f"{place.file}: the record at byte {place.offset:,} is of {found.url}"
    if found.digest != row["digest"]:
        return f"{place.file}: the record at byte {place.offset:,} names the digest {found.digest}, not {row['digest']}"
    if found.kind != "revisit" and found.computed != row["digest"]:
        return f"{place.file}: the payload at byte {place.offset:,} has the digest {found.computed}"
    return None


def _is_entered(path: Path, member: tearing.Member) -> bool:
    try:
        return warc.raw(path.parent, RecordPlace(path.name, member.offset, member.length)).kind in ENTERED
    except warc.WarcError:
        return False
