"""`archive.db` out of WARC files alone: what their accounts tell is entered before and after pages are read again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive import account, tearing
from archive.cdxj import record_at
from archive.forgetting import is_tombstone
from archive.mending import enter
from archive.warc import WarcError
from archive.warc.behind import whole_members
from archive.writing import writing

IDS = "rebuilt_articles"
"""Table of the ids that articles had, by their addresses: they are cited by them. It goes when all are there."""
READ = "rebuilt_pages"
"""Table of the pages that were read, with the id of their article; it goes, too. `whole` tells later parts apart."""

_NAME = re.compile(
    r"(?P<year>\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(?P<run>\d{6,})-(?:\d{5}-)?(?P<source>.+)\.warc\.gz"
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What was found in WARC files."""

    files: int
    accounts: list[tuple[int, Path, tearing.Member]]
    """The run of each record of an account, and where it stands; in order of the runs."""
    unaccounted: int
    """Records of runs that never ended: they have new ids."""
    said: list[str]
    """What is to be said of files that are damaged or none of ours."""


def before(db: Database, paths: Sequence[Path]) -> Entered:
    """Enter runs, sources and pages, under the ids that they had, into an empty archive. Raises OSError."""
    accounts: list[tuple[int, Path, tearing.Member]] = []
    said: list[str] = []
    removed: list[tuple[str, int]] = []
    whole: dict[Path, list[tearing.Member]] = {}
    for path in paths:
        if not _NAME.fullmatch(path.name):
            said.append(f"{path.name}: not named as a file of ours: passed over; `zhaoshang import` reads it")
            continue
        whole[path], places = whole_members(path)
        said += [f"{path.name}: no record in {end - begin:,} bytes behind byte {begin:,}" for begin, end in places]
        accounts += [(run, path, member) for run, member in _accounts(path, whole[path], removed)]
    accounts.sort(key=lambda each: each[0])
    with writing(db):
        make_tables(db)
        for _, path, member in accounts:
            _enter(db, part_at(path, member))
        _leave_out(db, removed)
        # An account that was written later knows the page on which an article goes on as it came in last.
        db.execute(
            f"insert or ignore into {READ} select other.id, article, 0 from (select {READ}.article_id as article, url"  # noqa: S608
            f" from {READ} join pages using (id) where not whole) as part join pages as other on other.url = part.url"
            " where other.status = 200"
        )
    unaccounted = 0
    for path, members in whole.items():
        run_id = _run_of(db, path)
        unaccounted += enter(db, path, run_id, members)
    return Entered(len(whole), accounts, unaccounted, said)


def make_tables(db: Database) -> None:
    """Make the tables that go again when the pages have been read."""
    db.execute(f"create table {IDS} (url text primary key, id integer not null)")
    db.execute(f"create table {READ} (id integer primary key, article_id integer not null, whole integer not null)")


def after(db: Database, entered: Entered) -> None:
    """Enter what hangs on articles, now that they are there: the last account of each goes."""
    stories: dict[int, int] = {}
    with writing(db):
        # What was forgotten refers to pages that are no more, until it is taken out.
        db.execute("pragma defer_foreign_keys = on")
        # What it was made anew by is no news.
        db.execute("delete from story_changes")
        # A later part of an article, read by itself, finds further addresses that its crawl did not.
        db.execute(
            "delete from addresses where page_id in"
            " (select pages.id from pages join runs on runs.id = run_id where accounted)"
        )
        for _, path, member in entered.accounts:
            part = part_at(path, member)
            for row in part.get("articles", ()):
                db.execute(
                    "update articles set first_fetched = :first_fetched, last_fetched = :last_fetched,"
                    " gone_at = :gone_at, gone_evidence = :gone_evidence where id = :id",
                    row,
                )
                stories[row["id"]] = row["story_id"]
            for row in part.get("pages", ()):
                # Of what had not changed the charset was not asked for.
                db.execute(
                    "update pages set charset = :charset, charset_evidence = :charset_evidence, damaged = :damaged"
                    " where id = :id",
                    row,
                )
            for table in ("visits", "issues", "addresses", "story_changes"):
                db.table(table).insert_all(part.get(table, ()), replace=True)
        _take_out(db)
        db.execute(
            f"update pages set article_id = {READ}.article_id from {READ} where {READ}.id = pages.id and whole"  # noqa: S608
        )
        _number_stories(db, stories)
        for table in (IDS, READ):
            db.execute(f"drop table {table}")


