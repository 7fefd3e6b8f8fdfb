"""Founder e-papers: the way through their issues, what is no article, and articles over two pages made one."""

import pickle
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from archive.article import Article, Image, Page
from crawler.decode import PageResponse
from spiders import source
from spiders.families import Founder
from spiders.families.founder import is_no_article
from spiders.families.founder_issue import first_pages
from spiders.families.founder_masthead import section
from spiders.families.founder_turn import MOST_PARTS, joined, mark, missing
from spiders.reading.document import Document

TURNS = tomllib.loads((Path(__file__).parent / "cases/turns.toml").read_text(encoding="utf-8"))["case"]
PAPER = "http://epaper.example/zsb"
FETCHED = datetime(2026, 10, 2, tzinfo=UTC)


def page(url, html):
    return Page(url, html, FETCHED, charset="utf-8")


# Through the issues


def spider_of(state=None, issue=None, issues=1, **settings):
    """A spider for a paper whose entry is `PAPER/`; `state` is what a stopped crawl left."""
    paper = source.Source(
        "zsb", "tests", Path("zsb.toml"), "资水报", "founder", (f"{PAPER}/",), issue=issue, issues=issues
    )
    spider = type("Zsb", (Founder,), {"name": "zsb", "source": paper}).from_crawler(get_crawler(settings_dict=settings))
    spider.state = {} if state is None else state
    return spider


def counts(spider):
    return spider.crawler.stats.get_stats()


def crawl(pages, spider, todo=None, most=1000):
    """Answer the requests of a spider from `pages`, by address, as Scrapy would, one after the other.

    What is not in `pages` is 404. Comes back with the articles, the addresses asked for, and the requests that are left
    after `most` answers.
    """
    todo = [Request(f"{PAPER}/", spider.find, errback=spider.no_entry)] if todo is None else todo
    seen, asked, articles = {request.url for request in todo}, [], []
    while todo and len(asked) < most:
        request = todo.pop(0)
        asked.append(request.url.removeprefix(PAPER))
        html = pages.get(request.url.removeprefix(PAPER))
        if html is None:
            failure = Failure(HttpError(Response(request.url, status=404, request=request)))
            failure.request = request
            brought = request.errback(failure)
        else:
            url, _, html = html.rpartition("|")
            url = PAPER + url if url else request.url
            answer = PageResponse(url, body=html.encode(), encoding="utf-8", page=page(url, html), request=request)
            brought = request.callback(answer, **request.cb_kwargs)
        for each in brought:
            if isinstance(each, Article):
                articles.append(each)
            elif each.url in seen:
                spider.dropped(each)
            else:
                seen.add(each.url)
                todo.append(each)
    return articles, asked, todo


def node(number, *contents, others=(), more=""):
    """A newspaper page of the first generation that lists articles."""
    areas = "".join(f'<area href="content_{name}.htm?div=-1">' for name in contents)
    links = "".join(f'<a id="pageLink" href="node_{other}.htm">第{other}版</a>' for other in others)
    return (
        f'<html><body><table><tr><td align="left"><strong>第{number}版：要闻</strong></td></tr></table>{links}'
        f'<img usemap="#PagePicMap" src="{number}.jpg"><map name="PagePicMap">{areas}</map>{more}</body></html>'
    )


def content(title, *paragraphs):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<html><body><table class="wz"><tr><td class="font01">{title}</td></tr></table>'
        f'<div id="ozoom"><founder-content>{body}</founder-content></div></body></html>'
    )


def plain(number, day="2024-09-04"):
    """An article that stands on one page."""
    title = f"{day}的第{number}条消息"
    return content(
        title,
        f"{day}，县里又有{number}家企业开工，都是去年谈下来的项目。",
        "他们说，路修到哪里，车间就盖到哪里，电也要跟到哪里。",
    )


