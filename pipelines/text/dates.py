"""Dates as they stand on Chinese pages, made ISO 8601 with +08:00 and the precision that is really there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8))
"""Chinese standard time, without summer time since 1991."""

FIRST_YEAR, LAST_YEAR = 1990, 2099
"""Years outside are misprints: regional papers went online in the nineties."""

_MONTHS = _NOON = 12
_NUMERALS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0, "O": 0}

# Only a machine's time has a zone: behind `8:30-11:30` stands when a meeting ends.
_ISO_TIME = (
    r"T(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?P<zone>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?"
)
_TIME = (
    r"\s*(?:[(（]?(?:星期|周|週)[一二三四五六日天][)）]?\s*)?(?:(?P<noon>上午|下午|晚上|中午|凌晨)\s*)?"
    r"(?P<hour2>[01]?\d|2[0-3])\s*[:：时時](?P<minute2>[0-5]\d)(?:[:：分][0-5]?\d(?:\.\d+)?|分)?"
    r"(?:\s?(?P<half>[AaPp][Mm])(?![A-Za-z]))?"
)
_ANY_TIME = rf"(?:{_ISO_TIME}|{_TIME})?"
_FULL = re.compile(
    # Xinhua sets the year apart: 2025 05/01 10:22:30.
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:年|[-/.]|[—–]{1,2}|(?<=\d)(?=\s?\d\d\s*/\s*\d\d\s+\d\d:))\s*"
    r"(?P<month>1[0-2]|0?[1-9])\s*(?:月|[-/.]|[—–]{1,2})\s*"
    # Two spans without a blank between them: 2024-09-0408:05.
    rf"(?P<day>3[01]|[12]\d|0?[1-9])(?:(?!\d)|(?<=[-/.]\d\d)(?=(?:[01]\d|2[0-3]):[0-5]\d))[日号號]?{_ANY_TIME}"
)
_MONTH = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月(?!\s*\d)")
_YEARLESS = re.compile(
    rf"(?<![\d年.])(?:(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号號](?:{_TIME})?"
    r"|(?P<month2>1[0-2]|0[1-9])-(?P<day2>3[01]|[12]\d|0[1-9])\s*(?P<hour3>[01]\d|2[0-3])[:：](?P<minute3>[0-5]\d))"
)
_HAN_NUMERALS = re.compile(
    r"(?P<year>[一二][〇零○ＯO一二三四五六七八九]{3})年(?:(?P<month>[元一二三四五六七八九十]{1,2})月(?:(?P<day>[一二三四五六七八九十廿卅]{1,3})[日号號])?)?"
)
# 9/17/2004 5:54:13 AM, as servers set up in America print it.
_AMERICAN = re.compile(
    rf"(?<![\d/])(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)/(?P<year>(?:19|20)\d\d)(?![\d/])(?:{_TIME})?"
)
# 发布时间：19-09-04 08:05: only a label says that this is a date.
_SHORT_YEAR = re.compile(
    r"(?:发布|發佈|发表|發表|更新)?(?:时间|時間|日期)\s*[:：]\s*(?P<year>[0-3]\d|9\d)-(?P<month>1[0-2]|0[1-9])-"
    rf"(?P<day>3[01]|[12]\d|0[1-9])(?:(?!\d)|(?=(?:[01]\d|2[0-3]):[0-5]\d))(?:{_TIME})?"
)
_COMPACT = re.compile(
    r"\s*(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?:[0-5]\d)?)?\s*"
)
_DIGIT_OR_YEAR = re.compile(r"\d[\d年月./—–-]|[一二][〇零○ＯO一二三四五六七八九]{3}年")
_WIDE = re.compile("[０-９]")
_NARROW = {0xFF10 + digit: 0x30 + digit for digit in range(10)}
_YMD = r"(?P<year>20\d\d){0}(?P<month>0[1-9]|1[0-2]){1}(?P<day>0[1-9]|[12]\d|3[01])"
_IN_URL = tuple(
    re.compile(pattern)
    for pattern in (
        # /2017/03/08/, /2024-09/04/, /2024-09-04/, /202409/04/ and TRS's t20240904_1234567
        "/" + _YMD.format("[-/]?", "[-/]") + "(?=/|$)",
        r"/(?P<year>20\d\d)/(?P<month>1[0-2]|[1-9])/(?P<day>3[01]|[12]\d|[1-9])/",
        "/t" + _YMD.format("", "") + r"_\d+\.",
        # /2024/0816/, /20250501/, /20190623150205.html
        "/" + _YMD.format("/?", "") + r"(?=/|\d{0,14}[/_.])",
    )
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text."""

    value: str | None
    """ISO 8601 with +08:00, midnight where no time is named; None where the year is not named."""
    precision: str
    """`year`, `month`, `day` or `minute`: the finest part that is named."""
    raw: str
    """The string that was found."""
    note: str = ""
    """What had to be assumed to read it."""


def find_dates(text: str) -> Iterator[FoundDate]:
    """Every date of a text that names at least year and month, or month and day, in the order of the text.

    >>> [(d.value, d.precision) for d in find_dates("2024年09月04日 星期三，2013-9-25 08:05；8月5日讯")]
    [('2024-09-04T00:00:00+08:00', 'day'), ('2013-09-25T08:05:00+08:00', 'minute'), (None, 'day')]
    >>> next(find_dates("二〇一三年九月二十五日")).value
    '2013-09-25T00:00:00+08:00'
    >>> next(find_dates("２０２４年９月４日"))
    FoundDate(value='2024-09-04T00:00:00+08:00', precision='day', raw='２０２４年９月４日', note='')
    """
    found: list[tuple[int, FoundDate]] = []
    if not _DIGIT_OR_YEAR.search(text):
        return iter(())
    shown = text
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    taken = bytearray(len(text))
    for sign, pattern, build in _WAYS:
        if sign not in text:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            parsed = build(match)
            if parsed:
                found.append((start, parsed if shown is text else replace(parsed, raw=shown[start:end].strip())))
                taken[start:end] = b"\1" * (end - start)
    return (parsed for _, parsed in sorted(found, key=lambda item: item[0]))


