"""One page under ten addresses: one key, one request, one article; and the address that there was can be had again."""

import json
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from archive.address_parts import split
from archive.addresses import add_address, article_at, known_at, twin_of
from archive.article import Article, Page, RecordPlace
from archive.canonical import FIXES, address, cited, key, restored
from archive.database import open_archive, save, save_page
from archive.schema import migrations
from crawler.dupefilter import AddressDupeFilter
from pipelines.deduplicate import DeduplicateStage
from spiders.families.limited import Limited

CASES = tomllib.loads((Path(__file__).parent / "cases/addresses.toml").read_text(encoding="utf-8"))["case"]
PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)


# Keys


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
def test_the_key_and_the_address_to_cite(case):
    url = case["url"]
    assert (key(url), cited(url)) == (case.get("key", url), case.get("cited", url))
    assert address(url).key == key(url) == key(cited(url))
    assert restored(address(url)) == url


def test_every_fix_has_a_case():
    used = {change.fix for case in CASES for change in address(case["url"]).dropped}
    assert used == {"blanks", *(fix.change.__name__ for fix in FIXES)}


def test_pages_that_look_alike_have_keys_of_their_own():
    alone = [case["url"] for case in CASES if "key" not in case]
    assert len({key(url) for url in alone}) == len(alone)


PIECES = st.sampled_from(
    [
        *("http://", "https://", "HTTP://", "//", "/", "?", "&", "#", "#!", "=", ":", ":80", ":443", ":8080", "@", "."),
        *("www.", "m.", "wap.", "a.example", "A.CN", "[::1]", "%", "%41", "%d5%d0", "%3", "招商", "İ", "ſ", "\udcd5"),
        *(
            "/m/",
            "/print/",
            "7654321",
            "2024",
            "_print",
            ".htm",
            "index.html",
            "list_1200.html",
            "\u3000",
            " ",
            "\n",
            "\t",
        ),
        *(
            ";jsessionid=0A1B",
            "(S(lit3py55t21z5v55vlm25s55))",
            "mobile=1",
            "print=1",
            "utm_source=x",
            "div=-1",
            "id=12",
        ),
        *("t=1725408300", "sid=", "0" * 32),
    ]
)
URLS = st.lists(PIECES, max_size=14).map("".join)


@given(URLS | st.builds("http://a.example/{}".format, URLS) | st.text(max_size=40))
@example("http://a.example/%%341%4%31")
@example("http://www.m.example/m/m/7654321_print_print.htm;jsessionid=1;jsessionid=2")
@PROPERTY
def test_any_address_can_be_had_again_and_its_key_is_its_own_key(url):
    known = address(url)
    assert restored(known) == url
    assert known.key == key(url) == key(known.key)
    assert restored(address(known.key)) == known.key
    assert all(change.before != change.after for change in known.dropped)


PLAIN = [case["url"] for case in CASES if split(case["url"]) and "#" not in case["url"]]


@given(st.sampled_from(PLAIN), st.permutations(["utm_source=wx", "from=timeline", "isappinstalled=0", "spm=a1.b2"]))
@PROPERTY
def test_however_readers_come_the_key_is_the_same(url, tracking):
    mark = "&" if "?" in url else "?"
    assert key(f"{url}{mark}{'&'.join(tracking)}#comments") == key(url)


def test_long_hostile_addresses_cost_little(grows_evenly):
    pieces = ("/a1234", "&spm=1", ";jsessionid=1", "%4", " x", "/list_1", "m.", "@", "?", "/m", "_print")
    for piece in pieces:
        grows_evenly(address, lambda size, piece=piece: "http://a/" + piece * size, 2000)


# Requests

PAGE = "http://www.a.example/c/2024/7654321.htm"


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        (PAGE, True),
        (f"{PAGE}?from=timeline#comments", True),
        ("https://m.a.example:443/c/2024/7654321.htm", True),
        ("http://www.a.example/c/2024/7654321_2.htm", False),
        ("http://www.a.example/c/2024/7654322.htm", False),
    ],
)
def test_a_page_is_asked_for_once(url, seen):
    asked = AddressDupeFilter()
    assert not asked.request_seen(Request(PAGE))
    assert asked.request_seen(Request(url)) == seen
    assert asked.request_seen(Request(url))


def test_what_scrapy_takes_for_one_page_is_one():
    asked = AddressDupeFilter()
    assert not asked.request_seen(Request("http://a.example/?b=招商&a"))
    assert asked.request_seen(Request("http://a.example/?a=&b=%e6%8b%9b%e5%95%86"))
    assert not asked.request_seen(Request("http://a.example/#/news/1"))
    assert asked.request_seen(Request("https://a.example/#/news/2"))


