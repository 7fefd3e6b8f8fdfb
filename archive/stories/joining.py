"""Articles that are copies of each other joined to stories, in `archive.db`, whatever order they come in.

A story holds all articles that are connected by copies. Its id is that of the first article's story; when a copy links
two, the older id stays, and a trace of the other leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlite_utils import Database

from archive.stories import bands
from archive.stories.comparing import compare, of_one_form
from archive.stories.fingerprint import NONE, Fingerprint, fingerprint
from archive.stories.members import tell
from archive.stories.words import Wording, headline, wording
from archive.writing import writing

AT_ONCE = 500
"""Articles that `catch_up` joins in one transaction."""


def join(db: Database, article_id: int, *, formerly: int | None = None) -> int:
    """Enter a stored article into its story, or into one of its own; the story's id. To be called inside a transaction.

    `formerly` is a story that the article has left empty: it stays the article's.
    """
    title, text, moment = db.conn.execute(
        "select title, text, last_fetched from articles where id = ?", [article_id]
    ).fetchone()
    mine = wording(title, text)
    digest = mine.digest
    known = db.conn.execute("select id, story_id from fingerprints where digest = ?", [digest]).fetchone()
    made = fingerprint(mine.text) if known is None else NONE
    found = {int(known[1])} if known else set(_stories_alike(db, mine, made))
    if formerly is not None:
        found.add(formerly)
    story_id, *others = sorted(found) or [_new(db)]
    for other in others:
        _merge(db, other, story_id, article_id, moment)
    fingerprint_id = int(known[0]) if known else _enter(db, digest, len(mine.text), made, story_id)
    db.conn.execute(
        "update articles set fingerprint_id = ?, story_id = ? where id = ?", [fingerprint_id, story_id, article_id]
    )
    tell(db, story_id)
    return story_id


def leave(db: Database, article_id: int) -> int | None:
    """Take an article out of its story, which stays right without it. To be called inside a transaction.

    Where it was the story's last one the story stays, empty, and its id comes back: `join` or `end` it.
    """
    fingerprint_id, story_id, moment = db.conn.execute(
        "select fingerprint_id, story_id, last_fetched from articles where id = ?", [article_id]
    ).fetchone()
    if fingerprint_id is None:
        return None
    text = _text_of(db, fingerprint_id)
    db.conn.execute("update articles set fingerprint_id = null, story_id = null where id = ?", [article_id])
    db.conn.execute("delete from copies where article_id = :id or like_id = :id", {"id": article_id})
    db.conn.execute("update copies set taken_from = null where taken_from = ?", [article_id])
    for column in ("best_id", "first_id"):
        db.conn.execute(f"update stories set {column} = null where {column} = ?", [article_id])  # noqa: S608
    if db.conn.execute("select 1 from articles where fingerprint_id = ?", [fingerprint_id]).fetchone():
        tell(db, story_id)
        return None
    bands.remove(db, fingerprint_id, fingerprint(text.text))
    db.conn.execute("delete from fingerprints where id = ?", [fingerprint_id])
    return None if _regroup(db, story_id, article_id, moment) else int(story_id)


def end(db: Database, story_id: int, article_id: int, moment: str) -> None:
    """Take an empty story away; its trace stays. To be called inside a transaction."""
    db.conn.execute("delete from stories where id = ?", [story_id])
    _trace(db, story_id, "ended", None, article_id, moment)


def catch_up(db: Database) -> None:
    """Join the articles that no story has yet: those of an archive from before there were stories."""
    _fingerprint_anew(db)
    waiting = "select id from articles where fingerprint_id is null order by id limit ?"
    while db.conn.execute(waiting, [1]).fetchone():
        # Another command may be at the same: whoever comes second finds less to do.
        with writing(db):
            for (article_id,) in db.conn.execute(waiting, [AT_ONCE]).fetchall():
                join(db, article_id)


def _fingerprint_anew(db: Database) -> None:
    """Make the fingerprints that a migration took away; what is in a story stays there."""
    waiting = "select id from fingerprints where sketch is null limit ?"
    while db.conn.execute(waiting, [1]).fetchone():
        with writing(db):
            for (fingerprint_id,) in db.conn.execute(waiting, [AT_ONCE]).fetchall():
                made = fingerprint(_text_of(db, fingerprint_id).text)
                db.conn.execute(
                    "update fingerprints set sketch = ?, figures = ? where id = ?",
                    [made.sketch, made.figures, fingerprint_id],
                )
                bands.enter(db, fingerprint_id, made)


def _stories_alike(db: Database, mine: Wording, made: Fingerprint) -> Iterator[int]:
    """The stories that hold a copy of a text."""
    found: set[int] = set()
    others = bands.candidates(db, made)
    titles = _titles_of(db, [other.fingerprint_id for other in others])
    for other in others:
        if other.story_id in found:
            continue
        # Notices of one form are told by their headlines, without their texts.
        if other.bands < bands.NEARLY_ALL and of_one_form(mine, headline(titles[other.fingerprint_id])):
            continue
        if compare(mine, _text_of(db, other.fingerprint_id)).against is None:
            found.add(other.story_id)
            yield other.story_id


def _titles_of(db: Database, fingerprints: Sequence[int]) -> dict[int, str | None]:
    """The headline that a fingerprint stands for: that of any of its articles."""
    if not fingerprints:
        return {}
    marks = ", ".join("?" * len(fingerprints))
    query = f"select fingerprint_id, title from articles where fingerprint_id in ({marks})"  # noqa: S608
    return dict(db.conn.execute(query, fingerprints).fetchall())


def _text_of(db: Database, fingerprint_id: int) -> Wording:
    """The words that a fingerprint stands for: those of any of its articles."""
    row = db.conn.execute("select title, text from articles where fingerprint_id = ? limit 1", [fingerprint_id])
    return wording(*row.fetchone())


def _enter(db: Database, digest: str, length: int, made: Fingerprint, story_id: int) -> int:
    row = db.conn.execute(
        "insert into fingerprints(digest, length, sketch, figures, story_id) values (?, ?, ?, ?, ?) returning id",
        [digest, length, made.sketch, made.figures, story_id],
    )
    fingerprint_id = int(row.fetchone()[0])
    bands.enter(db, fingerprint_id, made)
    return fingerprint_id


def _new(db: Database) -> int:
    """A new story. Ids are given once: whoever cites a story that is no more finds its trace, and no other story."""
    row = db.conn.execute(
        "insert into stories(id) select 1 + max(coalesce((select max(id) from stories), 0),"
        " coalesce((select max(story_id) from story_changes), 0)) returning id"
    )
    return int(row.fetchone()[0])


def _merge(db: Database, story_id: int, into: int, article_id: int, moment: str) -> None:
    for table in ("fingerprints", "articles", "copies"):
        db.conn.execute(f"update {table} set story_id = ? where story_id = ?", [into, story_id])  # noqa: S608
    db.conn.execute("delete from stories where id = ?", [story_id])
    _trace(db, story_id, "merged", into, article_id, moment)


def _trace(db: Database, story_id: int, kind: str, other: int | None, article_id: int, moment: str) -> None:
    evidence = {
        "merged": f"article {article_id} is a copy in both",
        "parted": f"article {article_id}, which linked the two, has changed or been removed",
        "ended": f"article {article_id} was its last one",
    }[kind]
    db.conn.execute(
        "insert into story_changes(story_id, kind, other_id, article_id, at, evidence) values (?, ?, ?, ?, ?, ?)",
        [story_id, kind, other, article_id, moment, evidence],
    )


def _regroup(db: Database, story_id: int, article_id: int, moment: str) -> bool:
    """Part a story whose texts are not connected any more; whether any are left."""
    ids = [row[0] for row in db.conn.execute("select id from fingerprints where story_id = ? order by id", [story_id])]
    groups = list(_connected({each: _text_of(db, each) for each in ids}))
    if len(groups) > 1:
        # Some of them were copies of one that is in another story now.
        db.conn.execute("delete from copies where story_id = ?", [story_id])
    for group in groups[1:]:
        other = _new(db)
        for each in group:
            for table, column in (("fingerprints", "id"), ("articles", "fingerprint_id")):
                db.conn.execute(f"update {table} set story_id = ? where {column} = ?", [other, each])  # noqa: S608
        _trace(db, story_id, "parted", other, article_id, moment)
        tell(db, other)
    if groups:
        tell(db, story_id)
    return bool(groups)


def _connected(texts: dict[int, Wording]) -> Iterable[list[int]]:
    """The texts in groups that are connected by copies, each group and all of them in the order in which they came."""
    made = {each: fingerprint(text.text) for each, text in texts.items()}
    waiting = list(texts)
    while waiting:
        group, border = [waiting[0]], [waiting.pop(0)]
        while border:
            each = border.pop()
            near = [
                other
                for other in waiting
                if bands.may_be_copies(made[each], made[other]) and compare(texts[each], texts[other]).against is None
            ]
            waiting = [other for other in waiting if other not in near]
            group += near
            border += near
        yield sorted(group)
