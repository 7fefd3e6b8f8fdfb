"""What a page holds beside ASCII: of markup and script there is ten times more, and nothing of it is Chinese."""

from __future__ import annotations

from functools import lru_cache

_AS_BLANKS = bytes(code if code > 0x7F or chr(code) in "?0123456789" else 0x20 for code in range(256))


@lru_cache(maxsize=2)
def beyond_ascii(text: str) -> str:
    """A text with one blank for every run of ASCII, but for figures and question marks, which misread bytes leave.

    >>> beyond_ascii('<p class="a">招商 2024年?</p>')
    '招商 2024年?'
    """
    data = text.encode("utf-8", "surrogatepass").translate(_AS_BLANKS)
    return b" ".join(data.split()).decode("utf-8", "surrogatepass")
