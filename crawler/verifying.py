"""Whether the articles of an archive are what its WARC records are read as."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.database import open_archive
from archive.extract import extract
from archive.readings import COLUMNS
from archive.told import told
from archive.verify import Check

_SOFTWARE = re.compile(rb"^software: zhaoshang/(\S+)", re.MULTILINE)


def reread(db: Database, data: Path, ids: Sequence[int] | None, read: Callable[[Path], Any]) -> Check:
    """Read articles again out of their WARC records, some of them or all for None, and compare what comes out.

    `read` reads the pages that are entered in the archive of a folder.
    """
    check = Check("articles")
    work = data / "jobs" / "verify"
    shutil.rmtree(work, ignore_errors=True)
    try:
        with closing(open_archive(work)) as copy:
            extract(db, copy, ids)
        read(work)
        with closing(open_archive(work)) as copy:
            for row in _rows(db, ids):
                check.looked_at += 1
                if fault := _fault(row, next(copy.query("select * from articles where id = ?", [row["id"]]), None)):
                    by = _version(data / "warc" / row["warc_file"])
                    told_by = f"zhaoshang {by or 'of an unknown release'} read it, this is {version('zhaoshang')}"
                    kind = check.notes if by and by != version("zhaoshang") else check.faults
                    kind.append(f"article {row['id']} ({row['url']}): {fault} ({told_by})")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return check


def _rows(db: Database, ids: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    query = "select articles.*, warc_file from articles join pages on pages.id = articles.page_id"
    if ids is None:
        yield from db.query(f"{query} order by articles.id")
    else:
        for each in ids:
            yield from db.query(f"{query} where articles.id = ?", [each])


def _fault(row: dict[str, Any], again: dict[str, Any] | None) -> str | None:
    if again is None:
        return "no article is read out of its page any more"
    # What only a list told of it need not be there without the list.
    again |= told(again, row)
    other = [name for name in COLUMNS if _value(name, again) != _value(name, row)]
    return f"{', '.join(other)} {'is' if len(other) == 1 else 'are'} read otherwise than stored" if other else None


def _value(name: str, row: dict[str, Any]) -> Any:
    """A column; rules say the same in whatever order they were found."""
    return json.loads(row[name]) if name == "provenance" else row[name]


def _version(path: Path) -> str | None:
    """Which zhaoshang wrote a WARC file, by the record that it begins with; None where that cannot be read."""
    try:
        with path.open("rb") as file:
            begin = zlib.decompressobj(wbits=31).decompress(file.read(8192))
    except (OSError, zlib.error):
        return None
    found = _SOFTWARE.search(begin)
    return found[1].decode("ascii", "replace") if found else None
