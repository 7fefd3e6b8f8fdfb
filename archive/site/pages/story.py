"""A story: its best copy, and all its copies in order of time."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Request, Response
from sqlite_utils import Database

from archive.site.closed import need
from archive.site.copies import MOST, copies_of
from archive.site.pages.article import number
from archive.site.rendering import admit, page, read, rows
from archive.story import Trace, UnknownStoryError, alike, find_story
from archive.versions import Difference, differences

if TYPE_CHECKING:
    from datasette.app import Datasette


async def story(request: Request, datasette: Datasette) -> Response:
    """`/-/story/ID`, with `?compare=ARTICLE` for what that copy has otherwise than the best one.

    The id of a story that was merged into another, or parted, shows what it became of.
    """
    await admit(datasette, request)
    await need(datasette, request, "stories", "copies")
    story_id = number(request.url_vars["id"])
    asked = request.args.get("compare") or ""
    compared = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    found = await read(datasette, lambda connection: told(connection, story_id, compared))
    return await page(datasette, request, "story.html", {"own": True, **found})


def told(connection: sqlite3.Connection, story_id: int, compared: int | None) -> dict[str, Any]:
    """All that the page shows. Raises NotFound where no story has the id, or ever had."""
    db = Database(connection)
    try:
        now, led = find_story(db, str(story_id))
    except UnknownStoryError as error:
        raise NotFound(str(error)) from error
    [row] = rows(connection, "select * from stories where id = ?", [now])
    copies = copies_of(connection, now)
    numbers = {copy["id"]: copy["number"] for copy in copies}
    best = rows(connection, "select id, kicker, title, subtitle, text from articles where id = ?", [row["best_id"]])
    return {
        "story": row,
        "best": best[0] if best else None,
        "copies": copies,
        "numbers": numbers,
        "most": MOST,
        "led": led,
        "touched": [Trace(*each) for each in connection.execute(_TOUCHED, {"id": now})],
        "compared": compared if compared in numbers else None,
        "differences": _against(connection, row["best_id"], compared) if compared in numbers else (),
    }


_TOUCHED = """
select story_id, kind, other_id, at, evidence from story_changes where story_id = :id or other_id = :id order by id
"""


def _against(connection: sqlite3.Connection, *ids: int | None) -> tuple[Difference, ...]:
    """What headline and text of the best copy have otherwise in another one, compared in one script."""
    words = [rows(connection, "select title, text from articles where id = ?", [article_id]) for article_id in ids]
    return differences(words[0][0], words[1][0], alike) if all(words) else ()
