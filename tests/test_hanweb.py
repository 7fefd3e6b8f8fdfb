"""Hanweb: the records of a column, how further ones are asked for, and what of an article only its list tells."""

import json
import pickle
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.settings import Settings
from scrapy.utils.request import request_from_dict
from warcio.archiveiterator import ArchiveIterator

from archive.article import Page
from crawler.decode import PageResponse
from spiders import source
from spiders.families import Hanweb
from spiders.reading.jpage import read_lists

CASES = tomllib.loads((Path(__file__).parent / "cases/feeds.toml").read_text(encoding="utf-8"))["jpage"]
FETCHED = datetime(2026, 10, 2, tzinfo=UTC)
COLUMN = "http://www.example/col/col282/index.html?uid=423656&pageNum=1"
PROXY = "http://www.example/module/web/jpage/dataproxy.jsp"


def page(text, url=COLUMN):
    return Page(url, text, FETCHED, charset="utf-8")


# What a list tells


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
def test_list(case):
    [found] = read_lists(case["text"])
    assert [record.href for record in found.records] == case["hrefs"]
    assert [record.date or "" for record in found.records] == case.get("dates", [])
    assert (found.next, found.total, found.whole) == (case.get("next"), case.get("total"), case.get("whole", True))
    if "after" in case:
        assert found.call.after(found.call.group) == case["after"]
        assert [list(pair) for pair in found.call.form] == case["form"]


def test_a_page_with_two_lists():
    both = read_lists(CASES[0]["text"] + CASES[0]["text"].replace("totalRecord:58", "totalRecord:21"))
    assert [found.total for found in both] == [58, 21]


@pytest.mark.parametrize("text", ["", "<html><ul><li><a href='/art/2024/9/4/art_1_2.html'>甲</a></ul>", ".jpage({"])
def test_no_list(text):
    assert read_lists(text) == ()


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.sampled_from(CASES), st.data())
def test_a_torn_list_is_read_somehow(case, data):
    text = case["text"]
    first, second, last = sorted(data.draw(st.integers(0, len(text))) for _ in range(3))
    for found in read_lists(text[:first] + text[second:last]):
        assert all(record.href for record in found.records)


@pytest.mark.parametrize(
    "build",
    [
        lambda n: "<datastore><record>" * n,
        lambda n: "<datastore>" + "<record><a href='" * n,
        lambda n: ".jpage({dataStore:a," * n + "a=[" * n,
        lambda n: ".jpage({ajaxParam:{" * n,
        lambda n: f"<datastore><record><a href=/1>{'<' * n}</a>",
    ],
)
def test_reading_time_grows_with_the_list(build, grows_evenly):
    grows_evenly(read_lists, build, 2000)


# What is asked for


def spider(**more):
    """A spider of the family with these settings, that has not run."""
    example = source.Source("example", "tests", Path("example.toml"), "示例", "hanweb", (COLUMN,))
    made = type("Example", (Hanweb,), {"name": "example", "source": example})()
    made.settings = Settings(more)
    return made


def answer(text, url=COLUMN):
    return PageResponse(url, body=text.encode(), encoding="utf-8", page=page(text, url))


def records(days, head="", call=""):
    """A column page, or an answer, with an article of each of these days of September 2024."""
    inner = "".join(
        f'<record><![CDATA[<li><a href="/art/2024/9/{day}/art_282_{day}.html">甲</a><span>2024-09-{day:02}</span>'
        "</li>]]></record>"
        for day in days
    )
    return f"<datastore>{head}<recordset>{inner}</recordset></datastore>{call}"


def nextgroup(href):
    return f'<nextgroup><![CDATA[<a href="{href}"></a>]]></nextgroup>'


CALL = (
    "<script>$('#7').jpage({totalRecord:5,perPage:2,groupSize:1,proxyUrl:'/module/web/jpage/dataproxy.jsp',"
    "ajaxParam:{columnid:282,webname:'射阳'}});</script>"
)


def names(requests):
    return [request.url.rpartition("/")[2] for request in requests]


def test_the_address_of_a_nextgroup_is_asked_for():
    further = "/module/web/jpage/dataproxy.jsp?page=1&webname=招商"
    *articles, more = spider().find(answer(records([4, 3], nextgroup(further))))
    assert names(articles) == ["art_282_4.html", "art_282_3.html"]
    assert (more.method, more.url) == ("GET", f"{PROXY}?page=1&webname=%E6%8B%9B%E5%95%86")


def test_what_the_script_would_post_is_posted_until_all_are_there():
    crawled = spider()
    *_, first = crawled.find(answer(records([9, 8], call=CALL)))
    assert (first.method, first.url) == ("POST", f"{PROXY}?startrecord=3&endrecord=4&perpage=2")
    assert parse_qsl(first.body.decode()) == [("columnid", "282"), ("webname", "射阳")]
    *_, second = first.callback(answer(records([7, 6]), first.url), **first.cb_kwargs)
    assert second.url == f"{PROXY}?startrecord=5&endrecord=5&perpage=2"
    assert names(second.callback(answer(records([5]), second.url), **second.cb_kwargs)) == ["art_282_5.html"]


def test_a_crawl_can_be_stopped_between_two_parts_of_a_list():
    crawled = spider()
    *_, more = crawled.find(answer(records([9, 8], call=CALL)))
    kept = request_from_dict(pickle.loads(pickle.dumps(more.to_dict(spider=crawled))), spider=crawled)
    assert (kept.url, kept.body, kept.cb_kwargs) == (more.url, more.body, more.cb_kwargs)


