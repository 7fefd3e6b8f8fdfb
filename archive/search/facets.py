"""What hits have in common, counted: by region, source, year, kind and state, and over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive import regions
from archive.search.asked import KINDS, STATES

COUNTED = {
    **{column: f"json_group_array({column})" for column in ("day", "source", "region")},
    **{kind: f"sum(kind = '{kind}')" for kind in KINDS},
    **{state: f"sum({state})" for state in STATES},
}
"""What `facets` needs of the hits, by name: aggregates of SQL over `search_facts`."""


@dataclass(frozen=True, slots=True)
class Facets:
    """Articles by value, most first; what has no value is left out."""

    regions: dict[str, int]
    """By code, of a division together with all that lies in it; of a zone or county alone."""
    sources: dict[str, int]
    years: dict[str, int]
    """The latest year first."""
    kinds: dict[str, int]
    states: dict[str, int]
    months: dict[str, int]
    """By `YYYY-MM`, or `YYYY` where only the year is known; empty for undated ones."""

    @property
    def articles(self) -> int:
        """How many were counted."""
        return sum(self.months.values())


def facets(counted: Mapping[str, Any]) -> Facets:
    """Count hits, given what `COUNTED` says of them."""
    months = Counter[str]()
    for day, number in Counter(counted["day"]).items():
        months[day[:7]] += number
    years = Counter[str]()
    for month, number in months.items():
        years[month[:4]] += number
    return Facets(
        _most_first(_with_those_above(Counter(counted["region"]))),
        _most_first(Counter(counted["source"])),
        {year: years[year] for year in sorted(years, reverse=True) if year},
        {kind: counted[kind] for kind in KINDS if counted[kind]},
        {state: counted[state] for state in STATES if counted[state]},
        dict(months),
    )


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return {value: number for value, number in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if value}


def _with_those_above(counts: Counter[str]) -> Counter[str]:
    """Counts by code, those of the divisions above added.

    >>> dict(_with_those_above(Counter({"430302": 2, "430300": 1, "": 5})))
    {'430302': 2, '430300': 3, '430000': 3}
    """
    found = Counter[str]()
    for code, number in counts.items():
        for each in regions.lineage(code) if code in regions.table() else ():
            found[each] += number
    return found


def inside(counts: dict[str, int], code: str | None) -> dict[str, int]:
    """Of counts by region, those directly in a division; the provinces for None.

    >>> inside({"430000": 3, "430300": 3, "430302": 2}, "430000")
    {'430300': 3}
    """
    table = regions.table()
    return {each: number for each, number in counts.items() if table[each].parent == code}
