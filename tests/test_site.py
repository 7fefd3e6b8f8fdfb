"""The archive through Datasette: the same hits everywhere, and nothing that an archive should not give away."""

import asyncio
import csv
import io
import re
import socket
import sqlite3
import tomllib
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from datasette.filters import Filters
from selectolax.lexbor import LexborHTMLParser
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from archive.article import Article, Mention, Page, RecordPlace, Repair
from archive.database import ArchiveError, open_archive, save, save_page
from archive.search import find, parse
from archive.search.query import MAX_DEPTH
from archive.site.language import LANGUAGES, Words
from archive.site.serve import PortInUseError, application, check_port, site

ARTICLES = tomllib.loads((Path(__file__).parent / "cases/queries.toml").read_text(encoding="utf-8"))["article"]
FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
SCRIPT = "<script>alert('招商')</script>"
PLANTED = {"title": f"开放招商{SCRIPT}", "text": f'毒株测试{SCRIPT}\n"><img src=x onerror=alert(1)>'}
ROW = re.compile(r'href="/archive/articles/(\d+)"')


def archive_of(folder, articles):
    db = open_archive(folder)
    for number, fields in enumerate(articles):
        url = f"http://news.example/{number}.htm"
        page = Page(url, "", FETCHED, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
        page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
        save(db, Article(url, page=page, **fields))
    return db


class Visitor:
    """Asks a Datasette application, without a server between."""

    def __init__(self, datasette):
        self.datasette = datasette

    def get(self, path, **arguments):
        query = "?" + urlencode(arguments, doseq=True) if arguments else ""
        return asyncio.run(self.datasette.client.get(path + query))

    def page(self, path, **arguments):
        response = self.get(path, **arguments)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/html")
        return LexborHTMLParser(response.text)

    def json(self, path, **arguments):
        response = self.get(path + ".json", **arguments)
        assert response.status_code == 200
        return response.json()

    def csv(self, path, **arguments):
        response = self.get(path + ".csv", **arguments)
        assert response.status_code == 200
        return list(csv.DictReader(io.StringIO(response.text, newline="")))


@pytest.fixture(scope="module")
def folder_and_db(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    db = archive_of(folder, ARTICLES)
    yield folder, db
    db.close()


@pytest.fixture(scope="module")
def db(folder_and_db):
    return folder_and_db[1]


@pytest.fixture(scope="module")
def visitor(folder_and_db):
    return Visitor(site(folder_and_db[0]))


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poisoned")
    archive_of(folder, [{"source": "yunxi", **PLANTED}]).close()
    return Visitor(site(folder))


REPAIRS = (
    Repair("pinyin", "title", 3, "(zhāo)", "", 0.99, "招 is read zhāo"),
    Repair("slip", "text", 4, "?！<b>", "。“", 0.62, "a guess: reads better <i>"),
    Repair("zero-width", "text", 6, "\u200b", "", 0.95, ""),
)
MENDED = [
    {"source": "yunxi", "title": "云溪招商", "text": "云溪县签。“约十�个��项目。", "damage": 3, "repairs": REPAIRS},
    {"source": "yunxi", "title": "招商签约", "text": "云溪县签约十二个项目。"},
    {"source": "jinbei", "title": "签约�个项目", "text": "金北县签约十二个项目。", "damage": 1},
]


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mended")
    archive_of(folder, MENDED).close()
    return Visitor(site(folder))


def ids_found(db, words):
    return sorted(hit.id for hit in find(db, parse(words), limit=None)[1])


# Searching

WORDS = [
    *(
        "招商",
        "招商引資",
        "招商引资",
        "港",
        "资",
        "14.9%",
        "1—6月",
        "title:招商",
        "標題：項目",
        "招商 -会议",
        "项目签约",
    ),
    *("“拿地即开工”", "(港 OR 芯片) 项目", "ppp", "R&D"),
]


@pytest.mark.parametrize("words", WORDS)
def test_table_json_and_csv_find_what_the_archive_finds(visitor, db, words):
    ids = ids_found(db, words)
    rows = visitor.json("/archive/articles", _search=words, _shape="array", _size="max")
    assert sorted(row["id"] for row in rows) == ids
    whole = visitor.json("/archive/articles", _search=words, _shape="objects")
    assert sorted(row["id"] for row in whole["rows"]) == ids
    assert whole["filtered_table_rows_count"] == len(ids)
    assert "检索“" in whole["human_description_en"]
    for size in ("max", 3):  # the second makes Datasette walk from page to page
        lines = visitor.csv("/archive/articles", _search=words, _stream="on", _size=size)
        assert sorted(int(line["id"]) for line in lines) == ids
    html = visitor.get("/archive/articles", _search=words).text
    assert sorted({int(number) for number in ROW.findall(html)}) == ids


def test_the_words_themselves_find_something_and_not_everything(db):
    """Otherwise the test above would be content with a search that does nothing."""
    counts = {words: len(ids_found(db, words)) for words in WORDS}
    assert {words for words, count in counts.items() if count == 0} == {"项目签约"}
    assert max(counts.values()) < len(ARTICLES)


def test_a_search_goes_with_filters_order_and_pages(visitor, db):
    ids = ids_found(db, "签约")
    rows = visitor.json(
        "/archive/articles", _search="签约", source="yunxi", _sort_desc="published", _shape="array", _size="max"
    )
    days = {number: ARTICLES[number - 1].get("published", "") for number in ids}
    of_yunxi = [number for number in ids if ARTICLES[number - 1]["source"] == "yunxi"]
    assert [row["id"] for row in rows] == sorted(of_yunxi, key=days.get, reverse=True)
    assert 1 < len(rows) < len(ids)
    first = visitor.json("/archive/articles", _search="签约", _size=2, _sort="id")
    second = visitor.json("/archive/articles", _search="签约", _size=2, _sort="id", _next=first["next"], _shape="array")
    assert [row[0] for row in first["rows"]] + [row["id"] for row in second] == ids[:4]


def test_facets_count_the_hits(visitor, db):
    facets = visitor.json("/archive/articles", _search="招商引資")["facet_results"]
    ids = ids_found(db, "招商引资")
    expected = Counter(ARTICLES[number - 1]["source"] for number in ids)
    assert {each["value"]: each["count"] for each in facets["source"]["results"]} == expected
    assert {each["value"]: each["count"] for each in facets["script"]["results"]} == Counter(
        ARTICLES[number - 1]["script"] for number in ids
    )


def test_the_search_box_is_there_and_keeps_the_words(visitor):
    for words in ("", "招商引資 -“会议 经济”", "-会议"):
        arguments = {"_search": words} if words else {}
        page = visitor.page("/archive/articles", **arguments)
        assert page.css('input[type="search"][name="_search"]')
        assert {box.attributes.get("value") or "" for box in page.css('input[name="_search"]')} == {words}


@pytest.mark.parametrize("words", ["", "   "])
def test_no_words_are_no_search(visitor, words):
    assert visitor.json("/archive/articles", _search=words)["filtered_table_rows_count"] == len(ARTICLES)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("-会议", "只写了要排除的词"),
        ("NOT 会议", "只写了要排除的词"),
        ("！？", "没有可以检索的字词"),
        ('"', "没有可以检索的字词"),
        ("“", "没有可以检索的字词"),
        ("*", "没有可以检索的字词"),
        ("a" * 10_000, "检索词太长：最多 1,000 个字"),
        ("(" * 40 + "西瓜", "括号套得太深"),
        ("西瓜 " * 70, "词太多：一次最多"),
        ('" OR "1"="1', "检索“"),
        ("'; drop table articles; --", "检索“"),
        ("') or 1=1 --", "检索“"),
        ("NEAR(西 瓜)", "检索“"),
        ("{title} : 西瓜*", "检索“"),
        ("title:text:^西瓜 + 瓜", "检索“"),
        ("西瓜\0招商", "检索“"),
        ("%s %d {} {0} :fts :p0", "检索“"),
    ],
    ids=lambda value: value[:24],
)
def test_a_bad_query_gives_no_rows_and_says_why(visitor, words, hint):
    whole = visitor.json("/archive/articles", _search=words)
    assert (whole["rows"], whole["filtered_table_rows_count"]) == ([], 0)
    assert hint in whole["human_description_en"]
    assert visitor.csv("/archive/articles", _search=words, _stream="on", _size="max") == []
    assert hint in " ".join(visitor.page("/archive/articles", _search=words).body.text().split())


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("zh", "招商", "检索“招商”"), ("en", "招商", "search matches “招商”"),
        ("zh", "-会议", "什么也没有找到：只写了要排除的词"), ("en", "-会议", "nothing is found: Only NOT: say also"),
    ],
)  # fmt: skip
def test_what_was_searched_is_said_in_the_language_of_the_page(visitor, language, words, said):
    path = f"/archive/articles?_search={words}"
    answer = asyncio.run(visitor.datasette.client.get(path, cookies={"lang": language}))
    assert said in LexborHTMLParser(answer.text).css_first("main").text()


