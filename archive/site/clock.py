"""Moments of the archive, which are in UTC, as the clocks of China show them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_CHINA = timezone(timedelta(hours=8))


def in_china(moment: str) -> str:
    """A moment of the archive, ISO 8601 in UTC, as clocks in China show it.

    >>> in_china("2026-11-21T19:38:25Z")
    '2026-11-22 03:38:25'
    """
    return datetime.fromisoformat(moment).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


def china_day(moment: str) -> str:
    """The day that it is in China then.

    >>> china_day("2024-09-04T15:59:59Z"), china_day("2024-09-04T16:00:00Z")
    ('2024-09-04', '2024-09-05')
    """
    return in_china(moment)[:10]
