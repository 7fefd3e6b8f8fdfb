"""The archive keeps what it was given, keeps what it was before, and keeps its search index true."""

import json
import os
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from sqlite_utils.db import NotFoundError

from archive import runs
from archive.addresses import add_address, article_at, twin_of
from archive.article import Article, Image, Page, RecordPlace, Repair
from archive.database import (
    ArchiveError,
    delete,
    index_faults,
    open_archive,
    place_of,
    register_functions,
    save,
    save_charset,
    save_page,
    writing,
)
from archive.readings import COMPARED
from archive.schema import migrations
from archive.search import find, parse
from pipelines.repair import undo

MONDAY = datetime(2024, 9, 2, 8, 5, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
PLACE = RecordPlace("20240902.warc.gz", 412, 2210)


@pytest.fixture
def db(tmp_path):
    db = open_archive(tmp_path)
    yield db
    db.close()


def fetched(db, url, moment=MONDAY, place=PLACE):
    page = Page(url, "", moment, charset="gb18030", digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    return replace(page, id=save_page(db, page, place, None))


def reading(db, url="http://news.example/1.htm", moment=MONDAY, **fields):
    """A reading of an article, its page recorded."""
    fields = {"source": "yunxi", "title": "云溪县签约十二个项目", "text": "云溪县举行招商引资推介会。"} | fields
    return Article(url, page=fetched(db, url, moment), **fields)


def rows(db, table):
    return list(db.table(table).rows)


def row(db, article_id):
    return db.table("articles").get(article_id)


# Opening


def test_an_archive_is_made_and_opened_again(tmp_path):
    folder = tmp_path / "far" / "data"
    db = open_archive(folder)
    stored = save(db, reading(db))
    schema = db.schema
    db.close()
    again = open_archive(folder, must_exist=True)
    migrations.apply(again)
    assert again.schema == schema
    assert row(again, stored.id)["title"] == stored.title
    assert again.journal_mode == "wal"
    again.close()


def test_there_is_none_and_none_is_made(tmp_path):
    with pytest.raises(ArchiveError, match=r"archive\.db: no archive there yet; run `zhaoshang demo`"):
        open_archive(tmp_path / "data", must_exist=True)
    assert list(tmp_path.iterdir()) == []


def no_database(folder):
    (folder / "archive.db").write_text("云溪县签约十二个项目。" * 200, encoding="utf-8")
    return folder


def database_is_a_folder(folder):
    (folder / "archive.db").mkdir()
    return folder


def folder_is_a_file(folder):
    (folder / "data").write_text("", encoding="utf-8")
    return folder / "data"


def below_a_file(folder):
    return folder_is_a_file(folder) / "deeper"


def unwritable(folder):
    if os.geteuid() == 0:  # who may write anywhere but here
        return Path("/proc/self")
    (folder / "locked").mkdir(mode=0o555)
    return folder / "locked"


@pytest.mark.parametrize("spoilt", [no_database, database_is_a_folder, folder_is_a_file, below_a_file, unwritable])
def test_what_is_no_archive_is_refused_in_one_line(tmp_path, spoilt):
    folder = spoilt(tmp_path)
    before = {path: path.is_dir() or path.read_bytes() for path in tmp_path.rglob("*")}
    with pytest.raises(ArchiveError) as refusal:
        open_archive(folder)
    message = str(refusal.value)
    assert message.startswith(f"{folder / 'archive.db'}: not usable as an archive: ")
    assert message.endswith("give another --data folder")
    assert message.isprintable()
    assert {path: path.is_dir() or path.read_bytes() for path in tmp_path.rglob("*")} == before


# Pages and runs


def test_a_page_leads_to_its_record(db):
    run_id = runs.begin(db, "yunxi", MONDAY)
    page = Page(
        "http://news.example/1.htm", "", TUESDAY, status=404, content_type="text/html", digest="sha1:3I42H3S6NNFQ2MSV"
    )
    page_id = save_page(db, page, PLACE, run_id)
    other_id = save_page(db, page, PLACE._replace(offset=2622), run_id)
    assert (place_of(db, page_id), place_of(db, other_id).offset) == (PLACE, 2622)
    save_charset(
        db, replace(page, id=page_id, charset="gb18030", charset_evidence="bytes; header said utf-8", damaged=2)
    )
    assert rows(db, "pages")[0] == {
        "id": page_id,
        "run_id": run_id,
        "url": "http://news.example/1.htm",
        "fetched_at": "2024-09-03T08:05:00Z",
        "status": 404,
        "content_type": "text/html",
        "charset": "gb18030",
        "charset_evidence": "bytes; header said utf-8",
        "damaged": 2,
        "digest": "sha1:3I42H3S6NNFQ2MSV",
        "warc_file": "20240902.warc.gz",
        "warc_offset": 412,
        "warc_length": 2210,
        "revisit_of": None,
        "import_id": None,
        "article_id": None,
    }
    revisit_id = save_page(db, page, PLACE._replace(offset=5000), run_id, revisit_of=page_id)
    assert place_of(db, revisit_id) == PLACE
    assert rows(db, "pages")[1]["charset"] is None


def test_an_article_without_a_recorded_page_is_refused(db):
    """Every article is to be provable from a record."""
    with pytest.raises(sqlite3.IntegrityError):
        save(db, Article("http://news.example/1.htm", "yunxi", Page("http://news.example/1.htm", "", MONDAY, id=7)))
    assert rows(db, "articles") == rows(db, "stories") == []


def test_a_run_is_begun_and_finished(db, tmp_path):
    run_id = runs.begin(db, "yunxi", MONDAY)
    # A run that is killed now has been seen.
    with sqlite3.connect(tmp_path / "archive.db") as other:
        assert other.execute("select id, source, started, finished, reason from runs").fetchall() == [
            (run_id, "yunxi", "2024-09-02T08:05:00Z", None, None)
        ]
    other.close()
    counts = {"pages": 9, "new": 5, "changed": 1, "unchanged": 2, "dropped": 1, "errors": 0}
    runs.finish(db, run_id, TUESDAY, "finished", counts, "few articles", {"seen": MONDAY, "栏目": 3})
    [run] = rows(db, "runs")
    assert run.items() >= counts.items()
    assert (run["finished"], run["reason"], run["finding"]) == ("2024-09-03T08:05:00Z", "finished", "few articles")
    assert json.loads(run["stats"]) == {"seen": "2024-09-02 08:05:00+00:00", "栏目": 3}


def test_a_source_was_last_crawled_when_it_was_crawled_to_its_end(db):
    for source, started, reason in [
        ("yunxi", TUESDAY, "finished"),
        ("yunxi", MONDAY, "finished"),
        ("yunxi", WEDNESDAY, "shutdown"),
        ("jinbei", MONDAY, "finished"),
        ("qingshi", MONDAY, "shutdown"),
    ]:
        counts = {"new": 1, "changed": 0, "unchanged": 0}
        runs.finish(db, runs.begin(db, source, started), WEDNESDAY, reason, counts, None, {})
    runs.begin(db, "jinbei", WEDNESDAY)
    assert runs.last_finished(db) == {"yunxi": "2024-09-03T08:05:00Z", "jinbei": "2024-09-02T08:05:00Z"}


# Saving


def test_a_new_article_stands_as_it_was_read(db):
    article = reading(
        db, kicker="项目建设看一线", published="2024-09-02T00:00:00+08:00", authors=("周启明", "李 岚"), script="hans",
        raw_byline="云溪日报记者 周启明 李 岚", region="430623", origin="云溪日报", section="第03版：经济",
    )  # fmt: skip
    stored = save(db, article)
    assert (stored.outcome, stored.version) == ("new", 1)
    assert replace(stored, id=None, version=None) == article
    kept = row(db, stored.id)
    assert json.loads(kept["authors"]) == ["周启明", "李 岚"]
    expected = {
        "url": article.url,
        "source": "yunxi",
        "kicker": "项目建设看一线",
        "title": "云溪县签约十二个项目",
        "subtitle": None,
        "text": "云溪县举行招商引资推介会。",
        "published": "2024-09-02T00:00:00+08:00",
        "byline": "云溪日报记者 周启明 李 岚",
        "region_code": "430623",
        "origin": "云溪日报",
        "section": "第03版：经济",
        "script": "hans",
        "charset": "gb18030",
        "first_fetched": "2024-09-02T08:05:00Z",
        "last_fetched": "2024-09-02T08:05:00Z",
        "version": 1,
        "page_id": article.page.id,
    }
    assert {column: kept[column] for column in expected} == expected
    assert rows(db, "revisions") == []


# Each pair is (before, after) of one field; the rest stays.
CHANGES = {
    "kicker": (None, "重大项目"),
    "title": ("云溪县签约12个项目", "云溪县签约十二个项目"),
    "subtitle": ("总投资86亿元", None),
    "original_title": (None, "云溪签约"),
    "text": ("首批项目落地。", "首批项目落地，总投资86亿元。"),
    "published": ("2024-09-02T00:00:00+08:00", "2024-09-01T00:00:00+08:00"),
    "authors": (("周启明",), ("周启明", "李岚")),
    "editor": ("何平", None),
    "origin": (None, "云溪日报"),
    "origin_via": (None, "湘江晚报"),
    "section": ("第03版：经济", "第01版：要闻"),
}


def test_every_compared_field_is_tried():
    assert set(CHANGES) == set(COMPARED)


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_makes_a_version_and_keeps_what_was(db, field):
    before, after = CHANGES[field]
    first = save(db, reading(db, **{field: before}))
    second = save(db, reading(db, moment=TUESDAY, **{field: after}))
    assert (second.id, second.outcome, second.version) == (first.id, "changed", 2)
    kept = row(db, first.id)
    assert (kept["version"], kept["page_id"]) == (2, second.page.id)
    assert (kept["first_fetched"], kept["last_fetched"]) == ("2024-09-02T08:05:00Z", "2024-09-03T08:05:00Z")
    assert (json.loads(kept["authors"]) if field == "authors" else kept[field]) == (
        list(after) if field == "authors" else after
    )
    [revision] = rows(db, "revisions")
    was = json.loads(revision.pop("fields"))
    assert was == {field: json.dumps(before, ensure_ascii=False) if field == "authors" else before}
    assert revision == {
        "article_id": first.id,
        "version": 1,
        "page_id": first.page.id,
        "superseded_at": "2024-09-03T08:05:00Z",
    }
    assert list(index_faults(db)) == []


def test_versions_count_on_and_each_can_be_got_back(db):
    texts = ["首批三个项目落地。", "首批四个项目落地。", "首批三个项目落地。"]
    for moment, text in zip((MONDAY, TUESDAY, WEDNESDAY), texts, strict=True):
        stored = save(db, reading(db, moment=moment, text=text))
    assert (stored.version, stored.outcome) == (3, "changed")
    assert [(each["version"], json.loads(each["fields"])) for each in rows(db, "revisions")] == [
        (1, {"text": texts[0]}),
        (2, {"text": texts[1]}),
    ]
    assert row(db, stored.id)["text"] == texts[2]


def test_the_same_again_is_unchanged(db):
    first = save(db, reading(db, images=(Image("http://img1.news.example/1.jpg", "签约现场"),)))
    moved = (Image("http://img2.news.example/1.jpg", "签约现场"),)
    again = save(db, reading(db, moment=TUESDAY, raw_byline="记者 周启明", script="hans", images=moved))
    assert (again.id, again.version, again.outcome) == (first.id, 1, "unchanged")
    kept = row(db, first.id)
    # The record that proves the reading stays the one that it was read from.
    assert (kept["page_id"], kept["byline"]) == (first.page.id, None)
    assert (kept["first_fetched"], kept["last_fetched"]) == ("2024-09-02T08:05:00Z", "2024-09-03T08:05:00Z")
    assert rows(db, "revisions") == []
    assert [image["caption"] for image in rows(db, "images")] == ["签约现场"]


def test_images_and_repairs_are_those_of_the_last_reading(db):
    repair = Repair("pinyin", "text", 3, "招商（zhāoshāng）", "招商", 0.98, "annotation of the word before it")
    other = save(db, reading(db, "http://news.example/2.htm", images=(Image("http://news.example/2.jpg"),)))
    images = (Image("http://news.example/1.jpg", "签约现场"), Image(caption="项目效果图"))
    first = save(db, reading(db, text="一稿。", images=images, repairs=(repair, replace(repair, start=9))))
    assert [(each["position"], each["url"], each["caption"]) for each in rows(db, "images")[1:]] == [
        (1, "http://news.example/1.jpg", "签约现场"),
        (2, None, "项目效果图"),
    ]
    assert [each["start"] for each in rows(db, "repairs")] == [3, 9]
    save(db, reading(db, moment=TUESDAY, text="二稿。", images=images[1:], repairs=(replace(repair, start=5),)))
    assert [(each["article_id"], each["caption"]) for each in rows(db, "images")] == [
        (other.id, None),
        (first.id, "项目效果图"),
    ]
    assert rows(db, "repairs") == [
        {
            "article_id": first.id,
            "position": 1,
            "kind": "pinyin",
            "field": "text",
            "start": 5,
            "before": "招商（zhāoshāng）",
            "after": "招商",
            "confidence": 0.98,
            "evidence": "annotation of the word before it",
        }
    ]


def test_nothing_is_half_saved(db):
    """The last part to be written fails: then the article, its story, its revision and its index fail with it."""
    first = save(db, reading(db))
    unwritable = (Repair("pinyin", "text", 0, "", "", 1.0, evidence=object()),)
    for url in (first.url, "http://news.example/2.htm"):
        with pytest.raises(sqlite3.Error):
            save(db, reading(db, url, TUESDAY, text="另一篇稿件。", repairs=unwritable))
    assert [each["text"] for each in rows(db, "articles")] == [first.text]
    assert rows(db, "revisions") == rows(db, "repairs") == []
    assert len(rows(db, "stories")) == 1
    assert list(index_faults(db)) == []


def test_deleting_takes_all_that_hangs_on_an_article(db):
    repair = Repair("pinyin", "text", 0, "招（zhāo）", "招", 1.0, "")
    other = save(db, reading(db, "http://news.example/2.htm", text="另一篇。", images=(Image(caption="园区"),)))
    stored = save(db, reading(db, text="一稿。"))
    stored = save(db, reading(db, moment=TUESDAY, images=(Image(caption="现场"),), repairs=(repair,)))
    add_address(db, reading(db, "http://news.example/1b.htm"), (stored.id, stored.url))
    delete(db, stored.id)
    assert [each["id"] for each in rows(db, "articles")] == [other.id]
    assert [each["article_id"] for each in rows(db, "images")] == [other.id]
    assert rows(db, "repairs") == rows(db, "revisions") == rows(db, "addresses") == []
    assert len(rows(db, "stories")) == 1
    # What was fetched stays proven.
    assert len(rows(db, "pages")) == 4
    assert list(index_faults(db)) == []


# Stories and addresses


def test_copies_in_both_scripts_are_one_story_until_they_part(db):
    here = save(db, reading(db, text="云溪县招商引资成效显著，签约项目12个。"))
    there = save(
        db, reading(db, "http://juxun.example/1.htm", source="juxun", text="雲溪縣招商引資成效顯著, 簽約項目12個")
    )
    other = save(db, reading(db, "http://news.example/2.htm", text="云溪县招商引资成效显著，签约项目13个。"))
    story = {each["id"]: each["story_id"] for each in rows(db, "articles")}
    assert story[here.id] == story[there.id] != story[other.id]
    changed = save(db, replace(there, text="雲溪縣招商引資成效顯著，更正：簽約項目11個"))
    assert row(db, changed.id)["story_id"] not in story.values()
    assert len(rows(db, "stories")) == 3
    # The same text again finds the same story again; the trace of its own leads there.
    save(db, there)
    assert row(db, there.id)["story_id"] == story[here.id]
    assert len(rows(db, "stories")) == 2
    delete(db, here.id)
    assert len(rows(db, "stories")) == 2
    delete(db, there.id)
    assert [each["id"] for each in rows(db, "stories")] == [story[other.id]]
    assert [(each["kind"], each["other_id"]) for each in rows(db, "story_changes")] == [
        ("merged", story[here.id]), ("ended", None),
    ]  # fmt: skip


SAME = {"source": "yunxi", "title": "云溪签约", "text": "云溪县签约12个项目。"}


@pytest.mark.parametrize(
    ("further", "is_twin"),
    [
        ({}, True),
        ({"text": "云溪县签约 12个项目"}, True),
        ({"kicker": "要闻"}, True),
        ({"source": "juxun"}, False),
        ({"title": "云溪县签约"}, False),
        ({"title": None}, False),
        ({"text": "云溪县签约13个项目。"}, False),
        ({"url": "http://news.example/1.htm"}, False),
    ],
    ids=str,
)
def test_a_twin_is_the_same_text_of_the_same_source_elsewhere(db, further, is_twin):
    stored = save(db, reading(db, "http://news.example/1.htm", **SAME))
    save(db, reading(db, "http://news.example/0.htm", **SAME | {"text": "无关的一篇。"}))
    url = further.pop("url", "http://news.example/1_2.htm")
    assert twin_of(db, reading(db, url, **SAME | further)) == ((stored.id, stored.url) if is_twin else None)


def test_a_twin_without_a_headline(db):
    stored = save(db, reading(db, **SAME | {"title": None}))
    assert twin_of(db, reading(db, "http://news.example/1b.htm", **SAME | {"title": None})) == (stored.id, stored.url)


def test_a_further_address_is_kept_beside_the_article(db):
    stored = save(db, reading(db, "http://news.example/1.htm"))
    for moment in (TUESDAY, WEDNESDAY):
        further = reading(db, "http://m.news.example/1.htm", moment)
        add_address(db, further, (stored.id, stored.url))
    assert row(db, stored.id)["url"] == "http://news.example/1.htm"
    assert rows(db, "addresses") == [
        {
            "url": "http://m.news.example/1.htm",
            "article_id": stored.id,
            "page_id": further.page.id - 1,
            "first_seen": "2024-09-03T08:05:00Z",
            "address_key": "http://m.news.example/1.htm",
        }
    ]


def test_an_article_moves_from_a_phones_address_to_the_one_to_cite(db):
    stored = save(db, reading(db, "http://m.news.example/1.htm", MONDAY))
    further = reading(db, "http://news.example/1.htm", TUESDAY)
    add_address(db, further, (stored.id, stored.url))
    kept = row(db, stored.id)
    # Only the address moves: the page that proves the text stays the one it was read from.
    assert (kept["url"], kept["page_id"], kept["version"]) == ("http://news.example/1.htm", stored.page.id, 1)
    # The phone's address stays with the record and the time that it was seen with.
    assert rows(db, "addresses") == [
        {
            "url": "http://m.news.example/1.htm",
            "article_id": stored.id,
            "page_id": stored.page.id,
            "first_seen": "2024-09-02T08:05:00Z",
            "address_key": "http://m.news.example/1.htm",
        }
    ]
    assert save(db, replace(further, page=fetched(db, further.url, WEDNESDAY))).outcome == "unchanged"


# The search index


URLS = [f"http://news.example/{number}.htm" for number in range(4)]
LINES = st.none() | st.sampled_from(["", "招商", "云溪签约 14.9%", "雲溪簽約", "ＰＰＰ项目港", "𠮷庆镇👍", "a_b\nc"])
FIELDS = st.fixed_dictionaries(
    {"kicker": LINES, "title": LINES, "subtitle": LINES, "text": LINES.map(lambda x: x or "")}
)
ALL_LINES = ("kicker", "title", "subtitle", "text")
LOOKED_FOR = {"招商": ["招商"], "签约": ["签约", "簽約"], "14.9": ["14.9"], "港": ["港"], "商云": [], "bc": []}
COLUMNS = "id, url, source, kicker, title, subtitle, text, authors, first_fetched, last_fetched, version, page_id"
INSERT = f"into articles({COLUMNS})"
VALUES = "values (:id, :url, 'raw', :kicker, :title, :subtitle, :text, '[]', '', '', 1, 1)"
SET = "set kicker = :kicker, title = :title, subtitle = :subtitle, text = :text"
SQL = st.sampled_from(
    [
        f"insert {INSERT} {VALUES}",
        f"insert or replace {INSERT} {VALUES}",
        f"insert or ignore {INSERT} {VALUES}",
        f"insert {INSERT} {VALUES} on conflict(url) do update {SET}",
        f"update articles {SET} where id = :id",
        "update articles set text = :text",
        "update articles set title = null, last_fetched = '' where url = :url",
        "update articles set id = :id where url = :url",
        "update or replace articles set url = :url where id = :id",
        "delete from articles where id = :id",
        "delete from articles",
    ]
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["save", "delete", "undone"]) | SQL, st.integers(1, 6), st.sampled_from(URLS), FIELDS),
    max_size=12,
)


