"""TRS: how the pages of a list are counted, what scripts write, what goes with an article."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.settings import Settings

from archive.article import Attachment, Page
from crawler.decode import PageResponse
from crawler.demo.province import build
from crawler.demo.sites import luling
from spiders import source
from spiders.families.trs import Paging, Trs, has_unread_paging, paging
from spiders.reading.attachments import attachments
from spiders.reading.document import Document
from spiders.reading.page import read_page
from spiders.reading.written import with_written

CASES = tomllib.loads((Path(__file__).parent / "cases/trs.toml").read_text(encoding="utf-8"))
FETCHED = datetime(2026, 10, 2, tzinfo=UTC)
COLUMN = "http://www.example/tzgg/"


def by_label(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def spider(select=MappingProxyType({}), **more):
    """A spider of the family with these rules and settings, that has not run."""
    example = source.Source("example", "tests", Path("example.toml"), "示例", "trs", (COLUMN,), select=select)
    made = type("Example", (Trs,), {"name": "example", "source": example})()
    made.settings = Settings(more)
    return made


def answer(text, url, status=200):
    page = Page(url, text, FETCHED, status=status, charset="utf-8")
    return PageResponse(url, status=status, body=text.encode(), encoding="utf-8", page=page)


# Lists


@pytest.mark.parametrize("case", by_label("paging"))
def test_paging(case, caplog):
    assert paging(case["html"]) == (Paging(*case["paging"]) if "paging" in case else None)
    links = "<ul>" + "<li><a href=/zc/>政策解读与通知公告</a></li>" * 20 + "</ul>"
    list(spider().find(answer(links + case["html"], COLUMN)))
    assert ("createPageHTML is called with what cannot be read" in caplog.text) == case.get("unread", False)


def list_page(case, name):
    links = "".join(
        f"<li><a href='./202409/t202409{day:02}_30{day:05}.htm'>关于公布第{day}批项目名单的公告</a></li>"
        for day in case["pages"][name]
    )
    return f"<ul>{links}<li><a href='http://other.example/202409/t20240901_1.htm'>外站</a></ul><script>{case['call']}"


@pytest.mark.parametrize("case", by_label("list"))
def test_list(case):
    crawled = spider(**case.get("settings", {}))
    found, asked = list(crawled.find(answer(list_page(case, "index"), f"{COLUMN}index.htm"))), []
    articles = []
    while found:
        request = found.pop(0)
        if request.callback == crawled.read:
            articles.append(int(request.url.partition("/t202409")[2][:2]))
            continue
        name = request.url.removeprefix(COLUMN)
        asked.append(name)
        page = name.removesuffix(".htm") in case["pages"]
        text = list_page(case, name.removesuffix(".htm")) if page else "没有这个页面"
        found += request.callback(answer(text, request.url, 200 if page else 404), **request.cb_kwargs)
    # Scrapy asks for each address once.
    assert (asked, list(dict.fromkeys(articles))) == (case["asked"], case["articles"])


def test_a_list_without_a_script_is_a_portals():
    links = "".join(f"<li><a href='/art/31{n}23.html'>第{n}批招商引资项目在园区集中开工</a></li>" for n in range(1, 5))
    found = list(spider().find(answer(f"<ul>{links}</ul><a href='/tzgg/index_2.html'>下一页</a>", COLUMN)))
    assert [request.url.rpartition("/")[2] for request in found][-1] == "index_2.html"
    assert len(found) == 5


def test_the_sources_rule_for_lists_counts():
    html = "<ul class=hot><a href=t20240901_3000001.htm>甲</a></ul><ul class=list><a href=/show/17>乙</a></ul>"
    found = spider({"list": ("ul.list a",)}).find(answer(html, COLUMN))
    assert [request.url for request in found] == ["http://www.example/show/17"]


@pytest.mark.parametrize(
    ("url", "is_list"), [(f"{COLUMN}202409/t20240904_3000001.htm", False), (f"{COLUMN}index_3.htm", True)]
)
def test_kept_pages(url, is_list):
    case = CASES["list"][0] | {"pages": {"index": [9, 8, 7, 6]}}
    assert spider().is_list(answer(list_page(case, "index"), url).page) == is_list


@pytest.mark.parametrize(
    ("pages", "place", "following"),
    [(3, 1, "_1"), (3, 2, "_2"), (3, 3, None), (1, 1, None)],
)
def test_an_article_in_parts_is_counted_as_lists_are(pages, place, following):
    url = f"{COLUMN}202409/t20240904_3000001"
    html = f'<script>createPageHTML({pages}, {place - 1}, "t20240904_3000001", "htm")</script>'
    name = url if place == 1 else f"{url}_{place - 1}"
    assert spider().onward(Document(html, f"{name}.htm"), place).next == (following and f"{url}{following}.htm")


# Scripts


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ("document.write('来源：' + \"市商务局\");", "来源：市商务局"),
        ("document.writeln ( '\\u6765\\x3a' )", "来:"),
        (r"document.write('他说：\"好\"')", '他说："好"'),
        ("document.write(unescape('%u6765%u6E90%3A'));", "来源:"),
        ("var ly = '县政府'; if (ly != '') { document.write('来源：' + ly) }", "来源：县政府"),
        ("document.write('一');document.write('二');", "一二"),
        # What only running the script would tell.
        ("var ly = '县政府'; ly = ly + other; document.write('来源：' + ly)", None),
        ("var ly = a ? '甲' : '乙'; document.write('来源：' + ly)", None),
        ("document.write('今天是' + now.getFullYear() + '年')", None),
        ("document.write('点击数：' + clicks)", None),
        ("document.write('<img src=\"/count.gif\">')", None),
        ("document.write('<script src=\"/统计.js\"><\\/script>')", None),
        ("document.write('没有写完", None),
    ],
)
def test_what_a_script_writes(script, written):
    html = f"<p>头<script language='javascript'>{script}</script>尾</p>"
    assert with_written(html)[0] == (html if written is None else f"<p>头{written}尾</p>")


@settings(deadline=None, derandomize=True)
@given(st.text("document.write('\"+\\u4e00)<script>/ ", max_size=60))
def test_any_script_is_read_somehow(text):
    html, pieces = with_written(f"<script>document.write('招商' + {text})</script>")
    assert isinstance(html, str)
    assert all(pieces)


@pytest.mark.parametrize(
    "build",
    [
        lambda n: "<script>document.write('招商'" * n,
        lambda n: "<script>" + "document.write('a'+" * n + "</script>",
        lambda n: "<script>document.write('" + "\\" * n + "</script>",
        lambda n: "<script>" + "ab=" * n + "document.write('招商')</script>",
        lambda n: "createPageHTML(1,0,'" * n,
        lambda n: "<script>createPageHTML(a" + "b" * n + ",0,'c','d')</script>",
        lambda n: "n = 1" + " " * n + "n" * n + "createPageHTML(n,n,'c','d')",
        lambda n: "createPageHTML(n,n,'c','d')" * n,
    ],
)
def test_reading_time_grows_with_the_script(build, grows_evenly):
    grows_evenly(lambda text: (with_written(text), has_unread_paging(text)), build, 2000)


# Attachments

SENTENCE = "今年以来，全市新签约亿元以上项目二十八个，总投资过百亿元，其中九个项目当年签约、当年投产。"
BODY = f"<p>{SENTENCE}</p><p>{SENTENCE[5:]}</p>"
CHANNELS = "".join(f"<p><a href=/{n}/>栏目</a></p>" for n in range(30))


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f"{BODY}<p>附件：<a href='./a.docx'>名单.docx</a></p>", [("a.docx", "名单.docx")]),
        (f"{BODY}<p><a href=a.DOC>一</a>　<a href=b.xlsx>二</a></p>", [("a.DOC", "一"), ("b.xlsx", "二")]),
        (f"{BODY}<ul><li><a href=a.pdf><img src=pdf.gif></a><a href=a.pdf>图纸</a></ul>", [("a.pdf", "图纸")]),
        (f"{BODY}<p><a href=a.zip title=图纸>点击下载</a></p>", [("a.zip", "图纸")]),
        (f"{BODY}<p><a href=a.zip>下载</a></p>", [("a.zip", "下载")]),
        (f"{BODY}<p><a href='/download?id=3' appendix=true>名单</a></p>", [("/download?id=3", "名单")]),
        (f"<p>{SENTENCE}<a href=a.pdf>名单</a>由各县报送，每季度更新一次。</p>{BODY}", [("a.pdf", "名单")]),
        # Other people's.
        (f"<p><a href=a.pdf>招商手册</a></p>{BODY}", []),
        (f"{BODY}<h3>相关链接</h3><p><a href=a.pdf>招商手册</a></p>", []),
        (f"{BODY}<div class=footer><a href=a.pdf>年度报表</a></div>", []),
        (f"{BODY}<p><a href=a.htm>名单</a> <a href=a.jpg>图</a> <a href='javascript:a.pdf'>打印</a></p>", []),
        (f"{BODY}{CHANNELS}<p><a href=a.pdf>名单</a></p>", []),
    ],
)
def test_attachments(html, found):
    page = Page("http://www.example/c/1.htm", f"<html><body><div>{html}</div></body></html>", FETCHED)
    url = "http://www.example"
    expected = [Attachment(f"{url}{href}" if href[0] == "/" else f"{url}/c/{href}", name) for href, name in found]
    assert list(read_page(page).attachments) == expected


@pytest.mark.parametrize("build", [lambda n: "<b><a href=1.pdf>甲</a>" * n, lambda n: "<a href=1.pdf><i>" * n])
def test_attachment_time_grows_with_the_page(build, grows_evenly):
    def lined(n):
        document = Document(f"{BODY}{build(n)}", "http://www.example/1.htm")
        return document, len(document.lines)

    grows_evenly(lambda given: attachments(given[0], 0, given[1]), lined, 1000)


def test_a_broken_address_is_no_attachment():
    document = Document(f"{BODY}<a href='http://[::1.pdf'>甲</a><a href='a.pdf#2'>乙</a>", "http://www.example/1.htm")
    assert [each.name for each in attachments(document, 0, len(document.lines))] == ["乙"]


# The sample site, end to end


@pytest.fixture(scope="module")
def crawled(zhaoshang, tmp_path_factory):
    data = tmp_path_factory.mktemp("luling")
    done = zhaoshang("crawl", "luling", data=data)
    assert done.returncode == 0
    return data


def test_the_columns_of_a_site(crawled, query):
    """Every field of every article: tests/test_demo.py."""
    truths = {url for url, truth in build().truths.items() if truth.source == luling.SOURCE}
    assert {row["url"] for row in query(crawled, "select url from articles")} == truths
    [run] = query(crawled, "select stats, finding from runs")
    stats = json.loads(run["stats"])
    lists = [url for url in build().answers if url.startswith("http://tz.luling.example/") and "_div" in html(url)]
    assert (stats["list/rules"], stats["list/missed"], stats["refused/challenge"]) == (len(lists), 2, 1)
    assert stats["read/rules"] == len(truths)
    assert not stats["run/wrong"]
    # Number 1 is asked for once: there is none, or it is the first page again.
    statuses = {row["url"]: row["status"] for row in query(crawled, "select url, status from pages")}
    assert (statuses[luling.MISSING], statuses[luling.REPEATED]) == (404, 200)


def html(url):
    return build().answers[url].body.decode(errors="replace")


def test_attachments_are_noted_and_not_fetched(crawled, query):
    noted = query(crawled, "select url, name from attachments order by url")
    truths = [truth for truth in build().truths.values() if truth.source == luling.SOURCE]
    expected = sorted((each.url, each.name) for truth in truths for each in truth.attachments)
    assert [(row["url"], row["name"]) for row in noted] == expected
    assert {name.rpartition(".")[2] for _, name in expected} >= {"docx", "pdf", "xls", "zip", "wps", "ofd"}
    fetched = {row["url"] for row in query(crawled, "select url from pages")}
    assert not fetched & {url for url, _ in expected}
