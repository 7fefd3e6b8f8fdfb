"""中部产业信息网, an industry portal in the shapes of cinic.org.cn: UTF-8, compressed, no charset in the header.

Beside its own articles it reprints others letter for letter, a few days later, naming whose they are; three more with
words of its own or in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites import hongan, xiangyue
from crawler.demo.sites.shared import beside, days_since_2019, link, list_pages, newest_first
from crawler.demo.truth import Listed, iso, truth

SOURCE = "chanye"
_HOST = "http://www.chanye.example"
START = f"{_HOST}/site951/hwcj/index.shtml"
_REPRINTS_SECTION = "区域经济"
_OVERLOADED_PAGE = 2

_ROLES = ("作者", "作者")

_page = partial(page, codec="utf-8", gzip=True)


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the portal publishes, its own and the reprints, newest first."""
    articles = tuple(articles)
    own = [_own(article) for article in newest_first(articles, SOURCE)]
    reprints = [_reprint(copied, 1 + place) for place, copied in enumerate(_copied(articles))]
    return tuple(sorted(own + reprints, key=lambda item: (item.truth.published or "", item.truth.url), reverse=True))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the portal with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nAllow: /\n")
    excerpts = {item.truth.url: item.truth.text[:72] for item in listed}
    for part in list_pages(map(link, listed), _list_address, 20):
        answer = _page("chanye_list.html", part=part, excerpts=excerpts, hot=beside(listed, 0, 10, step=5))
        yield part.url, replace(answer, fails_first=part.number == _OVERLOADED_PAGE)
    for place, (article, found) in enumerate(listed):
        yield (
            found.url,
            _page(
                "chanye_article.html",
                article=article,
                truth=found,
                related=beside(listed, place, 6),
                hot=beside(listed, place, 10, step=7),
            ),
        )


def _copied(articles: Sequence[SampleArticle]) -> list[Listed]:
    """The articles that the portal reprints: twelve of 红岸网's own and six of 湘岳日报."""
    own = [article for article in articles if article.is_own]
    portal = [item for item in hongan.listed(own) if item.truth.origin == "红岸网"]
    return portal[2::5][:12] + list(xiangyue.listed(own))[3::13][:6]


def _own(article: SampleArticle) -> Listed:
    url = _address(article.published, article.number)
    found = truth(article, source=SOURCE, url=url, charset="utf-8", roles=_ROLES)
    day = iso(article.published, "day")
    return Listed(article, replace(found, published=day, precision="day", keywords=_keywords(article)))


def _reprint(copied: Listed, number: int) -> Listed:
    """A reprint has no pictures and no editor, and comes one to four days later."""
    article = copied.article
    day = article.published + timedelta(days=1 + number % 4)
    found = replace(
        truth(article, source=SOURCE, url=_address(day, 44 + number), charset="utf-8", roles=_ROLES),
        published=iso(day, "day"),
        precision="day",
        editor=None,
        section=_REPRINTS_SECTION,
        keywords=_keywords(article),
        captions=(),
        reprint_of=copied.truth.url,
    )
    return Listed(article, found)


def _keywords(article: SampleArticle) -> tuple[str, ...]:
    """What the portal's editors tick: the places, and one word for all."""
    return (*article.place.split(), "招商引资")


def _address(day: datetime, number: int) -> str:
    serial = 800_000 + 65 * days_since_2019(day.date()) + number
    return f"{_HOST}/site951/hwcj/{day:%Y-%m-%d}/{serial}.shtml"


def _list_address(number: int) -> str:
    return START if number == 1 else f"{_HOST}/site951/hwcj/index_{number}.shtml"
