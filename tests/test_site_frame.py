"""What all pages of the site have: both languages, headers, errors in a sentence."""

import asyncio
import re
import string
from pathlib import Path

import datasette
import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.database import open_archive
from archive.site.language import LANGUAGES, Words, catalogue
from archive.site.serve import site
from archive.site.wording import PHRASES

PAGES = ["/", "/archive", "/archive/articles", "/archive/nosuch", "/-/nosuch"]


KNOWN = {"JSON", "json", "CSV", "WARC"}


def tables(get):
    return get("/archive.json").json()["tables"]


@pytest.fixture(scope="module")
def get(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frame")
    open_archive(folder).close()
    client = site(folder).client

    def get(path, **options):
        return asyncio.run(client.get(path, **options))

    return get


# Words


def filled(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_both_catalogues_say_the_same():
    zh, en = catalogue("zh"), catalogue("en")
    assert zh.keys() == {key for key in en if not key.endswith(".one")}
    for key, words in zh.items():
        assert filled(words) == filled(en[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_escaped(language):
    t = Words(language)
    t._words = {"x": "<b>{n}</b> {what}", "x.one": "one {what}"}
    assert t("x", n=1200, what="<i>") == "<b>1,200</b> &lt;i&gt;"
    assert t("x", n=1, what="&") == "one &amp;"
    assert t.of("kind", "<new>") == "<new>"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_in_its_language(get, path, language):
    page = LexborHTMLParser(get(path, cookies={"lang": language}).text)
    t = Words(language)
    assert page.css_first("html").attributes["lang"] == t.tag
    assert page.css_first("header .name").text() == t("site.title")


def test_the_switch_is_remembered_and_leads_back(get):
    [link] = LexborHTMLParser(get("/archive/articles?_search=招商&_sort=id").text).css("header .language")
    answer = get(link.attributes["href"])
    assert answer.status_code == 302
    assert answer.headers["location"] == "/archive/articles?_search=%E6%8B%9B%E5%95%86&_sort=id"
    assert answer.headers["set-cookie"].startswith("lang=en; ")
    assert "Max-Age=31536000" in answer.headers["set-cookie"]


@pytest.mark.parametrize("asked", ["lang=zh&q=招商", "q=招商&lang=zh", "q=招商&lang=zh&lang=en"])
def test_the_switch_leads_out_of_an_address_with_a_language(get, asked):
    [link] = LexborHTMLParser(get(f"/-/search?{asked}").text).css("header .language")
    answer = get(link.attributes["href"])
    assert answer.headers["location"] == "/-/search?q=%E6%8B%9B%E5%95%86"


@pytest.mark.parametrize(("language", "home"), [("zh", "首页"), ("en", "Home")])
@pytest.mark.parametrize("path", ["/archive", "/archive/articles", "/archive/runs", "/archive/regions/430000"])
def test_the_way_back_stands_in_its_line(get, path, language, home):
    page = LexborHTMLParser(get(path, cookies={"lang": language}).text)
    [line] = page.css(".crumbs")
    assert line.parent.attributes["class"] == "crumbs-line"
    assert line.css_first("a").text() == home
    assert line.css_first("a").attributes["href"] == "/"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_the_switch_leads_nowhere_else(get, elsewhere):
    answer = get("/-/language", params={"to": "en", "next": elsewhere})
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


def test_datasette_still_writes_what_is_replaced():
    folder = Path(datasette.__file__).parent / "templates"
    for template, phrases in PHRASES.items():
        source = (folder / template).read_text(encoding="utf-8")
        assert [phrase for phrase, _ in phrases if phrase not in source] == [], template


@pytest.mark.parametrize("path", ["/archive", "/archive/articles", "/archive/runs", "/archive/regions/430000"])
def test_tables_are_in_chinese(get, path):
    page = LexborHTMLParser(get(path, cookies={"lang": "zh"}).text)
    for node in page.css("script, style, pre, code, [lang=en], option, small"):
        node.decompose()
    words = set(re.findall(r"[A-Za-z]{3,}", page.css_first("main").text()))
    names = {row for table in tables(get) for row in [table["name"], *table["columns"]]}
    assert {word for word in words if word.lower() not in {part for name in names for part in name.split("_")}} <= KNOWN


# Headers and errors


@pytest.mark.parametrize("path", [*PAGES, "/archive/articles.json", "/-/static/app.css"])
def test_every_answer_has_its_headers(get, path):
    headers = get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/-/nosuch", 404, "Check the address"),
        ("/archive/articles/99", 404, "Check the address"),
        ("/archive/articles?_where=1", 403, "not allowed"),
        ("/archive?sql=select+1", 403, "execute-sql"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(get, path, status, said):
    answer = get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    page = LexborHTMLParser(answer.text)
    assert said in page.css_first("main").text()
    assert page.css("header .find input")
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "key", "filled"),
    [
        ("/archive?sql=select+1", "error.forbidden_cure", {}),
        ("/-/search.csv?from=2024-13", "found.ignored", {"name": "from"}),
        ("/-/search.csv?q=-a", "query.only_not", {}),
        ("/-/compare.csv", "query.no_word", {}),
        ("/-/compare.csv?q=a&to=x", "compare.no_day", {"typed": "x"}),
        ("/-/issue/a/b/yesterday", "error.no_date", {"day": "yesterday"}),
    ],
)
def test_a_refusal_is_in_the_language_of_the_page(get, path, key, filled, language):
    main = LexborHTMLParser(get(path, cookies={"lang": language}).text).css_first("main")
    assert Words(language)(key, **filled).unescape() in main.text()
    for node in main.css("[lang=en]"):
        node.decompose()
    assert language == "en" or not re.search("[a-z]{3,}", main.text().replace("from", "").replace("yesterday", ""))


def test_programs_are_refused_in_json(get):
    answer = get("/-/search.json?from=2024-13", cookies={"lang": "zh"})
    assert (answer.status_code, answer.json()["ok"]) == (400, False)
    assert answer.json()["error"] == Words("en")("found.ignored", name="from").unescape()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host(get, path):
    page = LexborHTMLParser(get(path).text)
    asked = [
        node.attributes.get("src") or node.attributes.get("href")
        for node in page.css("link[rel=stylesheet], script[src], img")
    ]
    assert asked
    assert [address for address in asked if not address.startswith("/")] == []