class UndoneError(Exception):
    pass


def undone(db, article):
    with db.atomic():
        save(db, article)
        raise UndoneError


@given(steps=STEPS)
@settings(deadline=None, derandomize=True, max_examples=40)
def test_the_index_is_true_after_any_writing(tmp_path_factory, steps):
    db = open_archive(tmp_path_factory.mktemp("archive"))
    fetched(db, URLS[0])
    for how, number, url, fields in steps:
        try:
            if how == "save":
                save(db, reading(db, url, **fields))
            elif how == "delete":
                delete(db, number)
            elif how == "undone":
                undone(db, reading(db, url, **fields))
            else:
                db.execute(how, {"id": number, "url": url, **fields})
        except (sqlite3.IntegrityError, NotFoundError, UndoneError):
            pass  # no such article, a key taken or still referred to: nothing is written, and nothing to the index
    faults = list(index_faults(db))
    counts = {words: find(db, parse(words))[0] for words in LOOKED_FOR}
    kept = rows(db, "articles")
    db.close()
    assert faults == []
    assert counts == {
        words: sum(any(word in (each[line] or "") for word in LOOKED_FOR[words] for line in ALL_LINES) for each in kept)
        for words in LOOKED_FOR
    }


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (
            "insert into articles_fts(rowid, title, text) values (:id, '', '港口')",
            "article {id}: '港口' of text is in the index, not in the table",
        ),
        (
            "insert into articles_fts(rowid, title, text) values (99, '签约', '')",
            "article 99: '签约' of title is in the index, not in the table",
        ),
        (
            """insert into articles_fts(articles_fts, rowid, title, text)
            select 'delete', id, tokens(title), tokens(text) from articles""",
            "article {id}: '云溪' of title is in the table, not in the index",
        ),
        (
            "drop trigger articles_reindexed; update articles set text = text || '港口'",
            "article {id}: '港口' of text is in the table, not in the index",
        ),
        (
            "drop trigger articles_unindexed; pragma foreign_keys = off; delete from articles",
            "article {id}: '云溪' of title is in the index, not in the table",
        ),
    ],
    ids=["too much", "no such article", "too little", "changed", "deleted"],
)
def test_a_false_index_is_found_out(db, plant, fault):
    stored = save(db, reading(db))
    assert list(index_faults(db)) == []
    for statement in plant.split("; "):
        db.execute(statement, {"id": stored.id} if ":id" in statement else None)
    assert fault.format(id=stored.id) in list(index_faults(db))


