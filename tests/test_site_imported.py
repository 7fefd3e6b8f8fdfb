"""Of an imported file the site tells the name, and nowhere the folder that it lay in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlencode

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.addresses import add_address, twin_of
from archive.article import Article, Attachment, Image, Page, RecordPlace
from archive.database import open_archive, save, save_page
from archive.site.language import LANGUAGES, Words
from archive.site.serve import site

FOLDER = "/home/li-jieke/rb/202409/04"
TEXT = "云溪县九月初在县城举行招商会，三家做锂电材料的企业当场签约，合计投资五亿四千万元，建成后用工三百人。"
FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)


def enter(db, url, text=TEXT, **fields):
    page = Page(url, "", FETCHED, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    fields = {"title": "招商会签约", "published": "2024-09-04T00:00:00+08:00", "published_precision": "day"} | fields
    article = Article(url, page=page, text=text, source="yunxi", section="第01版：头版", **fields)
    if twin := twin_of(db, article):
        add_address(db, article, twin)
    else:
        save(db, article)


@pytest.fixture(scope="module")
def get(tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported")
    db = open_archive(folder)
    beside = {
        "images": (Image(f"file://{FOLDER}/pics/1.jpg", "签约现场"),),
        "attachments": (Attachment(f"file://{FOLDER}/a.pdf", None),),
    }
    enter(db, f"file://{FOLDER}/{quote('招商一.html')}", **beside)
    enter(db, f"file://{FOLDER}/{quote('招商二.html')}")
    enter(db, f"file://{FOLDER}/other.html", f"file:///是这样写的。\n{TEXT[::-1]}", title="另一篇")
    enter(db, "http://news.example/1.htm", TEXT[10:] * 2, title="网上的一篇")
    assert db["addresses"].count == 1
    db.close()
    client = site(folder).client

    def get(path, **asked):
        address = path + (f"?{urlencode(asked)}" if asked else "")
        return asyncio.run(client.get(address, cookies={"lang": "en"}))

    return get


def tables(get):
    return {each["name"]: each["columns"] for each in get("/archive.json").json()["tables"]}


def test_no_answer_tells_the_folder(get):
    own = ["/", "/archive/articles/1", "/archive/articles/2", "/-/story/1", "/-/source/yunxi", "/-/region/430000"]
    files = [f"/-/search{ending}" for ending in ("", ".json", ".atom", ".csv", ".parquet")]
    shown = [
        f"/archive/{table}{ending}{'?_facet=url' if 'url' in columns else ''}"
        for table, columns in tables(get).items()
        for ending in ("", ".json", ".csv")
    ]
    rows = [f"/archive/{table}/1{ending}" for table in ("articles", "pages") for ending in ("", ".json")]
    for path in (*own, *files, *shown, *rows):
        answer = get(path)
        assert answer.status_code == 200, path
        assert b"jieke" not in answer.content, path
    assert get("/archive/pages.json", _shape="array").json()[-1]["url"] == "file:招商一.html"
    assert get("/archive/articles/2.json", _shape="objects").json()["rows"][0]["text"].startswith("file:///是这样写的")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_says_that_it_was_imported(get, language):
    page = LexborHTMLParser(get("/archive/articles/1", lang=language).text)
    said = Words(language)("site.imported", name="招商一.html")
    assert page.css_first("aside dd").text().strip().startswith(said)
    assert "招商二.html" in page.css_first("aside dd").text()
    assert "file:招商一.html" in page.css_first("#cite-gb").text()
    assert said in page.css_first("#cite-plain").text()
    assert said in get("/-/story/1", lang=language).text
    assert "202409" not in page.css_first("main").text(), "its folder is no issue of a newspaper"


@pytest.mark.parametrize("column", ["url", "address_key"])
@pytest.mark.parametrize("table", ["articles", "pages", "images", "attachments", "addresses"])
def test_a_folder_cannot_be_guessed_letter_by_letter(get, table, column):
    if column not in get(f"/archive/{table}.json").json()["columns"]:
        return
    tried = ["file:///home/li", "file:///home/wang"]
    for operation in ("startswith", "contains", "gt", "glob"):
        found = [get(f"/archive/{table}.json", **{f"{column}__{operation}": each}).json() for each in tried]
        assert [each["filtered_table_rows_count"] for each in found] == [
            int(operation == "gt" and table in "articles pages")
        ] * 2
        assert Words("en")("table.no_imported") in found[0]["human_description_en"]


def test_addresses_of_the_web_are_still_found_and_in_order(get):
    found = get("/archive/articles.json", url__contains="news.example", _shape="array").json()
    assert [each["title"] for each in found] == ["网上的一篇"]
    walked = get("/archive/articles.json", _sort="url", _size=1).json()
    assert (walked["filtered_table_rows_count"], walked["next"]) == (1, None)
    # Its rows are in the order of their addresses without being asked.
    assert get("/archive/addresses.json").json()["filtered_table_rows_count"] == 0
    assert "imported" not in get("/archive/articles.json", _sort="id").json()["human_description_en"]
    assert (
        unquote(get("/archive/articles.json", _size=1, _sort="id", _shape="array").json()[0]["url"])
        == "file:招商一.html"
    )