def heading(visitor, table, language, asked):
    """What the heading of a table says, and how much of it is marked as English."""
    path = f"/archive/{table}?{urlencode(asked)}"
    page = LexborHTMLParser(asyncio.run(visitor.datasette.client.get(path, cookies={"lang": language})).text)
    [said] = [each for each in page.css("main h2") if each.css("span")]
    assert words_of(said) in words_of(page.css_first("title"))
    return words_of(said), "".join(each.text() for each in said.css("[lang=en]"))


LOOKUPS = [lookup for lookup, _, _ in Filters([]).lookups()]


@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filter_is_told_in_the_language_of_the_page(visitor, language, lookup):
    value = '["<b>"]' if lookup.startswith(("in", "notin")) else "<b>"
    told, english = heading(visitor, "articles", language, {f"authors__{lookup}": value, "_sort": "id"})
    t = Words(language)
    filled = t(f"described.{lookup}", column="authors", value=value).unescape()
    assert told.endswith(f" {filled}{t('described.and')}{t('described.sorted', column='id')}")
    assert english == ""


def test_what_a_column_can_be_asked_for_is_in_chinese(visitor):
    answer = asyncio.run(visitor.datasette.client.get("/archive/runs", cookies={"lang": "zh"}))
    options = [each.text() for each in LexborHTMLParser(answer.text).css("select[name=_filter_op] option")]
    assert len(options) == len(LOOKUPS)
    assert not re.search("[A-Za-z]", "".join(options))


