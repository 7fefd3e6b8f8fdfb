"""Addresses of the same page made one."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# `content_1.htm?div=-1` is how Founder's issue pages link to an article; the rest is what counters append.
_TRACKING = re.compile(r"^(?:utm_\w+|spm|from|share|wx_?\w*|div|_t|timestamp|isappinstalled|nsukey)$", re.IGNORECASE)


def canonical(url: str) -> str:
    """The address without fragment, default port and tracking parameters; host in small letters.

    >>> canonical("HTTP://Epaper.Example:80/html/2024-09/04/content_9.htm?div=-1#p")
    'http://epaper.example/html/2024-09/04/content_9.htm'
    >>> canonical("file:///tmp/a%20b.html")
    'file:///tmp/a%20b.html'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https"):
        return url
    host = (parts.hostname or "").rstrip(".")
    default = {"http": 80, "https": 443}[parts.scheme]
    if parts.port and parts.port != default:
        host += f":{parts.port}"
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(key)]
    query = urlencode(kept) if len(kept) != parts.query.count("&") + 1 else parts.query
    return urlunsplit((parts.scheme, host, parts.path or "/", query if kept else "", ""))


def declared(url: str, canonical_link: str | None) -> str:
    """The address a page calls its canonical one, where that can be believed; else its own.

    Templates exist whose every page names the front page, so the declared one has to be on the same host and to hold
    the longest number of the page's own address.

    >>> declared("http://a.example/m/2023/7654321.htm", "http://a.example/c/2023/05/16/7654321.htm")
    'http://a.example/c/2023/05/16/7654321.htm'
    >>> declared("http://a.example/m/7654321.htm", "http://a.example/")
    'http://a.example/m/7654321.htm'
    """
    own = canonical(url)
    link = absolute(url, canonical_link)
    number = max(re.findall(r"\d+", urlsplit(own).path), key=len, default="")
    if not link or not number or urlsplit(link).hostname != urlsplit(own).hostname or number not in link:
        return own
    return canonical(link)


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
