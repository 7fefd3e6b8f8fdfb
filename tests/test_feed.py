"""Feeds and sitemaps: what they tell, broken as they are, what is asked for because of it, and what comes of that."""

import gzip
import json
import pickle
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.request import request_from_dict

from archive.article import Article, Page
from crawler.decode import DecodeMiddleware, PageResponse
from pipelines.text.feed_dates import told_date
from spiders import source
from spiders.families import Feed
from spiders.families.told import completed
from spiders.reading.feeds import read_feed

CASES = tomllib.loads((Path(__file__).parent / "cases/feeds.toml").read_text(encoding="utf-8"))
URL = "http://www.example/rss.xml"
FETCHED = datetime(2026, 10, 2, tzinfo=UTC)


def page(text, url=URL):
    return Page(url, text, FETCHED, charset="utf-8")


# What a feed tells


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES["feed"]])
def test_feed(case):
    found = read_feed(case.get("before", "") + case["text"].removeprefix("\n"), URL)
    if case.get("none"):
        assert found is None
        return
    assert [entry.url for entry in found.entries] == case.get("urls", [])
    assert [entry.told | {"keywords": list(entry.told.get("keywords", ()))} for entry in found.entries] == [
        {"keywords": []} | told for told in case.get("told", [])
    ]
    assert [entry.url for entry in found.sitemaps] == case.get("sitemaps", [])
    assert found.broken == case.get("broken", False)
    if "changed" in case:
        assert [entry.changed or "" for entry in found.entries] == case["changed"]
    assert {entry.rule for entry in found.entries if entry.told} <= {case.get("rule", "feed")}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["raw"]) for case in CASES["date"]])
def test_date(case):
    assert told_date(case["raw"]) == case.get("iso")


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.sampled_from(CASES["feed"]), st.data())
def test_a_torn_feed_is_read_somehow(case, data):
    """A feed cut off anywhere, with a piece missing: every address found is one that stands in it."""
    text = case["text"]
    first, second, last = sorted(data.draw(st.integers(0, len(text))) for _ in range(3))
    found = read_feed(text[:first] + text[second:last], URL)
    assert found is None or all(entry.url.startswith("http") for entry in (*found.entries, *found.sitemaps))


@pytest.mark.parametrize(
    "build",
    [
        lambda n: "<rss><channel>" + "<item>" * n,
        lambda n: "<rss>" + "<![CDATA[" * n,
        lambda n: "<rss>" + "&a" * n,
        lambda n: "<urlset>" + f"<url><loc>{URL}</loc></url>" * n,
        lambda n: f"<rss><item><link>{URL}</link><title><![CDATA[{'<a' * n}]]></title></item></rss>",
        lambda n: f"<rss><item><link>{URL}</link><pubDate>{'1 Sep 1:01 ' * n}</pubDate></item></rss>",
        lambda n: "<!" * n + "<rss><channel/></rss>",
    ],
)
def test_reading_time_grows_with_the_feed(build, grows_evenly):
    grows_evenly(lambda text: read_feed(text, URL), build, 2000)


# What is asked for


def spider(**more):
    """A feed's spider with these settings, that has not run."""
    example = source.Source("example", "tests", Path("example.toml"), "示例", "feed", (URL,))
    made = type("Example", (Feed,), {"name": "example", "source": example})()
    made.settings = Settings(more)
    return made


def answer(text, url=URL):
    return PageResponse(url, body=text.encode(), encoding="utf-8", page=page(text, url))


def rss(*items):
    inner = "".join(f"<item><link>{link}</link><pubDate>{date}</pubDate></item>" for link, date in items)
    return f"<rss><channel>{inner}</channel></rss>"


