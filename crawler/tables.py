"""What the commands print: tables where a person looks on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlite_utils import Database

from archive.search import Hit
from archive.search.highlight import mark, snippet, spans
from crawler.crawling import Outcome

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def outcomes(found: list[Outcome]) -> Table:
    """What a crawl brought, a row a source and the sum."""
    table = Table(show_footer=len(found) > 1)
    total = {
        key: sum(each.counts[key] for each in found) for key in ("pages", "new", "changed", "unchanged", "dropped")
    }
    charsets: dict[str, int] = {}
    for each in found:
        for charset, pages in each.charsets.items():
            charsets[charset] = charsets.get(charset, 0) + pages
    table.add_column("source", footer="all")
    for key, header in (("pages", "pages fetched"), ("new", "new"), ("changed", "changed"), ("unchanged", "unchanged")):
        table.add_column(header, footer=str(total[key]), justify="right")
    table.add_column("charsets met", footer=_charsets(charsets))
    table.add_column("false labels", footer=str(sum(each.false_labels for each in found)), justify="right")
    table.add_column("seconds", footer=f"{max((each.seconds for each in found), default=0):.1f}", justify="right")
    for each in sorted(found, key=lambda outcome: outcome.source):
        table.add_row(
            each.source,
            *(str(each.counts[key]) for key in ("pages", "new", "changed", "unchanged")),
            _charsets(each.charsets),
            str(each.false_labels),
            f"{each.seconds:.1f}",
        )
    return table


def _charsets(charsets: dict[str, int]) -> str:
    return ", ".join(f"{name} {pages}" for name, pages in sorted(charsets.items(), key=lambda item: -item[1]))


def print_hits(console: Console, total: int, hits: Iterable[Hit], needles: tuple[str, ...]) -> None:
    """Search results: headline, date, source, a passage with the words marked, the address."""
    for hit in hits:
        heading = " / ".join(filter(None, (hit.kicker, hit.title, hit.subtitle))) or "(no headline)"
        lost = f"  {lost_characters(hit.damage)}" if hit.damage else ""
        line = f"  {(hit.published or 'no date')[:10]}  {hit.source}{lost}  {hit.url}"
        passage, _ = snippet(hit.text, needles)
        for text, style in ((heading, "bold"), (line, "dim"), (f"  {passage}", "")):
            console.print(_highlighted(text, needles, console, style), soft_wrap=True)
    console.print(f"{total} articles" if total != 1 else "1 article", highlight=False)


def lost_characters(damage: int) -> str:
    """The damage of an article in words.

    >>> lost_characters(1), lost_characters(12)
    ('1 character lost', '12 characters lost')
    """
    return f"{damage} character{'' if damage == 1 else 's'} lost"


def _highlighted(text: str, needles: tuple[str, ...], console: Console, style: str) -> Text:
    """The words in colour on a terminal, in 【】 where the output goes into a pipe."""
    # A page could speak to the terminal: escape sequences set titles, move the cursor, clear the screen.
    text = _CONTROLS.sub("", text)
    found = spans(text, needles)
    if not console.is_terminal:
        return Text(mark(text, found))
    shown = Text(text, style=style)
    for start, end in found:
        shown.stylize("black on yellow", start, end)
    return shown


def sources(rows: Iterable[dict[str, Any]]) -> Table:
    """The registry."""
    table = Table()
    for header in ("id", "name", "province", "family", "region", "every", "verified"):
        table.add_column(header)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    return table


def status(db: Database) -> tuple[Table, Table]:
    """What the archive holds, and its latest run of each source."""
    holds = Table(show_header=False)
    for label, query in (
        ("articles", "select count(*) from articles"),
        ("stories", "select count(*) from stories"),
        ("pages", "select count(*) from pages"),
        ("runs", "select count(*) from runs"),
        ("first published", "select substr(min(published), 1, 10) from articles"),
        ("last published", "select substr(max(published), 1, 10) from articles"),
        ("last fetched", "select max(last_fetched) from articles"),
    ):
        value = db.execute(query).fetchone()[0]
        holds.add_row(label, "none" if value is None else str(value))
    latest = Table()
    columns = ("source", "started", "reason", "pages", "new", "changed", "unchanged", "dropped", "errors", "finding")
    for column in columns:
        latest.add_column(column, justify="right" if column in columns[3:9] else "left")
    for row in latest_runs(db):
        latest.add_row(*(str("" if row[column] is None else row[column]) for column in columns))
    return holds, latest


def latest_runs(db: Database) -> list[dict[str, Any]]:
    """The latest run of each source; one without `reason` was killed or is still going on."""
    return list(
        db.query(
            "select source, started, finished, reason, pages, new, changed, unchanged, dropped, errors, finding"
            " from runs where id in (select max(id) from runs group by source) order by source"
        )
    )
