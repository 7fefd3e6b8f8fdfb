"""A story as it is read: its copies in order of time, what each is of the best one, and what became of each since."""

from __future__ import annotations

from collections.abc import Iterator
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


def find_story(db: Database, wanted: str) -> tuple[int, Trace | None]:
    """The story with an id, or of the article at an address in any of its forms.

    The id of a story that was merged leads to the one it is in now, with the trace that led there. Raises
    UnknownStoryError.
    """
    if not wanted.isprintable():
        # Bytes of another charset come from the command line as surrogates, which SQLite does not take.
        raise UnknownStoryError(f"no story {wanted!a}: give an id, or the address of an article")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < LONGEST_ID):
        return _story_at(db, wanted), None
    story_id, trace = int(wanted), None
    # Ids are given once and the older one stays, so this comes to an end.
    while not db.execute("select 1 from stories where id = ?", [story_id]).fetchone():
        last = next(_traces(db, "story_id = :id and kind <> 'parted' order by id desc", story_id), None)
        if last is None:
            raise UnknownStoryError(
                f"no story {wanted}: give the address of one of its articles, as `zhaoshang search` prints it"
            )
        if last.other_id is None:
            raise UnknownStoryError(f"story {last.story_id} ended on {last.at[:10]}: {last.evidence}")
        story_id, trace = last.other_id, last
    return story_id, trace


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
        tuple(_traces(db, "(story_id = :id or other_id = :id) order by id", story_id)),
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


def _traces(db: Database, condition: str, story_id: int) -> Iterator[Trace]:
    found = db.execute(
        f"select story_id, kind, other_id, at, evidence from story_changes where {condition}",  # noqa: S608
        {"id": min(story_id, 2**63 - 1)},
    )
    return (Trace(*row) for row in found)


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
