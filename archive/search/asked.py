"""What a search page is asked for, read from its address and written to it again: the address is the saved search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from archive import regions

KINDS = ("only", "same", "reprint", "excerpt", "script")
"""What an article can be of its story: alone in it, or what `copies.kind` says."""

STATES = ("damaged", "changed", "gone")
"""What can be the matter with an article: it lost characters, has several versions, is no longer on its site."""

LAST_PAGE = 100_000
"""Nobody asks for a later one."""

_NAMES = {"words": "q", "since": "from", "until": "to"}
_FIELDS = {name: field for field, name in _NAMES.items()}
_YEAR = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search with its filters. The fields stand in the order of the address."""

    words: str = ""
    """As typed; empty for all articles."""
    sort: str | None = None
    """`newest`; None for the best hits first. Without words the newest come first anyway."""
    since: str | None = None
    """First day, month or year: `2024-09-04`, `2024-09`, `2024`."""
    until: str | None = None
    """Last one, itself included."""
    region: str | None = None
    """Code of a division; what lies in it counts."""
    source: str | None = None
    """Id of a source."""
    year: str | None = None
    """Year or month that the date names, `2024` or `2024-09`: what names only its year is in no month."""
    kind: str | None = None
    """One of `KINDS`."""
    damaged: bool = False
    """Only what lost characters."""
    changed: bool = False
    """Only what has several versions."""
    gone: bool = False
    """Only what is no longer on its site."""
    page: int = 1
    """From 1."""

    @property
    def newest(self) -> bool:
        """Whether the newest come first."""
        return self.sort is not None or not self.words

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of the fields that leave less to be found."""
        return tuple(
            field.name
            for field in fields(self)
            if field.name not in ("words", "sort", "page") and getattr(self, field.name)
        )

    def but(self, **changes: Any) -> Asked:
        """The same search otherwise, from its first page on.

        >>> Asked("招商", region="430000", page=3).but(region=None)
        Asked(words='招商', sort=None, since=None, until=None, region=None, source=None, year=None, kind=None, damaged=False, changed=False, gone=False, page=1)
        """  # noqa: E501
        return replace(self, **{"page": 1, **changes})

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Those that are set, by their names in the address, always in one order.

        >>> Asked("招商", since="2024-09", damaged=True, page=2).parameters
        [('q', '招商'), ('from', '2024-09'), ('damaged', '1'), ('page', '2')]
        """
        said = ((name, getattr(self, field), default) for field, name, default in _ORDER)
        return [
            (name, "1" if value is True else str(value)) for name, value, default in said if value and value != default
        ]

    @property
    def address(self) -> str:
        """They as the end of an address.

        >>> Asked("招商 -会议", since="2024-09").address, Asked().address
        ('?q=%E6%8B%9B%E5%95%86+-%E4%BC%9A%E8%AE%AE&from=2024-09', '')
        """
        said = self.parameters
        return f"?{urlencode(said)}" if said else ""


_ORDER = [(field.name, _NAMES.get(field.name, field.name), field.default) for field in fields(Asked)]
"""Field, name in the address and default of each parameter: looked up once, since a page has hundreds of links."""


def asked(parameters: Mapping[str, str]) -> tuple[Asked, tuple[str, ...]]:
    """The search of an address, and the names of its parameters that cannot be meant and were left out.

    >>> asked({"q": " 招商 ", "from": "2024年9月4日", "kind": "new", "page": "-1", "sort": "newest", "damaged": "0"})[1]
    ('kind',)
    """
    said = {name: (parameters.get(name) or "").strip() for name in ("from", "to", "region", "source", "year", "kind")}
    words, page = (parameters.get("q") or "").strip(), parameters.get("page") or ""
    read = Asked(
        words,
        sort="newest" if words and parameters.get("sort") == "newest" else None,
        since=day(said["from"]),
        until=day(said["to"]),
        region=said["region"] if said["region"] in regions.table() else None,
        source=said["source"] if len(said["source"]) <= 100 and said["source"].isprintable() else None,
        year=said["year"] if _YEAR.fullmatch(said["year"]) else None,
        kind=said["kind"] if said["kind"] in KINDS else None,
        damaged=parameters.get("damaged") == "1",
        changed=parameters.get("changed") == "1",
        gone=parameters.get("gone") == "1",
        page=min(int(page), LAST_PAGE) if re.fullmatch(r"[1-9][0-9]{0,8}", page) else 1,
    )
    return read, tuple(name for name, value in said.items() if value and not getattr(read, _FIELDS.get(name, name)))


def day(text: str) -> str | None:
    """A day, month or year as a person writes it; None for what is none.

    >>> day("2024-9-4"), day("2024/09"), day("2024年9月4日"), day("2024"), day("2024-02-30"), day("昨天")
    ('2024-09-04', '2024-09', '2024-09-04', '2024', None, None)
    """
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part]
    try:
        date(*parts, *(1, 1)[len(parts) - 1 :])
    except ValueError:
        return None
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))
