"""Read WARC files, ours and others', gzip or not."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.article import RecordPlace
from archive.tearing import Member
from archive.warc.behind import row_behind

Headers = tuple[tuple[str, str], ...]


class WarcError(Exception):
    """A WARC file that cannot be read (further); the message says which and how far."""


class _BrokenError(WarcError):
    """A broken record, which begins at byte `offset`."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def payload_digest(body: bytes) -> str:
    """`sha1:` and base32, as in WARC-Payload-Digest.

    >>> payload_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Record:
    """A response or a resource, as kept."""

    url: str
    """WARC-Target-URI."""
    fetched_at: datetime
    """WARC-Date, aware, UTC."""
    status: int
    """HTTP status; 200 for a resource."""
    headers: Headers
    """HTTP headers."""
    body: bytes
    """The payload, transfer encoding taken off, content encoding (gzip …) still on."""
    is_truncated: bool = False
    """Whether whoever wrote it says that the payload is not all there (WARC-Truncated)."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What stands at a place, whatever its type is."""

    kind: str
    """WARC-Type."""
    url: str | None
    """WARC-Target-URI."""
    digest: str | None
    """WARC-Payload-Digest: what the record says of its payload."""
    computed: str
    """The digest that its payload has; a revisit has none."""


def raw(folder: Path, place: RecordPlace) -> Raw:
    """The record at a place, its payload held against its digest. Raises WarcError where none stands there."""
    member = _bytes_at(folder, place)
    try:
        _require(_member_is_whole(BytesIO(member), 0), "the record is torn")
        [(head, body)] = ((each, each.raw_stream.read()) for each in ArchiveIterator(BytesIO(member)))
    except (ArchiveLoadFailed, AttributeError, EOFError, TypeError, ValueError, zlib.error) as error:
        raise WarcError(f"{place.file}: no record of {place.length:,} bytes at byte {place.offset:,}") from error
    told = head.rec_headers.get_header
    return Raw(head.rec_type, told("WARC-Target-URI"), told("WARC-Payload-Digest"), payload_digest(body))


def _bytes_at(folder: Path, place: RecordPlace) -> bytes:
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            return file.read(place.length)
    except OSError as error:
        raise WarcError(f"{place.file}: {error.strerror}") from error


def iterate(path: Path) -> Iterator[Record]:
    """The responses and resources of a WARC file (gzip or not), in order.

    Raises WarcError where the file cannot be read, after what came before was handed out, and what comes behind if it
    stands there for certain.
    """
    first: _BrokenError | None = None
    begin: int | None = 0
    handed_out = passed_over = places = 0
    behind: Iterator[Member] | None = None
    try:
        with path.open("rb") as file:
            while begin is not None:
                try:
                    for record in _records(file, path.name, begin):
                        yield record
                        handed_out += 1
                    begin = None
                except _BrokenError as error:
                    if first is None:
                        first, before = error, handed_out
                    behind = iter(row_behind(path, error.offset + 1)) if behind is None else behind
                    begin = next((member.offset for member in behind if member.offset > error.offset), None)
                    places += 1
                    passed_over += (begin or path.stat().st_size) - error.offset
    except OSError as error:
        raise WarcError(f"{path.name}: {error.strerror}") from error
    if first and handed_out > before:
        where = f"{passed_over:,} bytes in {places} place{'s' if places > 1 else ''}"
        raise WarcError(f"{first}; {handed_out - before} more were found behind {where}") from first
    if first:
        raise first


def read(folder: Path, place: RecordPlace) -> Record:
    """The record at a place. Raises WarcError where there is none."""
    member = _bytes_at(folder, place)
    for record in _records(BytesIO(member), place.file, 0):
        return record
    raise WarcError(f"{place.file}: no response or resource at byte {place.offset}")


