"""What a whole page tells about its parts: a page that is annotated throughout annotates its headline, too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """The evidence of a whole page."""

    annotated: bool = False
    """Whether readings have been injected throughout."""