def test_looking_for_the_first_fault_only_leaves_the_archive_as_it_was(db, tmp_path):
    save(db, reading(db))
    db.execute("insert into articles_fts(rowid, title, text) values (99, '签约', '')")
    assert any(index_faults(db))
    save(db, reading(db, "http://news.example/2.htm", text="另一篇。"))
    other = sqlite3.connect(tmp_path / "archive.db")
    assert other.execute("select count(*) from articles").fetchone() == (2,)
    other.close()


@pytest.mark.parametrize(
    "write",
    [
        f"insert {INSERT} values (9, 'http://news.example/9.htm', 'raw', null, null, null, '港', '[]', '', '', 1, 1)",
        "insert or replace into articles select * from articles where id = 1",
        "update articles set text = '港' where id = 1",
        "update articles set subtitle = '港' where id = 1",
        "update articles set id = 9 where id = 1",
        # The unique key makes room for the row by deleting another, without a trigger.
        "update or replace articles set url = (select url from articles where id = 2) where id = 1",
        "delete from articles where id = 2",
        "delete from articles",
    ],
)
def test_a_program_without_our_functions_cannot_write_past_the_index(db, tmp_path, write):
    for url in URLS[:2]:
        save(db, reading(db, url))
    before = rows(db, "articles")
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="no such function: tokens"):
        other.execute(write)
    other.close()
    assert rows(db, "articles") == before
    assert list(index_faults(db)) == []


