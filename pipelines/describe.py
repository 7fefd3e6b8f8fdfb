"""Say when an article was published, who wrote it, whose text it is and in which script, from the raw values."""

from __future__ import annotations

from dataclasses import replace

from archive.article import Article
from pipelines.text.bylines import byline_in_text, byline_paper, signature, signed
from pipelines.text.dates import find_date
from pipelines.text.origins import Dateline, chain, dateline, taken_from
from pipelines.text.script import script
from pipelines.text.speakers import speakers
from pipelines.text.years import year_beside

OPENING = 3
"""So many first lines of a body may hold its byline."""


def describe(article: Article) -> Article:
    """The article with date, authors, origin, speakers and script; what the page does not say stays None or empty."""
    lines = article.text.split("\n")
    opening = dateline(lines[0])
    return replace(
        _origin(_byline(_date(article, opening), lines), opening, lines[0]),
        speakers=speakers(lines),
        script=script(article.text + (article.title or "")),
    )


def _date(article: Article, opening: Dateline | None) -> Article:
    """The date of publication.

    That of a dateline without a year is completed where the page has the whole of it elsewhere, and the evidence says
    so; else `published` stays empty.
    """
    found, where = find_date(article.raw_date), article.provenance.get("raw_date")
    if (found is None or found.value is None) and opening and opening.raw_date:
        found, where = find_date(opening.raw_date), "dateline"
    if found is None:
        return article
    evidence = f"{where}: {found.raw}" + (f" ({found.note})" if found.note else "")
    whole = year_beside(found, article.page.text, article.page.fetched_at.date()) if found.value is None else None
    if whole:
        evidence += f" (year from {whole.raw})"
    elif found.value is None:
        evidence += " (no year)"
    return replace(
        article,
        raw_date=article.raw_date or found.raw,
        provenance={"raw_date": where, **article.provenance} if where else article.provenance,
        published=whole.value if whole else found.value,
        published_precision=found.precision,
        published_evidence=evidence,
    )


def _byline(article: Article, lines: list[str]) -> Article:
    """Authors and their roles by the page's byline, or by the bracket in the body's first lines or at its end.

    Where the page has names alone, the body's byline tells what they are.
    """
    provenance = article.provenance
    byline, in_body = article.raw_byline, _byline_in_body(lines)
    # Where the page names its house alone (作者：党支部), the body may name the reporter.
    if in_body and (not byline or (not signed(byline) and signed(in_body))):
        byline = in_body
        provenance = {**provenance, "raw_byline": "body"}
    told = dict(signed(in_body)) if in_body else {}
    writers = [(name, role or told.get(name, "")) for name, role in signed(byline or "")]
    return replace(
        article,
        raw_byline=byline,
        authors=tuple(name for name, _ in writers),
        roles=tuple(role for _, role in writers),
        provenance=provenance,
    )


def _byline_in_body(lines: list[str]) -> str | None:
    for line in lines[:OPENING]:
        if found := byline_in_text(line[:120]):
            return found
    return byline_in_text(lines[-1][-60:]) or signature(lines[-1])


def _origin(article: Article, opening: Dateline | None, first_line: str) -> Article:
    """Who brought the text here, and whom it was taken from: by the origin line, the dateline, the byline's paper."""
    named = chain(article.raw_origin or "")
    candidates = (
        ("raw_origin", named[0] if named else None),
        ("dateline", opening.origin if opening else None),
        ("byline", byline_paper(article.raw_byline or "")),
    )
    rule, origin = next((each for each in candidates if each[1]), ("", None))
    via = [medium for medium in dict.fromkeys((*named[1:], *taken_from(first_line))) if medium != origin]
    found = {} if rule in ("", "raw_origin") else {"origin": rule}
    return replace(
        article, origin=origin, origin_via="、".join(via) or None, provenance={**article.provenance, **found}
    )


class DescribeStage:
    """Item pipeline."""

    def process_item(self, item: Article) -> Article:
        return describe(item)
