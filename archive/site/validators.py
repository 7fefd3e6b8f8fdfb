"""What browsers and feed readers may keep: an answer is asked for again, and sent again only if it is another one."""

from __future__ import annotations

import re
from collections.abc import Collection
from hashlib import sha1

from archive.site.headers import App, Message, Receive, Scope, Send
from archive.site.language import COOKIE

LARGEST = 1 << 20
"""Bytes of a body that is waited for; a larger one is sent as it comes, and so is one whose end is not in sight."""

ASKED_AGAIN = b"private, no-cache"
FOR_EVER = b"private, max-age=31536000, immutable"

_TAG = re.compile(rb'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_STATIC = re.compile(r"/-/static(-plugins)?/")
_STAMP = re.compile(rb"[0-9a-f]{6,40}")


def digest(body: bytes) -> str:
    """What an answer is known by: of a style sheet its beginning stands in the address, as in Datasette's own.

    >>> digest(b"")[:6]
    'da39a3'
    """
    return sha1(body, usedforsecurity=False).hexdigest()


def is_known(tag: bytes, if_none_match: bytes) -> bool:
    """Whether who asks has an answer already: by weak comparison (RFC 9110, 8.8.3.2), as a proxy may have packed it.

    >>> is_known(b'"a"', b'"b", W/"a"'), is_known(b'"a"', b'*'), is_known(b'"a"', b'"a,b"'), is_known(b'"a"', b'a')
    (True, True, False, False)
    """
    return if_none_match.strip() == b"*" or tag in _TAG.findall(if_none_match)


def validated(app: App) -> App:
    """An ASGI application whose answers no shared proxy keeps, and whose whole ones have an ETag.

    Its answers of several messages whose length is not told are sent as they come.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app(scope, receive, _Answer(scope, send).take)
        else:
            await app(scope, receive, send)

    return wrapped


class _Answer:
    """An answer on its way: held back until its body is whole."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def take(self, message: Message) -> None:
        """What the application sends."""
        if message["type"] == "http.response.start":
            self._start = {**message, "headers": _kept(self._scope, message["headers"])}
            if message["status"] != 200 or self._scope["method"] not in ("GET", "HEAD"):
                await self._pass(None)
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if message.get("more_body") and self._is_small():
                return
            whole = not message.get("more_body") and len(self._body) <= LARGEST
            await (self._tagged() if whole else self._pass({**message, "body": self._body}))

    def _is_small(self) -> bool:
        """Whether more of a body is worth waiting for: of a file, whose length is told."""
        length = _of(self._start or {}, b"content-length")
        return length.isdigit() and int(length) <= LARGEST

    async def _pass(self, message: Message | None) -> None:
        for each in (self._start, message):
            if each is not None:
                await self._send(each)
        self._start = None

    async def _tagged(self) -> None:
        """Send the whole answer with its tag, or the tag alone. Headers are the same: a browser takes over a 304's."""
        start = self._start or {}
        known_by = digest(self._body)
        tag = f'"{known_by}"'.encode()
        headers = [*start["headers"], (b"etag", tag)]
        stamp = self._scope.get("query_string", b"")
        if _STATIC.search(self._scope["path"]) and _STAMP.fullmatch(stamp) and known_by.startswith(stamp.decode()):
            headers = [*_without(headers, b"cache-control"), (b"cache-control", FOR_EVER)]
        if is_known(tag, _of(self._scope, b"if-none-match")):
            self._start = {**start, "status": 304, "headers": _without(headers, b"content-length", b"content-type")}
            self._body = b""
        else:
            self._start = {**start, "headers": headers}
        await self._pass({"type": "http.response.body", "body": self._body})


Headers = Collection[tuple[bytes, bytes]]


def _kept(scope: Scope, headers: Headers) -> Headers:
    """The headers of an answer, with who may keep it for how long."""
    given = _of({"headers": headers}, b"cache-control")
    sets_cookie = bool(_of({"headers": headers}, b"set-cookie"))
    # Datasette says no-store to whoever sends a cookie; the reader's language is no secret.
    if not given or (b"no-store" in given and not sets_cookie and _is_nobody(scope)):
        said = ASKED_AGAIN
    else:
        said = given if re.search(rb"no-store|private|public", given) else b"private, " + given
    vary = _of({"headers": headers}, b"vary")
    if vary != b"*" and not _STATIC.search(scope["path"]):
        vary = b", ".join(filter(None, (vary, b"" if b"accept-language" in vary.lower() else b"Accept-Language")))
    told = ((b"cache-control", said), (b"vary", vary))
    return [*_without(headers, b"cache-control", b"vary"), *(each for each in told if each[1])]


def _is_nobody(scope: Scope) -> bool:
    """Whether nothing is sent that tells who asks."""
    names = {each.partition(b"=")[0].strip() for each in re.split(rb"[;,]", _of(scope, b"cookie"))}
    return names <= {COOKIE.encode(), b""} and not _of(scope, b"authorization")


def _of(message: Message, name: bytes) -> bytes:
    """The value of a header, all of them if it is there several times."""
    return b", ".join(value for each, value in message.get("headers", ()) if each.lower() == name)


def _without(headers: Headers, *names: bytes) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in names]
