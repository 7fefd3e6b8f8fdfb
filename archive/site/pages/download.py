"""All hits of a search as a file, newest first: `/-/search.csv` for spreadsheets, `/-/search.parquet` for programs.

Written as it is sent, a few hundred articles at a time: a search may find all there is, and memory stays as it was.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request

from archive.export import COLUMNS, defuse
from archive.search.asked import Asked
from archive.search.walking import all_ids
from archive.site.headers import Send
from archive.site.rendering import admit, read, rows
from archive.site.searching import refusing, told, within_time

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette

AT_ONCE = 500
"""Articles that are read at a time."""

_INTEGERS = ("id", "damage", "version", "story_id")

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that is sent while it is made, until whoever asked for it hangs up."""

    request: Request
    chunks: AsyncIterator[bytes]
    content_type: str
    name: str
    """What the file is called."""

    async def asgi_send(self, send: Send) -> None:
        """Send it, as Datasette asks of an answer."""
        headers = {"content-type": self.content_type, "content-disposition": f'attachment; filename="{self.name}"'}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": encoded})
        gone = asyncio.ensure_future(_gone(self.request.receive))
        try:
            async for chunk in self.chunks:
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


async def _gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def as_csv(request: Request, datasette: Datasette) -> Download:
    """In UTF-8 with a byte order mark, without which Excel garbles Chinese; formulas defused."""
    given, ids = await _hits(request, datasette)
    return Download(request, _csv(datasette, ids), "text/csv; charset=utf-8", _name(given, ids, "csv"))


async def as_parquet(request: Request, datasette: Datasette) -> Download:
    """With the search and the number of its hits in the file's own metadata."""
    given, ids = await _hits(request, datasette)
    said = {"search": given.address, "articles": str(len(ids))}
    chunks = _parquet(datasette, ids, said)
    return Download(request, chunks, "application/vnd.apache.parquet", _name(given, ids, "parquet"))


async def _hits(request: Request, datasette: Datasette) -> tuple[Asked, list[int]]:
    await admit(datasette, request)
    given, query = told(request)
    given = given.but()
    with refusing():
        return given, await within_time(datasette, lambda connection: all_ids(connection, given, query))


def _name(given: Asked, ids: list[int], ending: str) -> str:
    return f"zhaoshang-{len(ids)}.{ending}" if given.address else f"zhaoshang-all-{len(ids)}.{ending}"


async def _articles(datasette: Datasette, ids: list[int]) -> AsyncIterator[Rows]:
    """The articles as the export has them; one that was taken out in the meantime is left out."""
    query = (
        f"select {', '.join(f'articles.{column}' for column in COLUMNS)} from json_each(?)"  # noqa: S608
        " join articles on articles.id = json_each.value order by json_each.key"
    )
    for begin in range(0, len(ids), AT_ONCE):
        part = json.dumps(ids[begin : begin + AT_ONCE])

        def reading(connection: sqlite3.Connection, part: str = part) -> Rows:
            return rows(connection, query, [part])

        yield await read(datasette, reading)


async def _csv(datasette: Datasette, ids: list[int]) -> AsyncIterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    yield _emptied(out)
    async for articles in _articles(datasette, ids):
        writer.writerows([defuse(article[column]) for column in COLUMNS] for article in articles)
        yield _emptied(out)


def _emptied(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8", "replace")


async def _parquet(datasette: Datasette, ids: list[int], said: dict[str, str]) -> AsyncIterator[bytes]:
    # Imported when it is needed: pyarrow takes a third of a second.
    from archive.parquet import ParquetFile  # noqa: PLC0415

    file = ParquetFile([(column, int if column in _INTEGERS else str) for column in COLUMNS], said)
    async for articles in _articles(datasette, ids):
        yield file.rows([[_valid(article[column]) for article in articles] for column in COLUMNS])
    yield file.end()


def _valid(value: Any) -> Any:
    """A value with half characters, which are no UTF-8, as question marks."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
