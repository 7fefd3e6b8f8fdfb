"""Who asks: sites are told whom they may turn to, before they are asked for anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from importlib.metadata import version

from spiders.source import Source

VARIABLE = "ZHAOSHANG_CONTACT"
"""The environment variable that says whom a site may turn to: an address of mail, or of a page."""

_CONTACT = re.compile(r"[!-'*-?A-~]+@[!-'*-?A-~]+\.[!-'*-?A-~]+|https?://[!-'*-~]+\.[!-'*-~]+")
"""What stands in brackets in a header: no blanks, no brackets, nothing beyond ASCII."""


class NoContactError(Exception):
    """No site may be asked for anything as long as it is not said whom it may turn to; the message tells how to."""

    def __init__(self, contact: str) -> None:
        said = f"{VARIABLE}={contact!r} is no contact" if contact else "a site must be told whom it may turn to"
        super().__init__(
            f"{said}: set {VARIABLE} to an address of mail, or of a page about your archive;"
            " it goes into the User-Agent of every request"
        )


def contact() -> str:
    """Whom a site may turn to, as the environment says; empty where it says nothing."""
    return os.environ.get(VARIABLE, "").strip()


def is_contact(text: str) -> bool:
    r"""Whether somebody can be reached there.

    >>> is_contact("desk@paper.example"), is_contact("https://paper.example/archive"), is_contact("me")
    (True, True, False)
    >>> is_contact("a@b.example)\r\nCookie: x")
    False
    """
    return bool(_CONTACT.fullmatch(text))


def user_agent() -> str:
    """What every request says of who makes it: name, version and contact."""
    reached = f"; +{contact()}" if is_contact(contact()) else ""
    return f"zhaoshang/{version('zhaoshang')} (archive of regional news{reached})"


def require_contact(sources: Iterable[Source] | None = None) -> None:
    """Raise NoContactError where no contact is set, unless all that is asked is the sample province, on loopback."""
    if not is_contact(contact()) and (sources is None or not all(source.is_sample for source in sources)):
        raise NoContactError(contact())
