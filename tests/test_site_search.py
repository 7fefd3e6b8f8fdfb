"""`/-/search`: the right hits on the page and in its files, narrowed and counted truly, and nothing that breaks it."""

import asyncio
import csv
import io
import json
import re
import shutil
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from pyarrow import parquet
from selectolax.lexbor import LexborHTMLParser

from archive.article import Article, Page, RecordPlace
from archive.database import delete, open_archive, save, save_page
from archive.parquet import ParquetFile
from archive.search import find, parse, walking
from archive.search.query import MAX_DEPTH
from archive.site import searching
from archive.site.language import LANGUAGES, Words
from archive.site.pages import download, feed, search
from archive.site.serve import site

ARTICLES = tomllib.loads((Path(__file__).parent / "cases/queries.toml").read_text(encoding="utf-8"))["article"]
REPORT = (
    "十二日上午，西河县的招商会开在一家轴承厂的车间里，没有主席台，三十七位客商坐在工具箱和木条凳上，听厂长讲自己怎么搬来的。"
    * 3
)


def more(source, title, text, published=None, **fields):
    return {"source": source, "title": title, "text": text, "published": published and f"{published}+08:00", **fields}


MORE = [
    more("xihe", "招商会开到车间", REPORT, "2023-05-12T00:00:00", region="430302"),
    more("portal", "招商会开到车间", REPORT, "2023-05-14T08:00:00", region="430300"),
    more("portal", "招商年", "只知道年份。", "2022-01-01T00:00:00", published_precision="year", region="430300-GX"),
    more(
        "portal", "招商月", "缺了�字。", "2022-03-01T00:00:00", published_precision="month", region="320000", damage=1
    ),
    more("xihe", None, "招商，日期不详，也没有标题。"),
]
SCRIPT = "<script>alert('招商')</script>"
POISON = f'{SCRIPT}"><img src=x onerror=alert(1)>'
ITEM = re.compile(r'/archive/articles/(\d+)"')


def enter(db, number, at=datetime(2024, 9, 4, 8, 5, tzinfo=UTC), **fields):
    url = f"http://news.example/{number}.htm"
    page = Page(url, "", at, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    precision = "day" if fields.get("published") else None
    return save(db, Article(url, page=page, **{"published_precision": precision, **fields}))


class Visitor:
    """Asks for pages of a search, without a server between."""

    def __init__(self, folder):
        self.client = site(folder).client

    def get(self, ending="", /, *, language="zh", **parameters):
        address = f"/-/search{ending}?{urlencode(parameters)}" if parameters else f"/-/search{ending}"
        return self.follow(address, language)

    def follow(self, address, language="zh"):
        return asyncio.run(self.client.get(address, cookies={"lang": language}))

    def page(self, **parameters):
        answer = self.get(**parameters)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        return LexborHTMLParser(answer.text)

    def json(self, **parameters):
        """The whole result, its pages put together."""
        answer = self.get(".json", **parameters).json()
        whole, following = answer, answer["next"]
        while following:
            more = self.follow(following.removeprefix("http://localhost")).json()
            whole["results"] += more["results"]
            following = more["next"]
        return whole

    def ids(self, **parameters):
        return sorted(hit for each in self.json(**parameters)["results"] for hit in each["hits"])

    def csv(self, **parameters):
        answer = self.get(".csv", **parameters)
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))

    def atom(self, **parameters):
        return ET.fromstring(self.get(".atom", **parameters).content)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    db = open_archive(folder)
    for number, fields in enumerate([*ARTICLES, *MORE]):
        enter(db, number, **fields)
    enter(db, 0, datetime(2024, 9, 9, tzinfo=UTC), **{**ARTICLES[0], "text": ARTICLES[0]["text"] + "\n又签约1个。"})
    db.execute("update articles set gone_at = '2024-10-01T00:00:00Z', gone_evidence = '404' where id = 2")
    db.table("sources").insert_all([{"id": "xihe", "name": "西河日报"}, {"id": "portal", "name": "<b>东江</b>"}])
    db.close()
    return folder


@pytest.fixture(scope="module")
def db(folder):
    db = open_archive(folder)
    yield db
    db.close()


@pytest.fixture(scope="module")
def visitor(folder):
    return Visitor(folder)


def words_of(node):
    return " ".join(node.text().split())


def results(page):
    """The articles of the page, in order."""
    return [int(ITEM.search(each.html)[1]) for each in page.css(".stories > li")]


