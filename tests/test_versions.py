"""Versions of an article and how they differ: what is none, what is told of one, and that nothing is lost in it."""

import json
import sqlite3
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import visits
from archive.article import Article, Image, Page, RecordPlace, Repair, iso_utc
from archive.database import index_faults, open_archive, register_functions, save, save_page
from archive.differences import apply, changes, paragraphs
from archive.passages import pieces
from archive.readable import data, lines
from archive.readings import COMPARED
from archive.sameness import essence, finer_date, narrow, same, same_captions
from archive.schema import migrations
from archive.search.highlight import mark
from archive.story import alike
from archive.versions import SHOWN, differences, history, steps

CASES = tomllib.loads((Path(__file__).parent / "cases/differences.toml").read_text(encoding="utf-8"))
PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)
KEYS = {"differences": narrow, "copies": alike}


def shown(before, after, key=narrow):
    return [f"{line.sign} {mark(line.text, list(line.marked))}" for line in lines(changes(before, after, key))]


@pytest.mark.parametrize(
    ("kind", "case"), [pytest.param(kind, case, id=case["label"]) for kind in KEYS for case in CASES[kind]]
)
def test_a_difference_as_it_is_shown(kind, case):
    assert shown(case["before"], case["after"], KEYS[kind]) == case["rendered"]


# Nothing is lost

PARAGRAPHS = st.lists(st.text(alphabet="甲乙丙丁，。0123. ab", max_size=24), max_size=6).map("\n".join)
"""Few signs, so that texts have something in common; blanks, figures and words among them."""


@PROPERTY
@given(PARAGRAPHS, PARAGRAPHS)
def test_a_difference_leads_from_one_text_to_the_other(before, after):
    assert essence(apply(before, changes(before, after))) == essence("\n".join(paragraphs(after)))


@PROPERTY
@given(PARAGRAPHS.filter(str.strip), st.data())
def test_an_edited_text_can_be_had_back(text, data):
    """Several edits of one text: cut, put in, moved, repeated."""
    edited = text
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(edited))] * 2)))
        edited = (
            edited[:start]
            + data.draw(st.sampled_from(["", "丁", "12.5亿", "\n", "甲乙。\n", edited[start:end] * 2]))
            + edited[end:]
        )
    assert essence(apply(text, changes(text, edited))) == essence("\n".join(paragraphs(edited)))
    assert essence(apply(edited, changes(edited, text))) == essence("\n".join(paragraphs(text)))


@PROPERTY
@given(st.text(alphabet="甲乙丙，。0123. ab\n", max_size=60), st.text(alphabet="甲乙丙，。0123. ab\n", max_size=60))
def test_pieces_are_both_passages(before, after):
    found = pieces(before, after)
    assert "".join(piece.before for piece in found) == before
    assert "".join(piece.after for piece in found) == after
    assert all(piece.before or piece.after for piece in found)
    assert all(one.changed != other.changed for one, other in pairwise(found))


@PROPERTY
@given(PARAGRAPHS, PARAGRAPHS)
def test_what_is_no_version_has_no_difference(before, after):
    """And what is one can be told."""
    assert same({"text": before}, {"text": after}, ("text",)) == (not differences({"text": before}, {"text": after}))


@PROPERTY
@given(PARAGRAPHS)
def test_a_text_does_not_differ_from_itself(text):
    assert changes(text, text) == ()


def test_a_difference_for_programs():
    [difference] = differences({"text": "一稿。\n增长12%。"}, {"text": "一稿。\n增长21%。"})
    assert data(difference) == {
        "field": "text",
        "changes": [
            {
                "kind": "changed",
                "before": [2],
                "after": [2],
                "words": [{"kept": "增长"}, {"before": "12%", "after": "21%"}, {"kept": "。"}],
            }
        ],
    }


def test_long_texts_are_compared_in_time(grows_evenly):
    """With every paragraph another one, and twice over: the work grows with the square, not faster."""

    def build(size):
        text = "\n".join(
            f"第{place}段说的是第{place * 7 % 13}家企业的第{place * 5 % 11}件事情。" for place in range(size)
        )
        return text, text.replace("的", "地")

    grows_evenly(lambda both: changes(*both), build, 10, power=2)


