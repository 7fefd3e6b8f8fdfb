"""Pages that hold nothing but the way to another one: refreshed by markup, or sent on by a script."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from spiders.reading.document import Document
from spiders.reading.links import absolute

VISIBLE = 60
"""So many characters such a page shows at most: `正在跳转，如果没有反应请点这里`."""

_SENT_ON = re.compile(
    r"(?:(?:window|self|top|parent|document)\.)*location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*"
    r"(?P<quote>[\"'])(?P<url>[^\"'<>\s]{1,500})(?P=quote)\s*\)?\s*(?:[;\n}<]|$)"
)
# What asks for a phone, a cookie or a click first is a condition, and cookies make it a challenge.
_CONDITION = re.compile(r"userAgent|cookie|onclick|confirm\s*\(|eval\s*\(|atob\s*\(|fromCharCode", re.IGNORECASE)


def sent_on(document: Document) -> str | None:
    """The address that a page's script goes to at once, where the page holds nothing else; None for any other page.

    Only an address on the same host is given: what leads off a site is not followed.
    """
    if "location" not in document.text or not _is_bare(document) or _CONDITION.search(document.text):
        return None
    found = {url for match in _SENT_ON.finditer(document.text) if (url := absolute(document.base, match["url"]))}
    url = found.pop() if len(found) == 1 else None
    same = url and url != document.url and urlsplit(url).hostname == urlsplit(document.url).hostname
    return url if same else None


def is_stub(document: Document) -> bool:
    """Whether a page only leads elsewhere."""
    if not _is_bare(document):
        return False
    refresh = any(
        (node.attributes.get("http-equiv") or "").strip().lower() == "refresh"
        and "url" in (node.attributes.get("content") or "").lower()
        for node in document.tree.css("meta[http-equiv]")
    )
    return refresh or sent_on(document) is not None


def _is_bare(document: Document) -> bool:
    if sum(len(line.bare) for line in document.lines) > VISIBLE:
        return False
    return len(document.tree.css("a[href], area[href]")) < 3
