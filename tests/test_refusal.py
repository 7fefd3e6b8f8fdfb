"""Pages that refuse what was asked for are told from articles on the same words, and stubs from pages."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.article import Page
from crawler.demo import sample
from crawler.demo.province import build
from crawler.demo.sites import chaopan
from crawler.findings import CAUSES, FEWEST, refusals, unmatched
from spiders import source
from spiders.reading.document import Document
from spiders.reading.refusal import REFUSALS, refusal
from spiders.reading.stub import is_stub, sent_on

HERE = Path(__file__).parent
PAGES = tomllib.loads((HERE / "cases/refusals.toml").read_text(encoding="utf-8"))["page"]
URL = "http://www.example/news/20240904/1.htm"


def page_of(html, url=URL):
    return Page(url, html, datetime(2024, 9, 4, tzinfo=UTC))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in PAGES])
def test_refusal(case):
    assert refusal(page_of(case["html"])) == case.get("refusal")


def test_every_cause_is_shown_and_named():
    assert {case["refusal"] for case in PAGES if "refusal" in case} == set(REFUSALS) == set(CAUSES)


def test_no_sample_article_is_refused():
    codecs = {"gb18030": "gb18030", "utf-8": "utf-8", "big5": "big5hkscs"}
    province = build()
    found = {
        url: refusal(page_of(province.answers[url].body.decode(codecs[truth.charset]), url))
        for url, truth in province.truths.items()
    }
    assert {url: cause for url, cause in found.items() if cause} == {}


def test_a_text_file_may_refuse():
    assert refusal(page_of("页面没有找到\n\n您访问的页面没有找到，可能已被移动或者改名。")) == "not_found"
    text = next(each.text for each in sample.load())
    assert refusal(page_of(f"页面没有找到\n\n{text}")) is None


@pytest.mark.parametrize("line", ["抱歉，" * 9, "您访问的" * 12, "404 " * 15, "登录" * 30, "域名" * 30])
def test_time_grows_with_the_page(line, grows_evenly):
    grows_evenly(refusal, lambda times: page_of(f"<p>{line}</p>" * times), 2_000)


# Stubs


@pytest.mark.parametrize(
    ("script", "target"),
    [
        ("window.location.href='/zt/1.htm';", "http://www.example/zt/1.htm"),
        ('location.replace("../20240905/2.htm")', "http://www.example/news/20240905/2.htm"),
        ("top.location = 'http://www.example/zt/'", "http://www.example/zt/"),
        # Off the site, to itself, on a condition, two ways.
        ("location.href='http://other.example/';", None),
        ("location.href='http://www.example/news/20240904/1.htm';", None),
        ("if(/Mobile/.test(navigator.userAgent)){location.href='/m/1.htm';}", None),
        ("document.cookie='a=1';location.href='/zt/1.htm';", None),
        ("if(a){location.href='/zt/1.htm';}else{location.href='/zt/2.htm';}", None),
        ("location.href=base+'/zt/1.htm';", None),
        ("var way='/zt/1.htm';", None),
    ],
)
def test_where_a_script_leads(script, target):
    document = Document(f"<html><body><script>{script}</script></body></html>", URL)
    assert sent_on(document) == target
    assert is_stub(document) == (target is not None)


def test_a_page_with_content_is_no_stub():
    html = f"<p>{'今年以来，全市新签约亿元以上项目二十八个，总投资过百亿元。' * 3}</p>"
    for way in ("<script>location.href='/m/1.htm'</script>", "<meta http-equiv=refresh content='300;url=/'>"):
        assert not is_stub(Document(html + way, URL))
        assert sent_on(Document(html + way, URL)) is None


# What is said of them


def test_a_handful_of_refusals_is_said_and_a_share_is_wrong():
    assert refusals({}, 40) is None
    assert not refusals({"login": 8}, 40).wrong
    assert refusals({"login": 9}, 40).wrong
    assert refusals({"challenge": 1}, 1).wrong


RULES = source.Source(
    "example", "tests", Path("example.toml"), "示例", "portal", (URL,),
    select={"list": ("ul a",), "body": ("div.text",), "kicker": ("p.yt",)},
)  # fmt: skip


@pytest.mark.parametrize(
    ("stats", "said"),
    [
        ({"list/rules": 2, "read/rules": 9}, []),
        ({}, []),
        (
            {"list/general": 2, "list/none": 1, "read/rules": 9},
            [("select.list of example.toml matched none of 3 lists; links were found generally", True)],
        ),
        (
            {"read/general": 3},
            [("select.body of example.toml matched none of 3 pages; they were read generally", True)],
        ),
        (
            {"read/general": 5, "read/rules": 4},
            [("select.body of example.toml matched 4 of 9 pages; the others were read generally", False)],
        ),
        ({"read/general": 2, "read/rules": 1}, []),
        ({"read/rules": 9, "read/missed/kicker": 8}, []),
        ({"read/rules": FEWEST - 1, "read/missed/kicker": FEWEST - 1}, []),
        (
            {"read/rules": 9, "read/missed/kicker": 9},
            [("select.kicker of example.toml matched none of 9 pages", False)],
        ),
    ],
)
def test_rules_that_match_no_more(stats, said):
    assert [(each.sentence, each.wrong) for each in unmatched(RULES, stats)] == said


def test_a_few_pages_of_a_partial_run_are_no_proof():
    assert list(unmatched(RULES, {"read/general": FEWEST - 1}, partial=True)) == []
    assert next(unmatched(RULES, {"read/general": FEWEST}, partial=True)).wrong


def test_the_portal_s_refusals_are_counted_and_not_kept(province, query):
    [run] = query(province, "select stats, finding from runs where source = 'chaopan'")
    stats = json.loads(run["stats"])
    assert {key: times for key, times in stats.items() if key.startswith("refused/")} == {
        f"refused/{cause}": 1 for cause in chaopan.REFUSING.values()
    }
    pages = stats["recording/pages"]
    causes = "not found 1, challenge 1, login or payment 1, empty shell 1"
    assert run["finding"] == f"4 of {pages} pages were refused: {causes}"
    assert not stats["run/wrong"]
    kept = {row["url"] for row in query(province, "select url from pages")}
    articles = {row["url"] for row in query(province, "select url from articles")}
    assert set(chaopan.REFUSING) < kept
    assert not set(chaopan.REFUSING) & articles


def test_read_and_import_say_it(zhaoshang, query, tmp_path):
    files = {cause: tmp_path / f"{cause}.html" for cause in sorted(REFUSALS)}
    for cause, file in files.items():
        html = next(case["html"] for case in PAGES if case.get("refusal") == cause)
        file.write_text(f"<html>{html}", encoding="utf-8")
    done = zhaoshang("read", *files.values())
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["refusal"], each["text"], each["title"]) for each in said] == [(cause, "", None) for cause in files]
    assert done.returncode == 0
    done = zhaoshang("import", *files.values(), data=tmp_path / "data")
    assert sorted(done.stderr.splitlines()) == [
        f"zhaoshang: {file}: nothing kept: the page refuses its article: {CAUSES[cause]}"
        for cause, file in files.items()
    ]
    assert query(tmp_path / "data", "select * from articles") == []
