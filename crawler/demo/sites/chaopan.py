"""巢畔网, a portal with everything that portals do between a list and an article: GBK throughout.

One list is numbered and follows the rule of the source; the other, of a newer template, has 下一页 only. Articles stand
on one page, on three, on two with a page that has all of it, and on three of which the second is missing. Two are
reached through pages that only lead on, by markup and by script. What refuses itself answers 200.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import Block, SampleArticle
from crawler.demo.sites.shared import Link, beside, days_since_2019, link, list_pages, newest_first
from crawler.demo.truth import Listed, truth

SOURCE = "chaopan"
_HOST = "http://www.chaopan.example"
START = f"{_HOST}/zs/index.shtml"
_NEWER = f"{_HOST}/xq/"

# Articles by number.
IN_PARTS, WITH_WHOLE, BROKEN, BY_MARKUP, BY_SCRIPT, OTHER_TEMPLATE = 1, 2, 3, 4, 5, 6
_PARTS = {IN_PARTS: 3, WITH_WHOLE: 2, BROKEN: 3}
_NUMBERED = ("招商", "时评")
"""The channels of the numbered list."""

REFUSING = {
    f"{_HOST}/system/2022/08/19/031100001.shtml": "not_found",
    f"{_HOST}/system/2022/09/02/031100002.shtml": "challenge",
    f"{_HOST}/system/2022/10/11/031100003.shtml": "login",
    f"{_HOST}/system/2022/11/28/031100004.shtml": "shell",
}
"""What the numbered list also leads to, and as what it is to be recognised."""

_page = partial(page, codec="gbk", content_type="text/html; charset=GBK")


class Part(NamedTuple):
    """One page of an article."""

    number: int
    """From 1; 0 for the page that has all of it."""
    total: int
    """How many there are."""
    urls: tuple[str, ...]
    """The addresses of all parts."""
    whole: str | None
    """The address of the page that has all of it."""
    blocks: tuple[Block, ...]
    captions: tuple[str, ...]

    @property
    def is_last(self) -> bool:
        return self.number in (0, self.total)


def address(article: SampleArticle) -> str:
    """The canonical address of an article: that of its first part."""
    serial = 31_000_000 + 600 * days_since_2019(article.published.date()) + article.number
    return f"{_HOST}/system/{article.published:%Y/%m/%d}/0{serial}.shtml"


def part_address(article: SampleArticle, number: int) -> str:
    """The address of a part, from 1; 0 is the page that has all of it."""
    ending = {0: "_all", 1: ""}.get(number, f"_{number}")
    return address(article).replace(".shtml", f"{ending}.shtml")


def missing(articles: Iterable[SampleArticle]) -> str:
    """The address of the part that does not exist, though its pager leads there."""
    return next(part_address(each, 2) for each in articles if (each.site, each.number) == (SOURCE, BROKEN))


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the site publishes, newest first."""
    return tuple(_listed(article) for article in newest_first(articles, SOURCE))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the site with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /admin/\n")
    numbered = [item for item in listed if item.truth.section in _NUMBERED]
    newer = [item for item in listed if item.truth.section not in _NUMBERED]
    refusing = [Link(url, "安徽省重点产业招商对接会实录", url[-26:-16].replace("/", "-")) for url in REFUSING]
    for part in list_pages([*map(_link, numbered), *refusing], _numbered_address, 5):
        yield part.url, _page("chaopan_list.html", part=part, hot=beside(listed, 0, 6, step=3))
    for part in list_pages(map(_link, newer), _newer_address, 8):
        yield part.url, _page("chaopan_newer_list.html", part=part)
    for url, cause in REFUSING.items():
        yield url, _page(f"chaopan_{cause}.html")
    for place, item in enumerate(listed):
        yield from _article(listed, place)
        if item.article.number in (BY_MARKUP, BY_SCRIPT):
            by_script = item.article.number == BY_SCRIPT
            yield _way_address(item.article), _page("chaopan_way.html", target=item.truth.url, by_script=by_script)


def parts_of(article: SampleArticle) -> Iterator[Part]:
    """The pages of an article, those that do not exist left out."""
    count = _PARTS.get(article.number, 1)
    urls = tuple(part_address(article, number) for number in range(1, count + 1))
    whole = part_address(article, 0) if article.number == WITH_WHOLE else None
    size = -(-len(article.body) // count)
    for number in range(1, count + 1):
        blocks = article.body[size * (number - 1) : size * number]
        captions = article.captions[number - 1 :: count] if count > 1 else article.captions
        if (article.number, number) != (BROKEN, 2):
            yield Part(number, count, urls, whole, blocks, captions)
    if whole:
        yield Part(0, 1, urls[:1], None, article.body, article.captions)


def _listed(article: SampleArticle) -> Listed:
    found = truth(article, source=SOURCE, url=address(article), charset="gb18030")
    if article.number == BROKEN:
        # There is only the first part; the editor stands below the last.
        (first, *_) = parts_of(article)
        text = replace(article, body=first.blocks).text
        found = replace(found, text=text, clean_text=text, editor=None)
    return Listed(article, found)


def _article(listed: Sequence[Listed], place: int) -> Iterator[tuple[str, Answer]]:
    article, found = listed[place]
    around: dict[str, Any] = {
        "before": link(listed[place - 1]),
        "behind": link(listed[(place + 1) % len(listed)]),
        "related": beside(listed, place, 5),
    }
    template = "chaopan_other.html" if article.number == OTHER_TEMPLATE else "chaopan_article.html"
    for part in parts_of(article):
        answer = _page(template, article=article, truth=found, part=part, editor=article.editor, **around)
        yield part_address(article, part.number), answer


def _link(item: Listed) -> Link:
    """How the lists lead to an article: to the one in three parts by its second, to some by a page that leads on."""
    if item.article.number == IN_PARTS:
        return replace(link(item), url=part_address(item.article, 2))
    if item.article.number in (BY_MARKUP, BY_SCRIPT):
        return replace(link(item), url=_way_address(item.article))
    return link(item)


def _way_address(article: SampleArticle) -> str:
    return f"{_HOST}/zt/{article.published:%Y%m%d}/tz{article.number}.shtml"


def _numbered_address(number: int) -> str:
    return START if number == 1 else f"{_HOST}/zs/index_{number}.shtml"


def _newer_address(number: int) -> str:
    return _NEWER if number == 1 else f"{_NEWER}?page={number}"
