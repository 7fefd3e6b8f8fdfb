"""Imported files: the site shows the name of a file, and not its folder, which tells whose machine it was.

The archive keeps the whole address, as what the file is known by; `zhaoshang export` has it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from datasette import hookimpl
from datasette.utils.asgi import Request

from archive.site.language import Words, language_of
from archive.site.rendering import DATABASE

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself, so these cannot be imported in earnest.
    from datasette.app import Datasette
    from datasette.filters import FilterArguments

SCHEME = "file:"
COLUMNS = ("url", "address_key")
"""What holds addresses, in any table."""

_WHOLE = re.compile(rb"file://.*/.*")
"""A line that is an address: texts have several."""


def veil(connection: sqlite3.Connection) -> None:
    """Let a connection hand out the names of files alone, whatever it is asked for: no page, file or feed has more."""
    connection.text_factory = read


def read(value: bytes) -> str:
    r"""A text out of the archive.

    >>> read(b"file:///home/li/%E6%8B%9B.html"), read(b"http://a.example/1.htm"), read(b"file:///x\n/y")
    ('file:招.html', 'http://a.example/1.htm', 'file:///x\n/y')
    """
    text = str(value, "utf-8", "replace")
    if value[:5] == b"file:" and _WHOLE.fullmatch(value):
        return SCHEME + unquote(text).rpartition("/")[2]
    return text


@hookimpl(specname="filters_from_request")
def leave_out_imported(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments]] | None:
    """Leave imported files out where a table is narrowed by addresses or ordered by them, and say so.

    Who asks for `url__startswith` would learn a folder letter by letter; and a next page begins behind an address that
    is not handed out.
    """
    ordered = {request.args.get(name) for name in ("_sort", "_sort_desc")}
    asked = ordered | {name.partition("__")[0] for name in request.args}
    wanted = [column for column in COLUMNS if column in asked or table == "addresses"]
    if database != DATABASE or not wanted:
        return None
    from datasette.filters import FilterArguments  # noqa: PLC0415 - see above

    async def left_out() -> FilterArguments:
        archive = datasette.get_database(database)
        columns = [column for column in wanted if column in await archive.table_columns(table)]
        is_file = " or ".join(f"{column} between '{SCHEME}' and 'file;'" for column in columns) or "0"
        # Datasette has asked whether the table is there; its name is quoted as SQLite wants it.
        named = '"{}"'.format(table.replace('"', '""'))
        if not (await archive.execute(f"select 1 from {named} where {is_file} limit 1")).rows:  # noqa: S608
            return FilterArguments([])
        said = Words(language_of(request))("table.no_imported").unescape()
        return FilterArguments(
            [f"({is_file}) is not 1"], human_descriptions=[said], extra_context={"no_imported": [said]}
        )

    return left_out
