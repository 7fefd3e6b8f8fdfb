"""The command `zhaoshang`: every command a few lines that call the rooms of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

import click
from rich.console import Console

from archive import runs
from archive.article import utc_now
from archive.database import open_archive
from archive.search import find, parse
from archive.totals import totals
from crawler import contact, kept, locks, output, repairing, tables, undoing
from crawler.cli_evidence import rebuild, verify
from crawler.cli_export import export
from crawler.cli_forget import forget
from crawler.cli_sources import FILES, sources, without_quiet
from crawler.cli_stories import story
from crawler.day import Day
from crawler.oneline import DATA_ERRORS, DataError, OneLineGroup
from crawler.progress import bars
from crawler.reasons import DISK, IN_GOOD_ORDER
from crawler.settings import SITE_HOST, SITE_PORT
from crawler.tables import console
from spiders import source as registry
from spiders.source import Source

if TYPE_CHECKING:
    from crawler.crawling import Outcome

BROKEN_OFF = ("start_error", "cancelled")
"""Scrapy's finish reasons of a crawl that ended by a fault."""

IMPORT = "import"
"""Who has the lock of imports whose pages are counted to no source."""

File = TypeVar("File", str, Path)


@click.group(cls=OneLineGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default="data", show_default=True,
    envvar="ZHAOSHANG_DATA", show_envvar=True, help="Where archive.db, warc/, jobs/ and exports/ lie.",
)  # fmt: skip
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="zhaoshang", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, data: Path, debug: bool) -> None:  # noqa: ARG001 - OneLineGroup looks for --debug itself
    """Keep the regional news of Chinese investment attraction findable, readable and provable."""
    ctx.obj = data


main.add_command(export)
main.add_command(forget)
main.add_command(sources)
main.add_command(story)
main.add_command(verify)
main.add_command(rebuild)


@main.command()
@click.option("--no-serve", is_flag=True, help="Stop after the crawl; serve nothing.")
@click.option("--port", type=click.IntRange(1, 65535), default=SITE_PORT, show_default=True, help="Port of the site.")
@click.option(
    "--chapter", type=click.IntRange(1, 4), default=1, show_default=True,
    help="The province later: 2 nothing new, 3 silent edits and deletions, 4 a page is back.",
)  # fmt: skip
@click.option("--again", is_flag=True, help="Ask for every known article, too, due or not.")
@click.pass_obj
def demo(data: Path, no_serve: bool, port: int, chapter: int, again: bool) -> None:
    """Crawl the sample province (invented sites on loopback), say what came in, then serve the archive."""
    if not no_serve:
        _site_room().check_port(SITE_HOST, port)
    out = console()
    with import_module("crawler.demo.server").SampleServer(chapter=chapter) as server:
        out.print(f"The sample province is on {server.address} (a proxy for its .example hosts).", highlight=False)
        names = [path.stem for path in registry.paths() if path.parent.name == registry.SAMPLE]
        crawling = _crawling_room()
        with locks.hold(data, names):
            settings = crawling.settings_for(data, SAMPLE_PROXY=server.address, AGAIN=again)
            outcomes = crawling.crawl(names, settings, bars(out))
    out.print(tables.outcomes(outcomes))
    out.print("Search it: zhaoshang search 招商引资", highlight=False)
    _judge(outcomes)
    if not no_serve:
        _serve(data, port, out)


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=Day(), help="Only what was published on that day or later.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many articles of each source.")
@click.option("--all-due", is_flag=True, help="The sources whose last crawl is longer ago than they want.")
@click.option("--again", is_flag=True, help="Ask for every known article, too, due or not.")
@click.pass_obj
def crawl(
    data: Path, sources: tuple[str, ...], since: str | None, limit: int | None, all_due: bool, again: bool
) -> None:
    """Crawl sources: those named, or all but the sample ones. Ctrl-C is safe; the next crawl goes on from there."""
    if all_due and sources:
        raise click.UsageError("--all-due chooses the sources itself: leave it out, or leave the names out")
    known, broken = (registry.load_named(sources), 0) if sources else _real_sources()
    contact.require_contact(known.values())
    if all_due:
        known = _due(known, data)
    out = console()
    if not known:
        out.print("nothing is due")
        return
    if not (known := without_quiet(known)):
        return
    crawling = _crawling_room()
    with locks.hold(data, known):
        settings = crawling.settings_for(data, SINCE=since, LIMIT=limit, AGAIN=again)
        outcomes = crawling.crawl(known, settings, bars(out))
    out.print(tables.outcomes(outcomes))
    _judge(outcomes)
    if broken:
        raise DataError(f"{broken} source files are broken, the others were crawled")


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--url", help="The address that the page came from.")
@click.option("--json", "as_json", is_flag=True, help="JSON, one object a line: it is what is printed in any case.")
def read(files: tuple[Path, ...], url: str | None, as_json: bool) -> None:  # noqa: ARG001
    """Say what is read out of saved pages, without an archive."""

    def read(file: Path) -> None:
        for page in kept.load(file):
            decoded = kept.page(page) if url is None else replace(kept.page(page), url=url)
            # Imported here: the parsers of pages take a while, and no search reads any.
            article, refused = import_module("crawler.reading").read(decoded)
            output.print_json([output.reading(file, article, refused)])

    _each(kept.find(files), read)


