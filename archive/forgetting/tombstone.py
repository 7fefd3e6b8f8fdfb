"""What stands in a WARC file in the place of a record that was removed: as long as it, to the byte.

So all other records stay where they are cited, and every tool reads the file as before.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord

from archive.article import RecordPlace, iso_utc

CONTENT_TYPE = "application/vnd.zhaoshang.tombstone+json"
"""Content-Type of these records."""

_RECORD = """WARC/1.1\r
WARC-Type: metadata\r
WARC-Record-ID: <urn:uuid:{id}>\r
WARC-Date: {at}\r
Content-Type: {type}\r
Content-Length: {length}\r
\r
{body}\r
\r
"""
_HEAD = b"\x1f\x8b\x08%c\0\0\0\0\x02\xff"
"""Of a gzip member: deflate, flags, no time, packed as far as it goes, by no system in particular."""
_COMMENT = 16
"""The flag of a gzip member that has a comment, which ends in NUL."""


class NoRoomError(Exception):
    """A place that is too small for a tombstone. No record of ours is."""


def is_tombstone(record: ArcWarcRecord) -> bool:
    """Whether a record stands for one that was removed."""
    return bool(record.rec_type == "metadata") and bool(record.rec_headers.get_header("Content-Type") == CONTENT_TYPE)


def overwrite(folder: Path, places: Iterable[RecordPlace], at: datetime) -> None:
    """Put tombstones of a moment over the records at some places, whatever stands there: it lies on the disk then.

    Done again after a crash it comes to the same bytes. A place that was cut off with the end of its file is left out.
    Raises OSError, NoRoomError.
    """
    for name, in_file in groupby(sorted(set(places)), lambda place: place.file):
        with (folder / name).open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            for place in in_file:
                if place.offset + place.length <= size:
                    file.seek(place.offset)
                    file.write(member(place, at))
            file.flush()
            os.fsync(file.fileno())


def member(place: RecordPlace, at: datetime) -> bytes:
    """The gzip member for a place, filled up by blanks in the comment of its head, which nobody unpacks.

    >>> one = member(RecordPlace("a.warc.gz", 412, 700), datetime.fromisoformat("2026-11-21T08:05:00Z"))
    >>> len(one), zlib.decompress(one, wbits=31).splitlines()[-1 - 1]
    (700, b'{"forgotten_at": "2026-11-21T08:05:00Z"}')
    """
    body = f'{{"forgotten_at": "{iso_utc(at)}"}}'
    told = {"id": uuid5(NAMESPACE_URL, f"{place.file}:{place.offset}"), "at": iso_utc(at), "type": CONTENT_TYPE}
    record = _RECORD.format(**told, length=len(body), body=body).encode("ascii")
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(record) + packer.flush() + struct.pack("<II", zlib.crc32(record), len(record))
    left = place.length - len(_HEAD % 0) - len(packed)
    if left < 0:
        raise NoRoomError(f"{place.file}: {place.length} bytes at byte {place.offset:,} are too few for a tombstone")
    return (_HEAD % _COMMENT + b" " * (left - 1) + b"\0" if left else _HEAD % 0) + packed
