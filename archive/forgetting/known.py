"""What was forgotten: of it the address alone is known, when it was and why."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from archive.canonical import key


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An address that was forgotten."""

    url: str
    reason: str
    forgotten_at: str
    """ISO 8601, UTC."""


def forgotten(db: Database, url: str) -> Forgotten | None:
    """What is known of an address, or of another one of the same page, that was forgotten."""
    row = db.execute("select url, reason, forgotten_at from forgotten where address_key = ?", [key(url)]).fetchone()
    return Forgotten(*row) if row else None


def is_barred(db: Database, url: str) -> bool:
    """Whether what is at an address may not come in again."""
    query = "select 1 from forgotten where address_key = ? and barred"
    return db.execute(query, [key(url)]).fetchone() is not None
