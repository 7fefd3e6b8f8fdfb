"""Copies of an article are found whatever was done to them, other articles are none, and stories stay right."""

import re
import tomllib
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from archive.article import Article, Page, RecordPlace
from archive.database import delete, open_archive, save, save_page
from archive.stories import bands
from archive.stories.aligning import LARGEST, runs
from archive.stories.comparing import compare
from archive.stories.fingerprint import fingerprint
from archive.stories.likeness import likeness
from archive.stories.telling import Member, best, first, taken_from
from archive.stories.words import wording, words

CASES = tomllib.loads((Path(__file__).parent / "cases/copies.toml").read_text(encoding="utf-8"))
TEXTS = CASES["texts"]
MOMENT = datetime(2024, 9, 2, 8, 5, tzinfo=UTC)
TRADITIONAL = OpenCC("s2twp").convert


def spoiled(text, share, by):
    """A text with a share of its characters, scattered, replaced."""
    random = Random(share)
    return "".join(by if random.random() < share else char for char in text)


def built(parts, case=None):
    """Headline and text of one side of a case; what the case does to a text is done to the second one only."""
    title, *named = parts
    case = case or {}
    text = case.get("between", "\n").join(TEXTS.get(name, name).strip() for name in named)
    lines = text.split("\n")
    if "lines" in case:
        lines = lines[slice(*case["lines"])]
    text = "\n".join(lines[place] for place in case.get("order", range(len(lines))))
    for before, after in case.get("replace", ()):
        assert before in text
        text = text.replace(before, after)
    text = case.get("before", "") + text + case.get("after", "")
    text = spoiled(text, case.get("lost", 0), "\N{REPLACEMENT CHARACTER}")
    return (TRADITIONAL(title), TRADITIONAL(text)) if case.get("traditional") else (title, text)


SIDES = [(built(case["one"]), built(case["other"], case)) for case in CASES["case"]]
each_case = pytest.mark.parametrize(
    ("case", "sides"), [pytest.param(*both, id=both[0]["label"]) for both in zip(CASES["case"], SIDES, strict=True)]
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    db = open_archive(tmp_path_factory.mktemp("stories"))
    yield db
    db.close()


@pytest.fixture
def db(archive):
    """An archive that is empty again afterwards."""
    archive.execute("begin immediate")
    yield archive
    archive.conn.rollback()


def article(db, number, title, text, **fields):
    page = Page(f"http://a.example/{number}.htm", "", MOMENT, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page_id = save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None)
    script = "hant" if title != OpenCC("t2s").convert(title) else "hans"
    fields = {"source": f"paper{number}", "script": script} | fields
    return Article(page.url, title=title, text=text, page=Page(page.url, "", MOMENT, id=page_id), **fields)


def stored(db, *texts):
    return [save(db, article(db, number, *text)) for number, text in enumerate(texts, 1)]


def groups(db):
    """The articles of each story, by the numbers in their addresses."""
    found = {}
    for url, story_id in db.execute("select url, story_id from articles"):
        found.setdefault(story_id, set()).add(int(re.search(r"\d+", url)[0]))
    return {frozenset(group) for group in found.values()}


def rows(db, table, order="1"):
    return list(db.query(f"select * from {table} order by {order}"))


# Pairs


@each_case
def test_two_articles(db, case, sides):
    stored(db, *sides)
    against = compare(*(wording(*side) for side in sides)).against
    if "against" in case:
        assert re.search(case["against"], against)
        assert groups(db) == {frozenset({1}), frozenset({2})}
        assert rows(db, "copies") == []
    else:
        assert against is None
        assert groups(db) == {frozenset({1, 2})}
        copies = {row["article_id"]: row for row in rows(db, "copies")}
        [story] = rows(db, "stories")
        assert story["copies"] == 2
        [kind] = [row["kind"] for key, row in copies.items() if key != story["best_id"]]
        assert kind == case["kind"]


@pytest.mark.parametrize("sides", SIDES)
def test_which_is_compared_with_which_does_not_matter(sides):
    one, other = (wording(*side) for side in sides)
    there, back = compare(one, other), compare(other, one)
    assert there == back
    assert 0 <= there.resemblance <= there.containment <= 1


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_replaced_characters(name, share):
    plain = words(TEXTS[name])
    other = spoiled(plain, share, "囗")
    assert likeness(plain, other).against is None
    assert bands.may_be_copies(fingerprint(plain), fingerprint(other))


def test_very_long_texts_are_cut_where_they_are_the_same():
    once = words("".join(TEXTS.values()))
    numbered = "".join(f"第{number}章{once}" for number in range(7))
    assert len(numbered) ** 2 > LARGEST
    changed = numbered.replace("第3章", "第三章", 1)
    matched = sum(size for _, _, size in runs(numbered, changed))
    assert len(numbered) - 3 <= matched < len(numbered)
    assert all(
        numbered[here : here + size] == changed[there : there + size] for here, there, size in runs(numbered, changed)
    )
    assert likeness(numbered, changed).against is None


@given(st.text(alphabet="甲乙丙丁1.", max_size=60), st.text(alphabet="甲乙丙丁1.", max_size=60))
def test_runs_stand_in_both(one, other):
    found = runs(one, other)
    assert all(one[here : here + size] == other[there : there + size] for here, there, size in found)
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(found))