@pytest.mark.parametrize("more", [{"method": "POST"}, {"body": b"page=1"}, {"meta": {"verbatim_url": True}}], ids=str)
def test_what_an_address_alone_does_not_tell_is_compared_exactly(more):
    asked = AddressDupeFilter()
    assert not asked.request_seen(Request(PAGE))
    assert not asked.request_seen(Request(f"{PAGE}?mobile=1", **more))
    assert asked.request_seen(Request(f"{PAGE}?mobile=1", **more))
    other = {"meta": more["meta"]} if "meta" in more else more | {"body": b"page=2"}
    assert not asked.request_seen(Request(f"{PAGE}?mobile=2", **other))


def test_a_server_may_send_on_to_another_address_of_the_page():
    asked = AddressDupeFilter()

    def sent_on(*ways):
        return asked.request_seen(Request(ways[-1], meta={"redirect_urls": list(ways[:-1])}))

    secure = PAGE.replace("http:", "https:")
    assert not asked.request_seen(Request(PAGE))
    assert not sent_on(PAGE, secure)
    assert not sent_on(PAGE, secure, f"{secure}?mobile=1")
    # In a circle, to what has been asked for already, and to a page that two others lead to.
    assert sent_on(PAGE, secure, PAGE)
    assert sent_on("http://www.a.example/old/12.htm", secure)
    assert not sent_on("http://www.a.example/old/13.htm", "http://www.a.example/c/2024/7654322.htm")
    assert sent_on("http://www.a.example/old/14.htm", "http://m.a.example/c/2024/7654322.htm")
    assert asked.request_seen(Request("http://www.a.example/c/2024/7654322.htm"))


def test_a_crawl_that_goes_on_remembers(tmp_path):
    for seen in (False, True):
        crawler = get_crawler(Spider, {"JOBDIR": str(tmp_path), "DUPEFILTER_CLASS": AddressDupeFilter})
        asked = AddressDupeFilter.from_crawler(crawler)
        assert asked.request_seen(Request(PAGE if not seen else f"{PAGE}?spm=1")) == seen
        asked.close("shutdown")


def test_crawls_compare_by_keys():
    crawls = Settings()
    crawls.setmodule("crawler.settings")
    assert crawls["DUPEFILTER_CLASS"] == "crawler.dupefilter.AddressDupeFilter"


def test_a_limit_counts_pages_and_not_addresses():
    spider = Limited.from_crawler(get_crawler(Limited, {"LIMIT": 2}), name="dongjiang")
    urls = [PAGE, f"{PAGE}?spm=1", PAGE.replace("http:", "https:"), f"{PAGE}?id=2", f"{PAGE}?id=3"]
    assert [each.url for each in spider.up_to_limit(map(Request, urls))] == [PAGE, f"{PAGE}?id=2"]
    # One that is sent on and refused is lost as the page that was asked for; the next one comes in its place.
    lost = Request(f"{PAGE}?mobile=1", meta={"redirect_urls": [PAGE]})
    assert [each.url for each in spider.instead(lost)] == [f"{PAGE}?id=3"]


# The archive

TEXT = "东江县招商局公布本月项目，签约十二个，开工五个，投产三个，都在园区南片，由县里统一供地。"


@pytest.fixture
def db(tmp_path):
    db = open_archive(tmp_path)
    yield db
    db.close()


def reading(db, url, day=4, **fields):
    """A reading of an article, its page recorded."""
    page = Page(url, "", datetime(2024, 9, day, tzinfo=UTC), digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("1.warc.gz", 0, 1), None))
    return Article(url, "dongjiang", page, **{"title": "本月项目", "text": TEXT} | fields)


def test_an_article_is_found_under_any_address_of_its_key(db):
    stored = save(db, reading(db, PAGE))
    further = reading(db, "http://www.a.example/zt/12.htm")
    assert add_address(db, further, (stored.id, PAGE)) == PAGE
    assert article_at(db, "https://m.a.example/c/2024/7654321.htm?mobile=1") == PAGE
    assert known_at(db, "https://www.a.example/zt/12.htm?utm_source=x") == (stored.id, PAGE)
    assert article_at(db, "http://www.a.example/c/2024/7654322.htm") is None


def test_its_own_address_goes_before_its_key(db):
    """From an archive that was filled before there were keys."""
    for url in (PAGE, f"{PAGE}?print=1"):
        save(db, reading(db, url))
        assert article_at(db, url) == url


