"""Read one kept page without an archive: what `zhaoshang read` prints."""

from __future__ import annotations

from archive.article import Article, Page
from crawler.stages import apply_reading_stages
from spiders.reading.page import read_page
from spiders.reading.refusal import refusal


def read(page: Page) -> tuple[Article, str | None]:
    """The article of a decoded page, read generally and through the stages; and why the page refuses one, if it does.

    Where it does, the article is empty.
    """
    refused = refusal(page)
    return apply_reading_stages(Article(page.url, "", page) if refused else read_page(page)), refused
