"""Dates, bylines, origins, furniture, scripts and readings: each function against its cases, all against any text."""

import dataclasses
import tomllib
from datetime import date
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.demo import sample
from crawler.demo.pollute import traditional
from pipelines.text import bylines, dates, furniture, names, origins, pinyin, script
from pipelines.text.edits import apply
from pipelines.text.restore import signs_of

PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)


def without_readings(text):
    """What the repair does: readings go where the whole text is annotated."""
    return apply("pinyin", text, pinyin.take_out_readings(text, signs_of(text))).text


FUNCTIONS = {
    "dates": (dates.find_date, dates.find_dates, dates.date_in_url),
    "names": (names.is_person,),
    "bylines": (
        bylines.signed,
        bylines.authors,
        bylines.is_byline,
        bylines.byline_in_text,
        bylines.byline_in_info,
        bylines.signature,
        bylines.byline_paper,
        bylines.editor,
    ),
    "origins": (origins.origin, origins.chain, origins.taken_from, origins.dateline),
    "furniture": (furniture.is_furniture, furniture.ends_article),
    "scripts": (script.script,),
    "pinyin": (without_readings,),
}


def cases():
    """Every line of every case file, as function, text and what comes out."""
    for name, functions in FUNCTIONS.items():
        found = tomllib.loads((Path(__file__).parent / f"cases/{name}.toml").read_text(encoding="utf-8"))
        assert list(found) == [function.__name__ for function in functions]
        for function in functions:
            for case in found[function.__name__]:
                lines = case["before"] if isinstance(case["before"], list) else [case["before"]]
                for number, line in enumerate(lines, 1):
                    after = case.get("after", line if function is without_readings else None)
                    label = f"{function.__name__}: {case['label']}" + (f" {number}" if len(lines) > 1 else "")
                    marks = [pytest.mark.xfail(reason=case["later"], strict=True)] if "later" in case else []
                    yield pytest.param(function, line, after, id=label, marks=marks)


def plain(value):
    """A result as TOML can say it: no None in a table, lists for the rest."""
    if dataclasses.is_dataclass(value):
        return {field: part for field, part in dataclasses.asdict(value).items() if part not in (None, "")}
    return value if value is None or isinstance(value, str | bool) else [plain(part) for part in value]


@pytest.mark.parametrize(("function", "before", "after"), list(cases()))
def test_case(function, before, after):
    assert plain(function(before)) == after


# Dates

SHAPES = (
    "{0.year}年{0.month:02}月{0.day:02}日 星期三",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}/{0.month:02}/{0.day:02}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}——{0.month:02}——{0.day:02}",
)
DAYS = st.dates(date(dates.FIRST_YEAR, 1, 1), date(dates.LAST_YEAR, 12, 31))
TIMES = ("{0.hour}:{0.minute:02}", "{0.hour:02}:{0.minute:02}:{0.second:02}", "{0.hour}时{0.minute:02}分")


@PROPERTY
@given(DAYS, st.times(), st.sampled_from(SHAPES[1:]), st.sampled_from(TIMES))
def test_every_minute_in_every_shape(day, moment, shape, hour):
    found = dates.find_date(f"时间：{shape.format(day)} {hour.format(moment)} 来源：红岸网")
    assert (found.value, found.precision) == (f"{day}T{moment:%H:%M}:00+08:00", "minute")


@PROPERTY
@given(DAYS, st.sampled_from(SHAPES))
def test_every_day_in_every_shape(day, shape):
    found = dates.find_date(f"发布：{shape.format(day)}，全市召开大会")
    assert (found.value, found.precision) == (f"{day}T00:00:00+08:00", "day")


@PROPERTY
@given(st.integers(1900, 2200), st.integers(0, 99), st.integers(0, 99), st.sampled_from(SHAPES))
def test_no_impossible_day(year, month, day, shape):
    """Whatever the figures: a day is one of the calendar, and the one that stands there."""
    found = dates.find_date(shape.format(SimpleNamespace(year=year, month=month, day=day)))
    if found and found.value:
        assert date.fromisoformat(found.value[:10]) == date(year, month, day)


@PROPERTY
@given(
    st.dates(date(2000, 1, 1), date(dates.LAST_YEAR, 12, 31)),
    st.sampled_from(["/html/{0:%Y-%m/%d}/content_7.htm", "/{0:%Y%m}/t{0:%Y%m%d}_7.html", "/n1/{0:%Y/%m%d}/c7-8.html"]),
)
def test_every_day_in_an_address(day, shape):
    found = dates.date_in_url("http://www.example" + shape.format(day))
    assert (found.value, found.precision) == (f"{day}T00:00:00+08:00", "day")


JOINTS = (
    ("2024年", "2024-", "二〇二四年", ""),
    ("9月", "09-", "13月", "十月", "十十月", "廿月", "元二月"),
    ("31日", "04", "十日", "十十日", "三廿日", ""),
    ("", " 8:05", "T24:00", " 8时05分"),
    ("", "-11:30", "-24:00", "+08:00", "+9999", "Z"),
)


def test_what_looks_like_a_date_goes_through():
    for text in map("".join, product(*JOINTS)):
        for found in dates.find_dates(text):
            assert found.raw in text
            assert found.precision in ("month", "day", "minute")


# Everything

WORDS = st.sampled_from(
    [
        *"年月日号时分时二〇一三十廿元讯电電王小明欧阳据·、，。：（）　長政增版 𬭎�\n\t\xa0",
        *"2024 9 4 08 30 : - . / — T Z + ( ) cháng ban 3 ?".split(),
        *"记者 通讯员 作者 责任编辑 来源 日报 消息 版权 许可证 首页 上一版 热点 相关新闻".split(),
    ]
)


@PROPERTY
@given(st.lists(WORDS | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_goes_through(text):
    for functions in FUNCTIONS.values():
        for function in functions:
            plain(function(text))


# Clean text


def test_blanks_behind_a_reprint_take_linear_time(grows_evenly):
    def found(text):
        return list(origins._REPRINTED.finditer(text))

    grows_evenly(found, lambda blanks: f"转自{chr(0xA0) * blanks}", 3_000)


def test_an_origin_is_looked_for_in_a_line_only():
    assert origins.chain(f"红网{' ' * 1_000}转自：益阳日报") == ("红网",)


@pytest.mark.parametrize("expected", ["hans", "hant"])
def test_sample_articles_are_in_their_script(expected):
    articles = [article for article in sample.load() if article.site != "shangqiao"]
    wrong = [
        (article.site, article.number)
        for article in articles
        if script.script(traditional(article.text) if expected == "hant" else article.text) != expected
    ]
    assert wrong == []


def test_no_line_of_an_article_is_furniture():
    lines = [line for article in sample.load() for line in article.text.split("\n")]
    assert [line for line in lines if furniture.is_furniture(line) or furniture.ends_article(line)] == []
    assert len(lines) > 3000


def test_names_are_read_out_of_bylines():
    """Every reporter of the sample province, behind his role, spaced out, and among others."""
    for article in sample.load():
        if writers := article.writers:
            spaced = [" ".join(name) if len(name) == 2 else name for name in writers]
            assert bylines.authors(f"本报记者 {'　'.join(spaced)}") == writers
            assert bylines.authors(f"记者 {' 通讯员 '.join(writers)} 报道") == writers
