"""Bars over time. Widths are percentages and heights pixels, so that letters stay as large as they are on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

HEIGHT = 130
"""Of the drawing, in pixels."""
_TOP, _FOOT = 18, 20
"""Room for the figure of the highest bar, and for what stands below."""
FEWEST = 24
"""Fewer bars than that are no wider."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    period: str
    """`2024-09` or `2024`."""
    value: int
    """How high it is."""
    told: str
    """What a pointer or a screen reader is told: `2024-09: 12 articles`."""
    href: str | None = None
    """Where it leads."""
    picked: bool = False
    """Whether it stands out, as what is shown."""


def bars(series: Sequence[Bar], *, label: str) -> Markup:
    """An SVG of the bars, each a link where it has an address; `label` says what it shows.

    Links are no stops of the tabulator key: the table that stands behind each chart has them, too.
    """
    if not series:
        return Markup()
    highest = max(each.value for each in series) or 1
    slots = max(len(series), FEWEST)
    step = 100 / slots
    floor = HEIGHT - _FOOT
    parts = [
        Markup('<svg class="bars" role="group" aria-label="{}" width="100%" height="{}">').format(label, HEIGHT),
        Markup('<line x1="0" x2="100%" y1="{0}" y2="{0}" stroke="#d9d4cc"/>').format(_TOP),
        Markup('<line x1="0" x2="100%" y1="{0}" y2="{0}" stroke="#595550"/>').format(floor + 0.5),
        Markup('<text x="0" y="12" font-size="12" fill="#595550">{:,}</text>').format(highest),
    ]
    for place, each in enumerate(series):
        # What is there at all is seen, however high the highest bar is.
        height = max(2.0, (floor - _TOP) * each.value / highest) if each.value else 0
        kind, colour = (" picked", "#a3262a") if each.picked else ("", "#1f4e79")
        # Put together as text, which is far faster than as Markup: all but what is told and the address are figures.
        told = escape(each.told)
        shape = (
            f'<rect x="{place * step:.3f}%" y="{_TOP}" width="{step:.3f}%" height="{floor - _TOP}" fill="transparent"/>'
            f'<rect class="bar{kind}" x="{(place + 0.1) * step:.3f}%" y="{floor - height:.1f}"'
            f' width="{step * 0.8:.3f}%" height="{height:.1f}" fill="{colour}"/><title>{told}</title>'
        )
        if each.href:
            shape = f'<a href="{escape(each.href)}" tabindex="-1" aria-label="{told}">{shape}</a>'
        parts.append(Markup(f"<g>{shape}</g>"))  # noqa: S704
    parts += [
        Markup('<text x="{:.3f}%" y="{}" font-size="12" fill="#595550"{}>{}</text>').format(
            place * step, HEIGHT - 5, Markup(' text-anchor="end"') if place * step > 92 else "", text
        )
        for place, text in ticks([each.period for each in series], slots)
    ]
    return Markup("").join([*parts, Markup("</svg>")])


def ticks(periods: Sequence[str], slots: int, most: int = 9) -> list[tuple[int, str]]:
    """Which periods are named below a chart of so many slots, by their place: so few that a phone has room for them.

    At most `most` years, or two thirds as many months.

    >>> ticks(["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"], 5)
    [(0, '2023-11'), (1, '2023-12'), (2, '2024-01'), (3, '2024-02'), (4, '2024-03')]
    >>> ticks(["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"], 24)
    [(0, '2023-11'), (4, '2024-03')]
    >>> ticks([f"{year}-{month:02}" for year in range(2020, 2024) for month in range(1, 13)], 48)
    [(0, '2020'), (12, '2021'), (24, '2022'), (36, '2023')]
    """
    years = [(place, period[:4]) for place, period in enumerate(periods) if period.endswith("-01")]
    named = years if len(years) > 1 else list(enumerate(periods))
    room = slots / (most if len(named[0][1]) == 4 else most * 2 / 3)
    chosen = named[:1]
    for place, text in named:
        if place - chosen[-1][0] >= room:
            chosen.append((place, text))
    return chosen