def test_the_address_to_cite_takes_its_key_along(db):
    phone = "http://m.a.example/2024/12.htm"
    stored = save(db, reading(db, phone))
    assert add_address(db, reading(db, PAGE), (stored.id, phone)) == PAGE
    [row] = db.query("select url, address_key from articles")
    assert row == {"url": PAGE, "address_key": key(PAGE)}
    assert [(each["url"], each["address_key"]) for each in db.table("addresses").rows] == [(phone, phone)]


def test_an_archive_of_before_gets_its_keys(db):
    stored = save(db, reading(db, PAGE))
    add_address(db, reading(db, "https://a.example/zt/12.htm#top"), (stored.id, PAGE))
    for table in ("articles", "addresses"):
        db.execute(f"drop index idx_{table}_address_key")
        db.execute(f"alter table {table} drop column address_key")
    db.execute("delete from _sqlite_migrations where name = 'm009_address_keys'")
    migrations.apply(db)
    assert [row["address_key"] for row in db.table("articles").rows] == [key(PAGE)]
    assert [row["address_key"] for row in db.table("addresses").rows] == ["http://a.example/zt/12.htm"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2024-09-04", "2024-09-04T08:05:00+08:00", True),
        ("2024-09-04", "2024-09-03", True),
        ("2024-09-04", None, True),
        ("2024-09", "2024-09-04", True),
        ("2024-09-04", "2024-10-08", False),
        ("2024-09-04", "2023-09-04", False),
        ("2024-08", "2024-09-04", False),
    ],
)
def test_a_notice_of_every_month_is_an_article_each_time(db, one, other, same):
    stored = save(db, reading(db, "http://a.example/1.htm", published=one))
    again = reading(db, "http://a.example/2.htm", published=other)
    assert twin_of(db, again) == ((stored.id, stored.url) if same else None)


# The stage


@pytest.fixture
def stage(tmp_path):
    """The stage in a run; it has opened the archive for itself."""
    crawler = get_crawler(Spider, {"DATA_DIR": str(tmp_path)})
    stage = DeduplicateStage(crawler)
    stage.opened(None)
    yield stage
    stage.closed(None, "finished")


def test_a_site_that_moved_to_https_has_the_articles_it_had(db, stage):
    stored = save(db, reading(db, PAGE))
    moved = stage.process_item(reading(db, PAGE.replace("http:", "https:"), 5))
    again = save(db, moved)
    assert (moved.url, again.id, again.outcome) == (PAGE, stored.id, "unchanged")
    assert [row["url"] for row in db.table("addresses").rows] == [PAGE.replace("http:", "https:")]


def test_a_view_that_says_the_same_is_no_reading_of_its_own(db, stage):
    """That of a phone has no section: the article would have a new version at every crawl."""
    save(db, reading(db, PAGE, section="要闻"))
    with pytest.raises(DropItem, match="same_content"):
        stage.process_item(reading(db, f"{PAGE}?mobile=1", 5))
    assert [row["url"] for row in db.table("addresses").rows] == [f"{PAGE}?mobile=1"]
    corrected = stage.process_item(reading(db, f"{PAGE}?print=1", 6, text=TEXT.replace("十二", "十三")))
    assert save(db, corrected).outcome == "changed"


def test_an_article_known_by_a_view_is_cited_by_its_page(db, stage):
    stored = save(db, reading(db, PAGE.replace("www.", "m.")))
    page = stage.process_item(reading(db, PAGE, 5))
    assert (page.url, save(db, page).id) == (PAGE, stored.id)


# A crawl

SITE = "http://www.dongjiang.example"
SOURCE = f"""
name = "东江新闻网"
family = "portal"
start = ["{SITE}/list.html"]
hosts = ["m.dongjiang.example"]
select.list = "ul a"
polite.delay = 0
"""
BRIDGE = "/n/2024/7654321.html"
TEN = (
    f"{BRIDGE}#comments", f"{BRIDGE}?from=timeline&isappinstalled=0", BRIDGE, f"{BRIDGE}?mobile=1",
    f"{SITE}:80{BRIDGE}", f"HTTP://WWW.Dongjiang.Example{BRIDGE}", f"https://www.dongjiang.example{BRIDGE}",
    f"http://m.dongjiang.example{BRIDGE}", f"/m{BRIDGE}", f"/print{BRIDGE}", "/n/2024/7654321_print.html",
    f"{BRIDGE};jsessionid=0A1B2C3D",
)  # fmt: skip
FAIR, TOPIC = "/n/2024/7654330.html", "/zt/fair.html"
AUGUST, SEPTEMBER = "/n/2024/7654340.html", "/n/2024/7654341.html"
MOVED, CIRCLE = "/n/2024/7654350.html", "/n/2024/7654360.html"
SPECIAL = "/zt/2024/index.html"


