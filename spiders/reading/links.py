"""Addresses of the same page made one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from archive.canonical import cited

_ID = re.compile(r"(?<!\d)\d{4,}+(?=\D*$)")


def canonical(url: str) -> str:
    """The address to cite: without fragment, default port, session and tracking parameters; else as it stands.

    What is no http address, or has an impossible port, comes back unchanged. Whether two addresses are the same page
    says `archive.canonical.key`.

    >>> canonical("HTTP://Epaper.Example:80/html/2024-09/04/content_9.htm?div=-1#p")
    'http://epaper.example/html/2024-09/04/content_9.htm'
    """
    return cited(url)


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
