"""The commands `verify` and `rebuild`: whether what is kept proves what is told, and the archive made out of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from archive import recovery
from archive import verify as checks
from archive.alike import Difference, differences
from archive.article import utc_now
from archive.database import ArchiveError, open_archive
from archive.verify import Check
from crawler import locks, output
from crawler.oneline import DataError
from crawler.progress import bars
from crawler.tables import console

MOST = 20
"""Faults of a check that are printed; all of them are in --json."""


@click.command()
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Look at N pages and N articles, not at all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check, with all its faults.")
@click.pass_obj
def verify(data: Path, sample: int | None, as_json: bool) -> None:
    """Check the archive: database, indexes, the WARC record behind each page, and each article read again out of it.

    An article that is read otherwise than it is stored is a fault, unless another release has read it: that is told.
    """
    out = console(stderr=True)
    quiet = Console(stderr=True, quiet=not out.is_terminal)
    with closing(open_archive(data, must_exist=True)) as db, locks.hold(data, ["verify"]):
        folder = data / "warc"
        found: list[Check] = []
        with Progress(console=out, disable=not out.is_terminal, transient=True) as progress:
            task = progress.add_task("looking", total=None)

            def step() -> None:
                progress.advance(task)

            found.append(checks.database(db))
            found.append(checks.indexes(db, whole=sample is None))
            found.append(checks.files(db, folder, step))
            found.append(checks.records(db, folder, sample, step))
        ids = [row[0] for row in db.execute("select id from articles order by id")]
        chosen = checks.sampled(ids, sample)
        if ids:
            reread = import_module("crawler.verifying").reread
            wanted = None if len(chosen) == len(ids) else chosen
            found.append(reread(db, data, wanted, lambda work: _read_again(work, folder, quiet)))
    if as_json:
        output.print_json(_row(each) for each in found)
    else:
        _print(found)
    if faults := sum(len(each.faults) for each in found):
        raise DataError(f"{faults:,} faults" if faults > 1 else "1 fault")


@click.command()
@click.option(
    "--replace", is_flag=True, help="Put it in the place of archive.db, which is kept as archive.db.before-…."
)
@click.pass_obj
def rebuild(data: Path, replace: bool) -> None:
    """Make archive.db again out of the WARC files alone, and say whether it is the same.

    Where there is no archive.db it is put there; where there is one it stays, unless --replace.
    """
    files = sorted((data / "warc").glob("*.warc.gz"))
    if not files:
        raise DataError(f"{data / 'warc'}: no WARC files there; give --data")
    quiet = Console(stderr=True, quiet=not console(stderr=True).is_terminal)
    present, work = data / "archive.db", data / "jobs" / "rebuild"
    with locks.hold(data, ["rebuild", *_sources_of(data)]), _folder(work):
        with closing(open_archive(work)) as db:
            entered = recovery.before(db, files)
        for said in entered.said:
            click.echo(f"zhaoshang: {said}", err=True)
        if not entered.files:
            raise DataError(f"{data / 'warc'}: no WARC files of ours there; `zhaoshang import` reads those of others")
        unreadable = _read_again(work, data / "warc", quiet)
        with closing(open_archive(work)) as db:
            recovery.after(db, entered)
            db.execute("pragma wal_checkpoint(truncate)")
            articles, pages = (db.table(name).count for name in ("articles", "pages"))
        click.echo(f"{articles:,} articles out of {pages:,} pages in {entered.files} WARC files")
        if entered.unaccounted:
            click.echo(f"{entered.unaccounted:,} records are of runs that never ended: they have new ids")
        found = _compared(data, work / "archive.db")
        if replace or not present.exists():
            _put(work / "archive.db", present)
        elif found:
            kept = data / "archive.db.rebuilt"
            (work / "archive.db").replace(kept)
            raise DataError(f"it lies in {kept}; --replace puts it in the place of archive.db")
        if unreadable:
            raise DataError(f"{unreadable:,} pages could not be read: `zhaoshang verify` names them")
        if entered.said:
            raise DataError("what could not be read is not in it")


@contextmanager
def _folder(work: Path) -> Iterator[None]:
    """A folder to work in, which is there for no longer."""
    shutil.rmtree(work, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read_again(work: Path, folder: Path, quiet: Console) -> int:
    """Read the pages that are entered in an archive again; how many could not be."""
    # Imported when it is needed: Scrapy takes most of a second.
    crawling, rebuilding = import_module("crawler.crawling"), import_module("crawler.rebuilding")
    try:
        settings = crawling.settings_for(work, "crawler.settings.rebuild")
        outcome = crawling.rebuild(work, folder, settings, bars(quiet))
    except rebuilding.NotAllReadError as error:
        raise DataError(str(error)) from error
    return int(outcome.stats.get("rebuild/unreadable", 0))


def _compared(data: Path, made: Path) -> list[Difference]:
    """What the archive that is there has otherwise than one that was made again; it is said."""
    if not (data / "archive.db").exists():
        return []
    try:
        open_archive(data).close()
    except ArchiveError as error:
        # It is what archives are made again for.
        click.echo(f"archive.db cannot be compared: {error}")
        return [Difference("archive.db", 0, 0, "it is broken")]
    found = list(differences(data / "archive.db", made))
    click.echo("otherwise than archive.db:" if found else "the same as archive.db")
    for each in found:
        click.echo(f"  {each.table}: {each.missing:,} rows are missing, {each.extra:,} too many: {each.example}")
    return found


def _put(made: Path, present: Path) -> None:
    """Put an archive in its place, and keep the one that was there."""
    if present.exists():
        with suppress(ArchiveError), closing(open_archive(present.parent)) as db:
            db.execute("pragma wal_checkpoint(truncate)")
        former = present.with_name(f"{present.name}.before-{utc_now():%Y%m%dT%H%M%SZ}")
        present.rename(former)
        # Those of a broken one stay with it: what it lacks may stand there.
        for beside in present.parent.glob(f"{present.name}-*"):
            beside.rename(former.with_name(beside.name.replace(present.name, former.name)))
        click.echo(f"archive.db as it was is {former.name} now")
    made.replace(present)


def _sources_of(data: Path) -> list[str]:
    """Who could be writing to the archive: all that ever had a lock."""
    return sorted(path.stem for path in (data / "jobs").glob("*.lock") if path.stem != "rebuild")


def _print(found: list[Check]) -> None:
    table = Table("check", "looked at", "faults")
    for column in table.columns[1:]:
        column.justify = "right"
    for each in found:
        table.add_row(each.name, f"{each.looked_at:,}", f"{len(each.faults):,}")
    console().print(table)
    for line in _lines(found):
        click.echo(line)


def _lines(found: list[Check]) -> Iterator[str]:
    for each in found:
        yield from (f"{each.name}: {fault}" for fault in each.faults[:MOST])
        if len(each.faults) > MOST:
            yield f"{each.name}: {len(each.faults) - MOST:,} more; --json has them all"
        yield from (f"{each.name}, to be known: {note}" for note in each.notes[:MOST])
        if len(each.notes) > MOST:
            yield f"{each.name}, to be known: {len(each.notes) - MOST:,} more; --json has them all"


def _row(check: Check) -> dict[str, object]:
    return {"check": check.name, "looked_at": check.looked_at, "faults": check.faults, "notes": check.notes}
