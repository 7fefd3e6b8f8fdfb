"""Which records go into a WACZ: all there are, those of a source, or those of the articles that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.export import chosen
from archive.search.query import Query

OF_ARTICLES = """
    select page_id from articles where id in wanted
    union select id from pages where article_id in wanted
    union select page_id from revisions where article_id in wanted
    union select page_id from addresses where article_id in wanted
    union select page_id from visits where article_id in wanted
    union select first_miss_id from visits where article_id in wanted
    union select last_miss_id from visits where article_id in wanted
    union select pages.id from visits as first join visits as further on further.part_of = first.key
        join pages on pages.url = further.url where first.article_id in wanted
"""
"""The pages of articles: every reading, under every address, their further parts, and what told that they are gone."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; nothing of it is the whole archive."""

    query: Query | None = None
    """Only articles that this search finds."""
    since: str | None = None
    """Only articles published on that ISO date or later."""
    source: str | None = None
    """Only what was collected for that source."""

    @property
    def of_articles(self) -> bool:
        """Whether articles are picked one by one; else whole files are taken, with lists, robots.txt and failures."""
        return bool(self.query or self.since)

    @property
    def words(self) -> str:
        """What was asked for, in words.

        >>> Choice().words, Choice(source="hongan", since="2024-09-04").words
        ('the whole archive', 'source hongan, since 2024-09-04')
        """
        told = {"source": self.source, "query": self.query and self.query.words, "since": self.since}
        return ", ".join(f"{name} {value}" for name, value in told.items() if value) or "the whole archive"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of a WARC file."""

    path: Path
    places: tuple[int, ...] | None
    """Where the records begin, in order; None for all of the file."""


def articles(db: Database, choice: Choice) -> Iterator[dict[str, Any]]:
    """The chosen articles, by id: `id`, `title`, and the `url` and `fetched_at` of the page that shows them."""
    picked, parameters = chosen(choice.query, choice.since, choice.source)
    yield from db.query(
        f"select picked.id, picked.title, pages.url, pages.fetched_at from (select id, title, page_id {picked})"  # noqa: S608
        " as picked join pages on pages.id = picked.page_id order by picked.id",
        parameters,
    )


def files(db: Database, folder: Path, choice: Choice) -> Iterator[Taken]:
    """The WARC files of a folder and what is taken of each, by name.

    What an article's page only refers to, the payload that the same address had before, is taken, too.
    """
    if not (choice.of_articles or choice.source):
        yield from (Taken(path, None) for path in sorted(folder.glob("*.warc.gz")))
        return
    # The name of a run's file ends in its source.
    whole = [] if choice.of_articles else sorted(folder.glob(f"*-{choice.source}.warc.gz"))
    yield from (Taken(path, None) for path in whole)
    for name, places in groupby(_places(db, choice), itemgetter(0)):
        if folder / name not in whole:
            yield Taken(folder / name, tuple(place for _, place in places))


def _places(db: Database, choice: Choice) -> Iterator[tuple[str, int]]:
    picked, parameters = chosen(choice.query, choice.since, choice.source)
    yield from db.execute(
        f"with wanted as materialized (select id {picked}),"  # noqa: S608
        f" found as materialized (select * from pages where id in ({OF_ARTICLES}))"
        " select warc_file, warc_offset from found"
        " union select warc_file, warc_offset from pages where id in (select revisit_of from found)"
        " order by 1, 2",
        parameters,
    )
