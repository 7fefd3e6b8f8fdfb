"""XML as servers really write it: bare `&`, `&nbsp;` as in HTML, control characters, an end cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree  # type: ignore[import-untyped]

_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_IN_XML = ("amp", "lt", "gt", "quot", "apos")
_HALVES = range(0xD800, 0xE000)
"""Numbers that are half a character each: libxml2 takes them, and then cannot give them back."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(text: str, url: str) -> tuple[etree._Element | None, bool]:
    r"""The root of a document that begins with its root element, and whether it was XML as it stood.

    No entity is ever expanded, and nothing asked for: references that XML does not have by itself are text. `url` is
    what `xml:base` starts from.

    >>> [parse(text, "")[0].text for text in ("<a>招商&nbsp;&b;", "<a>x & y", "<a><![CDATA[x &amp; y]]></a>")]
    ['招商\xa0&b;', 'x & y', 'x &amp; y']
    """
    markup = "".join(_mended(_NOT_IN_XML.sub("", text)))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(markup.encode(), parser, base_url=url)
    except etree.XMLSyntaxError:
        return None, False
    return root, markup == text and not len(parser.error_log)


def _mended(text: str) -> Iterator[str]:
    """Markup with its references as XML has them; CDATA as it is."""
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            start = end = len(text)
        yield _REFERENCE.sub(_as_in_xml, text[at:start])
        yield text[start : end + 3]
        at = end + 3


def _as_in_xml(match: re.Match[str]) -> str:
    name = match[1]
    if name and name.startswith("#") and int(f"0{name[1:]}", 16 if name[1] in "xX" else 10) in _HALVES:
        return "\ufffd"
    if name and (name.startswith("#") or name in _IN_XML):
        return match[0]
    character = html5.get(f"{name};")
    return character if character and character not in "<&" else f"&amp;{match[0][1:]}"
