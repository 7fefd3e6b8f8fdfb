"""What a list tells of an article, for the fields that the article's own page leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from archive.article import Article
from pipelines.text.dates import find_date

Told = Mapping[str, Any]
"""Fields of an article: title, raw_date and raw_byline as texts, keywords as a tuple of them."""

NOTHING: Told = MappingProxyType({})


def completed(article: Article, told: Told, rule: str) -> Article:
    """The article with what was told of the fields that its page leaves open; provenance names `rule` for them.

    A day that only the address names gives way to a time of the same day.
    """
    missing = {name: value for name, value in told.items() if not getattr(article, name)}
    if article.provenance.get("raw_date", "").startswith("address") and _is_finer(
        told.get("raw_date"), article.raw_date
    ):
        missing["raw_date"] = told["raw_date"]
    if not missing:
        return article
    return replace(article, **missing, provenance={**article.provenance, **dict.fromkeys(missing, rule)})


def _is_finer(raw: str | None, than: str | None) -> bool:
    """Whether a date names the time of the day that another one names."""
    fine, day = find_date(raw), find_date(than)
    if fine is None or day is None or fine.value is None or day.value is None:
        return False
    return fine.precision == "minute" and fine.value[:10] == day.value[:10]
