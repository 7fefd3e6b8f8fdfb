"""What a page says its charset is: the HTTP header, the markup, and what browsers understand by a label."""

from __future__ import annotations

import re

import webencodings

_MARKUP_LABEL = re.compile(
    rb"""<(?:meta\s[^>]{0,400}?charset|\?xml\s[^>]{0,100}?encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""",
    re.IGNORECASE,
)
_HEADER_LABEL = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_MARKUP_BYTES = 16_384

# Browsers read HZ and EUC-TW no more (HZ because scripts can be smuggled in it), archives of old pages must.
_NO_LONGER_KNOWN = {
    **dict.fromkeys(("hz-gb-2312", "hz", "hz-gb2312"), "hz-gb-2312"),
    **dict.fromkeys(("euc-tw", "x-euc-tw", "euctw", "cns11643"), "euc-tw"),
}


def label_in_header(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header, as written.

    >>> label_in_header('text/html; charset="GB2312"')
    'GB2312'
    """
    match = _HEADER_LABEL.search(content_type or "")
    return match[1] if match else None


def media_type(content_type: str | None) -> str | None:
    """The media type of a Content-Type header, lower case, without parameters.

    >>> media_type("Text/HTML; charset=gbk"), media_type("")
    ('text/html', None)
    """
    return (content_type or "").split(";")[0].strip().lower() or None


def label_in_markup(data: bytes) -> str | None:
    """The charset of the first meta element or XML declaration, as written; in UTF-16 markup it is not looked for.

    >>> label_in_markup(b'<meta http-equiv=Content-Type content="text/html; charset=gb2312">')
    'gb2312'
    """
    match = _MARKUP_LABEL.search(data[:_MARKUP_BYTES])
    return match[1].decode("ascii") if match else None


def canonical(label: str) -> str | None:
    """The charset that browsers read a label as, with one name for the GB family; None for an unknown label.

    Two charsets that browsers have given up keep their names: `hz-gb-2312` and `euc-tw`.

    >>> canonical("GB2312"), canonical("big5-hkscs"), canonical("latin1"), canonical("chinese-ish")
    ('gb18030', 'big5', 'windows-1252', None)
    """
    if given_up := _NO_LONGER_KNOWN.get(label.strip().lower()):
        return given_up
    encoding = webencodings.lookup(label)
    if encoding is None:
        return None
    return "gb18030" if encoding.name == "gbk" else encoding.name