def test_a_program_without_our_functions_can_read(db, tmp_path):
    """Any SQLite tool reads the archive; it cannot write even what is not indexed, since a REPLACE would."""
    save(db, reading(db))
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="no such function: tokens"):
        other.execute("update articles set last_fetched = '2024-09-04T08:05:00Z'")
    assert other.execute("select title from articles").fetchone() == ("云溪县签约十二个项目",)
    other.close()
    assert list(index_faults(db)) == []


def test_an_older_reading_does_not_become_current(db):
    """As from a WARC of years ago that is imported after a crawl."""
    save(db, reading(db, text="今天的文字。", moment=datetime(2024, 9, 4, tzinfo=UTC)))
    for year, text in ((2022, "前年的文字。"), (2020, "四年前的文字。")):
        assert save(db, reading(db, text=text, moment=datetime(year, 1, 1, tzinfo=UTC))).outcome == "changed"
    [current] = rows(db, "articles")
    assert (current["text"], current["version"]) == ("今天的文字。", 3)
    assert (current["first_fetched"], current["last_fetched"]) == ("2020-01-01T00:00:00Z", "2024-09-04T00:00:00Z")
    kept = {row["version"]: json.loads(row["fields"])["text"] for row in rows(db, "revisions")}
    assert kept == {1: "四年前的文字。", 2: "前年的文字。"}
    assert index_faults(db) == []


