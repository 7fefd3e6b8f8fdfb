"""The fixes of characters and the count of what is lost: against their cases, and against any text."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.demo import sample
from crawler.demo.pollute import traditional
from pipelines.text.arrows import take_out_arrows
from pipelines.text.characters import WHATWG_SIGNS, free_blanks, name_private_signs
from pipelines.text.damage import damage, places
from pipelines.text.edits import apply, undo
from pipelines.text.entities import undo_escapes
from pipelines.text.invisible import take_out_controls, take_out_invisible
from pipelines.text.signs import Signs
from pipelines.text.widths import narrow_wide

PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)
FIXES = (
    take_out_arrows, take_out_invisible, take_out_controls, name_private_signs, undo_escapes, free_blanks, narrow_wide,
)  # fmt: skip

# Pieces that the fixes look at, so that any text of them comes close to every rule.
PIECES = st.sampled_from(
    [
        *"招商李一用的是。，“”（）34２０Ａｋ．％%:;#&?-[]<>=/\"'\n\t\r 　吗锟斤拷烫屯",
        *"\x00\x0b\x0c\x1b\x7f\x80\x85\x9b\xa0\xad\xc3\xe5\u200b\u200c\u200d\u200e\u2028\u2060\ufeff\ufffd\ufe0f👨泰ไمש",
        *("\ue5e5", "\ue600", "\uf033", "\uf0d8", "上一版", "下一版", "上一页", "下一頁", "上一篇"),
        *(
            "&amp;",
            "&",
            "amp;",
            "&lt;",
            "&nbsp;",
            "&#65292;",
            "&#38;",
            "#38;",
            "#x26;",
            "lt;",
            "&#0;",
            "http://",
            "a=1",
        ),
        *(
            "2024",
            "２０２４",
            "LED",
            "ＬＥＤ",
            "1、",
            "１．",
            "年",
            "用 ",
            "表示空格",
            "??",
            "????",
            "ï¿½",
            "锟斤拷",
            "烫烫烫",
        ),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def restored(fix, text):
    return apply("kind", text, fix(text, Signs()))


def cases():
    for name, found in tomllib.loads((Path(__file__).parent / "cases/characters.toml").read_text("utf-8")).items():
        fix = {fix.__name__: fix for fix in FIXES}[name]
        for case in found:
            lines = case["before"] if isinstance(case["before"], list) else [case["before"]]
            for number, line in enumerate(lines, 1):
                yield pytest.param(fix, line, case.get("after", line), id=f"{name}: {case['label']} {number}")


@pytest.mark.parametrize(("fix", "before", "after"), list(cases()))
def test_case(fix, before, after):
    assert restored(fix, before).text == after


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        pytest.param(case["text"], case.get("lost", 0), id=case["label"])
        for case in tomllib.loads((Path(__file__).parent / "cases/damage.toml").read_text("utf-8"))["case"]
    ],
)
def test_lost_characters(text, lost):
    assert damage(text) == lost


@pytest.mark.parametrize("fix", FIXES)
@PROPERTY
@given(text=TEXTS)
@example(text="上一版\ue600 3 4下一版")
@example(text="&amp;#38;lt;")
@example(text="LED ＬＥＤ ＫＴＶ 招商引资 LED LED LED LED，")
def test_a_fix_is_in_order_is_undone_and_done_once(fix, text):
    edits = list(fix(text, Signs()))
    assert all(0 <= edit.start < edit.end <= len(text) for edit in edits)
    assert all(one.end <= other.start for one, other in pairwise(edits))
    assert all(text[edit.start : edit.end] != edit.after and edit.evidence for edit in edits)
    result = apply("kind", text, edits)
    assert undo(result) == text
    assert list(fix(result.text, Signs())) == []


@PROPERTY
@given(text=TEXTS)
def test_places_are_in_order_and_no_more_is_lost_than_stands_there(text):
    found = places(text)
    assert all(one.start + one.length <= other.start for one, other in pairwise(found))
    assert all(0 < place.lost <= place.length for place in found)
    assert damage(text) >= text.count("\ufffd")


def sample_texts():
    for article in sample.load():
        parts = (article.kicker, article.title, article.subtitle, *(block.text for block in article.body))
        rows = ("\t".join(row) for block in article.body for row in block.rows)
        yield "\n".join([*filter(None, parts), *rows])


def test_clean_articles_stay_as_they_are():
    texts = [*sample_texts()]
    assert len(texts) >= 300
    for text in (*texts, *map(traditional, texts)):
        assert [list(fix(text, Signs())) for fix in FIXES] == [[]] * len(FIXES)
        assert places(text) == ()


# A rule that looks around in the whole text at every place would take hours for these.
@pytest.mark.parametrize(
    "unit",
    ["?", "&", "&amp;", "amp;", "3", "\ue5e5", "\u200d", "\x00", "\xa0", " \xa0", "２", "２0", "锟", "烫", "\ufffd",
     "上一版", "上一版3", "?? ", "招??", "&lt;", "&nbsp;", "\uf033", "\n", "１．\n", "(", "www."],
)  # fmt: skip
def test_long_runs_take_no_time(unit):
    text = "招商上一版&;" + unit * (200_000 // len(unit)) + "引资"
    for fix in FIXES:
        assert undo(restored(fix, text)) == text
    assert damage(text) >= 0


def test_private_signs_are_those_that_gb18030_holds_otherwise():
    assert len(WHATWG_SIGNS) == 20
    for private, sign in WHATWG_SIGNS.items():
        assert "\ue000" <= private <= "\uf8ff"
        assert not "\ue000" <= sign <= "\uf8ff"
        assert len(private.encode("gb18030")) == 2
