"""金河网, a channel in the shapes of people.cn: the markup says GB2312, the bytes need GB18030, no header helps.

Two templates, before and since 2021. Copied reports carry a line 原标题 and their byline inside the body, and the
paper's own page number behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.shared import beside, days_since_2019, link, list_pages, newest_first
from crawler.demo.truth import Listed, truth

SOURCE = "jinhe"
_HOST = "http://gs.jinhe.example"
START = f"{_HOST}/GB/index.html"
_CHANNELS = ("甘肃频道", "经济", "地方", "园区", "原创", "时评")
_OVERLOADED_PLACE = 11

_page = partial(page, codec="gb18030")


def address(article: SampleArticle) -> str:
    """The canonical address of an article."""
    day = article.published.date()
    channel = 226_700 + _CHANNELS.index(article.section)
    serial = 40_000_000 + 300 * days_since_2019(day) + article.number
    return f"{_HOST}/n2/{day:%Y/%m%d}/c{channel}-{serial}.html"


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the channel publishes, newest first."""
    return tuple(
        Listed(article, truth(article, source=SOURCE, url=address(article), charset="gb18030"))
        for article in newest_first(articles, SOURCE)
    )


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the channel with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /search/\n")
    for part in list_pages(map(link, listed), _list_address, 20):
        yield part.url, _page("jinhe_list.html", part=part, hot=beside(listed, 0, 6, step=11))
    for place, item in enumerate(listed):
        yield item.truth.url, replace(_article(listed, place), fails_first=place == _OVERLOADED_PLACE)


def _article(listed: Sequence[Listed], place: int) -> Answer:
    article, found = listed[place]
    return _page(
        "jinhe_old.html" if article.published.year < 2021 else "jinhe_new.html",
        article=article,
        truth=found,
        date=f"{article.published:%Y年%m月%d日%H:%M}",
        byline=_byline(article),
        paper=None
        if not article.origin.endswith("报")
        else f"《 {article.origin} 》（ {article.published:%Y年%m月%d日} 0{article.number % 8 + 1} 版）",
        related=beside(listed, place, 6),
        hot=beside(listed, place, 6, step=13),
    )


def _byline(article: SampleArticle) -> str | None:
    """The line that names the writers, unless the text itself does: `陇中日报记者 安振邦　通讯员 项以南`."""
    if article.signed or not article.writers:
        return None
    reporters = f"{article.origin}记者 {' '.join(article.authors)}" if article.authors else ""
    correspondents = f"通讯员 {' '.join(article.correspondents)}" if article.correspondents else ""
    return "　".join(filter(None, (reporters, correspondents)))


def _list_address(number: int) -> str:
    return START if number == 1 else f"{_HOST}/GB/index{number}.html"