# What is a version

DAY = {"published": "2024-09-04T00:00:00+08:00", "published_precision": "day"}
MINUTE = {"published": "2024-09-04T08:05:00+08:00", "published_precision": "minute"}
NO_VERSIONS = {
    "blanks": ("text", "周 启明说。", "周启明说。"),
    "an ideographic blank": ("text", "　　首批项目落地。", "首批项目落地。"),
    "breaks": ("text", "首批落地。\n二批开工。", "首批落地。二批开工。"),
    "widths": ("text", "增长１２．５％，创新高。", "增长12.5%,创新高。"),
    "zero-width characters": ("text", "首批\u200b项目\ufeff落地。", "首批项目落地。"),
    "a soft hyphen": ("title", "签\u00ad约", "签约"),
    "nothing and nothing": ("kicker", None, ""),
    "a blank in a name": ("authors", '["李 岚"]', '["李岚"]'),
}
VERSIONS = {
    "a character": ("text", "周启明说。", "周启鸣说。"),
    "a figure": ("text", "增长12.5%。", "增长15.2%。"),
    "a point in a figure": ("text", "增长14.9%。", "增长1.49%。"),
    "a comma": ("text", "一律不得享受补贴。", "一律不得，享受补贴。"),
    "two figures for one": ("text", "12 50", "1250"),
    "an exponent": ("text", "面积10²亩", "面积102亩"),
    "the other script": ("text", "乾隆年间", "干隆年间"),
    "capital letters": ("text", "5g基站", "5G基站"),
    "an author more": ("authors", '["李岚"]', '["李岚", "周启明"]'),
    "an origin that was missing": ("origin", None, "云溪日报"),
}


@pytest.mark.parametrize("case", NO_VERSIONS)
def test_is_no_version(case):
    field, before, after = NO_VERSIONS[case]
    assert same({field: before}, {field: after}, (field,))
    assert differences({field: before}, {field: after}) == ()


@pytest.mark.parametrize("case", VERSIONS)
def test_is_a_version(case):
    field, before, after = VERSIONS[case]
    assert not same({field: before}, {field: after}, (field,))
    assert [difference.field for difference in differences({field: before}, {field: after})] == [field]


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        (DAY, MINUTE, True),
        (MINUTE, DAY, True),
        (MINUTE, MINUTE | {"published": "2024-09-04T09:05:00+08:00"}, False),
        (DAY, MINUTE | {"published": "2024-09-05T08:05:00+08:00"}, False),
        (DAY, {"published": "2024-09-01T00:00:00+08:00", "published_precision": "month"}, True),
        (DAY, {"published": None, "published_precision": None}, False),
    ],
)
def test_a_date_told_more_exactly_is_no_version(before, after, is_same):
    assert same(before, after, ("published",)) == is_same
    assert (differences(before, after) == ()) == is_same


def test_a_finer_date_is_taken_and_names_its_page():
    row = MINUTE | {"published_evidence": "line: 2024-09-04 08:05", "page_id": 17}
    assert finer_date(DAY, row) == MINUTE | {"published_evidence": "line: 2024-09-04 08:05 (page 17)"}
    assert finer_date(row, DAY) == finer_date(row, row) == finer_date({"published": None}, row) == {}


# Readings out of an archive

PLACE = RecordPlace("20240902.warc.gz", 412, 2210)


def day(number, year=2024):
    return datetime(year, 9, number, 8, 5, tzinfo=UTC)


@pytest.fixture
def db(tmp_path):
    db = open_archive(tmp_path)
    yield db
    db.close()


def reading(db, moment, number=1, **fields):
    page = Page(f"http://news.example/{number}.htm", "", moment, digest="sha1:3I42H3S6NNFQ2MSV")
    page = replace(page, id=save_page(db, page, PLACE._replace(offset=moment.day), None))
    return save(db, Article(**{"url": page.url, "source": "yunxi", "page": page, "title": "云溪签约", **fields}))


