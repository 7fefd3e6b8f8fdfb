"""Where a WARC file is torn, and how it is cut there.

A process that was killed, or a machine that lost its power, may leave half a record at the end of what it wrote, behind
which nothing can be read.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 16
"""Bytes that are read and inflated at a time: a record may be larger than the memory."""

SUFFIX = ".torn"
"""Of the file beside a WARC file that keeps what was cut off, named by the byte where it stood."""


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member of a file: one record, as we write them."""

    offset: int
    """Its first byte."""
    length: int
    """Bytes, as they stand in the file."""


def members(path: Path, start: int = 0) -> tuple[list[Member], int]:
    """The whole gzip members of a file from a byte on, and the byte behind the last of them.

    That is the size of the file where nothing is torn. Raises OSError.
    """
    found: list[Member] = []
    with path.open("rb") as file:
        file.seek(start)
        rest = b""
        while (member := _inflated(file, rest)) is not None:
            length, rest = member
            found.append(Member(start, length))
            start += length
    return found, start


def _inflated(file: BinaryIO, data: bytes) -> tuple[int, bytes] | None:
    """The length of the member that begins with `data` and goes on in the file, and what was read behind it.

    None where none begins there, or it has no end.
    """
    gunzip = zlib.decompressobj(wbits=31)
    length, out = 0, b""
    while not gunzip.eof:
        # What is inflated is only counted, piece by piece: a few bytes may stand for gigabytes.
        if not data and len(out) < CHUNK and not (data := file.read(CHUNK)):
            return None
        try:
            out = gunzip.decompress(data, CHUNK)
        except zlib.error:
            return None
        rest = gunzip.unused_data or gunzip.unconsumed_tail
        length += len(data) - len(rest)
        data = rest
    return length, data


def cut(path: Path, end: int) -> Path:
    """Cut a file off at a byte; the file beside it that keeps what stood behind. Nothing is destroyed.

    Cut again after a crash in between, it comes to the same. Raises OSError.
    """
    beside = path.with_name(f"{path.name}.{end}{SUFFIX}")
    with path.open("r+b") as file:
        file.seek(end)
        with beside.open("wb") as kept:
            while chunk := file.read(CHUNK):
                kept.write(chunk)
            kept.flush()
            os.fsync(kept.fileno())
        truncate(file, end)
    return beside


def truncate(file: BinaryIO, end: int) -> None:
    """Cut an open file off at a byte, for good."""
    file.truncate(end)
    os.fsync(file.fileno())


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Have a file for oneself; False where a process is still writing it."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def at(path: Path, offset: int) -> Member | None:
    """The whole member that begins at a byte of a file; None where none does."""
    with path.open("rb") as file:
        file.seek(offset)
        inflated = _inflated(file, b"")
    return Member(offset, inflated[0]) if inflated else None


def is_whole(path: Path, member: Member) -> bool:
    """Whether a member stands where it should, from its first byte to its last."""
    return at(path, member.offset) == member
