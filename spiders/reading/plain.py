"""Text files: a page whose markup somebody has already taken off."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.article import Article, Image, Page
from pipelines.text.bylines import byline_in_info, byline_in_text, editor, is_byline, origin
from pipelines.text.dates import find_date
from pipelines.text.furniture import ends_article, is_furniture
from pipelines.text.pinyin import is_annotated
from spiders.reading.lines import Line, bare, best_stretch, end_of_head, is_info, join_blanks
from spiders.reading.metadata import section_of

SUBTITLE = re.compile(r"^(?:——|--|──)\s*(?=[^\s—])")
ORIGINAL_TITLE = re.compile(r"^原[标標][题題]\s*[:：]\s*(.+)$")
_SENTENCE_END = re.compile(r"[。！？!?；…”」』]\W*$")
_END = 20
"""So many characters of a line may hold the end of its last sentence, with brackets and the like behind it."""

_CREDIT = re.compile(r"^[(（](?:本文|本版)?(?:图片|照片|圖片|图|供图|摄影|資料|资料).{0,30}[)）]$")


def is_plain(page: Page) -> bool:
    """Whether a page is text without markup."""
    return page.content_type == "text/plain" or not re.search(
        r"<(?:html|body|div|p|br|table|head|meta)\b", page.text, re.IGNORECASE
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
    article = _read_head(article, head)
    body = _drop_repeated_standfirst(body)
    labelled = [*head, *tail[:6]]
    return replace(
        article,
        text="\n".join(line.text for line in body if not _CREDIT.match(line.text)),
        raw_origin=next((line.raw(name) for line in labelled if (name := origin(line.bare))), None),
        editor=next((line.raw(name) for line in labelled if (name := editor(line.bare))), None),
    )


def _head_and_body(lines: list[Line], start: int, end: int) -> tuple[list[Line], list[Line], list[Line]]:
    """Divide a text. A byline, an info line or a line of frame among the first lines ends the head."""
    start = end_of_head(lines, start, end)
    # Short lines without a full stop directly above the first sentence are the headline; they belong to the head.
    while start < end and not lines[start].prose and not _SENTENCE_END.search(lines[start].bare[-_END:]):
        start += 1
    body = [line for line in lines[start:end] if not is_furniture(line.bare) and not is_info(line)]
    return lines[:start], body, lines[end:]


def _read_head(article: Article, head: list[Line]) -> Article:
    title = subtitle = original = byline = date = section = None
    captions: list[Image] = []
    for line in head:
        text = line.bare
        named_section = section_of(text)
        section = section or (line.raw(named_section) if named_section else None)
        if match := ORIGINAL_TITLE.match(text):
            original = line.raw(match[1])
        elif SUBTITLE.match(text):
            if original is not None and "——" not in original:
                original += "——" + SUBTITLE.sub("", line.text)
            else:
                subtitle = subtitle or SUBTITLE.sub("", line.text)
        elif is_byline(text):
            byline = byline or line.raw(text)
        elif is_info(line) or is_furniture(text):
            parsed = find_date(text)
            date = date or (line.raw(parsed.raw) if parsed and parsed.value else None)
            named = byline_in_text(text) or byline_in_info(text)
            byline = byline or (line.raw(named) if named else None)
            title = None if section and is_furniture(text) and subtitle is None else title
        elif _SENTENCE_END.search(text[-_END:]) and title:
            captions.append(Image(None, line.text))
        elif title is None and not ends_article(text):
            title = line.text
    return replace(
        article, title=title, subtitle=subtitle, original_title=original, raw_byline=byline, raw_date=date,
        section=section, images=tuple(captions), provenance={"raw_date": "line"} if date else {},
    )  # fmt: skip


def _drop_repeated_standfirst(body: list[Line]) -> list[Line]:
    """The first paragraph goes where a later one repeats it to the letter: it is the page's standfirst."""
    return body[1:] if body and any(line.text == body[0].text for line in body[1:]) else body