def test_every_field_that_makes_a_version_is_told():
    assert set(COMPARED) < set(SHOWN)


def test_history_has_each_reading_in_full(db):
    repair = Repair("pinyin", "text", 2, "(cháng)", "", 0.99, "長 is read cháng")
    first = reading(db, day(2), text="增長三成。", kicker="看一线", repairs=(repair,), images=(Image(caption="现场"),))
    reading(db, day(3), text="增长三成。", authors=("李岚",))
    last = reading(db, day(4), text="增长四成。", authors=("李岚",))
    versions = history(db, first.id)
    assert [(each.number, each.fetched_at, each.place.offset) for each in versions] == [
        (1, "2024-09-02T08:05:00Z", 2),
        (2, "2024-09-03T08:05:00Z", 3),
        (3, "2024-09-04T08:05:00Z", 4),
    ]
    assert [each.fields["text"] for each in versions] == ["增長三成。", "增长三成。", "增长四成。"]
    assert [each.fields["kicker"] for each in versions] == ["看一线", None, None]
    assert [each.fields["authors"] for each in versions] == ["[]", '["李岚"]', '["李岚"]']
    assert [len(each.fields["repairs"]) for each in versions] == [1, 0, 0]
    assert last.version == 3
    told = [(version.number, [each.field for each in found]) for version, found in steps(versions)]
    assert told == [(1, []), (2, ["kicker", "authors", "captions", "text"]), (3, ["text"])]


def test_older_pages_that_were_imported_stand_before(db):
    """Versions are numbered in order of time, whatever order their pages come in."""
    stored = reading(db, day(4), text="今年的文字。", editor="何平")
    reading(db, day(2, 2022), text="前年的文字。", editor="何平")
    reading(db, day(5), text="今年的第二稿。", editor="田禾")
    reading(db, day(3, 2020), text="四年前的文字。", editor="田禾")
    versions = history(db, stored.id)
    assert [(each.number, each.fields["text"], each.fields["editor"]) for each in versions] == [
        (1, "四年前的文字。", "田禾"),
        (2, "前年的文字。", "何平"),
        (3, "今年的文字。", "何平"),
        (4, "今年的第二稿。", "田禾"),
    ]


COURSES = {
    "what it went back to": "甲1 乙2 甲3",
    "and forth": "甲1 甲2 乙3 甲4 乙5",
    "read again in between": "甲1 乙2 乙3 甲4 甲5",
    "never": "甲1 甲2 甲3 甲4",
}


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_the_order_in_which_pages_come_in_does_not_matter(course, db):
    """A history ends with the current text, and has a version for each time that the text became another one."""
    pages = [(each[0] * 4, day(int(each[1]))) for each in course.split()]
    begun = [page for before, page in zip([("",), *pages], pages, strict=False) if before[0] != page[0]]
    moments = [iso_utc(moment) for _, moment in begun]
    for number, order in enumerate(permutations(pages), 1):
        for text, moment in order:
            stored = reading(db, moment, number, text=text)
        versions = history(db, stored.id)
        assert [(each.fields["text"], each.place.offset) for each in versions] == [
            (text, moment.day) for text, moment in begun
        ], order
        assert [(each.number, each.fetched_at) for each in versions] == list(enumerate(moments, 1))
        kept = db.table("revisions").rows_where("article_id = ?", [stored.id], order_by="version")
        assert [each["superseded_at"] for each in kept] == moments[1:]
        row = db.table("articles").get(stored.id)
        assert (row["text"], row["version"]) == (pages[-1][0], len(begun))
        assert (row["first_fetched"], row["last_fetched"]) == (iso_utc(pages[0][1]), iso_utc(pages[-1][1]))
        changed = [[each.field for each in found] for _, found in steps(versions)]
        assert changed == [[], *[["text"]] * (len(begun) - 1)]
    assert index_faults(db) == []


