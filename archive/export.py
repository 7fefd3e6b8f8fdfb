"""Articles out of the archive, streaming: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from sqlite_utils import Database

from archive.search.find import published_since, where
from archive.search.query import Query

COLUMNS = (
    "id", "url", "source", "kicker", "title", "subtitle", "text", "published", "published_precision", "authors",
    "origin", "origin_via", "section", "region_code", "script", "charset", "damage", "first_fetched", "last_fetched",
    "version", "story_id",
)  # fmt: skip
"""What is exported, in this order."""

FORMATS = ("csv", "jsonl")


def rows(
    db: Database, query: Query | None = None, since: str | None = None, source: str | None = None
) -> Iterator[dict[str, Any]]:
    """The articles, by id; those of a query, published since an ISO date, or of a source, only."""
    picked, parameters = chosen(query, since, source)
    yield from db.query(f"select {', '.join(COLUMNS)} {picked} order by id", parameters)


def count(db: Database, query: Query | None = None, since: str | None = None, source: str | None = None) -> int:
    """How many articles `rows` gives."""
    picked, parameters = chosen(query, since, source)
    return int(db.execute(f"select count(*) {picked}", parameters).fetchone()[0])


def chosen(query: Query | None, since: str | None, source: str | None = None) -> tuple[str, dict[str, str]]:
    """SQL behind the columns of a `select` for the articles that are asked for, and its parameters."""
    conditions = ["1"]
    parameters: dict[str, str] = {}
    if query:
        condition, parameters = where(query)
        conditions.append(condition)
    if since:
        dated, day = published_since(since)
        conditions.append(dated)
        parameters |= day
    if source:
        conditions.append("articles.source = :source")
        parameters |= {"source": source}
    return f"from articles where {' and '.join(conditions)}", parameters


def write_csv(articles: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write articles as CSV (RFC 4180); how many.

    Cells that a spreadsheet would run as a formula get an apostrophe before them.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    for count, article in enumerate(articles, 1):  # noqa: B007
        writer.writerow([defuse(article[column]) for column in COLUMNS])
    return count


def write_jsonl(articles: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write articles as JSON Lines, `authors` as a list; how many."""
    count = 0
    for count, article in enumerate(articles, 1):  # noqa: B007
        line = dict(article) | {"authors": json.loads(article["authors"])}
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return count


_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""What a formula begins with: Excel takes the full-width signs for the usual ones, and passes over what is not seen."""


def defuse(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula.

    >>> defuse("=HYPERLINK(0)"), defuse("招商"), defuse(-1)
    ("'=HYPERLINK(0)", '招商', -1)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
