"""Versions of an article and how they differ: what is none, what is told of one, and that nothing is lost in it."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import Article, Image, Page, RecordPlace, Repair, iso_utc
from archive.database import COMPARED, open_archive, save, save_page
from archive.differences import apply, changes, paragraphs
from archive.passages import pieces
from archive.readable import data, lines
from archive.readings import around, readings
from archive.sameness import essence, finer_date, narrow, same, same_captions
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


def reading(db, moment, **fields):
    page = Page("http://news.example/1.htm", "", moment, digest="sha1:3I42H3S6NNFQ2MSV")
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
    """Each keeps what it had otherwise than the version that was current when it came in, not than the next one."""
    stored = reading(db, day(4), text="今年的文字。", editor="何平")
    reading(db, day(2, 2022), text="前年的文字。", editor="何平")
    reading(db, day(5), text="今年的第二稿。", editor="田禾")
    reading(db, day(3, 2020), text="四年前的文字。", editor="田禾")
    versions = history(db, stored.id)
    assert [(each.number, each.fields["text"], each.fields["editor"]) for each in versions] == [
        (-1, "四年前的文字。", "田禾"),
        (0, "前年的文字。", "何平"),
        (1, "今年的文字。", "何平"),
        (2, "今年的第二稿。", "田禾"),
    ]


def test_what_lies_around_a_moment(db):
    stored = reading(db, day(2), text="一稿。")
    reading(db, day(6), text="二稿。")
    known = readings(db, stored.id, ("text",), ())
    found = {number: [each.fields["text"] for each in around(known, iso_utc(day(number)))] for number in (1, 2, 4, 9)}
    assert found == {1: ["一稿。"], 2: ["一稿。", "二稿。"], 4: ["一稿。", "二稿。"], 9: ["二稿。"]}


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
