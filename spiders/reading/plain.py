"""Text files: a page whose markup somebody has already taken off."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.article import Article, Image, Page
from pipelines.text.bylines import byline_in_info, byline_in_text, editor, is_byline
from pipelines.text.dates import find_date
from pipelines.text.furniture import ends_article, is_furniture
from pipelines.text.origins import origin
from pipelines.text.pinyin import is_annotated
from spiders.reading.headline import is_original_title, is_title_line, other_titles
from spiders.reading.lines import Line, bare, is_info, join_blanks
from spiders.reading.metadata import section_of
from spiders.reading.stretch import best_stretch, end_of_head, without_repeated_standfirst

_SENTENCE_END = re.compile(r"[。！？!?；…”」』]\W*$")
_END = 20
"""So many characters of a line may hold the end of its last sentence, with brackets and the like behind it."""

_FIELDS = (
    "title", "subtitle", "original_title", "text", "section", "raw_date", "raw_byline", "raw_origin", "editor",
)  # fmt: skip

_CREDIT = re.compile(r"^[(（](?:本文|本版)?(?:图片|照片|圖片|图|供图|摄影|資料|资料).{0,30}[)）]$")


def is_plain(page: Page) -> bool:
    """Whether a page is text without markup."""
    return page.content_type == "text/plain" or not re.search(
        r"<(?:html|body|div|p|br|table|head|meta|script|frameset|iframe)\b", page.text, re.IGNORECASE
    )


def read_plain(page: Page, url: str, source: str) -> Article:
    """Read a text file: above the body stand headline, date, byline and frame; what follows it is frame."""
    annotated = is_annotated(page.text)
    lines = [
        Line(text, bare=bare(text, annotated=annotated)) for text in map(join_blanks, page.text.splitlines()) if text
    ]
    article = Article(url, source, page, reading="text")
    start, end = best_stretch(lines)
    if start == end:
        return article
    head, body, tail = _head_and_body(lines, start, end)
    article = _read_head(article, head, [line for line in lines[len(head) :] if is_original_title(line)])
    body = without_repeated_standfirst(body)
    labelled = [*head, *tail[:6]]
    article = replace(
        article,
        text="\n".join(line.text for line in body if not _CREDIT.match(line.text)),
        raw_origin=next((line.raw(name) for line in labelled if (name := origin(line.bare))), None),
        editor=next((line.raw(name) for line in labelled if (name := editor(line.bare))), None),
    )
    return replace(article, provenance={field: "line" for field in _FIELDS if getattr(article, field)})


def _head_and_body(lines: list[Line], start: int, end: int) -> tuple[list[Line], list[Line], list[Line]]:
    """Divide a text. A byline, an info line or a line of frame among the first lines ends the head."""
    start = end_of_head(lines, start, end)
    # Short lines without a full stop directly above the first sentence are the headline; they belong to the head.
    while start < end and not lines[start].prose and not _SENTENCE_END.search(lines[start].bare[-_END:]):
        start += 1
    body = [
        line for line in lines[start:end] if not (is_furniture(line.bare) or is_info(line) or is_original_title(line))
    ]
    return lines[:start], body, lines[end:]


def _read_head(article: Article, head: list[Line], titles: list[Line]) -> Article:
    """Read the lines above a body; `titles` are further lines that give an 原标题."""
    title = byline = date = section = None
    captions: list[Image] = []
    original, subtitle = other_titles([*head, *titles])
    below = False
    for line in head:
        text = line.bare
        named_section = section_of(text)
        section = section or (line.raw(named_section) if named_section else None)
        if is_title_line(line):
            below = True
        elif is_byline(text):
            byline = byline or line.raw(text)
        elif is_info(line) or is_furniture(text):
            parsed = find_date(text)
            date = date or (line.raw(parsed.raw) if parsed and parsed.value else None)
            named = byline_in_text(text) or byline_in_info(text)
            byline = byline or (line.raw(named) if named else None)
            # Above the frame of a newspaper page stand its navigation and its name, and no headline.
            title = None if section and is_furniture(text) and not below else title
        elif _SENTENCE_END.search(text[-_END:]) and title:
            captions.append(Image(None, line.text))
        elif title is None and not ends_article(text):
            title = line.text
    return replace(
        article, title=title, subtitle=subtitle, original_title=original, raw_byline=byline, raw_date=date,
        section=section, images=tuple(captions),
    )  # fmt: skip
