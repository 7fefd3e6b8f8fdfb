"""Portals: from list to list, from list to article, and an article from its first part to its last."""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from archive.article import Article, Attachment, Image, Page
from crawler.decode import PageResponse
from crawler.demo.province import build
from crawler.demo.sites import chaopan
from spiders import source
from spiders.families.portal import Portal
from spiders.reading.document import Document
from spiders.reading.joining import from_whole, holds, join
from spiders.reading.lists import article_links, following
from spiders.reading.parts import MOST, first_part, may_be_part, onward

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases/parts.toml").read_text(encoding="utf-8"))
SITE = "http://www.example/"


def by_label(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def document(case):
    links = " ".join(f'<a href="{address}">{words}</a>' for words, address in case["links"])
    return Document(f"<html><body><p>正文。</p><div>{links}</div><p>{case.get('text', '')}</p>", SITE + case["at"])


def address(case, key):
    return SITE + case[key] if key in case else None


@pytest.mark.parametrize("case", by_label("onward"))
def test_where_an_article_goes_on(case):
    place = case.get("place", 1)
    found = onward(document(case), place)
    assert (found.next, found.whole) == (address(case, "next"), address(case, "whole"))
    assert first_part(document(case)) == address(case, "first")
    if "count" in case:
        assert max(found.count, place) == case["count"]


@pytest.mark.parametrize("case", by_label("behind"))
def test_where_a_list_goes_on(case):
    assert following(document(case), case.get("place", 1)) == address(case, "next")


def test_parts_have_a_bound():
    html = "<a href=content_31233_2.htm>下一页</a> 共99页"
    assert onward(Document(html, f"{SITE}content_31233.htm")).count == MOST


@pytest.mark.parametrize(
    ("path", "may_be"),
    [
        ("content_31233_2.htm", True),
        ("content_31233_all.htm", True),
        ("print.jsp?id=31233", True),
        ("fulltext/31233.htm", True),
        ("shopping/mall/20240904.html", False),
        ("installation/31233.htm", False),
        # No article has so many parts.
        ("20240904/t_651.htm", False),
    ],
)
def test_addresses_that_may_be_parts(path, may_be):
    assert may_be_part(f"{SITE}{path}") == may_be


# Joining


def part(number, text, **fields):
    page = Page(f"{SITE}content_31233_{number}.htm", "", datetime(2024, 9, 4, tzinfo=UTC))
    return Article(page.url, "example", page, text=text, reading="rules", **fields)


FIRST = part(
    1, "记者走进车间。\n第一段。", title="车间里的招商课", subtitle="一份采购清单的旅行",
    images=(Image("1.jpg", "车间"),), raw_origin="红岸网", provenance={"text": "selector #zoom"},
)  # fmt: skip
LAST = part(
    2, "车间里的招商课（2）\n一份采购清单的旅行\n记者走进车间。\n第二段。",
    images=(Image("1.jpg", "车间"), Image("2.jpg")),
    attachments=(Attachment("qd.xls"),), raw_byline="记者 安振邦", editor="邹沛霖", provenance={"editor": "line"},
)  # fmt: skip


def test_parts_are_one_article():
    assert join((FIRST, LAST), 2) == replace(
        FIRST,
        text="记者走进车间。\n第一段。\n第二段。",
        images=(Image("1.jpg", "车间"), Image("2.jpg")),
        attachments=(Attachment("qd.xls"),),
        raw_byline="记者 安振邦",
        editor="邹沛霖",
        provenance={"text": "selector #zoom, parts 1-2", "editor": "line"},
    )


def test_a_missing_part_is_said():
    assert join((FIRST, LAST), 3).provenance["text"] == "selector #zoom, parts 1-2 of 3"
    assert join((FIRST,), 2) == replace(FIRST, provenance={"text": "selector #zoom, part 1 of 2"})
    assert join((FIRST,), 1) == FIRST


def test_the_whole_page_counts_where_it_has_the_first_part():
    whole = part(0, "记者走进车间。\n第一段。\n第二段。", title="车间里的招商课[全文]", editor="邹沛霖")
    assert holds(whole, FIRST)
    assert not holds(replace(whole, text="登录后可以看到更多的文章和图片。"), FIRST)
    assert from_whole(whole, FIRST) == replace(
        FIRST, text=whole.text, editor="邹沛霖", provenance={"text": "whole page"}
    )


# Lists without a rule

HEADLINES = ["津市签下七个生物医药配套项目", "渌口轨道减振器件项目打下第一根桩", "蚌埠照着采购清单敲开第一扇门"]


def listed(*links, url=f"{SITE}zs/index.html", hosts=()):
    html = "".join(f"<li><a href='{address}'>{words}</a></li>" for address, words in links)
    return article_links(Document(f"<ul class=new>{html}</ul>", url), hosts)


def test_headlines_in_a_run_are_articles():
    links = [(f"/c/2024/09/0{n}/{n}.htm", words) for n, words in enumerate(HEADLINES, 1)]
    assert listed(*links) == [f"{SITE}c/2024/09/0{n}/{n}.htm" for n in (1, 2, 3)]
    assert listed(*links[:2]) == [], "two are no run"


def requests_of(html):
    """What the second page of a list leads to, and what was counted."""
    here = source.Source("example", "tests", Path("example.toml"), "示例", "portal", (SITE,))
    spider = type("Example", (Portal,), {"name": "example", "source": here})()
    spider.settings = Settings()
    spider.crawler = get_crawler()
    page = Page(f"{SITE}zs/", html, datetime(2024, 9, 4, tzinfo=UTC), status=200, charset="utf-8")
    response = PageResponse(page.url, body=html.encode(), encoding="utf-8", page=page)
    found = [request.url.removeprefix(SITE) for request in spider.find_from(response, 2, f"{SITE}zs/1.htm")]
    return found, spider.crawler.stats.get_stats()


RANKING = "".join(f"<li><a href=/n/3100{n}.html>{words}</a>" for n, words in enumerate(HEADLINES))


@pytest.mark.parametrize("beside", ["", f"<div class='hot-list'><ul>{RANKING}</ul></div>"])
@pytest.mark.parametrize("count", [1, 2])
def test_a_list_page_with_few_links_gives_them(count, beside):
    few = "".join(f"<li><a href=/n/3120{n}.html>{words}</a>" for n, words in enumerate(HEADLINES[:count]))
    found, stats = requests_of(f"<div class=right><ul>{few}</ul></div>{beside}<a href=/about.html>关于我们</a>")
    ranked = [f"n/3100{n}.html" for n in range(3)] if beside else []
    assert found == [f"n/3120{n}.html" for n in range(count)] + ranked
    assert stats == {"list/general": 1}


@pytest.mark.parametrize("around", ["nav", "aside", "footer", "div class=sidebar", "div id=foot"])
def test_a_link_beside_the_list_is_none_of_it(around, caplog):
    html = f"<p>暂无内容</p><{around}><a href=/n/31200.html>{HEADLINES[0]}</a></{around.split()[0]}>"
    assert requests_of(html) == ([], {"list/none": 1})
    assert f"{SITE}zs/: a list without links to articles" in caplog.text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/about/lianxi.html", HEADLINES[2]),
        ("/c/2024/09/03/3.htm", "更多新闻"),
        ("/c/2024/09/03/3.pdf", HEADLINES[2]),
        ("http://other.example/c/2024/09/03/3.htm", HEADLINES[2]),
        ("javascript:open(31233)", HEADLINES[2]),
    ],
)
def test_other_links_are_none(address, words):
    links = [(f"/content/3123{n}.htm", text) for n, text in enumerate(HEADLINES)]
    assert listed(*links, (address, words)) == [f"{SITE}content/3123{n}.htm" for n in (0, 1, 2)]


