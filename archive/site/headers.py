"""What every answer of the site tells the browser: to ask no other host for anything, and to run nothing of others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_COMMON = "default-src 'none'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'"

OWN = f"{_COMMON}; style-src 'self'; script-src 'self'; frame-ancestors 'none'"
"""Content-Security-Policy of our own pages."""

DATASETTE = f"{_COMMON}; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
"""That of Datasette's pages, whose templates have scripts and styles within."""

SNAPSHOT = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'"
)
"""That of a page as it was received."""

HEADERS = {
    b"content-security-policy": DATASETTE.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    # Browsers look up the hosts of links beforehand, which would tell who reads of them.
    b"x-dns-prefetch-control": b"off",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
"""Given to each answer that does not have them."""


def with_headers(app: App) -> App:
    """An ASGI application whose answers have `HEADERS`."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                lacking = [(name, value) for name, value in HEADERS.items() if name not in given]
                message = {**message, "headers": [*message["headers"], *lacking]}
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return wrapped
