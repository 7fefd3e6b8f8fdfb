"""The stages of the settings without a crawl: what `zhaoshang read` applies to a page."""

from __future__ import annotations

from functools import cache
from pkgutil import resolve_name
from typing import Any

from archive.article import Article
from crawler.settings import READING_STAGES


@cache
def _reading_stages() -> tuple[Any, ...]:
    return tuple(resolve_name(path)() for path, _ in sorted(READING_STAGES.items(), key=lambda item: item[1]))


def apply_reading_stages(article: Article) -> Article:
    """Take an article through the stages that need no archive, in the order of the settings."""
    for stage in _reading_stages():
        article = stage.process_item(article)
    return article