def test_hosts_of_the_site_are_allowed():
    links = [(f"http://news.example/content/3123{n}.htm", text) for n, text in enumerate(HEADLINES)]
    assert listed(*links) == []
    assert listed(*links, hosts=("example",)) == [address for address, _ in links]


# Crawling a portal of traps

RULES = """
name = "东江新闻网"
family = "portal"
start = ["{site}/list.html", "{site}/endless.html"]
polite.delay = 0
[select]
list = "ul.gone a"
body = "div.content"
"""


def pages(html):
    """A list whose rule is out of date leads to articles in parts that never end, turn in a circle or refuse."""
    text = "东江二桥北岸的标准厂房昨天交付，首批七家企业当天领走了钥匙，其中五家来自下游的东莞，两家就在隔壁的镇上。"
    more = "第二批厂房明年三月交付，已有十一家企业登记，园区说这回先登记用电量，再登记面积。"

    def article(name, line, *links):
        page = html(name, "2024-09-04 08:05　来源：东江新闻网", line)
        return page.replace("</body>", "".join(f"<a href='{to}'>{words}</a>" for words, to in links) + "</body>")

    names = {"31001": "永远没有尽头的一篇长文章", "31002": "绕着圈子走的一篇长文章", "31003": "后半篇要登录的一篇文章",
             "31004": "同一页反复出现的长文章", "31005": "全文页其实是别的文章"}  # fmt: skip
    made = {f"/n/{n}.html": article(name, text, ("下一页", f"/n/{n}_2.html")) for n, name in names.items()}
    for number in range(2, 3 * MOST):
        line = f"第{number}部分：{more}"
        made[f"/n/31001_{number}.html"] = article(names["31001"], line, ("下一页", f"/n/31001_{number + 1}.html"))
    made["/n/31002_2.html"] = article(names["31002"], more, ("下一页", "/n/31002_1.html"), ("3", "/n/31002.html"))
    made["/n/31003_2.html"] = "<html><title>登录</title><form><input type=password></form></html>"
    made["/n/31004_2.html"] = made["/n/31004.html"].replace("_2.html", "_3.html")
    made["/n/31005.html"] = article(
        names["31005"], text, ("下一页", "/n/31005_2.html"), ("阅读全文", "/n/31005_all.html")
    )
    made["/n/31005_all.html"] = article("另一篇", more * 4)
    made["/n/31005_2.html"] = article(names["31005"], more)
    made["/n/31006.html"] = "<script>location.href='/way/0.html'</script>"
    for number in range(0, 60, 2):
        made[f"/way/{number}.html"] = f"<html><meta http-equiv=refresh content='0;url={number + 1}.html'></html>"
        made[f"/way/{number + 1}.html"] = f"<html><script>location.replace('{number + 2}.html')</script></html>"
    made["/n/31007.html"] = "<html><meta http-equiv=refresh content='0;url=/'></html>"
    gone = "<p>您访问的文章不存在。</p>"
    made["/n/31008.html"] = f"<html><meta http-equiv=refresh content='3;url=/list.html'>{gone}</html>"
    made["/"] = html("东江新闻网", "", text, more, text)
    names |= {f"3100{n}": "不知道通向哪里的一条链接" for n in range(6, 9)}
    links = "".join(f"<li><a href='/n/{n}.html'>{name}</a>" for n, name in names.items())
    made["/list.html"] = f"<ul class=new>{links}</ul>"
    # A calendar that always has a next page, and never anything new on it.
    made |= {
        f"/endless{'' if n == 1 else f'_{n}'}.html": f"<ul>{links}</ul><a href='/endless_{n + 1}.html'>下一页</a>"
        for n in range(1, 9)
    }
    return made, text, more