# The right hits

WORDS = [
    *("招商", "招商引資", "港", "14.9%", "1—6月", "title:招商", "標題：項目", "招商 -会议", "ppp", "R&D", ""),
    *("“拿地即开工”", "(港 OR 芯片) 项目", "车间里"),
]


@pytest.mark.parametrize("words", WORDS)
def test_page_and_files_find_what_the_archive_finds(visitor, db, words):
    hits = find(db, parse(words) if words else None, limit=None)[1]
    found = {hit.id: hit.story_id for hit in hits}
    asked = {"q": words} if words else {}
    whole = visitor.json(**asked)
    assert sorted(hit for each in whole["results"] for hit in each["hits"]) == sorted(found)
    assert (whole["total"], whole["counted"], whole["stories"]) == (len(found), len(found), len(set(found.values())))
    assert sorted(int(row["id"]) for row in visitor.csv(**asked)) == sorted(found)
    assert visitor.get(".parquet", **asked).content.endswith(b"PAR1")
    for order in ("relevance", "newest"):
        page = visitor.page(**asked, sort=order)
        assert [found[each] for each in results(page)][:20] == list(
            dict.fromkeys(found[each] for each in results(page))
        )
        assert set(results(page)) <= found.keys()
        assert len(results(page)) == min(20, whole["stories"])
    entries = visitor.atom(**asked).findall("{*}entry/{*}id")
    assert {found[int(each.text.rpartition("/")[2])] for each in entries} == set(found.values())


def test_the_words_find_something_and_not_everything(db):
    counts = [len(list(find(db, parse(words), limit=None)[1])) for words in WORDS if words]
    assert min(counts) > 0
    assert max(counts) < len(ARTICLES) + len(MORE)


# Filters: the parameters, and which of the articles of `MORE` they leave

REPORT_ID = len(ARTICLES) + 1
FILTERS = [
    ({"region": "430000"}, [1, 2, 3]),
    ({"region": "430300"}, [1, 2, 3]),
    ({"region": "430302"}, [1]),
    ({"region": "430300-GX"}, [3]),
    ({"source": "xihe"}, [1, 5]),
    ({"from": "2022", "to": "2022"}, [3, 4]),
    ({"from": "2022-03", "to": "2022-03-15"}, [3, 4]),
    ({"from": "2022-04", "to": "2023-05-12"}, [1, 3]),
    ({"from": "2023/5/13"}, [2]),
    ({"to": "2022-02"}, [3]),
    ({"year": "2023"}, [1, 2]),
    ({"kind": "same"}, [1, 2]),
    ({"kind": "only", "damaged": "1"}, [4]),
    ({"region": "430000", "source": "portal", "year": "2022"}, [3]),
]


@pytest.mark.parametrize("words", [None, "招商"])
@pytest.mark.parametrize(("filters", "left"), FILTERS, ids=str)
def test_filters_leave_what_they_say(visitor, filters, left, words):
    asked = filters | ({"q": words} if words else {})
    mine = range(REPORT_ID, REPORT_ID + len(MORE))
    found = [hit for hit in visitor.ids(**asked) if hit in mine]
    text = {REPORT_ID + place: f"{each['title']}{each['text']}" for place, each in enumerate(MORE)}
    assert found == [REPORT_ID + number - 1 for number in left if not words or words in text[REPORT_ID + number - 1]]
    assert sorted(int(row["id"]) for row in visitor.csv(**asked)) == visitor.ids(**asked)


@pytest.mark.parametrize(("state", "article"), [("changed", 1), ("gone", 2), ("damaged", REPORT_ID + 3)])
def test_states_are_filters_too(visitor, state, article):
    assert visitor.ids(**{state: "1"}) == [article]
    [line] = visitor.page(**{state: "1"}).css(".stories > li")
    assert Words("zh")(f"story_item.{state}", n=1, day="2024-10-01") in words_of(line)


def test_copies_are_folded_into_their_story(visitor):
    page = visitor.page(q="车间里")
    [line] = page.css(".stories > li")
    [more] = [each for each in line.css("a") if "另有 1 篇转载" in each.text()]
    assert more.attributes["href"].startswith("/-/story/")
    assert words_of(page.css_first(".total")).startswith("2 篇，归为 1 条报道")
    assert "1 more copy" in visitor.page(q="车间里", language="en").html


