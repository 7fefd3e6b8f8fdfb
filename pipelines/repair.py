"""Restore the text of an article: title, byline, captions and body, on the evidence of the whole page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.article import Article, Image, Repair
from pipelines.text.pinyin import is_annotated, remove_readings

FIELDS = ("kicker", "title", "subtitle", "original_title", "text", "section", "raw_byline", "raw_origin", "raw_date")
"""The fields of an article that hold the page's words."""


def repair(article: Article) -> Article:
    """The article with its text restored, and a record of each change."""
    if not is_annotated(article.page.text):
        return article
    cleaned: dict[str, Any] = {}
    repairs: list[Repair] = list(article.repairs)
    for field in FIELDS:
        value = getattr(article, field)
        if value:
            cleaned[field], found = _without_readings(value, field)
            repairs += found
    images = []
    for number, image in enumerate(article.images, 1):
        caption, found = _without_readings(image.caption or "", f"caption {number}")
        images.append(Image(image.url, caption or None))
        repairs += found
    return replace(article, **cleaned, images=tuple(images), repairs=tuple(repairs))


def undo(text: str, repairs: tuple[Repair, ...]) -> str:
    """The text of one field as it stood on the page: its repairs taken back.

    >>> undo("增長", (Repair("pinyin", "text", 2, "(cháng)", "", 0.99, "長 is read cháng"),))
    '增長(cháng)'
    """
    for each in sorted(repairs, key=lambda found: -found.start):
        text = text[: each.start] + each.before + text[each.start + len(each.after) :]
    return text


def _without_readings(text: str, field: str) -> tuple[str, list[Repair]]:
    cleaned, removals = remove_readings(text)
    return cleaned, [
        Repair("pinyin", field, removal.start, removal.before, "", 0.99, removal.evidence) for removal in removals
    ]


class RepairStage:
    """Item pipeline."""

    def process_item(self, item: Article) -> Article:
        return repair(item)
