"""The command `zhaoshang forget`: what is held of an address is removed for good."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlite_utils import Database

from archive import forgetting
from archive.article import utc_now
from archive.database import open_archive
from archive.forgetting import Forgotten, Found, UnknownAddressError
from archive.mending import mend
from crawler import locks, permissions
from crawler.reasons import DISK
from crawler.tables import printable

OTHERS = ("import", "forget", "rebuild", "verify")
"""Who writes to an archive, or reads all of it, beside crawls."""


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--reason", required=True, help="Why; it is kept beside the address, and shown to nobody by the site.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(data: Path, addresses: tuple[str, ...], reason: str, yes: bool) -> None:
    """Remove for good what the archive holds of an article: text and pages, in archive.db and inside WARC files.

    ADDRESS is any address of it; one that no article is at, of a list or a feed, does for what was recorded there. All
    its addresses are barred: they are not asked for again, and not imported. Addresses that a source begins at are
    asked for as before. Copies under other addresses are shown; they stay until they are named, too.

    The addresses stay, with the day and the reason, and in place of each WARC record a tombstone of the same length. A
    command that was stopped is finished by giving it again.
    """
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why, so that others can tell later")
    db = open_archive(data, must_exist=True)
    folder = data / "warc"
    permissions.restrict()
    with _alone(db, data):
        wanted = [url for url in dict.fromkeys(addresses) if not _is_forgotten(db, folder, url)]
        if not wanted:
            return
        found = _found(db, folder, wanted)
        for line in _told(found):
            click.echo(printable(line))
        if not yes:
            click.confirm("Forget this for good?", abort=True)
        _drop_queues(data / "jobs", found)
        begun = forgetting.begin(db, found, reason, utc_now())
        forgetting.finish(db, folder, begun, utc_now())
    for copy in sorted(set(data.rglob("archive.db*")) - set(data.glob("archive.db")) - set(data.glob("archive.db-*"))):
        click.echo(f"zhaoshang: {copy} is a copy from before, which still has all of it: delete it", err=True)
    told = ((len(found.articles), "article"), (len(found.addresses), "address"), (found.records, "WARC record"))
    click.echo(f"forgotten: {', '.join(counted(*each) for each in told)}")


@contextmanager
def _alone(db: Database, data: Path) -> Iterator[None]:
    """Nobody crawls or imports meanwhile. What was killed before is brought to its end: a forgetting, then crawls.

    Raises BusyError.
    """
    rows = db.execute("select id from sources union select source from runs").fetchall()
    names = sorted({str(name) for (name,) in rows} | set(OTHERS))
    with locks.hold(data, names):
        for left in forgetting.unfinished(db):
            forgetting.finish(db, data / "warc", left, utc_now())
        for name in names:
            mend(db, data / "warc", name, broken=DISK)
        yield


def _drop_queues(jobs: Path, found: Found) -> None:
    """Take away what stopped crawls were about to ask for, where an address is among it: parts of texts may be, too.

    Such a crawl is made anew, which loses nothing.
    """
    urls = [url.encode() for url in found.addresses.values()]
    for folder in (path for path in jobs.iterdir() if path.is_dir()):
        queued = (path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
        if any(url in each for each in queued for url in urls):
            shutil.rmtree(folder)


def _is_forgotten(db: Database, folder: Path, url: str) -> bool:
    """Whether all of an address was forgotten before, which is said then."""
    told = forgetting.forgotten(db, url)
    if told is None:
        return False
    try:
        if forgetting.find(db, folder, [url]).records:
            return False
    except UnknownAddressError:
        pass
    click.echo(_when(told))
    return True


def _when(told: Forgotten) -> str:
    return printable(f"{told.url} was forgotten on {told.forgotten_at[:10]}: {told.reason}")


def _found(db: Database, folder: Path, urls: list[str]) -> Found:
    from crawler.parts_kept import kept_parts  # noqa: PLC0415 - the parsers of pages take a while

    found = forgetting.find(db, folder, urls)
    further = list(kept_parts(db, folder, found.addresses.values()))
    return forgetting.find(db, folder, [*urls, *further]) if further else found


def _told(found: Found) -> Iterator[str]:
    """What goes, and what stays."""
    for article in found.articles:
        versions = counted(article["version"], "version")
        yield f"{article['title'] or '(no headline)'}  ({article['source']}, article {article['id']}, {versions})"
    if not found.articles:
        yield "no article is there; what was recorded of it:"
    for address_key, url in found.addresses.items():
        goes_on = ", at which a source begins: it is asked for as before" if address_key in found.lists else ""
        yield f"  {url}{goes_on}"
    files = len({place.file for places in found.places.values() for place in places})
    yield f"  {counted(found.records, 'WARC record')} in {counted(files, 'file')}"
    for path in found.torn:
        yield f"  {path.name}, which was cut off a torn file"
    for copy in found.copies:
        yield f"a copy stays unless it is named: {copy['title'] or '(no headline)'}  ({copy['source']})  {copy['url']}"


def counted(number: int, what: str) -> str:
    """So many of something.

    >>> counted(1, "address"), counted(1200, "address"), counted(0, "file")
    ('1 address', '1,200 addresses', '0 files')
    """
    more = "es" if what.endswith("s") else "s"
    return f"{number:,} {what}{'' if number == 1 else more}"