@pytest.mark.parametrize(
    ("table", "asked", "said"),
    [
        ("articles", {"_search": "签约"}, "检索“签约”，按 published 降序"),
        ("articles", {"_search": "签约", "source": "yunxi", "damage__gt": "0", "_sort": "id"},
         "检索“签约”，damage 大于 0，source 是“yunxi”，按 id 排序"),
        ("articles", {"_search": "-会议", "source": "yunxi"},
         "什么也没有找到：只写了要排除的词：还要写上找什么，例如 招商 -会议，source 是“yunxi”，按 published 降序"),
        ("copies", {"kind": "only"}, "kind 是“only”"),
        ("runs", {}, "按 id 降序"),
        # None of ours: it stays as Datasette says it.
        ("articles", {"_through": '{"table": "copies", "column": "kind", "value": "only"}'}, None),
    ],
    ids=str,
)  # fmt: skip
def test_search_filters_and_order_are_told_in_chinese(visitor, table, asked, said):
    told, english = heading(visitor, table, "zh", asked)
    assert (told.partition(" 行 ")[2], english) == ((said, "") if said else (english, english))
    assert said or english.startswith("where copies.kind")


def nested(depth):
    return f"西 -({nested(depth - 1)})" if depth else "瓜"


def test_the_deepest_query_is_no_error(visitor):
    for depth in range(MAX_DEPTH + 1):
        assert visitor.json("/archive/articles", _search=nested(depth))["rows"] == []


def test_bytes_that_are_no_utf_8_are_no_error(visitor):
    assert visitor.get("/archive/articles.json?_search=%D5%D0%C9%CC").status_code == 200
    assert visitor.get("/archive/articles?_search=%ED%A0%80").status_code == 200


# Repairs and damage


def words_of(node):
    return " ".join(node.text().split())