@pytest.fixture
def crawled(run, site, html, query, tmp_path):
    made, text, more = pages(html)
    site.pages |= made
    folder = tmp_path / "sources/guangdong"
    folder.mkdir(parents=True)
    (folder / "dongjiang.toml").write_text(RULES.format(site=site.address))
    settings = {"SOURCES_DIR": folder.parent, "DATA_DIR": tmp_path / "data", "DOWNLOAD_DELAY": 0}
    done = run(
        "scrapy", "crawl", "dongjiang", *(f"-s{key}={value}" for key, value in settings.items()), cwd=HERE.parent
    )
    assert done.returncode == 0
    rows = query(tmp_path / "data", "select url, text, provenance from articles")
    [told] = query(tmp_path / "data", "select finding, stats from runs")
    found = {row["url"].rpartition("/")[2].removesuffix(".html"): row for row in rows}
    return found, told["finding"], json.loads(told["stats"]), (text, more), site.requests


def test_a_portal_of_traps(crawled):
    found, finding, stats, (text, more), requests = crawled
    assert set(found) == {f"3100{n}" for n in range(1, 6)}
    parts = {name: json.loads(row["provenance"])["text"].rpartition(", ")[2] for name, row in found.items()}
    assert parts == {
        "31001": f"parts 1-{MOST}",
        "31002": "parts 1-2",
        "31003": "part 1 of 2",
        "31004": "part 1 of 2",
        "31005": "parts 1-2",
    }
    assert found["31001"]["text"].count("\n") == MOST - 1
    assert found["31002"]["text"] == found["31005"]["text"] == f"{text}\n{more}"
    assert found["31003"]["text"] == found["31004"]["text"] == text
    # The rule for lists is out of date, and the endless list is left where it brings nothing new.
    assert (stats["list/general"], stats["refused/login"]) == (3, 1)
    # One address leads to the front page, one says what it is and then to a list; one leads on and on.
    assert stats["refused/not_found"] == 2
    assert requests.count("/list.html") == requests.count("/") == 1
    assert sum("/way/" in path for path in requests) == Settings()["REDIRECT_MAX_TIMES"]
    assert sum("endless" in path for path in requests) == 2
    assert finding == (
        f"3 of {stats['recording/pages']} pages were refused: not found 2, login or payment 1; "
        "select.list of dongjiang.toml matched none of 3 lists; links were found generally; "
        "full-text pages that do not go on from their stub: 1"
    )


