"""What the commands print: tables where a person looks on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlite_utils import Database

from archive.article import Article
from archive.search import Hit
from archive.search.highlight import mark, snippet, spans
from archive.totals import totals

if TYPE_CHECKING:
    # Scrapy takes most of a second to import, which `zhaoshang search` need not wait for.
    from crawler.crawling import Outcome
    from crawler.drafting import Draft
    from crawler.trying import Trial

_COPIES = {"same": "the same", "reprint": "reprints", "excerpt": "excerpts", "script": "in the other script"}

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def console(*, stderr: bool = False) -> Console:
    """Where to print: no wrapping at 80 columns into a pipe."""
    out = Console(stderr=stderr)
    return out if out.is_terminal else Console(stderr=stderr, width=200)


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
    table.add_column("refused", footer=str(sum(sum(each.refused.values()) for each in found)), justify="right")
    table.add_column("seconds", footer=f"{max((each.seconds for each in found), default=0):.1f}", justify="right")
    for each in sorted(found, key=lambda outcome: outcome.source):
        table.add_row(
            each.source,
            *(str(each.counts[key]) for key in ("pages", "new", "changed", "unchanged")),
            _charsets(each.charsets),
            str(each.false_labels),
            str(sum(each.refused.values())),
            f"{each.seconds:.1f}",
        )
    return table


def _charsets(charsets: dict[str, int]) -> str:
    return ", ".join(f"{name} {pages}" for name, pages in sorted(charsets.items(), key=lambda item: -item[1]))


def print_hits(console: Console, total: int, hits: Iterable[Hit], needles: tuple[str, ...]) -> None:
    """Search results: headline, date, source, a passage with the words marked, the address."""
    for hit in hits:
        heading = " / ".join(filter(None, (hit.kicker, hit.title, hit.subtitle))) or "(no headline)"
        notes = [lost_characters(hit.damage)] if hit.damage else []
        notes += [f"gone since {hit.gone_at[:10]}"] if hit.gone_at else []
        line = "  ".join(["", (hit.published or "no date")[:10], hit.source, *notes, hit.url])
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


def printable(text: str) -> str:
    r"""The text with a blank for each control character, as long as it was.

    >>> printable("签约\x1b[2J")
    '签约 [2J'
    """
    return _CONTROLS.sub(" ", text)


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


def trials(found: Iterable[Trial]) -> Table:
    """What sources showed when they were tried."""
    table = Table()
    for header in ("source", "lists", "links", "article", "published", "authors", "read by", "fault"):
        table.add_column(header, justify="right" if header in ("lists", "links") else "left")
    for each in found:
        article = each.article
        read = (article.title, _day(article), "、".join(article.authors), article.reading) if article else ("",) * 4
        cells = [_CONTROLS.sub("", cell or "") for cell in read]
        table.add_row(each.source.id, str(each.lists), str(each.links), *map(Text, cells), Text(each.fault or ""))
    return table


def _day(article: Article) -> str | None:
    """When an article was published, as exactly as is known, to the minute at most."""
    length = {"year": 4, "month": 7, "minute": 16}.get(article.published_precision or "", 10)
    return article.published and article.published[:length].replace("T", " ")


def drafted(found: Draft) -> Iterator[str]:
    """What was read out of the page that a source file was drafted from."""
    if (article := found.article) is None:
        yield f"read    a list, {len(found.links)} links to articles"
        yield from (f"        {url}" for url in found.links[:3])
        return
    told = {
        "title": article.title, "date": _day(article), "authors": "、".join(article.authors),
        "origin": article.origin, "text": article.text.partition("\n")[0],
    }  # fmt: skip
    yield f"read    an article of {len(article.text)} characters"
    yield from (f"        {key}: {_CONTROLS.sub('', value or 'none found')}" for key, value in told.items())


def status(db: Database) -> tuple[Table, Table]:
    """What the archive holds, and its latest run of each source."""
    holds = Table(show_header=False)
    for name, value in totals(db).items():
        label = f"  {_COPIES[name]}" if name in _COPIES else name.replace("_", " ")
        holds.add_row(label, "none" if value is None else str(value))
    latest = Table()
    counted = ("pages", "new", "changed", "unchanged", "dropped", "refused", "errors")
    columns = ("source", "started", "reason", *counted, "finding")
    for column in columns:
        latest.add_column(column, justify="right" if column in counted else "left")
    for row in latest_runs(db):
        latest.add_row(*(str("" if row[column] is None else row[column]) for column in columns))
    return holds, latest


def latest_runs(db: Database) -> list[dict[str, Any]]:
    """The latest run of each source; one without `reason` was killed or is still going on.

    `finding` is what is to be said of a run, `wrong` (1 or 0) whether that makes it a failed one.
    """
    return list(
        db.query(
            "select source, started, finished, reason, pages, new, changed, unchanged, dropped,"
            " (select coalesce(sum(value), 0) from json_each(runs.stats) where key like 'refused/%') as refused,"
            " errors, finding, json_extract(stats, '$.\"run/wrong\"') as wrong from runs"
            " where id in (select max(id) from runs group by source) order by source"
        )
    )
