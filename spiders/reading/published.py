"""When a page was published: by the standards it follows, else by its lines and its address.

Nothing is taken from related links, page clocks, forum floors or copyright lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile

from pipelines.text.dates import FoundDate, date_in_url, find_date, find_dates
from pipelines.text.furniture import IMPRINT, ends_article, is_labelled
from pipelines.text.names import HAN
from spiders.reading.document import Document
from spiders.reading.headline import LONGEST, NEAR, SHORTEST
from spiders.reading.lines import Line, is_info
from spiders.reading.main_text import Body
from spiders.reading.standards import DATES, Found, Said

_FLOOR = r"[楼樓][层層]|第\s*\d+\s*[楼樓]|\d+\s*[楼樓][:：\s]"
_NEXT_POST = re.compile(_FLOOR)
_NOT_THE_ARTICLES = re.compile(
    f"{IMPRINT.pattern}|(?:今天|现在|今日|目前|當前|当前)(?:是|时间)|欢迎您|{_FLOOR}"
    r"|(?:北京|系[统統]|服务器|打印|查询|[页頁]面生成)[时時][间間]\s*[:：]?\s*\d{4}"
    "|[回復复]{2}于|最[后後][编編回登]|注[册冊]"
)
_HAN = re.compile(f"[{HAN}]")
_LABELLED = re.compile(r"(?:发布|發佈|发稿|刊发|发表)(?:时间|時間|日期)\s*[:：]")
_LABEL = re.compile(rf"([{HAN}]{{2,10}})[ 　\xa0]*[:：]?[ 　\xa0\[(（]*$")
_NEVER = re.compile("有效|生效|失效|[实實]施|施行|[废廢]止|活[动動]|[会會][议議]|[报報]名|截|[开開][标標]|起止|到期")
_LATER = re.compile("更新|修改|[编編][辑輯]|[发發]文|印[发發]|成文|生成")
_FIRST = re.compile("[发發][布佈稿表]|刊[发發登]|登[载載]")
_CLOCK = re.compile("(?:星期|周|週|礼拜)[一二三四五六日天]|农历|農曆")
_EDITION = re.compile(r"第\s*[A-Z]?\d+\s*[版期]|\d版")
_TRAIL = re.compile("[>＞»›]|位置")
_DIGIT = re.compile(r"\d\d|年")
_ISSUE = re.compile(r"\d月[号號刊]")
_SIGNS = re.compile(r"\W+")
_LONGEST = 160
"""Characters of the longest line that gives a date beside other things."""

_NEUTRAL, _OTHER = 1, 3
"""Ranks of a date without a label, and of one that is another thing's."""

_HEADLINE = 8
"""Characters of the shortest headline in a list."""

_OWN_HEADLINE = 10
"""Characters of the shortest headline that a list can be trusted to mean."""

_ADJACENT = 2
"""So many lines above its headline an article may have its date."""

_ALONE = 6
"""Characters that a line has beside a date that stands alone."""


def date_of(document: Document, told: Said, body: Body, title: str | None) -> Found | None:
    """The date of publication: what the page says, the line under the headline, the address, less sure places.

    Where none of them names a year, the line that names month and day.
    """
    if found := told.first(DATES, _is_dated):
        return found
    framed = _framed(body.before, title)
    near = (line for line in _near(body) if line.place not in framed and not _is_listed(line, document.lines, title))
    dated = [(line, parsed) for line in near if (parsed := _best(line.bare))]
    whole = [(line, parsed) for line, parsed in dated if parsed.value and parsed.precision in ("day", "minute")]
    labelled = [item for item in whole if is_labelled(item[0].bare) or item[1].precision == "minute"]
    labelled.sort(key=lambda item: _rank(item[0].bare, item[1]) > _NEUTRAL)
    above = {id(line) for line in body.before}
    for line, parsed in (*labelled, *(item for item in whole if id(item[0]) in above)):
        return Found(line.raw(parsed.raw), "line")
    if in_url := date_in_url(document.url):
        # The day alone: midnight is no time that anybody named.
        return Found((in_url.value or "")[:10], f"address {in_url.raw}")
    for line, parsed in whole:
        return Found(line.raw(parsed.raw), "line below")
    return _unsure(document, body, title) or next(
        (
            Found(line.raw(parsed.raw), "line")
            for line, parsed in dated
            if is_info(line) and (not parsed.value or is_labelled(line.bare))
        ),
        None,
    )


def _rank(text: str, found: FoundDate) -> int:
    """What the label before a date makes of it: 0 published, 1 nothing, 2 written or changed, 3 something to come."""
    before, _, _ = text.partition(found.raw)
    label = _LABEL.search(before)
    named = (label[1] if label else "") + found.raw
    ranks = ((_NEVER, _OTHER), (_FIRST, 0), (_LATER, 2))
    return next((rank for pattern, rank in ranks if pattern.search(named)), _NEUTRAL)


def _best(text: str) -> FoundDate | None:
    """The date of a line that its label puts first; none that says until when something is valid or open.

    >>> _best("更新时间：2024-09-05 10:00 发布时间：2024-09-04 09:00").raw, _best("有效期至：2026-12-31")
    ('2024-09-04 09:00', None)
    """
    first = find_date(text)
    if first is None or not (_NEVER.search(text) or _LATER.search(text)):
        return first
    ranked = [(_rank(text, found), found.value is None, place, found) for place, found in enumerate(find_dates(text))]
    rank, _, _, found = min(ranked)
    return found if rank < _OTHER else None


