"""The issues of e-papers that came in whole: what is printed is not printed again, and they are never asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from archive import visits
from archive.article import iso_utc
from archive.writing import writing


def is_complete(db: Database, source: str, paper: str, day: date) -> bool:
    """Whether a source's issue of that paper and day is kept in whole."""
    query = "select 1 from issues where source = ? and paper = ? and day = ?"
    return db.execute(query, [source, paper, day.isoformat()]).fetchone() is not None


def complete(
    db: Database, source: str, paper: str, day: date, keys: Sequence[str], *, run_id: int | None, at: datetime
) -> None:
    """Note that an issue is kept in whole; `keys` are those of its articles' addresses."""
    row = {"source": source, "paper": paper, "day": day.isoformat(), "articles": len(keys)}
    with writing(db):
        db.table("issues").insert({**row, "completed_at": iso_utc(at), "run_id": run_id}, replace=True)
        visits.end(db, keys)
