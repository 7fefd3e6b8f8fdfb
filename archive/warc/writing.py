"""Write WARC 1.1 (ISO 28500): gzip, one record a member, readable by any WARC tool."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO, FileIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.article import RecordPlace, iso_utc, utc_now
from archive.warc.reading import Headers

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""The profile of a revisit record of which the server itself said that nothing has changed."""

ROLLED_AT = 1_000_000_000
"""Bytes at which the next file begins, as the WARC guidelines of the IIPC recommend."""

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, as it was sent."""

    headers: Headers = ()
    method: str = "GET"
    body: bytes = b""


class WarcFile:
    """A WARC file being written. It comes into being with its first record and is whole after each one.

    Where it has become as large as `most` bytes, the next response begins another one: `name` has the place of their
    serial number, `{serial:05}`. `info` are further fields of the warcinfo record that each begins with.
    """

    def __init__(
        self, folder: Path, name: str, *, info: Mapping[str, str] | None = None, most: int = ROLLED_AT
    ) -> None:
        self._folder = folder
        self._name = name
        self._serial = 1
        self._info = info or {}
        self._most = most
        self._file: FileIO | None = None
        self._info_id = ""
        self._member = BytesIO()
        self._writer = WARCWriter(self._member, gzip=True, warc_version="WARC/1.1")

    @property
    def path(self) -> Path:
        """The file that is being written, or would be."""
        return self._folder / f"{self._name.format(serial=self._serial)}.warc.gz"

    def response(
        self, url: str, fetched_at: datetime, status: int, headers: Headers, body: bytes, *, request: Request | None,
        protocol: str = "HTTP/1.1", more: Mapping[str, str] = NOTHING,
    ) -> RecordPlace:  # fmt: skip
        """Write an HTTP response, and the request that led to it if there was one; the place of the response.

        `more` are further headers of the record, `WARC-IP-Address` or `WARC-Truncated`.
        """
        self._roll()
        date = iso_utc(fetched_at)
        line = _head(f"{status} {_reason(status)}".strip(), headers, protocol=protocol)
        place, record_id = self._write("response", url, date, body, line, more)
        self._asked(url, date, request, record_id)
        return place

    def revisit(
        self, url: str, fetched_at: datetime, status: int, headers: Headers, digest: str, *, first_at: str,
        request: Request | None = None, not_modified: bool = False, protocol: str = "HTTP/1.1",
        more: Mapping[str, str] = NOTHING,
    ) -> RecordPlace:  # fmt: skip
        """Write that an HTTP response had the payload that the same address had at `first_at` (its WARC-Date).

        Where it was `not_modified`, the server said so, with status 304 and no payload.
        """
        self._roll()
        self._begin()
        date = iso_utc(fetched_at)
        line = _head(f"{status} {_reason(status)}".strip(), headers, protocol=protocol)
        described = {"WARC-Date": date, "WARC-Warcinfo-ID": self._info_id, **more}
        record = self._writer.create_revisit_record(url, digest, url, first_at, line, described)
        if not_modified:
            record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
        place = self._append(record)
        self._asked(url, date, request, record.rec_headers.get_header("WARC-Record-ID"))
        return place

    def resource(
        self, url: str, fetched_at: datetime, content_type: str, body: bytes, *, more: Mapping[str, str] = NOTHING
    ) -> RecordPlace:
        """Write a file that came in without HTTP; its place."""
        self._roll()
        return self._write("resource", url, iso_utc(fetched_at), body, None, more, content_type=content_type)[0]

    def metadata(self, url: str, at: datetime, content_type: str, body: bytes) -> RecordPlace:
        """Write what is to be said of an address, or of a run; its place."""
        return self._write("metadata", url, iso_utc(at), body, None, content_type=content_type)[0]

    def failure(self, url: str, at: datetime, reason: str, request: Request) -> RecordPlace:
        """Write that a request brought no response, and why; the place of what is said."""
        self._roll()
        told = f"fetch-failure: {' '.join(reason.split())}\r\n".encode()
        date = iso_utc(at)
        place, record_id = self._write("metadata", url, date, told, None, content_type="application/warc-fields")
        self._asked(url, date, request, record_id)
        return place

    def sync(self) -> None:
        """Let what has been written outlast a power failure."""
        if self._file:
            os.fdatasync(self._file.fileno())

    def close(self) -> None:
        """End the file; it lies on the disk then, whatever becomes of the machine."""
        if self._file:
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def _roll(self) -> None:
        if self._file and self._file.tell() >= self._most:
            self.close()
            self._serial += 1

    def _asked(self, url: str, date: str, request: Request | None, answer_id: str) -> None:
        if request is None:
            return
        path = "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
        head = _head(f"{request.method} {path} HTTP/1.1", request.headers, is_http_request=True)
        self._write("request", url, date, request.body, head, {"WARC-Concurrent-To": answer_id})

    def _write(
        self,
        kind: str,
        url: str,
        date: str,
        body: bytes,
        http: StatusAndHeaders | None,
        more: Mapping[str, str] = NOTHING,
        *,
        content_type: str = "",
    ) -> tuple[RecordPlace, str]:
        self._begin()
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": date, "WARC-Warcinfo-ID": self._info_id, **more},
        )
        return self._append(record), record.rec_headers.get_header("WARC-Record-ID")

    def _append(self, record: ArcWarcRecord) -> RecordPlace:
        """Write a record, or nothing of it: half a member would hide all that come behind it."""
        file = self._file
        assert file is not None
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

    def _begin(self) -> None:
        """Open the file, with its warcinfo record, unless it is open."""
        if self._file:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("xb", buffering=0)
        # Nobody mends it while it is being written (archive.mending); death lets go of it.
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        info = {
            "software": f"zhaoshang/{version('zhaoshang')} scrapy/{version('scrapy')} warcio/{version('warcio')}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            **self._info,
        }
        record = self._writer.create_warcinfo_record(self.path.name, info)
        # When the file came into being: the pages in it can be older.
        record.rec_headers.replace_header("WARC-Date", iso_utc(utc_now()))
        self._info_id = record.rec_headers.get_header("WARC-Record-ID")
        try:
            self._append(record)
        except BaseException:
            self._file.close()
            self._file = None
            self.path.unlink()
            raise


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
