"""What `zhaoshang repair` does: bytes in any charset become restored text, and a record that gives the bytes back.

The record gives them back byte for byte (`crawler.undoing`): by the charset and `bytes`, what the charset cannot tell
of them (byte order mark, damaged places …), or where those do not suffice by `input`, all of them in base64.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler.kept import LARGEST, UnreadableFileError, is_binary
from pipelines.text.charset import Decoded, decode, encode
from pipelines.text.damage import damage
from pipelines.text.edits import Restored
from pipelines.text.restore import restore

STANDARD_INPUT = "-"


def input_of(file: str) -> bytes:
    """The bytes of a file, `-` being standard input. Raises UnreadableFileError for what holds no text."""
    data = read(file)
    if len(data) > LARGEST:
        raise UnreadableFileError(f"{named(file)}: {len(data):,} bytes, too large for a page")
    if is_binary(data):
        raise UnreadableFileError(f"{named(file)}: a binary file, no text in any charset")
    return data


def named(file: str) -> str:
    """A file as messages name it."""
    return "standard input" if file == STANDARD_INPUT else file


def read(file: str) -> bytes:
    """The bytes of a file, whatever they are. Raises UnreadableFileError where there are none."""
    try:
        data = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{named(file)}: {error.strerror}") from error
    if not data:
        raise UnreadableFileError(f"{named(file)}: there is nothing in it")
    return data


def repaired(data: bytes) -> tuple[Decoded, Restored]:
    """A page or a text file, decoded and restored as it is, markup included."""
    decoded = decode(data)
    return decoded, restore(decoded.text)


def text_of(file: str) -> bytes:
    """The restored text of a file, UTF-8."""
    return repaired(input_of(file))[1].text.encode()


def record(file: str, data: bytes) -> dict[str, Any]:
    """What `repair --json` prints of an input.

    >>> record("-", "招商引资".encode())["repairs"]
    []
    """
    decoded, restored = repaired(data)
    found = {
        "file": file,
        "charset": decoded.charset,
        "charset_evidence": decoded.evidence,
        "charset_confidence": decoded.confidence,
        "damaged": decoded.damaged,
        "text": restored.text,
        "damage": damage(restored.text),
        "repairs": [asdict(change) for change in restored.changes],
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    if encoded(decoded) == data:
        return found | {"bytes": _spots(decoded)}
    return found | {"input": base64.b64encode(data).decode("ascii")}


def encoded(decoded: Decoded) -> bytes | None:
    """The bytes of a text; None where the charset does not hold it."""
    try:
        return encode(decoded)
    except UnicodeEncodeError:
        return None


def _spots(decoded: Decoded) -> dict[str, Any]:
    r"""What `encode` goes by beside text and charset, as JSON has it: bytes in hex; what there is none of is left out.

    >>> _spots(decode(b"\xef\xbb\xbf" + "招商".encode()))
    {'mark': 'efbbbf'}
    """
    found: dict[str, Any] = {
        "mark": decoded.mark.hex(),
        "damages": [[start, data.hex()] for start, data in decoded.damages],
        "variants": [[start, data.hex()] for start, data in decoded.variants],
        "parts": [[start, charset] for start, charset in decoded.parts],
    }
    return {name: value for name, value in found.items() if value}