def _records(file: BinaryIO, name: str, begin: int) -> Iterator[Record]:
    """The responses and resources from a byte on. Raises _BrokenError, which tells where the broken record begins."""
    size = file.seek(0, SEEK_END)
    file.seek(begin)
    seen = handed_out = 0
    records = ArchiveIterator(file)
    try:
        for record in records:
            _require(bool(record.rec_type) and record.length is not None, "a record with a torn header")
            seen += 1
            found = _record(record) if record.rec_type in ("response", "resource") else _rest(record)
            records.read_to_end(record)
            # A wrong checksum raises; warcio says a word of it, and hands out what it has.
            whole = _member_is_whole(file, records.get_record_offset(), records.get_record_length())
            _require(whole, "the file ends inside a record")
            begin = records.offset
            if isinstance(found, Record):
                yield found
                handed_out += 1
        _require(seen > 0, "no WARC record in it")
        # The torn beginning of a further member is passed over in silence.
        _require(records.offset >= size, "the file ends inside a record")
    # warcio looks into a header that is not there when a record's head is torn, hence AttributeError.
    except (ArchiveLoadFailed, AttributeError, EOFError, OverflowError, TypeError, ValueError, zlib.error) as error:
        torn = isinstance(error, AttributeError)
        reason = "a record with a torn header" if torn else _printable(str(error)) or type(error).__name__
        raise _BrokenError(f"{name}: not readable after {handed_out} records: {reason}", begin) from error


def _printable(reason: str) -> str:
    r"""Words of warcio in a line, as far as they are words: it cites what stands in the file.

    >>> _printable("Invalid WARC record,\nfirst line: \x8bXíw")
    'Invalid WARC record, first line: …'
    """
    line = " ".join(reason.split())
    end = next((place for place, char in enumerate(line[:300]) if not char.isprintable()), 300)
    return line if end >= len(line) else f"{line[:end]}…"


def _member_is_whole(file: BinaryIO, start: int, length: int = -1) -> bool:
    """Whether the gzip member from `start` on has its end; warcio takes any for whole. Raises zlib.error for others."""
    place = file.tell()
    file.seek(start)
    member = file.read(length)
    file.seek(place)
    if not member.startswith(b"\x1f\x8b"):
        return True
    gunzip = zlib.decompressobj(wbits=31)
    gunzip.decompress(member)
    return gunzip.eof


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise ArchiveLoadFailed(reason)


def _record(record: ArcWarcRecord) -> Record:
    http = record.http_headers
    content_type = record.rec_headers.get_header("Content-Type") or ""
    return Record(
        url=_address(record),
        fetched_at=_date(record),
        status=int(http.get_statuscode()) if http else 200,
        headers=tuple(http.headers) if http else (("Content-Type", content_type),),
        body=_rest(record),
        is_truncated=record.rec_headers.get_header("WARC-Truncated") is not None,
    )


def _address(record: ArcWarcRecord) -> str:
    url: str | None = record.rec_headers.get_header("WARC-Target-URI")
    if not url:
        raise ArchiveLoadFailed("a record without WARC-Target-URI")
    try:
        # Asking for the port raises where it is none.
        reachable = urlsplit(url).port != 0 and bool(urlsplit(url).scheme)
    except ValueError:
        reachable = False
    _require(reachable, f"a record whose WARC-Target-URI is no address: {url!r:.200}")
    return url


def _date(record: ArcWarcRecord) -> datetime:
    written = record.rec_headers.get_header("WARC-Date") or ""
    _require(bool(written), "a record without WARC-Date")
    try:
        date = datetime.fromisoformat(written)
        # It is UTC by the standard, whether it says so or not.
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (OverflowError, ValueError) as error:
        raise ArchiveLoadFailed(f"a record whose WARC-Date is no date: {written!r:.200}") from error


def _rest(record: ArcWarcRecord) -> bytes:
    """The payload, transfer encoding taken off. Raises ArchiveLoadFailed where the file ends before the record does."""
    http = record.http_headers
    chunked = bool(http) and (http.get_header("Transfer-Encoding") or "").lower().endswith("chunked")
    stream = record.raw_stream
    body: bytes = (ChunkedDataReader(stream) if chunked else stream).read()
    _require(getattr(stream, "limit", 0) <= 0, "the file ends inside a record")
    return body
