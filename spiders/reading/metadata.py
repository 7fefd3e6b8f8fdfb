"""Origin, byline, editor, section and keywords of a page: by the standards it follows, else by its lines.

Each comes with the rule that found it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.text.bylines import authors, byline_in_info, byline_in_text, editor, is_byline
from pipelines.text.names import is_person
from pipelines.text.origins import is_own, origin
from spiders.reading.lines import Line, is_info
from spiders.reading.standards import BYLINES, EDITORS, KEYWORDS, ORIGINS, SECTIONS, SITES, Found, Said

_MAY_SIGN = re.compile(r"[记記通作撰文由生(（\[ 　\xa0、]")
_BREADCRUMB = re.compile(
    r"(?:位置|首[页頁]).{0,20}(?:[>＞»›]|&gt;)|^[^\s>＞»›/，。]{2,8}[网網][ 　\xa0]*[>＞»›]"
    r"|[>＞»›/][ 　\xa0]*正文[ 　\xa0]*$"
)
_CRUMB = re.compile(r"\s*(?:[>＞»›]+|&gt;| / )\s*")
_NO_CHANNEL = re.compile("正文|内容|文章|首页|首頁")
_SITE = re.compile("位置|首[页頁]$|主页$|[网網]$|[:：]|^.?$|.{13}")
_MARK = re.compile("[>＞»›/]|&gt;")
_SHORTEST, _LONGEST = 6, 80
"""Characters of a breadcrumb."""
_SECTION = re.compile(r"第\s*[A-Z]?\d{1,3}\s*版\s*[:：]?\s*[^\s　_|]{0,12}")
_ORIGIN_LABEL = re.compile(r"^(?:来\s*源|來\s*源)\s*[:：]\s*")
_KEYWORD_MARKS = re.compile(r"[,，;；、|｜\n]+")
_TITLE_MARKS = re.compile(r"\s*[-_|｜—]+\s*")
_SIGNS = re.compile(r"\W+")


def origin_of(told: Said, around: Iterable[Line]) -> Found | None:
    """Whose text it is (来源), as the page says; where it says 本网, what the site calls itself."""
    found = told.first(ORIGINS)
    if found:
        found = Found(_ORIGIN_LABEL.sub("", found.value), found.where)
        return told.first(SITES) or found if is_own(found.value) else found
    lines = [(line, name) for line in around if (name := origin(line.bare))]
    # A caption may name where its picture is from: the line that has the date speaks of the article.
    lines.sort(key=lambda each: not is_info(each[0]) or each[0].bare.endswith((")", "）")))
    return next((Found(line.raw(name), "line") for line, name in lines), None)


def byline_of(told: Said, around: Sequence[Line], title: str | None) -> Found | None:
    """Who wrote it, as the page says. A line that names the same people says more of them: their roles.

    A name that is no person's must be shown, too, and not be the one of the site that ends the page's title.
    """
    shown = [line.bare for line in around if len(line.bare) <= 40]
    line = _byline_among(around)

    def good(value: str) -> bool:
        return _is_signed(value) or (any(value in text for text in shown) and not (title or "").endswith(value))

    found = told.first(BYLINES, good)
    if found and line and set(authors(found.value)) <= set(authors(line.value)):
        return line
    return found or line


def _byline_among(around: Iterable[Line]) -> Found | None:
    for line in around:
        if len(line.text) > 160 or line.linked * 2 > len(line.text) or not _MAY_SIGN.search(line.bare):
            continue
        if name := byline_in_text(line.bare) or (line.bare if is_byline(line.bare) else byline_in_info(line.bare)):
            return Found(line.raw(name), "line")
    return None


def _is_signed(value: str) -> bool:
    """Whether metadata name a person. Offices stand there, too, and the makers of a site's software."""
    named = authors(value)
    return bool(named) and (all(map(is_person, named)) or re.search("[记記]者|作者|通[讯訊][员員]", value) is not None)


def editor_of(told: Said, around: Iterable[Line]) -> Found | None:
    """The responsible editor."""
    found = told.first(EDITORS, editor)
    if found:
        return Found(editor(found.value) or "", found.where)
    named = ((line, name) for line in around if "编" in line.bare or "編" in line.bare if (name := editor(line.bare)))
    return next((Found(line.raw(name), "line") for line, name in named), None)


def keywords_of(told: Said, title: str | None, headline: str | None) -> tuple[tuple[str, ...], str | None]:
    """The page's keywords and the rule that found them, without what only names the site, or is the headline again.

    Split at marks; where there is none, at blanks.
    """
    found = told.first(KEYWORDS)
    if not found:
        return (), None
    # Headlines have marks, too; markup stands there where a template has lost a quotation mark.
    value = found.value.replace(headline, "") if headline else found.value
    marked = [word.strip() for word in _KEYWORD_MARKS.split(value)]
    words = [] if "<" in value else value.split() if len(marked) == 1 else marked
    site = told.first(SITES)
    first, *between = _TITLE_MARKS.split(title or "")
    sites = tuple(filter(None, (site.value if site else None, *between[-1:])))
    others = {headline, first}
    named = (word for word in words if _SIGNS.sub("", word) and word not in others and not word.startswith(sites))
    return tuple(dict.fromkeys(named)), found.where


def section_of(text: str) -> str | None:
    """The newspaper page that a line names.

    >>> section_of("第06版:沿河 上一版3  4下一版")
    '第06版:沿河'
    """
    match = _SECTION.search(text)
    return match[0].strip() if match else None


def channel_of(told: Said, lines: Sequence[Line]) -> Found | None:
    """The channel: what the page says, else the last of the breadcrumb: `当前位置：首页 > 园区招商 > 正文`."""
    if found := told.first(SECTIONS):
        return Found(_CRUMB.split(found.value)[-1], found.where)
    crumbs = channel_in(lines)
    return Found(crumbs, "breadcrumb") if crumbs else None


def channel_in(lines: Sequence[Line]) -> str | None:
    """The channel that a breadcrumb names.

    >>> channel_in([Line("当前位置：首页 > 园区招商 > 正文")]), channel_in([Line("招商 > 正文")])
    ('园区招商', '招商')
    """
    for line in lines[:400]:
        text = line.bare
        if not _SHORTEST <= len(text) <= _LONGEST or not _MARK.search(text) or not _BREADCRUMB.search(text):
            continue
        first, *crumbs = (crumb.strip() for crumb in _CRUMB.split(line.text))
        named = [crumb for crumb in crumbs if 2 <= len(crumb) <= 12 and not _NO_CHANNEL.fullmatch(crumb)]
        if not named and not _SITE.search(first):
            named = [first]
        if named:
            return named[-1].split("_")[0]
    return None
