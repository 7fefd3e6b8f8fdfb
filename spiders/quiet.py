"""Quiet hours: when a site is not to be asked for anything, in the time of China."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pipelines.text.dates import CHINA

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


@dataclass(frozen=True, slots=True)
class Quiet:
    """A span of every day. Where it ends before it begins, it goes on past midnight."""

    start: time
    """When it begins."""
    end: time
    """When it is over; that minute is no part of it."""

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def has(self, moment: datetime) -> bool:
        """Whether a moment (aware) lies in it.

        >>> night = Quiet(time(22), time(6, 30))
        >>> [night.has(datetime(2026, 1, 1, hour, 30, tzinfo=CHINA)) for hour in (21, 22, 5, 6)]
        [False, True, True, False]
        """
        there = moment.astimezone(CHINA).time()
        if self.start <= self.end:
            return self.start <= there < self.end
        return there >= self.start or there < self.end

    def over(self, moment: datetime) -> datetime:
        """When it is over for a moment that lies in it, in the time of China.

        >>> Quiet(time(22), time(6, 30)).over(datetime(2026, 12, 31, 23, tzinfo=CHINA)).isoformat()
        '2027-01-01T06:30:00+08:00'
        """
        there = moment.astimezone(CHINA)
        end = there.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return end if end > there else end + timedelta(days=1)


def parse(text: str) -> Quiet:
    """A span such as `08:00-12:00` or `22:30-06:00`.

    >>> str(parse("22:30-24:00")), str(parse("08:00-12:00"))
    ('22:30-00:00', '08:00-12:00')

    Raises ValueError for anything else, and for a span without length.
    """
    match = _SPAN.fullmatch(text)
    if not match:
        raise ValueError(text)
    start, end = time(int(match[1]), int(match[2])), time(int(match[3] or 0), int(match[4] or 0))
    if start == end:
        raise ValueError(text)
    return Quiet(start, end)


def quiet_until(spans: Iterable[Quiet], moment: datetime) -> datetime | None:
    """When a site may be asked again, in the time of China; None where it may be asked now.

    Spans that join are one: the end of the first is no end where the second begins.

    >>> spans = parse("08:00-12:00"), parse("12:00-14:00")
    >>> quiet_until(spans, datetime(2026, 1, 1, 9, tzinfo=CHINA)).isoformat()
    '2026-01-01T14:00:00+08:00'
    """
    chosen = tuple(spans)
    until = None
    # Each span ends one later at most, unless they leave no minute of the day: checked where they are read.
    for _ in chosen:
        here = until or moment
        ends = [span.over(here) for span in chosen if span.has(here)]
        if not ends:
            break
        until = max(ends)
    return until


def is_all_day(spans: Iterable[Quiet]) -> bool:
    """Whether spans leave no minute of the day.

    >>> is_all_day([parse("08:00-20:00"), parse("20:00-08:00")]), is_all_day([parse("08:00-20:00")])
    (True, False)
    """
    chosen = tuple(spans)
    day = datetime(2026, 1, 1, tzinfo=CHINA)
    return all(any(span.has(day + timedelta(minutes=minute)) for span in chosen) for minute in range(24 * 60))
