"""The addresses of our style sheets: each tells what it holds, so that a browser keeps it until it is another one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from archive.site.validators import digest

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette

STATIC = Path(__file__).parent / "static"


def sheet(datasette: Datasette, name: str) -> str:
    """The address of a style sheet, with the beginning of its digest (archive.site.validators)."""
    return f"{datasette.urls.static_plugins('zhaoshang', name)}?{_stamp(name)}"


def sheets_of(datasette: Datasette, view_name: str | None) -> list[str]:
    """`site.css` for every page, and for a page of our own the sheet of its name where there is one."""
    return [sheet(datasette, each) for each in ("site.css", f"{view_name}.css") if (STATIC / each).is_file()]


@cache
def _stamp(name: str) -> str:
    return digest((STATIC / name).read_bytes())[:10]
