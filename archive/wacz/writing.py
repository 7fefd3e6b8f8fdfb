"""Write a WACZ: a zip of WARC files, their index, a list of pages, and the hash of each of these.

Everything goes through as a stream. The file is the same for the same archive: it is dated by its newest record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlite_utils import Database

from archive.cdxj import Index, Out, compress, unread
from archive.tearing import CHUNK, Member
from archive.wacz.choosing import Choice, Taken, articles, files
from archive.wacz.records import of_file, of_places

EPOCH = "1980-01-01T00:00:00Z"
"""The earliest date that a zip can tell."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What became of a WACZ."""

    articles: int
    """How many pages of articles it lists."""
    records: int
    """How many WARC records it holds; 0 where nothing was found, and the file is to be thrown away."""
    said: tuple[str, ...] = ()
    """What is to be said of WARC files that could not be read to their end."""


Sign = Callable[[str, str], dict[str, str]]
"""Makes of the digest of a package and of its date what is kept as `signedData`."""


def write(db: Database, folder: Path, choice: Choice, file: Path, sign: Sign | None = None) -> Packed:
    """Write what is chosen of an archive, whose WARC files are in `folder`, into a new file.

    Raises WarcError where a record is not where it should be, and OSError.
    """
    # All is read as it is at one moment, though a crawl may be going on. What the database knows is in WARC already.
    db.execute("begin")
    try:
        with closing(Index()) as index, ZipFile(file, "w") as packed:
            package = _Package(packed)
            for taken in files(db, folder, choice):
                package.archive(taken, index)
            package.index(index)
            listed = package.pages(articles(db, choice), choice.words)
            package.describe(choice.words, sign)
            return Packed(listed, package.records, tuple(package.said))
    finally:
        db.conn.rollback()


@dataclass(slots=True)
class _Package:
    """A WACZ in the making."""

    zip: ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    records: int = 0
    newest: str = EPOCH
    """The WARC-Date of its newest record."""

    def archive(self, taken: Taken, index: Index) -> None:
        """Copy records as they stand, member by member, and enter them into the index."""
        path, offset = taken.path, 0
        with path.open("rb") as source, self.entry(f"archive/{path.name}", size=path.stat().st_size) as out:
            for record, place in of_file(path) if taken.places is None else of_places(path, taken.places):
                index.add(record, Member(offset, place.length), path.name)
                self.newest = max(self.newest, record.rec_headers.get_header("WARC-Date"))
                self.records += 1
                source.seek(place.offset)
                _copy(source, place.length, out)
                offset += place.length
        if taken.places is None:
            self.said += unread(path, offset)

    def index(self, index: Index) -> None:
        """Write the index in blocks, and the index of the blocks."""
        with self.entry("indexes/index.cdx.gz") as out:
            blocks = list(compress(index.lines(), "index.cdx.gz", out))
        with self.entry("indexes/index.idx", how=ZIP_DEFLATED) as out:
            _lines(blocks, out)

    def pages(self, rows: Iterable[dict[str, Any]], words: str) -> int:
        """List the pages of articles; how many."""
        listed = 0
        with self.entry("pages/pages.jsonl", how=ZIP_DEFLATED) as out:
            _lines([_json({"format": "json-pages-1.0", "id": "pages", "title": f"Articles: {words}"})], out)
            for listed, row in enumerate(rows, 1):  # noqa: B007
                page = {"id": str(row["id"]), "url": row["url"], "ts": row["fetched_at"], "title": row["title"]}
                _lines([_json({name: value for name, value in page.items() if value})], out)
        return listed

    def describe(self, words: str, sign: Sign | None) -> None:
        """Write the list of what is in it, with hashes, and the hash of that list, which may be signed."""
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": f"zhaoshang: {words}",
            "created": self.newest,
            "software": f"zhaoshang/{version('zhaoshang')}",
            "resources": self.resources,
        }
        body = json.dumps(package, ensure_ascii=False, indent=2).encode()
        told: dict[str, Any] = {"path": "datapackage.json", "hash": f"sha256:{sha256(body).hexdigest()}"}
        if sign:
            told["signedData"] = sign(told["hash"], self.newest)
        self.zip.writestr(self.dated("datapackage.json"), body)
        self.zip.writestr(self.dated("datapackage-digest.json"), json.dumps(told, indent=2))

    @contextmanager
    def entry(self, path: str, *, how: int = ZIP_STORED, size: int = 0) -> Iterator[Out]:
        """A file in the zip, and in its list when it is whole.

        WARC and index are stored as they are: who replays them over HTTP asks for the bytes of a record.
        """
        info = self.dated(path)
        info.compress_type, info.file_size = how, size
        with self.zip.open(info, "w") as stream:
            out = _Hashed(stream)
            yield out
        self.resources.append(
            {"name": path.rpartition("/")[2].lower(), "path": path, "hash": f"sha256:{out.digest}", "bytes": out.size}
        )

    def dated(self, path: str) -> ZipInfo:
        """An entry of the zip that says nothing of the time when it was written, or of who may read it."""
        info = ZipInfo(path)
        info.external_attr = 0o644 << 16
        return info


class _Hashed:
    """A stream that knows the SHA-256 of what went through it."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self._sha256 = sha256()
        self.size = 0

    def write(self, data: bytes, /) -> None:
        self._out.write(data)
        self._sha256.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()


def _copy(source: Any, length: int, out: Out) -> None:
    while length:
        chunk = source.read(min(length, CHUNK))
        if not chunk:
            raise OSError("a WARC file became shorter while it was read")
        out.write(chunk)
        length -= len(chunk)


def _lines(lines: Iterable[str], out: Out) -> None:
    for line in lines:
        out.write(line.encode())


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
