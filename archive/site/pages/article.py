"""An article as evidence: its text with what was repaired in it, beside what proves it."""

from __future__ import annotations

import json
import sqlite3
from itertools import groupby
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response
from sqlite_utils import Database

from archive import regions
from archive.article import GUESS
from archive.printed import issue_of, newspaper_page, printed
from archive.sameness import shown_date
from archive.site.citing import Cited, gb7714
from archive.site.clock import china_day, in_china
from archive.site.closed import seen
from archive.site.copies import chain, copies_of
from archive.site.errors import Refused
from archive.site.pages.snapshot import may_see
from archive.site.rendering import admit, page, read, rows
from archive.site.repaired import Place, Row, Run, UnfitRecordError, paragraphs, places
from archive.story import LONGEST_ID
from archive.versions import history, steps

if TYPE_CHECKING:
    from datasette.app import Datasette


class Forgotten(Refused):
    """An article that was removed for good: that it was is told, and nothing else of it."""

    status = 410


HEADLINES = ("kicker", "title", "subtitle")
MOST_VERSIONS = 30
"""So many versions are laid side by side, the newest ones."""


async def article(request: Request, datasette: Datasette) -> Response:
    """`/archive/articles/ID`, with `?repairs=1` for the text with its repairs marked."""
    await admit(datasette, request)
    article_id = number(request.url_vars["id"])
    found = await read(datasette, lambda connection: evidence(connection, article_id))
    shown = await seen(datasette, request, *_SHOWN)
    found |= {name: () for table, names in _SHOWN.items() if table not in shown for name in names}
    found["marks"] = "repairs" in shown and request.args.get("repairs") == "1"
    found["sees_snapshot"] = await may_see(datasette, request)
    return await page(datasette, request, "article.html", {"own": True, **found})


_SHOWN = {
    "repairs": ("repairs",),
    "revisions": ("versions",),
    "stories": ("story",),
    "copies": ("story", "chain"),
    "images": ("captions",),
    "attachments": ("attachments",),
    "addresses": ("addresses",),
    "article_regions": ("mentions",),
    "visits": ("missing",),
}
"""What the page tells out of other tables than that of articles."""


def number(written: str) -> int:
    """An id in an address. Raises NotFound for what cannot be one."""
    if not (written.isascii() and written.isdigit() and len(written) < LONGEST_ID):
        raise NotFound(f"no id: {written:.20}")
    return int(written)


