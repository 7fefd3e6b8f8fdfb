"""HZ, the charset of 7-bit mail and early newsgroups: GB2312 without its high bits between ~{ and ~}."""

from __future__ import annotations

import re

from pipelines.text.commonness import commonness

FLUENT = -8.0
"""`commonness` above which characters are Chinese."""

# A character has a first byte of 21 to 77 and a second of 21 to 7E. Many programs leave out ~} at the end of a line.
_STRETCH = re.compile(rb"~\{((?:[\x21-\x77][\x21-\x7e])+?)(?:~\}|(?=\r?\n)|\Z)")
_UNCLOSED = re.compile(rb"(~\{(?:[\x21-\x77][\x21-\x7e])+)(?=\r?\n|\Z)")
_OPENING = re.compile(rb"(?<!~)~\{")


def is_hz(data: bytes) -> bool:
    """Whether ASCII is HZ: every ~{ begins characters of GB2312, and they are Chinese that somebody wrote.

    >>> is_hz("招商引资 2024".encode("hz")), is_hz(b'home = "~{user}"; return ~{ a };'), is_hz(b"~{ab~}")
    (True, False, False)
    """
    if b"~{" not in data:
        return False
    stretches = _STRETCH.findall(data)
    if not stretches or len(stretches) * 2 <= len(_OPENING.findall(data)):
        return False
    text = b"".join(stretches).translate(bytes(byte | 0x80 for byte in range(256))).decode("gb2312", "replace")
    return commonness(text) > FLUENT


def closed(data: bytes) -> bytes:
    r"""The bytes with ~} at every end of a line where it was left out: the line's end closes, too.

    >>> closed(b"~{UPIL\n")
    b'~{UPIL~}\n'
    """
    return _UNCLOSED.sub(rb"\1~}", data)
