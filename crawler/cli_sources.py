"""The commands `zhaoshang sources …`: the registry of sources."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click

from archive.article import Page, utc_now
from crawler import contact, kept, output, tables
from crawler.oneline import DataError
from crawler.progress import bars
from crawler.tables import console
from spiders import source as registry
from spiders.quiet import quiet_until
from spiders.source import Source

FILES = click.Path(exists=True, path_type=Path)


@click.group()
def sources() -> None:
    """The registry of sources."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_sources(as_json: bool) -> None:
    """List the sources."""
    rows = [output.source_row(source) for source in registry.load_all().values()]
    if as_json:
        output.print_json(rows)
    else:
        console().print(tables.sources(rows))


@sources.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option("--online", is_flag=True, help="Try one article of each on its own site, too; nothing is kept.")
def check(files: tuple[Path, ...], online: bool) -> None:
    """Check source files: all, or those given.

    --online asks the site of each for a list and an article of it, as politely as a crawl and robots.txt obeyed, and
    says what came out; sample sources are tried only where their files are given. Status 1 where a file is broken, and
    where a site shows no article or is not as the file says.
    """
    found: dict[str, Source] = {}
    faults = 0
    chosen = files or tuple(registry.paths())
    for path in chosen:
        try:
            found[path.stem] = registry.load(path, found)
        except registry.SourceError as error:
            faults += 1
            click.echo(str(error), err=True)
    wrong = _try({name: each for name, each in found.items() if files or not each.is_sample}) if online else []
    if faults:
        wrong.append(f"{faults} of {len(chosen)} source files are broken")
    if wrong:
        raise DataError("; ".join(wrong))
    click.echo(f"{len(chosen)} source files are fine")


@sources.command()
@click.argument("where", metavar="URL or FILE")
@click.option("--url", help="The address of a saved page that does not say it.")
@click.option("--name", help="What readers call the site; else guessed.")
@click.option("--id", "id_", metavar="ID", help="The source's id; else made of the host.")
@click.option("--province", help="The folder below spiders/sources; else that of the region, or national.")
@click.option("-o", "--output", "file", metavar="FILE", help="The file to write; - is standard output.")
def new(where: str, url: str | None, name: str | None, id_: str | None, province: str | None, file: str | None) -> None:
    """Draft a source file from one page of a site.

    It may be a list, an article, a page of an e-paper or a feed. It is fetched as a crawl would, robots.txt obeyed, and
    not kept; a saved one needs no network. What is guessed (family, name, region, where to start, rules for links) says
    so in the file. That is written to spiders/sources/PROVINCE/ID.toml, where crawls find it, or to -o; a file that is
    there is never overwritten.
    """
    if id_ and not re.fullmatch(r"[a-z][a-z0-9_]*", id_):
        raise click.BadParameter(f"{id_!r} is no id: small letters, digits and _ only", param_hint="--id")
    if province and not re.fullmatch(r"[a-z]+", province):
        raise click.BadParameter(f"{province!r} is no folder: small letters only", param_hint="--province")
    page = _page(where, url)
    known, _ = registry.load_sound()
    real = {name: source for name, source in known.items() if not source.is_sample}
    draft = import_module("crawler.drafting").draft(page, real, registry.FOLDER, id_=id_, name=name, province=province)
    path = Path(file) if file else draft.source.path
    taken = next((each for each in real.values() if set(each.start) & set(draft.source.start)), None)
    if taken:
        raise click.UsageError(f"{taken.path} starts at {', '.join(draft.source.start)} already")
    if file != "-" and path.exists():
        raise click.UsageError(f"{path} is there already: give another --id, or another file with -o")
    if not file and draft.source.id in known:
        raise click.UsageError(f"the id {draft.source.id} is taken by {known[draft.source.id].path}: give another --id")
    with output.target(None if file == "-" else path) as out:
        out.write(draft.toml)
    for line in tables.drafted(draft):
        click.echo(line, err=file == "-")
    if file != "-":
        click.echo(f"written {path}")


def _page(where: str, url: str | None) -> Page:
    """The page at an address, or in a file."""
    if where.startswith(("http://", "https://")):
        if url:
            raise click.UsageError("--url is for saved pages: leave it out")
        contact.require_contact()
        page: Page = import_module("crawler.fetching").fetch(where)
        return page
    if not Path(where).is_file():
        raise click.UsageError(f"{where}: neither a file nor an address that begins with http:// or https://")
    found = next((kept.page(each) for each in kept.load(Path(where))), None)
    if found is None:
        raise kept.UnreadableFileError(f"{where}: it holds no page")
    own = found.url if found.url.startswith("http") else import_module("crawler.naming").address_of(found)
    address = url or own
    if not address:
        raise click.UsageError(f"{where} does not say its address: give it with --url")
    return replace(found, url=address)


def without_quiet(chosen: dict[str, Source]) -> dict[str, Source]:
    """The sources that may be asked now; of each other one it is said when it may be."""
    now = utc_now()
    until = {name: quiet_until(source.quiet, now) for name, source in chosen.items()}
    for name, moment in until.items():
        if moment:
            hours = ", ".join(map(str, chosen[name].quiet))
            click.echo(
                f"{name}: quiet hours {hours} in China; it may be asked from {moment:%Y-%m-%d %H:%M} (+08:00) on"
            )
    return {name: source for name, source in chosen.items() if not until[name]}


def _try(chosen: dict[str, Source]) -> list[str]:
    """Try sources, print what they showed, and say how many are not as they should be."""
    contact.require_contact(chosen.values())
    if not (asked := without_quiet(chosen)):
        return []
    found = import_module("crawler.trying").attempt(asked.values(), bars(console(stderr=True)))
    console().print(tables.trials(found))
    stopped = sum(trial.fault == import_module("crawler.trying").STOPPED for trial in found)
    faults = sum(trial.fault is not None for trial in found) - stopped
    said = [f"stopped: {stopped} of {len(found)} sources were not tried to the end"] if stopped else []
    return said + ([f"{faults} of {len(found)} sources are not as their files say"] if faults else [])
