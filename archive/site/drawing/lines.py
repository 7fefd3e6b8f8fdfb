"""Lines over time, told apart by colour, dashes and marks: any one of the three is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.site.drawing.bars import ticks

HEIGHT = 260
"""Of the drawing, in pixels."""
_TOP, _FOOT, _RIGHT = 20, 24, 1
"""Room above and below in pixels, and at the right in percent."""

STYLES = (
    ("#0b559f", "", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"),
    ("#b5480a", "8 4", "M-4-4h8v8h-8z"),
    ("#00714f", "2 4", "M0-5.5L5.5 0L0 5.5L-5.5 0z"),
    ("#8f3b76", "12 4 2 4", "M0-5L5 4H-5z"),
    ("#5c4a00", "5 2", "M0 5L5-4H-5z"),
)
"""Colour, dashes and mark (SVG) of each line: the colours of Okabe and Ito, darkened to be read on white."""
MOST_MARKS = 40
"""With more points than that only those are marked that stand alone, and no line would show."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line."""

    name: str
    """What it is of."""
    values: tuple[float | None, ...]
    """A value a period; None where there is nothing to be told, which parts the line."""
    told: tuple[str, ...]
    """What a pointer or a screen reader is told of each value."""
    hrefs: tuple[str, ...]
    """Where each point leads."""


def lines(periods: Sequence[str], series: Sequence[Series], *, label: str, top: str) -> Markup:
    """An SVG of the lines; `top` is what the highest value is called."""
    highest = max((value for each in series for value in each.values if value is not None), default=0) or 1
    floor = HEIGHT - _FOOT
    width = 100 - 2 * _RIGHT

    def x(place: int) -> float:
        return _RIGHT + width * (place + 0.5) / len(periods)

    def y(value: float) -> float:
        return floor - (floor - _TOP) * value / highest

    parts = [
        Markup('<svg class="lines" role="group" aria-label="{}" width="100%" height="{}">').format(label, HEIGHT),
        *(
            Markup('<line x1="0" x2="100%" y1="{0:.1f}" y2="{0:.1f}" stroke="{1}"/>').format(
                y(share * highest), "#595550" if share == 0 else "#d9d4cc"
            )
            for share in (0, 0.25, 0.5, 0.75, 1)
        ),
        Markup('<text x="0" y="13" font-size="12" fill="#595550">{}</text>').format(top),
    ]
    for each, style in zip(series, STYLES, strict=False):
        runs = _runs(each.values)
        # In units of its own, a hundredth of the width: the points of a line cannot be percentages.
        paths = [" ".join(f"{x(place):.2f},{y(value):.1f}" for place, value in run) for run in runs if len(run) > 1]
        parts.append(
            Markup(
                '<svg x="0" y="0" width="100%" height="{0}" viewBox="0 0 100 {0}" preserveAspectRatio="none">'
                '<g fill="none" stroke="{1}" stroke-width="2.5" stroke-dasharray="{2}">{3}</g></svg>'
            ).format(HEIGHT, *style[:2], Markup("").join(map(_LINE.format, paths)))
        )
        parts += [
            Markup('<a href="{0}" tabindex="-1" aria-label="{1}"><title>{1}</title>{2}</a>').format(
                each.hrefs[place], each.told[place], _mark(style, f"{x(place):.2f}%", y(value))
            )
            for run in runs
            for place, value in run
            if len(periods) <= MOST_MARKS or len(run) == 1
        ]
    parts += [
        Markup('<text x="{:.2f}%" y="{}" font-size="12" fill="#595550" text-anchor="{}">{}</text>').format(
            x(place), HEIGHT - 6, "start" if x(place) < 8 else "end" if x(place) > 92 else "middle", text
        )
        for place, text in ticks(periods, len(periods))
    ]
    return Markup("").join([*parts, Markup("</svg>")])


def sample(place: int) -> Markup:
    """A piece of the line at that place, for a legend."""
    colour, dashes, _ = STYLES[place]
    return Markup(
        '<svg class="sample" width="44" height="14" aria-hidden="true"><line x1="0" x2="44" y1="7" y2="7" stroke="{}"'
        ' stroke-width="2.5" stroke-dasharray="{}"/>{}</svg>'
    ).format(colour, dashes, _mark(STYLES[place], "50%", 7))


# Drawn as thick across as along, with dashes as long as they are given, however wide the drawing is stretched.
_LINE = Markup('<polyline vector-effect="non-scaling-stroke" points="{}"/>')


def _mark(style: tuple[str, str, str], x: str, y: float) -> Markup:
    return Markup('<svg x="{}" y="{:.1f}" overflow="visible"><path d="{}" fill="{}" stroke="#fdfcfa"/></svg>').format(
        x, y, style[2], style[0]
    )


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The stretches of values without a gap, each value with its place.

    >>> _runs([1, None, 2, 3])
    [[(0, 1)], [(2, 2), (3, 3)]]
    """
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            runs[-1].append((place, value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