def test_damaged_articles_can_be_picked_out(mended):
    page = mended.page("/archive/articles", _search="签约")
    assert sorted(words_of(node) for node in page.css(".articles .lost")) == ["缺 1 字"]
    [link] = [a.attributes["href"] for a in page.css("a") if "只看有缺字的" in a.text()]
    found = mended.page(link)
    assert ROW.findall(found.html) == ["3"]
    assert "只看有缺字的" not in found.html
    rows = mended.json("/archive/articles", damage__gt=0, _shape="array")
    assert {row["id"]: row["damage"] for row in rows} == {1: 3, 3: 1}


def test_the_link_to_the_damaged_begins_at_their_first_page(mended):
    page = mended.page("/archive/articles", _size=1, _sort="id", _next="1", source="yunxi")
    [link] = [a.attributes["href"] for a in page.css("a") if "只看有缺字的" in a.text()]
    assert sorted(link.partition("?")[2].split("&")) == ["_size=1", "_sort=id", "damage__gt=0", "source=yunxi"]


def test_a_place_that_is_named_leads_to_its_row(tmp_path):
    article = {"source": "yunxi", "text": "园区来客。", "mentions": (Mention("430300", "湘潭", 2),)}
    archive_of(tmp_path, [article]).close()
    visitor = Visitor(site(tmp_path))
    [link] = [each for each in visitor.page("/archive/article_regions").css("a") if each.text() == "湘潭市"]
    assert link.attributes["href"] == "/archive/regions/430300"


# What is not given away

MACHINERY = [
    *("articles_fts", "articles_fts_data", "articles_fts_idx", "articles_fts_docsize", "articles_fts_config"),
    *("fingerprints", "fingerprint_bands", "fingerprint_new_bands"),
    *("_sqlite_migrations", "search_facts", "tallies"),
]


def test_all_machinery_is_tried(db):
    tables = {row["name"] for row in db.query("select name from sqlite_master where type = 'table'")}
    machinery = ("_", "articles_", "fingerprint", "search_", "sqlite", "tallies")
    assert {name for name in tables if name.startswith(machinery)} == set(MACHINERY)


@pytest.mark.parametrize("table", MACHINERY)
def test_machinery_is_closed(visitor, table):
    assert visitor.json("/archive/articles", _size=0), "the table beside it is open"
    for ending in ("", ".json", ".csv", "/1", "/1.json"):
        assert visitor.get(f"/archive/{table}{ending}").status_code == 403, ending


def test_machinery_is_not_listed(visitor):
    listed = {table["name"] for table in visitor.json("/archive")["tables"]}
    assert listed == {
        "addresses", "article_regions", "articles", "attachments", "copies", "images", "imports", "issues", "pages",
        "regions", "repairs", "revisions", "runs", "sources", "stories", "story_changes", "visits",
    }  # fmt: skip
    for path in ("/", "/.json", "/archive", "/archive.json"):
        text = visitor.get(path).text
        assert "articles" in text
        assert not [table for table in MACHINERY if table in text], path


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/archive", {"sql": "select 1"}),
        ("/archive.json", {"sql": "select * from articles_fts_data"}),
        ("/archive.csv", {"sql": "select url from articles"}),
        ("/archive/articles", {"_where": "1=1"}),
        ("/archive/articles.json", {"_where": "id in (select id from articles_fts_data)", "_search": "招商"}),
        ("/archive.db", {}),
    ],
)
def test_sql_and_download_are_refused(visitor, path, arguments):
    assert visitor.get(path, **arguments).status_code == 403


def test_nobody_writes(visitor, db):
    before = db.execute("select count(*) from articles").fetchone()
    for method in ("POST", "PUT", "DELETE"):
        response = asyncio.run(visitor.datasette.client.request(method, "/archive/articles/1"))
        assert response.status_code >= 400
    assert db.execute("select count(*) from articles").fetchone() == before


