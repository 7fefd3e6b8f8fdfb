"""WARC 1.1 (ISO 28500): gzip, one record a member, readable by any WARC tool."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from io import SEEK_END, BytesIO, FileIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.article import RecordPlace, iso_utc, utc_now

Headers = tuple[tuple[str, str], ...]

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""The profile of a revisit record of which the server itself said that nothing has changed."""


class WarcError(Exception):
    """A WARC file that cannot be read (further); the message says which and how far."""


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


def payload_digest(body: bytes) -> str:
    """`sha1:` and base32, as in WARC-Payload-Digest.

    >>> payload_digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


class WarcFile:
    """A WARC file being written. It comes into being with its first record and is whole after each one."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.warc.gz"
        self._file: FileIO | None = None
        self._member = BytesIO()
        self._writer = WARCWriter(self._member, gzip=True, warc_version="WARC/1.1")

    def response(
        self, url: str, fetched_at: datetime, status: int, headers: Headers, body: bytes, *, request: Headers | None,
        method: str = "GET", posted: bytes = b"",
    ) -> RecordPlace:  # fmt: skip
        """Write an HTTP response (and the request that led to it, with what it posted, if there was one); its place."""
        date = iso_utc(fetched_at)
        line = _head(f"{status} {_reason(status)}".strip(), headers, protocol="HTTP/1.1")
        place, record_id = self._write("response", url, date, body, line)
        if request is not None:
            path = "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
            asked = _head(f"{method} {path} HTTP/1.1", request, is_http_request=True)
            self._write("request", url, date, posted, asked, {"WARC-Concurrent-To": record_id})
        return place

    def revisit(
        self, url: str, fetched_at: datetime, status: int, headers: Headers, digest: str, *, first_at: str,
        not_modified: bool = False,
    ) -> RecordPlace:  # fmt: skip
        """Write that an HTTP response had the payload that the same address had at `first_at` (its WARC-Date).

        Where it was `not_modified`, the server said so, with status 304 and no payload.
        """
        file = self._file or self._open()
        line = _head(f"{status} {_reason(status)}".strip(), headers, protocol="HTTP/1.1")
        more = {"WARC-Date": iso_utc(fetched_at)}
        record = self._writer.create_revisit_record(url, digest, url, first_at, line, more)
        if not_modified:
            record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
        return self._append(file, record)

    def resource(self, url: str, fetched_at: datetime, content_type: str, body: bytes) -> RecordPlace:
        """Write a file that came in without HTTP; its place."""
        place, _ = self._write("resource", url, iso_utc(fetched_at), body, None, content_type=content_type)
        return place

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _write(
        self,
        kind: str,
        url: str,
        date: str,
        body: bytes,
        http: StatusAndHeaders | None,
        extra: dict[str, str] | None = None,
        *,
        content_type: str = "",
    ) -> tuple[RecordPlace, str]:
        file = self._file or self._open()
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": date, **(extra or {})},
        )
        return self._append(file, record), record.rec_headers.get_header("WARC-Record-ID")

    def _append(self, file: FileIO, record: ArcWarcRecord) -> RecordPlace:
        """Write a record, or nothing of it: half a member would hide all that come behind it."""
        self._member.seek(0)
        self._member.truncate()
        self._writer.write_record(record)
        member = self._member.getvalue()
        start = file.tell()
        try:
            rest = memoryview(member)
            while rest:
                rest = rest[file.write(rest) :]
        except BaseException:
            file.truncate(file.seek(start))
            raise
        return RecordPlace(self.path.name, start, len(member))

    def _open(self) -> FileIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = file = self.path.open("xb", buffering=0)
        info = {
            "software": f"zhaoshang/{version('zhaoshang')} scrapy/{version('scrapy')} warcio/{version('warcio')}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        }
        record = self._writer.create_warcinfo_record(self.path.name, info)
        # When the file came into being: the pages in it can be older.
        record.rec_headers.replace_header("WARC-Date", iso_utc(utc_now()))
        self._append(file, record)
        return file


class _HttpHead(StatusAndHeaders):
    """HTTP head whose characters are the bytes on the wire; warcio would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        text: str = self.to_str(header_filter)  # type: ignore[no-untyped-call]
        self.headers_buff = text.encode("latin-1") + b"\r\n"


def _head(line: str, headers: Headers, **more: Any) -> StatusAndHeaders:
    return _HttpHead(line, list(headers), **more)  # type: ignore[no-untyped-call]


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def iterate(path: Path) -> Iterator[Record]:
    """The responses and resources of a WARC file (gzip or not), in order.

    Raises WarcError where the file cannot be read, after what came before was handed out.
    """
    try:
        with path.open("rb") as file:
            yield from _records(file, path.name)
    except OSError as error:
        raise WarcError(f"{path.name}: {error.strerror}") from error


def read(folder: Path, place: RecordPlace) -> Record:
    """The record at a place. Raises WarcError where there is none."""
    try:
        with (folder / place.file).open("rb") as file:
            file.seek(place.offset)
            member = file.read(place.length)
    except OSError as error:
        raise WarcError(f"{place.file}: {error.strerror}") from error
    for record in _records(BytesIO(member), place.file):
        return record
    raise WarcError(f"{place.file}: no response or resource at byte {place.offset}")


def _records(file: BinaryIO, name: str) -> Iterator[Record]:
    size = file.seek(0, SEEK_END)
    file.seek(0)
    seen = handed_out = 0
    records = ArchiveIterator(file)
    try:
        for record in records:
            _require(bool(record.rec_type) and record.length is not None, "a record with a torn header")
            seen += 1
            found = _record(record) if record.rec_type in ("response", "resource") else _rest(record)
            records.read_to_end(record)
            if records.offset >= size:
                _require(_member_is_whole(file, records.get_record_offset()), "the file ends inside a record")
            if isinstance(found, Record):
                yield found
                handed_out += 1
        _require(seen > 0, "no WARC record in it")
        # The torn beginning of a further member is passed over in silence.
        _require(records.offset >= size, "the file ends inside a record")
    # warcio looks into a header that is not there when a record's head is torn, hence AttributeError.
    except (ArchiveLoadFailed, AttributeError, EOFError, OverflowError, TypeError, ValueError, zlib.error) as error:
        torn = isinstance(error, AttributeError)
        reason = "a record with a torn header" if torn else " ".join(str(error).split()) or type(error).__name__
        raise WarcError(f"{name}: not readable after {handed_out} records: {reason}") from error


def _member_is_whole(file: BinaryIO, start: int) -> bool:
    """Whether the gzip member from `start` to the end of the file has its end; warcio takes any for whole."""
    place = file.tell()
    file.seek(start)
    member = file.read()
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
