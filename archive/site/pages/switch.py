"""The switch between the languages."""

from __future__ import annotations

from urllib.parse import urlsplit

from datasette.utils.asgi import Request, Response

from archive.site.language import COOKIE, LANGUAGES

YEAR = 365 * 24 * 60 * 60


async def language(request: Request) -> Response:
    """`/-/language?to=en&next=/path`: remember a language and go on where one was."""
    to = request.args.get("to")
    answer: Response = Response.redirect(local(request.args.get("next") or "/"))
    if to in LANGUAGES:
        answer.set_cookie(COOKIE, to, max_age=YEAR, samesite="lax", httponly=True)
    return answer


def local(address: str) -> str:
    r"""An address of this site, or its front page where the address leads elsewhere.

    >>> local("/-/search?q=招商"), local("//evil.example/"), local("/\\evil.example"), local("https://evil.example/")
    ('/-/search?q=招商', '/', '/', '/')
    """
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return address if inside and address.isprintable() else "/"
