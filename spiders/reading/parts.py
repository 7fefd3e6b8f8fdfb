"""An article in several parts: which links of a page lead on to more of it.

A next article is called 下一篇 and is left alone. What goes on with the same article has the same address but for a
number: `content_91234_2.htm`, `031438828_01.shtml`, `?page=2`, `/91234/2.html`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from spiders.reading.document import Document
from spiders.reading.lines import join_blanks
from spiders.reading.links import absolute, canonical
from spiders.reading.series import is_before, numbered, steps

MOST = 50
"""So many parts an article has at most; what leads further is a trap."""

NEXT = re.compile(r"^\W*(?:(?:下|后|後)一?[页頁]|next(?: ?page)?|[>＞›»]{1,2})\W*$|^[>＞›»]{1,2}$", re.IGNORECASE)
"""Words of the link to the following page, of a list or of an article."""

_BACK = re.compile(r"^\W*(?:(?:上|前)一?[页頁]|(?:首|第一|第1)[页頁]|1|prev(?:ious)?(?: ?page)?)\W*$", re.IGNORECASE)
_WHOLE = re.compile(
    r"^\W*(?:(?:点击|點擊|本[页頁]|[单單][页頁]|查看|[阅閱][读讀]|[显顯]示|[浏瀏][览覽]|展[开開]|余下|餘下|剩余|剩餘|完整|的|在){0,4}全文"
    r"(?:[阅閱][读讀]|[显顯]示|[浏瀏][览覽])?|[单單][页頁](?:[阅閱][读讀]|[显顯]示|[浏瀏][览覽])|(?:[显顯]示|[阅閱][读讀])全部)\W*$"
)
_LEADS_ON = re.compile(
    r"[下后後]一?[页頁]|全文|[单單][页頁]|全部|next|[›»＞]|&gt;|&raquo;|>\W{0,3}2\W{0,3}<", re.IGNORECASE
)
"""What a page has somewhere that leads on; most pages have none of it, and their links need not be looked at."""
NUMBER = re.compile(r"^\W*第?\s*(\d{1,2})\s*[页頁]?\W*$")
_LONG_NUMBER = re.compile(r"\d{4,}")
_WHOLE_ADDRESS = re.compile(
    "(?<![a-z])(?:show|view)?(?:all|full|whole|single|print|quanwen)(?:page|text|view|article|news)?(?![a-z])"
)
_NAME = re.compile(r"\d{4,}(?:_\d+)*")
_COUNT = re.compile(r"共\s*(\d{1,2})\s*[页頁]|[第\s]1\s*/\s*(\d{1,2})\s*[页頁]?")


@dataclass(frozen=True, slots=True)
class Onward:
    """Where an article goes on."""

    next: str | None = None
    """The address of its next part."""
    whole: str | None = None
    """The address of a page that has all of it."""
    count: int = 1
    """How many parts there are, as far as the page says."""


NOWHERE = Onward()


def onward(document: Document, place: int = 1) -> Onward:
    """Where an article goes on from its part number `place`; `NOWHERE` where the page is all there is."""
    if not _LEADS_ON.search(document.text):
        return NOWHERE
    own = canonical(document.url)
    following = whole = None
    count = place
    for text, url in _links(document):
        if _WHOLE.match(text):
            whole = whole or (url if place == 1 and _is_whole(own, url) else None)
            continue
        number = NUMBER.match(text)
        if (number is None and not NEXT.match(text)) or not _is_long(url):
            continue
        step = steps(own, url, place)
        if step is None:
            continue
        if number:
            count = max(count, int(number[1]))
        if following is None and (step == 1 if number is None else int(number[1]) == place + 1):
            following = url
    if following is None:
        return Onward(None, whole, count)
    said = _COUNT.search("\n".join(line.text for line in document.lines if len(line.text) < 60))
    told = int(said[1] or said[2]) if said else 0
    return Onward(following, whole, min(max(count, place + 1, told), MOST))


def first_part(document: Document) -> str | None:
    """The address where an article begins (or an earlier part stands) whose later part a page is; None for any other.

    Only what the page itself links to as 上一页, 首页 or 1 is believed.
    """
    own = canonical(document.url)
    # Most addresses have no such number, and their links need not be looked at.
    if not any(0 < number <= MOST for number in numbered(own).values()):
        return None
    earlier = (url for text, url in _links(document) if _BACK.match(text) and _is_long(url) and is_before(own, url))
    return min(earlier, key=lambda url: (sum(numbered(url).values()), url), default=None)


def may_be_part(url: str) -> bool:
    """Whether an address may be that of a further part or of the whole of an article.

    >>> may_be_part("http://a.example/content_91234_2.htm"), may_be_part("http://a.example/content_91234.htm")
    (True, False)
    """
    is_numbered = any(0 < number <= MOST for number in numbered(url).values())
    return _is_long(url) and bool(is_numbered or _WHOLE_ADDRESS.search(_behind_host(url)))


def _is_long(url: str) -> bool:
    """Whether an address has a number that is an article's: lists are numbered shortly."""
    return bool(_LONG_NUMBER.search(_behind_host(url)))


def _is_whole(own: str, other: str) -> bool:
    """Whether another address on the same host names the same article by its number: `91234_all.htm`, `?id=91234`.

    >>> _is_whole("http://a.example/c/t20240904_555.htm", "http://a.example/print.jsp?id=t20240904_555")
    True
    >>> _is_whole("http://a.example/c/t20240904_555.htm", "http://a.example/c/t20240904_556.htm")
    False
    """
    names = _NAME.findall(_behind_host(own))
    if own == other or not names or urlsplit(own).hostname != urlsplit(other).hostname:
        return False
    name = re.sub("_[01]$", "", names[-1])
    return bool(re.search(rf"(?<!\d){name}(?!\d)", _behind_host(other)))


def _behind_host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _links(document: Document) -> Iterator[tuple[str, str]]:
    """The links of a page that a pager may have: their words and canonical addresses."""
    for node in document.tree.css("a[href]"):
        text = join_blanks(node.text())
        if 0 < len(text) <= 12 and any(words.match(text) for words in (NUMBER, NEXT, _BACK, _WHOLE)):
            url = absolute(document.base, node.attributes.get("href"))
            if url:
                yield text, canonical(url)
