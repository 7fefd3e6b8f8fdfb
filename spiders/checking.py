"""What a source file may say: each key taken out and checked, with the message that mends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archive.regions import is_known
from pipelines.text.dates import date_in_url
from spiders.quiet import Quiet, is_all_day, parse

FAMILIES = ("portal", "founder", "trs", "hanweb", "feed")
"""The families that a source may name; each has its module in `spiders/families`."""

_SELECTORS = (
    "list", "next", "title", "kicker", "subtitle", "body", "date", "origin", "authors", "editor", "section", "caption",
    "drop",
)  # fmt: skip
_KEYS = (
    "name", "family", "start", "hosts", "region", "every", "verified", "issues", "issue", "select", "polite", "expect",
)  # fmt: skip

_POLITE = ("delay", "concurrency", "budget", "quiet")

_REGION = re.compile(r"[1-8]\d{5}(?:-[A-Z]{1,2}\d?)?")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")

_NO_PAGE = LexborHTMLParser("")


class SourceError(Exception):
    """A source file that cannot be used: which file, which key, what to write instead."""

    def __init__(self, path: Path, key: str, cure: str) -> None:
        super().__init__(f"{path}: {key}: {cure}" if key else f"{path}: {cure}")


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


def _is_ip(host: str) -> bool:
    """Whether a host is an address by itself: so a source names one of its own network (crawler.connecting)."""
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in address)
    except ValueError:
        # A port that is none, brackets without an address in them.
        return False


def _is_selector(selector: str) -> bool:
    try:
        _NO_PAGE.css_first(selector)
    except SelectolaxError:
        return False
    return True


def checked(path: Path, data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Source` out of a file's data. Raises SourceError for the first that is wrong."""
    check = _Check(path, data)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        raise SourceError(path, "", "the file name is the id: small letters, digits and _ only")
    check.known(data, _KEYS, "")
    return {
        "name": check.text("name", 'what readers call it, for example name = "湖南日报"'),
        "family": check.one_of("family", FAMILIES),
        "start": check.addresses("start"),
        "hosts": check.hosts(),
        "region": check.region(),
        "every": check.every(),
        "verified": check.of_type("verified", bool, False, "true or false"),
        "issues": check.count("issues", data, 1),
        "issue": check.issue(),
        "select": check.select(),
        "polite": check.polite(),
        "quiet": check.quiet(),
        "expect": check.expect(),
    }


class _Check:
    """The data of one file, taken out key by key with the message that mends it."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data

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
            if "@" in urlsplit(address).netloc:
                # Not repeated here either.
                cure = "an address with a name or a password in it, which would stand in every log: leave that out"
                raise self.fail(key, cure)
        return tuple(value)

    def hosts(self) -> tuple[str, ...]:
        value = self.of_type("hosts", list, [], 'a list of hosts, for example hosts = ["epaper.nfnews.com"]')
        for host in value:
            if not isinstance(host, str) or not (_HOST.fullmatch(host) or _is_ip(host)):
                raise self.fail("hosts", f"{host!r} is no host, for example epaper.nfnews.com")
        return tuple(value)

    def region(self) -> str | None:
        value = self.data.get("region")
        if value is not None and not (isinstance(value, str) and _REGION.fullmatch(value)):
            raise self.fail("region", f'{value!r} should be six digits of GB/T 2260 in quotes, for example "430300"')
        if value is not None and not is_known(value):
            raise self.fail("region", f"{value!r} is no division or zone of today: archive/regions.csv lists them all")
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

    def issue(self) -> str | None:
        value = self.data.get("issue")
        # strftime in braces and nothing else: other fields would be filled with nothing, or fail in the crawl.
        if isinstance(value, str) and re.fullmatch(r"[^{}]*(?:\{date:[^{}%]*%[^{}]*\}[^{}]*)+", value):
            filled = value.format(date=date(2024, 11, 22))
            dated = date_in_url(filled)
            if _is_address(filled) and dated and (dated.value or "").startswith("2024-11-22"):
                return value
        if value is None:
            return None
        raise self.fail(
            "issue",
            f"{value!r} should be an address with the day in it, "
            'for example "http://…/html/{date:%Y-%m/%d}/node_2.htm"',
        )

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
                if not _is_selector(selector):
                    raise self.fail(f"select.{key}", f"{selector!r} is no CSS selector")
            found[key] = tuple(selectors)
        return MappingProxyType(found)

    def polite(self) -> Mapping[str, float]:
        table = self.table("polite", _POLITE)
        delay = table.get("delay", 1.0)
        if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= 3600:
            raise self.fail("polite.delay", f"{delay!r} should be seconds between two requests, 0 to 3600")
        found = {"delay": float(delay), "concurrency": self.count("concurrency", table, 1, where="polite.")}
        if "budget" in table:
            found["budget"] = self.count("budget", table, 1, where="polite.")
        return MappingProxyType(found)

    def quiet(self) -> tuple[Quiet, ...]:
        value = self.table("polite", _POLITE).get("quiet", [])
        chosen = value if isinstance(value, list) else [value]
        try:
            spans = tuple(map(parse, chosen))
        except (TypeError, ValueError) as error:
            cure = 'hours in China such as "08:00-12:00" or "22:00-06:00", or a list of them'
            raise self.fail("polite.quiet", f"{value!r} should be {cure}") from error
        if is_all_day(spans):
            raise self.fail("polite.quiet", f"{value!r} leaves no minute of the day for a crawl")
        return spans

    def expect(self) -> Mapping[str, int]:
        table = self.table("expect", ("articles",))
        return MappingProxyType({key: self.count(key, table, 1, where="expect.") for key in table})
