"""A row of months as a strip: how many articles are dated then, and what kind of nothing the others are."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import groupby

from markupsafe import Markup

from archive.site.drawing.shades import SHADES

HEIGHT = 10
"""In units of the drawing; a month is one unit wide, and both are stretched."""


class Nothing(Enum):
    """Why no article is dated in a month."""

    FOUND = "M{0} 1h{1}v8h-{1}z"
    """It was crawled then, or in the month after, and had none: an empty frame."""
    SOUGHT = "M{0} 5h{1}"
    """Only later crawls looked back on it: a line."""
    COLLECTED = ""
    """It was not collected: a gap."""


Month = int | Nothing
"""The shade of a month, or why it has none."""


def strip(months: Sequence[Month], crawled: Sequence[bool], january: Sequence[int], *, label: str) -> Markup:
    """An SVG of the months, with a mark below those in which the source was crawled and a line before each year."""
    shapes: dict[Month, str] = {}
    place = 0
    for kind, run in groupby(months):
        width = len(list(run))
        shape = kind.value if isinstance(kind, Nothing) else "M{0} 0h{1}v10h-{1}z"
        shapes[kind] = shapes.get(kind, "") + shape.format(place, width)
        place += width
    marks = "".join(f"M{place} 9.5h1" for place, is_crawled in enumerate(crawled) if is_crawled)
    parts = [
        Markup('<path d="{}" {}/>').format(path, _STROKE if isinstance(kind, Nothing) else _FILL[kind])
        for kind, path in shapes.items()
        if path
    ]
    years = "".join(f"M{place} 0v10" for place in january)
    parts += [
        Markup('<path d="{}" vector-effect="non-scaling-stroke" stroke="{}" stroke-width="{}"/>').format(*each)
        for each in ((years, "#fdfcfa", 1), (marks, "#a3262a", 3))
        if each[0]
    ]
    return Markup(
        '<svg class="strip" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(label, max(len(months), 1), HEIGHT, Markup("").join(parts))


_STROKE = Markup('fill="none" stroke="#8a847b" vector-effect="non-scaling-stroke"')
_FILL = [Markup('fill="{}"').format(colour) for colour in SHADES]


def axis(periods: Sequence[tuple[int, str]], slots: int) -> Markup:
    """The years above strips: each by the place of its January."""
    return Markup('<svg class="axis" width="100%" height="16" aria-hidden="true">{}</svg>').format(
        Markup("").join(
            Markup('<text x="{:.2f}%" y="12" font-size="11" font-weight="normal" fill="#595550">{}</text>').format(
                100 * place / slots, text
            )
            for place, text in periods
            if place / slots < 0.95
        )
    )