# Groups

MANY = list(dict.fromkeys(side for sides in SIDES for side in sides))


def joined(db, numbers):
    for number in numbers:
        save(db, article(db, number, *MANY[number]))
    return groups(db)


@pytest.fixture(scope="module")
def in_order(archive):
    archive.execute("begin immediate")
    found = joined(archive, range(len(MANY)))
    archive.conn.rollback()
    return found


@settings(deadline=None, max_examples=12)
@given(numbers=st.permutations(range(len(MANY))))
def test_the_order_of_arrival_does_not_matter(archive, in_order, numbers):
    archive.execute("begin immediate")
    try:
        assert joined(archive, numbers) == in_order
        told = {row["id"]: row for row in rows(archive, "stories")}
        assert all(row["copies"] == len(group) for row, group in zip_groups(archive, told))
    finally:
        archive.conn.rollback()


def zip_groups(db, told):
    for row in told.values():
        yield row, [each["id"] for each in rows(db, "articles") if each["story_id"] == row["id"]]


@settings(deadline=None, max_examples=8)
@given(data=st.data())
def test_what_was_removed_has_never_been_there(archive, data):
    """Stories part again where the copy that linked them goes."""
    numbers = data.draw(st.permutations(range(len(MANY))))
    gone = data.draw(st.sets(st.sampled_from(numbers), max_size=len(MANY) // 2))
    archive.execute("begin immediate")
    try:
        joined(archive, numbers)
        for number in gone:
            delete(
                archive, archive.execute("select id from articles where url like ?", [f"%/{number}.htm"]).fetchone()[0]
            )
        left = groups(archive)
        held = archive.execute("select count(*) from fingerprints").fetchone()[0]
    finally:
        archive.conn.rollback()
    archive.execute("begin immediate")
    try:
        assert left == joined(archive, [number for number in numbers if number not in gone])
        assert held == archive.execute("select count(*) from fingerprints").fetchone()[0]
    finally:
        archive.conn.rollback()


WHOLE = built(["一条船带来一条链", "port"])
HALF = ("码头故事", "\n".join(WHOLE[1].split("\n")[:3]))
REST = ("长桌生意", "\n".join(WHOLE[1].split("\n")[3:]))


def test_a_copy_that_links_two_stories_merges_them_and_leaves_a_trace(db):
    half, rest = stored(db, HALF, REST)
    assert len(groups(db)) == 2
    whole = save(db, article(db, 3, *WHOLE))
    assert groups(db) == {frozenset({1, 2, 3})}
    [story] = rows(db, "stories")
    assert (story["id"], story["best_id"], story["copies"], story["sources"]) == (1, whole.id, 3, 3)
    assert {row["article_id"]: (row["kind"], row["like_id"]) for row in rows(db, "copies")} == {
        half.id: ("excerpt", whole.id), rest.id: ("excerpt", whole.id), whole.id: ("same", None),
    }  # fmt: skip
    [trace] = rows(db, "story_changes")
    assert (trace["story_id"], trace["kind"], trace["other_id"], trace["article_id"]) == (2, "merged", 1, whole.id)
    # The link is removed: the stories part, and no id is given twice.
    delete(db, whole.id)
    assert groups(db) == {frozenset({1}), frozenset({2})}
    assert {row["id"] for row in rows(db, "stories")} == {1, 3}
    assert [(row["story_id"], row["kind"], row["other_id"]) for row in rows(db, "story_changes")][1:] == [
        (1, "parted", 3)
    ]
    assert rows(db, "copies") == []
    delete(db, rest.id)
    assert [row["kind"] for row in rows(db, "story_changes")] == ["merged", "parted", "ended"]
    assert save(db, article(db, 4, *REST)).id
    assert {row["id"] for row in rows(db, "stories")} == {1, 4}


def test_a_changed_article_keeps_its_story(db):
    [here] = stored(db, WHOLE)
    save(db, article(db, 1, WHOLE[0], WHOLE[1].replace("6.8亿元", "8.6亿元")))
    [story] = rows(db, "stories")
    assert (story["id"], story["best_id"]) == (1, here.id)
    save(db, article(db, 1, *built(["桂阳竹地板重返欧洲", "news_two"])))
    assert [row["id"] for row in rows(db, "stories")] == [1]
    assert rows(db, "story_changes") == []
    assert db.execute("select count(*) from fingerprints").fetchone()[0] == 1


def test_copies_that_are_like_one_another_only(db):
    """A lead line is put before an excerpt, which is a copy of the excerpt, and hardly one of the whole."""
    lead = (
        "【本网编者按】这是一篇关于内河码头与近洋直航的报道，节选自岳阳一家报纸，供各县园区招商人员参考，"
        "全文见该报当日头版，转载请注明。"
    )
    whole, half, cited = stored(
        db, WHOLE, HALF, ("内河直航观察：园区招商必读材料之七", f"{lead}\n{lead[::-1]}\n{HALF[1]}")
    )
    copies = {row["article_id"]: row for row in rows(db, "copies")}
    assert len(copies) == 3
    assert copies[half.id]["like_id"] == whole.id
    assert copies[cited.id]["like_id"] == half.id
    assert f"by way of article {half.id}" in copies[cited.id]["evidence"]


def test_an_archive_from_before_stories_catches_up(tmp_path):
    db = open_archive(tmp_path)
    stored(db, WHOLE, HALF, built(["桂阳竹地板重返欧洲", "news_two"]))
    expected = groups(db)
    with db.conn:
        db.execute("update articles set story_id = null, fingerprint_id = null")
        for table in ("copies", "fingerprints", "fingerprint_bands", "fingerprint_new_bands", "stories"):
            db.execute(f"delete from {table}")
    db.close()
    again = open_archive(tmp_path)
    assert groups(again) == expected == {frozenset({1, 2}), frozenset({3})}
    again.close()


def test_fingerprints_of_an_earlier_release_are_made_anew(tmp_path):
    """A migration has taken them away: what comes in next still finds its copy, in the story there was."""
    db = open_archive(tmp_path)
    [whole] = stored(db, WHOLE)
    with db.conn:
        db.execute("update fingerprints set sketch = null, figures = null")
        db.execute("delete from fingerprint_new_bands")
    db.close()
    again = open_archive(tmp_path)
    assert again.table("fingerprints").get(1)["sketch"]
    save(again, article(again, 2, *HALF))
    [story] = again.query("select id, copies from stories")
    assert story == {"id": whole.id, "copies": 2}
    again.close()


# Bands on disk


def test_bands_move_on_and_are_found_and_removed_there(db, monkeypatch):
    monkeypatch.setattr(bands, "GATHERED", 1)
    monkeypatch.setattr(bands, "COUNTED", 2)
    made = {name: fingerprint(words(text)) for name, text in TEXTS.items()}
    for number, name in enumerate(made, 1):
        db.execute(
            "insert into fingerprints(id, digest, length, sketch, figures) values (?, ?, 9, ?, ?)",
            [number, name, made[name].sketch, made[name].figures],
        )
        bands.enter(db, number, made[name])
    assert (db.table("fingerprint_bands").count, db.table("fingerprint_new_bands").count) == (
        len(made) // 2 * 2 * 64,
        len(made) % 2 * 64,
    )
    found = {name: bands.candidates(db, each) for name, each in made.items()}
    assert [found[name][0].fingerprint_id for name in made] == [*range(1, 1 + len(made))]
    # The notice of the next county is in the same words; its figures tell it apart.
    assert [each.fingerprint_id for each in found["anhua"]] == [1]
    for number, each in enumerate(made.values(), 1):
        bands.remove(db, number, each)
    assert db.table("fingerprint_bands").count == db.table("fingerprint_new_bands").count == 0


# What is told of a story


def member(number, **fields):
    plain = {
        "fingerprint_id": number, "length": 600, "damage": 0, "guesses": 0, "published": "2024-09-04T00:00:00+08:00",
        "precision": "day", "first_fetched": "2024-09-05T00:00:00Z", "url": f"http://a.example/{number}",
        "source": f"s{number}", "publication": f"第{number}日报", "origin": None, "origin_via": None,
    }  # fmt: skip
    return Member(number, **(plain | fields))


def at(day, time=None):
    return {"published": f"{day}T{time or '00:00'}:00+08:00", "precision": "minute" if time else "day"}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        # Complete before clean before early.
        ([{}, {"length": 300} | at("2024-09-01")], 1),
        ([{"damage": 3}, at("2024-09-09")], 2),
        ([{"guesses": 1}, at("2024-09-09")], 2),
        ([{"damage": 3}, {"length": 300}], 1),
        ([{}, at("2024-09-03")], 2),
        ([{"length": 600}, {"length": 690} | at("2024-09-09")], 1),
        ([{"published": None, "precision": None}, at("2024-09-09")], 2),
        ([at("2024-09-04", "09:00"), at("2024-09-04", "08:00")], 2),
        ([{}, {}], 1),
    ],
)
def test_the_best_copy(others, expected):
    members = [member(number, **fields) for number, fields in enumerate(others, 1)]
    assert best(members).id == best(members[::-1]).id == expected