# What others wrote stays text


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/archive/articles", {}),
        ("/archive/articles", {"_search": "招商"}),
        ("/archive/articles", {"_search": "alert"}),
        ("/archive/articles", {"_facet": "title"}),
        ("/archive/articles", {"title": PLANTED["title"]}),
        ("/archive/articles/1", {}),
    ],
    ids=str,
)
def test_a_script_in_an_article_is_shown_and_not_run(poisoned, path, arguments):
    page = poisoned.page(path, **arguments)
    assert [node.html for node in page.css("script") if "alert" in node.text()] == []
    assert page.css("[onerror]") == []
    assert SCRIPT in page.body.text()


@pytest.mark.parametrize("before", ["", "-", "“", "招商 OR "])
@pytest.mark.parametrize(
    "planted", [SCRIPT, '"><img src=x onerror=alert(1)>', "</title></textarea><svg onerror=alert(1)>"]
)
def test_a_script_in_a_query_is_shown_and_not_run(poisoned, planted, before):
    page = poisoned.page("/archive/articles", _search=before + planted)
    assert [node.html for node in page.css("script") if "alert" in node.text()] == []
    assert page.css("[onerror]") == []
    assert {box.attributes["value"] for box in page.css('input[name="_search"]')} == {before + planted}


# Serving


def test_there_is_no_site_without_an_archive(tmp_path):
    with pytest.raises(ArchiveError, match="no archive there yet"):
        site(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_an_immutable_copy_is_read_as_it_stands(tmp_path):
    """As it is published: copied by SQLite, on a disk that takes no file beside it."""
    archive_of(tmp_path, ARTICLES[:3]).close()
    copy = tmp_path / "copy"
    copy.mkdir()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as original:
        original.execute("vacuum into ?", [str(copy / "archive.db")])
    copy.chmod(0o500)
    visitor = Visitor(site(copy, immutable=True))
    assert visitor.json("/archive/articles", _search="签约")["filtered_table_rows_count"] == 2
    assert visitor.page("/archive/articles/1").css_first("main")
    assert Visitor(site(copy, immutable=True, snapshots=False)).get("/-/snapshot/1").status_code == 403
    assert [path.name for path in copy.iterdir()] == ["archive.db"]


def test_an_immutable_copy_of_an_earlier_release_is_refused(tmp_path):
    archive_of(tmp_path, []).close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db, db:
        db.execute("delete from _sqlite_migrations where id = (select max(id) from _sqlite_migrations)")
    with pytest.raises(ArchiveError, match="of an earlier release"):
        site(tmp_path, immutable=True)


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no archive there"), (b"no database", "not usable as an archive")]
)
def test_what_is_no_archive_cannot_be_served_as_one(tmp_path, content, said):
    if content:
        (tmp_path / "archive.db").write_bytes(content)
    with pytest.raises(ArchiveError, match=said):
        site(tmp_path, immutable=True)


def test_a_taken_port_is_said_to_be_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"^127\.0\.0\.1:{port} is in use: .* give another --port$"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", 0)


@pytest.fixture(scope="module")
def ask(folder_and_db):
    """Ask the site as it is served on 127.0.0.1, with the name archive.example allowed; `proxy` behind one."""

    def ask(path, *, proxy=False, host="127.0.0.1", allowed=("Archive.example",), **options):
        app = application(site(folder_and_db[0]), host, allowed)
        app = ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1") if proxy else app
        transport = httpx.ASGITransport(app)

        async def asked():
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.get(path, **options)

        return asyncio.run(asked())

    return ask


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *((name, 200) for name in ("localhost", "LOCALHOST:8001", "127.0.0.1:8001", "[::1]:8001", "[::1]")),
        *((name, 200) for name in ("archive.example", "archive.example:443", "ARCHIVE.EXAMPLE")),
        *((name, 400) for name in ("evil.example", "evil.example:8001", "localhost.evil.example", "127.0.0.2")),
        *((name, 400) for name in ("", "localhost:80@evil.example", "evil.example:8001:localhost", "localhost:8001\n")),
        ("<script>alert(1)</script>", 400),
    ],
)
def test_the_site_answers_to_its_own_names(ask, name, status):
    """A page of evil.example whose name was given our address would read the archive in the visitor's browser."""
    for path in ("/", "/archive/articles.json", "/-/static/app.css"):
        answer = ask(path, headers={"Host": name})
        assert answer.status_code == status, path
        assert "content-security-policy" in answer.headers
        if status == 400:
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            assert "--allow-host" in answer.text


