"""SURT: an address with its host turned around, as web archives sort and look up what they hold.

The rules are those of the Internet Archive's canonicalizer, which pywb, OpenWayback and the CDX servers ask by; what a
key drops (`www.`, session ids, case) lets two spellings of an address find the same record.
"""

from __future__ import annotations

import re
import socket
from urllib.parse import quote_from_bytes, unquote_to_bytes

DEFAULT_PORTS = {"http": "80", "https": "443"}

# What stands in a key as it is: everything printable but `#` and `%`.
_PLAIN = "".join(chr(code) for code in range(33, 127) if chr(code) not in "#%")
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?.*")
_SESSION_IN_PATH = re.compile(r"/(?:\([0-9a-z]{24}\)|\((?:[a-z]\([0-9a-z]{24}\))+\))(?=/[^?]+\.aspx)", re.IGNORECASE)
_SESSION_IN_QUERY = re.compile(
    r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?:&|$)",
    re.IGNORECASE,
)


def surt(url: str) -> str:
    """The key of an address; ASCII, without blanks.

    >>> surt("https://www.Xihe.example:443/B/../news/?page=2&id=%C9%CC#top")
    'example,xihe)/news?id=%c9%cc&page=2'
    >>> surt("file:///kept/1.htm"), surt("urn:zhaoshang:run:7")
    ('file:/kept/1.htm', 'urn:zhaoshang:run:7')
    """
    found = _ADDRESS.fullmatch(re.sub(r"[\n\r\t]|#.*", "", url.strip(" \n\r\t\v\f")))
    if not found:
        return _escaped(url)
    scheme, authority, path, query = found[1].lower(), found[2], found[3], found[4] or ""
    if not authority:
        return f"{scheme}:{_path(path) if path.startswith('/') else _escaped(path)}{_query(query)}"
    split = _AUTHORITY.fullmatch(authority)
    assert split is not None
    port = split[2] if split[2] and split[2] != DEFAULT_PORTS.get(scheme) else ""
    return f"{_host(split[1])}{':' if port else ''}{port}){_path(path)}{_query(query)}"


def _host(host: str) -> str:
    """`www2.Xihe.example` as `example,xihe`."""
    if host.startswith("["):
        return host[1:-1].lower()
    name = unquote_to_bytes(host).decode("utf-8", "ignore").lower().replace("..", ".").strip(".")
    try:
        name = name.encode("idna").decode("ascii")
    except ValueError:
        name = _escaped(name)
    if name.isdecimal() and int(name) < 1 << 32:
        # An IPv4 address may be written as one number.
        name = socket.inet_ntoa(int(name).to_bytes(4))
    return ",".join(reversed(re.sub(r"^www\d*\.", "", name).split(".")))


def _path(path: str) -> str:
    r"""Without `.`, doubled slashes and the last one, and without `..` but where it leads above the root.

    >>> [_path(path) for path in ("", "/a/./b//../C/", "/../a", r"/招商\%zz")]
    ['/', '/a/c', '/../a', '/%e6%8b%9b%e5%95%86\\%25zz']
    """
    kept: list[bytes] = []
    for part in _unescaped(path).split(b"/"):
        if part == b".." and kept:
            kept.pop()
        elif part not in (b"", b"."):
            kept.append(part)
    return _SESSION_IN_PATH.sub("", "/" + "/".join(map(_quoted, kept)).lower())


def _query(query: str) -> str:
    """In order of its fields, without the ids of sessions.

    >>> _query("b=2&a=%2526&PHPSESSID=0123456789abcdef0123456789abcdef"), _query("")
    ('?&&a=&b=2', '')
    """
    told = _SESSION_IN_QUERY.sub("", _escaped(query)).lower()
    return "?" + "&".join(sorted(told.split("&"), key=lambda field: field.split("=", 1))) if told else ""


def _escaped(text: str) -> str:
    return _quoted(_unescaped(text))


def _quoted(data: bytes) -> str:
    return quote_from_bytes(data, safe=_PLAIN)


def _unescaped(text: str) -> bytes:
    """The bytes that percent signs stand for, however often they were escaped."""
    data, further = text.encode("utf-8", "surrogateescape"), b""
    while data != further:
        data, further = unquote_to_bytes(data), data
    return data
