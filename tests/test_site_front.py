"""The front page and the pages of figures: what they count is what is there, and gaps are shown as gaps."""

import asyncio
import csv
import io
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from datasette.app import Datasette
from selectolax.lexbor import LexborHTMLParser

from archive import regions, runs
from archive.article import Article, Mention, Page, RecordPlace
from archive.database import delete, open_archive, save, save_page
from archive.search import find, parse
from archive.site import kept
from archive.site.compared import PlaceError, question
from archive.site.drawing.lines import Series, lines
from archive.site.drawing.strips import Nothing
from archive.site.drawing.tiles import LETTERS, places
from archive.site.kept import unchanged
from archive.site.language import LANGUAGES, Words
from archive.site.pages import region
from archive.site.pages.coverage import Covered
from archive.site.serve import site

FETCHED = datetime(2024, 9, 4, 18, 5, tzinfo=UTC)
SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def article(source, month, precision, region, words, *mentions):
    published = {"": None, "year": f"{month[:4]}-01-01T00:00:00+08:00"}.get(precision, f"{month}-05T00:00:00+08:00")
    text = f"{words}，今年以来当地签下一批项目，负责人介绍了来龙去脉。"
    return {
        "source": source,
        "title": words,
        "text": text,
        "published": published,
        "published_precision": precision or None,
        "region": region,
        "mentions": tuple(Mention(code, "某地", 1) for code in mentions),
    }


ARTICLES = [
    article("yunxi", "2024-01", "day", "430600", "岳阳的码头运来了光伏板", "430600", "420100"),
    article("yunxi", "2024-01", "day", "430602", "楼下的锂电工厂招了一百人"),
    article("yunxi", "2024-04", "month", "430600-GX", "临港新区把光伏玻璃卖到海外"),
    article("jinbei", "2024-04", "day", "360800", "吉安的电子厂又添三条线"),
    article("jinbei", "2024-04", "day", "430600", "岳阳的码头运来了光伏板"),  # a copy of the first one
    article("jinbei", "2022", "year", "360800", "庐陵往事：一座老厂的搬迁"),
    article("jinbei", "", "", None, "没有日期的光伏通知"),
    article("other", "2023-11", "day", "810000", "香港的基金来看园区"),
]
RUNS = [
    ("yunxi", "2024-02-01T01:00:00Z", {"pages": 9, "new": 2}, None),
    ("yunxi", "2024-09-03T17:30:00Z", {"pages": 7, "new": 1}, "3 of 7 pages were refused <b>"),
    ("jinbei", "2024-09-03T18:00:00Z", {"pages": 5, "new": 4, "dropped": 1}, None),
    ("silent", "2024-09-03T19:00:00Z", {"pages": 0}, None),
]
COUNTS = ("pages", "new", "changed", "unchanged", "dropped", "errors")