ITEMS = rss(
    ("/1.htm", "Wed, 04 Sep 2024 08:05:00 +0800"), ("/2.htm", "Tue, 03 Sep 2024 15:59:00 GMT"),
    ("/3.htm", ""), ("/2024/09/01/4.htm", ""),
)  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        ({}, ["1", "2", "3", "4"]),
        # 15:59 in Greenwich is still the third of September in China.
        ({"SINCE": "2024-09-04"}, ["1", "3"]),
        ({"SINCE": "2024-09-03"}, ["1", "2", "3"]),
        ({"LIMIT": 2}, ["1", "2"]),
    ],
)
def test_articles_as_far_as_they_are_wanted(limits, names):
    asked = list(spider(**limits).find(answer(ITEMS)))
    assert [request.url.rpartition("/")[2] for request in asked] == [f"{name}.htm" for name in names]


INDEX = """<sitemapindex><sitemap><loc>/2022.xml</loc><lastmod>2022-12-31</lastmod></sitemap>
<sitemap><loc>/2024.xml</loc><lastmod>2024-09-04</lastmod></sitemap><sitemap><loc>/2023.xml</loc><lastmod>2023-12-30</lastmod></sitemap>
<sitemap><loc>/sitemap.xml</loc></sitemap></sitemapindex>"""


def walk(crawled, **answers):
    """The sitemaps asked for, in order, where `answers` has what each one answers; the others do not exist."""
    [request], asked = list(crawled.find(answer(INDEX, "http://www.example/sitemap.xml"))), []
    while request:
        name = request.url.rpartition("/")[2]
        asked.append(name)
        if name in answers:
            response = answer(answers[name], request.url)
            further = list(request.callback(response, **request.cb_kwargs))
        else:
            further = list(request.errback(SimpleNamespace(request=request, getErrorMessage=lambda: "404")))
        request = next((each for each in further if each.url.endswith(".xml")), None)
    return asked


def urlset(name):
    return f"<urlset><url><loc>/{name}.htm</loc></url></urlset>"


def test_sitemaps_one_after_the_other_newest_first():
    """A missing one does not end the walk, and an index that names itself is read once more and no oftener."""
    answers = {"2024.xml": urlset(1), "2022.xml": urlset(3), "sitemap.xml": INDEX}
    assert walk(spider(), **answers) == ["2024.xml", "2023.xml", "2022.xml", "sitemap.xml"]


def test_a_crawl_can_be_stopped_between_two_sitemaps():
    crawled = spider()
    [request] = crawled.find(answer(INDEX, "http://www.example/sitemap.xml"))
    kept = request_from_dict(pickle.loads(pickle.dumps(request.to_dict(spider=crawled))), spider=crawled)
    assert (kept.callback, kept.errback, kept.cb_kwargs) == (crawled.find, crawled.missed, request.cb_kwargs)


def test_sitemaps_from_before_since_are_left():
    assert walk(spider(SINCE="2023-06-01"), **{"2024.xml": urlset(1), "2023.xml": urlset(2)}) == [
        "2024.xml", "2023.xml", "sitemap.xml"
    ]  # fmt: skip


def test_no_further_sitemap_when_the_limit_is_reached():
    assert walk(spider(LIMIT=1), **{"2024.xml": urlset(1)}) == ["2024.xml"]


def test_what_is_no_feed_ends_nothing():
    assert walk(spider(), **{"2024.xml": "<html><p>系统维护中</p></html>"})[:2] == ["2024.xml", "2023.xml"]


@pytest.mark.parametrize(
    ("text", "is_list"), [(ITEMS, True), (INDEX, True), ("<html><body><h1>码头边的招商席</h1></body></html>", False)]
)
def test_kept_pages(text, is_list):
    assert spider().is_list(page(text)) == is_list


# What is told fills what the page leaves open


TOLD = {"title": "码头边", "raw_date": "2024-09-04T08:05:00+08:00", "raw_byline": "孟宪平", "keywords": ("招商",)}


