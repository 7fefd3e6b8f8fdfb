"""Pages of our own: what they have in common, from reading the archive to the answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.utils.asgi import NotFound, Request, Response

from archive.site.headers import OWN

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette

DATABASE = "archive"
_ADMITTED = "zhaoshang.admitted"

_Found = TypeVar("_Found")


async def read(datasette: Datasette, reading: Callable[[sqlite3.Connection], _Found]) -> _Found:
    """What a function finds in the archive, on one of Datasette's own read-only connections, in its thread.

    Raises NotFound where the database that is served is none of our archives.
    """
    if DATABASE not in datasette.databases:
        raise NotFound("no archive is served here")

    def of_ours(connection: sqlite3.Connection) -> _Found:
        if not connection.execute("select 1 from sqlite_master where name = 'articles_fts'").fetchone():
            raise NotFound("no archive is served here")
        return reading(connection)

    return await datasette.get_database(DATABASE).execute_fn(of_ours)  # type: ignore[no-any-return]


def rows(connection: sqlite3.Connection, query: str, parameters: Any = ()) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    found = connection.execute(query, parameters)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


async def admit(datasette: Datasette, request: Request) -> None:
    """Raise Forbidden where whoever asks may not see the archive: our pages are closed with its table of articles.

    To be asked before anything is looked up, or the answer would tell what there is. A request is asked once.
    """
    if request.scope.get(_ADMITTED):
        return
    table = ("view-table", (DATABASE, "articles"))
    await datasette.ensure_permissions(request.actor, [table, ("view-database", DATABASE), "view-instance"])
    request.scope[_ADMITTED] = True


async def page(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], *, status: int = 200
) -> Response:
    """An answer in HTML, of one of the templates, for whoever may see the archive."""
    await admit(datasette, request)
    body = await datasette.render_template(template, context, request=request, view_name=template.partition(".")[0])
    answer: Response = Response.html(body, status=status, headers={"Content-Security-Policy": OWN})
    return answer
