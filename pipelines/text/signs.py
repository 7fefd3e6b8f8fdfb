"""What a whole page tells about its parts: a page that is annotated throughout annotates its headline, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Signs:
    """The evidence of a whole page."""

    decoded_well: bool = False
    """Whether all of it has been looked through for misread text, and none was found: no part need be again."""
    annotated: bool = False
    """Whether readings have been injected throughout."""
    slipped: bool = False
    """Whether bytes slipped somewhere."""
    hant: bool = False
    """Whether it is in the traditional script."""
    listed: Mapping[str, str] = field(default_factory=dict)
    """The characters that are annotated, each with the reading that the mirror has for it."""
    bare: frozenset[str] = frozenset()
    """The ideographs that stand without a reading."""
