"""红岸网, a portal in the shapes of rednet.cn: GBK bytes under an HTTP header that says utf-8.

Half of the pages name gbk in their markup. Addresses changed in 2021. Its lists hold traps: second addresses that
redirect, dead links, mobile copies of articles, and a link that robots.txt forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from crawler.demo.answer import Answer, moved, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.shared import Link, beside, days_since_2019, link, list_pages, newest_first
from crawler.demo.truth import Listed, Precision, iso, truth

SOURCE = "hongan"
_HOST = "http://www.hongan.example"
START = f"{_HOST}/zhaoshang/index.html"
FORBIDDEN = f"{_HOST}/neibu/2024/0611.html"
GONE = (f"{_HOST}/content/646754/67/6999990.html", f"{_HOST}/content/646754/67/6999991.html")

KEYWORDS = ("招商引资", "园区", "市州")
"""What every page of the portal lists beside its own name."""

_page = partial(page, codec="gbk", content_type="text/html; charset=utf-8")

_DATES: tuple[tuple[str, Precision], ...] = (
    ("%Y-%m-%d %H:%M:%S", "minute"),
    ("%Y-%m-%d %H:%M", "minute"),
    ("%Y年%m月%d日 %H:%M", "minute"),
    ("发布时间：%Y/%m/%d %H:%M", "minute"),
    ("%Y-%m-%d", "day"),
)
# Places in the newest-first list: whose link comes a second time, under which kind of address, behind which place.
_AGAIN = {24: 4, 39: 21, 62: 40}
_MOBILE = {50: 9, 71: 33}
_DEAD = {16: GONE[0], 57: GONE[1]}
_FORBIDDEN_BEHIND = 30


def address(article: SampleArticle) -> str:
    """The canonical address of an article: the old scheme before 2021, the new one since."""
    day = article.published.date()
    serial = 6_000_000 + 600 * days_since_2019(day) + article.number
    if day.year < 2021:
        return f"{_HOST}/c/{day:%Y/%m/%d}/{serial}.htm"
    return f"{_HOST}/content/646754/67/{serial}.html"


def second_address(article: SampleArticle) -> str:
    """An address of before the move, which redirects to the canonical one."""
    return f"{_HOST}/show/{article.published:%Y%m}/t{article.published:%Y%m%d}_{article.number}.htm"


def mobile_address(article: SampleArticle) -> str:
    """The address of the page for phones."""
    return f"{_HOST}/m/{article.published:%Y/%m}/{article.number}.html"


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the site publishes, newest first."""
    return tuple(_listed(article) for article in newest_first(articles, SOURCE))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the site with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /neibu/\n")
    for part in list_pages(_links(listed), _list_address, 15):
        yield (
            part.url,
            _page("hongan_list.html", part=part, meta=part.number % 2 == 0, hot=beside(listed, 0, 8, step=9)),
        )
    for place, item in enumerate(listed):
        yield item.truth.url, _article("hongan_article.html", listed, place)
    for place in _AGAIN.values():
        yield second_address(listed[place].article), moved(listed[place].truth.url)
    for place in _MOBILE.values():
        yield mobile_address(listed[place].article), _article("hongan_mobile.html", listed, place)
    yield FORBIDDEN, _page("notice.html", title="内部参考", text="本栏目仅供编辑部使用。")


def _listed(article: SampleArticle) -> Listed:
    roles = ("记者" if article.signed else "作者", "通讯员")
    found = truth(article, source=SOURCE, url=address(article), charset="gb18030", false_label=True, roles=roles)
    _, precision = _date(article)
    published = iso(article.published, precision)
    return Listed(article, replace(found, published=published, precision=precision, keywords=KEYWORDS))


def _date(article: SampleArticle) -> tuple[str, Precision]:
    return _DATES[article.number % len(_DATES)]


def _article(template: str, listed: Sequence[Listed], place: int) -> Answer:
    article, found = listed[place]
    shape, _ = _date(article)
    return _page(
        template,
        article=article,
        truth=found,
        date=article.published.strftime(shape),
        meta=article.number % 2 == 0,
        # One of the two mobile copies says whose copy it is.
        canonical=place == _MOBILE[50],
        related=beside(listed, place, 5),
        hot=beside(listed, place, 8, step=7),
    )


def _list_address(number: int) -> str:
    return START if number == 1 else f"{_HOST}/zhaoshang/index_{number}.html"


def _links(listed: Sequence[Listed]) -> Iterator[Link]:
    """The links of the lists, the traps among them."""
    for place, item in enumerate(listed):
        yield link(item)
        if place in _AGAIN:
            again = listed[_AGAIN[place]]
            yield replace(link(again), url=second_address(again.article))
        if place in _MOBILE:
            copied = listed[_MOBILE[place]]
            yield replace(link(copied), url=mobile_address(copied.article))
        if place in _DEAD:
            yield Link(_DEAD[place], "【专题】招商引资大会回看", link(item).day)
        if place == _FORBIDDEN_BEHIND:
            yield Link(FORBIDDEN, "内部参考（编辑部）", link(item).day)