def refresh(to):
    return f'<html><head><meta http-equiv="refresh" content="0;url={to}"></head><body></body></html>'


@pytest.fixture
def crawled(run, site, html, query, tmp_path):
    """What a crawl of a list full of second addresses asked for, what it kept, and its stats."""

    def article(name, day, *lines):
        return html(name, f"2024-{day} 08:05 来源：东江新闻网", *lines)

    fair = article(
        "丘陵农机展签下七份协议",
        "09-05",
        "为期三天的丘陵农机展昨天结束，五十二家企业参展，现场签下七份合作协议，其中四份是零部件配套。",
    )
    notice = (
        "本月的招商项目例会照常举行，请各园区带上项目进度表和用地清单，会后把纪要报到县招商局办公室，不再另行通知。"
    )
    links = (*TEN, FAIR, TOPIC, AUGUST, SEPTEMBER, MOVED, CIRCLE, SPECIAL, "/zt/2024/")
    pages = {
        "/list.html": "".join(f"<li><a href='{to}'>一条够长的标题</a></li>" for to in links).join(("<ul>", "</ul>")),
        BRIDGE: article(
            "东江二桥合龙",
            "09-04",
            "东江二桥昨天下午合龙，园区到高铁站由四十分钟缩短为十分钟，两岸的厂都在等它通车，有两家把开工写成通车后一个月。",
        ),
        FAIR: fair,
        TOPIC: fair,
        AUGUST: article("关于召开项目例会的通知", "08-05", notice),
        SEPTEMBER: article("关于召开项目例会的通知", "09-05", notice),
        MOVED: refresh(f"{MOVED}?mobile=1"),
        f"{MOVED}?mobile=1": article(
            "老码头改成冷链仓",
            "09-06",
            "老码头的三座仓库改成了冷链仓，上月底开始收货，头一批是两百吨冻鱼，走水路来，走高铁去，当天就能到省城的市场。",
        ),
        CIRCLE: refresh(f"{CIRCLE}?mobile=1"),
        f"{CIRCLE}?mobile=1": refresh(CIRCLE),
        SPECIAL: article(
            "专题开篇：码头、桥和高铁站",
            "09-07",
            "专题说的是一座县城十年里怎样把码头、桥和高铁站连成一条线，开篇从老码头的调度员说起，他在江边干了三十一年。",
        ),
    }
    site.pages |= {SITE + path: page for path, page in pages.items()}
    folder = tmp_path / "sources/guangdong"
    folder.mkdir(parents=True)
    (folder / "dongjiang.toml").write_text(SOURCE)
    options = {"SOURCES_DIR": folder.parent, "DATA_DIR": tmp_path / "data", "DOWNLOAD_DELAY": 0}
    done = run(
        "scrapy", "crawl", "dongjiang", *(f"-s{key}={value}" for key, value in options.items()),
        cwd=Path(__file__).parent.parent, env={"http_proxy": site.address},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [told] = query(tmp_path / "data", "select stats from runs")
    kept = query(tmp_path / "data", "select id, url from articles")
    further = query(tmp_path / "data", "select url, article_id from addresses")
    asked = Counter(url.removeprefix(SITE) for url in site.requests if not url.endswith("robots.txt"))
    return asked, kept, further, json.loads(told["stats"])


def test_a_list_of_second_addresses(crawled):
    asked, kept, further, stats = crawled
    bridge = [url for url in asked if "7654321" in url]
    assert bridge == [BRIDGE]
    assert asked[BRIDGE] == asked[SPECIAL] == 1
    assert "/zt/2024/" not in asked
    assert set(asked.values()) == {1}
    # Sent on to its own twin: the answer; in a circle: not again.
    assert {MOVED, f"{MOVED}?mobile=1", CIRCLE, f"{CIRCLE}?mobile=1"} <= set(asked)
    assert stats["dupefilter/filtered"] >= len(TEN) - 1 + len(["/zt/2024/", CIRCLE])
    found = {row["url"].removeprefix(SITE): row["id"] for row in kept}
    # Of the two whose content alone is the same, the one that came first has the other beside it.
    [second] = [{"url": SITE + path, "article_id": found.get(other)} for path, other in ((FAIR, TOPIC), (TOPIC, FAIR))
                if path not in found]  # fmt: skip
    assert further == [second]
    assert set(found) - {FAIR, TOPIC} == {BRIDGE, AUGUST, SEPTEMBER, f"{MOVED}?mobile=1", SPECIAL}
    assert stats["deduplicate/same_content"] == 1
