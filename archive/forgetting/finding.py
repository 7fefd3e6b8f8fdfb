"""What an archive holds of some addresses: their articles, all addresses of these, and every WARC record of them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from sqlite_utils import Database

from archive import tearing
from archive.article import RecordPlace
from archive.canonical import key
from archive.cdxj import record_at
from archive.tearing import Member
from archive.warc import WarcError

REDIRECTS = (301, 302, 303, 307, 308)
_MEMBER = re.compile(rb"\x1f\x8b\x08")
"""How a gzip member begins."""
_KEYS = "forgetting_keys"
"""Temporary table of the addresses of all pages, with what those of one page share."""

# `K`, `A` and `P` are the keys, articles and pages that were found so far: each finds more of the others.
_ARTICLES = """
select id from articles where address_key in K or page_id in P
union select article_id from addresses where address_key in K or page_id in P
union select article_id from revisions where page_id in P
union select article_id from visits where key in K or page_id in P
"""
_ADDRESSES = """
select url from articles where id in A union select url from addresses where article_id in A
union select url from visits where article_id in A or part_of in K or page_id in P
union select url from pages where article_id in A
"""
_PAGES = f"""
select id from pages where url in (select url from {_KEYS} where key in K) or article_id in A or revisit_of in P
union select page_id from articles where id in A
union select page_id from revisions where article_id in A
union select page_id from addresses where article_id in A
union select page_id from visits where key in K
union select first_miss_id from visits where key in K
union select last_miss_id from visits where key in K
"""  # noqa: S608


class UnknownAddressError(Exception):
    """An address of which the archive holds nothing."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url}: the archive holds nothing of it; `zhaoshang search` shows addresses")
        self.url = url


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be forgotten."""

    articles: list[dict[str, Any]]
    """Their `id`, `url`, `title`, `source` and `version`, by id."""
    addresses: dict[str, str]
    """By key, an address of them: all that is never asked for again, and the `lists`."""
    lists: set[str]
    """Keys of addresses that a source begins at: what was recorded of them goes, and they are asked for as before."""
    places: dict[str, list[RecordPlace]]
    """By key, the records that are to be overwritten; what only led to an address is with the first one."""
    torn: list[Path]
    """Files beside the WARC files that keep what was cut off, and have something of an address in it."""
    copies: list[dict[str, Any]]
    """Articles that remain, of the stories that these are in: `id`, `url`, `title`, `source`."""

    @property
    def records(self) -> int:
        return sum(map(len, self.places.values()))


def find(db: Database, folder: Path, urls: Sequence[str]) -> Found:
    """What there is of some addresses, in the database and in the WARC files of a folder.

    Raises UnknownAddressError for the first of which there is nothing, WarcError where a record is not where it should
    be, and OSError.
    """
    _know_keys(db)
    keys, articles, pages = {key(url): url for url in urls}, set[int](), set[int]()
    ways = list(_redirects(db, folder))
    for url in urls:
        if not any(_ids(db, query, {key(url)}, (), ()) for query in (_ARTICLES, _PAGES)):
            raise UnknownAddressError(url)
    before = -1
    while before != (before := len(keys) + len(articles) + len(pages)):
        articles |= _ids(db, _ARTICLES, keys, articles, pages)
        for (url,) in _select(db, _ADDRESSES, keys, articles, pages):
            keys.setdefault(key(url), url)
        pages |= _ids(db, _PAGES, keys, articles, pages)
    lists = {key(url) for (start,) in db.execute("select start from sources") for url in start.split()} & keys.keys()
    pages |= _leading(ways, keys.keys() - lists)
    rows = list(
        _select(db, "select id, url, title, source, version from articles where id in A order by id", (), articles, ())
    )
    # As they are cited, however they were given.
    keys |= {key(row[1]): row[1] for row in rows}
    return Found(
        [dict(zip(("id", "url", "title", "source", "version"), row, strict=True)) for row in rows],
        keys, lists, _places(db, folder, keys, pages), list(_torn(folder, keys)), _copies(db, articles),
    )  # fmt: skip


def recorded(db: Database, url: str) -> list[str]:
    """The addresses of the same page under which pages came in, as `find` saw them."""
    return [row[0] for row in db.execute(f"select url from {_KEYS} where key = ? order by url", [key(url)])]  # noqa: S608


def _know_keys(db: Database) -> None:
    """Make the table of keys: those of pages are kept nowhere."""
    db.register_function(key, name="address_key", deterministic=True)
    db.execute(f"drop table if exists temp.{_KEYS}")
    db.execute(
        f"create temp table {_KEYS} as select url, address_key(url) as key"  # noqa: S608
        " from (select distinct url from pages)"
    )
    db.execute(f"create index temp.{_KEYS}_key on {_KEYS}(key)")


def _select(
    db: Database, query: str, keys: Iterable[str], articles: Iterable[int], pages: Iterable[int]
) -> Iterator[tuple[Any, ...]]:
    known = {"K": keys, "A": articles, "P": pages}
    given = ", ".join(f"{name}(it) as (select value from json_each(:{name}))" for name in known)  # noqa: S608
    yield from db.execute(f"with {given} {query}", {name: json.dumps(list(each)) for name, each in known.items()})


def _ids(db: Database, query: str, keys: Iterable[str], articles: Iterable[int], pages: Iterable[int]) -> set[int]:
    return {int(row[0]) for row in _select(db, query, keys, articles, pages) if row[0] is not None}


def _redirects(db: Database, folder: Path) -> Iterator[tuple[int, str, str]]:
    """The pages that only lead on: id, key, and the key of what they lead to."""
    marks = ", ".join(map(str, REDIRECTS))
    query = f"select id, url, warc_file, warc_offset, warc_length from pages where status in ({marks})"  # noqa: S608
    for page_id, url, file, offset, length in db.execute(query).fetchall():
        if (folder / file).exists() and (member := tearing.at(folder / file, offset)) and member.length == length:
            http = record_at(folder / file, member).http_headers
            if http and (target := http.get_header("Location")):
                yield page_id, key(url), key(urljoin(url, target))


def _leading(ways: Sequence[tuple[int, str, str]], keys: Iterable[str]) -> set[int]:
    """The pages that lead to some keys, however many of them one after the other."""
    found, targets = set[int](), set(keys)
    before = -1
    while before != (before := len(found)):
        for page_id, own, target in ways:
            if target in targets:
                found.add(page_id)
                targets.add(own)
    return found


def _places(db: Database, folder: Path, keys: dict[str, str], pages: set[int]) -> dict[str, list[RecordPlace]]:
    """The records of pages, each with those that tell how it was asked for."""
    found: dict[str, list[RecordPlace]] = {}
    query = "select url, warc_file, warc_offset, warc_length from pages where id in P order by id"
    for url, file, offset, length in list(_select(db, query, (), (), pages)):
        own = key(url)
        places = found.setdefault(own if own in keys else next(iter(keys)), [])
        places += _records(folder / file, url, Member(offset, length))
    return found


def _records(path: Path, url: str, place: Member) -> list[RecordPlace]:
    """A record and those behind it that belong to it; its place alone where it was cut off with the end of its file."""
    if place.offset + place.length > path.stat().st_size:
        return [RecordPlace(path.name, place.offset, place.length)]
    member = tearing.at(path, place.offset)
    record = record_at(path, member) if member == place else None
    if record is None or record.rec_headers.get_header("WARC-Target-URI") != url:
        raise WarcError(
            f"{path.name}: the record at byte {place.offset:,} is not that of {url}: see `zhaoshang verify`"
        )
    found, own = [place], record.rec_headers.get_header("WARC-Record-ID")
    while (behind := tearing.at(path, found[-1].offset + found[-1].length)) is not None:
        if record_at(path, behind).rec_headers.get_header("WARC-Concurrent-To") != own:
            break
        found.append(behind)
    return [RecordPlace(path.name, each.offset, each.length) for each in found]


def _torn(folder: Path, keys: dict[str, str]) -> Iterator[Path]:
    """The files of torn records that begin with one of an address."""
    for path in sorted(folder.glob(f"*{tearing.SUFFIX}")):
        with path.open("rb") as file:
            cut_off = file.read()
        starts = (match.start() for match in re.finditer(_MEMBER, cut_off))
        if any(key(url) in keys for start in starts for url in _targets(cut_off[start:])):
            yield path


def _targets(torn: bytes) -> Iterator[str]:
    """The address of a torn record, as far as so much of it is there."""
    with suppress(zlib.error):
        head = zlib.decompressobj(wbits=31).decompress(torn, tearing.CHUNK).partition(b"\r\n\r\n")[0]
        for match in re.finditer(rb"^WARC-Target-URI: *(.+?)\r?$", head, re.MULTILINE):
            yield match[1].decode("utf-8", "replace")


def _copies(db: Database, articles: set[int]) -> list[dict[str, Any]]:
    query = (
        "select id, url, title, source from articles where id not in A"
        " and story_id in (select story_id from articles where id in A) order by source, id"
    )
    return [
        dict(zip(("id", "url", "title", "source"), row, strict=True)) for row in _select(db, query, (), articles, ())
    ]
