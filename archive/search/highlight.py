"""Where the words of a query stand in a text, and a short passage that shows them."""

from __future__ import annotations

from bisect import bisect_left

from archive.search.folding import fold

Span = tuple[int, int]


def spans(text: str, needles: tuple[str, ...]) -> list[Span]:
    """Places of folded needles in a text as it was written, in order, overlaps joined.

    >>> spans("招商引資，大招商", ("招商引资", "商引", "招商"))
    [(0, 4), (6, 8)]
    """
    folded = fold(text)
    found: list[Span] = []
    for needle in needles:
        place = folded.find(needle)
        while place >= 0:
            found.append((place, place + len(needle)))
            place = folded.find(needle, place + len(needle))
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def snippet(text: str, needles: tuple[str, ...], length: int = 90) -> tuple[str, list[Span]]:
    """The passage of about `length` characters with the most hits, on one line, and the hits' places in it.

    >>> snippet("前言。" * 40 + "大力招商引资。" + "后记。" * 40, ("招商",), length=12)
    ('…前言。大力招商引资。后记…', [(6, 8)])
    """
    line = text.replace("\n", " ")
    found = spans(line, needles)
    if not found:
        return (line if len(line) <= length else line[:length] + "…"), []
    begins = [start for start, _ in found]
    # Of the passages that begin with a hit, the one with the most: where two have as many, the first.
    best = found[max(range(len(found)), key=lambda n: (bisect_left(begins, begins[n] + length) - n, -n))]
    # A third of the passage stands before the hit, less where the hit itself needs the room.
    lead = max(0, min(length // 3 + 1, (length - (best[1] - best[0])) // 2))
    start = max(0, min(best[0] - lead, len(line) - length))
    end = min(len(line), start + length)
    passage = ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
    return passage, spans(passage, needles)


def mark(text: str, found: list[Span], before: str = "【", after: str = "】") -> str:
    """The text with marks around the places.

    >>> mark("大力招商引资", [(2, 4)])
    '大力【招商】引资'
    """
    parts: list[str] = []
    place = 0
    for start, end in found:
        parts += [text[place:start], before, text[start:end], after]
        place = end
    return "".join([*parts, text[place:]])
