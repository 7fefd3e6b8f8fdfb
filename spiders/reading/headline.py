"""The headline of a page, with what stands around it: 原标题 and 副题."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.text.bylines import is_byline
from pipelines.text.furniture import is_furniture
from pipelines.text.names import HAN
from spiders.reading.document import Document
from spiders.reading.lines import HEADINGS, Line, is_info, join_blanks
from spiders.reading.standards import TITLES, Found, Said

SUBTITLE = re.compile(r"^(?:——|--|──)\s*(?=[^\s—])")
"""The dash before a subtitle."""

NEAR = 12
"""So many lines above a body may hold its headline, date and origin."""

LONGEST = 80
"""Characters of the longest headline."""

SHORTEST = 4
"""Characters of the shortest."""

_CLOSE = 4
_WHOLE_TITLE, _HEADINGS, _LINES = 500, 20, 400
"""So many characters of the title element, and so many headings, are looked at: pages hold thousands of either."""

_ORIGINAL_TITLE = re.compile(
    r"^[(（【\[]?(?:本文)?原[标標]?[题題]\s*(?:[:：]\s*(?!《)(.+?)|(?:[:：]|[为為])\s*《(.+)》)[。]?[)）】\]]?$"
)
_TITLE_SEPARATOR = re.compile(
    r"\s*(?:[_|｜»>＞]|--+|\s[-–—]\s|—{2,}(?=[^—]{2,12}(?:网|报|站|频道|新闻))|-(?!\d)(?=[^-]{2,20}$))\s*"
)
# 标题-栏目-站名 loses its channels from the end; 5-6月 and 京津冀-长三角携手 are headlines.
_CHANNELS = re.compile(rf"(.{{8,}}?)((?:-[{HAN}]{{2,8}}){{1,4}})")
_PAGE_NUMBER = re.compile(r"\s*[(（]\s*(?:页|第)?\s*\d{1,2}\s*页?\s*[)）]$")
_LABEL = re.compile(r"^(?:主[题題]|[标標][题題]|[题題]目)\s*[:：]\s*")
# 通报 and 变电站 end headlines, too: names of sites and channels are short.
_SITE = re.compile(
    r"^.{0,12}(?:网|网站|报|社|频道|首页|论坛|站|中心|在线|排行榜?|专题)$|[。；]$"
    r"|^(?:欢迎|歡迎|谢谢|感谢|首页|网站首页|今日|更多|无标题|未命名)|\.(?:com|cn|net|org)\b"
)
_HAN = re.compile(f"[{HAN}]")
_BLANKS = re.compile(r"\s")


def headline(document: Document, told: Said, before: Sequence[Line], first: Sequence[Line]) -> Found | None:
    """The likeliest headline among what the page says of itself, headings, lines around the body's beginning, title.

    `before` are the lines above the body, `first` its own first ones: a template may repeat the headline there.
    """
    parts = _parts(document.title)
    title = _squeeze((document.title or "")[:_WHOLE_TITLE])
    named = {told.values[rule]: rule for rule in reversed(TITLES) if rule in told.values}
    near = before[-NEAR:]
    lines = _lines(document, told, near, first)
    longest = len(_squeeze(max(parts, key=len, default="")))
    direct = _direct(near)
    if first and (direct is None or direct.linked):
        direct = first[0]
    close = {id(line): 1.0 if place >= len(near) - _CLOSE else 0.5 for place, line in enumerate((*near, *first))}

    def weight(text: str) -> float:
        squeezed, line = _squeeze(text), lines.get(text)
        value = 1.0 * (8 <= len(text) <= 45) - 3.0 * bool(_SITE.search(text)) - 1.0 * (not _HAN.search(text))
        value += 1.5 * (text in named)
        if squeezed and squeezed in title:
            value += 3.0 * min(1.0, 2 * len(squeezed) / longest)
        if line is None:
            return value - 1.0 * (text not in parts[:1])
        value += 1.5 * (line.tag in ("h1", "h2", "h3")) + close.get(id(line), 0.0) + 1.0 * (line is direct)
        # What the title element begins with is the headline, in whatever frame it stands.
        return value - 2.0 * (line.linked * 2 > len(text)) - 4.0 * (line.aside and text not in parts[:1])

    weights = {text: weight(text) for text in (*lines, *named, *parts) if SHORTEST <= len(text) <= LONGEST}
    ranking = sorted((text for text in weights if weights[text] > 0), key=lambda text: (-weights[text], -len(text)))
    best = next((text for text in ranking if text not in lines or not _is_frame(lines[text])), None)
    if best is None:
        return None
    line = lines.get(best)
    where = named.get(best, "title") if line is None else line.tag if line.tag in HEADINGS else "line"
    return Found(_LABEL.sub("", best), where)


def _parts(title: str | None) -> list[str]:
    """The pieces of a title element: headline, channel and site in any order.

    >>> _parts("水土相宜签下首个项目-园区招商-红岸网"), _parts("全市5-6月集中开工-红岸网")
    (['水土相宜签下首个项目', '园区招商'], ['全市5-6月集中开工'])
    """
    pieces = [_PAGE_NUMBER.sub("", piece) for piece in _TITLE_SEPARATOR.split((title or "")[:_WHOLE_TITLE])]
    if len(pieces) > 1 and (match := _CHANNELS.fullmatch(pieces[0])):
        pieces[:1] = match[1], *match[2][1:].split("-")
    return [piece for piece in pieces if len(piece) >= SHORTEST]


def _squeeze(text: str) -> str:
    return _BLANKS.sub("", text)


def _lines(document: Document, told: Said, near: Sequence[Line], first: Sequence[Line]) -> dict[str, Line]:
    """The lines that may be the headline, by their text."""
    headings = [line for line in document.lines[:_LINES] if line.tag in HEADINGS]
    lines = {line.text: line for line in (*headings[:_HEADINGS], *near, *first)}
    for element in told.headings[:_HEADINGS]:
        pieces = [piece for piece in map(join_blanks, element.text(separator="\n").split("\n")) if piece in lines]
        # A headline broken into two lines is whole in its element.
        if len(pieces) > 1:
            last = [lines.pop(piece) for piece in dict.fromkeys(pieces)][-1]
            lines.setdefault(join_blanks(element.text()), last)
    return lines


def _direct(near: Sequence[Line]) -> Line | None:
    """The line right above the body, but for the info line, bylines and subtitles between them."""
    for line in reversed(near):
        if len(line.text) >= SHORTEST and not SUBTITLE.match(line.bare) and not _is_frame(line):
            return line
    return None


def _is_frame(line: Line) -> bool:
    return bool(is_info(line) or is_furniture(line.bare) or is_byline(line.bare) or SUBTITLE.match(line.bare))


def is_original_title(line: Line) -> bool:
    """Whether a line gives an 原标题."""
    return _ORIGINAL_TITLE.match(line.bare) is not None


def is_title_line(line: Line) -> bool:
    """Whether a line gives an 原标题, or begins with the dash of a subtitle."""
    return is_original_title(line) or (SUBTITLE.match(line.bare) is not None and len(line.bare) < LONGEST)


def other_titles(lines: Iterable[Line]) -> tuple[str | None, str | None]:
    """原标题 and subtitle, as lines around the headline give them. The dash line behind an 原标题 is that one's.

    >>> other_titles([Line("原标题:盐碱滩上长出光伏城"), Line("——全县招商三年回望"), Line("——河湾札记")])
    ('盐碱滩上长出光伏城——全县招商三年回望', '河湾札记')
    >>> other_titles([Line("（原题为《一张表管住二十三个项目》）")])
    ('一张表管住二十三个项目', None)
    """
    original = subtitle = None
    for line in lines:
        if match := _ORIGINAL_TITLE.match(line.bare):
            original = line.raw(match[1] or match[2])
        elif SUBTITLE.match(line.bare):
            if original is not None and "——" not in original:
                original += "——" + SUBTITLE.sub("", line.text)
            else:
                subtitle = subtitle or SUBTITLE.sub("", line.text)
    return original, subtitle