@pytest.mark.parametrize(
    ("text", "method", "query"),
    [
        (f"<div id=7></div>{CALL}", "POST", "startrecord=1&endrecord=2&perpage=2"),
        (records([], call=CALL), "POST", "startrecord=1&endrecord=2&perpage=2"),
        (records([], nextgroup("/module/web/jpage/dataproxy.jsp?page=1")), "GET", "page=1"),
    ],
)
def test_a_page_without_records_of_its_own_asks_for_all(text, method, query):
    [more] = spider().find(answer(text))
    assert (more.method, more.url) == (method, f"{PROXY}?{query}")


def test_an_article_of_two_columns_ends_neither():
    crawled = spider()
    for column in (282, 283):
        url = COLUMN.replace("282", str(column))
        requests = list(crawled.find(answer(records([4, 3], nextgroup(f"/more.jsp?columnid={column}")), url)))
        assert requests[-1].url == f"http://www.example/more.jsp?columnid={column}"


@pytest.mark.parametrize(
    ("limits", "days", "goes_on"),
    [
        ({}, [4, 3], True),
        ({"LIMIT": 3}, [4, 3], True),
        ({"LIMIT": 2}, [4, 3], False),
        ({"SINCE": "2024-09-04"}, [4], True),
        ({"SINCE": "2024-09-05"}, [], False),
    ],
)
def test_as_far_as_they_are_wanted(limits, days, goes_on):
    """A list goes on while one of its records is young enough."""
    asked = names(spider(**limits).find(answer(records([4, 3], nextgroup("/more.jsp")))))
    assert asked == [f"art_282_{day}.html" for day in days] + ["more.jsp"] * goes_on


@pytest.mark.parametrize("text", [records([4, 3], nextgroup("/more.jsp?page=2")), records([]), "", "<html>系统繁忙"])
def test_an_answer_with_nothing_new_ends_the_list(text):
    crawled = spider()
    *_, more = crawled.find(answer(records([4, 3], nextgroup("/more.jsp?page=1"))))
    assert list(more.callback(answer(text, more.url), **more.cb_kwargs)) == []


def test_answers_without_records_are_not_followed_for_ever():
    crawled = spider()
    [more] = crawled.find(answer(records([], nextgroup("/more.jsp?page=1"))))
    assert list(more.callback(answer(records([], nextgroup("/more.jsp?page=2")), more.url), **more.cb_kwargs)) == []


def test_links_of_an_answer_start_from_the_column():
    """They are put into its page; those of the answer itself start where it lies."""
    crawled = spider()
    *_, more = crawled.find(answer(records([4], nextgroup("/module/web/jpage/dataproxy.jsp?page=1"))))
    text = records([3], nextgroup("./dataproxy.jsp?page=2")).replace("/art/", "../../art/")
    article, further = more.callback(answer(text, more.url), **more.cb_kwargs)
    assert article.url == "http://www.example/art/2024/9/3/art_282_3.html"
    assert further.url == f"{PROXY}?page=2"


def test_a_column_without_records_is_a_list_of_links():
    html = "".join(
        f"<li><a href='/art/2024/9/{day}/art_282_12345{day}.html'>沭河经开区给四十二家老厂发体检单{day}</a></li>"
        for day in (4, 5, 6, 7)
    )
    assert len(names(spider().find(answer(f"<html><body><ul>{html}</ul></body></html>")))) == 4


@pytest.mark.parametrize(
    ("url", "text", "is_list"),
    [
        (COLUMN, "<html>", True),
        (PROXY, records([4]), True),
        ("http://www.example/index.html", CASES[0]["text"], True),
        # Articles have lists of related ones.
        ("http://www.example/art/2024/9/4/art_282_4.html", CASES[0]["text"], False),
    ],
)
def test_kept_pages(url, text, is_list):
    assert spider().is_list(page(text, url)) == is_list


# The sample site, end to end


@pytest.fixture(scope="module")
def crawled(zhaoshang, tmp_path_factory):
    data = tmp_path_factory.mktemp("sheyang")
    done = zhaoshang("crawl", "sheyang", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    return data


def test_the_columns_of_a_site(crawled, query):
    """Every field of every article: tests/test_demo.py."""
    [run] = query(crawled, "select new, pages, stats, finding from runs")
    # 23 articles, three columns, two answers each of two of them, robots.txt.
    assert (run["new"], run["pages"]) == (23, 31)
    assert run["finding"] == "lists of records broken off: 1"
    assert json.loads(run["stats"])["read/rules"] == 23


def test_a_date_that_only_the_list_knows(crawled, query):
    found = query(
        crawled, "select url, published, published_precision from articles where provenance like '%\"list\"%'"
    )
    assert found == [{
        "url": "http://www.sheyang.example/zwgk/content_8810.html", "published": "2023-11-06T00:00:00+08:00",
        "published_precision": "day",
    }]  # fmt: skip


def test_an_answer_in_another_charset_is_understood(crawled, query):
    """It says UTF-8 and is GBK; the name in the address that it leads to is asked for in GBK, as browsers would."""
    [row] = query(crawled, "select charset_evidence from pages where url like '%page=1%' and charset = 'gb18030'")
    assert "false: header UTF-8, markup UTF-8" in row["charset_evidence"]
    assert query(crawled, "select status from pages where url like '%page=2%webname=%C9%E4%'") == [{"status": 200}]


def test_what_was_posted_is_in_the_record(crawled):
    [path] = (crawled / "warc").iterdir()
    with path.open("rb") as file:
        posted = [
            parse_qsl(record.content_stream().read().decode())
            for record in ArchiveIterator(file)
            if record.rec_type == "request" and record.http_headers.protocol == "POST"
        ]
    assert [dict(form)["webname"] for form in posted] == ["射阳县投资促进局"] * 2
