"""The divisions of China and its development zones, as `regions.csv` lists them (docs/regions.md says where from)."""

from __future__ import annotations

import csv
import zlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

TABLE = Path(__file__).with_name("regions.csv")

DISTRICT = "市辖区"


class Region(NamedTuple):
    """A division, a zone, or a former name of a division."""

    code: str
    """Six digits of GB/T 2260; of a zone its parent's and a suffix (`430300-GX`)."""
    name: str
    """Full name, simplified."""
    short: tuple[str, ...]
    """What it is called for short."""
    doubtful: tuple[str, ...]
    """Short names that are words, too (会同, 公安), and say nothing alone."""
    kind: str
    """省, 地级市, 市辖区, 县 …; 国家级高新区 and so on of a zone."""
    parent: str | None
    """Code of the division above; None of a province."""
    until: str | None
    """Month of the last table that had it, `YYYY-MM`; None of what is there today."""
    successor: str | None
    """What became of it; None also where it was divided."""
    longitude: float | None
    """Degrees east (WGS 84) of its seat; None where no free source has it."""
    latitude: float | None
    """Degrees north."""

    @property
    def is_zone(self) -> bool:
        """Whether it is a development zone or new district, no division."""
        return "-" in self.code and self.until is None


@cache
def table() -> dict[str, Region]:
    """All rows by code."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _region(row) for row in csv.DictReader(file)}


def _region(row: dict[str, str]) -> Region:
    shorts = row["short"].split()
    return Region(
        code=row["code"],
        name=row["name"],
        short=tuple(short for short in shorts if short[-1] != "?"),
        doubtful=tuple(short[:-1] for short in shorts if short[-1] == "?"),
        kind=row["kind"],
        parent=row["parent"] or None,
        until=row["until"] or None,
        successor=row["successor"] or None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
    )


def is_known(code: str) -> bool:
    """Whether a code stands for a division or zone of today.

    >>> is_known("430300"), is_known("430300-GX"), is_known("430399")
    (True, True, False)
    """
    return code in table() and table()[code].until is None


def name_of(code: str) -> str:
    """The full name, with the divisions above it before it. Raises KeyError for an unknown code.

    >>> name_of("430302"), name_of("430300-GX"), name_of("429004")
    ('湖南省湘潭市雨湖区', '湖南省湘潭市湘潭高新技术产业开发区', '湖北省仙桃市')
    """
    return "".join(table()[each].name for each in reversed(lineage(code)))


@cache
def lineage(code: str) -> tuple[str, ...]:
    """A code and those above it, nearest first. Raises KeyError for an unknown code.

    >>> lineage("430300-GX")
    ('430300-GX', '430300', '430000')
    """
    above = table()[code].parent
    return (code, *lineage(above)) if above else (code,)


def level(code: str) -> str:
    """`province`, `prefecture`, `county` or `zone`, by the code.

    >>> level("430000"), level("430300"), level("429004"), level("430300-GX")
    ('province', 'prefecture', 'county', 'zone')
    """
    if "-" in code:
        return "zone"
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def fill(db: Database) -> None:
    """Bring the table `regions` of an archive up to `regions.csv`; nothing is written where it is as it should be.

    `user_version` of the database is the checksum of the table that it has. A code that the table gave up stays, since
    articles may have it.
    """
    checksum = zlib.crc32(TABLE.read_bytes()) & 0x7FFFFFFF
    if db.execute("pragma user_version").fetchone()[0] == checksum:
        return
    db.execute("begin immediate")
    try:
        db.execute("pragma defer_foreign_keys = on")  # a successor may stand further down
        db.conn.executemany(
            "insert or replace into regions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(each.code, each.name, name_of(each.code), " ".join(each.short + each.doubtful) or None),
                    *(each.kind, each.parent, each.until, each.successor, each.longitude, each.latitude),
                )
                for each in table().values()
            ],
        )
        db.execute(f"pragma user_version = {checksum}")
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()
