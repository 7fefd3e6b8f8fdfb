"""TRS WCM, the content system of most governments and many portals."""

from __future__ import annotations

from spiders.families.portal import Portal


class Trs(Portal):
    """Lists whose pages are numbered by a script, articles with the government's metadata."""