def part_at(path: Path, member: tearing.Member) -> dict[str, Any]:
    """A part of an account. Raises WarcError where it cannot be read."""
    try:
        part: dict[str, Any] = json.loads(record_at(path, member).raw_stream.read())
    except ValueError as error:
        raise WarcError(f"{path.name}: no account at byte {member.offset}: {error}") from error
    return part


def _accounts(
    path: Path, members: Sequence[tearing.Member], removed: list[tuple[str, int]]
) -> Iterator[tuple[int, tearing.Member]]:
    """The accounts in a file; what was removed from it by `forget` is added to `removed`, by file and byte."""
    for member in members:
        record = record_at(path, member)
        header = record.rec_headers.get_header
        if header("WARC-Type") == "metadata" and header("Content-Type") == account.CONTENT_TYPE:
            yield int(header("WARC-Target-URI").rpartition(":")[2]), member
        elif is_tombstone(record):
            removed.append((path.name, member.offset))


def _leave_out(db: Database, removed: Sequence[tuple[str, int]]) -> None:
    """Take the pages out again whose records were removed."""
    places = json.dumps(removed)
    db.execute(
        "delete from pages where (warc_file, warc_offset) in (select value ->> 0, value ->> 1 from json_each(?))",
        [places],
    )


def _take_out(db: Database) -> None:
    """Take out what accounts tell of addresses that were forgotten later, and of pages that only led to them."""
    for table, column in (("visits", "key"), ("addresses", "address_key")):
        db.execute(f"delete from {table} where {column} in (select address_key from forgotten where barred)")  # noqa: S608
    for column in ("page_id", "first_miss_id", "last_miss_id"):
        db.execute(f"update visits set {column} = null where {column} not in (select id from pages)")  # noqa: S608


def _enter(db: Database, part: dict[str, Any]) -> None:
    for table in ("sources", "runs", "imports", "forgotten"):
        for row in part.get(table, ()):
            db.table(table).insert(row, replace=True)
    for row in part.get("pages", ()):
        # Their articles are there only when they have been read, each as it was when it came in.
        db.table("pages").insert(row | {"article_id": None}, replace=True)
        if row["article_id"]:
            db.execute(f"insert or replace into {READ} values (:id, :article_id, 1)", row)  # noqa: S608
    for row in part.get("visits", ()):
        # A newspaper page on which an article goes on is read as that of its beginning is.
        if row["part_of"] and row["article_id"] and row["page_id"]:
            db.execute(f"insert or ignore into {READ} values (:page_id, :article_id, 0)", row)  # noqa: S608
    for row in part.get("articles", ()):
        db.execute(f"insert or replace into {IDS} values (:url, :id)", row)  # noqa: S608


def _run_of(db: Database, path: Path) -> int:
    """The run of a file, entered by the file's name where no account tells of it."""
    found = _NAME.fullmatch(path.name)
    assert found is not None
    run_id = int(found["run"])
    if db.execute("select 1 from runs where id = ?", [run_id]).fetchone() is None:
        started = "{}-{}-{}T{}:{}:{}Z".format(*found.groups()[:6])
        db.table("runs").insert({"id": run_id, "source": found["source"], "started": started, "reason": "killed"})
    return run_id


def _number_stories(db: Database, told: dict[int, int]) -> None:
    """Give stories the ids that the accounts of their articles tell: they are cited by them.

    `told` has the latest account last. A story of which none is told, or one that another has, gets a new id.
    """
    latest = {article: place for place, article in enumerate(told)}
    wanted: dict[int, tuple[int, int]] = {}
    for article, story in db.execute("select id, story_id from articles where story_id is not null"):
        if article in told:
            wanted[story] = max(wanted.get(story, (-1, 0)), (latest[article], told[article]))
    new = max((0, *told.values(), *(row[0] for row in db.execute("select id from stories"))))
    ids: dict[int, int] = {}
    for (story,) in db.execute("select id from stories order by id").fetchall():
        number = wanted.get(story, (0, 0))[1]
        if not number or number in ids.values():
            number = new = new + 1
        ids[story] = number
    db.execute("pragma defer_foreign_keys = on")
    db.execute("create temp table numbered (old integer primary key, new integer)")
    db.conn.executemany("insert into numbered values (?, ?)", [(old, -new) for old, new in ids.items() if old != new])
    for table, column in _STORY_IDS:
        # In two steps: an id that is given may still be that of another.
        db.execute(f"update {table} set {column} = new from numbered where {column} = old")  # noqa: S608
        db.execute(f"update {table} set {column} = -{column} where {column} < 0")  # noqa: S608
    db.execute("drop table numbered")


_STORY_IDS = (("stories", "id"), ("articles", "story_id"), ("copies", "story_id"), ("fingerprints", "story_id"))
