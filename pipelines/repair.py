"""Restore the text of an article: headline, byline, captions, body … on the evidence of the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from archive.article import Article, Page, Repair
from pipelines.reread import in_field
from pipelines.text.damage import damage
from pipelines.text.edits import take_back
from pipelines.text.restore import restore, signs_of
from pipelines.text.signs import Signs

FIELDS = {
    "kicker": "kicker", "title": "title", "subtitle": "subtitle", "original_title": "original_title",
    "text": "text", "section": "section", "raw_byline": "byline", "editor": "editor",
    "raw_origin": "raw_origin", "raw_date": "raw_date",
}  # fmt: skip
"""The fields of an article that hold the page's words, and their columns in `articles`: repairs go by the column."""

SHOWN = ("kicker", "title", "subtitle", "text")
"""What is counted as damaged, with the captions: what a reader of the article sees."""


def repair(article: Article) -> Article:
    """The article with its text restored, a record of each change, and how many characters are lost for good."""
    # Who found the charset looked all of the page through for misread text.
    decoded_well = article.page.charset is not None and not article.page.repairs
    signs = replace(signs_of(article.page.text), decoded_well=decoded_well)
    restored: dict[str, Any] = {}
    repairs: list[Repair] = []
    for field, column in FIELDS.items():
        value, found = _restored(getattr(article, field), column, signs, article.page)
        if found:
            restored[field] = value
            repairs += found
    images = list(article.images)
    for number, image in enumerate(article.images, 1):
        value, found = _restored(image.caption, f"caption {number}", signs, article.page)
        if found:
            images[number - 1] = replace(image, caption=value)
            repairs += found
    if repairs:
        article = replace(article, **restored, images=tuple(images), repairs=(*article.repairs, *repairs))
    words = [getattr(article, field) for field in SHOWN] + [image.caption for image in article.images]
    lost = sum(damage(text) for text in words if text)
    return replace(article, damage=lost) if lost != article.damage else article


def undo(text: str, repairs: Sequence[Repair]) -> str:
    """The text of one field as it stood on the page: its repairs, in their order, taken back.

    >>> undo("增長", (Repair("pinyin", "text", 2, "(cháng)", "", 0.99, "長 is read cháng"),))
    '增長(cháng)'
    """
    return take_back(text, repairs)


def _restored(value: str | None, field: str, signs: Signs, page: Page) -> tuple[str | None, list[Repair]]:
    if not value:
        return value, []
    earlier = in_field(value, field, page.text, page.repairs) if page.repairs else []
    restored = restore(value, signs)
    # What would be emptied is left: the stages behind fill an empty byline or date from elsewhere, and the repairs
    # would stand beside a text that they were not made in.
    if not restored.changes or not restored.text.strip():
        return value, earlier
    return restored.text, earlier + [
        Repair(change.kind, field, change.start, change.before, change.after, change.confidence, change.evidence)
        for change in restored.changes
    ]


class RepairStage:
    """Item pipeline."""

    def process_item(self, item: Article) -> Article:
        return repair(item)