@lru_cache(maxsize=64)
def find_date(text: str | None) -> FoundDate | None:
    """The first date of a text that names its year; where none does, the first that names month and day.

    >>> find_date("发布时间：2017——04——12 21:37").value
    '2017-04-12T21:37:00+08:00'

    Digits alone are a date where nothing stands beside them, as in metadata.

    >>> find_date("20240904080500").value, find_date("热线20240904")
    ('2024-09-04T08:05:00+08:00', None)
    """
    if compact := _COMPACT.fullmatch(text or ""):
        return _numeric(compact)
    found = list(find_dates(text or ""))
    return next((parsed for parsed in found if parsed.value), found[0] if found else None)


def date_in_url(url: str) -> FoundDate | None:
    """The day in an address, as content systems write it there.

    >>> date_in_url("http://a.example/c/2017/03/08/4233140.htm").value
    '2017-03-08T00:00:00+08:00'
    >>> date_in_url("http://a.example/html/2024-09/04/content_9.htm").raw, date_in_url("http://a.example/n1/2024/0816/c1-4.html").raw
    ('/2024-09/04', '/2024/0816')
    """
    for pattern in _IN_URL:
        for match in pattern.finditer(url):
            value = _iso(int(match["year"]), int(match["month"]), int(match["day"]))
            if value:
                return FoundDate(value, "day", match[0].rstrip("/"))
    return None


def _numeric(match: re.Match[str]) -> FoundDate | None:
    part = match.groupdict()
    hour, minute = _hour(part), part.get("minute") or part.get("minute2")
    return _build(match[0], int(part["year"]), int(part["month"]), part.get("day"), hour, minute, part.get("zone"))


def _hour(part: dict[str, str | None]) -> str | None:
    """The hour of the day: 3 with 下午 or PM is 15."""
    hour = part.get("hour") or part.get("hour2")
    if hour is None:
        return None
    half = (part.get("noon") or part.get("half") or "").upper()
    if half in ("下午", "晚上", "PM") and int(hour) < _NOON:
        return str(int(hour) + _NOON)
    return "0" if half in ("凌晨", "AM") and int(hour) == _NOON else hour


def _american(match: re.Match[str]) -> FoundDate | None:
    """Month, day, year or day, month, year, where only one can be; with AM or PM, the month is said to be first."""
    part = match.groupdict()
    first, second = int(part["first"]), int(part["second"])
    note = ""
    if first > _MONTHS >= second:
        first, second = second, first
    elif first != second and second <= _MONTHS:
        if not part["half"]:
            return None
        note = "read month first"
    found = _build(match[0], int(part["year"]), first, str(second), _hour(part), part["minute2"], None)
    return replace(found, note=note) if found else None


def _short(match: re.Match[str]) -> FoundDate | None:
    """A labelled date whose year has two digits: from 90 on, of the century before. The label stays with it."""
    part = match.groupdict()
    year = ("19" if part["year"][0] == "9" else "20") + part["year"]
    found = _build(match[0], int(year), int(part["month"]), part["day"], _hour(part), part["minute2"], None)
    return replace(found, note="year of two digits") if found else None


def _yearless(match: re.Match[str]) -> FoundDate | None:
    part = match.groupdict()
    month, day = int(part["month"] or part["month2"]), int(part["day"] or part["day2"])
    if _iso(2000, month, day) is None:
        return None
    return FoundDate(None, "minute" if part["hour2"] or part["hour3"] else "day", match[0].strip())


def _han(match: re.Match[str]) -> FoundDate | None:
    year = int("".join(str(_NUMERALS[char]) for char in match["year"]))
    if match["month"] is None:
        return None
    day = str(_han_number(match["day"])) if match["day"] else None
    return _build(match[0], year, _han_number(match["month"]), day, None, None, None)


def _han_number(text: str) -> int:
    """A Chinese number below 100; what is none (十十) comes out as no day of any month.

    >>> [_han_number(n) for n in ("元", "九", "十", "十二", "二十五", "三十", "廿五")]
    [1, 9, 10, 12, 25, 30, 25]
    """
    text = text.replace("元", "一").replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _NUMERALS[ones] if len(ones) == 1 else 0
    return 10 * _NUMERALS.get(tens or "一", 0) + _NUMERALS.get(ones or "零", 0)


def _build(
    raw: str, year: int, month: int, day: str | None, hour: str | None, minute: str | None, zone: str | None
) -> FoundDate | None:
    if day is None:
        value = _iso(year, month, 1)
        return FoundDate(value, "month", raw.strip()) if value else None
    if hour is None or minute is None:
        value = _iso(year, month, int(day))
        return FoundDate(value, "day", raw.strip()) if value else None
    value = _iso(year, month, int(day), int(hour), int(minute))
    if value and zone:
        value = datetime.fromisoformat(value[:19] + zone.replace("Z", "+00:00")).astimezone(CHINA).isoformat()
    return FoundDate(value, "minute", raw.strip()) if value else None


def _iso(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> str | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+08:00"


_WAYS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], FoundDate | None]], ...] = (
    ("", _FULL, _numeric),
    ("年", _HAN_NUMERALS, _han),
    ("年", _MONTH, _numeric),
    ("/", _AMERICAN, _american),
    ("-", _SHORT_YEAR, _short),
    ("", _YEARLESS, _yearless),
)
"""A sign that every date of a shape has, the shape, and what reads it; the surest first."""
