"""Pages that somebody has kept: HTML and text files, folders of them, WARC and WACZ files."""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

import brotli  # type: ignore[import-untyped]

from archive import warc
from archive.article import Page, utc_now
from pipelines.reread import reread, ways
from pipelines.text.charset import decode, media_type
from pipelines.text.utf16 import byte_order
from spiders.reading.links import absolute

SUFFIXES = {
    ".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".xhtml": "text/html", ".txt": "text/plain",
}  # fmt: skip
"""What is taken out of a folder, and the media type a file is read as."""

WARC_SUFFIXES = (".warc", ".warc.gz")
WACZ_SUFFIX = ".wacz"

PAGE_ADDRESSES = ("http://", "https://", "file://")

FEEDS = re.compile(r"application/(?:[\w.+-]*xml|(?:x-)?gzip)\b", re.IGNORECASE)
"""Media types of feeds and sitemaps that are not served as text."""

REDIRECTS = (301, 302, 303, 307, 308)

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read as a page."""


class UnreadableFileError(Exception):
    """A file that holds no page; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept page, undecoded."""

    url: str
    """Its address; `file:` for a file."""
    body: bytes
    """The payload as it was received."""
    fetched_at: datetime
    """When it was fetched; for a file, now."""
    status: int = 200
    headers: warc.Headers = ()
    """HTTP headers; for a file only its media type."""
    file: Path | None = None
    """The WARC or WACZ file that it stands in."""
    is_truncated: bool = False
    """Whether its record says that the body is not all there."""

    @property
    def content_type(self) -> str:
        """The Content-Type header as it stands."""
        return self._header("content-type") or ""

    @property
    def target(self) -> str | None:
        """The address that it redirects to."""
        return absolute(self.url, self._header("location")) if self.status in REDIRECTS else None

    def _header(self, wanted: str) -> str | None:
        return next((value for name, value in self.headers if name.lower() == wanted), None)


def find(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read: those named, and in folders those that look like pages or WARC, sorted."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            name = file.name.lower()
            if file.is_file() and (file.suffix.lower() in SUFFIXES or name.endswith((*WARC_SUFFIXES, WACZ_SUFFIX))):
                yield file


def load(path: Path, *, ways: bool = False) -> Iterator[Kept]:
    """The pages of one file; with `ways` also what only leads to pages: redirects, and feeds that are no text.

    Raises UnreadableFileError, for a torn WARC after the pages before the tear.
    """
    if path.name.lower().endswith(WARC_SUFFIXES):
        yield from _from_warc(path, path, ways=ways)
        return
    if path.name.lower().endswith(WACZ_SUFFIX):
        yield from _from_wacz(path, ways=ways)
        return
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UnreadableFileError(f"{path}: {size:,} bytes, too large for a page")
        body = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}") from error
    if not body.strip():
        raise UnreadableFileError(f"{path}: the file is empty")
    if is_binary(body):
        raise UnreadableFileError(f"{path}: a binary file, neither HTML nor text nor WARC")
    media_type = SUFFIXES.get(path.suffix.lower()) or ("text/html" if b"<" in body[:2048] else "text/plain")
    yield Kept(path.resolve().as_uri(), body, utc_now(), headers=(("Content-Type", media_type),))


def _from_wacz(path: Path, *, ways: bool) -> Iterator[Kept]:
    """The pages of the WARC files in a WACZ, each unpacked beside where it is read, one at a time."""
    try:
        with ZipFile(path) as packed, TemporaryDirectory(prefix="zhaoshang-") as folder:
            names = [name for name in packed.namelist() if name.lower().endswith(WARC_SUFFIXES)]
            for name in sorted(names):
                file = Path(folder) / PurePosixPath(name).name
                with packed.open(name) as member, file.open("wb") as unpacked:
                    shutil.copyfileobj(member, unpacked)
                yield from _from_warc(file, path, ways=ways)
                file.unlink()
    except (BadZipFile, OSError, zlib.error) as error:
        raise UnreadableFileError(f"{path}: no WACZ, or a torn one: {error}") from error
    if not names:
        raise UnreadableFileError(f"{path}: no WARC files in it")


def _from_warc(path: Path, file: Path, *, ways: bool) -> Iterator[Kept]:
    """The pages of a WARC file; `file` is the one that somebody has, which it may be packed in."""
    try:
        for record in warc.iterate(path):
            kept = Kept(
                record.url, record.body, record.fetched_at, record.status, record.headers, file, record.is_truncated
            )
            # Crawlers keep name look-ups, too, as `dns:` and text/dns.
            if not kept.url.lower().startswith(PAGE_ADDRESSES):
                continue
            readable = kept.content_type.startswith("text/") or (ways and FEEDS.match(kept.content_type))
            if (kept.status == HTTPStatus.OK and kept.body and readable) or (ways and kept.target):
                yield kept
    except (warc.WarcError, OSError) as error:
        raise UnreadableFileError(str(error)) from error


def is_binary(body: bytes) -> bool:
    r"""Whether bytes are no text in any charset: NUL or many control bytes, and not in UTF-16.

    Markup may have a NUL here and there, from columns of a fixed width: browsers pass over it.

    >>> [is_binary(data) for data in (b"\x89PNG\r\n\0\0\0\r", "招商".encode("gbk"), "招商".encode("utf-16"))]
    [True, False, False]
    >>> is_binary("2024年".encode("utf-16-le")), is_binary(b"<html><p>" + b"2024-09-04" * 9 + b"\0</p>")
    (False, False)
    """
    head = body[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    nul = b"\0" in head and not head.lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"<")
    return (nul or controls * 50 > len(head)) and byte_order(head) is None


def page(kept: Kept) -> Page:
    """A kept page, decompressed and decoded. Raises UnreadableFileError for a torn body."""
    decoded = decode(_decompressed(kept), kept.content_type)
    text, repairs = reread(decoded.text)
    return Page(
        url=kept.url,
        text=text,
        fetched_at=kept.fetched_at,
        status=kept.status,
        content_type=media_type(kept.content_type),
        charset=decoded.charset,
        charset_evidence="; ".join(filter(None, (decoded.evidence, ways(repairs)))),
        damaged=decoded.damaged,
        repairs=repairs,
    )


def _decompressed(kept: Kept) -> bytes:
    encoding = next((value for name, value in kept.headers if name.lower() == "content-encoding"), "").strip().lower()
    body = kept.body
    if encoding in ("", "identity") or not is_binary(body):
        # There are tools that take the compression off and leave the header.
        return body
    try:
        match encoding:
            case "gzip" | "x-gzip":
                return _inflated(body, 31)
            case "deflate":
                # Some servers leave out the zlib header, whose first two bytes divide by 31.
                return _inflated(body, 15 if int.from_bytes(body[:2]) % 31 == 0 else -15)
            case "br":
                return _unbrotlied(body)
    except (brotli.error, zlib.error) as error:
        raise UnreadableFileError(f"{kept.url}: the {encoding} body is torn or broken: {error}") from error
    raise UnreadableFileError(f"{kept.url}: a body in the content encoding {encoding!r}, which is not known")


def _inflated(body: bytes, window: int) -> bytes:
    stream = zlib.decompressobj(window)
    whole = _bounded(stream.decompress(body, LARGEST + 1))
    if not stream.eof:
        raise zlib.error("it ends early")
    return whole


def _unbrotlied(body: bytes) -> bytes:
    stream = brotli.Decompressor()
    whole = _bounded(bytes(stream.process(body, output_buffer_limit=LARGEST + 1)))
    if not stream.is_finished():
        raise brotli.error("it ends early")
    return whole


def _bounded(whole: bytes) -> bytes:
    """What a body unfolds to: a gigabyte of blanks is 200 kB of brotli, and more than many a machine has."""
    if len(whole) > LARGEST:
        raise zlib.error("it is too large for a page")
    return whole