@main.command()
@click.argument(
    "files", nargs=-1, metavar="[FILE or -]...", type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file: text, charset, damage, every change.")
@click.option("--undo", is_flag=True, help="Give the input back that such JSON, or that of `read`, was made from.")
def repair(files: tuple[str, ...], as_json: bool, undo: bool) -> None:
    """Restore a text: bytes in any charset in, UTF-8 out, with no newline added.

    Of an HTML page the text is restored as it stands, markup included. Without a FILE, or for -, standard input is
    read. --json takes several files.

    --undo writes the input of `repair --json` byte for byte; where the charset cannot tell the bytes, the JSON has them
    in base64 as `input`. Of `read --json` it writes each line with its words as they stood on the page. Records may
    follow each other; what they give is written one after the other.
    """
    if as_json and undo:
        raise click.UsageError("--undo writes bytes, not JSON: leave --json out")
    if len(files) > 1 and not as_json:
        raise click.UsageError(f"{len(files)} files: give one, or --json for one line each")
    chosen = files or (repairing.STANDARD_INPUT,)
    if as_json:
        _each(chosen, lambda file: output.print_json([repairing.record(file, repairing.input_of(file))]))
        return
    [file] = chosen
    # All of it before the first byte goes out: no half a file stands where an error was told.
    parts = list(undoing.taken_back(file)) if undo else [repairing.text_of(file)]
    output.write_bytes(parts)


@main.command("import")
@click.argument("paths", nargs=-1, required=True, type=FILES)
@click.option("--source", help="The source whose rules read the pages, and to which they are counted.")
@click.pass_obj
def import_(data: Path, paths: tuple[Path, ...], source: str | None) -> None:
    """Take saved pages, text files, folders of them, WARC and WACZ files into the archive."""
    known = registry.load_named((source,))[source] if source else None
    _require_a_page(paths)
    out = console()
    said: list[str] = []
    crawling = _crawling_room()
    with locks.hold(data, [source or IMPORT]):
        settings = crawling.settings_for(data, "crawler.settings.replay")
        outcome = crawling.replay(paths, known, settings, bars(out), said.append)
    for message in said:
        click.echo(f"zhaoshang: {message}", err=True)
    out.print(tables.outcomes([outcome]))
    if unreadable := outcome.stats.get("import/unreadable"):
        raise DataError(f"{unreadable} of {outcome.stats['import/files']} files could not be read")
    _judge([outcome])


@main.command(context_settings={"ignore_unknown_options": True})  # -会议 is a word that is not wanted
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@click.option("--newest", is_flag=True, help="Newest first, not best first.")
@click.option("--since", type=Day(), help="Only what was published on that day or later.")
@click.option("--damaged", is_flag=True, help="Only what lost characters; without a QUERY all of it, newest first.")
@click.option("--changed", is_flag=True, help="Only what was changed since it was first read, likewise.")
@click.option("--gone", is_flag=True, help="Only what is no longer on its site, likewise.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def search(
    data: Path, /, query: tuple[str, ...], limit: int, newest: bool, since: str | None, as_json: bool, **only: bool
) -> None:
    """Search the archive, in either script: words, "phrases", OR, -word, 标题:word, brackets."""
    if not query and not any(only.values()):
        raise click.UsageError("Missing argument 'QUERY...': give a word, or --damaged, --changed or --gone")
    parsed = parse(" ".join(query)) if query else None
    db = open_archive(data, must_exist=True)
    total, hits = find(db, parsed, limit=limit, newest=newest, since=since, **only)
    if as_json:
        output.print_json(asdict(hit) for hit in hits)
    else:
        tables.print_hits(console(), total, hits, parsed.needles if parsed else ())


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=SITE_PORT, show_default=True, help="Port to serve on.")
@click.option("--host", default=SITE_HOST, show_default=True, help="Address to bind to.")
@click.option("--immutable", is_flag=True, help="A copy that nobody writes to: only read, on a read-only disk too.")
@click.option("--no-snapshots", is_flag=True, help="Show nobody the pages as they were received.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="Answer to this name, too; may be given again.")
@click.pass_obj
def serve(data: Path, port: int, host: str, immutable: bool, no_snapshots: bool, allow_host: tuple[str, ...]) -> None:
    """Serve the archive with Datasette."""
    _serve(data, port, console(), host, immutable=immutable, snapshots=not no_snapshots, names=allow_host)


@main.command()
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line: each source's last run, then the archive."
)
@click.pass_obj
def status(data: Path, as_json: bool) -> None:
    """Say what the archive holds and how the last crawls went.

    Copies are the articles beside the best one of each story; changed are those of which more than one version is
    known, gone those that are not on their sites any more. In JSON the line about the archive has `archive`, its file,
    those about runs have `source`.
    """
    db = open_archive(data, must_exist=True)
    if as_json:
        output.print_json([*tables.latest_runs(db), {"archive": str(data / "archive.db"), **totals(db)}])
    else:
        for table in tables.status(db):
            console().print(table)


