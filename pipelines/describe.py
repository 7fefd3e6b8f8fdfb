"""Say when an article was published, who wrote it, whose text it is and in which script, from the raw values."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.article import Article
from pipelines.text.bylines import authors, byline_in_text, byline_paper, dateline, origin, taken_from
from pipelines.text.dates import find_date
from pipelines.text.script import script

OPENING = 3
"""So many first lines of a body may hold its byline."""


_LABELLED = re.compile("[来來]\\s*源|稿源|出处|出處")


def describe(article: Article) -> Article:
    """The article with date, authors, origin and script; what the page does not say stays None or empty."""
    lines = article.text.split("\n")
    opening = dateline(lines[0])
    byline = article.raw_byline or _byline_in_body(lines)
    raw = article.raw_origin or ""
    named = origin(raw if _LABELLED.search(raw) else f"来源：{raw}")
    sent_by = opening.origin if opening else None
    return replace(
        _date(article, opening.raw_date if opening else None),
        raw_byline=byline,
        authors=authors(byline) if byline else (),
        origin=named or sent_by or (byline_paper(byline) if byline else None),
        origin_via=taken_from(lines[0]),
        script=script(article.text + (article.title or "")),
    )


def _date(article: Article, in_dateline: str | None) -> Article:
    """The date of publication; that of a dateline without a year leaves `published` empty and says so."""
    found, where = find_date(article.raw_date), article.provenance.get("raw_date")
    if (found is None or found.value is None) and in_dateline:
        found, where = find_date(in_dateline), "dateline"
    if found is None:
        return article
    evidence = f"{where}: {found.raw}" + ("" if found.value else " (no year)")
    return replace(
        article,
        raw_date=article.raw_date or found.raw,
        provenance={"raw_date": where, **article.provenance} if where else article.provenance,
        published=found.value,
        published_precision=found.precision,
        published_evidence=evidence,
    )


def _byline_in_body(lines: list[str]) -> str | None:
    """The byline in brackets in the first lines of a body or at its end."""
    for line in lines[:OPENING]:
        if found := byline_in_text(line[:120]):
            return found
    return byline_in_text(lines[-1][-60:])


class DescribeStage:
    """Item pipeline."""

    def process_item(self, item: Article) -> Article:
        return describe(item)
