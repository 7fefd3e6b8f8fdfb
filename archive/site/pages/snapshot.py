"""A page as it was received: nothing in it runs, and it asks nobody for anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from datasette.utils.asgi import Forbidden, NotFound, Request, Response
from sqlite_utils import Database

from archive.site.headers import SNAPSHOT
from archive.site.language import Words, language_of
from archive.site.received import NotShownError, snapshot
from archive.site.rendering import DATABASE, admit, read
from archive.story import LONGEST_ID

if TYPE_CHECKING:
    from datasette.app import Datasette

PERMISSION = "view-snapshot"
"""Datasette's permission to see pages as they were received, asked for a database."""

_HEADERS = {"Content-Security-Policy": SNAPSHOT}


async def received(request: Request, datasette: Datasette) -> Response:
    """`/-/snapshot/ID`, by the id of a page."""
    await admit(datasette, request)
    if not await may_see(datasette, request):
        raise Forbidden(PERMISSION)
    written = request.url_vars["id"]
    if not (written.isascii() and written.isdigit() and len(written) < LONGEST_ID):
        raise NotFound(f"no page {written:.20}")
    folder = Path(datasette.get_database(DATABASE).path).parent / "warc" if DATABASE in datasette.databases else Path()
    try:
        shown = await read(datasette, lambda connection: snapshot(Database(connection), folder, int(written)))
    except NotShownError as error:
        said = Words(language_of(request))(f"snapshot.{error}").unescape()
        status = 404 if str(error) in ("unknown", "no_record") else 415
        return Response(said, status=status, headers=_HEADERS, content_type="text/plain; charset=utf-8")
    return Response(shown.body, headers=_HEADERS, content_type=shown.content_type)


async def may_see(datasette: Datasette, request: Request) -> bool:
    """Whether whoever asks may see pages as they were received."""
    return bool(await datasette.permission_allowed(request.actor, PERMISSION, resource=DATABASE, default=True))
