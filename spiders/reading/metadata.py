"""Headline, date, origin, byline and section of a page, by the standards sites follow and the lines people read.

Each comes with where it stood. Nothing is taken from related links, page clocks or copyright lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.text.bylines import HAN, authors, byline_in_info, byline_in_text, editor, is_byline, origin
from pipelines.text.dates import date_in_url, find_date
from pipelines.text.furniture import IMPRINT, INFO, ends_article, is_furniture
from spiders.reading.document import Document
from spiders.reading.lines import HEADINGS, Line, is_info, join_blanks

NEAR = 12
"""So many lines above a body may hold its date and origin."""

_TITLE, _HEADINGS = 500, 20
"""So many characters of the title element, and so many headings, are looked at: pages hold thousands of either."""

_TITLE_SEPARATOR = re.compile(
    r"\s*(?:[_|｜]|--+|\s[-–—]\s|—{2,}(?=[^—]{2,12}(?:网|报|站|频道|新闻))|-(?=[^-]{2,20}$))\s*"
)
_META_DATES = (
    "pubdate", "publishdate", "article:published_time", "og:published_time", "weibo:article:create_at", "publish-date",
    "og:release_date", "datepublished", "publication_date", "date",
)  # fmt: skip
_META_ORIGINS = ("contentsource", "source", "mediaid")
_META_TITLES = ("articletitle", "og:title", "title")
_NOT_THE_ARTICLES = re.compile(f"{IMPRINT.pattern}|(?:今天|现在|今日|目前|當前|当前)(?:是|时间)|农历|欢迎您")
_HAN = re.compile(f"[{HAN}]")
_BREADCRUMB = re.compile(r"(?:位置|首[页頁]).{0,20}(?:[>＞»›]|&gt;)")
_CRUMB = re.compile(r"\s*(?:[>＞»›]+|&gt;)\s*")
_SECTION = re.compile(r"第\s*[A-Z]?\d{1,3}\s*版\s*[:：]?\s*[^\s　_|]{0,12}")


@dataclass(frozen=True, slots=True)
class Found:
    """A raw value and where it stood."""

    value: str
    where: str


def headline(document: Document, before: Sequence[Line]) -> str | None:
    """The likeliest headline among headings, the lines above the body and the title element."""
    title = (document.title or "")[:_TITLE]
    squeezed = re.sub(r"\s", "", title)
    near = {id(line) for line in before[-NEAR:]}
    lines = {
        line.text: line for line in [*document.lines[:400], *before[-NEAR:]] if line.tag in HEADINGS or id(line) in near
    }
    parts = [part for part in _TITLE_SEPARATOR.split(title) if len(part) >= 4]
    # A headline broken into two lines is whole in its element.
    for element in document.tree.css("h1, h2")[:_HEADINGS]:
        whole, first = join_blanks(element.text()), join_blanks(element.text(separator="\n").split("\n")[0])
        if first in lines:
            lines.setdefault(whole, lines[first])
    names = [document.meta[name] for name in _META_TITLES if name in document.meta]

    def weight(text: str) -> float:
        line = lines.get(text)
        repeated = re.sub(r"\s", "", text) in squeezed
        value = (
            3.0 * repeated
            + 1.0 * (8 <= len(text) <= 45)
            - 2.0 * bool(re.search(r"(?:网|网站|报|社|频道|首页|论坛|站|中心|在线)$|[。；]$", text))
        )
        if line is None:
            return value + (0.5 if text in names else 0.0) - (1.0 if text not in parts[:1] else 0.0)
        value += 1.5 * (line.tag in ("h1", "h2", "h3")) + 1.0 * (id(line) in near) - 2.0 * (line.linked * 2 > len(text))
        return value - 4.0 * (is_info(line) or is_furniture(line.bare) or is_byline(line.bare) or line.aside)

    candidates = [text for text in dict.fromkeys([*lines, *names, *parts]) if 4 <= len(text) <= 80]
    best = max(candidates, key=lambda text: (weight(text), len(text)), default=None)
    return best if best and weight(best) > 0 else None


def date_of(document: Document, before: Sequence[Line], after: Sequence[Line]) -> Found | None:
    """The date of publication: metadata first, then the line under the headline, then the address."""
    for found in _dates(document, before, after):
        parsed = find_date(found.value)
        if parsed and parsed.value:
            return found
    return None


def _dates(document: Document, before: Sequence[Line], after: Sequence[Line]) -> Iterator[Found]:
    for name in ("date", "pubdate"):
        if name in document.properties:
            yield Found(document.properties[name], "enpproperty")
    for name in _META_DATES:
        if name in document.meta:
            yield Found(document.meta[name], f"meta {name}")
    if published := document.linked_data.get("datePublished"):
        yield Found(str(published), "JSON-LD")
    if text := document.first_text(("#pubtime_baidu", "#pubtime", "[itemprop=datePublished]", "time[datetime]")):
        yield Found(text, "#pubtime")
    dated = [(line, parsed) for line in _near(before, after) if (parsed := find_date(line.bare)) and parsed.value]
    named = [item for item in dated if INFO.search(item[0].bare) or item[1].precision == "minute"]
    for line, parsed in named + dated:
        if parsed.precision in ("day", "minute"):
            yield Found(line.raw(parsed.raw), "line")
    if in_url := date_in_url(document.url):
        yield Found(in_url.value or "", f"address {in_url.raw}")


def _near(before: Sequence[Line], after: Sequence[Line]) -> Iterable[Line]:
    """Lines close to the body that may carry its date: those above it, nearest first, then labelled ones below."""
    for line in before[-NEAR:][::-1]:
        if len(line.text) <= 160 and not _is_link_with_date(line) and not _NOT_THE_ARTICLES.search(line.bare):
            yield line
    for line in after[:3]:
        if ends_article(line.bare):
            return
        if is_info(line) and not _is_link_with_date(line) and not _NOT_THE_ARTICLES.search(line.bare):
            yield line


def _is_link_with_date(line: Line) -> bool:
    """Whether a line is a linked headline with its date, as lists of related news have them."""
    return line.linked > 8 and len(_HAN.findall(line.bare)) > 8


def origin_of(document: Document, around: Iterable[Line]) -> Found | None:
    """Whose text it is (来源), as the page says."""
    for name in ("sourcename", "source"):
        if name in document.properties:
            return Found(document.properties[name], "enpproperty")
    for name in _META_ORIGINS:
        if name in document.meta:
            return Found(document.meta[name], f"meta {name}")
    if text := document.first_text(("#source_baidu > a", "#source_baidu")):
        return Found(re.sub(r"^来源\s*[:：]\s*", "", text), "#source_baidu")
    for line in around:
        if found := origin(line.bare):
            return Found(line.raw(found), "line")
    return None


def byline_of(document: Document, around: Iterable[Line]) -> Found | None:
    """Who wrote it, as the page says."""
    if document.properties.get("author"):
        return Found(document.properties["author"], "enpproperty")
    if (author := document.meta.get("author")) and authors(author):
        return Found(author, "meta author")
    if text := document.first_text(("#author_baidu",)):
        return Found(text, "#author_baidu")
    for line in around:
        if len(line.text) > 160 or line.linked * 2 > len(line.text):
            continue
        if found := byline_in_text(line.bare) or (line.bare if is_byline(line.bare) else byline_in_info(line.bare)):
            return Found(line.raw(found), "line")
    return None


def editor_of(document: Document, around: Iterable[Line]) -> str | None:
    """The responsible editor."""
    text = document.first_text(("#editor_baidu", "div.edit", "span.editor"))
    named = (line.raw(name) for line in around if (name := editor(line.bare)))
    return (editor(text) if text else None) or next(named, None)


def section_of(text: str) -> str | None:
    """The newspaper page that a line names.

    >>> section_of("第11版:观察 上一版3  4下一版")
    '第11版:观察'
    """
    match = _SECTION.search(text)
    return match[0].strip() if match else None


def section_in(lines: Sequence[Line]) -> str | None:
    """The channel, from the breadcrumb: `当前位置：首页 > 园区招商 > 正文` gives 园区招商.

    >>> section_in([Line("当前位置：首页 > 园区招商 > 正文")])
    '园区招商'
    """
    for line in lines[:400]:
        if not (_BREADCRUMB.search(line.bare) and len(line.text) <= 80):
            continue
        crumbs = [crumb.strip() for crumb in _CRUMB.split(line.text)[1:]]
        named = [
            crumb for crumb in crumbs if 2 <= len(crumb) <= 12 and crumb not in ("正文", "内容", "文章", "首页", "首頁")
        ]
        if named:
            return named[-1]
    return None
