"""A page as it was received, out of its WARC record: unpacked up to a bound, in its own charset."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import NamedTuple

import brotli  # type: ignore[import-untyped]
from sqlite_utils import Database

from archive import warc
from archive.database import place_of

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest page that is shown."""

SHOWN = ("text/html", "text/plain")
"""Media types that are shown."""

# With the zeros between the letters that UTF-16 has.
_LINK = re.compile(rb"<(\0?)l(\0?)i(\0?)n(\0?)k", re.IGNORECASE)
_FRAME = re.compile(rb"(<\0?(?:i\0?)?f\0?r\0?)a(\0?m\0?e(?!\0?s))", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


class NotShownError(Exception):
    """A page that cannot be shown as it was received; the message is a key of the words of `snapshot`."""


class Snapshot(NamedTuple):
    """A page as it was received."""

    body: bytes
    """Its bytes, without compression and `unlinked`."""
    content_type: str
    """Media type and charset, as a header has them."""


def snapshot(db: Database, folder: Path, page_id: int) -> Snapshot:
    """The page with an id, out of the WARC files in a folder.

    Raises NotShownError where its record is not there, is too large or torn, or is neither HTML nor text.
    """
    row = next(db.query("select charset, content_type from pages where id = ?", [page_id]), None)
    if row is None:
        raise NotShownError("unknown")
    place = place_of(db, page_id)
    try:
        record = warc.read(folder, place._replace(file=Path(place.file).name))
    except warc.WarcError as error:
        raise NotShownError("no_record") from error
    headers = {name.lower(): value for name, value in record.headers}
    given = headers.get("content-type") or row["content_type"] or "text/html"
    media_type = given.partition(";")[0].strip().lower()
    if media_type not in SHOWN:
        raise NotShownError("other_type")
    body = unpacked(record.body, headers.get("content-encoding", ""))
    if media_type == "text/html":
        body = unlinked(body)
    # What the archive found the bytes to be: the page's own label may lie.
    charset = row["charset"] or (match[1] if (match := _CHARSET.search(given)) else None)
    return Snapshot(body, f"{media_type}; charset={charset}" if charset else media_type)


def unlinked(body: bytes) -> bytes:
    r"""A page whose `<link>` is `<meta>`, and whose `<iframe>` and `<frame>` have names that mean nothing.

    None of what they name is loaded anyway, but browsers connect to its host all the same, before any policy is asked:
    it would learn who reads. All else stays, to the byte.

    >>> unlinked(b"<LINK rel=preconnect href=//a.example>"), unlinked("<link>".encode("utf-16-le"))[2:6]
    (b'<meta rel=preconnect href=//a.example>', b'm\x00e\x00')
    >>> unlinked(b"<iframe src=//a.example></iframe><frameset><frame/>")
    b'<ifr-me src=//a.example></iframe><frameset><fr-me/>'
    """
    return _FRAME.sub(rb"\1-\2", _LINK.sub(rb"<\1m\2e\3t\4a", body))


def unpacked(body: bytes, encoding: str, most: int = LARGEST) -> bytes:
    """A body without its content encoding. Raises NotShownError where that is more than `most` bytes, or torn.

    >>> unpacked(zlib.compress("招商".encode()), "deflate").decode()
    '招商'
    """
    try:
        whole = _unpacked(body, encoding.strip().lower(), most)
    except (brotli.error, zlib.error) as error:
        if not body.lstrip().startswith(b"<"):
            raise NotShownError("torn") from error
        # There are tools that take the compression off and leave the header.
        whole = body
    if len(whole) > most:
        raise NotShownError("too_large")
    return whole


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    match encoding:
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return zlib.decompressobj(31).decompress(body, most + 1)
        case "deflate":
            # Some servers leave out the zlib header, whose first two bytes divide by 31.
            return zlib.decompressobj(15 if int.from_bytes(body[:2]) % 31 == 0 else -15).decompress(body, most + 1)
        case "br":
            stream, whole = brotli.Decompressor(), b""
            while len(whole) <= most and (part := stream.process(b"" if whole else body, output_buffer_limit=1 << 20)):
                whole += part
            return whole
    raise NotShownError("torn")
