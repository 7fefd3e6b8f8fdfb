"""Read a page into an article: by a source's selectors where they match, by general reading for all they leave open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from archive.article import Article, Page
from pipelines.text.bylines import editor, is_byline
from pipelines.text.dates import find_date
from pipelines.text.names import is_person, names
from spiders.reading.attachments import attachments
from spiders.reading.document import Document, parsed
from spiders.reading.headline import SUBTITLE, headline, is_original_title, is_title_line, other_titles
from spiders.reading.lines import Line, is_info
from spiders.reading.links import canonical, declared
from spiders.reading.main_text import Body, find_body, selected_body
from spiders.reading.metadata import byline_of, channel_of, editor_of, keywords_of, origin_of
from spiders.reading.plain import is_plain, read_plain
from spiders.reading.published import below, date_of
from spiders.reading.standards import KICKERS, SUBTITLES, Found, Said, said

Select = Mapping[str, tuple[str, ...]]

NO_SELECT: Select = {}

_SENTENCE = re.compile("[。！？，]")
_ENDS = 6
"""So many lines at either end of a body may be left out of it."""


def read_page(page: Page, select: Select = NO_SELECT, source: str = "") -> Article:
    """Read a decoded page.

    `select` are a source's selectors by field. A field whose selectors find nothing is read generally; `reading` says
    which way the body was found, `provenance` by which rule each field was. The text is empty where there is none.
    """
    if is_plain(page):
        return read_plain(page, canonical(page.url), source)
    document = parsed(page)
    told = said(document)
    selected = selected_body(
        document, select.get("body", ()), drop=select.get("drop", ()), captions=select.get("caption", ())
    )
    found_body = selected[0] if selected else find_body(document)
    body = _with_dropped(document, found_body)
    title = _selected(document, select, "title") or headline(document, told, body.before, _opening(body.lines))
    heads, byline, lines = _take_heads_out(body.lines, title.value if title else "", body.before)
    after = (line for line in below(body) if is_original_title(line))
    original, subtitle = other_titles(line for line in (*body.before[-6:], *heads, *after) if not line.linked)
    words, keyword_rule = keywords_of(told, document.title, title.value if title else None)
    found = {
        "title": title,
        "kicker": _selected(document, select, "kicker") or told.first(KICKERS),
        "subtitle": _subtitle(_selected(document, select, "subtitle") or told.first(SUBTITLES), subtitle),
        "original_title": Found(original, "line") if original else None,
        "text": Found("\n".join(line.text for line in lines), selected[1] if selected else "general"),
        **_around(document, select, told, body, title, byline),
    }
    values: dict[str, Any] = {name: each.value for name, each in found.items() if each}
    rules = {name: each.where for name, each in found.items() if each and each.value}
    if keyword_rule and words:
        rules["keywords"] = keyword_rule
    return Article(
        declared(page.url, told.canonical), source, page, images=body.images, keywords=words,
        attachments=attachments(document, len(found_body.before), len(document.lines) - len(found_body.after)),
        reading="rules" if selected else "general", provenance=rules, **values,
    )  # fmt: skip


def _with_dropped(document: Document, body: Body) -> Body:
    """The body, with the info lines that were left out at its ends among the lines before and after it."""
    first, last = len(body.before), len(document.lines) - len(body.after)
    kept = {line.text for line in body.lines}
    head, tail = document.lines[first : min(first + _ENDS, last)], document.lines[max(last - _ENDS, first) : last]
    above = (line for line in head if line.text not in kept and is_info(line))
    below = (line for line in tail if line.text not in kept and is_info(line))
    return replace(body, before=(*body.before, *above), after=(*below, *body.after))


def _around(
    document: Document, select: Select, told: Said, body: Body, title: Found | None, byline: Found | None
) -> dict[str, Found | None]:
    """What stands around the body: section, date, byline, origin and editor."""
    above = body.before[-16:][::-1]
    around = [*above, *below(body)]
    # Related news may stand before the editor's name.
    editing = _editor(_selected(document, select, "editor")) or editor_of(told, [*above, *body.after[:12]])
    return {
        "section": _selected(document, select, "section") or channel_of(told, body.before),
        "raw_date": _date(document, select, told, body, title),
        "raw_byline": _selected(document, select, "authors") or byline or byline_of(told, around, document.title),
        "raw_origin": _selected(document, select, "origin") or origin_of(told, around),
        "editor": editing,
    }


def _selected(document: Document, select: Select, field: str) -> Found | None:
    """The text of the first element that the source's selectors for a field find with any text in it."""
    for selector in select.get(field, ()):
        if text := document.text_at(selector):
            return Found(text, f"selector {selector}")
    return None


def _date(document: Document, select: Select, told: Said, body: Body, title: Found | None) -> Found | None:
    """The date that the source's selectors find; where they find `阅读 12` or no year, a better one of the page's."""
    selected = _selected(document, select, "date")
    parsed = find_date(selected.value) if selected else None
    if parsed and parsed.value:
        return selected
    found = date_of(document, told, body, title.value if title else None)
    return found or (selected if parsed else None)


def _subtitle(found: Found | None, line: str | None) -> Found | None:
    if found:
        return Found(SUBTITLE.sub("", found.value), found.where)
    return Found(line, "line") if line else None


def _editor(found: Found | None) -> Found | None:
    return Found(editor(found.value) or found.value, found.where) if found else None


def _take_heads_out(
    lines: Sequence[Line], title: str, before: Sequence[Line]
) -> tuple[list[Line], Found | None, Sequence[Line]]:
    """The lines of a body that repeat the headline or are further titles, its byline, and the body without them.

    They open it; a byline and 原标题 may stand at its end, too.
    """
    byline, lines = _take_byline_out(lines, title, before)
    heads: list[Line] = []
    while len(lines) > 1 and (is_title_line(lines[0]) or _same(lines[0].text, title)):
        heads.append(lines[0])
        lines = lines[1:]
    while len(lines) > 1 and is_original_title(lines[-1]):
        heads.append(lines[-1])
        lines = lines[:-1]
    return heads, byline, lines


def _take_byline_out(lines: Sequence[Line], title: str, before: Sequence[Line]) -> tuple[Found | None, Sequence[Line]]:
    """The byline that stands as a line of its own at the beginning or the end of a body, and the body without it.

    Right below the headline a name alone is one.
    """
    above = before[-1].text if before else ""
    for place in (*range(min(3, len(lines))), len(lines) - 1):
        if not lines:
            break
        line = lines[place]
        if is_byline(line.bare) or (_same(above, title) and _is_named(line.bare)):
            return Found(line.text, "line"), (*lines[:place], *lines[place + 1 :])
        above = line.text
    return None, lines


def _opening(lines: Sequence[Line]) -> list[Line]:
    """The first lines of a body, as far as they may be its headline: short, and no sentence."""
    return list(takewhile(lambda line: len(line.text) <= 45 and not _SENTENCE.search(line.text), lines[:2]))


def _is_named(text: str) -> bool:
    """Whether a line right below the headline names its writers: 单以澄, 单以澄、风笑天."""
    named = names(text.replace("、", " "))
    return len("".join(named)) == len(re.sub(r"[\s、]", "", text)) > 0 and any(map(is_person, named))


def _same(text: str, title: str) -> bool:
    return bool(title) and re.sub(r"\s", "", text) == re.sub(r"\s", "", title)