def test_first_generation():
    pages = {
        "/": "/html/2024-09/04/node_1.htm|" + node(1, 1, others=(1, 2)),
        "/html/2024-09/04/node_1.htm": node(1, 1, others=(1, 2)),
        "/html/2024-09/04/node_2.htm": node(
            2, 2, 3, others=(1, 2), more='<a href="../../2024-09/03/node_1.htm">上一期</a>'
        ),
        "/html/2024-09/03/node_1.htm": node(1, 4, more='<a href="../../2024-09/02/node_1.htm">上一期</a>'),
        **{f"/html/2024-09/04/content_{number}.htm?div=-1": plain(number) for number in (1, 2, 3)},
        "/html/2024-09/03/content_4.htm?div=-1": plain(4, "2024-09-03"),
    }
    spider = spider_of(issues=2)
    articles, asked, _ = crawl(pages, spider)
    assert {(article.title, article.raw_date, article.section) for article in articles} == {
        ("2024-09-04的第1条消息", "2024-09-04", "第1版：要闻"),
        ("2024-09-04的第2条消息", "2024-09-04", "第2版：要闻"),
        ("2024-09-04的第3条消息", "2024-09-04", "第2版：要闻"),
        ("2024-09-03的第4条消息", "2024-09-03", "第1版：要闻"),
    }
    assert "/html/2024-09/02/node_1.htm" not in asked
    assert {article.attachments[0].name for article in articles} == {"第1版版面图", "第2版版面图"}
    assert counts(spider) == {"read/rules": 4}


WINDOW = {
    "/": '<a href="pc/layout/202409/04/node_A01.html">今日</a><a href="pc/layout/202409/02/node_A01.html">前天</a>',
    "/pc/layout/202409/04/node_A01.html": (
        '<a href="../../../content/202409/04/content_1.html">一</a><a href="node_B2.html">B2</a>'
    ),
    "/pc/layout/202409/04/node_B2.html": '<a href="../../../content/202409/04/content_2.html">二</a>',
    "/pc/layout/202409/02/node_A01.html": '<a href="col03.html">三版</a>',
    "/pc/layout/202409/02/col03.html": '<area href="../../../content/202409/02/content_3.html">',
    "/pc/content/202409/04/content_1.html": plain(1),
    "/pc/content/202409/04/content_2.html": plain(2),
    "/pc/content/202409/02/content_3.html": plain(3, "2024-09-02"),
}
ISSUE = PAPER + "/pc/layout/{date:%Y%m/%d}/node_A01.html"


@pytest.mark.parametrize(
    ("settings", "days", "articles"),
    [
        ({"issues": 1}, ["04"], 2),
        ({"issues": 2}, ["04", "03"], 2),
        ({"issues": 3}, ["04", "03", "02"], 3),
        ({"issues": 3, "SINCE": "2024-09-03"}, ["04", "03"], 2),
        ({"issues": 1, "SINCE": "2024-09-02"}, ["04", "03", "02"], 3),
        ({"issues": 3, "LIMIT": 1}, ["04"], 1),
    ],
)
def test_issues_by_their_day(settings, days, articles):
    """From the newest issue back, day by day; a day without an issue is no more than that."""
    spider = spider_of(issue=ISSUE, **settings)
    found, asked, _ = crawl(WINDOW, spider)
    assert [url[18:20] for url in asked if url.endswith("/node_A01.html")] == days
    assert len(found) == articles
    assert counts(spider).get("founder/no_issue", 0) == ("03" in days)


def test_since_looks_no_further_back_than_a_paper_goes():
    spider = spider_of(issue=ISSUE, SINCE="1999-01-01")
    articles, asked, _ = crawl(WINDOW, spider)
    assert len(articles) == 3
    assert asked[-1] == "/pc/layout/202408/02/node_A01.html"
    assert counts(spider)["founder/no_issue"] == 32


GONE = "<html><head><title>提示</title></head><body><p>您访问的页面不存在或已被删除</p></body></html>"


