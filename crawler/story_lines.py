"""What `zhaoshang story` prints: a story's copies in order of time, with what changed and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from archive.readable import Line, data, lines, numbers
from archive.sameness import shown_date
from archive.story import Copy, Story, Trace
from archive.versions import Difference

KINDS = {
    "same": "the same as", "reprint": "a reprint of", "excerpt": "an excerpt of", "script": "in the other script as",
}  # fmt: skip
"""What a copy is of the one that it is like."""

_LONGEST = 120
"""Characters that are shown of a paragraph that only one of two copies has."""


class Shown(NamedTuple):
    """A line of what is printed."""

    indent: int
    """How far it stands in."""
    line: Line
    """Its words; the sign is empty where it tells no difference, and `#` for a heading."""


def told(story: Story) -> Iterator[Shown]:
    """The lines for a story."""
    best = story.best
    yield _said(0, f"story {story.id}  {(best.row['title'] if best else None) or '(no headline)'}", "#")
    places = {copy.id: place for place, copy in enumerate(story.copies, 1)}
    sources = len({copy.row["source"] for copy in story.copies})
    yield _said(0, f"{_count(len(story.copies), 'article')} in {_count(sources, 'source')}")
    if story.first_id in places:
        first = next(copy for copy in story.copies if copy.id == story.first_id)
        yield _said(0, f"first: {places[first.id]}, {first.row['publication']}: {story.first_evidence}")
    if best and len(story.copies) > 1:
        yield _said(0, f"best: {places[best.id]}, the copy that the others are compared with")
    for trace in story.traces:
        yield _said(0, trace_told(trace))
    for copy in story.copies:
        yield from _copy(copy, story, places)


def trace_told(trace: Trace) -> str:
    """What became of a story, as one line."""
    did = {"merged": "was merged into story", "parted": "lost what is now story", "ended": "ended"}[trace.kind]
    other = f" {trace.other_id}" if trace.other_id is not None else ""
    return f"story {trace.story_id} {did}{other} on {trace.at[:10]}: {trace.evidence}"


def rows(story: Story) -> Iterator[dict[str, Any]]:
    """A copy a row, for programs."""
    for copy in story.copies:
        row = copy.row
        yield {
            "story": story.id,
            "article": copy.id,
            "url": row["url"],
            "source": row["source"],
            "publication": row["publication"],
            "title": row["title"],
            "published": row["published"],
            "precision": row["published_precision"],
            "first_fetched": row["first_fetched"],
            "best": copy.id == story.best_id,
            "first": copy.id == story.first_id,
            "first_evidence": story.first_evidence if copy.id == story.first_id else None,
            **{name: row[name] for name in ("kind", "like_id", "resemblance", "containment", "evidence")},
            **{name: row[name] for name in ("taken_from", "taken_evidence", "gone_at", "gone_evidence")},
            "versions": [
                {
                    "version": version.number,
                    "fetched_at": version.fetched_at,
                    "page": version.page_id,
                    "warc": version.place._asdict(),
                    "differences": [data(each) for each in found],
                }
                for version, found in copy.versions
            ],
            "against_best": [data(each) for each in copy.against_best],
        }


def _copy(copy: Copy, story: Story, places: dict[int, int]) -> Iterator[Shown]:
    row = copy.row
    yield _said(0, "")
    day = shown_date(row) or f"no date, read {row['first_fetched'][:10]}"
    marks = [word for word, whose in (("first", story.first_id), ("best", story.best_id)) if whose == copy.id]
    yield _said(0, "  ".join([str(places[copy.id]), day, row["publication"], *marks]), "#")
    yield _said(2, row["url"])
    if row["gone_at"]:
        yield _said(2, f"gone since {row['gone_at'][:10]}: {row['gone_evidence']}")
    if row["like_id"] in places:
        scores = f"resemblance {row['resemblance']:.2f}, containment {row['containment']:.2f}"
        yield _said(2, f"{KINDS[row['kind']]} {places[row['like_id']]}: {scores}; {row['evidence']}")
    if row["taken_evidence"]:
        whose = f"from {places[row['taken_from']]}" if row["taken_from"] in places else "elsewhere"
        yield _said(2, f"taken {whose}: {row['taken_evidence']}")
    for version, found in copy.versions:
        if found:
            yield _said(2, f"changed, read {version.fetched_at[:10]} (version {version.number})")
            yield from _differences(found, 4)
    if copy.against_best:
        yield _said(2, f"against {places[story.best_id or 0]}")
        yield from _against(copy.against_best, 4)


def _differences(found: Iterable[Difference], indent: int) -> Iterator[Shown]:
    for difference in found:
        yield _said(indent, difference.field)
        yield from (Shown(indent + 2, line) for line in lines(difference.changes))


def _against(found: Iterable[Difference], indent: int) -> Iterator[Shown]:
    """What a copy has otherwise, short: what it leaves out by number, the rest as passages."""
    for difference in found:
        if difference.field != "text":
            yield from _differences([difference], indent)
            continue
        by_kind = {
            kind: [change for change in difference.changes if change.kind == kind]
            for kind in ("changed", "removed", "added", "moved")
        }
        counts = [f"{_count(len(by_kind[kind]), 'paragraph')} {kind}" for kind in ("changed", "added") if by_kind[kind]]
        for kind, words in (("removed", "without paragraph"), ("moved", "elsewhere paragraph")):
            if by_kind[kind]:
                spans = [change.before for change in by_kind[kind]]
                plural = "s" if len(spans) > 1 else ""
                counts.append(f"{words}{plural} {numbers(spans)}")
        yield _said(indent, f"text: {', '.join(counts)}")
        shown = [change for change in difference.changes if change.kind in ("changed", "added")]
        yield from (Shown(indent + 2, _short(line)) for line in lines(shown))


def _short(line: Line) -> Line:
    if line.marked or len(line.text) <= _LONGEST:
        return line
    return line._replace(text=line.text[:_LONGEST] + "…")


def _said(indent: int, text: str, sign: str = "") -> Shown:
    return Shown(indent, Line(sign, text, ()))


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
