"""Regions as the site asks for them: with all that lies in them, and by the names that people type."""

from __future__ import annotations

from archive import regions
from archive.search.folding import fold
from archive.search.picking import below


def within(code: str) -> tuple[str, str]:
    """The least and the greatest code of a region and of all that lies in it, zones too.

    >>> within("430000"), within("430300"), within("430302"), within("430300-GX")
    (('43', '43~'), ('4303', '4303~'), ('430302', '430302~'), ('430300-GX', '430300-GX~'))
    """
    stem = below(code)
    return stem, f"{stem}~"


def province(code: str | None) -> str | None:
    """The province that a region lies in.

    >>> province("430300-GX"), province(None)
    ('430000', None)
    """
    return f"{code[:2]}0000" if code else None


def lineage(code: str | None) -> list[tuple[str, str]]:
    """Code and name of the divisions from the province down to a region, as far as the table has them.

    >>> lineage("430300-GX"), lineage("430399"), lineage(None)
    ([('430000', '湖南省'), ('430300', '湘潭市'), ('430300-GX', '湘潭高新技术产业开发区')], [('430000', '湖南省'), ('430300', '湘潭市')], [])
    """  # noqa: E501
    known = regions.table()
    around = (code, code[:6], f"{code[:4]}00", f"{code[:2]}0000") if code else ()
    nearest = next((each for each in around if each in known), None)
    return [(each, known[each].name) for each in reversed(regions.lineage(nearest))] if nearest else []


def named(name: str) -> list[str]:
    """The regions of today that bear a name, in full or for short, in either script; or the one with that code.

    >>> named("湖南"), named("雨湖区"), named("湘潭高新區"), named("430300"), named("某地")
    (['430000'], ['430302'], ['430300-GX'], ['430300'], [])
    """
    if regions.is_known(name):
        return [name]
    wanted = fold(name)
    return [
        code
        for code, each in regions.table().items()
        if each.until is None
        and wanted in (fold(each.name), *map(fold, each.short + each.doubtful), fold(regions.name_of(code)))
    ]
