"""Repair, describe and check as pure functions: what they add, and that they touch nothing else."""

import tomllib
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pypinyin import Style, pinyin

import pipelines.repair as stage
from archive.article import Article, Image, Page, Repair
from crawler.demo import sample
from crawler.demo.pollute import traditional
from pipelines.check import SHORTEST, fault
from pipelines.describe import describe
from pipelines.repair import FIELDS, repair, undo
from pipelines.text.edits import Change, Restored

CASES = tomllib.loads((Path(__file__).parent / "cases/stages.toml").read_text(encoding="utf-8"))
PROPERTY = settings(deadline=None, derandomize=True, max_examples=60)
DESCRIBED = (
    "raw_date", "provenance", "published", "published_precision", "published_evidence", "raw_byline", "authors",
    "roles", "origin", "origin_via", "speakers", "script",
)  # fmt: skip


def by_label(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


def article_of(page=None, **values):
    """An article out of the values of a case; `page` is the text of its page."""
    values["images"] = tuple(Image(**image) for image in values.get("images", ()))
    url = "http://www.example/1.htm"
    text = page or values.get("text", "")
    return Article(url, "hongan", Page(url, text, datetime(2026, 10, 2, tzinfo=UTC)), **values)


# Describe


@pytest.mark.parametrize("case", by_label("describe"))
def test_describe(case):
    before = article_of(**case["article"])
    after = describe(before)
    given = {"script": "hans" if before.text else None, "provenance": before.provenance}
    lists = {name: tuple(case["after"].get(name, ())) for name in ("authors", "roles", "speakers")}
    expected = dict.fromkeys(DESCRIBED) | given | case["after"] | lists
    assert {name: getattr(after, name) for name in DESCRIBED} == expected
    assert replace(after, **{name: getattr(before, name) for name in DESCRIBED}) == before


# Check


@pytest.mark.parametrize("case", by_label("check"))
def test_check(case):
    assert fault(article_of(**case["article"]), case.get("since")) == case.get("reason")


def test_two_sentences_are_enough():
    shortest = "招商引资" * (SHORTEST // 4)
    assert fault(article_of(text=shortest)) is None
    assert fault(article_of(text=shortest[1:] + "，2024。")) == "too_short"


def test_every_sample_article_is_kept():
    assert {fault(article_of(title=each.title, text=each.text)) for each in sample.load()} == {None}


# Repair


@pytest.mark.parametrize("case", by_label("repair"))
def test_repair(case):
    before = article_of(case["page"], **case["article"])
    after = repair(before)
    assert replace(after, repairs=()) == article_of(case["page"], **case["after"])
    assert [each.field for each in after.repairs] == case["undone"]
    assert words(after, undone=True) == words(before)


def words(article, *, undone=False):
    """Every text of an article by the name its repairs go by; with `undone`, as it stood on the page."""
    found = {name: value for field, name in FIELDS.items() if isinstance(value := getattr(article, field), str)}
    found |= {f"caption {number}": image.caption for number, image in enumerate(article.images, 1) if image.caption}
    if not undone:
        return found
    return {
        name: undo(text, tuple(each for each in article.repairs if each.field == name)) for name, text in found.items()
    }


@PROPERTY
@given(st.data(), st.sampled_from(sample.load()), st.booleans(), st.integers(12, 150))
def test_annotated_text_comes_back(data, article, tones, count):
    """A mirror's list of characters, each with one of its readings, run over a whole text."""
    text = traditional(article.text)
    ideographs = Counter(char for char in text if "\u4e00" <= char <= "\u9fff")
    common = ideographs.most_common(count)
    # With a reading behind nearly every character it is a text for schools.
    assume(sum(times for _, times in common) <= 0.8 * ideographs.total())
    style = Style.TONE if tones else Style.NORMAL
    readings = {}
    for char, _ in common:
        reading = data.draw(st.sampled_from(pinyin(char, style=style, heteronym=True)[0]))
        readings[ord(char)] = f"{char}({reading}{data.draw(st.sampled_from(['', ' ']))})"
    annotated = text.translate(readings)
    repaired = repair(article_of(text=annotated, title=article.title))
    assert repaired.text == text
    assert repaired.title == article.title
    assert undo(repaired.text, repaired.repairs) == annotated
    assert len(repaired.repairs) == sum(times for _, times in common)


LINES = sorted({line for article in sample.load() for line in article.text.split("\n")})
BRACKETS = "(PPP) (kW) (GDP) (a) (b) (m) (kg) (ppp) （记者 覃跃） (1) ( ) （） (见图) (chóng) (hello) (ban)".split()


@PROPERTY
@given(st.lists(st.sampled_from(LINES) | st.sampled_from(BRACKETS), max_size=40).map("".join), st.booleans())
def test_clean_text_stays(text, hant):
    assume(sum(text.count(reading) for reading in ("(chóng)", "(ban)", "(a)")) < 5)
    article = article_of(text=traditional(text) if hant else text, title="招商(PPP)项目(kW)")
    assert repair(article) == article


def test_sample_articles_stay():
    for each in sample.load():
        for text in (each.text, traditional(each.text)):
            article = article_of(text=text, title=each.title)
            assert repair(article) is article


@PROPERTY
@given(
    st.lists(
        st.sampled_from("增長 (cháng) (chuàng ) 創 業(yè) 項(xiàng) (ppp) ( ) 政(zhèng)(zhèng) 𬭎 \n".split(" "))
    ).map("".join)
)
def test_what_was_repaired_can_be_undone(text):
    article = article_of("業(yè)務(wù)項(xiàng)目會(huì)議辦(bàn)結", text=text, title=text[:9])
    assert words(repair(article), undone=True) == words(article)


@PROPERTY
@given(st.text("招商引資。(a)", max_size=20), st.data())
def test_repairs_are_undone_last_first(text, data):
    """Also where a later repair changes what an earlier one had put there."""
    now, repairs = text, []
    for _ in range(data.draw(st.integers(0, 6))):
        start = data.draw(st.integers(0, len(now)))
        before = now[start : data.draw(st.integers(start, len(now)))]
        after = data.draw(st.text("招(�", max_size=4))
        repairs.append(Repair("slip", "text", start, before, after, 0.9, ""))
        now = now[:start] + after + now[start + len(before) :]
    assert undo(now, repairs) == text


def test_nothing_is_emptied(monkeypatch):
    """Else the stages behind would fill a byline from the body, beside repairs that were not made in it."""
    gone = Change("zero-width", 0, "記者 覃躍", "", 0.9, "")
    monkeypatch.setattr(
        stage, "restore", lambda text, _: Restored("", (gone,)) if text == gone.before else Restored(text)
    )
    before = article_of(text="本报讯（记者 石㛃）园区迎来第三批客商。", raw_byline=gone.before)
    assert repair(before) == before


def test_repair_keeps_everything_else():
    case = CASES["repair"][0]
    before = article_of(case["page"], **case["article"], published="2024-09-04T00:00:00+08:00", authors=("覃躍",))
    untouched = asdict(before).keys() - case["after"].keys() - {"repairs"}
    after = repair(before)
    assert {name: getattr(after, name) for name in untouched} == {name: getattr(before, name) for name in untouched}
