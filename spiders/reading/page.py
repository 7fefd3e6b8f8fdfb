"""Read a page into an article: by a source's selectors where they match, by general reading for all they leave open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from archive.article import Article, Page
from pipelines.text.bylines import editor, is_byline
from pipelines.text.dates import find_date
from spiders.reading.document import Document, parsed
from spiders.reading.fragment import read_fragment
from spiders.reading.lines import Line, best_stretch
from spiders.reading.links import canonical, declared
from spiders.reading.main_text import Body, clean, find_body
from spiders.reading.metadata import Found, byline_of, date_of, editor_of, headline, origin_of, section_in
from spiders.reading.plain import ORIGINAL_TITLE, SUBTITLE, is_plain, read_plain

Select = Mapping[str, tuple[str, ...]]

NO_SELECT: Select = {}

# What content systems call the lines above and below a headline, in pinyin and English.
KICKERS = (".yinti", "#yinti", "#PreTitle", ".pretitle", ".kicker")
SUBTITLES = (".futi", "#futi", "#SubTitle", ".subtitle")


def read_page(page: Page, select: Select = NO_SELECT, source: str = "") -> Article:
    """Read a decoded page.

    `select` are a source's selectors by field. A field whose selectors find nothing is read generally; `reading` says
    which way the body was found. The article's text is empty where the page holds none.
    """
    if is_plain(page):
        return read_plain(page, canonical(page.url), source)
    document = parsed(page)
    link = document.first(("link[rel=canonical]",))
    url = declared(page.url, link.attributes.get("href") if link is not None else None)
    selected = _selected_body(document, select)
    body = selected or find_body(document)
    own_byline, lines = _take_byline_out(body.lines)
    around = [*body.before[-16:][::-1], *body.after[:8]]
    date = _date(document, select, body)
    origin = origin_of(document, around)
    byline = byline_of(document, around)
    article = Article(
        url,
        source,
        page,
        title=document.first_text(select.get("title", ())) or headline(document, body.before),
        kicker=document.first_text((*select.get("kicker", ()), *KICKERS)),
        subtitle=document.first_text((*select.get("subtitle", ()), *SUBTITLES)) or _subtitle(body.before),
        text="\n".join(line.text for line in lines),
        images=body.images,
        section=document.first_text(select.get("section", ())) or section_in(document.lines),
        raw_date=date.value if date else None,
        raw_byline=document.first_text(select.get("authors", ())) or own_byline or (byline.value if byline else None),
        raw_origin=document.first_text(select.get("origin", ())) or (origin.value if origin else None),
        editor=_selected_editor(document, select) or editor_of(document, around),
        reading="rules" if selected else "general",
        provenance={"raw_date": date.where} if date else {},
    )
    return _take_headlines_out(article)


def _selected_body(document: Document, select: Select) -> Body | None:
    """The body that the source's selector finds; None where it finds none or nothing in it."""
    element = document.first(select.get("body", ()))
    if element is None:
        return None
    fragment = read_fragment(
        element.html or "", document.base, drop=select.get("drop", ()), captions=select.get("caption", ()),
        annotated=document.annotated,
    )  # fmt: skip
    lines = clean(fragment.lines)
    if not lines:
        return None
    texts = [line.text for line in document.lines]
    start = texts.index(lines[0].text) if lines[0].text in texts else best_stretch(document.lines)[0]
    end = len(texts) - texts[::-1].index(lines[-1].text) if lines[-1].text in texts else start
    before, after = document.lines[:start], document.lines[end:]
    return Body(lines, fragment.images, tuple(before), tuple(after))


def _subtitle(before: tuple[Line, ...]) -> str | None:
    """A line above the body that begins with a dash is the subtitle."""
    return next((line.text for line in before[-6:] if SUBTITLE.match(line.bare) and not line.linked), None)


def _date(document: Document, select: Select, body: Body) -> Found | None:
    """The date that the source's selectors find; where they find `阅读 12` or no year, a better one of the page's."""
    text = document.first_text(select.get("date", ()))
    parsed = find_date(text)
    selected = Found(text, "selector") if text and parsed else None
    if parsed and parsed.value:
        return selected
    return date_of(document, body.before, body.after) or selected


def _selected_editor(document: Document, select: Select) -> str | None:
    text = document.first_text(select.get("editor", ()))
    return editor(text) or text if text else None


def _take_byline_out(lines: tuple[Line, ...]) -> tuple[str | None, tuple[Line, ...]]:
    """The byline that stands as a line of its own at the beginning or the end of a body, and the body without it."""
    for place in (*range(min(3, len(lines))), len(lines) - 1):
        if lines and is_byline(lines[place].bare):
            return lines[place].text, lines[:place] + lines[place + 1 :]
    return None, lines


def _take_headlines_out(article: Article) -> Article:
    """Move a headline, subtitle or 原标题 that opens the body to where it belongs."""
    lines = article.text.split("\n")
    title = re.sub(r"\s", "", article.title or "")
    subtitle, original = article.subtitle, article.original_title
    while lines:
        if match := ORIGINAL_TITLE.match(lines[0]):
            original = match[1]
        elif len(lines) > 1 and SUBTITLE.match(lines[0]) and len(lines[0]) < 60:
            if original is not None and "——" not in original:
                original += "——" + SUBTITLE.sub("", lines[0])
            else:
                subtitle = subtitle or lines[0]
        elif not (title and len(lines) > 1 and re.sub(r"\s", "", lines[0]) == title):
            break
        lines.pop(0)
    if subtitle:
        subtitle = SUBTITLE.sub("", subtitle)
    return replace(article, text="\n".join(lines), subtitle=subtitle, original_title=original)