def test_facets_count_and_lead_on_and_back(visitor):
    here = visitor.page(q="招商")
    before = words_of(here.css_first(".total"))
    links = [(each.css_first("a"), each.css_first(".number")) for each in here.css(".values li")]
    assert len(links) > 10
    for link, number in links:
        there = LexborHTMLParser(visitor.follow(link.attributes["href"]).text)
        assert words_of(there.css_first(".total")).startswith(f"{number.text()} 篇"), link.text()
        [chip] = there.css(".chips a")
        assert words_of(LexborHTMLParser(visitor.follow(chip.attributes["href"]).text).css_first(".total")) == before
        picked = there.css(".values .picked a")[-1]
        assert "/-/search?q=" in picked.attributes["href"]


def test_regions_are_a_tree(visitor):
    names = []
    for code in (None, "430000", "430300"):
        page = visitor.page(**({"region": code} if code else {}))
        [heading] = [each for each in page.css(".facets h2") if each.text() == "地区"]
        names.append(
            [(words_of(each.css_first("a")), each.css_first(".number").text()) for each in heading.next.next.css("li")]
        )
    assert dict(names[0]) == {"湖南省": "3", "江苏省": "1"}
    assert names[1] == [("✕ 去掉 湖南省", "3"), ("湘潭市", "3")]
    assert names[2][0] == ("湖南省", "3")
    assert dict(names[2][2:]) == {"雨湖区": "1", "湘潭高新技术产业开发区": "1"}


def test_many_values_are_folded(visitor, monkeypatch):
    monkeypatch.setattr(search, "FOLDED", 3)
    page = visitor.page()
    lists = [node for node in page.css(".facets .values") if node.parent.tag == "section"]
    assert max(len(each.css("li")) for each in lists) == 3
    sources = {each["source"] for each in [*ARTICLES, *MORE]}
    folded = page.css_first(".facets details")
    assert words_of(folded.css_first("summary")) == f"其余 {len(folded.css('li'))} 项"
    assert len(folded.css("li")) == len(sources) - 3


def total(visitor, address):
    return int(LexborHTMLParser(visitor.follow(address).text).css_first(".total strong").text().split()[0])


@pytest.mark.parametrize("asked", [{"q": "招商"}, {"year": "2022"}, {"from": "2022-03-01", "to": "2022"}], ids=str)
def test_bars_lead_to_their_hits(visitor, asked):
    page = visitor.page(**asked)
    bars = [each for each in page.css(".timeline svg a") if "：0 篇" not in each.attributes["aria-label"]]
    assert bars
    rows = page.css(".timeline tbody tr")
    assert [each.attributes["href"] for each in bars] == [each.css_first("a").attributes["href"] for each in rows]
    for bar, row in zip(bars, rows, strict=True):
        assert int(row.css_first("td").text()) == total(visitor, bar.attributes["href"])
        assert f"{row.css_first('th').text()}：{row.css_first('td').text()} 篇" == bar.attributes["aria-label"]


@pytest.mark.parametrize("path", ["/", "/-/source/portal", "/-/compare?q=招商&by=month", "/-/compare?q=招商&by=year"])
def test_what_a_chart_counts_is_what_its_link_finds(visitor, path):
    links = LexborHTMLParser(visitor.follow(path).text).css("td a[href*='year=2022']")
    assert links
    for link in links:
        assert int(link.text()) == total(visitor, link.attributes["href"]), link.attributes["href"]


# The address is the saved search


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("q=&from=&to=", ""),
        ("q=%E6%8B%9B%E5%95%86&from=&to=&sort=relevance", "?q=%E6%8B%9B%E5%95%86"),
        ("from=2024%E5%B9%B49%E6%9C%88&q=a&to=", "?q=a&from=2024-09"),
    ],
)
def test_what_a_form_sends_empty_is_left_out(visitor, given, kept):
    answer = visitor.follow(f"/-/search?{given}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/-/search{kept}")


DAYS = ["2024-13", "昨天", "2024-02-30"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("path", "other"), [("/-/search", "region="), ("/-/compare", "by=&as=&q=")])
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_wrong_date_is_told_and_stays_in_its_field(visitor, path, other, name, day):
    rest = {"from": "to", "to": "from"}[name]
    answer = visitor.follow(f"{path}?q=招商&{other}&{rest}=&{urlencode({name: day})}")
    assert answer.status_code == 200
    page = LexborHTMLParser(answer.text)
    assert f"“{day}”不是日期" in " ".join(each.text() for each in page.css(".note, .wrong"))
    assert page.css_first(f"main input[name={name}]").attributes["value"] == day
    assert page.css_first(f"main input[name={rest}]").attributes["value"] == ""