def test_damage_and_raw_lines_are_kept(db):
    stored = save(db, reading(db, damage=3, raw_origin="来源：云溪日报", raw_date="9月2日 08:05"))
    kept = row(db, stored.id)
    assert (kept["damage"], kept["raw_origin"], kept["raw_date"]) == (3, "来源：云溪日报", "9月2日 08:05")
    # Of the same text the latest count is true: an earlier one may be a migration's.
    assert save(db, reading(db, damage=4, moment=TUESDAY)).outcome == "unchanged"
    assert row(db, stored.id)["damage"] == 4
    # The next reading has a whole text; the one before stays as damaged as it was.
    save(db, reading(db, text="云溪县举行招商引资推介会，签约十二个项目。", moment=WEDNESDAY))
    assert row(db, stored.id)["damage"] == 0
    [revision] = rows(db, "revisions")
    assert json.loads(revision["fields"])["damage"] == 4


def test_an_archive_of_before_is_migrated(tmp_path):
    """Its damage is counted, its repairs go by the names of columns, and what cannot be undone any more goes."""
    connection = sqlite3.connect(tmp_path / "archive.db")
    register_functions(connection)
    old = Database(connection)
    migrations.apply(old, stop_before="m004_damage")
    page = {"url": "u", "fetched_at": "", "digest": "", "warc_file": "", "warc_offset": 0, "warc_length": 0}
    old.table("pages").insert({"id": 1, **page})
    common = {"source": "yunxi", "authors": "[]", "first_fetched": "", "last_fetched": "", "version": 1, "page_id": 1}
    titles = {1: "云溪�签约", 2: None, 3: "云溪县签约�"}
    texts = {1: "十�个��项目。", 2: "十二个项目。", 3: "十二个项目。"}
    old.table("articles").insert_all(
        {"id": number, "url": f"u{number}", "title": titles[number], "text": texts[number], **common}
        for number in titles
    )
    repair = {"kind": "pinyin", "start": 0, "before": "(zhāo)", "after": "", "confidence": 0.99, "evidence": "招"}
    fields = ("title", "raw_byline", "raw_origin", "raw_date", "caption 1")
    repairs = [{"position": place, "field": field, **repair} for place, field in enumerate(fields, 1)]
    old.table("repairs").insert_all({"article_id": 1, **each} for each in repairs)
    was = {"title": "raw_byline", "repairs": repairs}
    revision = {"article_id": 1, "version": 0, "page_id": 1, "superseded_at": ""}
    old.table("revisions").insert({**revision, "fields": json.dumps(was)})
    old.table("revisions").insert({**revision, "version": -1, "fields": json.dumps({"title": "招商"})})
    old.close()
    db = open_archive(tmp_path)
    assert {each["id"]: each["damage"] for each in rows(db, "articles")} == {1: 4, 2: 0, 3: 1}
    assert [each["field"] for each in rows(db, "repairs")] == ["title", "byline", "caption 1"]
    kept = {each["version"]: json.loads(each["fields"]) for each in rows(db, "revisions")}
    assert [each["field"] for each in kept[0].pop("repairs")] == ["title", "byline", "caption 1"]
    assert kept == {0: {"title": "raw_byline"}, -1: {"title": "招商"}}
    assert index_faults(db) == []
    db.close()


