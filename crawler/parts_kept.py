"""Where an article goes on, by its pages as they were kept: further parts of it, and the page that has all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive import warc
from archive.article import RecordPlace
from archive.forgetting import recorded
from archive.warc import WarcError
from crawler import kept
from crawler.kept import Kept, UnreadableFileError
from spiders.reading.document import parsed
from spiders.reading.parts import MOST, onward

_PAGES = """
select url, fetched_at, warc_file, warc_offset, warc_length from pages
where url = ? and status = 200 and revisit_of is null order by id
"""


def kept_parts(db: Database, folder: Path, urls: Iterable[str]) -> Iterator[str]:
    """The addresses of kept pages on which articles go on, some of whose addresses are given.

    A crawl remembers them, an import does not. To be asked once `archive.forgetting.find` has looked.
    """
    waiting = [(url, 1) for url in urls]
    seen = {url for url, _ in waiting}
    for url, place in waiting:
        for named in _named(db, folder, url, place):
            if named not in seen and recorded(db, named):
                seen.add(named)
                yield named
                if place < MOST:
                    waiting.append((named, place + 1))


def _named(db: Database, folder: Path, url: str, place: int) -> Iterator[str]:
    rows = [row for each in recorded(db, url) for row in db.execute(_PAGES, [each]).fetchall()]
    for address, fetched_at, *stands in rows:
        with suppress(WarcError, UnreadableFileError):
            record = warc.read(folder, RecordPlace(*stands))
            came = Kept(address, record.body, datetime.fromisoformat(fetched_at), record.status, record.headers)
            onto = onward(parsed(kept.page(came)), place)
            yield from filter(None, (onto.next, onto.whole))
