"""WARC files as others hand them on: changed, damaged, torn."""

from __future__ import annotations

import gzip
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from random import Random

from archive import warc
from benchmarks.fuzzing import seeds
from benchmarks.fuzzing.mutating import Stock, of_bytes
from benchmarks.fuzzing.target import folder, tokens
from crawler import kept


@cache
def plain() -> Stock[bytes]:
    """Files without compression."""
    return of_bytes(seeds.warcs(packed=False), [token.encode("latin-1") for token in tokens("warcs")])


@cache
def packed() -> Stock[bytes]:
    """Files with a gzip member a record."""
    return of_bytes(seeds.warcs(packed=True), (b"\x1f\x8b\x08", b"\0" * 8, gzip.compress(b"WARC/1.1\r\n", mtime=0)))


@dataclass(frozen=True, slots=True)
class Torn:
    """Files cut off anywhere."""

    def mutated(self, random: Random) -> bytes:
        """The beginning of a file, long enough to tell which."""
        whole = random.choice(seeds.warcs(packed=True))
        return whole[: random.randint(200, len(whole))]


def loads(data: bytes) -> None:
    """Records, then the end or the one error; their pages are decoded or refused."""
    path = folder() / "any.warc"
    path.write_bytes(data)
    with suppress(kept.UnreadableFileError):
        for page in kept.load(path, ways=True):
            with suppress(kept.UnreadableFileError):
                kept.page(page).text.encode()


def loads_packed(data: bytes) -> None:
    """Each member has a checksum: of a damaged file come records that are in a sound one, and no others."""
    path = folder() / "any.warc.gz"
    path.write_bytes(data)
    sound = {(each.url, each.body) for number in range(len(seeds.warcs(packed=True))) for each in _true(number)}
    with suppress(warc.WarcError):
        for record in warc.iterate(path):
            assert (record.url, record.body) in sound, f"a record that never was: {record!r:.200}"


def loads_torn(data: bytes) -> None:
    """A file cut off anywhere gives the first of its records, and says that it is torn unless a record ends there."""
    number, whole = next((n, each) for n, each in enumerate(seeds.warcs(packed=True)) if each.startswith(data))
    path = folder() / "torn.warc.gz"
    path.write_bytes(data)
    found = []
    try:
        found.extend(warc.iterate(path))
    except warc.WarcError:
        pass
    else:
        assert data == whole or whole[len(data) :].startswith(b"\x1f\x8b\x08"), "a torn end is not said"
    assert tuple(found) == _true(number)[: len(found)]


@cache
def _true(number: int) -> tuple[warc.Record, ...]:
    path = folder() / "true.warc.gz"
    path.write_bytes(seeds.warcs(packed=True)[number])
    return tuple(warc.iterate(path))
