"""What can still be read behind a damaged place of a WARC file."""

from __future__ import annotations

import zlib
from mmap import ACCESS_READ, mmap
from pathlib import Path

from archive import tearing
from archive.tearing import Member

GZIP = b"\x1f\x8b\x08"

TRIES = 1000
"""Beginnings of records that led nowhere, after which nothing more is looked for: a file may be made of them."""


def whole_members(path: Path) -> tuple[list[Member], list[tuple[int, int]]]:
    """The whole records of a gzipped file, behind damaged places too, and these places: first byte, and byte behind.

    Raises OSError.
    """
    found, end = tearing.members(path)
    size = path.stat().st_size
    if end == size:
        return found, []
    row = row_behind(path, end + 1)
    return found + row, [(end, row[0].offset if row else size)]


def row_behind(path: Path, start: int) -> list[Member]:
    """The records from some byte at or behind `start` to the end of a gzipped file, where all of these are whole.

    A row that ends before is not to be trusted: a page may carry what looks like records, and stands where a damaged
    one was. Such a row never leads out of its page. Without gzip's sums nothing tells them apart, so plain files give
    no row. Raises OSError.
    """
    if not path.stat().st_size:
        return []
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        for _ in range(TRIES):
            while (start := data.find(GZIP, start)) >= 0 and not _begins_a_record(data[start : start + 512]):
                start += 1
            if start < 0:
                return []
            row, end = tearing.members(path, start)
            if row and end == len(data):
                return row
            # Whatever begins inside the row would break off where it does.
            start = max(end, start + 1)
    return []


def _begins_a_record(data: bytes) -> bool:
    r"""Whether gzipped data begin as a record does.

    >>> import gzip
    >>> _begins_a_record(gzip.compress(b"WARC/1.1\r\n")[:20]), _begins_a_record(gzip.compress(b"<html>")[:20])
    (True, False)
    """
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 5) == b"WARC/"
    except zlib.error:
        return False