def test_a_revision_can_be_given_back_as_the_page_had_it(db):
    """Its repairs, pictures and raw byline go into the revision with its text."""
    repair = Repair("pinyin", "text", 2, "(cháng)", "", 0.99, "長 is read cháng")
    picture = Image("http://news.example/1.jpg", "签约现场")
    save(db, reading(db, text="增長三成。", raw_byline="记者 周启明", repairs=(repair,), images=(picture,)))
    save(db, reading(db, moment=TUESDAY, text="增长三成。"))
    [revision] = rows(db, "revisions")
    fields = json.loads(revision["fields"])
    assert (
        undo(fields["text"], tuple(Repair(**_without_position(each)) for each in fields["repairs"]))
        == "增長(cháng)三成。"
    )
    assert fields["byline"] == "记者 周启明"
    assert [each["caption"] for each in fields["images"]] == ["签约现场"]


def _without_position(row):
    return {name: value for name, value in row.items() if name != "position"}


def test_a_picture_less_is_a_new_version(db):
    picture = Image("http://news.example/1.jpg", "签约现场")
    save(db, reading(db, images=(picture, picture)))
    assert save(db, reading(db, moment=TUESDAY, images=(picture,))).outcome == "changed"
    assert len(rows(db, "images")) == 1


def test_a_decimal_point_makes_another_article(db):
    """The reports of two quarters, with the same headline, and all words but one figure the same."""
    save(db, reading(db, "http://news.example/1.htm", text="到位资金增长14.9%。"))
    other = reading(db, "http://news.example/2.htm", text="到位资金增长1.49%。")
    assert twin_of(db, other) is None
    assert save(db, other).outcome == "new"
    assert len(rows(db, "stories")) == 2