def _serve(
    data: Path,
    port: int,
    out: Console,
    host: str = SITE_HOST,
    *,
    immutable: bool = False,
    snapshots: bool = True,
    names: tuple[str, ...] = (),
) -> None:
    room = _site_room()
    site = room.site(data, immutable=immutable, snapshots=snapshots)
    room.check_port(host, port)
    out.print(f"Open http://{host}:{port}/ (Ctrl-C stops)", highlight=False)
    if not immutable:
        (data / "jobs").mkdir(exist_ok=True)
    room.run(room.application(site, host, names), host, port, None if immutable else data / "jobs" / "site.log")


def _crawling_room() -> ModuleType:
    """Imported when it is needed, too: Scrapy takes most of a second."""
    return import_module("crawler.crawling")


def _site_room() -> ModuleType:
    """Imported when it is needed: Datasette takes half a second, which no search has to wait for."""
    return import_module("archive.site.serve")


def _judge(outcomes: list[Outcome]) -> None:
    """End with status 1 where a run was stopped or is not as it should be."""
    wrong = [f"{each.source}: {each.finding}" for each in outcomes if each.wrong]
    for each in outcomes:
        if each.finding and not each.wrong:
            click.echo(f"{each.source}: {each.finding}")
    broken = [f"{each.source}: {each.reason}, see jobs/crawl.log" for each in outcomes if each.reason in BROKEN_OFF]
    if broken:
        raise DataError("; ".join(broken))
    if any(each.reason in DISK for each in outcomes):
        raise DataError("; ".join(wrong))
    if any(each.reason not in ("finished", *IN_GOOD_ORDER) for each in outcomes):
        raise DataError("stopped; what came in is kept, and the same command goes on from there")
    if wrong:
        raise DataError("; ".join(wrong))


def _require_a_page(paths: tuple[Path, ...]) -> None:
    """Raise DataError where no file holds a page, before anything is written."""
    faults: list[str] = []
    for file in kept.find(paths):
        try:
            if next(kept.load(file), None) is not None:
                return
        except kept.UnreadableFileError as error:
            faults.append(_one_line(error))
    raise DataError("; ".join(faults) or f"{', '.join(map(str, paths))}: no .html, .txt, .warc or .wacz files in there")


def _real_sources() -> tuple[dict[str, Source], int]:
    """All sources but the sample ones, and how many files are broken; each of those is said."""
    found, faults = registry.load_sound()
    for fault in faults.values():
        click.echo(f"zhaoshang: {_one_line(fault)}", err=True)
    return {name: source for name, source in found.items() if not source.is_sample}, len(faults)


def _due(known: dict[str, Source], data: Path) -> dict[str, Source]:
    last = runs.last_finished(open_archive(data))
    now = utc_now()
    never = datetime.fromtimestamp(0, UTC)
    return {
        name: source
        for name, source in known.items()
        if now - (datetime.fromisoformat(last[name]) if name in last else never) >= source.every - timedelta(minutes=1)
    }


def _each(files: Iterable[File], do: Callable[[File], None]) -> None:
    """Do something with every file; one that cannot be read is said in a line, and the others go on."""
    faults = 0
    for file in files:
        try:
            do(file)
        except BrokenPipeError:
            raise
        except DATA_ERRORS as error:
            faults += 1
            click.echo(f"zhaoshang: {_one_line(error)}", err=True)
    if faults:
        raise click.exceptions.Exit(1)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
