"""The records of a WARC file that are taken: where each stands, and its head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from warcio.recordloader import ArcWarcRecord

from archive import tearing
from archive.cdxj import record_at
from archive.tearing import Member
from archive.warc import WarcError

Placed = tuple[ArcWarcRecord, Member]


def of_file(path: Path) -> Iterator[Placed]:
    """All whole records of a file, up to the first that is not."""
    for member in tearing.members(path)[0]:
        yield record_at(path, member), member


def of_places(path: Path, places: Iterable[int]) -> Iterator[Placed]:
    """The records at some places, each with those behind it that tell how it was asked for; the warcinfo before all.

    Raises WarcError where no whole record stands at a place.
    """
    for place in dict.fromkeys((0, *places)):
        if not (member := tearing.at(path, place)):
            raise WarcError(f"{path.name}: no whole record at byte {place:,}: `zhaoshang verify` tells what is amiss")
        record = record_at(path, member)
        yield record, member
        yield from _asking_for(record, path, member)


def _asking_for(record: ArcWarcRecord, path: Path, member: Member | None) -> Iterator[Placed]:
    """The request that led to a record, and whatever else belongs to it: we write them right behind it."""
    while member and (member := tearing.at(path, member.offset + member.length)):
        beside = record_at(path, member)
        if beside.rec_headers.get_header("WARC-Concurrent-To") != record.rec_headers.get_header("WARC-Record-ID"):
            return
        yield beside, member