def test_a_file_of_a_comparison_has_no_other_time_than_is_asked_for(visitor):
    assert visitor.follow("/-/compare.csv?q=招商&from=2024").status_code == 200
    answer = visitor.follow("/-/compare.csv?q=招商&from=2024-13")
    assert answer.status_code == 400
    assert "“2024-13”不是日期" in answer.text


def test_other_words_are_looked_for_with_the_same_filters(visitor):
    kept = {"sort": "newest", "from": "2022", "to": "2023", "region": "430000", "source": "portal", "kind": "only"}
    page = visitor.page(q="招商", **kept, damaged="1", year="2022", page="2")
    fields = {each.attributes["name"]: each.attributes["value"] for each in page.css("header .find input")}
    assert fields == {"q": "招商", **kept, "year": "2022", "damaged": "1"}
    assert page.css(".chips a")[-1].attributes["href"] == "/-/search?" + urlencode({"q": "招商", "sort": "newest"})
    wrong = visitor.page(q="-会议", region="430000")
    assert wrong.css_first("header .find [name=region]").attributes["value"] == "430000"
    assert len(LexborHTMLParser(visitor.follow("/").text).css("header .find input")) == 1
    assert "月份：2022-03" in words_of(visitor.page(year="2022-03").css_first(".chips"))


def test_links_say_only_what_is_set_and_in_one_order(visitor):
    page = visitor.page(to="2025", kind="only", q="招商", damaged="0", page="1", sort="relevance")
    assert page.css_first("link[rel=canonical]").attributes["href"] == "/-/search?" + urlencode(
        {"q": "招商", "to": "2025", "kind": "only"}
    )
    order = ["q", "sort", "from", "to", "region", "source", "year", "kind", "damaged", "changed", "gone", "page"]
    links = [each.attributes["href"] for each in page.css("main a") if "/-/search" in each.attributes["href"]]
    for link in links:
        names = [name for name, _ in parse_qsl(urlsplit(link).query, keep_blank_values=True, strict_parsing=True)]
        assert names == [name for name in order if name in names], link


def test_pages_are_parts_of_one_list(visitor, monkeypatch):
    monkeypatch.setattr(search, "ON_A_PAGE", 5)
    monkeypatch.setattr(feed, "AT_ONCE", 3)
    first, second = visitor.page(), visitor.page(page="2")
    stories = visitor.json()["results"]
    assert results(first) + results(second) == [each["id"] for each in stories][:10]
    assert second.css_first(".pages a[rel=prev]").attributes["href"] == "/-/search"
    assert first.css_first(".pages a[rel=next]").attributes["href"] == "/-/search?page=2"
    assert "没有这一页" in words_of(visitor.page(page="999").css_first(".results"))


def test_the_feed_and_the_files_are_linked(visitor):
    page = visitor.page(q="招商", page="2", region="430000")
    same = "?" + urlencode({"q": "招商", "region": "430000"})
    hrefs = {each.attributes["href"] for each in page.css("main a, link[rel=alternate]")}
    assert {f"/-/search{ending}{same}" for ending in (".atom", ".json", ".csv", ".parquet")} <= hrefs


# Finding nothing


def test_nothing_found_says_what_else_to_ask(visitor):
    page = visitor.page(q="招商會 西瓜田", region="320000", sort="newest")
    assert words_of(page.css_first(".about")) == "查找：“招商会”并且“西瓜田”"
    hints = [words_of(each) for each in page.css(".hints li")]
    assert "只查“招商会”： 2 篇" in hints
    assert "“西瓜田”哪里都没有" in hints
    assert any("简体繁体" in hint for hint in hints)
    assert not any("去掉条件" in hint for hint in hints), "nothing is found without the region, too"


def test_a_filter_too_many_is_told(visitor):
    [link] = [
        each for each in visitor.page(q="车间里", region="320000").css(".hints a") if "去掉条件“地区”" in each.text()
    ]
    assert link.attributes["href"] == "/-/search?" + urlencode({"q": "车间里"})


def test_a_shorter_word_is_offered(visitor):
    [link] = [each for each in visitor.page(q="招商会报").css(".hints a") if "短" in each.text()]
    assert dict(parse_qsl(urlsplit(link.attributes["href"]).query)) == {"q": "招商"}


