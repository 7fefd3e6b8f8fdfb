"""CDXJ: where each record of WARC files stands, a line each, sorted by address and time, as pywb and WACZ ask for it.

Made when it is asked for: it takes no longer than reading the files once, and is never behind them.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Protocol, TextIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive import tearing
from archive.surt import surt
from archive.tearing import Member
from archive.warc import WarcError

INDEXED = ("response", "revisit", "resource")
"""The types of records that have a line: what was received. Requests and what is said of a run have none."""

A_BLOCK = 1024
"""Lines in a block of a compressed index, as many as other writers of WACZ take."""


class Out(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> object: ...


class Index:
    """Lines on their way into order: however many there are, they lie on the disk and not in memory."""

    def __init__(self) -> None:
        # A database without a name is a temporary file that goes with its connection.
        self._lines = sqlite3.connect("", isolation_level=None)
        self._lines.execute("pragma journal_mode = off")
        self._lines.execute("create table lines (line text not null)")
        self._lines.execute("begin")

    def add(self, record: ArcWarcRecord, place: Member, file: str) -> None:
        """Enter the record that stands at a place of a file, if it is of a type that is indexed."""
        if record.rec_type in INDEXED:
            self._lines.execute("insert into lines values (?)", [line(record, place, file)])

    def lines(self) -> Iterator[str]:
        """In the order of their bytes, each with its newline."""
        for (line,) in self._lines.execute("select line from lines order by line"):
            yield f"{line}\n"

    def close(self) -> None:
        self._lines.close()


def write(files: Iterable[Path], out: TextIO) -> list[str]:
    """Write the index of WARC files; what is to be said of those that cannot be read to their end."""
    said: list[str] = []
    with closing(Index()) as index:
        for path in files:
            members, end = tearing.members(path)
            for member in members:
                index.add(record_at(path, member), member, path.name)
            said += unread(path, end)
        out.writelines(index.lines())
    return said


def unread(path: Path, end: int) -> list[str]:
    """A line where something stands behind the last whole record of a file: it is left out."""
    size = path.stat().st_size
    return (
        [f"{path.name}: no whole record behind byte {end:,}: {size - end:,} bytes are left out"] if end < size else []
    )


def record_at(path: Path, place: Member) -> ArcWarcRecord:
    """The record at a place, whose content can be read; raises WarcError where there is none."""
    with path.open("rb") as file:
        file.seek(place.offset)
        member = file.read(place.length)
    try:
        record: ArcWarcRecord = next(iter(ArchiveIterator(BytesIO(member))))
    except (ArchiveLoadFailed, AttributeError, EOFError, StopIteration, ValueError, zlib.error) as error:
        raise WarcError(f"{path.name}: no record at byte {place.offset:,}: {error}") from error
    return record


def line(record: ArcWarcRecord, place: Member, file: str) -> str:
    """The line of a record: its key, its time as 14 digits, and the rest as JSON whose values are all text."""
    header = record.rec_headers.get_header
    http = record.http_headers
    url = header("WARC-Target-URI")
    kind = http.get_header("Content-Type") if http else header("Content-Type")
    told = {
        "url": url,
        "mime": "warc/revisit" if record.rec_type == "revisit" else kind and re.split(r"[;\s]", kind)[0],
        "status": http.get_statuscode() if http else None,
        "digest": header("WARC-Payload-Digest"),
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": file,
    }
    time = re.sub(r"\D", "", header("WARC-Date"))[:14]
    return f"{surt(url)} {time} {json.dumps({name: value for name, value in told.items() if value is not None})}"


def compress(lines: Iterator[str], name: str, out: Out) -> Iterator[str]:
    """Write lines in gzipped blocks; the lines of the index of these blocks come back (ZipNum).

    A reader looks up in them which block of `name` an address is in, and fetches no more than that.
    """
    yield f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n"
    offset = 0
    while block := list(islice(lines, A_BLOCK)):
        packer = zlib.compressobj(wbits=31)
        packed = packer.compress("".join(block).encode("ascii")) + packer.flush()
        where = {"offset": offset, "length": len(packed), "digest": f"sha256:{sha256(packed).hexdigest()}"}
        yield f"{block[0].partition('{')[0].rstrip()} {json.dumps(where)}\n"
        out.write(packed)
        offset += len(packed)