@pytest.mark.parametrize(
    "answer", [None, GONE, "/pc/layout/202409/04/node_A01.html|" + WINDOW["/pc/layout/202409/04/node_A01.html"]],
    ids=["404", "a page that says so", "the newest issue"],
)  # fmt: skip
def test_a_day_without_an_issue(answer):
    pages = WINDOW | ({"/pc/layout/202409/03/node_A01.html": answer} if answer else {})
    spider = spider_of(issue=ISSUE, issues=3)
    articles, asked, _ = crawl(pages, spider)
    assert len(articles) == 3
    assert len(asked) == len(set(asked))
    assert counts(spider)["founder/no_issue"] == 1


@pytest.mark.parametrize("entry", [None, "<html><body><div id='app'></div></body></html>"], ids=["404", "scripts only"])
def test_without_an_entry_the_day_of_the_run_is_the_newest(entry):
    pages = WINDOW | {"/": entry}
    articles, asked, _ = crawl(pages, spider_of(issue=ISSUE, issues=4, TODAY="2024-09-05"))
    assert asked[1] == "/pc/layout/202409/05/node_A01.html"
    assert len(articles) == 3


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="html/2024-09/03/node_2.htm">昨</a><a href="html/2024-09/04/node_2.htm">今</a>',
         ["/html/2024-09/04/node_2.htm"]),
        ('<iframe src="/zsb/html/2024-09/04/node_2.htm"></iframe>', ["/html/2024-09/04/node_2.htm"]),
        ('<a href="rb/pc/layout/202409/04/col01.html">日报</a><a href="wb/pc/layout/202409/03/col01.html">晚报</a>',
         ["/rb/pc/layout/202409/04/col01.html", "/wb/pc/layout/202409/03/col01.html"]),
        ('<a href="node_2.htm">第一版</a>', ["/node_2.htm"]),
        ('<a href="2024/09/04/index.htm">文章</a>', []),
    ],
)  # fmt: skip
def test_entries(html, found):
    assert [url.removeprefix(PAPER) for url in first_pages(Document(html, f"{PAPER}/"))] == found


# Articles that turn to another page


TURNED = {
    "/": "/html/2024-09/04/node_1.htm|" + node(1, 1, 5, others=(3,)),
    "/html/2024-09/04/node_3.htm": node(3, 2),
    "/html/2024-09/04/content_1.htm?div=-1": content(
        "雨天的招商会",
        "会开到一半下起了雨，棚子漏了，乡里干部一面搬椅子，一面把图纸往怀里揣。",
        "有人提议改天，客商不肯。（下转3版）",
    ),
    "/html/2024-09/04/content_2.htm?div=-1": content("雨天招商会", "（上接1版）最后是在拖拉机的车斗里签的约。"),
    "/html/2024-09/04/content_5.htm?div=-1": plain(5),
}
WHOLE = """会开到一半下起了雨，棚子漏了，乡里干部一面搬椅子，一面把图纸往怀里揣。
有人提议改天，客商不肯。
最后是在拖拉机的车斗里签的约。"""


def test_both_parts_are_one_article():
    spider = spider_of()
    articles, _, _ = crawl(TURNED, spider)
    first = next(article for article in articles if article.title == "雨天的招商会")
    assert len(articles) == 2
    assert (first.text, first.section) == (WHOLE, "第1版：要闻")
    assert first.url == f"{PAPER}/html/2024-09/04/content_1.htm"
    assert first.provenance["text"].endswith(f"joined with {PAPER}/html/2024-09/04/content_2.htm")
    assert [each.name for each in first.attachments] == ["第1版版面图", "第3版版面图"]
    assert first.page.url.endswith("content_1.htm?div=-1")
    assert counts(spider) == {"read/rules": 3, "founder/joined": 1}
    assert spider.coming == {}


