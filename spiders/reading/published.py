"""When a page was published: by the standards it follows, else by its lines and its address.

Nothing is taken from related links, page clocks, forum floors or copyright lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import takewhile

from pipelines.text.dates import date_in_url, find_date
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
    f"{IMPRINT.pattern}|(?:今天|现在|今日|目前|當前|当前)(?:是|时间)|农历|欢迎您|{_FLOOR}"
    "|[回復复]{2}于|最[后後][编編回登]|注[册冊]"
)
_HAN = re.compile(f"[{HAN}]")
_LABELLED = re.compile(r"(?:发布|發佈|发稿|刊发|发表)(?:时间|時間|日期)\s*[:：]")
_DIGIT = re.compile(r"\d\d|年")
_ISSUE = re.compile(r"\d月[号號刊]")
_SIGNS = re.compile(r"\W+")
_LONGEST = 160
"""Characters of the longest line that gives a date beside other things."""

_HEADLINE = 8
"""Characters of the shortest headline in a list."""

_OWN_HEADLINE = 10
"""Characters of the shortest headline that a list can be trusted to mean."""


def date_of(document: Document, told: Said, body: Body, title: str | None) -> Found | None:
    """The date of publication: what the page says, the line under the headline, the address, less sure places.

    Where none of them names a year, the line that names month and day.
    """
    if found := told.first(DATES, _is_dated):
        return found
    dated = [(line, parsed) for line in _near(body) if (parsed := find_date(line.bare))]
    whole = [(line, parsed) for line, parsed in dated if parsed.value and parsed.precision in ("day", "minute")]
    labelled = [item for item in whole if is_labelled(item[0].bare) or item[1].precision == "minute"]
    above = {id(line) for line in body.before}
    for line, parsed in (*labelled, *(item for item in whole if id(item[0]) in above)):
        return Found(line.raw(parsed.raw), "line")
    if in_url := date_in_url(document.url):
        # The day alone: midnight is no time that anybody named.
        return Found((in_url.value or "")[:10], f"address {in_url.raw}")
    for line, parsed in whole:
        return Found(line.raw(parsed.raw), "line below")
    return _unsure(document, body, title) or next(
        (Found(line.raw(parsed.raw), "line") for line, parsed in dated if not parsed.value and is_info(line)), None
    )


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
            parsed = find_date(line.bare)
            if parsed and parsed.value and not _NOT_THE_ARTICLES.search(line.bare):
                found.setdefault(parsed.value, Found(line.raw(parsed.raw), "only labelled line"))
    return next(iter(found.values())) if len(found) == 1 else None


def _fold(text: str) -> str:
    """A headline without signs, widths and a note such as (图): lists and pages differ in those."""
    text = unicodedata.normalize("NFKC", text)
    return _SIGNS.sub("", re.sub(r"\((?:组?图|视频)\)", "", text))