def _framed(before: Sequence[Line], title: str | None) -> set[int]:
    """The places of dates above the headline that are the page's clock.

    The article's own has a label or stands right above the headline, without a weekday, and there is more than
    links above it. A newspaper's page names its number beside the day.
    """
    own = _fold(title or "")
    above = next((place for place in range(len(before) - 1, -1, -1) if _is_own(before[place].bare, own)), 0)
    if any(_EDITION.search(line.bare) for line in before[:above]):
        return set()
    links = True
    framed = set()
    for place, line in enumerate(before[:above]):
        links = links and (line.linked > 0 or _is_alone(line)) and not _TRAIL.search(line.bare)
        if is_labelled(line.bare) or not _DIGIT.search(line.bare):
            continue
        if links or line.aside or _CLOCK.search(line.bare) or above - place > _ADJACENT:
            framed.add(line.place)
    return framed


def _is_listed(line: Line, lines: Sequence[Line], title: str | None) -> bool:
    """Whether a line is a date alone below the linked headline of another article.

    Below its own headline, a link between them is a medium.
    """
    *higher, above = lines[max(line.place - _ADJACENT - 1, 0) : line.place] or (line,)
    if not above.linked * 2 > len(above.bare) >= _HEADLINE or _TRAIL.search(above.bare) or not _is_alone(line):
        return False
    own = _fold(title or "")
    return not any(_is_own(each.bare, own) for each in (*higher, above))


def _is_alone(line: Line) -> bool:
    """Whether a line is a date and nothing else but a weekday."""
    found = find_date(line.bare) if len(line.bare) <= LONGEST else None
    return found is not None and len(line.bare) - len(found.raw) <= _ALONE


def _is_dated(value: str) -> bool:
    found = find_date(value)
    return found is not None and found.value is not None


def _near(body: Body) -> Iterator[Line]:
    """Lines close to the body that may carry its date: those above it, nearest first, then labelled ones below."""
    for line in body.before[-NEAR:][::-1]:
        if len(line.text) <= _LONGEST and _may_date(line):
            yield line
    for line in below(body):
        if is_info(line) and _may_date(line):
            yield line


def below(body: Body) -> Iterator[Line]:
    """The lines below a body that may still speak of it: up to the related news, the comments, the next post."""
    return takewhile(lambda line: not (ends_article(line.bare) or _NEXT_POST.search(line.bare)), body.after[:8])


def _may_date(line: Line) -> bool:
    """Whether a line has a date that is no other article's: lists have a linked headline and its date."""
    if not _DIGIT.search(line.bare) or _NOT_THE_ARTICLES.search(line.bare):
        return False
    words = len(_HAN.findall(line.bare))
    # A medium that is linked behind the date is no headline: `2024-09-04 08:05 证券时报网`.
    listed = line.linked > SHORTEST and _HEADLINE <= words <= line.linked * 2
    return not listed or (is_labelled(line.bare) and line.linked * 2 < len(line.bare))


def _unsure(document: Document, body: Body, title: str | None) -> Found | None:
    """The month of the issue, the date beside this very headline in a list, or the only one that says 发布时间."""
    for line in (*body.before[-NEAR:][::-1], *body.after[:3]):
        if _ISSUE.search(line.bare) and (parsed := find_date(line.bare)) and parsed.precision == "month":
            return Found(line.raw(parsed.raw), "issue line")
    own, begin = _fold(title or ""), (title or "")[:SHORTEST]
    if len(own) < _OWN_HEADLINE:
        return _only_labelled(document)
    for line in document.lines:
        if begin in line.bare and len(line.bare) <= 2 * LONGEST:
            parsed = find_date(line.bare)
            if parsed and parsed.value and _fold(line.bare.replace(parsed.raw, "")) == own:
                return Found(line.raw(parsed.raw), "own headline in a list")
    return _only_labelled(document)


def _only_labelled(document: Document) -> Found | None:
    """The date that is labelled as that of publication, wherever it stands, if the page has one such date alone."""
    found: dict[str, Found] = {}
    for line in document.lines:
        if ("：" in line.bare or ":" in line.bare) and len(line.bare) <= _LONGEST and _LABELLED.search(line.bare):
            parsed = _best(line.bare)
            if parsed and parsed.value and not _NOT_THE_ARTICLES.search(line.bare):
                found.setdefault(parsed.value, Found(line.raw(parsed.raw), "only labelled line"))
    return next(iter(found.values())) if len(found) == 1 else None


def _is_own(text: str, own: str) -> bool:
    """Whether a line is the headline that `own` is folded from."""
    return bool(own) and len(text) <= 2 * len(own) + SHORTEST and len(text) >= len(own) and _fold(text) == own


def _fold(text: str) -> str:
    """A headline without signs, widths and a note such as (图): lists and pages differ in those."""
    text = unicodedata.normalize("NFKC", text)
    return _SIGNS.sub("", re.sub(r"\((?:组?图|视频)\)", "", text))
