"""Text decoded with a wrong charset: cases, the sample articles in every misreading, and what must never change."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler.demo import sample
from crawler.demo.pollute import traditional
from pipelines.text import mojibake
from pipelines.text.edits import apply, undo
from pipelines.text.mojibake import decode_again
from pipelines.text.signs import Signs

PROPERTY = settings(deadline=None, derandomize=True, max_examples=150)
CASES = tomllib.loads((Path(__file__).parent / "cases/mojibake.toml").read_text(encoding="utf-8"))["decode_again"]

GUESS = 0.8
# Written in, read in, and whether simplified or traditional.
MISREAD = [
    *(("utf-8", via, hant) for via in ("gb18030", "gbk", "cp1252", "latin-1") for hant in (False, True)),
    *(("gbk", via, hant) for via in ("cp1252", "latin-1") for hant in (False, True)),
    *(("big5", via, True) for via in ("cp1252", "latin-1", "gb18030", "gbk")),
]
# Where the bytes themselves tell, so that four characters are enough.
SELF_EVIDENT = [way for way in MISREAD if way[0] == "utf-8"]


def restored(text):
    return apply("mojibake", text, decode_again(text, Signs()))


def misread(text, was, via):
    """A text as it comes out of a wrong charset; None where a byte gets lost."""
    try:
        shown = text.encode(was).decode(via)
        return shown if shown.encode(via).decode(was) == text else None
    except UnicodeError:
        return None


@cache
def articles(hant):
    written = traditional if hant else str
    return [written(f"{article.title}\n{article.text}") for article in sample.load()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case):
    found = restored(case["before"])
    assert found.text == case.get("after", case["before"])
    assert {change.evidence for change in found.changes} == ({case["evidence"]} if "after" in case else set())
    assert undo(found) == case["before"]
    assert all(("guess" in change.evidence) == (change.confidence < GUESS) for change in found.changes)


# 至 in Big5 and GBK is two accented letters, and between letters nothing shows that they are none; 〃 and ∕ are other
# ways to read bytes of Big5, for which Python and the WHATWG have each its own.
KNOWN = re.compile("[A-Z]\\d至[A-Z]\\d|[／”]")


@pytest.mark.xfail(strict=True, reason="two accented letters between letters and figures look like such")
def test_one_character_between_letters():
    text = "本期推出九栋，编号为C1至C9，均为四层框架结构，首层净高七米二。"
    assert restored(misread(text, "gbk", "cp1252")).text == text


@pytest.mark.parametrize(
    ("was", "via", "hant"),
    [
        pytest.param(
            *way, marks=[pytest.mark.xfail(strict=True, reason="hardly a line of Big5 is read without a loss")]
        )
        if way[:2] == ("big5", "gbk")
        else way
        for way in MISREAD
    ],
)
def test_whole_text(was, via, hant):
    whole = []
    for article in articles(hant)[::8]:
        clauses = [
            clause for clause in re.split("(?<=[，。：；\n])", article) if was == "utf-8" or not KNOWN.search(clause)
        ]
        text = "\n".join(clause.strip() for clause in clauses if misread(clause.strip(), was, via))
        if len(text) > 60:
            whole.append((text, misread(text, was, via)))
    assert len(whole) > 10
    assert [restored(shown).text for _, shown in whole] == [text for text, _ in whole]


@PROPERTY
@given(st.sampled_from(SELF_EVIDENT), st.integers(0, 319), st.integers(0, 319), st.integers(0, 8), st.integers(6, 20))
def test_title_in_a_good_article(way, number, other, start, length):
    was, via, hant = way
    title = articles(hant)[number].split("\n")[0]
    title = title[min(start, max(len(title) - 8, 0)) :][:length]
    assume(sum("\u4e00" <= char <= "\u9fff" for char in title) >= 4)
    shown = misread(title, was, via)
    assume(shown)
    body = articles(hant)[other]
    assert restored(f"{body[:150]}\n《{shown}》\n{body[150:300]}").text == f"{body[:150]}\n《{title}》\n{body[150:300]}"


@pytest.mark.parametrize(("was", "via"), [("utf-8", "gb18030"), ("utf-8", "cp1252")])
@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_every_character_is_right_or_told_as_lost(was, via, errors):
    right = total = written = 0
    for text in articles(False)[::16]:
        found = restored(text.encode(was).decode(via, errors)).text
        written += len(text)
        place = 0
        for char in found.replace("\ufffd", ""):
            here = text.find(char, place)
            right += 0 <= here < place + 30
            total += 1
            place = here + 1 if 0 <= here < place + 30 else place
    assert total > written * 0.8
    # Bytes that were dropped without a trace leave a few characters in doubt.
    assert right > total * (0.99 if errors == "ignore" else 0.999)


@pytest.mark.parametrize("hant", [False, True])
def test_good_articles_stay(hant):
    assert not list(decode_again("\n".join(articles(hant)), Signs()))


@pytest.mark.parametrize(
    "rows",
    [
        [
            bytes((lead, trail)).decode("gb18030")
            for lead in range(0x81, 0xFF)
            for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF))
        ],
        [bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xA1, 0xF8) for trail in range(0xA1, 0xFF)],
        [bytes((lead, trail)).decode("big5", "ignore") for lead in range(0xA1, 0xFA) for trail in range(0x40, 0xFF)],
        [chr(code) for code in range(0x20, 0xD7C0)],
    ],
    ids=["GBK", "GB2312", "Big5", "Unicode"],
)
@pytest.mark.parametrize("between", ["", " "])
def test_tables_of_characters_stay(rows, between):
    table = "\n".join(between.join(rows[place : place + 94]) for place in range(0, len(rows), 94))
    assert not list(decode_again(table, Signs()))


PIECES = st.sampled_from(
    [
        "鎷涘晢",
        "寮曡",
        "祫",
        "ÕÐÉÌ",
        "æ‹›å•†",
        "┷坝ま戈",
        "桸妀竘",
        "招商引资",
        "。",
        "“",
        "?",
        "\ufffd",
        "é",
        "い",
        "\ue000",
        "€",
        "1",
        "A",
        "<p>",
        "\n",
        "\u3000",
    ]
)


@PROPERTY
@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_goes_through_comes_back_and_is_done_with(text):
    found = restored(text)
    assert undo(found) == text
    assert restored(found.text).text == found.text


@pytest.mark.parametrize("pattern", ["?", "鎷", "鎷涘", "Õ", "ÿ", "æ", "\ufffd", "鎷?", "€", "é a "])
def test_one_character_over_and_over_is_no_text(pattern):
    assert not list(decode_again(pattern * 50_000, Signs()))


@pytest.mark.parametrize(("was", "via"), [("utf-8", "latin-1"), ("gbk", "latin-1")])
def test_markup_of_a_page_stays(was, via):
    lines = [line for line in articles(False)[7].split("\n") if misread(line, was, via)]
    page = "<!DOCTYPE html>\n<title>{}</title>\n{}".format(
        lines[0],
        "".join(
            f'<p class="text" style="margin: 0 auto">{line}</p><a href="/a?b=1&amp;c=2">»</a>\n'.replace("»", line[:6])
            for line in lines
        ),
    )
    shown = misread(page, was, via)
    assert shown
    assert restored(shown).text == page


def test_layers_are_composed():
    assert mojibake.LAYERS > 1
    text = "招商引资".encode("gbk").decode("latin-1").encode().decode("latin-1")
    found = restored(text)
    assert found.text == "招商引资"
    assert len(found.changes) == 1
    assert found.changes[0].evidence == "utf-8 read as windows-1252; gb18030 read as windows-1252"
