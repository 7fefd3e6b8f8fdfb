"""When a server that is busy wants to be asked again."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BUSY = (429, 503)
"""Too many requests; service unavailable."""


def seconds(retry_after: str, date: str, now: datetime) -> float | None:
    """How long to wait by the header Retry-After, which is a number of seconds or a date; None where it says neither.

    A date is compared with the server's own (header Date), as its clock may be wrong; with `now` where it tells none.

    >>> now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    >>> seconds("120", "", now), seconds("-1", "", now), seconds("soon", "", now), seconds("9" * 5000, "", now)
    (120.0, None, None, inf)
    >>> seconds("Sat, 21 Nov 2026 08:01:00 GMT", "", now), seconds("Fri, 20 Nov 2026 08:01:00 GMT", "", now)
    (60.0, 0.0)
    >>> seconds("Sat, 21 Nov 2026 06:01:00 GMT", "Sat, 21 Nov 2026 06:00:00 GMT", now)
    60.0
    """
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]+", text):
        # What does not fit ten digits is longer than anybody waits, and int() itself refuses thousands of them.
        return float(text) if len(text) <= 10 else math.inf
    until = _moment(text)
    return None if until is None else max(0.0, (until - (_moment(date) or now)).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
