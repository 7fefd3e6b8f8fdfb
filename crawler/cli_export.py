"""`zhaoshang export`: what the archive holds, for spreadsheets, for programs, and for those who check or replay it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
from sqlite_utils import Database

from archive import cdxj, wacz
from archive import export as exporting
from archive.database import open_archive
from archive.search import parse
from crawler import output
from crawler.day import Day
from crawler.oneline import DataError
from crawler.progress import track
from crawler.tables import console

FILE = click.Path(dir_okay=False, path_type=Path)

FORMATS = (*exporting.FORMATS, "cdxj", "wacz")


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("--query", help="Only what this search finds.")
@click.option("--since", type=Day(), help="Only what was published on that day or later.")
@click.option("--source", help="Only what was collected for this source.")
@click.option(
    "-o",
    "--output",
    "file",
    type=FILE,
    help="File to write; else standard output.",
)
@click.option("--sign", "key", type=FILE, help="Sign a wacz with the key in this PEM file (EC, P-384).")
@click.pass_obj
def export(
    data: Path, format_: str, query: str | None, since: str | None, source: str | None, file: Path | None,
    key: Path | None,
) -> None:  # fmt: skip
    """Export articles as csv or jsonl, their pages as they were received as wacz, the index of all WARC files as cdxj.

    A wacz of a --query or --since holds every record of the articles found; one of a --source alone all that its
    crawls recorded, lists, robots.txt and failures too; else it holds all WARC files.
    """
    choice = wacz.Choice(parse(query) if query else None, since, source)
    if format_ == "cdxj" and choice != wacz.Choice():
        raise click.UsageError("an index is made of all WARC files: leave --query, --since and --source out")
    if format_ == "wacz" and file is None:
        raise click.UsageError("a wacz needs a file: give -o FILE.wacz")
    if key and format_ != "wacz":
        raise click.UsageError("only a wacz is signed: leave --sign out")
    db = open_archive(data, must_exist=True)
    if format_ == "wacz" and file:
        _wacz(db, data / "warc", choice, file, key)
    elif format_ == "cdxj":
        _cdxj(data / "warc", file)
    else:
        _articles(db, format_, choice, file)


def _articles(db: Database, format_: str, choice: wacz.Choice, file: Path | None) -> None:
    write = exporting.write_csv if format_ == "csv" else exporting.write_jsonl
    wanted = (choice.query, choice.since, choice.source)
    articles, total = exporting.rows(db, *wanted), exporting.count(db, *wanted)
    with output.target(file) as out:
        count = write(track(articles, total, console(stderr=True), hidden=file is None), out)
    if file:
        click.echo(f"{count} articles in {file}", err=True)


def _cdxj(folder: Path, file: Path | None) -> None:
    with output.target(file) as out:
        said = cdxj.write(sorted(folder.glob("*.warc.gz")), out)
    _say(said)


def _wacz(db: Database, folder: Path, choice: wacz.Choice, file: Path, key: Path | None) -> None:
    # Imported here: nothing else needs cryptography before a site is asked for.
    sign = import_module("archive.wacz.signing").Signer(key) if key else None
    with output.whole(file) as unfinished:
        packed = wacz.write(db, folder, choice, unfinished, sign)
        if not packed.records:
            raise DataError(f"nothing was recorded of {choice.words}: no file was written")
    _say(packed.said)
    click.echo(f"{packed.articles} articles, {packed.records} WARC records in {file}", err=True)


def _say(lines: list[str] | tuple[str, ...]) -> None:
    for line in lines:
        click.echo(f"zhaoshang: {line}", err=True)
