"""The bands of all fingerprints, on disk: which texts may be copies of each other.

Keys are spread evenly, so that a new text would touch as many pages of a large table as it has bands. So new bands
gather in a small table, which moves on into the large one in the order of its keys. Nothing of this is in memory but
SQLite's cache of pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlite_utils import Database

from archive.stories.fingerprint import BANDS, Fingerprint, has_other_figures, resemblance

GATHERED = 10_000
"""Texts whose bands gather before they move on; more where the large table is large, so that each of its pages is
rewritten a limited number of times."""

COUNTED = 1000
"""After so many new texts the gathered bands are counted."""

LEAST = 4
"""Bands of 64 that have to be the same by the sketch. Copies with a fifth of their characters replaced have 16 (at
least 6 of 1,000), unrelated articles 0 or 1."""

NEARLY_ALL = 48
"""Bands of 64 below which two texts cannot be the same but for a few characters."""

MOST = 24
"""Candidates that are looked at: those first that share what few others have. A form letter has thousands of relatives
that share most bands with it; its copies share the bands of its own values."""

SKETCHED = 256
"""Of those, how many are told apart by their sketches and figures first."""

LOOKED_UP = 8192
"""Entries of the bands that are looked up at once. Where there are more, no more than `MOST` of each band are."""

_MARKS = ", ".join("?" * BANDS)
_FIND, _FIND_ONE = (
    f"select key, fingerprint from fingerprint_new_bands where key in ({marks})"  # noqa: S608
    f" union all select key, fingerprint from fingerprint_bands where key in ({marks}) limit {most}"
    for marks, most in ((_MARKS, LOOKED_UP), ("?", MOST))
)


class Candidate(NamedTuple):
    """A text that may be a copy."""

    fingerprint_id: int
    """Row in `fingerprints`."""
    story_id: int
    """Its story."""
    bands: int
    """How many of 64 are the same in both sketches."""


def enter(db: Database, fingerprint_id: int, made: Fingerprint) -> None:
    """Keep the bands of a new text. To be called inside a transaction."""
    db.conn.executemany(
        "insert into fingerprint_new_bands values (?, ?)", [(key, fingerprint_id) for key in set(made.keys)]
    )
    if made.keys and fingerprint_id % COUNTED == 0:
        _move_on(db)


def remove(db: Database, fingerprint_id: int, made: Fingerprint) -> None:
    """Forget the bands of a text. To be called inside a transaction."""
    for table in ("fingerprint_new_bands", "fingerprint_bands"):
        db.conn.executemany(
            f"delete from {table} where key = ? and fingerprint = ?",  # noqa: S608
            [(key, fingerprint_id) for key in made.keys],
        )


def candidates(db: Database, made: Fingerprint) -> list[Candidate]:
    """The texts that may be copies, the likeliest first."""
    if not made.keys:
        return []
    shared = _shared(db, made.keys)
    if not shared:
        return []
    likeliest = sorted(shared, key=lambda each: (-shared[each], each))[:SKETCHED]
    marks = ", ".join("?" * len(likeliest))
    query = f"select id, story_id, sketch, figures from fingerprints where id in ({marks})"  # noqa: S608
    found = [
        Candidate(each, story_id, bands)
        for each, story_id, sketch, figures in db.conn.execute(query, likeliest)
        if (bands := resemblance(sketch, made.sketch)) >= LEAST and not has_other_figures(made, sketch, figures)
    ]
    return sorted(found, key=lambda each: (-shared[each.fingerprint_id], each.fingerprint_id))[:MOST]


def _shared(db: Database, keys: Sequence[int]) -> dict[int, float]:
    """What texts share of these bands: each band counts the more the fewer have it."""
    rows = db.conn.execute(_FIND, [*keys, *keys]).fetchall()
    if len(rows) == LOOKED_UP:
        rows = [row for key in set(keys) for row in db.conn.execute(_FIND_ONE, [key, key])]
    times = Counter(key for key, _ in rows)
    shared: dict[int, float] = defaultdict(float)
    for key, fingerprint_id in rows:
        shared[fingerprint_id] += 1 / times[key]
    return shared


def _move_on(db: Database) -> None:
    """Move the gathered bands on where they are many: a tenth of those in the large table, at least."""
    gathered = db.conn.execute("select count(*) from fingerprint_new_bands").fetchone()[0]
    if gathered < GATHERED * BANDS:
        return
    # max(rowid) would need no scan, but the table has none; the newest fingerprint is near enough.
    texts = db.conn.execute("select max(id) from fingerprints").fetchone()[0]
    if gathered < texts * BANDS // 10:
        return
    db.conn.execute(
        "insert into fingerprint_bands select key, fingerprint from fingerprint_new_bands order by key, fingerprint"
    )
    db.conn.execute("delete from fingerprint_new_bands")


def may_be_copies(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two texts would be candidates for each other."""
    if resemblance(one.sketch, other.sketch) < LEAST or has_other_figures(one, other.sketch, other.figures):
        return False
    return not set(one.keys).isdisjoint(other.keys)