def enter(db, fields, *, at=FETCHED, url=None):
    number = db.execute("select count(*) from articles").fetchone()[0]
    url = url or f"http://news.example/{number}.htm"
    page = Page(url, "", at, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    return save(db, Article(url, page=page, **fields))


def filled(folder, names=None):
    db = open_archive(folder)
    names = {"yunxi": "云溪日报", "jinbei": "金北网", "silent": "静默报"} | (names or {})
    for each, home in (("yunxi", "430602"), ("jinbei", "360800"), ("silent", None)):
        row = {"family": "portal", "province": "x", "start": f"http://{each}.example/", "verified": 1}
        runs.enter_source(db, {"id": each, "name": names[each], "region": home, **row})
    for source, started, counts, finding in RUNS:
        run = runs.begin(db, source, datetime.fromisoformat(started))
        whole = dict.fromkeys(COUNTS, 0) | counts
        runs.finish(db, run, datetime.fromisoformat(started), "finished", whole, finding, {})
    for fields in ARTICLES:
        enter(db, fields)
    for day, number in ((7, "九百"), (10, "八百")):
        told = {"text": f"楼下的锂电工厂招了{number}人，厂长说还不够。"}
        enter(db, ARTICLES[1] | told, at=datetime(2024, 9, day, tzinfo=UTC), url="http://news.example/1.htm")
    db.execute("update articles set gone_at = '2024-09-08T16:30:00Z', gone_evidence = '404' where id = 4")
    db.conn.commit()
    return db


class Visitor:
    """Asks a Datasette application, without a server between."""

    def __init__(self, datasette):
        self.datasette = datasette

    def get(self, path, language="en", **arguments):
        query = "?" + urlencode(arguments, doseq=True) if arguments else ""
        return asyncio.run(self.datasette.client.get(path + query, cookies={"lang": language}))

    def page(self, path, language="en", **arguments):
        response = self.get(path, language, **arguments)
        assert response.status_code == 200, response.text[-400:]
        return LexborHTMLParser(response.text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("front")
    filled(folder).close()
    return folder


@pytest.fixture(scope="module")
def visitor(folder):
    return Visitor(site(folder))


@pytest.fixture
def db(folder):
    """The same archive; what is written is undone."""
    db = open_archive(folder)
    db.execute("begin")
    yield db
    db.conn.rollback()
    db.close()


def said(node):
    return " ".join(node.text().split())


def links(node, css="a"):
    return [(said(each), each.attributes["href"]) for each in node.css(css)]


# The tallies

COUNTED = """
select kind, key, month, count(*) as articles from (
  select 'source' as kind, source as key, * from dated union all select 'region', region_code, * from dated
  union all select 'province', substr(region_code, 1, 2) || '0000', * from dated)
where key is not null group by 1, 2, 3
"""
DATED = (
    "with dated as (select *, coalesce(case published_precision when 'year' then substr(published, 1, 4)"
    " else substr(published, 1, 7) end, '') as month from articles) "
)


@pytest.mark.parametrize(
    "statement",
    [
        "select 1",
        "update articles set region_code = '110101', source = 'new' where id < 3",
        "update articles set region_code = null",
        "update articles set published = null where id = 1",
        "update articles set published_precision = 'year'",
        "update articles set published = '2020-02-02', published_precision = 'day' where id = 6",
        "update articles set title = 'another'",
    ],
)
def test_tallies_are_true_whatever_is_written(db, statement):
    db.execute(statement)
    delete(db, 3)
    expected = {tuple(row) for row in db.execute(DATED + COUNTED)}
    assert {tuple(row) for row in db.execute("select kind, key, month, articles from tallies")} == expected
    assert len({row[0] for row in expected}) > 1 or "null" in statement


# The front page


def test_the_front_page_says_what_is_there(visitor):
    page = visitor.page("/")
    figures = {said(each.css_first("dt")): said(each.css_first("dd")) for each in page.css(".figures div")}
    assert figures == {
        "Articles": "8",
        "Stories (reprints counted once)": "7",
        "Sources": "3",
        "Published": "2022-01-01 – 2024-04-05",
        "Last crawl": "2024-09-04",
    }
    assert said(visitor.page("/", "zh").css_first(".figures dt")) == "新闻（篇）"
    text = said(page.css_first("main"))
    assert "That day 3 sources were crawled and 12 pages fetched: 5 articles are new, 0 changed." in text
    assert "Nothing could be read from one page." in text
    assert "云溪日报: 3 of 7 pages were refused <b>" in text
    assert "One more is dated by its year alone" in text
    assert "One more is undated." in text
    assert "One article has no home region." in text


def test_the_newest_stories_come_first_and_once(visitor):
    page = visitor.page("/")
    listed = [said(each) for each in page.css(".stories h3 a")]
    assert len(listed) == len(set(listed)) == 7
    assert set(listed[:2]) == {"吉安的电子厂又添三条线", "临港新区把光伏玻璃卖到海外"}
    assert listed[-2:] == ["庐陵往事：一座老厂的搬迁", "没有日期的光伏通知"]
    days = [said(each)[:7] for each in page.css(".stories .about") if said(each)[:2] == "20"]
    assert days == sorted(days, reverse=True)
    [copies] = [href for text, href in links(page, ".stories a") if "/-/story/" in href]
    assert copies == "/-/story/1"


def test_each_bar_leads_to_what_is_dated_then(visitor):
    page = visitor.page("/")
    bars = [
        (each.attributes["aria-label"], parse_qs(urlsplit(each.attributes["href"]).query))
        for each in page.css(".bars a")
    ]
    assert [told for told, _ in bars] == ["2023-11: 1 article", "2024-01: 2 articles", "2024-04: 3 articles"]
    assert bars[1][1] == {"year": ["2024-01"]}
    assert len(page.css(".bars .bar")) == 6
    table = [[said(cell) for cell in row.css("th, td")] for row in page.css(".calendar tbody tr")]
    assert [row[:2] for row in table] == [["2024", "5"], ["2023", "1"], ["2022", "1"]]
    assert table[0][2:6] == ["2", "0", "0", "3"]
    assert table[1][11:] == ["none", "1", "0"]


def test_the_map_has_every_province_once(visitor):
    tiles = {each.attributes["href"]: each for each in visitor.page("/").css(".tiles a")}
    assert tiles.keys() == {f"/-/region/{code}" for code in places()}
    assert len(set(places().values())) == 34
    assert set(places()) == {code for code, each in regions.table().items() if not each.parent and not each.until}
    assert tiles["/-/region/430000"].attributes["aria-label"] == "Hunan: 4 articles"
    assert tiles["/-/region/430000"].css_first("title").text() == "Hunan: 4 articles"
    for language, name in (("en", "HN"), ("zh", "湖南")):
        [tile] = visitor.page("/", lang=language).css('.tiles a[href="/-/region/430000"]')
        assert [text.text() for text in tile.css("text")] == [name, "4"]
    assert LETTERS.keys() == set(places())
    assert len(set(LETTERS.values())) == 34
    fill = {code: tiles[f"/-/region/{code}"].css_first("rect").attributes["fill"] for code in ("430000", "110000")}
    assert len(set(fill.values())) == 2


def test_what_changed_and_vanished_is_named(visitor):
    changed, gone = visitor.page("/").css(".lately")
    assert said(changed) == "楼下的锂电工厂招了一百人 云溪日报 · change found on 2024-09-10"
    assert said(gone) == "吉安的电子厂又添三条线 金北网 · found to be gone on 2024-09-09"
    assert links(gone)[0][1] == "/archive/articles/4"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_archive_says_what_comes_next(tmp_path, language):
    open_archive(tmp_path).close()
    visitor = Visitor(site(tmp_path))
    page = visitor.page("/", language)
    assert [said(each) for each in page.css(".empty code")] == [
        "zhaoshang demo", "zhaoshang crawl", "zhaoshang import",
    ]  # fmt: skip
    assert page.css(".opening input[name=q]")
    for path in ("/-/coverage", "/-/compare", "/-/region/430000"):
        assert visitor.page(path, language).css("h1")


def test_another_database_keeps_the_front_page_of_datasette(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table fruit(name)")
    other.close()
    visitor = Visitor(Datasette([str(tmp_path / "other.db")]))
    assert "fruit" in visitor.get("/").text
    assert visitor.get("/-/coverage").status_code == 404


# Sources and regions


def test_a_source_shows_what_is_known_of_it(visitor):
    page = visitor.page("/-/source/yunxi")
    card = {said(each.css_first("dt")): said(each.css_first("dd")) for each in page.css(".card div")}
    assert card["Starts at"] == "http://yunxi.example/"
    assert page.css_first('.card a[href^="http"]').attributes["rel"] == "noreferrer nofollow"
    assert card["At home in"] == "湖南省 › 岳阳市 › 岳阳楼区"
    assert card["Articles"] == "3"
    assert (card["Lost characters"], card["Changed"], card["Gone from its site"]) == (
        "0 (0.0%)",
        "1 (33.3%)",
        "0 (0.0%)",
    )
    rows = [[said(cell) for cell in row.css("th, td")] for row in page.css("section table tbody tr")]
    assert [row[:4] for row in rows if row[1] == "finished"] == [
        ["2024-09-04 01:30", "finished", "7", "1"],
        ["2024-02-01 09:00", "finished", "9", "2"],
    ]
    assert {parse_qs(urlsplit(each.attributes["href"]).query)["source"][0] for each in page.css(".bars a")} == {"yunxi"}
    assert len(page.css(".stories > li")) == 3


def test_a_source_that_the_registry_does_not_have_is_shown_all_the_same(visitor):
    page = visitor.page("/-/source/other")
    assert "never crawled" in said(page.css_first("main"))
    assert len(page.css(".stories > li")) == 1


def test_a_region_counts_what_lies_in_it(visitor):
    page = visitor.page("/-/region/430000")
    assert "4 articles" in said(page.css_first("main"))
    parts = [(said(each.css_first("a")), said(each.css_first(".about"))) for each in page.css(".parts li")]
    assert parts[0] == ("岳阳市", "4")
    assert {count for _, count in parts[1:14]} == {"0"}
    page = visitor.page("/-/region/430600")
    assert links(page, "nav.kicker a") == [("China", "/"), ("湖南省", "/-/region/430000")]
    counts = {said(each.css_first("a")): said(each.css_first(".about")) for each in page.css(".parts li")}
    assert (counts["岳阳楼区"], counts["云溪区"], counts["云溪日报"]) == ("1", "0", "3")


@pytest.mark.parametrize("many", [1, region.MANY])
def test_a_region_parts_home_from_mention(visitor, monkeypatch, many):
    monkeypatch.setattr(region, "MANY", many)
    home, mentioning = visitor.page("/-/region/430600").css(".two section")
    assert [said(each) for each in home.css("h3 a")] == [
        "临港新区把光伏玻璃卖到海外", "楼下的锂电工厂招了一百人", "岳阳的码头运来了光伏板",
    ]  # fmt: skip
    assert mentioning.css("h3 a") == []
    home, mentioning = visitor.page("/-/region/420100").css(".two section")
    assert home.css("h3 a") == []
    assert [said(each) for each in mentioning.css("h3 a")] == ["岳阳的码头运来了光伏板"]


def test_a_former_region_leads_to_what_it_became(visitor):
    code, row = next((code, row) for code, row in regions.table().items() if row.until and row.successor)
    page = visitor.page(f"/-/region/{code}")
    assert ("/-/region/" + row.successor) in [href for _, href in links(page, "p.about a")]


# Coverage

COVERED = Covered("x", "x", None, {"2023-03": 2, "2024-05": 1, "2022": 3}, {"2024-02": 1, "2024-07": 2}, None, 0)


@pytest.mark.parametrize(
    ("month", "state"),
    [
        ("2023-03", 2),
        ("2023-02", Nothing.COLLECTED),  # the lists did not reach that far
        ("2023-04", Nothing.SOUGHT),
        ("2024-01", Nothing.FOUND),  # crawled in the month after
        ("2024-02", Nothing.FOUND),
        ("2024-03", Nothing.SOUGHT),
        ("2024-05", 1),
        ("2024-06", Nothing.FOUND),
        ("2024-08", Nothing.COLLECTED),  # nobody has looked since
    ],
)
def test_kinds_of_nothing_are_told_apart(month, state):
    assert COVERED.states([month]) == [state]


def test_what_was_never_crawled_is_no_silence():
    alone = replace(COVERED, crawls={})
    assert alone.states(["2023-06"]) == [Nothing.COLLECTED]


def test_coverage_shows_every_source_with_its_gaps(visitor):
    page = visitor.page("/-/coverage")
    rows = {
        said(row.css_first("th")): [said(cell) for cell in row.css("td")[1:]] for row in page.css(".strips tbody tr")
    }
    assert rows == {
        "金北网": ["4", "1", "2024-09-04", "0"],
        "云溪日报": ["3", "2", "2024-09-04", "0"],
        "other": ["1", "0", "never crawled", "0"],
        "静默报": ["0", "0", "never crawled", "0"],
    }
    told = {
        said(row.css_first("th")): row.css_first("svg").attributes["aria-label"] for row in page.css(".strips tbody tr")
    }
    assert told["云溪日报"] == (
        "云溪日报: 3 articles. 2 months have articles, 3 were crawled and have none, 4 were only looked back on,"
        " 2 were not collected."
    )
    table = {said(row.css_first("th")): [said(cell) for cell in row.css("td")] for row in page.css("#table tbody tr")}
    assert table["云溪日报"] == [
        *("2", "0•1 crawl", "(0)", "1", "(0)", "(0)", "(0)", "0", "0•1 crawl"),
        *("–", "–", "–"),
    ]


def test_coverage_can_be_narrowed(visitor):
    page = visitor.page("/-/coverage", province="430000", year="2024")
    assert [said(each) for each in page.css(".strips tbody th")] == ["云溪日报"]
    assert page.css_first("option[selected]").attributes["value"] == "430000"
    for wrong in ("999999", SCRIPT, "43"):
        assert len(visitor.page("/-/coverage", province=wrong, year=wrong).css(".strips tbody th")) == 4


def test_a_source_may_have_any_name(tmp_path):
    """A source of imported files is called what their owner wrote, `湘潭` and `a/b` among it."""
    db = filled(tmp_path)
    for name in ("湘潭", "a/b", "～"):
        enter(db, ARTICLES[1] | {"source": name, "title": name, "text": f"{name}的厂长说，楼下的锂电工厂招了一百人。"})
    db.conn.commit()
    db.close()
    visitor = Visitor(site(tmp_path))
    front = visitor.page("/")
    figures = {said(each.css_first("dt")): said(each.css_first("dd")) for each in front.css(".figures > div")}
    assert (figures["Articles"], figures["Sources"]) == ("11", "6")
    assert "One article has no home region." in said(front.css_first("main"))
    for path in ("/", "/-/coverage", "/-/search?source=a/b", "/archive/articles/10"):
        [address] = {href for _, href in links(visitor.page(path)) if href.startswith("/-/source/a")}
        assert address == "/-/source/a%2Fb", path
    assert said(visitor.page("/-/source/a%2Fb").css_first("h1")) == "a/b"


def test_what_is_dated_later_than_it_was_fetched_is_told_and_not_drawn(tmp_path):
    db = filled(tmp_path)
    for month in ("2024-09", "2031-02"):
        words = f"{month}的厂区又添了一条线"
        enter(
            db,
            ARTICLES[1]
            | {"title": words, "text": f"{words}，今年以来签下一批项目。", "published": f"{month}-05T00:00:00+08:00"},
        )
    db.conn.commit()
    db.close()
    visitor = Visitor(site(tmp_path))
    told = "One more is dated after the newest fetch"
    for path in ("/", "/-/source/yunxi", "/-/region/430600"):
        page = visitor.page(path)
        drawn = [each.text() for each in page.css("svg.bars title")]
        assert drawn[-1] == "2024-09: 1 article", path
        assert said(page.css_first(".calendar tbody th")) == "2024", path
        assert told in said(page.css_first("main")), path
    page = visitor.page("/-/compare", q=["厂区", "2031年"], by="month")
    assert next(iter(table_of(page))) == "2024-09"
    assert [told in said(each) for each in page.css(".legend li")] == [True, False]
    assert "2031-" not in visitor.get("/-/compare.csv", q="厂区").text
    for asked, last in (({"q": "厂区"}, "2024-09: 1 article"), ({"q": "厂区", "year": "2031"}, None)):
        page = visitor.page("/-/search", **asked)
        assert next((each.text() for each in page.css("svg.bars title")[::-1]), None) == last
        assert told in said(page.css_first("main"))
    page = visitor.page("/-/coverage")
    assert said(page.css_first("#table h2")) == "2024 month by month"
    assert "2031" not in page.css_first("main").text()
    assert told in said(page.css_first("main"))
    legend = [said(each) for each in page.css(".legend li")]
    assert "1 article" in legend
    assert "1 articles" not in legend


# Comparing


def table_of(page):
    return {said(row.css_first("th")): [said(cell) for cell in row.css("td")] for row in page.css("details tbody tr")}


@pytest.mark.parametrize("words", ["光伏", "光伏 OR 锂电", "标题:码头", "招了一百人", "光伏 -海外", "项目，负责人"])
def test_a_comparison_counts_what_a_search_finds(visitor, db, words):
    wanted = {hit.published[:4] for hit in find(db, parse(words), limit=None)[1] if hit.published}
    page = visitor.page("/-/compare", q=[words, "地区:湖南"], by="year")
    for year, (_, count, _) in table_of(page).items():
        found = [hit for hit in find(db, parse(words), limit=None)[1] if (hit.published or "")[:4] == year]
        assert int(count.split()[0]) == len(found), year
    assert wanted <= table_of(page).keys()


def test_shares_are_of_what_was_collected(visitor):
    page = visitor.page("/-/compare", q=["光伏", "地区:湖南", "region:430000 光伏"], by="month", **{"as": "share"})
    assert table_of(page) == {
        "2024-04": ["3", "2 66.7%", "2 66.7%", "2 66.7%"],
        "2024-03": ["0", "–", "–", "–"],
        "2024-02": ["0", "–", "–", "–"],
        "2024-01": ["2", "1 50.0%", "2 100.0%", "1 50.0%"],
    }
    assert page.css("polyline") == [], "nothing was collected in between, so no line says otherwise"
    assert len(page.css(".chart a")) == 6
    assert "Shares are of all articles of the archive published in the month" in said(page.css_first("main"))
    hrefs = [parse_qs(urlsplit(each.attributes["href"]).query) for each in page.css("details td a")]
    assert hrefs[-1] == {"q": ["光伏"], "year": ["2024-01"], "region": ["430000"]}


def test_the_csv_is_the_table(visitor):
    answer = visitor.get("/-/compare.csv", q=["光伏", "=地区 或 光伏"], by="month")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert rows[0] == ["period", "collected", "光伏", "光伏 (share)", "'=地区 或 光伏", "'=地区 或 光伏 (share)"]
    assert rows[1] == ["2024-01", "2", "1", "0.5", "1", "0.5"]
    assert rows[2] == ["2024-02", "0", "0", "", "0", ""]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("-会议", "NOT"),
        ("！？", "a word"),
        ("招" * 1001, "1,000"),
        ("地区:某地方", "No region is called “某地方”"),
        ("地区:朝阳", "北京市朝阳区 110105"),
        ("地区:湖南 -会议", "NOT"),
    ],
    ids=lambda value: value[:12],
)
def test_a_bad_query_says_why_and_the_others_are_drawn(visitor, typed, why):
    page = visitor.page("/-/compare", q=["光伏", typed])
    assert why in said(page.css_first(".wrong"))
    assert len(page.css(".legend li")) == 1
    answer = visitor.get("/-/compare.csv", q=["光伏", typed])
    assert (answer.status_code, why in answer.text) == (400, True)


def test_the_address_has_only_what_says_something(visitor):
    answer = visitor.get("/-/compare", q=["光伏", "", ""], by="", to="2024")
    assert (answer.status_code, answer.headers["location"]) == (302, "/-/compare?q=%E5%85%89%E4%BC%8F&to=2024")
    assert "One was left out" in visitor.get("/-/compare", q=list("一二三四五六")).text.replace("one", "One")
    assert "“昨天” is no date" in visitor.get("/-/compare", q="光伏", **{"from": "昨天"}).text


def test_a_name_of_several_regions_is_no_guess():
    with pytest.raises(PlaceError) as caught:
        question("地区:朝阳区")
    assert set(caught.value.choices) >= {"110105", "220104"}
    assert question("region:430600").asked.region == "430600"
    assert question("地區:湖南省岳陽市 招商").asked.region == "430600"


def test_lines_are_told_apart_without_colours():
    series = [Series(name, (1, 2), ("", ""), ("", "")) for name in "abcde"]
    drawn = LexborHTMLParser(lines(["2024-01", "2024-02"], series, label="", top=""))
    assert len({each.attributes.get("stroke-dasharray") for each in drawn.css("g[stroke]")}) == 5
    assert len({each.attributes["d"] for each in drawn.css("path")}) == 5


# What all of them have

PATHS = [
    *("/", "/-/coverage", "/-/coverage?province=430000&year=2023", "/-/source/yunxi", "/-/source/silent"),
    *("/-/region/430000", "/-/region/430602", "/-/compare", "/-/compare?q=光伏&q=锂电", "/-/compare?q=光伏&as=share"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_keeps_to_our_rules(visitor, path, language):
    page = visitor.page(path, language)
    assert page.css("[style], style, script") == [], "the policy of own pages forbids them"
    ids = [each.attributes["id"] for each in page.css("[id]")]
    assert len(ids) == len(set(ids))
    headings = [int(each.tag[1]) for each in page.css("main h1, main h2, main h3, main h4")]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert [each for each in page.css("svg") if not each.attributes.keys() & {"aria-label", "aria-hidden"}
            and each.parent.tag not in ("svg", "a", "span", "g")] == []  # fmt: skip
    for field in page.css("main input, main select"):
        assert page.css(f'label[for="{field.attributes["id"]}"]')
    t = Words(language)
    assert page.css_first("header .name").text() == t("site.title")
    outside = [href for _, href in links(page) if not href.startswith(("/", "#"))]
    assert outside in ([], ["http://yunxi.example/"], ["http://silent.example/"])


@pytest.mark.parametrize(
    ("table", "path", "told"),
    [
        ("runs", "/", "3 of 7 pages were refused"),
        ("runs", "/-/source/yunxi", "3 of 7 pages were refused"),
        ("visits", "/-/source/yunxi", "Addresses asked"),
        ("revisions", "/", "change found on"),
        ("stories", "/", "Stories"),
        ("article_regions", "/-/region/420000", "岳阳的码头运来了光伏板"),
        ("runs", "/-/coverage", None),
        ("visits", "/-/coverage", None),
        ("stories", "/-/story/1", None),
        ("copies", "/-/story/1", None),
    ],
)
def test_what_is_in_a_table_that_is_closed_stands_on_no_page(folder, table, path, told):
    def asked(allow, around=None):
        tables = {each: {"allow": True} for each in ("articles", "runs", "visits", "stories", "copies")}
        tables[table] = {} if allow is None else {"allow": allow}
        metadata = {"databases": {"archive": {"tables": tables, **({} if around is None else {"allow": around})}}}
        answer = Visitor(Datasette([str(folder / "archive.db")], metadata=metadata)).get(path)
        main = LexborHTMLParser(answer.text).css_first("main")
        return answer.status_code, told is None or told in said(main)

    assert asked(None) == asked(True, around=False) == (200, True)
    for closed in (asked(False), asked({"id": "editor"}), asked(None, around=False)):
        assert closed == ((200, False) if told else (403, True))


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/-/source/nosuch", {}),
        ("/-/source/%00", {}),
        ("/-/source/%ff%fe", {}),
        (f"/-/source/{'a' * 5000}", {}),
        ("/-/region/999999", {}),
        ("/-/region/%ff", {}),
        ("/-/region/43", {}),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_not_there_is_a_404_in_a_sentence(visitor, path, arguments):
    answer = visitor.get(path, **arguments)
    if answer.status_code == 302:  # Datasette spells such an address otherwise
        answer = visitor.get(answer.headers["location"])
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "planted",
    [SCRIPT, "\0", "-1", "9" * 400, "招" * 1200, "a" * 60_000, '" OR "1"="1', "%s{0}"],
    ids=lambda value: repr(value)[:20],
)
@pytest.mark.parametrize(
    ("path", "names"), [("/-/coverage", ("province", "year")), ("/-/compare", ("q", "by", "as", "from", "to"))]
)
def test_nothing_in_a_parameter_is_run_or_an_error(visitor, path, names, planted):
    page = visitor.page(path, **dict.fromkeys(names[-1 if len(planted) > 9999 else 0 :], planted))
    assert page.css("main script, main img, [onerror]") == []


@pytest.mark.parametrize(
    "path", ["/-/coverage?year=", "/-/coverage?province=", "/-/compare?q=", "/-/compare?q=光伏&to="]
)
def test_bytes_that_are_no_utf_8_are_no_error(visitor, path):
    assert visitor.get(f"{path}%ff%fe").status_code == 200


def test_nothing_in_the_archive_is_run(tmp_path):
    db = filled(tmp_path, {"yunxi": f"云溪{SCRIPT}"})
    for fields in ARTICLES[:2]:
        planted = {"title": SCRIPT, "kicker": SCRIPT, "subtitle": SCRIPT, "text": f"另一篇{fields['text']}{SCRIPT}"}
        enter(db, fields | planted)
    db.execute("update runs set finding = ?, reason = ?", [SCRIPT, SCRIPT])
    db.execute("update sources set start = ? where id = 'yunxi'", [f"javascript:alert(1) http://a/{SCRIPT}"])
    db.execute("update articles set gone_at = '2024-09-08T16:30:00Z'")
    db.conn.commit()
    db.close()
    visitor = Visitor(site(tmp_path))
    for path in PATHS:
        page = visitor.page(path)
        assert page.css("main script, main img, [onerror], [href^='javascript:']") == [], path
        if path in ("/", "/-/source/yunxi", "/-/region/430000", "/-/coverage"):
            assert SCRIPT in page.body.text()


def test_what_is_written_while_serving_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "FRESH", 1e9)
    db = filled(tmp_path)
    visitor = Visitor(site(tmp_path))
    assert "8" in said(visitor.page("/").css_first(".figures dd"))
    enter(db, article("yunxi", "2024-09", "day", "430600", "刚刚写进来的一条新闻"))
    assert said(visitor.page("/").css_first(".figures dd")) == "8", "while it counts as fresh"
    monkeypatch.setattr(kept, "FRESH", 0)
    page = visitor.page("/")
    assert said(page.css_first(".figures dd")) == "9"
    assert said(page.css_first(".stories h3 a")) == "刚刚写进来的一条新闻"
    db.close()


def test_what_is_kept_is_that_of_the_connection():
    def count(connection):
        return connection.execute("select count(*) from sqlite_master").fetchone()[0]

    with closing(sqlite3.connect(":memory:")) as one, closing(sqlite3.connect(":memory:")) as other:
        other.execute("create table fruit(name)")
        assert [unchanged(each, count) for each in (one, other, one)] == [0, 1, 0]
        assert not one.in_transaction


def test_the_layout_of_the_map_is_told_in_the_docs():
    told = (Path(__file__).parent.parent / "docs/site.md").read_text(encoding="utf-8")
    assert re.search(r"^## The map$", told, re.MULTILINE)
