"""《商橋》, a magazine of interviews in traditional characters: Big5, and no charset in the header.

A third of its pages claims to be gb2312. A third names only the month, and two name no date at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.shared import beside, link, list_pages, newest_first
from crawler.demo.truth import Listed, Precision, iso, truth

SOURCE = "shangqiao"
_HOST = "http://www.shangqiao.example"
START = f"{_HOST}/renwu/index.html"
_UNDATED = frozenset({13, 26})
_DATES: dict[Precision, str] = {"month": "%Y年%m月", "day": "%Y年%m月%d日"}

_page = partial(page, codec="big5hkscs")


def address(article: SampleArticle) -> str:
    """The canonical address of an article; it tells nothing of its date."""
    return f"{_HOST}/renwu/sq{article.number:04}.html"


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the magazine shows, newest first."""
    return tuple(_listed(article) for article in newest_first(articles, SOURCE))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the magazine with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /member/\n")
    for part in list_pages(map(link, listed), _list_address, 12):
        yield part.url, _page("shangqiao_list.html", part=part, label="big5")
    for place, (article, found) in enumerate(listed):
        yield (
            found.url,
            _page(
                "shangqiao_article.html",
                article=article,
                truth=found,
                label=_label(article),
                date=article.published.strftime(_DATES[found.precision]) if found.precision else None,
                speeches=list(_speeches(article)),
                hot=beside(listed, place, 5, step=3),
            ),
        )


def _listed(article: SampleArticle) -> Listed:
    false_label = _label(article) != "big5"
    roles = ("撰文", "撰文")
    found = truth(article, source=SOURCE, url=address(article), charset="big5", false_label=false_label, roles=roles)
    precision = _precision(article)
    published = iso(article.published, precision) if precision else None
    return Listed(article, replace(found, published=published, precision=precision))


def _label(article: SampleArticle) -> str:
    return "gb2312" if article.number % 3 == 1 else "big5"


def _precision(article: SampleArticle) -> Precision | None:
    if article.number in _UNDATED:
        return None
    return "month" if article.number % 3 == 0 else "day"


def _speeches(article: SampleArticle) -> Iterator[tuple[str, str]]:
    """The label of each block's speaker, with its colon, and the rest of the text; no label where nobody speaks."""
    parts = [block.text.partition("：") for block in article.body]
    labels = Counter(label for label, colon, _ in parts if colon and len(label) <= 8)
    for block, (label, colon, rest) in zip(article.body, parts, strict=True):
        yield (label + colon, rest) if labels[label] > 1 else ("", block.text)


def _list_address(number: int) -> str:
    return START if number == 1 else f"{_HOST}/renwu/list_{number}.html"
