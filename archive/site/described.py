"""What Datasette's table of rows says of itself, "where source = … sorted by …", in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from archive.site.language import Words


def described(
    english: str, t: Words, filters: Any, sort: str | None, sort_desc: str | None, others: Sequence[str] = ()
) -> Markup | str:
    """The sentence that Datasette has made of its `filters` and the order; `others` are what our own filters say.

    It stays in English where there is more in it, of `_through` or of another plugin.
    """
    order = f"sorted by {sort_desc} descending" if sort_desc else f"sorted by {sort}"
    parts = [escape(each) for each in others]
    parts += [_clause(t, *selection) for selection in filters.selections() if selection[1] in _KNOWN]
    known = filters.human_description_en(extra=others)
    if english.endswith(order):
        known = f"{known} {order}".lstrip()
        parts.append(t("described.descending" if sort_desc else "described.sorted", column=sort_desc or sort))
    return t("described.and").join(parts) if english == known else english


_KNOWN = (
    *("exact", "not", "contains", "endswith", "startswith", "gt", "gte", "lt", "lte", "like", "notlike", "glob", "in"),
    *("notin", "arraycontains", "arraynotcontains", "date", "isnull", "notnull", "isblank", "notblank"),
)
"""What a column can be asked for, as `__contains` behind its name."""


def _clause(t: Words, column: str, asked: str, value: str) -> Markup:
    return t(f"described.{asked}", column=column, value=value)
