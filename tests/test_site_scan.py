"""Fifty queries over the sample province: table, JSON, CSV and page find what a look through the texts finds."""

import asyncio
import csv
import io
import re
import shutil
from random import Random
from urllib.parse import urlencode

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.search.folding import fold
from archive.site.serve import site


@pytest.fixture(scope="module")
def client(province, tmp_path_factory):
    data = tmp_path_factory.mktemp("scan") / "data"
    shutil.copytree(province, data)
    return site(data).client


@pytest.fixture(scope="module")
def texts(province, query):
    rows = query(province, "select id, kicker, title, subtitle, text from articles")
    lines = ("kicker", "title", "subtitle", "text")
    return {row["id"]: fold("\n".join(row[line] or "" for line in lines)) for row in rows}


def queries(texts):
    """Fifty pieces of one to six letters, as they stand somewhere, some in the other script's articles."""
    chance, found = Random(50), []
    while len(found) < 50:
        text = chance.choice(list(texts.values()))
        place = chance.randrange(len(text) - 6)
        piece = text[place : place + 1 + len(found) % 6]
        if re.fullmatch(r"[\u4e00-\u9fff]+", piece):
            found.append(piece)
    return found


def test_fifty_queries_find_what_a_scan_finds(client, texts):
    def get(path, **arguments):
        answer = asyncio.run(client.get(f"{path}?{urlencode(arguments)}"))
        assert answer.status_code == 200, (path, arguments)
        return answer

    def sheet(path, **arguments):
        text = get(path, **arguments).content.decode("utf-8-sig")
        return {int(row["id"]) for row in csv.DictReader(io.StringIO(text, newline=""))}

    asked = queries(texts)
    assert {len(words) for words in asked} == {1, 2, 3, 4, 5, 6}
    for words in asked:
        wanted = {number for number, text in texts.items() if words in text}
        table = {"_search": words, "_size": "max"}
        assert {row["id"] for row in get("/archive/articles.json", **table, _shape="array").json()} == wanted, words
        assert sheet("/archive/articles.csv", **table) == wanted, words
        assert sheet("/-/search.csv", q=words) == wanted, words
        assert get("/-/search.json", q=words).json()["total"] == len(wanted), words
        page = LexborHTMLParser(get("/-/search", q=words).text)
        assert int(re.search(r"[\d,]+", page.css_first(".total strong").text())[0].replace(",", "")) == len(wanted), (
            words
        )
