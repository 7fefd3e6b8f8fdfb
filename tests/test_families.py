"""What families ask for, out of a page and the rules of a source."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.article import Page
from crawler.decode import PageResponse
from spiders import source
from spiders.families import REGISTRY

URL = "http://www.example/news/index.htm"


def spider_of(family="portal", url=URL, **settings):
    """A spider of a family, with rules for lists."""
    rules = {"list": ("ul.list a", "ul.hot a"), "next": ("a.next",)}
    example = source.Source("example", "tests", Path("example.toml"), "示例", family, (url,), select=rules)
    spider = type("Example", (REGISTRY[family],), {"name": "example", "source": example})()
    spider.settings = Settings(settings)
    return spider


def answer(html, url=URL, charset="utf-8"):
    page = Page(url, html, datetime(2024, 9, 4, tzinfo=UTC), charset=charset)
    return PageResponse(url, body=html.encode(), encoding="utf-8", page=page)


def asked(html, *, charset="utf-8", **settings):
    """The addresses that a spider asks for after a page, in order."""
    return [request.url for request in spider_of(**settings).find(answer(html, charset=charset))]


LISTS = """<ul class="list"><li><a href="0.htm">甲<li><a href="1.htm">乙</ul>
<ul class="hot"><li><a href="1.htm">乙<li><a href="2.htm">丙</ul><a class="next" href="index_2.htm">下一页</a>"""


@pytest.mark.parametrize(
    ("limit", "names"),
    [(0, ["0", "1", "2", "index_2"]), (4, ["0", "1", "2", "index_2"]), (3, ["0", "1", "2"]), (2, ["0", "1"])],
)
def test_an_article_in_two_lists_counts_once(limit, names):
    assert asked(LISTS, LIMIT=limit) == [f"http://www.example/news/{name}.htm" for name in names]


def test_an_article_that_is_lost_does_not_count():
    """0 refuses, 1 does not come, nor does 2: as many more are asked for, and then the list behind."""
    spider = spider_of(LIMIT=1)
    [zero] = spider.find(answer(LISTS))
    [one] = spider.read(answer("<p>页面没有找到</p>", zero.url))
    assert not list(spider.read(answer("<p>页面没有找到</p>", zero.url))), "it has been made up for"
    failure = Failure(IgnoreRequest("404"))
    failure.request = one
    [two] = one.errback(failure)
    failure.request = two
    [more] = two.errback(failure)
    names = [request.url.rpartition("/")[2] for request in (zero, one, two, more)]
    assert names == ["0.htm", "1.htm", "2.htm", "index_2.htm"]


def test_links_start_where_base_says():
    assert asked(f'<base href="/paper/">{LISTS}')[0] == "http://www.example/paper/0.htm"


@pytest.mark.parametrize(
    ("charset", "query"),
    [
        ("gb18030", "%D5%D0%C9%CC"),
        ("utf-8", "%E6%8B%9B%E5%95%86"),
        ("big5", "%A9%DB%B0%D3"),
        ("no-such", "%E6%8B%9B%E5%95%86"),
    ],
)
def test_queries_are_asked_in_the_page_s_charset(charset, query):
    """As browsers do; a GBK site does not understand UTF-8 in a query."""
    html = '<ul class="list"><li><a href="s.asp?q=招商">搜索</a></ul>'
    assert asked(html, charset=charset) == [f"http://www.example/news/s.asp?q={query}"]


@pytest.mark.parametrize(("since", "names"), [("2024-09-04", ["04/2"]), ("2024-09-03", ["03/1", "04/2"])])
def test_addresses_before_since_are_not_asked_for(since, names):
    html = '<ul class="list"><li><a href="/2024-09/03/1.htm">昨天<li><a href="/2024-09/04/2.htm">今天</ul>'
    assert asked(html, SINCE=since) == [f"http://www.example/2024-09/{name}.htm" for name in names]


@pytest.mark.parametrize(("since", "goes_on"), [(None, True), ("2024-09-03", True), ("2024-09-04", False)])
def test_lists_behind_a_list_of_older_articles_are_not_asked_for(since, goes_on):
    html = '<ul class="list"><li><a href="/2024-09/03/1.htm">昨天<li><a href="/2024-09/02/2.htm">前天</ul>'
    found = asked(f'{html}<div><a href="index_2.htm">2</a></div>', SINCE=since)
    assert ("http://www.example/news/index_2.htm" in found) == goes_on
