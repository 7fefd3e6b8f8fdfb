"""Read a whole page again that was decoded with a wrong charset before it was served.

The page is put right before it is read: of a page in mojibake no date, no byline and no frame would be known. What was
done to the page is told again of each field that the words come to stand in, as far as the page holds them so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.article import Repair
from pipelines.text.edits import apply
from pipelines.text.mojibake import LAYERS, decode_again
from pipelines.text.signs import Signs

KIND = "mojibake"

SHORTEST = 2
"""A single character of a stretch may stand in a field by chance."""


def reread(text: str) -> tuple[str, tuple[Repair, ...]]:
    """The text of a page as it was before it was misread, and what was changed.

    >>> text, repairs = reread("<title>鎷涘晢寮曡祫</title>")
    >>> text, repairs[0].before
    ('<title>招商引资</title>', '鎷涘晢寮曡祫')
    """
    restored = apply(KIND, text, decode_again(text, Signs()))
    return restored.text, tuple(
        Repair(each.kind, "page", each.start, each.before, each.after, each.confidence, each.evidence)
        for each in restored.changes
    )


def ways(repairs: Iterable[Repair]) -> str:
    """How a page was misread, in words; empty where it was not.

    >>> ways(reread("<title>鎷涘晢寮曡祫</title>")[1])
    'utf-8 read as gb18030'
    """
    return ", ".join(dict.fromkeys(repair.evidence.partition(";")[0] for repair in repairs))


def in_field(value: str, field: str, page: str, repairs: Iterable[Repair]) -> list[Repair]:
    """What was done to a page, told of one field that was read out of it.

    A stretch is told of only where it stands in the field between the same characters as on the page.

    >>> page, repairs = reread("<p>市鎷涘晢寮曡祫局</p>")
    >>> [(each.start, each.before, each.after) for each in in_field("市招商引资局", "title", page, repairs)]
    [(1, '鎷涘晢寮曡祫', '招商引资')]
    >>> in_field("全市招商引资大会", "title", page, repairs)
    []
    """
    found: list[Repair] = []
    taken = bytearray(len(value))
    looked: dict[str, int] = {}
    # The longest first: a word of the page's frame may stand inside a paragraph, too.
    for repair in sorted(repairs, key=lambda each: -len(each.after)):
        for before, after in _parts(repair, value):
            around = _around(page, repair, after)
            start = value.find(after, looked.get(after, 0))
            while start >= 0 and (any(taken[start : start + len(after)]) or not _fits(value, start, after, around)):
                start = value.find(after, start + 1)
            looked[after] = start + 1 if start >= 0 else len(value)
            if start >= 0:
                taken[start : start + len(after)] = b"\1" * len(after)
                found.append(Repair(KIND, field, start, before, after, repair.confidence, repair.evidence))
    return sorted(found, key=lambda each: each.start)


def _around(page: str, repair: Repair, part: str) -> tuple[str, str]:
    """The characters before and behind a part of a stretch, as the page has them now."""
    start = repair.start + repair.after.find(part)
    return page[max(start - 1, 0) : start], page[start + len(part) : start + len(part) + 1]


def _fits(value: str, start: int, part: str, around: tuple[str, str]) -> bool:
    """Whether a part stands in a field as it does on the page: at an edge or a blank, or beside the same characters."""
    end = start + len(part)
    before, behind = value[max(start - 1, 0) : start], value[end : end + 1]
    return (not before.strip() or before == around[0]) and (not behind.strip() or behind == around[1])


def _parts(repair: Repair, value: str) -> Iterator[tuple[str, str]]:
    """The stretch as it may stand in a field: whole, without its indent, or as far as the field reaches."""
    if len(repair.after.strip()) < SHORTEST:
        return
    if repair.after in value:
        yield repair.before, repair.after
        return
    for part in (repair.after.strip(), value.strip()):
        if part and part in repair.after and part in value:
            before = part
            for _ in range(LAYERS):
                before = _misread(before, repair.evidence)
                # The first and the last byte may have been read together with others.
                if before and before[1:-1] in repair.before:
                    yield before, part
                    return


def _misread(text: str, evidence: str) -> str:
    """A text as the misreading shows it; empty where it cannot be shown so."""
    was, _, via = evidence.partition(";")[0].partition(" read as ")
    try:
        data = text.encode("big5hkscs" if was == "big5" else was)
    except (LookupError, UnicodeEncodeError):
        return ""
    if via == "windows-1252":
        return "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in data)
    return data.decode({"big5": "big5hkscs"}.get(via, via), "ignore")