WRONG = [
    ("-会议", "only_not"),
    ("！？", "no_word"),
    ("a" * 10_000, "too_long"),
    ("(" * 40 + "西瓜", "too_deep"),
    ("西瓜 " * 70, "too_many"),
]


@pytest.mark.parametrize(("words", "kind"), WRONG, ids=[kind for _, kind in WRONG])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_query_that_means_nothing_is_mended(visitor, words, kind, language):
    page = visitor.page(q=words, language=language)
    cure = words_of(page.css_first(".wrong"))
    assert re.sub(r"\d[\d,]*", "9", cure) == Words(language)(f"query.{kind}", number=9).unescape()
    for ending in (".json", ".atom", ".csv", ".parquet"):
        answer = visitor.get(ending, q=words, language=language)
        assert answer.status_code == 400
        said = (
            answer.json()["error"] if ending == ".json" else words_of(LexborHTMLParser(answer.text).css_first("main"))
        )
        told = Words("en" if ending == ".json" else language)(f"query.{kind}", number=9).unescape()
        assert told in re.sub(r"\d[\d,]*", "9", said)


def test_what_takes_too_long_is_said(folder, monkeypatch):
    visitor = Visitor(folder)
    monkeypatch.setattr(searching, "LONGEST", 0)
    assert "太费时" in words_of(visitor.page(q="14.9%").css_first(".wrong"))
    assert visitor.get(".csv", q="14.9%").status_code == 400
    monkeypatch.undo()
    assert visitor.ids(q="14.9%"), "the connection is as it was"


# More hits than are listed


@pytest.mark.parametrize("probe", [0, 1_000_000], ids=["walked", "sorted"])
@pytest.mark.parametrize("words", ["招商", None])
def test_of_too_many_hits_the_newest_are_counted_and_that_is_said(folder, monkeypatch, words, probe):
    visitor = Visitor(folder)
    asked = {"q": words} if words else {}
    files = visitor.csv(**asked)
    newest = [int(row["id"]) for row in files]
    whole = visitor.json(**asked, sort="newest")
    monkeypatch.setattr(walking, "MOST", 4)
    monkeypatch.setattr(walking, "PROBE", probe)
    visitor = Visitor(folder)  # what was answered before is remembered
    part = visitor.json(**asked, sort="newest")
    assert (part["total"], part["stories"]) == (len(newest), None)
    days = [row["published"][:10] for row in files]
    counted = [day for day in days if day >= part["counted_since"]]
    assert part["counted"] == sum(part["months"].values()) == len(counted) < len(newest)
    assert [each["id"] for each in part["results"]] == [each["id"] for each in whole["results"]]
    assert [int(row["id"]) for row in visitor.csv(**asked)] == newest, "a file has all of them"
    page = visitor.page(**asked)
    assert f"最新的 {len(counted)} 篇（{part['counted_since']} 以来）" in words_of(page.css_first(".capped"))
    if words:
        best = visitor.json(**asked)
        assert best["order"] == "headlines"
        titled = [words in (each["title"] or "") for each in best["results"]]
        assert titled == sorted(titled, reverse=True)
        assert {each["story_id"] for each in best["results"]} == {each["story_id"] for each in whole["results"]}
        assert "不按相关程度排列" in page.html
    narrowed = visitor.json(**asked, source="portal")
    assert narrowed["total"] == sum(each["source"] == "portal" for each in MORE if not words or words in str(each))


@pytest.mark.parametrize("words", ["招商 -车间里", "标题:招商 -缺了", "招商 -(车间里 OR 缺了)"])
def test_what_is_not_wanted_is_not_listed_however_much_is_found(folder, db, monkeypatch, words):
    monkeypatch.setattr(walking, "MOST", 0)
    expected = [hit.id for hit in find(db, parse(words), limit=None)[1]]
    assert expected
    visitor = Visitor(folder)
    assert visitor.ids(q=words) == sorted(expected)
    assert set(results(visitor.page(q=words))) <= set(expected)


def test_what_is_written_meanwhile_is_found_at_once_and_counted_a_second_later(folder, tmp_path, monkeypatch):
    data = shutil.copytree(folder, tmp_path / "data")
    visitor = Visitor(data)
    monkeypatch.setattr(walking, "MOST", 4)
    monkeypatch.setattr(walking, "FRESH", 1e9)
    before = visitor.json(q="招商", sort="newest")
    db = open_archive(data)
    enter(db, 999, title="招商专列开进县城", text="招商。", source="portal", published="2024-12-01T00:00:00")
    db.close()
    after = visitor.json(q="招商", sort="newest")
    assert (after["total"], after["results"][0]["title"]) == (before["total"] + 1, "招商专列开进县城")
    assert after["counted"] == before["counted"]
    monkeypatch.setattr(walking, "FRESH", 0)
    assert visitor.json(q="招商")["months"]["2024-12"] == 1