DATED = MINUTE | {"raw_date": "2024-09-04 08:05", "published_evidence": "feed: 2024-09-04 08:05"}
DATED |= {"provenance": {"raw_date": "feed"}}


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_what_a_list_told_goes_for_all_readings(order, db):
    """Only the second page was read with its list: no page has changed for that."""
    pages = {1: {"text": "一稿。"}, 2: {"text": "一稿。"} | DATED, 3: {"text": "二稿。"}}
    for number in order:
        stored = reading(db, day(number), **pages[number])
    versions = history(db, stored.id)
    assert [(each.fetched_at[8:10], each.fields["text"]) for each in versions] == [("01", "一稿。"), ("03", "二稿。")]
    assert [each.fields["published"] for each in versions] == [MINUTE["published"]] * 2
    assert [json.loads(each.fields["provenance"]) for each in versions] == [{"raw_date": "feed"}] * 2
    assert db.table("stories").get(1)["first_published"] == MINUTE["published"]


def test_what_answers_that_it_has_not_changed_is_a_reading(db):
    """A page of another text, of the time between, is imported later."""
    first = reading(db, day(1), text="甲稿。")
    visits.answered(db, key="1", url=first.url, source="yunxi", page_id=first.page.id)
    visits.keep(db, "1", day(2), first.id)
    page = Page(first.url, "", day(5), 304, digest=first.page.digest)
    not_modified = save_page(db, page, PLACE._replace(offset=5), None, revisit_of=first.page.id)
    visits.stay(db, visits.find(db, "1"), not_modified, day(9))
    reading(db, day(3), text="乙稿。")
    versions = history(db, first.id)
    assert [(each.fields["text"], each.page_id) for each in versions] == [
        ("甲稿。", first.page.id),
        ("乙稿。", not_modified + 1),
        ("甲稿。", not_modified),
    ]
    assert versions[0].place == versions[2].place, "the record with its words"
    assert db.table("visits").get("1")["last_asked"] == iso_utc(day(5))


def test_an_archive_of_before_learns_what_its_pages_were_read_as(tmp_path):
    """By the payload, or as the last page; and which page told that an address is missing."""
    connection = sqlite3.connect(tmp_path / "archive.db")
    register_functions(connection)
    old = Database(connection)
    migrations.apply(old, stop_before="m011_pages_of_articles")
    place = {"warc_file": "", "warc_offset": 0, "warc_length": 0}
    pages = "u 200 A, u 200 B, u 304 B, u 503 X, v 200 B, u 200 C, u 200 D, u 404 E, u 404 E, u 410 E".split(", ")
    for number, page in enumerate(pages, 1):
        row = dict(zip(("url", "status", "digest"), page.split(), strict=True))
        old.table("pages").insert({"id": number, "fetched_at": iso_utc(day(number)), **row, **place})
    times = {"first_fetched": iso_utc(day(1)), "last_fetched": iso_utc(day(6))}
    article = {"id": 1, "url": "u", "source": "yunxi", "text": "二稿。", "authors": "[]", "version": 2, "page_id": 2}
    old.table("articles").insert(article | times)
    revision = {"article_id": 1, "version": 1, "page_id": 1, "superseded_at": iso_utc(day(2)), "fields": "{}"}
    old.table("revisions").insert(revision)
    asked = {"first_asked": iso_utc(day(1)), "last_asked": iso_utc(day(10)), "missing_since": iso_utc(day(8))}
    old.table("visits").insert({"key": "u", "url": "u", "source": "yunxi", "misses": 3, **asked})
    old.close()
    db = open_archive(tmp_path)
    assert {row["id"] for row in db.table("pages").rows if row["article_id"]} == {1, 2, 3, 6}
    [visit] = db.table("visits").rows
    assert (visit["first_miss_id"], visit["last_miss_id"]) == (8, 10)
    db.close()


def test_a_text_that_was_read_again_by_a_release_of_before(db):
    """Which page it was is not known, only when."""
    stored = reading(db, day(1), text="甲稿。")
    reading(db, day(5), text="甲稿。")
    db.execute("update pages set article_id = null")
    for number in (3, 2):
        reading(db, day(number), text="乙稿。")
        told = [(each.fetched_at[8:10], each.fields["text"]) for each in history(db, stored.id)]
        assert told == [("01", "甲稿。"), (f"0{number}", "乙稿。"), ("05", "甲稿。")]
    assert db.table("articles").get(stored.id)["text"] == "甲稿。"


