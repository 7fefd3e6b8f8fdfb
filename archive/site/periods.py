"""Months and years as the archive writes them, `2024-09` and `2024`, and counts by them."""

from __future__ import annotations

from collections.abc import Mapping

MOST_MONTHS = 240
"""A chart of more months than that is drawn by years."""


def between(first: str, last: str) -> list[str]:
    """All months, or all years, from one to another.

    >>> between("2023-11", "2024-02"), between("2022", "2024"), between("2024-02", "2024-01")
    (['2023-11', '2023-12', '2024-01', '2024-02'], ['2022', '2023', '2024'], [])
    """
    if len(first) == 4:
        return [f"{year:04}" for year in range(int(first), int(last) + 1)]
    start, end = (int(each[:4]) * 12 + int(each[5:]) - 1 for each in (first, last))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]


def before(month: str) -> str:
    """The month before.

    >>> before("2024-01"), before("2024-12")
    ('2023-12', '2024-11')
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year:04}-{number - 1:02}" if number > 1 else f"{year - 1:04}-12"


def spread(counts: Mapping[str, int], *, by: str | None = None) -> dict[str, int]:
    """Counts by month made complete: every month from the first to the last, nought where there is none.

    By year where the months are too many, or `by` is `year`. What is dated only by its year has no month.

    >>> spread({"": 3, "2023": 1, "2023-11": 2, "2024-01": 5})
    {'2023-11': 2, '2023-12': 0, '2024-01': 5}
    >>> spread({"": 3, "2022": 1, "2023-11": 2, "2024-01": 5}, by="year")
    {'2022': 1, '2023': 2, '2024': 5}
    """
    dated = sorted(month for month in counts if len(month) == 7)
    if by != "year" and dated:
        whole = between(dated[0], dated[-1])
        if len(whole) <= MOST_MONTHS or by == "month":
            return {month: counts.get(month, 0) for month in whole}
    yearly = years(counts)
    return {year: yearly.get(year, 0) for year in between(min(yearly), max(yearly))} if yearly else {}


def up_to(counts: Mapping[str, int], last: str | None) -> dict[str, int]:
    """Counts by month without those after the last one, where one is given.

    >>> up_to({"": 3, "2024": 1, "2024-09": 2, "2024-10": 5, "2031": 1}, "2024-09")
    {'': 3, '2024': 1, '2024-09': 2}
    """
    return {period: count for period, count in counts.items() if last is None or period <= last[: len(period)]}


def years(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by month, summed up by year; the undated left out.

    >>> years({"": 3, "2023": 1, "2023-11": 2, "2024-01": 5})
    {'2023': 3, '2024': 5}
    """
    found: dict[str, int] = {}
    for period in sorted(filter(None, counts)):
        found[period[:4]] = found.get(period[:4], 0) + counts[period]
    return found