def evidence(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """All that the page shows. Raises NotFound for an unknown id, Forgotten for one that was forgotten."""
    db = Database(connection)
    row = next(
        db.query(
            "select articles.*, coalesce(sources.name, articles.source) as publication from articles"
            " left join sources on sources.id = articles.source where articles.id = ?",
            [article_id],
        ),
        None,
    )
    if row is None:
        if found := rows(connection, "select forgotten_at from forgotten where article_id = ? limit 1", [article_id]):
            raise Forgotten("error.forgotten", day=china_day(found[0]["forgotten_at"]))
        raise NotFound(f"no article {article_id}")
    of_it = {"id": article_id}
    images = rows(connection, "select * from images where article_id = :id order by position", of_it)
    repairs = rows(connection, "select * from repairs where article_id = :id order by position", of_it)
    copies = copies_of(connection, row["story_id"]) if row["story_id"] else []
    return {
        "article": row,
        "published": shown_date(row),
        "authors": json.loads(row["authors"]),
        "provenance": json.loads(row["provenance"]),
        "keywords": json.loads(row["keywords"]),
        "speakers": json.loads(row["speakers"]),
        "first_fetched": in_china(row["first_fetched"]),
        "last_fetched": in_china(row["last_fetched"]),
        "gone_at": in_china(row["gone_at"]) if row["gone_at"] else None,
        "record": rows(connection, _RECORD, [row["page_id"]])[0],
        "missing": rows(connection, _MISSING, of_it),
        "addresses": rows(connection, "select url from addresses where article_id = :id order by url limit 20", of_it),
        "attachments": rows(connection, "select * from attachments where article_id = :id order by position", of_it),
        "divisions": _divisions(row["region_code"]),
        "mentions": rows(connection, _MENTIONS, of_it),
        **_texts(row, images, repairs),
        "story": next(iter(rows(connection, "select * from stories where id = ?", [row["story_id"]])), None),
        "copies": copies,
        "numbers": {copy["id"]: copy["number"] for copy in copies},
        "chain": chain(copies, article_id),
        "versions": _versions(db, article_id) if row["version"] > 1 else [],
        **_issue(db, row),
        "citation": gb7714(_cited(row)),
    }


_RECORD = """
select received.id, received.url, received.fetched_at, received.status, received.content_type, received.charset,
    received.charset_evidence, received.damaged, received.digest, received.revisit_of, kept.warc_file, kept.warc_offset,
    kept.warc_length
from pages as received join pages as kept on kept.id = coalesce(received.revisit_of, received.id) where received.id = ?
"""
"""The page that the text was read from, and where the record with its payload stands."""

_MISSING = "select url, missing_since, misses from visits where article_id = :id and misses > 0 order by missing_since"

_MENTIONS = """
select code, words, times, full_name from article_regions left join regions using (code)
where article_id = :id order by position limit 60
"""


def _divisions(code: str | None) -> list[tuple[str, str]]:
    """A home region and the divisions above it, the highest first, each with its name."""
    if not code:
        return []
    if code not in regions.table():
        return [(code, code)]
    return [(each, regions.table()[each].name) for each in reversed(regions.lineage(code))]


def _texts(row: dict[str, Any], images: list[dict[str, Any]], repairs: list[dict[str, Any]]) -> dict[str, Any]:
    """The texts that a reader sees as runs, and all repairs, numbered, those that are marked nowhere too."""
    for order, repair in enumerate(repairs, 1):
        repair["number"] = order
        repair["is_guess"] = repair["confidence"] < GUESS
    by_field = {
        field: list(of_it)
        for field, of_it in groupby(sorted(repairs, key=lambda each: (each["field"], each["position"])), _field)
    }
    marked: set[str] = set()

    def runs(text: str | None, field: str) -> list[list[Run]]:
        found: list[Place] = []
        try:
            found = places(text or "", by_field.get(field, []))
            marked.add(field)
        except UnfitRecordError:
            # An earlier release kept repairs of a line beside another one: they are told in the list alone.
            pass
        return paragraphs(text or "", found)

    shown = {field: [run for line in runs(row[field], field) for run in line] for field in HEADLINES}
    captions = [(image["url"], runs(image["caption"], f"caption {image['position']}")) for image in images]
    return {
        "headlines": shown,
        "paragraphs": runs(row["text"], "text"),
        "captions": captions,
        "repairs": repairs,
        "marked": marked,
    }


def _field(repair: Row) -> str:
    return str(repair["field"])


def _versions(db: Database, article_id: int) -> list[dict[str, Any]]:
    """The versions of an article, the newest first, each with what it has otherwise than the one before."""
    found = list(steps(history(db, article_id)[-MOST_VERSIONS:]))
    return [
        {"version": version, "fetched": in_china(version.fetched_at), "differences": told}
        for version, told in reversed(found)
    ]


def _issue(db: Database, row: dict[str, Any]) -> dict[str, Any]:
    """The issue of a newspaper that an article was printed in, and what stands before and behind it there."""
    issue = issue_of(row)
    if issue is None:
        return {"issue": None}
    articles = printed(db, issue)
    here = next(place for place, each in enumerate(articles) if each["id"] == row["id"])
    return {
        "issue": issue,
        "before": articles[here - 1] if here else None,
        "behind": articles[here + 1] if here + 1 < len(articles) else None,
    }


def _cited(row: dict[str, Any]) -> Cited:
    printed_on = newspaper_page(row["section"]) if issue_of(row) else None
    return Cited(
        title=row["title"],
        subtitle=(row["subtitle"] or "").lstrip("—-– ") or None,
        authors=tuple(json.loads(row["authors"])),
        publication=row["publication"],
        published=shown_date(row),
        newspaper_page=str(printed_on) if printed_on else None,
        url=row["url"],
        retrieved=china_day(row["last_fetched"]),
    )
