"""Addresses that differ in a number only: the pages of one list, the parts of one article.

A series is written as an address with `{}` where the number stands, without the ending of the file name.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

_NUMBERED = re.compile(r"^(.*\D)(\d{1,3})$")
_ENDING = re.compile(r"\.\w{1,8}$")
_PAGE_KEYS = frozenset("page p pg pn pageno pagenum pageindex page_no currentpage curpage".split())
_MARKS = ("_", "-", "_p", "-p", "p", "/", "")


def numbered(url: str) -> dict[str, int]:
    """The series that an address stands in, with its number there.

    >>> numbered("http://a.example/c/content_91234_2.htm"), numbered("http://a.example/show?id=7&page=3")
    ({'http://a.example/c/content_91234_{}': 2}, {'http://a.example/show?id=7&page={}': 3})
    """
    place, others, numbers = _parted(url)
    if len(numbers) == 1:
        return {f"{place.rstrip('/')}?{others}&page={{}}": numbers[0]}
    match = _NUMBERED.match(_ENDING.sub("", place))
    return {f"{match[1]}{{}}{'?' * bool(others)}{others}": int(match[2])} if match else {}


def beginnings(url: str) -> set[str]:
    """The series that an address without a number may begin.

    >>> begun = beginnings("http://a.example/news/")
    >>> "http://a.example/news/index_{}" in begun, "http://a.example/news?&page={}" in begun
    (True, True)
    """
    place, others, numbers = _parted(url)
    if numbers:
        return set()
    stem = _ENDING.sub("", place)
    stems = [stem]
    if stem.endswith(("/", "/index", "/list")):
        folder = stem.rpartition("/")[0]
        stems = [folder, f"{folder}/index", f"{folder}/list"]
    query = f"?{others}" if others else ""
    found = {f"{each}{mark}{{}}{query}" for each in stems for mark in _MARKS if mark or not each[-1:].isdigit()}
    return found | {f"{place.rstrip('/')}?{others}&page={{}}"}


def steps(own: str, other: str, place: int) -> int | None:
    """How many pages behind number `place` of a series, which stands at `own`, another address stands in it.

    >>> steps("http://a.example/91234.htm", "http://a.example/91234_2.htm", 1)
    1
    >>> steps("http://a.example/91234_2.htm", "http://a.example/91234_4.htm", 2)
    2

    Series are numbered from 0 or from 1, and None is not of the series:

    >>> steps("http://a.example/91234_1.htm", "http://a.example/91234_2.htm", 2)
    1
    >>> steps("http://a.example/91234.htm", "http://a.example/91235.htm", 1)
    """
    mine, begun = numbered(own), beginnings(own)
    for series, number in numbered(other).items():
        if series in mine:
            return number - mine[series] if mine[series] in (place, place - 1) else None
        if series in begun and number:
            return max(number - place, 1)
    return None


def is_before(own: str, other: str) -> bool:
    """Whether another address stands earlier in a series of `own`.

    >>> is_before("http://a.example/91234_2.htm", "http://a.example/91234.htm")
    True
    >>> is_before("http://a.example/91234_2.htm", "http://a.example/91234_3.htm")
    False
    """
    theirs, begun = numbered(other), beginnings(other)
    return any(
        theirs[series] < number if series in theirs else series in begun for series, number in numbered(own).items()
    )


def _parted(url: str) -> tuple[str, str, list[int]]:
    """An address in its place, the rest of its query, and the page numbers there."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    numbers = [int(value) for key, value in pairs if key.lower() in _PAGE_KEYS and re.fullmatch(r"\d{1,3}", value)]
    others = "&".join(f"{key}={value}" for key, value in pairs if key.lower() not in _PAGE_KEYS)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", others, numbers
