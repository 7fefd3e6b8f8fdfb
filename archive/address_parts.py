"""The parts of an http address, taken apart so that nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_ADDRESS = re.compile(
    r"(https?)(://)([^/?#]*@)?(\[[^\]/?#@]*\]|[^/?#@:\[\]]+)(:\d{0,5})?(/[^?#]*)?(\?[^#]*)?(#.*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_BLANKS = "".join(map(chr, range(33)))
_LINE_ENDS = re.compile(r"[\t\r\n]+")


class Parts(NamedTuple):
    """The parts of an http address with the marks that part them, so that joined they are the address again."""

    scheme: str
    """`http` or `https`, as it is spelt."""
    slashes: str
    """`://`."""
    user: str
    """`name:password@`, or empty."""
    host: str
    """A name, or an IPv6 address in brackets."""
    port: str
    """`:8080`, or empty."""
    path: str
    """From the first slash on, or empty."""
    query: str
    """From the question mark on, or empty."""
    fragment: str
    """From the hash on, or empty."""


def split(url: str) -> Parts | None:
    """The parts of an http address; None for anything else, and for a port that cannot be.

    >>> "".join(split("https://a.example:8080/1.htm?x#y")), split("file:///a.html"), split("http://a.example:99999/")
    ('https://a.example:8080/1.htm?x#y', None, None)
    """
    found = _ADDRESS.fullmatch(url)
    parts = Parts(*found.groups(default="")) if found else None
    return parts if parts and int(parts.port[1:] or 0) <= 65535 else None


def after(fix: Callable[[Parts], Parts], url: str) -> str:
    """An address after one fix alone. Raises ValueError for what is none.

    >>> after(lambda parts: parts._replace(fragment=""), "http://a.example/1.htm#top")
    'http://a.example/1.htm'
    """
    parts = split(url)
    if parts is None:
        raise ValueError(f"{url!r} is no http address")
    return "".join(fix(parts))


def without_blanks(url: str) -> str:
    r"""Blanks around an address, and line ends within, which browsers do not see.

    >>> without_blanks(" http://a.example/c/\n7654321.htm ")
    'http://a.example/c/7654321.htm'
    """
    return _LINE_ENDS.sub("", url.strip(_BLANKS))