@pytest.mark.parametrize(
    ("lost", "title", "left"),
    [("2", "雨天的招商会", "continuation"), ("1", "雨天招商会", "beginning")],
)
def test_a_part_whose_other_part_is_lost_is_kept(lost, title, left):
    pages = {url: html for url, html in TURNED.items() if f"content_{lost}.htm" not in url}
    spider = spider_of()
    articles, _, _ = crawl(pages, spider)
    part = next(article for article in articles if article.title == title)
    assert list(missing(part)) == [left]
    assert "版）" not in part.text
    assert counts(spider) == {"read/rules": 2, f"founder/{left}_missing": 1}


@pytest.mark.parametrize("most", range(1, 6))
def test_a_stopped_crawl_goes_on_with_its_parts(most):
    """Whenever it stops: what Scrapy keeps of it is pickled, the queue and the spider's state."""
    spider = spider_of()
    before, _, todo = crawl(TURNED, spider, most=most)
    state = pickle.loads(pickle.dumps(spider.state))
    again = spider_of(state)
    for request in todo:
        request.callback = getattr(again, request.callback.__name__)
        request.errback = getattr(again, request.errback.__name__)
    after, _, _ = crawl(TURNED, again, todo)
    assert sorted(article.title for article in before + after) == ["2024-09-04的第5条消息", "雨天的招商会"]
    assert next(each.text for each in before + after if each.title == "雨天的招商会") == WHOLE


def test_what_is_never_answered_holds_nothing_up(scrapy_crawl, query):
    """An address too long for Scrapy gets neither an answer nor an error: the parts are let out all the same."""
    long = f'<a href="content_9.htm?{"x" * 3000}">长</a>'
    pages = TURNED | {"/html/2024-09/04/node_3.htm": node(3, 2, more=long)}
    pages["/html/2024-09/04/node_1.htm"] = pages.pop("/").partition("|")[2]
    pages["/"] = '<a href="html/2024-09/04/node_1.htm">今日</a>'
    data = scrapy_crawl(pages)
    rows = query(data, "select title, text from articles order by url")
    assert [row["title"] for row in rows] == ["雨天的招商会", "2024-09-04的第5条消息"]
    assert rows[0]["text"] == WHOLE


