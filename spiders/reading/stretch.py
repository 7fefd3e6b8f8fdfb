"""The stretch of a page's lines that is its article, or the first of a series of posts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.text.bylines import is_byline
from pipelines.text.dates import find_date
from spiders.reading.lines import BREAK, Line, is_info

_CLOCK = re.compile(r"\d:\d\d")

ENOUGH = 200
"""What a body scores at least before a heading ends it."""

SERIES = 3
"""So many lines with day and time in one stretch make it a series of posts."""

BESIDE_STAMP = 32
"""So many characters may stand beside day and time: `由海燕张贴 @ … (370) 共 11 篇评论`."""

ABOVE = 3
"""So many lines may stand between a line with day and time and the first sentence below it."""

POST = 80
"""What a post scores at least."""


def best_stretch(lines: Sequence[Line]) -> tuple[int, int]:
    """The stretch of lines with the highest sum of scores, as a half-open range; empty where no line speaks for a body.

    >>> lines = [Line("首页"), Line("今年以来，全市签约项目28个。"), Line("相关新闻"), Line("更多")]
    >>> best_stretch(lines)
    (1, 2)
    """
    best, best_range, running, start = 0.0, (0, 0), 0.0, 0
    for place, line in enumerate(lines):
        if running <= 0:
            running, start = 0.0, place
        running += line.score
        if running > best:
            best, best_range = running, (start, place + 1)
    return _first_post(lines, _cut_at_break(lines, best_range))


def _cut_at_break(lines: Sequence[Line], stretch: tuple[int, int]) -> tuple[int, int]:
    """End a stretch at a heading such as 网友评论 where a body of its own stands before it."""
    start, end = stretch
    gathered = 0.0
    for place in range(start, end):
        score = lines[place].score
        if score == BREAK and gathered >= ENOUGH:
            return start, place
        gathered += max(score, 0.0)
    return stretch


def _first_post(lines: Sequence[Line], stretch: tuple[int, int]) -> tuple[int, int]:
    """The first of a series of posts, each under or over a line of its own with day and time: blogs, threads, comments.

    What stands before the first such line may be a standfirst: the first post is one that others do not dwarf.
    """
    start, end = stretch
    # The first one may stand right above the stretch.
    stamps = [place for place in range(max(start - ABOVE, 0), end) if is_stamp(lines[place])]
    if len(stamps) < SERIES:
        return stretch
    edges = [start, *(place for place in stamps if place > start), end]
    weights = [sum(max(line.score, 0) for line in lines[here:there]) for here, there in pairwise(edges)]
    for (here, there), weight in zip(pairwise(edges), weights, strict=True):
        if weight >= max(POST, max(weights) * 0.15):
            # Who wrote the next one stands above its line.
            last = max(place for place in range(here, there) if lines[place].score > 0)
            return here + (here in stamps), last + 1
    return stretch


def without_repeated_standfirst(lines: list[Line]) -> list[Line]:
    """The first paragraph goes where a later one repeats it to the letter: it is the page's standfirst."""
    repeated = lines and lines[0].prose and any(line.text == lines[0].text for line in lines[1:])
    return lines[1:] if repeated else lines


def is_stamp(line: Line) -> bool:
    """Whether a line says hardly more than day and time, and perhaps who wrote then.

    >>> is_stamp(Line("由海燕张贴 @ 2005-06-14 03:25:55")), is_stamp(Line("2005-06-14 来源：红岸网"))
    (True, False)
    """
    text = line.bare
    if len(text) > 60 or ":" not in text or not _CLOCK.search(text):
        return False
    found = find_date(text)
    return found is not None and found.value is not None and len(text) - len(found.raw) <= BESIDE_STAMP


def end_of_head(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the body really begins in a stretch that takes in headline, captions, byline or info line before it.

    The last byline or info line among the first lines ends the head, if next to nothing of the body stands before it.
    """
    whole = sum(max(line.score, 0) for line in lines[start:end])
    for place in range(min(end, start + 8) - 1, start - 1, -1):
        if is_info(lines[place]) or is_byline(lines[place].bare):
            before = sum(max(line.score, 0) for line in lines[start:place])
            return place + 1 if before <= whole * 0.15 else start
    return start
