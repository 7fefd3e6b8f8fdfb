"""Pages in none of the Chinese charsets: their label if it decodes, else what charset-normalizer makes of them."""

from __future__ import annotations

from collections.abc import Iterable

import charset_normalizer
from webencodings.labels import LABELS

from pipelines.text.exact import codec, read

_LOOKED_AT = 65_536
_DECIDED_BY_BYTES = ("gb18030", "big5", "utf-8", "euc-tw", "hz-gb-2312", "windows-1252")

# What charset-normalizer may guess, by Python's name: no charset that browsers do not know (EBCDIC, most of DOS).
_GUESSED = {
    codec(name).name.replace("-", "_"): name
    for name in sorted(set(LABELS.values()))
    if name not in ("gbk", "iso-8859-8-i", "replacement", "utf-16be", "utf-16le", "utf-8", "x-user-defined")
}


def labelled(data: bytes, labels: Iterable[str]) -> str | None:
    """The first of the labels that is no Chinese charset and decodes everything.

    >>> labelled("เแโใ".encode("cp874"), ["utf-8", "windows-874"])
    'windows-874'
    """
    for label in labels:
        if label not in _DECIDED_BY_BYTES and not read(data, label).damages:
            return label
    return None


def guessed(data: bytes) -> str | None:
    """What charset-normalizer takes the bytes for; None if it does not know either."""
    guess = charset_normalizer.from_bytes(data[:_LOOKED_AT], cp_isolation=list(_GUESSED)).best()
    return _GUESSED.get(guess.encoding) if guess else None