# The sample portal


def test_the_sample_portal_s_articles_say_of_how_many_parts_they_are(province, query):
    rows = query(province, "select url, provenance from articles where source = 'chaopan'")
    found = {row["url"]: json.loads(row["provenance"])["text"] for row in rows}
    numbers = {int(url[-8:-6]): text.partition(", ")[2] for url, text in found.items()}
    assert {number: told for number, told in numbers.items() if told} == {
        chaopan.IN_PARTS: "parts 1-3",
        chaopan.WITH_WHOLE: "whole page",
        chaopan.BROKEN: "part 1 of 3",
    }
    [run] = query(province, "select stats from runs where source = 'chaopan'")
    stats = json.loads(run["stats"])
    assert stats["read/later_parts"] == stats["read/whole_pages"] == stats["read/general"] == 1
    assert (stats["list/rules"], stats["list/general"]) == (3, 3)
    assert stats["read/missing_parts"] == 2


def test_its_warc_gives_the_same_articles(zhaoshang, province, query, tmp_path):
    [warc] = (province / "warc").glob("*-chaopan.warc.gz")
    done = zhaoshang("import", warc, data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    columns = "url, title, text, published, authors, editor, origin"
    assert query(tmp_path, f"select {columns} from articles order by url") == query(
        province, f"select {columns} from articles where source = 'chaopan' order by url"
    )
    assert len(query(tmp_path, "select 1 from articles")) == len(
        [truth for truth in build().truths.values() if truth.source == chaopan.SOURCE]
    )


@pytest.mark.parametrize("rules", [{}, {"list": ("ul.zs-list a",), "body": ("div.article-content",)}])
def test_a_kept_list_is_told_from_an_article(rules):
    here = source.Source("example", "tests", Path("example.toml"), "示例", "portal", (SITE,), select=rules)
    spider = type("Example", (Portal,), {"name": "example", "source": here})()
    province = build()
    addresses = [chaopan.START, f"{SITE}xq/".replace("www.example", "www.chaopan.example")]
    addresses += [url for url, truth in province.truths.items() if truth.source == chaopan.SOURCE]
    pages = [Page(url, province.answers[url].body.decode("gbk"), datetime(2024, 9, 4, tzinfo=UTC)) for url in addresses]
    assert [spider.is_list(page) for page in pages] == [True, True] + [False] * (len(pages) - 2)


def test_parts_of_a_folder_are_one_article(zhaoshang, html, query, tmp_path):
    """Saved pages of a site that no source knows, whose links lead from file to file."""
    folder = tmp_path / "saved"
    folder.mkdir()
    lines = [
        f"园区的第{number}本台账记着企业用了多少电、多少水、多少人，谁来看都可以翻，翻到哪一页都有签名。"
        for number in "一二三"
    ]
    for number, line in enumerate(lines, 1):
        name = "content_31233" + (f"_{number}" if number > 1 else "") + ".html"
        back = "<a href='content_31233.html'>1</a>" if number > 1 else ""
        on = f"<a href='content_31233_{number + 1}.html'>下一页</a>" if number < 3 else ""
        (folder / name).write_text(html("三本台账", "2024-09-04", line).replace("</body>", back + on), encoding="utf-8")
    done = zhaoshang("import", folder, data=tmp_path / "data")
    first = (folder / "content_31233.html").as_uri()
    told = [
        f"zhaoshang: {folder}/content_31233_{number}.html: nothing kept: a further part of {first}" for number in (2, 3)
    ]
    assert (done.returncode, done.stderr.splitlines()) == (0, told)
    assert query(tmp_path / "data", "select url, text from articles") == [{"url": first, "text": "\n".join(lines)}]
