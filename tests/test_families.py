"""What families ask for, out of a page and the rules of a source."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.article import Page
from crawler.decode import PageResponse
from spiders import source
from spiders.families import REGISTRY

URL = "http://www.example/news/index.htm"


def asked(html, *, family="portal", charset="utf-8", url=URL, **settings):
    """The addresses that a spider asks for after a page, in order."""
    rules = {"list": ("ul.list a", "ul.hot a"), "next": ("a.next",)}
    example = source.Source("example", "tests", Path("example.toml"), "示例", family, (url,), select=rules)
    spider = type("Example", (REGISTRY[family],), {"name": "example", "source": example})()
    spider.settings = Settings(settings)
    page = Page(url, html, datetime(2024, 9, 4, tzinfo=UTC), charset=charset)
    response = PageResponse(url, body=html.encode(), encoding="utf-8", page=page)
    return [request.url for request in spider.find(response)]


LISTS = """<ul class="list"><li><a href="0.htm">甲<li><a href="1.htm">乙</ul>
<ul class="hot"><li><a href="1.htm">乙<li><a href="2.htm">丙</ul><a class="next" href="index_2.htm">下一页</a>"""


@pytest.mark.parametrize(
    ("limit", "names"),
    [(0, ["0", "1", "2", "index_2"]), (4, ["0", "1", "2", "index_2"]), (3, ["0", "1", "2"]), (2, ["0", "1"])],
)
def test_an_article_in_two_lists_counts_once(limit, names):
    assert asked(LISTS, LIMIT=limit) == [f"http://www.example/news/{name}.htm" for name in names]


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
