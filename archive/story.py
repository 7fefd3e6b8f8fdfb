"""A story as it is read: its copies in order of time, what each is of the best one, and what became of each since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from sqlite_utils import Database

from archive import canonical
from archive.search.folding import fold
from archive.versions import Difference, Version, differences, history, steps

_CHINA = timezone(timedelta(hours=8))
_QUOTES = dict(zip(map(ord, "「」『』“”‘’"), "\"\"''\"\"''", strict=True))

LONGEST_ID = 19
"""Digits that are no id any more: SQLite's integers end there."""


class UnknownStoryError(Exception):
    """No story has that id, and no article that address; the message says so."""


class Trace(NamedTuple):
    """What became of a story's id."""

    story_id: int
    """The story that it became of."""
    kind: str
    """`merged` into the other, the other `parted` from it, or `ended` with its last article."""
    other_id: int | None
    """The other story."""
    at: str
    """When the page came in that brought it about, ISO 8601, UTC."""
    evidence: str | None
    """Which article it was."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One article of a story."""

    row: dict[str, Any]
    """Its columns of `articles` and `copies`, and `publication`, the name of its source."""
    versions: tuple[tuple[Version, tuple[Difference, ...]], ...]
    """Its readings, oldest first, each with what it has otherwise than the one before."""
    against_best: tuple[Difference, ...]
    """What its headline and text have otherwise than those of the best copy, compared in one script."""

    @property
    def id(self) -> int:
        """Row in `articles`."""
        return int(self.row["id"])


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its copies."""

    id: int
    """Row in `stories`."""
    best_id: int | None
    """The article that represents it."""
    first_id: int | None
    """The article that was published first, where that can be told."""
    first_evidence: str | None
    """What that goes by."""
    copies: tuple[Copy, ...]
    """In order of time: of publication, or of the first visit where no date is known."""
    traces: tuple[Trace, ...]
    """The stories that were merged into it or parted from it."""

    @property
    def best(self) -> Copy | None:
        """The copy that represents it."""
        return next((copy for copy in self.copies if copy.id == self.best_id), None)


def find_story(db: Database, wanted: str) -> tuple[int, tuple[Trace, ...]]:
    """The story with an id, or of the article at an address in any of its forms.

    An id that is no more leads to the oldest story that it became a part of, with all that became of it, in order of
    time: where that parted again, what was cited may be in the other part. Raises UnknownStoryError.
    """
    if not wanted.isprintable():
        # Bytes of another charset come from the command line as surrogates, which SQLite does not take.
        raise UnknownStoryError(f"no story {wanted!a}: give an id, or the address of an article")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < LONGEST_ID):
        return _story_at(db, wanted), ()
    story_id = int(wanted)
    if _is_there(db, story_id):
        return story_id, ()
    traces = tuple(Trace(*row) for row in db.execute(_BECAME, [story_id]))
    if not traces:
        raise UnknownStoryError(
            f"no story {wanted}: give the address of one of its articles, as `zhaoshang search` prints it"
        )
    left = [trace.other_id for trace in traces if trace.other_id is not None and _is_there(db, trace.other_id)]
    if not left:
        last = traces[-1]
        raise UnknownStoryError(f"story {last.story_id} ended on {last.at[:10]}: {last.evidence}")
    return min(left), traces


_BECAME = """
with recursive became(id, story_id, kind, other_id, at, evidence) as (
    select id, story_id, kind, other_id, at, evidence from story_changes where story_id = ?
    union
    select later.id, later.story_id, later.kind, later.other_id, later.at, later.evidence
    from story_changes later join became on later.story_id = became.other_id and later.id > became.id
)
select story_id, kind, other_id, at, evidence from became order by id
"""
"""What became of a story, and since then of those that it was merged into or that parted from it."""

_TOUCHED = """
select story_id, kind, other_id, at, evidence from story_changes where story_id = :id or other_id = :id order by id
"""


def _is_there(db: Database, story_id: int) -> bool:
    return db.execute("select 1 from stories where id = ?", [story_id]).fetchone() is not None


def load_story(db: Database, story_id: int) -> Story:
    """A story with all its copies, their versions and their differences."""
    row = db.table("stories").get(story_id)
    rows = list(
        db.query(
            "select articles.*, copies.kind, like_id, resemblance, containment, evidence, taken_from, taken_evidence,"
            " coalesce(sources.name, articles.source) as publication from articles"
            " left join copies on copies.article_id = articles.id left join sources on sources.id = articles.source"
            " where articles.story_id = ?",
            [story_id],
        )
    )
    best = next((each for each in rows if each["id"] == row["best_id"]), None)
    return Story(
        story_id,
        row["best_id"],
        row["first_id"],
        row["first_evidence"],
        tuple(_copy(db, each, best) for each in sorted(rows, key=_when)),
        tuple(Trace(*row) for row in db.execute(_TOUCHED, {"id": story_id})),
    )


def alike(text: str) -> str:
    """What copies are compared by, one character for one: scripts agree, with their quotes, and widths and capitals.

    >>> alike("園區的「賬本」") == alike("园区的“账本”")
    True
    """
    return fold(text).translate(_QUOTES)


def _copy(db: Database, row: dict[str, Any], best: dict[str, Any] | None) -> Copy:
    against = differences(_words(best), _words(row), alike) if best and best["id"] != row["id"] else ()
    return Copy(row, tuple(steps(history(db, row["id"]))), against)


def _words(row: dict[str, Any]) -> dict[str, Any]:
    return {"title": row["title"], "text": row["text"]}


def _when(row: dict[str, Any]) -> tuple[str, str, int]:
    fetched = datetime.fromisoformat(row["first_fetched"]).astimezone(_CHINA).isoformat()
    return row["published"] or fetched, fetched, row["id"]


def _story_at(db: Database, url: str) -> int:
    """The story of the article that an address leads to: cited, further, or one that a crawl asked for."""
    whole = url if url.startswith(("http:", "https:", "file:")) else f"http://{url}"
    cited = canonical.cited(whole)
    bare = cited.partition("://")[2]
    row = db.execute(
        "select story_id from articles where story_id is not null and id in ("
        " select id from articles where url in (:url, :cited, :http, :https)"
        " union select article_id from addresses where url in (:url, :cited, :http, :https)"
        " union select article_id from visits where key = :key) order by id",
        {
            "url": whole,
            "cited": cited,
            "http": f"http://{bare}",
            "https": f"https://{bare}",
            "key": canonical.key(whole),
        },
    ).fetchone()
    if row is None:
        raise UnknownStoryError(f"no article at {url}: give the id of a story, or the address of an article")
    return int(row[0])