def test_what_is_remembered_is_of_that_search_only(folder, monkeypatch):
    monkeypatch.setattr(walking, "MOST", 4)
    visitor = Visitor(folder)
    for until in ("2024-07", "2024-09") * 4:
        for words in ("招商", ""):
            found = visitor.json(q=words, to=until)
            assert max(found["months"]) == max(each["day"] for each in found["results"])[:7] <= until
            assert found["counted"] <= found["total"]


def test_too_many_hits_are_not_paged_through_to_the_end(folder, monkeypatch):
    visitor = Visitor(folder)
    monkeypatch.setattr(walking, "MOST", 4)
    monkeypatch.setattr(walking, "LISTED", 10)
    monkeypatch.setattr(search, "ON_A_PAGE", 5)
    monkeypatch.setattr(feed, "AT_ONCE", 5)
    assert len(visitor.json()["results"]) == 10
    assert visitor.page(page="2").css(".pages a[rel=next]") == []
    assert "没有这一页" in words_of(visitor.page(page="3").css_first(".results"))
    assert "列出的是前 10 条报道" in words_of(visitor.page().css_first(".capped"))
    assert len(visitor.atom().findall("{*}entry")) == 5
    assert "最多 5 条报道" in visitor.atom().findtext("{*}subtitle")


def test_headlines_come_first_where_nothing_is_ranked(visitor):
    found = visitor.json(q="港")
    assert found["order"] == "headlines"
    titled = ["港" in (each["title"] or "") for each in found["results"]]
    assert titled == sorted(titled, reverse=True)
    assert True in titled
    assert False in titled


# The table of facts

TRUE = """
select articles.id, story_id,
    coalesce(case published_precision when 'year' then substr(published, 1, 4) when 'month' then substr(published, 1, 7)
    else substr(published, 1, 10) end, '') as day, source, coalesce(region_code, '') as region,
    coalesce((select kind from copies where article_id = articles.id), 'only') as kind,
    damage > 0 as damaged, version > 1 as changed, gone_at is not null as gone
from articles order by id
"""


def test_facts_stay_true(tmp_path):
    db = open_archive(tmp_path)

    def true():
        rows = list(db.query(TRUE))
        assert list(db.query("select * from search_facts order by id")) == rows
        return rows

    for number, fields in enumerate(MORE):
        enter(db, number, **fields)
    assert {row["kind"] for row in true()} == {"same", "only"}
    enter(db, 1, datetime(2024, 9, 9, tzinfo=UTC), **{**MORE[1], "text": "招商会改期。", "damage": 2, "region": None})
    changed = true()[1]
    assert (changed["changed"], changed["damaged"], changed["region"], changed["kind"]) == (1, 1, "", "only")
    db.execute("update articles set gone_at = '2024-10-01T00:00:00Z' where id = 3")
    assert true()[2]["gone"] == 1
    db.execute(
        "insert or replace into copies (article_id, story_id, kind, evidence)"
        " select id, story_id, 'excerpt', '-' from articles where id = 4"
    )
    assert true()[3]["kind"] == "excerpt"
    db.execute("delete from copies where article_id = 4")
    assert true()[3]["kind"] == "only"
    delete(db, 1)
    assert [row["id"] for row in true()] == [2, 3, 4, 5]
    before = list(db.query("select * from search_facts order by id"))
    for name in (
        "articles_told",
        "articles_untold",
        "articles_retold",
        "copies_told",
        "copies_untold",
        "copies_retold",
    ):
        db.execute(f"drop trigger {name}")
    db.execute("drop table search_facts")
    db.execute("delete from _sqlite_migrations where name = 'm015_facts'")
    db.conn.commit()
    db.close()
    again = open_archive(tmp_path)
    assert list(again.query("select * from search_facts order by id")) == before
    again.close()


def test_what_is_written_meanwhile_is_found(tmp_path):
    db = open_archive(tmp_path)
    enter(db, 1, **MORE[0])
    visitor = Visitor(tmp_path)
    for _ in range(8):  # all of Datasette's threads have been asked, and remember
        assert visitor.json(q="招商")["total"] == 1
    enter(db, 2, **MORE[2])
    for _ in range(8):
        assert visitor.json(q="招商")["total"] == 2
    db.close()


