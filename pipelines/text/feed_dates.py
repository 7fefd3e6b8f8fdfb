"""Dates as feeds have them: those of RFC 822 and of Java, beside all that stand on pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from pipelines.text.dates import CHINA, find_date

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?"
_ZONE = r"(?P<zone>[+-]\d\d:?\d\d|[A-Z]{1,4}(?:[+-]\d{1,2}(?::?\d\d)?)?)?"
# RFC 822, with a year of four digits; and what Java writes where nobody chose a form: Wed Sep 04 08:05:00 CST 2024.
_FORMS = (
    re.compile(rf"(?P<day>\d{{1,2}})[ -]{_MONTH}[ -](?P<year>\d{{4}})\s+{_CLOCK}\s*{_ZONE}"),
    re.compile(rf"{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+{_ZONE}\s*(?P<year>\d{{4}})"),
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?$")


def told_date(raw: str | None) -> str | None:
    """A date as feeds have it: that of RFC 822 made ISO 8601 with +08:00, any other as it stands; None where none is.

    Without a zone it is Chinese time; and CST is, though mail takes it for American.

    >>> told_date("Wed, 04 Sep 2024 00:05:00 GMT"), told_date("Wed Sep 04 08:05:00 CST 2024")
    ('2024-09-04T08:05:00+08:00', '2024-09-04T08:05:00+08:00')
    >>> told_date("2024-09-04 08:05"), told_date("昨日")
    ('2024-09-04 08:05', None)
    """
    for form in _FORMS:
        if match := form.search(raw or ""):
            return _moment(match)
    found = find_date(raw)
    return raw if found and found.value else None


def iso_date(raw: str | None) -> str | None:
    """A date as feeds have it, ISO 8601 with +08:00, midnight where it names no time: so it can be compared.

    >>> iso_date("2024-09-04"), iso_date("2024-09-03T16:05:00Z")
    ('2024-09-04T00:00:00+08:00', '2024-09-04T00:05:00+08:00')
    """
    found = find_date(told_date(raw))
    return found.value if found else None


def _moment(match: re.Match[str]) -> str | None:
    day, hour, minute = int(match["day"]), int(match["hour"]), int(match["minute"])
    month = _MONTHS.index(match["month"]) + 1
    try:
        moment = datetime(int(match["year"]), month, day, hour, minute, tzinfo=_zone(match["zone"]))
        return moment.astimezone(CHINA).isoformat()
    except (ValueError, OverflowError):
        return None


def _zone(name: str | None) -> timezone:
    """The zone of that name; Chinese time where there is none, or nobody knows it. Raises ValueError for +9900."""
    if name in ("GMT", "UTC", "UT", "Z"):
        return UTC
    offset = _OFFSET.search(name or "")
    if offset is None:
        return CHINA
    span = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-span if offset[1] == "-" else span)
