"""Tables that are closed by themselves in the metadata (`allow` of `runs`): our pages leave out what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils import await_me_maybe
from datasette.utils.asgi import Forbidden, Request

from archive.site.rendering import DATABASE

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette


async def need(datasette: Datasette, request: Request, *tables: str) -> None:
    """Raise Forbidden unless whoever asks may see all of some tables, which a page is made of."""
    if await seen(datasette, request, *tables) != {*tables}:
        raise Forbidden("view-table")


async def seen(datasette: Datasette, request: Request, *tables: str) -> set[str]:
    """Those of some tables that whoever asks may see; a page is shown without what is in the others."""
    said = {table: await _said(datasette, request, table) for table in tables}
    if None in said.values():
        try:
            await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
        except Forbidden:
            return {table for table in tables if said[table]}
    return {table for table in tables if said[table] is not False}


async def _said(datasette: Datasette, request: Request, table: str) -> bool | None:
    """What is said of a table itself, the last word of all plugins; None where nothing is.

    Datasette asks them in the same way, but looks first how the table's name is spelt, in another thread each time.
    """
    from datasette.plugins import pm  # noqa: PLC0415 - see above

    asked = {"actor": request.actor, "action": "view-table", "resource": (DATABASE, table)}
    answers = [await await_me_maybe(each) for each in pm.hook.permission_allowed(datasette=datasette, **asked)]
    return next((each for each in reversed(answers) if each is not None), None)