def entries(visitor, **asked):
    return [int(each.text.rpartition("/")[2]) for each in visitor.atom(**asked).findall("{*}entry/{*}id")]


@pytest.mark.parametrize("asked", [{}, {"q": "招商"}, {"source": "portal"}], ids=str)
def test_a_feed_tells_first_what_came_in_last(tmp_path, monkeypatch, asked):
    monkeypatch.setattr(feed, "AT_ONCE", 3)
    db = open_archive(tmp_path)
    for number, day in enumerate(("2024-09-01", "2024-09-03", "1998-05-01", "2024-09-02")):
        at = datetime(2024, 10, 1 + number, tzinfo=UTC)
        enter(db, number, at, **more("portal", f"招商第{number}条", f"{number}" * 30, f"{day}T00:00:00"))
    enter(db, 1, datetime(2024, 10, 9, tzinfo=UTC), **more("portal", "招商改了", "改了。", "2024-09-03T00:00:00"))
    db.close()
    visitor = Visitor(tmp_path)
    assert entries(visitor, **asked) == [4, 3, 2], "a back issue is new, too; the first is one too many"
    told = visitor.atom(**asked)
    assert [each.text for each in told.findall("{*}entry/{*}published")] == [
        f"2024-10-0{day}T00:00:00Z" for day in (4, 3, 2)
    ]
    assert told.findtext("{*}updated") == told.findtext("{*}entry[3]/{*}updated") == "2024-10-09T00:00:00Z"
    assert "收入" in told.findtext("{*}subtitle")


# What others wrote stays text


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poisoned")
    db = open_archive(folder)
    enter(
        db, 1, source=POISON, title=f"招商{POISON}", kicker=POISON, subtitle=POISON, text=f"招商\x00\x0b\ufffe{POISON}",
        origin=POISON, published="2024-09-04T00:00:00+08:00",
    )  # fmt: skip
    enter(db, 2, source="=1+1", title="=HYPERLINK(0)招商", text="@招商", published="2024-09-04T00:00:00+08:00")
    db.table("sources").insert_all([{"id": POISON, "name": POISON}])
    db.execute("update articles set url = 'javascript:alert(1)//' || url, region_code = ?", [POISON])
    db.close()
    return Visitor(folder)


PARAMETERS = ["q", "sort", "from", "to", "region", "source", "year", "kind", "damaged", "page", "lang", "<b>"]


def harmless(page):
    assert [node.html for node in page.css("script") if "alert" in node.text()] == []
    assert page.css("[onerror], [onload], [style], main img") == []
    links = [each.attributes.get("href") or "" for each in page.css("a, link")]
    assert [link for link in links if not link.startswith(("/", "#"))] == []


@pytest.mark.parametrize("asked", [{}, {"q": "招商"}, {"q": "alert"}, {"source": POISON}, {"region": POISON}], ids=str)
def test_a_script_in_an_article_is_shown_and_not_run(poisoned, asked):
    page = poisoned.page(**asked)
    harmless(page)
    assert SCRIPT in page.css_first(".results").text()


def test_files_hold_what_is_planted_as_text(poisoned):
    cells = {row["id"]: row for row in poisoned.csv(q="招商")}
    assert (cells["2"]["title"], cells["2"]["text"], cells["2"]["source"]) == ("'=HYPERLINK(0)招商", "'@招商", "'=1+1")
    entries = poisoned.atom(q="招商")
    assert {each.attrib["href"][:4] for each in entries.findall(".//{*}link")} == {"http"}
    assert SCRIPT in entries.find("{*}entry[2]/{*}title").text
    passages = [each["passage"] for each in poisoned.json(q="招商")["results"]]
    assert not any("<script" in each or "<img" in each for each in passages)


