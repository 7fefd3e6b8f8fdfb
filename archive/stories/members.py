"""What the archive says of a story and of each of its copies, brought up to date when one comes or goes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from archive.stories.comparing import EXCERPT, compare
from archive.stories.likeness import SAME, Likeness
from archive.stories.telling import Member, best, first, taken_from
from archive.stories.words import wording

_MEMBERS = """
select articles.id, fingerprint_id, length, damage,
    (select count(*) from repairs where article_id = articles.id and confidence < 0.8),
    published, published_precision, first_fetched, articles.url, source, coalesce(sources.name, source),
    origin, origin_via, script
from articles join fingerprints on fingerprints.id = fingerprint_id left join sources on sources.id = source
where articles.story_id = ?
"""

NEAREST = 50
"""Copies among which the nearest is looked for where an article is not like the best one."""

Row = tuple[str, int | None, float, float, str]
"""Of a copy: kind (same, reprint, excerpt, script), the article it is like, resemblance, containment, evidence."""


def tell(db: Database, story_id: int) -> None:
    """Say which copy of a story is best, who was first, and what each copy is. To be called inside a transaction.

    An article that is alone in its story has no row in `copies`.
    """
    members = [Member(*row) for row in db.conn.execute(_MEMBERS, [story_id])]
    chosen, taken = best(members), taken_from(members)
    earliest, evidence = first(members, taken)
    former = db.conn.execute("select best_id, copies from stories where id = ?", [story_id]).fetchone()
    db.conn.execute(
        "update stories set best_id = ?, first_id = ?, first_published = ?, first_evidence = ?, copies = ?, sources = ?"
        " where id = ?",
        [
            chosen.id,
            earliest and earliest.id,
            earliest and earliest.published,
            evidence,
            len(members),
            len({each.source for each in members}),
            story_id,
        ],
    )
    if len(members) == 1:
        if former[1]:
            db.conn.execute("delete from copies where story_id = ?", [story_id])
        return
    told = _told(db, story_id) if former[0] == chosen.id else {}
    for each in members:
        whose = taken.get(each.id, (None, None))
        if told.get(each.id) != whose:
            db.conn.execute(
                "insert or replace into copies values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [each.id, story_id, *_copy(db, each, chosen, members), *whose],
            )


def _told(db: Database, story_id: int) -> dict[int, tuple[int | None, str | None]]:
    """By article, whom it is said to be taken from, as far as the story's copies have been told."""
    rows = db.conn.execute("select article_id, taken_from, taken_evidence from copies where story_id = ?", [story_id])
    return {article_id: (taken, evidence) for article_id, taken, evidence in rows}


def _copy(db: Database, each: Member, chosen: Member, members: Sequence[Member]) -> Row:
    """What an article is of the best copy; of the nearest other one where it is like that one only."""
    if each.id == chosen.id:
        return "same", None, 1.0, 1.0, "the best copy"
    like, nearest = _nearest(db, each, chosen, members)
    other_script = bool(each.script and nearest.script and each.script != nearest.script)
    kind = _kind(each, nearest, like, other_script=other_script)
    said = ", ".join(filter(None, (_shares(each, nearest, like), "in the other script" if other_script else "")))
    if nearest.id != chosen.id:
        said += f"; by way of article {nearest.id}"
    return kind, nearest.id, round(like.resemblance, 4), round(like.containment, 4), said


def _nearest(db: Database, each: Member, chosen: Member, members: Sequence[Member]) -> tuple[Likeness, Member]:
    """The best copy, or else the one that an article is most alike, and how."""
    like = _like(db, each, chosen)
    if like.against is None:
        return like, chosen
    others = [other for other in members if other.fingerprint_id != each.fingerprint_id][:NEAREST]
    likes = [(_like(db, each, other), other) for other in others]
    found = [row for row in likes if row[0].against is None]
    # What an article was joined by may have been removed in the meantime.
    return max(found, key=lambda row: (row[0].resemblance, row[1].url), default=(like, chosen))


def _kind(each: Member, nearest: Member, like: Likeness, *, other_script: bool) -> str:
    if like.whole < EXCERPT and each.length < nearest.length:
        return "excerpt"
    if other_script:
        return "script"
    return "same" if each.fingerprint_id == nearest.fingerprint_id else "reprint"


def _shares(each: Member, nearest: Member, like: Likeness) -> str:
    """How much two copies have in common, in words."""
    if each.fingerprint_id == nearest.fingerprint_id:
        return "the same headline and text"
    if like.resemblance == 1:
        return "the same text under another headline"
    inside, covered = _percent(like.containment), _percent(like.whole)
    if each.length <= nearest.length:
        return f"{inside} of its characters stand in the other, of which it covers {covered}"
    return f"{inside} of the other's characters stand in it, which covers {covered} of it"


def _percent(share: float) -> str:
    """A share, not rounded up: 99.96 % are not all.

    >>> _percent(0.9996), _percent(1.0), _percent(0.5)
    ('99.9%', '100%', '50%')
    """
    return f"{int(share * 1000) / 10:g}%"


def _like(db: Database, one: Member, other: Member) -> Likeness:
    if one.fingerprint_id == other.fingerprint_id:
        return SAME
    query = "select title, text from articles where id = ?"
    return compare(*(wording(*db.conn.execute(query, [each.id]).fetchone()) for each in (one, other)))