def test_told_fields_fill_gaps_only():
    article = Article(
        "http://www.example/1.htm", "example", page(""), title="老码头", raw_date="2024-09-05",
        provenance={"title": "h1", "raw_date": "line"},
    )  # fmt: skip
    found = completed(article, TOLD, "feed")
    assert (found.title, found.raw_date, found.raw_byline, found.keywords) == (
        "老码头", "2024-09-05", "孟宪平", ("招商",)
    )  # fmt: skip
    assert found.provenance == {"title": "h1", "raw_date": "line", "raw_byline": "feed", "keywords": "feed"}


@pytest.mark.parametrize(
    ("told", "raw_date", "rule"),
    [
        ("2024-09-04T08:05:00+08:00", "2024-09-04T08:05:00+08:00", "feed"),
        ("2024-09-05T08:05:00+08:00", "2024-09-04", "address /2024-09-04"),
        ("2024-09-04", "2024-09-04", "address /2024-09-04"),
    ],
)
def test_a_time_of_the_day_in_the_address(told, raw_date, rule):
    provenance = {"raw_date": "address /2024-09-04"}
    article = Article("http://www.example/1.htm", "example", page(""), raw_date="2024-09-04", provenance=provenance)
    found = completed(article, {"raw_date": told}, "feed")
    assert (found.raw_date, found.provenance["raw_date"]) == (raw_date, rule)


# From bytes


def decoded(body, content_type):
    """The page of a response after decoding; None where it is no text."""
    middleware = DecodeMiddleware.__new__(DecodeMiddleware)
    middleware.stats = SimpleNamespace(inc_value=lambda *_: None)
    middleware.settings = Settings({"READ_MAXSIZE": 1_000_000})
    response = Response(URL, headers={"Content-Type": content_type}, body=body)
    request = SimpleNamespace(meta={})
    return getattr(middleware.process_response(request, response), "page", None)


def test_compressed_sitemaps_are_unpacked():
    body = gzip.compress(urlset(1).encode(), mtime=0)
    assert decoded(body, "application/x-gzip").text == urlset(1)


@pytest.mark.parametrize(
    "body", [b"\x1f\x8b\x08", b"\x1f\x8b\x08" + b"\xff" * 40, gzip.compress(bytes(range(256)) * 9, mtime=0)]
)
def test_what_is_torn_or_no_text_is_left_alone(body):
    assert decoded(body, "application/x-gzip") is None


# The sample site, end to end


@pytest.fixture(scope="module")
def crawled(zhaoshang, tmp_path_factory):
    data = tmp_path_factory.mktemp("minjiang")
    done = zhaoshang("crawl", "minjiang", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    return data


def test_the_feeds_of_a_site(crawled, query):
    """Every field of every article: tests/test_demo.py."""
    [run] = query(crawled, "select new, pages, stats, finding from runs")
    stats = json.loads(run["stats"])
    # 23 articles, three feeds, an index and its three sitemaps, robots.txt.
    assert (run["new"], run["pages"], stats["feed/broken"]) == (23, 31, 1)
    assert run["finding"] == "feeds no XML as they stand: 1"
    found = query(
        crawled, "select published_precision, published_evidence from articles where provenance like '%feed%'"
    )
    assert [row["published_evidence"].partition(":")[0] for row in found] == ["feed", "feed"]
    news = query(crawled, "select published_precision from articles where provenance like '%news sitemap%'")
    assert [row["published_precision"] for row in news] == ["minute"] * 3


def test_since_asks_for_new_articles_only(zhaoshang, query, tmp_path):
    """Of the sitemaps that of 2023 is not even asked for; what shows no date may be new."""
    assert zhaoshang("crawl", "minjiang", "--since", "2024-07-01", data=tmp_path).returncode == 0
    asked = {row["url"].rpartition("/")[2] for row in query(tmp_path, "select url from pages")}
    assert "sitemap-2023.xml" not in asked
    assert {"sitemap-2024.xml.gz", "zs.xml"} <= asked
    found = query(tmp_path, "select min(published) as oldest, count(*) as articles from articles")
    assert found == [{"oldest": "2024-07-02T16:44:00+08:00", "articles": 7}]
