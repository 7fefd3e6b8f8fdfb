"""The year of a date that has none, where its page proves it."""

from __future__ import annotations

import re
from datetime import date

from pipelines.text.dates import FoundDate, find_date

_TAG = re.compile(r"<[^<>]*>")
_DAY = re.compile(r"(\d{1,2})\s*[月-]\s*(\d{1,2})")


def year_beside(found: FoundDate, html: str, fetched: date) -> FoundDate | None:
    """A date without a year made whole by its page, if that has the same day with a year in its text, and no other one.

    A year alone proves nothing: it may be that of a copyright line. Nor do dates around the day on which the page was
    fetched: clocks and the latest news have those. `raw` is what the year was taken from.

    >>> year_beside(find_date("8月5日讯"), "<p>2015-08-05 09:12</p>", date(2020, 1, 1))
    FoundDate(value='2015-08-05T00:00:00+08:00', precision='day', raw='2015-08-05', note='')
    >>> year_beside(find_date("8月5日讯"), "<li>2015-08-05<li>2016-08-05", date(2020, 1, 1)) is None
    True
    """
    day = _DAY.search(found.raw)
    if day is None:
        return None
    same = re.compile(rf"(?<![\d.])((?:19|20)\d\d)\s*[年/.-]\s*0?{int(day[1])}\s*[月/.-]\s*0?{int(day[2])}(?![\d.])日?")
    whole: dict[str, str] = {}
    for match in same.finditer(_TAG.sub(" ", html)):
        dated = find_date(match[0])
        if dated and dated.value and (fetched - date.fromisoformat(dated.value[:10])).days > 1:
            whole.setdefault(match[1], match[0])
    if len(whole) != 1:
        return None
    ((year, raw),) = whole.items()
    dated = find_date(f"{year}{'年' if '月' in found.raw else '-'}{found.raw}")
    return FoundDate(dated.value, dated.precision, raw) if dated and dated.value else None
