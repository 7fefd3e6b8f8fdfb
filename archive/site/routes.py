"""The addresses of our own pages. Datasette's stay as they are, but for its front page and the rows of articles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive.site.pages import switch

ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/-/language$", switch.language),
]
