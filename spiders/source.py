"""One newspaper, portal or office as data: `spiders/sources/<province>/<id>.toml`."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import soupsieve
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

FOLDER = Path(__file__).parent / "sources"

SAMPLE = "sample"
"""The province of the invented sites that `zhaoshang demo` serves; crawled only when asked for by name."""

FAMILIES = ("portal", "founder", "trs", "hanweb", "feed")
"""The families that a source may name; each has its module in `spiders/families`."""


_NO_PAGE = LexborHTMLParser("")


class SourceError(Exception):
    """A source file that cannot be used: which file, which key, what to write instead."""

    def __init__(self, path: Path, key: str, cure: str) -> None:
        super().__init__(f"{path}: {key}: {cure}" if key else f"{path}: {cure}")


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
    """Home division, six digits of GB/T 2260; None for the whole country."""
    every: timedelta = timedelta(days=1)
    """How often it is worth a visit."""
    verified: bool = False
    """Whether a crawl has matched these rules."""
    issues: int = 1
    """E-papers: how many issues back a crawl goes."""
    select: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """CSS selectors by field, tried in order."""
    polite: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """`delay` in seconds, `concurrency` in requests at a time."""
    expect: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """What a good run brings at least: `articles`."""

    @property
    def is_sample(self) -> bool:
        return self.province == SAMPLE


def parse_every(value: str) -> timedelta:
    """A span such as `30m`, `6h`, `1d`, `2w`.

    >>> parse_every("6h")
    datetime.timedelta(seconds=21600)

    Raises ValueError for anything else.
    """
    match = re.fullmatch(r"([1-9]\d{0,3})([mhdw])", value)
    if not match:
        raise ValueError(value)
    unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def written(span: timedelta) -> str:
    """A span as source files write it.

    >>> written(timedelta(days=28)), written(timedelta(hours=6))
    ('4w', '6h')
    """
    minutes = int(span.total_seconds()) // 60
    for unit, size in (("w", 10080), ("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


_SELECTORS = (
    "list", "next", "title", "kicker", "subtitle", "body", "date", "origin", "authors", "editor", "section", "caption",
    "drop",
)  # fmt: skip
_KEYS = ("name", "family", "start", "region", "every", "verified", "issues", "select", "polite", "expect")


def load(path: Path, taken: Mapping[str, Source] = MappingProxyType({})) -> Source:
    """Read and check one source file; its id must not be among the taken ones. Raises SourceError."""
    if path.stem in taken:
        raise SourceError(path, "", f"the id {path.stem} is taken by {taken[path.stem].path}; rename one file")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(path, "", f"not readable as TOML: {str(error).splitlines()[0]}") from error
    return _Check(path, data).source()


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


def load_named(names: Iterable[str], folder: Path = FOLDER) -> dict[str, Source]:
    """The sources of those ids; other files may be broken. Raises UnknownSourceError, SourceError."""
    known = {path.stem: path for path in paths(folder)}
    for name in names:
        if name not in known:
            raise UnknownSourceError(name, known)
    return {name: load(known[name]) for name in names}


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in address)
    except ValueError:
        # A port that is none, brackets without an address in them.
        return False


class _Check:
    """The data of one file, taken out key by key with the message that mends it."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data

    def source(self) -> Source:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.path.stem):
            raise SourceError(self.path, "", "the file name is the id: small letters, digits and _ only")
        self.known(self.data, _KEYS, "")
        return Source(
            id=self.path.stem,
            province=self.path.parent.name,
            path=self.path,
            name=self.text("name", 'what readers call it, for example name = "湖南日报"'),
            family=self.one_of("family", FAMILIES),
            start=self.addresses("start"),
            region=self.region(),
            every=self.every(),
            verified=self.of_type("verified", bool, False, "true or false"),
            issues=self.count("issues", self.data, 1),
            select=self.select(),
            polite=self.polite(),
            expect=self.expect(),
        )

    def fail(self, key: str, cure: str) -> SourceError:
        return SourceError(self.path, key, cure)

    def known(self, table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in keys:
                raise self.fail(where + key, f"unknown key; known are {', '.join(keys)}")

    def of_type(self, key: str, kind: type, default: Any, cure: str) -> Any:
        value = self.data.get(key, default)
        if not isinstance(value, kind):
            raise self.fail(key, f"{value!r} should be {cure}")
        return value

    def text(self, key: str, cure: str) -> str:
        if key not in self.data:
            raise self.fail(key, f"is missing: {cure}")
        value: str = self.of_type(key, str, "", f"a text: {cure}")
        if not value.strip():
            raise self.fail(key, f"is empty: {cure}")
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key, f"one of {', '.join(choices)}")
        if value not in choices:
            raise self.fail(key, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def addresses(self, key: str) -> tuple[str, ...]:
        value = self.of_type(key, list, [], 'a list of addresses, for example start = ["http://…/index.html"]')
        if not value:
            raise self.fail(key, 'is missing: where a crawl begins, for example start = ["http://…/index.html"]')
        for address in value:
            if not isinstance(address, str) or not _is_address(address):
                raise self.fail(key, f"{address!r} is no http or https address")
        return tuple(value)

    def region(self) -> str | None:
        value = self.data.get("region")
        if value is not None and not (isinstance(value, str) and re.fullmatch(r"[1-8]\d{5}", value)):
            raise self.fail("region", f'{value!r} should be six digits of GB/T 2260 in quotes, for example "430300"')
        return value

    def every(self) -> timedelta:
        value = self.of_type("every", str, "1d", "a span such as 6h, 1d, 2w")
        try:
            return parse_every(value)
        except ValueError as error:
            raise self.fail("every", f"{value!r} should be a span such as 6h, 1d, 2w") from error

    def count(self, key: str, table: Mapping[str, Any], default: int, where: str = "") -> int:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.fail(where + key, f"{value!r} should be a whole number from 1")
        return value

    def table(self, key: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
        value: dict[str, Any] = self.of_type(key, dict, {}, f"a table: [{key}]")
        self.known(value, keys, f"{key}.")
        return value

    def select(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for key, value in self.table("select", _SELECTORS).items():
            selectors = [value] if isinstance(value, str) else value
            if not isinstance(selectors, list) or not all(isinstance(each, str) and each for each in selectors):
                raise self.fail(f"select.{key}", f"{value!r} should be a CSS selector or a list of them")
            for selector in selectors:
                try:
                    # Pages are searched by lexbor, the fragment that holds the body by BeautifulSoup.
                    _NO_PAGE.css_first(selector)
                    soupsieve.compile(selector)
                except (SelectolaxError, soupsieve.SelectorSyntaxError) as error:
                    raise self.fail(f"select.{key}", f"{selector!r} is no CSS selector") from error
            found[key] = tuple(selectors)
        if self.data.get("family") == "portal" and not found.get("list"):
            raise self.fail("select.list", "is missing: the CSS selector of the links to articles on a list page")
        return MappingProxyType(found)

    def polite(self) -> Mapping[str, float]:
        table = self.table("polite", ("delay", "concurrency"))
        delay = table.get("delay", 1.0)
        if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= 3600:
            raise self.fail("polite.delay", f"{delay!r} should be seconds between two requests, 0 to 3600")
        return MappingProxyType(
            {"delay": float(delay), "concurrency": self.count("concurrency", table, 1, where="polite.")}
        )

    def expect(self) -> Mapping[str, int]:
        table = self.table("expect", ("articles",))
        return MappingProxyType({key: self.count(key, table, 1, where="expect.") for key in table})
