"""UTF-16 without a byte order mark: recognised by what the bytes in every other place are."""

from __future__ import annotations

import re
from typing import Literal

from pipelines.text.commonness import commonness

SAMPLE = 4096
"""Bytes that are looked at."""

FLUENT = -8.0
"""`commonness` above which characters are Chinese."""

_HIGH_BYTES = bytes(
    (*range(5), *range(0x20, 0x27), 0x30, 0x32, 0x33, *range(0x34, 0xA0), 0xD8, *range(0xDC, 0xE0), 0xFE, 0xFF)
)
"""High bytes of what Chinese pages are made of: letters, dashes and signs, stops, ideographs, full-width forms."""

CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What no text holds that is not in UTF-16. ESC is left out: ISO-2022 is written with it."""

_IMPLAUSIBLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]")


def byte_order(data: bytes) -> Literal["utf-16le", "utf-16be"] | None:
    r"""The charset of UTF-16 without a byte order mark; None for anything else.

    Text in which no byte is NUL is taken for UTF-16 only if every character of the sample is plausible.

    >>> byte_order("<p>招商</p>".encode("utf-16-le")), byte_order("招商引资".encode("utf-16-be"))
    ('utf-16le', 'utf-16be')
    >>> byte_order("招商引资".encode("gbk")), byte_order(b"\x89PNG\r\n\0\0")
    (None, None)
    """
    head = data[: min(SAMPLE, len(data) // 2 * 2)]
    if len(head) < 4:
        return None
    if _fits(head[1::2]) and _reads(head, "utf-16-le"):
        return "utf-16le"
    if _fits(head[0::2]) and _reads(head, "utf-16-be"):
        return "utf-16be"
    return None


def _fits(highs: bytes) -> bool:
    """Whether nearly all the bytes could be high bytes."""
    return len(highs.translate(None, _HIGH_BYTES)) * 8 <= len(highs)


def _reads(head: bytes, codec: str) -> bool:
    text = head.decode(codec, "replace")
    # The sample may end within a pair of surrogates.
    if len(_IMPLAUSIBLE.findall(text[:-1])) * 50 > len(text):
        return False
    chinese = [char for char in text if char > "\x7f"]
    if not chinese:
        return True
    # ASCII text in pairs is ideographs, too ("Bush hid the facts"), but rare ones.
    return commonness("".join(chinese)) > FLUENT
