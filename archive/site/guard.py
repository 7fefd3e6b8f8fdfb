"""Whom `zhaoshang serve` answers, and what it tells nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from archive.site.headers import App, Receive, Scope, Send
from archive.site.language import Words, language_of

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""By these names a browser of this machine comes."""

CLOSED = re.compile(
    r"/-/(actor|allow-debug|auth-token|config|databases|logout|messages|metadata|patterns|permissions|plugins|settings"
    r"|threads)(\.json)?/?"
)
"""Datasette's pages about itself: where its files lie, how it is set up."""


def guarded(app: App, names: Iterable[str]) -> App:
    """An ASGI application that is reached by `names` (hosts without a port) alone, and keeps to itself what it is.

    A page of another site may give its own name the address of this machine (DNS rebinding), and would then read the
    archive in the visitor's browser: such a request has that name as its `Host`.
    """
    known = {name.lower() for name in names}

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refusal := _refusal(Request(scope, receive), known)):
            await refusal.asgi_send(send)
        else:
            await app(scope, receive, send)

    return wrapped


def _refusal(request: Request, known: set[str]) -> Response | None:
    t = Words(language_of(request))
    asked = request.headers.get("host", "")
    if host_of(asked) not in known:
        return _said(t("refusal.host", name=asked[:100]), 400)
    if CLOSED.fullmatch(request.scope["path"]):
        return _said(t("refusal.closed"), 404)
    return None


def _said(words: Markup, status: int) -> Response:
    answer: Response = Response.text(words.unescape(), status=status)
    return answer


def host_of(header: str) -> str:
    """The name in a `Host` header, without its port.

    >>> host_of("Archive.example:8001"), host_of("[::1]:8001"), host_of("localhost"), host_of("")
    ('archive.example', '[::1]', 'localhost', '')
    """
    return re.sub(r":\d*\Z", "", header).lower()
