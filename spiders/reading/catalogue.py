"""The table of an open-government catalogue above a document, read: whose it is, and since when it is public."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.text.catalogue import NUMBERS, labelled
from spiders.reading.lines import Line

_LINES = 300
"""So many lines of a page may hold the table and what leads to it."""


def catalogue(lines: Sequence[Line]) -> dict[str, str]:
    """What the table says, by label without blanks; empty where there is no such table.

    >>> catalogue([Line("索 引 号：430700/2019-00123"), Line("发布机构"), Line("市商务局"), Line("文　号：")])
    {'索引号': '430700/2019-00123', '发布机构': '市商务局'}

    One label alone is none: `发布机构：市商务局` also stands in articles.
    """
    found: dict[str, str] = {}
    label = None
    for line in lines[:_LINES]:
        if match := labelled(line.bare):
            label, value = match[0], line.raw(match[1])
        elif label:
            value = line.text
        else:
            continue
        if value:
            found.setdefault(label, value)
            label = None
    return found if len(found) > 1 and not found.keys().isdisjoint(NUMBERS) else {}
