"""射阳投资促进网, a government's site in the shapes of Hanweb: UTF-8, its lists as records in XML.

Three columns: one goes on by the addresses of its nextgroup (an answer is GBK and says it is UTF-8, one repeats what
was there), one by what its script posts (the last answer breaks off), one has all of its records in an array. Bodies
stand in `#zoom`, in `#ivs_content` and, on the oldest pages, between comments alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from archive.article import Attachment
from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.shared import Link, beside, link, newest_first
from crawler.demo.truth import Listed, iso, truth

SOURCE = "sheyang"
_HOST = "http://www.sheyang.example"
START = f"{_HOST}/col/col282/index.html?uid=423656&pageNum=1"
_PROXY = "/module/web/jpage/dataproxy.jsp"
_NAME = "射阳县投资促进局"
_COLUMNS = {"招商动态": 282, "项目建设": 283, "通知公告": 284}
UNDATED, ELSEWHERE = 6, 10
"""Articles whose pages show no date: one has it in its address, of one only the list knows it."""

_page = partial(page, codec="utf-8", content_type="text/html; charset=utf-8")


def address(article: SampleArticle) -> str:
    """The canonical address of an article."""
    if article.number == ELSEWHERE:
        return f"{_HOST}/zwgk/content_{8_800 + article.number}.html"
    day, column = article.published, _COLUMNS[article.section]
    return f"{_HOST}/art/{day.year}/{day.month}/{day.day}/art_{column}_{1_229_500 + article.number}.html"


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the site publishes, newest first."""
    return tuple(_listed(article) for article in newest_first(articles, SOURCE))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the site with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /module/download/\n")
    yield from _news([link(item) for item in listed if item.truth.section == "招商动态"])
    yield from _projects([link(item) for item in listed if item.truth.section == "项目建设"])
    notices = [link(item) for item in listed if item.truth.section == "通知公告"]
    yield _column("通知公告"), _list("通知公告", array=notices)
    for place, (article, found) in enumerate(listed):
        shown = _page(
            "sheyang_article.html",
            article=article,
            truth=found,
            date=_date(article),
            shape="comments" if article.published.year < 2024 else "ivs" if article.published.month < 6 else "zoom",
            files=[(each.url.removeprefix(_HOST), each.name) for each in found.attachments],
            related=beside(listed, place, 5),
        )
        yield found.url, shown


def attachments(article: SampleArticle) -> tuple[Attachment, ...]:
    """The documents of a notice, which a script hands out."""
    script = f"{_HOST}/module/download/downfile.jsp?classid=0&filename="
    return tuple(
        Attachment(f"{script}{article.published:%y%m%d}{place:04}.{name.rpartition('.')[2]}", name)
        for place, name in enumerate(article.attachments, 1)
    )


def _listed(article: SampleArticle) -> Listed:
    found = truth(article, source=SOURCE, url=address(article), charset="utf-8")
    found = replace(found, attachments=attachments(article))
    if article.published.hour and article.number not in (UNDATED, ELSEWHERE):
        return Listed(article, found)
    return Listed(article, replace(found, published=iso(article.published, "day"), precision="day"))


def _date(article: SampleArticle) -> str | None:
    """The date as the page shows it; notices name the day only."""
    if article.number in (UNDATED, ELSEWHERE):
        return None
    return f"{article.published:%Y-%m-%d %H:%M}" if article.published.hour else f"{article.published:%Y-%m-%d}"


def _column(section: str) -> str:
    return START.replace("col282", f"col{_COLUMNS[section]}")


def _list(section: str, **values: Any) -> Answer:
    values = {"records": (), "next": None, "array": (), "call": None, "form": _form(_COLUMNS[section])} | values
    return _page("sheyang_column.html", section=section, proxy=_PROXY, columns=_COLUMNS, **values)


def _form(column: int) -> dict[str, str]:
    """What the column's script posts."""
    return {
        "col": "1", "appid": "1", "webid": "31", "path": "/", "columnid": str(column), "sourceContentType": "1",
        "unitid": "423656", "webname": _NAME, "permissiontype": "0",
    }  # fmt: skip


def _news(links: Sequence[Link]) -> Iterator[tuple[str, Answer]]:
    """The column whose nextgroups lead on. Its first answer is GBK: so is the name in the address that it names."""
    query = f"page={{}}&appid=1&webid=31&path=/&columnid=282&unitid=423656&webname={_NAME}&permissiontype=0"
    yield _column("招商动态"), _list("招商动态", records=links[:5], next=f"{_PROXY}?{query.format(1)}")
    answer = partial(page, "sheyang_records.xml", content_type="text/xml; charset=UTF-8", total=len(links), torn=False)
    second, third = (_HOST + _PROXY + "?" + query.format(place).replace(_NAME, "{}") for place in (1, 2))
    yield (
        second.format(quote(_NAME)),
        answer(codec="gbk", records=links[5:8], next=f"./dataproxy.jsp?{query.format(2)}"),
    )
    yield third.format(quote(_NAME, encoding="gbk")), answer(codec="utf-8", records=links[7:], next=None)


def _projects(links: Sequence[Link]) -> Iterator[tuple[str, Answer]]:
    """The column whose script posts a form for each three further records; the last answer breaks off."""
    form, count = _form(_COLUMNS["项目建设"]), len(links)
    call = {"total": count, "each": 3, "group": 1}
    yield _column("项目建设"), _list("项目建设", records=links[:3], call=call)
    for start in range(3, count, 3):
        end = min(start + 3, count)
        answer = page(
            "sheyang_records.xml", "utf-8", content_type="text/xml; charset=UTF-8", records=links[start:end], next=None,
            total=count, torn=end == count,
        )  # fmt: skip
        url = f"{_HOST}{_PROXY}?startrecord={start + 1}&endrecord={end}&perpage=3"
        yield url, replace(answer, form=urlencode(form).encode())
