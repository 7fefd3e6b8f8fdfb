"""Queries and regions laid side by side over time: what is asked for, and how many articles each has when."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.search.asked import Asked
from archive.search.picking import MATCHED, picked
from archive.search.query import Query, parse
from archive.site import periods
from archive.site.places import named
from archive.site.timeline import by_month, last_month

MOST = 5
"""Questions of a comparison: no more can be told apart."""
MOST_MONTHS = 60
"""What spreads over more months is shown by years, unless months are asked for."""

_REGION = re.compile(r"(?:^|(?<=\s))(?:地区|地區|region)[:：](\S+)", re.IGNORECASE)


class PlaceError(ValueError):
    """A name that is no region's, or that of several."""

    def __init__(self, name: str, choices: Sequence[str] = ()) -> None:
        super().__init__(f"{name}: {'one of ' + ', '.join(choices) if choices else 'no region has that name'}")
        self.name = name
        self.choices = tuple(choices)
        """The codes of the regions that have the name."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the things that are compared: words, a region, or words in a region."""

    typed: str
    """As typed: `地区:湖南 招商`."""
    asked: Asked
    """The search that finds the same."""
    query: Query | None
    """Its words; None where all articles of the region count."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The questions over time."""

    periods: tuple[str, ...]
    """Months or years, from the first to the last in which anything was found, none after that of the newest fetch."""
    collected: tuple[int, ...]
    """How many articles the archive has of each period: what shares are of."""
    counts: tuple[tuple[int, ...], ...]
    """By question, how many of them it finds."""
    later: tuple[int, ...]
    """By question, how many are dated after the newest fetch, by a slip of their page: they are told, not drawn."""

    def share(self, question: int, place: int) -> float | None:
        """Which part of what was collected a question finds, 0 to 1; None where nothing was collected."""
        whole = self.collected[place]
        return self.counts[question][place] / whole if whole else None


def question(typed: str, since: str | None = None, until: str | None = None) -> Question:
    """Read what a person typed; `地区:` or `region:` before a name or a code looks only at news at home there.

    >>> question("地区:湖南 招商").asked.address, question("region:430300").query
    ('?q=%E6%8B%9B%E5%95%86&region=430000', None)

    Raises PlaceError, and QueryError for words that cannot be searched.
    """
    places = _REGION.findall(typed)
    words = " ".join(_REGION.sub(" ", typed).split()) if places else typed.strip()
    code = None
    for name in places:
        found = named(name)
        if len(found) != 1:
            raise PlaceError(name[:40], found)
        code = found[0]
    query = parse(words) if words or not places else None
    return Question(typed.strip(), Asked(words, since=since, until=until, region=code), query)


def compared(connection: sqlite3.Connection, questions: Sequence[Question], by: str | None) -> Compared:
    """Count what each question finds by `month` or `year`; by what suits the span where `by` is None."""
    every = [_months(connection, each) for each in questions]
    until = last_month(connection)
    found = [periods.up_to(counts, until) for counts in every]
    later = [sum(counts.values()) - sum(drawn.values()) for counts, drawn in zip(every, found, strict=True)]
    whole = periods.up_to(by_month(connection, "source"), until)
    dated = sorted({month for counts in found for month in counts if len(month) == 7})
    many = len(periods.between(dated[0], dated[-1])) if dated else 0
    if by == "year" or not dated or many > (periods.MOST_MONTHS if by == "month" else MOST_MONTHS):
        found, whole = [periods.years(counts) for counts in found], periods.years(whole)
    length = max((len(period) for period in whole), default=7)
    shown = sorted({period for counts in found for period in counts if len(period) == length})
    between = periods.between(shown[0], shown[-1]) if shown else []
    return Compared(
        tuple(between),
        tuple(whole.get(period, 0) for period in between),
        tuple(tuple(counts.get(period, 0) for period in between) for counts in found),
        tuple(later),
    )


def _months(connection: sqlite3.Connection, each: Question) -> Mapping[str, int]:
    """The articles of a question by month of publication, as the tallies have them."""
    conditions, parameters = picked(each.asked, each.query)
    facts = "search_facts"
    if each.query:
        hits = f"(select rowid from articles_fts where {MATCHED})"  # noqa: S608
        facts = f"{hits} as hits cross join search_facts on search_facts.id = hits.rowid"
    counted = f"select substr(day, 1, 7), count(*) from {facts} where {' and '.join(conditions) or '1'} group by 1"  # noqa: S608
    return dict(connection.execute(counted, parameters).fetchall())