VALUES = [POISON, "-1", "0", "9" * 400, "2024-02-31", "' or 1=1 --", "\x00", "招\x00商", "{0} %s :fts"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_no_parameter_is_an_error(visitor, name):
    for value, ending in zip(VALUES, cycle([".json", ".atom", ".csv", ".parquet"]), strict=False):
        asked = {"q": "招商", name: value}
        assert visitor.get(ending, **asked).status_code in (200, 400)
        answer = visitor.get(**asked)
        if answer.status_code == 302:
            answer = visitor.follow(answer.headers["location"])
        assert answer.status_code == 200
        harmless(LexborHTMLParser(answer.text))


@pytest.mark.parametrize(
    "raw", ["q=%D5%D0%C9%CC", "q=%ED%A0%80", "q=%00", "from=%FF", "page=%EF%BC%91", "q=a&q=b", "&&=&q"]
)
def test_no_bytes_are_an_error(visitor, raw):
    for ending in ("", ".json", ".atom", ".csv", ".parquet"):
        assert visitor.follow(f"/-/search{ending}?{raw}").status_code in (200, 302, 400)


def nested(depth):
    return f"西 -({nested(depth - 1)})" if depth else "瓜"


@pytest.mark.parametrize("most", [walking.MOST, 0], ids=["ranked", "headlines first"])
def test_the_deepest_query_is_no_error(folder, db, monkeypatch, most):
    visitor = Visitor(folder)
    monkeypatch.setattr(walking, "MOST", most)
    words = f"招商 -({nested(MAX_DEPTH - 1)})"
    assert visitor.get(".json", q=words).json()["total"] == find(db, parse(words))[0] > 0


# Files


def ask(visitor, path, query, receive):
    """What a server would send, message by message, in answer to bytes that no client writes."""
    sent = []

    async def send(message):
        sent.append(message)

    async def received():
        await asyncio.sleep(0)
        return {"type": receive(sent)}

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query}
    asyncio.run(visitor.client.app(scope | {"headers": [], "scheme": "http"}, received, send))
    return sent


def test_who_hangs_up_is_sent_no_more(visitor, monkeypatch):
    monkeypatch.setattr(download, "AT_ONCE", 1)
    sent = ask(visitor, "/-/search.csv", b"", lambda sent: "http.disconnect" if len(sent) > 3 else "http.request")
    assert 3 < len(sent) < len(ARTICLES)
    assert sent[-1]["more_body"]


@pytest.mark.parametrize("ending", ["", ".csv"])
def test_ten_megabytes_are_no_error(visitor, ending):
    start, *_ = ask(visitor, f"/-/search{ending}", b"source=a&q=" + b"a" * 10_000_000, lambda _: "http.request")
    assert start["status"] == (400 if ending else 200)


@pytest.mark.parametrize(
    ("shown", "file"),
    [
        ("", ""),
        ("_search=招商&_sort_desc=id&_size=5", "?q=招商"),
        ("_search=招商&source=portal&damage__gt=0", "?q=招商&source=portal&damaged=1"),
        ("_search=招商&damage__gt=-1", None),
        ("published__gt=1990", None),
    ],
)
def test_the_table_of_articles_leads_to_the_file_for_spreadsheets(visitor, shown, file):
    page = LexborHTMLParser(visitor.follow(f"/archive/articles?{shown}").text)
    [link] = [each.attributes["href"] for each in page.css(".export-links a") if each.text() == "CSV"]
    address = unquote(link)
    assert address == f"/-/search.csv{file}" if file is not None else address.startswith("/archive/articles.csv?")
    assert visitor.follow(link).status_code == 200


def test_parquet_comes_batch_by_batch():
    batches = [[[1, None, -(2**62)], ["招商", "", None]], [list(range(20)), [None] * 20]]
    file = ParquetFile([("id", int), ("text", str)], {"search": "?q=招商"})
    parts = [*map(file.rows, batches), file.end()]
    assert all(parts), "each is sent when it is there"
    table = parquet.read_table(io.BytesIO(b"".join(parts)))
    assert table.to_pydict() == {"id": batches[0][0] + batches[1][0], "text": batches[0][1] + batches[1][1]}
    assert table.schema.metadata == {b"search": "?q=招商".encode()}


def test_parquet_holds_the_hits(visitor):
    data = visitor.get(".parquet", q="招商").content
    table = parquet.read_table(io.BytesIO(data))
    assert table.num_rows == visitor.get(".json", q="招商").json()["total"] > 1
    assert {"url", "title", "text", "published", "story_id"} <= set(table.column_names)


def test_the_fields_of_json_are_those_in_the_docs(visitor):
    told = Path(__file__).parents[1].joinpath("docs/site.md").read_text(encoding="utf-8")
    answer = visitor.get(".json", q="招商").json()
    for name in [*answer, *answer["facets"], *answer["results"][0]]:
        assert f"`{name}`" in told, name
    assert json.dumps(answer)
