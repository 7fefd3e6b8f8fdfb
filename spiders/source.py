"""One newspaper, portal or office as data: `spiders/sources/<province>/<id>.toml`."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from spiders.checking import FAMILIES, SourceError, checked, written
from spiders.quiet import Quiet

__all__ = [
    "FAMILIES", "FOLDER", "SAMPLE", "Source", "SourceError", "UnknownSourceError", "load", "load_all", "load_named",
    "load_sound", "paths", "written",
]  # fmt: skip

FOLDER = Path(__file__).parent / "sources"

SAMPLE = "sample"
"""The province of the invented sites that `zhaoshang demo` serves; crawled only when asked for by name."""


class UnknownSourceError(Exception):
    """An id that no source has; the message names the nearest."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name, list(known), n=1)
        hint = f"did you mean {near[0]}?" if near else "`zhaoshang sources list` shows them all"
        super().__init__(f"unknown source {name}: {hint}")


@dataclass(frozen=True, slots=True)
class Source:
    """One source, checked."""

    id: str
    """File name without .toml; the spider's name."""
    province: str
    """Name of the folder it stands in."""
    path: Path
    """The file."""
    name: str
    """What readers call it."""
    family: str
    """How its pages are built."""
    start: tuple[str, ...]
    """Where a crawl begins."""
    region: str | None = None
    """Home division or zone, a code of archive/regions.csv; None for the whole country."""
    every: timedelta = timedelta(days=1)
    """How often it is worth a visit."""
    verified: bool = False
    """Whether a crawl has matched these rules."""
    hosts: tuple[str, ...] = ()
    """Further hosts its pages lie on, beside those of `start`."""
    issues: int = 1
    """E-papers: how many issues back a crawl goes; with `issue`, how many days."""
    issue: str | None = None
    """E-papers: the address of the first page of a day's issue, the day as `{date:%Y-%m/%d}`."""
    select: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """CSS selectors by field, tried in order."""
    polite: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """`delay` in seconds, `concurrency` in requests at a time, `budget` in requests of a run, where it has its own."""
    quiet: tuple[Quiet, ...] = ()
    """When it is not to be asked for anything."""
    expect: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """What a good run brings at least: `articles`."""

    @property
    def is_sample(self) -> bool:
        return self.province == SAMPLE


def load(path: Path, taken: Mapping[str, Source] = MappingProxyType({})) -> Source:
    """Read and check one source file; its id must not be among the taken ones. Raises SourceError."""
    if path.stem in taken:
        raise SourceError(path, "", f"the id {path.stem} is taken by {taken[path.stem].path}; rename one file")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(path, "", f"not readable as TOML: {str(error).splitlines()[0]}") from error
    return Source(id=path.stem, province=path.parent.name, path=path, **checked(path, data))


def paths(folder: Path = FOLDER) -> Iterator[Path]:
    """All source files, in order of province and id."""
    yield from sorted(folder.glob("*/*.toml"))


def load_all(folder: Path = FOLDER) -> dict[str, Source]:
    """All sources by id. Raises SourceError for the first that is broken or whose id stands twice."""
    sources: dict[str, Source] = {}
    for path in paths(folder):
        source = load(path, sources)
        sources[source.id] = source
    return sources


def load_sound(folder: Path = FOLDER) -> tuple[dict[str, Source], dict[str, SourceError]]:
    """The sources whose files are sound, and what is wrong with the others, both by id."""
    sources: dict[str, Source] = {}
    faults: dict[str, SourceError] = {}
    for path in paths(folder):
        try:
            sources[path.stem] = load(path, sources)
        except SourceError as error:
            faults[path.stem] = error
    return sources, faults


def load_named(names: Iterable[str], folder: Path = FOLDER) -> dict[str, Source]:
    """The sources of those ids; other files may be broken. Raises UnknownSourceError, SourceError."""
    known = {path.stem: path for path in paths(folder)}
    for name in names:
        if name not in known:
            raise UnknownSourceError(name, known)
    return {name: load(known[name]) for name in names}