@pytest.fixture
def scrapy_crawl(run, site, tmp_path):
    """Crawl a paper made of `pages` with Scrapy; comes back with the data folder."""

    def scrapy_crawl(pages):
        site.pages = {PAPER + path: html for path, html in pages.items()}
        file = tmp_path / "sources/tests/zsb.toml"
        file.parent.mkdir(parents=True)
        file.write_text(
            f'name = "资水报"\nfamily = "founder"\nstart = ["{PAPER}/"]\npolite.delay = 0\n', encoding="utf-8"
        )
        env = {"http_proxy": site.address, "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        options = [f"SOURCES_DIR={tmp_path / 'sources'}", f"DATA_DIR={tmp_path}", "LOG_LEVEL=ERROR"]
        done = run("scrapy", "crawl", "zsb", *(part for option in options for part in ("-s", option)), env=env)
        assert (done.returncode, done.stderr) == (0, "")
        return tmp_path

    return scrapy_crawl


@pytest.mark.parametrize("case", TURNS, ids=lambda case: case["label"])
def test_turned(case):
    parts = [
        mark(Article(f"http://a.example/{place}", "zsb", page(f"http://a.example/{place}", ""), **part))
        for place, part in enumerate(case["parts"])
    ]
    whole = list(joined(parts))
    first, *further = case["whole"][0]
    assert {article.url for article in whole} == {f"http://a.example/{places[0]}" for places in case["whole"]}
    found = next(article for article in whole if article.url == f"http://a.example/{first}")
    assert found.text == case["text"]
    assert list(missing(found)) == case["missing"]
    for place in further:
        assert f"joined with http://a.example/{place}" in found.provenance["text"]


def test_many_turned_parts_take_no_longer_than_their_pairs():
    parts = [
        mark(
            Article(
                f"http://a.example/{place}",
                "zsb",
                page("", ""),
                title="同一个题目",
                section="第1版",
                text="（上接1版）文。（下转1版）",
            )
        )
        for place in range(60)
    ]
    assert len(list(joined(parts))) == 1


def unnamed(count):
    """Parts without headlines, of which each may go on in each."""
    text = "（上接1版）文。（下转1版）"
    addresses = [f"http://a.example/{place}" for place in range(count)]
    return [mark(Article(url, "zsb", page("", ""), section="第1版", text=text)) for url in addresses]


def test_parts_without_headlines_take_no_longer_than_their_pairs(grows_evenly):
    def join(parts):
        assert len(list(joined(parts))) == len(parts)

    grows_evenly(join, unnamed, 20, power=2)


def test_so_many_parts_of_an_issue_are_joined():
    parts = [replace(part, title="同一个题目") for part in unnamed(MOST_PARTS + 3)]
    assert len(list(joined(parts))) == 1 + 3


# What a page shows


@pytest.mark.parametrize("title", [
    "中缝", "广告", "导读", "今日导读", "图片新闻", "版权声明", "【广告】", "公告栏", "公益广告",
    "3、6版中缝", "中缝广告", "广告 2",
])  # fmt: skip
def test_is_no_article(title):
    text = "" if title == "图片新闻" else "几个字。"
    assert is_no_article(Article("", "", page("", ""), title=title, text=text, images=(Image("1.jpg"),)))


@pytest.mark.parametrize("title", [
    "广告业集聚区开园", "一则遗失声明引出的营商故事", "导读员上岗", "图片新闻里的老厂", "图片新闻", "报头",
])  # fmt: skip
def test_is_an_article(title):
    text = "县里的图片馆重新开门，收了四千张老照片。"
    assert is_no_article(Article("", "", page("", ""), title=title, text=text)) == (title == "报头")


def test_a_picture_without_a_text_is_no_article():
    assert is_no_article(Article("", "", page("", ""), title="晒秋", images=(Image("1.jpg", "晒秋"),)))
    # Read badly, it may be one: the check counts it.
    assert not is_no_article(Article("", "", page("", ""), title="晒秋时节话丰收"))


LIST = '<a id="pageLink" href="node_2.htm">第01版:头版</a><a id="pageLink" href="node_3.htm">第02版:要闻</a>'


@pytest.mark.parametrize(
    ("html", "name"),
    [
        (LIST, "第02版:要闻"),
        (f"{LIST}<table><td align=left><strong>第 02 版:要闻</strong></table>", "第02版:要闻"),
        (f"{LIST}<!--enpproperty <founder-pagenum>01</founder-pagenum> /enpproperty-->", "第01版:头版"),
        ("<!--enpproperty <founder-pagenum>A07</founder-pagenum> /enpproperty-->", "第A07版"),
        ("<span class=date>《某报》（2024年09月04日 第 02 版）</span><div class=ban>02版 经济</div>", "02版 经济"),
        ("<title>某报数字报-第04版：副刊</title>", "第04版：副刊"),
        ("<p>第三版</p>", None),
    ],
)
def test_newspaper_page_is_named(html, name):
    assert section(Document(html, "http://epaper.example/html/2024-09/04/node_3.htm")) == name


def test_a_portal_of_founders_is_read_as_the_portal_it_is():
    """Its comment tells a minute, a channel and an origin: the day in its address is no issue."""
    html = (Path(__file__).parent / "pages/founder_portal.html").read_text(encoding="gb18030")
    article = spider_of().article(page("http://www.example/2024-10/28/content_1733.htm", html))
    assert (article.raw_date, article.raw_origin, article.section) == ("2024-10-28 10:25:36:0", "楚江日报", "港口经济")
    assert article.title == "港口小镇的“一小时样品圈”"
    assert (article.attachments, missing(article)) == ((), {})
