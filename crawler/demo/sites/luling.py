"""庐陵投资促进网, a government's site in the shapes of TRS WCM: a column for each way of numbering its list pages.

Pages of before 2018 are GB18030 that calls itself utf-8, with date, origin and writers written by scripts. Since then
they are UTF-8 with the metadata that 国办发〔2017〕47号 asks for, but 政策解读 has the catalogue's table alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from archive.article import Attachment
from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.shared import Link, beside, days_since_2019, link, list_pages, newest_first
from crawler.demo.truth import Charset, Listed, Precision, iso, truth

SOURCE = "luling"
NAME = "庐陵投资促进网"
_HOST = "http://tz.luling.example"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its list."""

    name: str
    folder: str
    list: str
    """The name of its list's first page, without its ending."""
    ending: str
    size: int
    """So many links stand on a page of its list."""
    call: str
    """What its pages call `createPageHTML` with; `count` is how many there are, `current` the number of this one."""
    first: int
    """The number that the list's first page has, which is not in its name."""

    def address(self, number: int) -> str:
        """The address of the page of its list with a number from 1."""
        suffix = f"_{number - 1 + self.first}" if number > 1 else ""
        return f"{_HOST}{self.folder}{self.list}{suffix}.{self.ending}"


COLUMNS = {
    column.name: column
    for column in (
        Column("招商动态", "/xwzx/zsdt/", "index", "htm", 4, '{count}, {current}, "index", "htm"', 0),
        Column("通知公告", "/zwgk/tzgg/", "index", "shtml", 3, "'page_div',{count},{current},'index','shtml',8", 1),
        Column("政策解读", "/zwgk/zcjd/", "list", "html", 3, "'paging',{count},{current},'list','html'", 1),
    )
}
START = COLUMNS["招商动态"].address(1)
MISSING = f"{_HOST}/zwgk/tzgg/index_1.shtml"
"""Where page 2 of this list would stand if pages were counted from 0."""
REPEATED = f"{_HOST}/zwgk/zcjd/list_1.html"
"""The first page of its list once more."""
CHALLENGE = f"{_HOST}/xwzx/zsdt/202405/t20240520_3899001.htm"
"""What a list leads to, and what answers with a script only."""

_FIRST_YEAR_OF_UTF_8 = 2018
_DATE_ONLY, _DASHES, _OTHER_NAMES = 17, 14, 5
"""Numbers of the articles whose PubDate names no time, has dashes in pairs, is called otherwise."""

_page = partial(page, content_type="text/html")


def address(article: SampleArticle) -> str:
    """The canonical address of an article."""
    column, day = COLUMNS[article.section], article.published.date()
    serial = 3_000_000 + 300 * (days_since_2019(day) + 2000) + article.number
    return f"{_HOST}{column.folder}{day:%Y%m}/t{day:%Y%m%d}_{serial}.{column.ending}"


def attachments(article: SampleArticle) -> tuple[Attachment, ...]:
    """The documents of an article: beside it, with the names that TRS gives them."""
    folder = address(article).rpartition("/")[0]
    return tuple(
        Attachment(f"{folder}/P0{article.published:%Y%m%d%H%M}{600_000 + place}.{name.rpartition('.')[2]}", name)
        for place, name in enumerate(article.attachments)
    )


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the site publishes, newest first."""
    return tuple(_listed(article) for article in newest_first(articles, SOURCE))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the site with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /was5/\n")
    for column in COLUMNS.values():
        for part in list_pages(_links(listed, column), column.address, column.size):
            current = part.number - 1 + column.first
            call = column.call.format(count=len(part.urls), current=current)
            answer = _page("luling_list.html", "utf-8", part=part, column=column, call=call, name=NAME)
            yield part.url, answer
            if part.number == 1 and column is COLUMNS["政策解读"]:
                yield REPEATED, answer
    yield CHALLENGE, _page("luling_challenge.html", "utf-8")
    for place, item in enumerate(listed):
        yield item.truth.url, _article(listed, place)


def _is_old(article: SampleArticle) -> bool:
    return article.published.year < _FIRST_YEAR_OF_UTF_8


def _listed(article: SampleArticle) -> Listed:
    old = _is_old(article)
    charset: Charset = "gb18030" if old else "utf-8"
    # Pages of today name nobody but in the text, and there only by name, in brackets behind the last sentence.
    roles = ("记者", "通讯员") if old or article.signed else ("", "")
    found = truth(article, source=SOURCE, url=address(article), charset=charset, false_label=old, roles=roles)
    dated = article.number == _DATE_ONLY or (not old and article.section == "政策解读")
    precision: Precision = "day" if dated else "minute"
    keywords = () if old or article.section == "政策解读" else _keywords(article)
    return Listed(
        article,
        replace(
            found,
            published=iso(article.published, precision),
            precision=precision,
            keywords=keywords,
            attachments=attachments(article),
        ),
    )


def _article(listed: Sequence[Listed], place: int) -> Answer:
    article, found = listed[place]
    old = _is_old(article)
    return _page(
        "luling_old.html" if old else "luling_article.html",
        "gb18030" if old else "utf-8",
        article=article,
        truth=found,
        name=NAME,
        column=COLUMNS[article.section],
        metadata=None if article.section == "政策解读" else _metadata(article),
        catalogue=None if article.section == "招商动态" else _catalogue(article),
        files=[(each.url.rpartition("/")[2], each.name) for each in found.attachments],
        beside=beside(listed, place, 4),
    )


def _metadata(article: SampleArticle) -> dict[str, str]:
    """The metadata of the standard, in the spellings that sites give them."""
    date = f"{article.published:%Y-%m-%d %H:%M}"
    if article.number == _DATE_ONLY:
        date = date[:10]
    if article.number == _DASHES:
        date = date.replace("-", "——")
    names = {
        "SiteName": NAME,
        "SiteDomain": "tz.luling.example",
        "SiteIDCode": "3608000099",
        "ColumnName": article.section,
        "ColumnType": article.section,
        "ArticleTitle": article.title,
        "Keywords": ";".join((*_keywords(article), NAME)),
        "PubDate": date,
        "ContentSource": "本网" if article.origin == NAME else article.origin,
        "Author": "null",
    }
    return {f"meta-{name.lower()}" if article.number == _OTHER_NAMES else name: value for name, value in names.items()}


def _keywords(article: SampleArticle) -> tuple[str, ...]:
    return (article.section, article.place.split()[-1])


def _catalogue(article: SampleArticle) -> dict[str, str]:
    """The table of the open-government catalogue: it was signed two days before it was published."""
    day = article.published
    return {
        "索 引 号": f"360800-05-{day:%Y}-{article.number:04}",
        "发布机构": article.origin,
        "文　　号": f"吉商字〔{day:%Y}〕{article.number}号" if article.section == "通知公告" else "",
        "成文日期": f"{day - timedelta(days=2):%Y-%m-%d}",
        "发布日期": f"{day:%Y-%m-%d}",
    }


def _links(listed: Sequence[Listed], column: Column) -> Iterator[Link]:
    """The links of a column's list; one leads to the challenge."""
    for item in listed:
        if item.article.section != column.name:
            continue
        yield link(item)
        if item.article.number == 1:
            yield Link(CHALLENGE, "庐陵投资促进大会观看回放登记入口", "2024-05-20")