@pytest.mark.parametrize(
    ("others", "expected", "evidence"),
    [
        ([at("2024-09-04"), at("2024-09-05")], 1, "published 2024-09-04, the earliest of 2"),
        ([at("2024-09-05"), at("2024-09-04")], 2, "published 2024-09-04, the earliest of 2"),
        ([at("2024-09-04", "10:00"), at("2024-09-04", "08:30")], 2, "published 2024-09-04 08:30, the earliest of 2"),
        ([at("2024-09-04", "10:00"), at("2024-09-04")], 2, "published 2024-09-04, on the same day as 1 more"),
        ([at("2024-09-04", "10:00"), at("2024-09-04") | {"origin": "《第1日报》数字报"}], 1,
         "published 2024-09-04 10:00, on the same day as 1 more, named as the origin by 1"),
        # A paper's web edition comes a day later than those who took it from the paper.
        ([at("2024-09-05"), at("2024-09-04") | {"origin": "第1日报"}], 1,
         "published 2024-09-05, named by article 2, which is dated 2024-09-04"),
        ([at("2024-09-04") | {"origin": "新华社"}, at("2024-09-05")], 1,
         "published 2024-09-04, the earliest of 2, which names 来源：新华社, not in the archive"),
        ([{"published": "2024-01-01T00:00:00+08:00", "precision": "year"}, at("2024-09-05")], 2,
         "published 2024-09-05, the earliest of 2"),
        ([{"published": None, "precision": None}, at("2024-09-05")], 2, "published 2024-09-05"),
    ],
)  # fmt: skip
def test_who_was_first(others, expected, evidence):
    members = [member(number, **fields) for number, fields in enumerate(others, 1)]
    chosen, said = first(members, taken_from(members))
    assert (chosen.id, said) == (expected, evidence)


def test_nobody_is_first_where_no_page_is_dated():
    assert first([member(1, published=None), member(2, published=None)], {}) == (None, None)


def test_who_took_it_from_whom():
    members = [
        member(1, publication="《益阳日报》"),
        member(2, publication="红网", origin="益陽日報"),
        member(3, publication="聚訊", origin="紅網", origin_via="益阳日报"),
        member(4, publication="红网", origin="红网"),
        member(5, origin="新华社"),
    ]
    assert taken_from(members) == {
        2: (1, "来源：益陽日報"), 3: (1, "据益阳日报"), 5: (None, "来源：新华社"),
    }  # fmt: skip


def test_those_that_name_each_other_are_told_by_date():
    members = [member(1, origin="第2日报", **at("2024-09-05")), member(2, origin="第1日报", **at("2024-09-04"))]
    chosen, _ = first(members, taken_from(members))
    assert chosen.id in {1, 2}