@pytest.mark.parametrize(("host", "name"), [("192.0.2.7", "192.0.2.7:8001"), ("2001:db8::7", "[2001:db8::7]:8001")])
def test_the_site_answers_to_the_address_that_it_is_bound_to(ask, host, name):
    assert ask("/archive", host=host, headers={"Host": name}).status_code == 200
    assert ask("/archive", headers={"Host": name}).status_code == 400


def test_what_datasette_tells_of_itself_is_closed(visitor, ask):
    """Its own addresses, by its own list: `/-/databases.json` has the path of the file."""
    own = {match[1] for route, _ in visitor.datasette._routes() if (match := re.match(r"/-/([a-z-]+)", route.pattern))}
    told = own - {"static", "static-plugins", "versions"}
    assert {"databases", "settings", "metadata", "threads", "plugins", "allow-debug", "actor"} <= told
    for name in told:
        for path in (f"/-/{name}", f"/-/{name}.json", f"/-/{name}/", f"/-/{name}?x=1"):
            assert ask(path).status_code == 404, path
    assert "sqlite" in ask("/-/versions.json").json()
    assert visitor.get("/-/databases.json").status_code == 200, "`datasette` itself is left as it is"


def test_links_are_those_of_the_proxy_that_is_documented(ask):
    text = (Path(__file__).parents[1] / "docs/newsroom.md").read_text(encoding="utf-8")
    values = {"$http_host": "archive.example", "$scheme": "https"}
    named = re.findall(r"proxy_set_header (\S+) (\S+);", text)
    headers = {name: values[value] for name, value in named if value in values}
    found = ask("/archive/articles.json?_size=1", proxy=True, headers=headers).json()
    assert found["next_url"].startswith("https://archive.example/archive/articles.json?")
    assert 'href="https://archive.example/' in ask("/-/search.atom", proxy=True, headers=headers).text


def test_the_command_takes_what_it_is_told(start, wait_until, get, folder_and_db):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"

    def answers():
        assert process.poll() is None, process.communicate()
        try:
            return get(f"{address}/-/versions.json")
        except OSError:
            return False

    options = ("--no-snapshots", "--allow-host", "a.example", "--allow-host", "b.example")
    with start("zhaoshang", "--data", folder_and_db[0], "serve", "--port", port, *options) as process:
        try:
            wait_until(answers)
            statuses = [
                httpx.get(f"{address}{path}", headers={"Host": name}, trust_env=False).status_code
                for path, name in (
                    ("/", "a.example"),
                    ("/", "b.example"),
                    ("/", "c.example"),
                    ("/-/snapshot/1", "a.example"),
                )
            ]
        finally:
            process.kill()
            process.communicate()
    assert statuses == [200, 200, 400, 403]


# Reading only


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/-/search?q=招商",
            "/-/search.json",
            "/-/search.csv",
            "/-/compare",
            "/-/coverage",
            "/archive/articles/1",
        ),
        *("/-/story/1", "/-/source/yunxi", "/-/region/430000", "/-/snapshot/1", "/-/issue/a/b/2024-09-04"),
        "/-/language?to=en&next=/",
    ],
)
def test_pages_are_only_read(visitor, method, path):
    cookies = {"lang": "zh", "ds_actor": "x"}  # with a cookie Datasette asks for a token first
    answer = asyncio.run(visitor.datasette.client.request(method, path, cookies=cookies))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.text == "本站只供阅读。"
    assert "set-cookie" not in answer.headers
    assert asyncio.run(visitor.datasette.client.head(path)).status_code != 405


def test_what_is_saved_while_serving_is_found(tmp_path):
    db = archive_of(tmp_path, ARTICLES[:1])
    visitor = Visitor(site(tmp_path))
    assert visitor.json("/archive/articles", _search="签约")["filtered_table_rows_count"] == 1
    page = Page("http://news.example/9.htm", "", FETCHED, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    save(db, Article(page.url, "yunxi", page, text="金北县签约两个项目。"))
    assert visitor.json("/archive/articles", _search="签约")["filtered_table_rows_count"] == 2
    db.close()
