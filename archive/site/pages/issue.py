"""One day's issue of a newspaper: its pages, and the articles on each."""

from __future__ import annotations

import sqlite3
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette.utils.asgi import NotFound, Request, Response
from sqlite_utils import Database

from archive.printed import Issue, beside, newspaper_page, pages_received, printed
from archive.site.clock import in_china
from archive.site.closed import seen
from archive.site.errors import Refused
from archive.site.pages.snapshot import may_see
from archive.site.rendering import admit, page, read, rows

if TYPE_CHECKING:
    from datasette.app import Datasette


async def issue(request: Request, datasette: Datasette) -> Response:
    """`/-/issue/SOURCE/PAPER/DATE`; the paper is host and path, as `issues.paper` has it."""
    await admit(datasette, request)
    source, paper, day = (unquote(request.url_vars[name]) for name in ("source", "paper", "day"))
    try:
        wanted = Issue(source, paper, date.fromisoformat(day).isoformat())
    except ValueError as error:
        raise Refused("error.no_date", day=day[:20]) from error
    found = await read(datasette, lambda connection: told(connection, wanted))
    if not await seen(datasette, request, "issues"):
        found["complete"] = None
    found["sees_snapshot"] = await may_see(datasette, request)
    return await page(datasette, request, "issue.html", {"own": True, **found})


def told(connection: sqlite3.Connection, wanted: Issue) -> dict[str, Any]:
    """All that the page shows. Raises NotFound where nothing of the issue is kept."""
    db = Database(connection)
    known = {"source": wanted.source, "paper": wanted.paper, "day": wanted.day}
    complete = rows(connection, "select * from issues where source = :source and paper = :paper and day = :day", known)
    articles = printed(db, wanted)
    if not articles and not complete:
        raise NotFound(f"nothing is kept of an issue of {wanted.paper:.200} of {wanted.day}")
    name = rows(connection, "select name from sources where id = :source", known)
    files = _files(connection, [each["id"] for each in articles])
    return {
        "issue": wanted,
        "publication": name[0]["name"] if name else wanted.source,
        "complete": {**complete[0], "completed_at": in_china(complete[0]["completed_at"])} if complete else None,
        "articles": articles,
        "newspaper_pages": [
            {"section": of_it[0]["section"], "articles": of_it, "files": _of_all(files, of_it)}
            for _, group in groupby(articles, key=lambda each: newspaper_page(each["section"]))
            if (of_it := list(group))
        ],
        "received": pages_received(db, articles),
        "before": beside(db, wanted, later=False),
        "behind": beside(db, wanted, later=True),
    }


def _files(connection: sqlite3.Connection, ids: list[int]) -> list[dict[str, Any]]:
    """Pictures and PDFs of newspaper pages, as the articles on them name them."""
    marks = ", ".join("?" * len(ids))
    query = f"select article_id, url, name from attachments where article_id in ({marks}) and name like '%版%'"  # noqa: S608
    return rows(connection, query, ids)


def _of_all(files: list[dict[str, Any]], articles: list[dict[str, Any]]) -> dict[str, str]:
    """The files that are beside the articles of a newspaper page, by address."""
    ids = {each["id"] for each in articles}
    return {each["url"]: each["name"] for each in files if each["article_id"] in ids}
