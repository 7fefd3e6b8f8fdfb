"""What a search can be narrowed by, and what it is narrowed by: each value with the address that adds or removes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

from archive import regions
from archive.search.asked import KINDS, Asked
from archive.search.facets import Facets, inside
from archive.site.language import Words

Link = Callable[..., str]
"""Of the search otherwise: `link(region=None)`."""


def each(link: Link, field: str) -> Callable[[str], str]:
    """The address for each value of a field, as `link` gives it: what is around it is written once for all of them."""
    # No field but the words, which stand before it, can have NUL in it.
    before, _, after = link(**{field: "\0"}).rpartition(quote_plus("\0"))
    return lambda value: f"{before}{quote_plus(value)}{after}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet."""

    name: str
    number: int
    """How many hits have it."""
    href: str
    """The search with it, or without it where it is picked."""
    picked: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The facets of a search."""

    asked: Asked
    names: dict[str, str]
    """Of the sources, by their ids."""
    t: Words
    link: Link

    def picked(self) -> Iterator[Choice]:
        """The filters that are set."""
        for field in self.asked.filters:
            value = getattr(self.asked, field)
            name = self.t("facet.month" if field == "year" and "-" in value else f"facet.{field}")
            if value is not True:
                name = self.t("facet.filter", name=name, value=self.name(field, value))
            yield Choice(name, 0, self.without(field), picked=True)

    def without(self, field: str) -> str:
        """The search without one of its filters."""
        return self.link(**{field: False if getattr(self.asked, field) is True else None})

    def groups(self, counted: Facets) -> Iterator[tuple[str, list[Choice]]]:
        """The facets with their values, by the name of their field."""
        above = regions.lineage(self.asked.region)[::-1] if self.asked.region else ()
        tree = {code: counted.regions.get(code, 0) for code in above} | inside(counted.regions, self.asked.region)
        kinds = {kind: counted.kinds[kind] for kind in KINDS if kind in counted.kinds}
        for field, counts in (
            ("region", tree),
            ("source", counted.sources),
            ("year", counted.years),
            ("kind", kinds),
        ):
            if counts:
                href = each(self.link, field)
                yield field, [self._choice(field, value, number, href(value)) for value, number in counts.items()]
        if counted.states:
            yield "state", [self._state(field, number) for field, number in counted.states.items()]

    def name(self, field: str, value: str) -> str:
        """What a value is called."""
        if field == "region":
            return regions.table()[value].name
        return self.names.get(value, value) if field == "source" else self.t.of("facet_kind", value)

    def _choice(self, field: str, value: str, number: int, href: str) -> Choice:
        picked = value == getattr(self.asked, field)
        if picked:
            # From a division back to the one that it lies in.
            href = self.link(**{field: regions.table()[value].parent if field == "region" else None})
        return Choice(self.name(field, value), number, href, picked)

    def _state(self, field: str, number: int) -> Choice:
        picked = getattr(self.asked, field)
        return Choice(self.t(f"facet.{field}"), number, self.link(**{field: not picked}), picked)
