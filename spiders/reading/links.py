"""Addresses of the same page made one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit, urlunsplit

# Founder's issue pages link to `content_1.htm?div=-1`; WeChat and counters append the rest. Each with the values it
# has there: `?div=12` is a department, `?from=archive` a list.
_TRACKING = re.compile(
    r"(?:utm_\w+=.*|spm=.*|div=-1|isappinstalled=\d|nsukey=.*|from=(?:singlemessage|groupmessage|timeline|message|app))",
    re.IGNORECASE,
)
_ID = re.compile(r"\d{4,}(?=\D*$)")


def canonical(url: str) -> str:
    """The address without fragment, default port and tracking parameters, host in small letters; else as it stands.

    What is no http address, or has an impossible port, comes back unchanged.

    >>> canonical("HTTP://Epaper.Example:80/html/2024-09/04/content_9.htm?div=-1#p")
    'http://epaper.example/html/2024-09/04/content_9.htm'
    >>> canonical("http://a.example/s?title=%D5%D0%C9%CC&from=timeline")
    'http://a.example/s?title=%D5%D0%C9%CC'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https"):
        return url
    try:
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        host += f":{port}"
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.fullmatch(part))
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def declared(url: str, canonical_link: str | None) -> str:
    """The address a page calls its canonical one, where that can be believed; else its own.

    Templates exist whose every page names the front page, or the issue. So the declared one has to be on the same
    host, and to end in the same number of four digits or more: the article's.

    >>> declared("http://a.example/m/2023/7654321.htm", "http://a.example/c/2023/05/16/7654321.htm")
    'http://a.example/c/2023/05/16/7654321.htm'
    >>> declared("http://a.example/html/2024-09/04/content_91234.htm", "http://a.example/html/2024-09/04/node_2.htm")
    'http://a.example/html/2024-09/04/content_91234.htm'
    """
    own = canonical(url)
    link = absolute(url, canonical_link)
    if not link or urlsplit(link).hostname != urlsplit(own).hostname:
        return own
    link = canonical(link)
    mine, theirs = _ID.search(own), _ID.search(link)
    return link if mine and theirs and mine[0] == theirs[0] else own


def absolute(base: str, href: str | None) -> str | None:
    """A link made absolute; None for what leads nowhere (scripts, mail, empty) or is no address at all.

    >>> absolute("http://a.example/x/y.htm", "../z.jpg"), absolute("http://a.example/", "javascript:void(0)")
    ('http://a.example/z.jpg', None)
    """
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return None
    try:
        url = urljoin(base, href)
        # Asking for the port raises where it is none.
        reachable = urlsplit(url).port != 0 and urlsplit(url).scheme in ("http", "https", "file")
    except ValueError:
        return None
    return url if reachable else None


def is_on(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address lies on one of the hosts, or on one below it.

    >>> is_on("http://epaper.a.example/1.htm", ["a.example"]), is_on("http://ba.example/", ["a.example"])
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    return any(host == each or host.endswith(f".{each}") for each in hosts)
