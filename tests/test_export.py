"""What goes out of the archive comes in again elsewhere: CSV for spreadsheets, JSON Lines for programs."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import Article, Page, RecordPlace
from archive.database import open_archive, save, save_page
from archive.export import COLUMNS, rows, write_csv, write_jsonl
from archive.search import parse

FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
LINE = '云溪县：“拿地即开工”, "一窗"办结'
PARAGRAPHS = '首段，含“引号”和"半角引号"。\n第二段\r\n第三段\u2028第四段\u0085完👍𠮷'


def keep(db, number, **fields):
    url = fields.pop("url", f"http://news.example/{number}.htm")
    page = Page(url, "", FETCHED, charset="gb18030", digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    return save(db, Article(url, "yunxi", page, **fields)).id


@pytest.fixture
def db(tmp_path):
    db = open_archive(tmp_path)
    yield db
    db.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """An archive for many examples: one article, its text rewritten each time."""
    db = open_archive(tmp_path_factory.mktemp("archive"))
    keep(db, 1, text="")
    yield db
    db.close()


def as_csv(articles, path):
    with path.open("w", encoding="utf-8", newline="") as out:
        count = write_csv(articles, out)
    with path.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file, strict=True)
    assert tuple(head) == COLUMNS
    assert len(lines) == count
    return [dict(zip(head, line, strict=True)) for line in lines]


def as_jsonl(articles, path):
    with path.open("w", encoding="utf-8", newline="\n") as out:
        count = write_jsonl(articles, out)
    with path.open(encoding="utf-8", newline="\n") as file:
        lines = [json.loads(line) for line in file]
    assert len(lines) == count
    return lines


FULL = {
    "kicker": "项目建设看一线",
    "title": LINE,
    "subtitle": "总投资86.4亿元, 达产后超百亿",
    "text": PARAGRAPHS,
    "published": "2024-09-04T00:00:00+08:00",
    "published_precision": "day",
    "authors": ("周启明", "李“小”岚"),
    "origin": "云溪日报",
    "origin_via": "湘江晚报",
    "section": "第03版：经济",
    "script": "hans",
    "damage": 2,
}
STORED = {
    "id": 1,
    "url": "http://news.example/1.htm",
    "source": "yunxi",
    "region_code": "430623",
    "charset": "gb18030",
    "first_fetched": "2024-09-04T08:05:00Z",
    "last_fetched": "2024-09-04T08:05:00Z",
    "version": 1,
    "story_id": 1,
}


def test_csv_comes_back_cell_for_cell(db, tmp_path):
    keep(db, 1, region="430623", **FULL)
    [line] = as_csv(rows(db), tmp_path / "out.csv")
    assert line == {key: str(value) for key, value in (FULL | STORED).items()} | {
        "authors": '["周启明", "李“小”岚"]',
    }


def test_jsonl_comes_back_value_for_value(db, tmp_path):
    keep(db, 1, region="430623", **FULL)
    keep(db, 2, text="快讯。")
    full, bare = as_jsonl(rows(db), tmp_path / "out.jsonl")
    assert full == FULL | STORED | {"authors": ["周启明", "李“小”岚"]}
    assert (bare["title"], bare["published"], bare["authors"]) == (None, None, [])
    assert "拿地即开工" in (tmp_path / "out.jsonl").read_text(encoding="utf-8"), "Chinese stays readable"


@given(text=st.text())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_text_comes_back(shared, tmp_path_factory, text):
    shared.execute("update articles set text = ?", [text])
    path = tmp_path_factory.getbasetemp() / "any"
    [line] = as_csv(rows(shared), path)
    assert line["text"].removeprefix("'" if text.startswith(tuple("=+-@＝＋－＠\t\r\n")) else "") == text
    [line] = as_jsonl(rows(shared), path)
    assert line["text"] == text


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://evil.example","看详情")',
        "+86 731 8888",
        "-14.9%",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1＋1",
        "＋1",
        "－1",
        "＠SUM(A1)",
    ],
)
def test_no_cell_is_run_as_a_formula(db, tmp_path, cell):
    keep(db, 1, title=cell, text=cell, origin=cell, authors=(cell,))
    [line] = as_csv(rows(db), tmp_path / "out.csv")
    assert [line[column] for column in ("title", "text", "origin")] == [f"'{cell}"] * 3
    assert line["authors"][0] == "["
    [line] = as_jsonl(rows(db), tmp_path / "out.jsonl")
    assert [line[column] for column in ("title", "text", "origin")] == [cell] * 3, "programs get the value itself"


@pytest.mark.parametrize("cell", ["", "招商=引资", "1-6月", "，招商", " =1"])
def test_other_cells_stay_as_they_are(db, tmp_path, cell):
    keep(db, 1, title=cell, text="快讯。")
    [line] = as_csv(rows(db), tmp_path / "out.csv")
    assert line["title"] == cell


def test_what_is_unknown_is_an_empty_cell(db, tmp_path):
    keep(db, 1, text="快讯。")
    [line] = as_csv(rows(db), tmp_path / "out.csv")
    assert {column for column in COLUMNS if not line[column]} == {
        "kicker", "title", "subtitle", "published", "published_precision", "origin", "origin_via", "section",
        "region_code", "script",
    }  # fmt: skip


def test_an_empty_archive_gives_a_head_and_no_lines(db, tmp_path):
    assert as_csv(rows(db), tmp_path / "out.csv") == []
    assert as_jsonl(rows(db), tmp_path / "out.jsonl") == []


@pytest.fixture
def dated(db):
    """Five articles, entered neither by date nor by address; one says no date."""
    for number, published, text in [
        (5, "2024-09-03T23:59:00+08:00", "云溪招商引资，增长14.9%。"),
        (2, "2024-09-05T00:00:00+08:00", "雲溪招商引資會議。"),
        (4, "2024-09-04T00:00:00+08:00", "会议经济回暖，涉及第14、9两个标段的招商。"),
        (1, None, "招商引资快讯。"),
        (3, "2024-10-01T08:00:00+08:00", "港口开航。"),
    ]:
        keep(db, number, title=f"第{number}篇", published=published, text=text)
    return db


@pytest.mark.parametrize(
    ("words", "since", "expected"),
    [
        (None, None, [5, 2, 4, 1, 3]),
        ("招商", None, [5, 2, 4, 1]),
        ("招商引資", None, [5, 2, 1]),
        ("14.9%", None, [5]),
        ("招商 -会议", None, [5, 1]),
        ("标题:第4篇 OR 港", None, [4, 3]),
        (None, "2024-09-04", [2, 4, 3]),
        (None, "2024-09-04T00:00:00+08:00", [2, 4, 3]),
        ("招商", "2024-09-04", [2, 4]),
        ("14.9", "2024-09-04", []),
    ],
)
def test_a_query_and_a_date_choose_and_the_order_is_that_of_entry(dated, words, since, expected):
    chosen = list(rows(dated, parse(words) if words else None, since))
    assert [row["title"] for row in chosen] == [f"第{number}篇" for number in expected]
    assert all(tuple(row) == COLUMNS for row in chosen)


def test_an_export_repeats_itself_byte_for_byte(dated, tmp_path):
    """An article that was read again does not move, and nothing else does."""
    before = [row["url"] for row in rows(dated)]
    keep(dated, 2, title="第2篇", text="雲溪招商引資會議，更正。")
    assert [row["url"] for row in rows(dated)] == before
    for name in ("one", "two"):
        as_csv(rows(dated), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