def save_in_an_archive_of_its_own(folder):
    db = open_archive(folder)
    save(db, reading(db))
    db.close()


def test_a_writer_waits_for_another_before_it_reads(db, tmp_path):
    """A transaction that began with reading could not wait any more: SQLite would say at once that it is locked."""
    other = open_archive(tmp_path)
    with writing(other):
        save(other, reading(other, "http://news.example/2.htm"))
        thread = Thread(target=save_in_an_archive_of_its_own, args=[tmp_path])
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(20)
    assert {row["url"] for row in rows(db, "articles")} == {"http://news.example/1.htm", "http://news.example/2.htm"}
    other.close()


def test_a_failed_or_partial_run_does_not_count_as_a_visit(db):
    """Its source is due again at once."""
    for source, articles, stats in (
        ("good", 3, {"run/partial": False}),
        ("empty", 0, {"run/partial": False}),
        ("limited", 3, {"run/partial": True}),
    ):
        counts = {"new": 0, "changed": 0, "unchanged": articles}
        runs.finish(db, runs.begin(db, source, MONDAY), TUESDAY, "finished", counts, None, stats)
    assert set(runs.last_finished(db)) == {"good"}


def test_a_further_address_leads_to_its_article(db):
    stored = save(db, reading(db))
    further = reading(db, "http://news.example/1_2.htm", TUESDAY)
    add_address(db, further, (stored.id, stored.url))
    assert article_at(db, further.url) == article_at(db, stored.url) == stored.url
    assert article_at(db, "http://news.example/9.htm") is None
