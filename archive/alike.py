"""Whether two archives hold the same: table by table, row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

TABLES = (
    "sources", "runs", "imports", "pages", "articles", "revisions", "repairs", "images", "attachments",
    "article_regions", "addresses", "visits", "issues", "stories", "copies", "story_changes", "forgotten",
)  # fmt: skip
"""What an archive holds. Indexes, counts and fingerprints are made of it."""

_ASIDE = {"fingerprint_id"}
"""Columns that say nothing but in which order something was done."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one archive has otherwise than another one, in one table."""

    table: str
    missing: int
    """Rows that only the first one has, or has otherwise."""
    extra: int
    """Rows that only the second one has, or has otherwise."""
    example: str
    """One of them."""


def differences(one: Path, other: Path) -> Iterator[Difference]:
    """What two archives, given by their files, have otherwise; nothing where they are the same."""
    with closing(sqlite3.connect(f"{one.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("attach ? as other", [f"{other.absolute().as_uri()}?mode=ro"])
        for table in TABLES:
            names = [row[1] for row in connection.execute(f"pragma table_info({table})") if row[1] not in _ASIDE]
            columns = ", ".join(names)
            mine, theirs = (f"select {columns} from {schema}.{table}" for schema in ("main", "other"))  # noqa: S608
            missing = connection.execute(f"{mine} except {theirs}").fetchall()
            extra = connection.execute(f"{theirs} except {mine}").fetchall()
            if missing or extra:
                yield Difference(table, len(missing), len(extra), _told(names, (missing or extra)[0]))


def _told(names: list[str], row: tuple[object, ...]) -> str:
    return ", ".join(f"{name} {str(value)[:60]!r}" for name, value in zip(names, row, strict=True) if value is not None)
