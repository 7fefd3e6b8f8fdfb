"""A map of China as tiles of one size, a province each: the small ones are read as easily as the large ones.

The layout is our own: neighbours stand beside each other as far as a grid allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.site.drawing.shades import DARK, NONE, SHADES, ranges, shade

LAYOUT = (
    "......黑",
    "....蒙京吉",
    "新甘宁晋冀津辽",
    "藏青陕豫鲁..",
    ".川渝鄂皖苏沪",
    ".滇黔湘赣浙.",
    "..桂粤闽台.",
    "..琼澳港..",
)
"""Rows from north to south, by the character that stands for a province."""

PROVINCES = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "蒙": "150000", "辽": "210000", "吉": "220000",
    "黑": "230000", "沪": "310000", "苏": "320000", "浙": "330000", "皖": "340000", "闽": "350000", "赣": "360000",
    "鲁": "370000", "豫": "410000", "鄂": "420000", "湘": "430000", "粤": "440000", "桂": "450000", "琼": "460000",
    "渝": "500000", "川": "510000", "黔": "520000", "滇": "530000", "藏": "540000", "陕": "610000", "甘": "620000",
    "青": "630000", "宁": "640000", "新": "650000", "台": "710000", "港": "810000", "澳": "820000",
}  # fmt: skip
"""Their codes (GB/T 2260)."""

LETTERS = {
    "110000": "BJ", "120000": "TJ", "130000": "HE", "140000": "SX", "150000": "NM", "210000": "LN", "220000": "JL",
    "230000": "HL", "310000": "SH", "320000": "JS", "330000": "ZJ", "340000": "AH", "350000": "FJ", "360000": "JX",
    "370000": "SD", "410000": "HA", "420000": "HB", "430000": "HN", "440000": "GD", "450000": "GX", "460000": "HI",
    "500000": "CQ", "510000": "SC", "520000": "GZ", "530000": "YN", "540000": "XZ", "610000": "SN", "620000": "GS",
    "630000": "QH", "640000": "NX", "650000": "XJ", "710000": "TW", "810000": "HK", "820000": "MO",
}  # fmt: skip
"""Two letters for each (ISO 3166-2:CN), for readers of English; a full name does not fit."""

SIDE, GAP = 46, 3
"""Of a tile and between two, in units of the drawing: seven of them fit on a phone."""
_KEY, _IN_A_ROW = 48, 3


@dataclass(frozen=True, slots=True)
class Tile:
    """What is shown of a province."""

    name: str
    """For short: 湖南, or HN."""
    value: int
    """The figure on it, which makes its shade."""
    told: str
    """What a pointer or a screen reader is told."""
    href: str
    """Where it leads."""


def places() -> dict[str, tuple[int, int]]:
    """Row and column of each province, by its code, from north to south and west to east.

    >>> places()["110000"], places()["820000"], len(places())
    ((1, 5), (7, 3), 34)
    """
    return {
        PROVINCES[sign]: (row, column)
        for row, signs in enumerate(LAYOUT)
        for column, sign in enumerate(signs)
        if sign in PROVINCES
    }


def tiles(provinces: Mapping[str, Tile], least: Sequence[int], *, label: str) -> Markup:
    """An SVG of the provinces, each a link, by their codes; `least` are the limits of the shades (`shades.limits`)."""
    width = max(map(len, LAYOUT)) * (SIDE + GAP)
    height = len(LAYOUT) * (SIDE + GAP) + _KEY
    parts = [
        Markup('<svg class="tiles" role="group" aria-label="{}" viewBox="0 0 {} {}">').format(label, width, height)
    ]
    parts += [_tile(provinces[code], *place, least) for code, place in places().items()]
    for place, (colour, text) in enumerate(ranges(least)):
        row, column = divmod(place, _IN_A_ROW)
        x, y = column * width / _IN_A_ROW, height - _KEY + 8 + row * 18
        parts.append(
            Markup(
                '<rect x="{:.1f}" y="{}" width="12" height="12" fill="{}" stroke="#8a847b"/>'
                '<text x="{:.1f}" y="{}" font-size="11" fill="#1c1b1a">{}</text>'
            ).format(x + 1, y, colour, x + 18, y + 10, text)
        )
    return Markup("").join([*parts, Markup("</svg>")])


def _tile(tile: Tile, row: int, column: int, least: Sequence[int]) -> Markup:
    step = shade(tile.value, least)
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    ink = "#ffffff" if step is not None and step >= DARK else "#1c1b1a"
    return Markup(
        '<a href="{}" aria-label="{}"><title>{}</title>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}" stroke="#b8b1a6"/>'
        '<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="middle">{}</text>'
        '<text x="{}" y="{}" font-size="11" fill="{}" text-anchor="middle">{}</text></a>'
    ).format(
        *(tile.href, tile.told, tile.told),
        *(x + 1, y + 1, SIDE, SIDE, NONE if step is None else SHADES[step]),
        *(x + 1 + SIDE / 2, y + 21, 15 if len(tile.name) < 3 else 13, ink, tile.name),
        *(x + 1 + SIDE / 2, y + 37, ink, f"{tile.value:,}"),
    )