def test_an_archive_of_before_has_its_history(tmp_path):
    """Its older page was imported between two readings of one text, and the page that was read last is not known."""
    db = open_archive(tmp_path)
    stored = reading(db, day(1), text="甲稿。", images=(Image(caption="现场"),))
    reading(db, day(5), text="甲稿。", images=(Image(caption="现场"),))
    page = save_page(db, Page("http://news.example/1.htm", "", day(3), digest="sha1:B"), PLACE._replace(offset=3), None)
    db.execute("update pages set article_id = null")
    fields = json.dumps({"text": "乙稿。"}, ensure_ascii=False)
    row = {"article_id": stored.id, "version": 0, "page_id": page, "superseded_at": "", "fields": fields}
    db.table("revisions").insert(row)

    def texts():
        return [(each.fetched_at[8:10], each.fields["text"]) for each in history(db, stored.id)]

    before = [("01", "甲稿。"), ("03", "乙稿。"), ("05", "甲稿。")]
    assert texts() == before
    for number in (4, 2):
        reading(db, day(number), text="丙稿。")
    assert texts() == [before[0], ("02", "丙稿。"), before[1], ("04", "丙稿。"), before[2]]
    assert db.table("articles").get(stored.id)["version"] == 5
    assert [each["superseded_at"][8:10] for each in db.table("revisions").rows] == ["02", "03", "04", "05"]
    db.close()


def test_captions_are_the_same_but_for_layout():
    assert same_captions(["签约 现场", None], ["签约现场", ""])
    assert not same_captions(["签约现场"], ["签约现场", None])
    assert not same_captions(["签约现场"], ["开工现场"])


def test_an_article_without_changes_has_one_reading(db):
    stored = reading(db, day(2), text="一稿。")
    reading(db, day(3), text="一稿。")
    [version] = history(db, stored.id)
    assert version.fields["text"] == "一稿。"
    assert list(steps([version])) == [(version, ())]


def test_layout_is_no_version_in_the_archive(db):
    first = reading(db, day(2), text="增长１２．５％，创新高。", images=(Image(caption="签约 现场"),))
    again = reading(db, day(3), text="增长12.5%,\n创新高。", images=(Image(caption="签约现场"),))
    assert (again.id, again.outcome, again.version) == (first.id, "unchanged", 1)
    assert reading(db, day(4), text="增长12.6%,创新高。", images=(Image(caption="签约现场"),)).outcome == "changed"


def test_a_finer_date_reaches_the_article_and_its_story(db):
    text = "云溪县举行招商引资推介会。"
    first = reading(db, day(2), text=text, **DAY)
    assert reading(db, day(3), text=text, **MINUTE, published_evidence="line: 09-04 08:05").outcome == "unchanged"
    row = db.table("articles").get(first.id)
    assert (row["published"], row["published_precision"]) == (MINUTE["published"], "minute")
    assert row["published_evidence"].endswith(f"(page {first.page.id + 1})")
    assert db.table("stories").get(row["story_id"])["first_published"] == MINUTE["published"]
    assert reading(db, day(4), text=text, **DAY).outcome == "unchanged"
    assert db.table("articles").get(first.id)["published_precision"] == "minute"


def test_an_older_page_that_is_imported_again_is_no_new_version(db):
    stored = reading(db, day(4), text="今年的文字。")
    outcomes = [reading(db, day(2, year), text="前年的文字。").outcome for year in (2022, 2022, 2023, 2021)]
    assert outcomes == ["changed", "unchanged", "unchanged", "unchanged"]
    # What a page went back to is a version, though it has been seen before.
    assert reading(db, day(2, 2020), text="今年的文字。").outcome == "changed"
    assert [each.fields["text"] for each in history(db, stored.id)] == ["今年的文字。", "前年的文字。", "今年的文字。"]
