"""EUC-TW, the Taiwanese charset of Unix machines: CNS 11643, planes 1 to 3. Python has no codec for it.

A character of plane 1 has two bytes; 8E A2 before the two says plane 2, and 8E A1 says plane 1 once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_TOKEN = re.compile(
    rb"[\x00-\x7f]+|\x8e[\xa1-\xaf][\xa1-\xfe][\xa1-\xfe]|[\xa1-\xfe][\xa1-\xfe]|[\x80-\xff]{2}|[\x80-\xff]"
)


@cache
def _table() -> dict[bytes, str]:
    """Every character by its bytes; benchmarks/cns11643.py made the file."""
    lines = (Path(__file__).parent / "cns11643.txt").read_text(encoding="utf-8").split("\n")
    table: dict[bytes, str] = {}
    for number, line in enumerate(lines):
        plane, row = divmod(number, 94)
        lead = bytes((0x8E, 0xA1 + plane)) if plane else b""
        table.update((lead + bytes((0xA1 + row, 0xA1 + cell)), char) for cell, char in enumerate(line) if char != " ")
    return table


@cache
def _bytes() -> dict[str, bytes]:
    """The bytes of each character: the shortest, where planes share one."""
    return {char: data for data, char in sorted(_table().items(), key=lambda entry: len(entry[0]), reverse=True)}


@cache
def odd() -> dict[bytes, str]:
    """Bytes that `encode` would not choose: plane 1 with its number, and what two planes share."""
    odd = {data: char for data, char in _table().items() if _bytes()[char] != data}
    odd.update((b"\x8e\xa1" + data, char) for data, char in _table().items() if len(data) == 2)
    return odd


def is_valid(data: bytes) -> bool:
    """Whether bytes are EUC-TW without a fault.

    >>> is_valid(bytes.fromhex("dbb6dbb5")), is_valid("招商".encode("big5"))
    (True, False)
    """
    return all(char for char, _ in characters(data))


def characters(data: bytes) -> Iterator[tuple[str | None, bytes]]:
    """Stretches of ASCII and single characters with their bytes; None for what is none or is `odd`."""
    table = _table()
    for match in _TOKEN.finditer(data):
        stood = match[0]
        char = table.get(stood)
        yield (stood.decode("ascii") if stood[0] < 0x80 else char if char and _bytes()[char] == stood else None), stood


def encode(text: str) -> bytes:
    """The bytes of a text. Raises UnicodeEncodeError for a character that is in none of the three planes.

    >>> encode("招商").hex()
    'cdddd9b8'
    """
    table = _bytes()
    try:
        return b"".join(char.encode("ascii") if char < "\x80" else table[char] for char in text)
    except KeyError as error:
        place = text.index(error.args[0])
        raise UnicodeEncodeError("euc-tw", text, place, place + 1, "not in CNS 11643, planes 1 to 3") from None
