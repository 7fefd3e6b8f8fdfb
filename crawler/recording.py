"""Downloader middleware: every response goes into a WARC file and into `pages`, before anything reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response

from archive import account, warc
from archive.article import Page, RecordPlace, utc_now
from archive.database import earlier_page, enter_import, save_page
from archive.warc import WarcFile, payload_digest
from crawler import credentials
from crawler.kept import Kept
from pipelines.text.charset import media_type
from pipelines.with_archive import WithArchive

TRUNCATED = {"dataloss": "disconnect", "download_stopped": "length"}
"""By Scrapy's flag of a response that is not all there, what WARC-Truncated says of it."""


@dataclass(frozen=True, slots=True)
class Import:
    """A WARC file that pages are taken out of."""

    id: int
    headers: dict[str, str]
    """What each record of them says of it."""


class RecordingMiddleware(WithArchive):
    """Keeps what came in, redirects and errors as well, and that nothing came in.

    Stats `recording/pages`, `recording/revisits`, `recording/not_modified`, `recording/bytes`, `recording/failures`.

    The body is recorded as received, content encoding (gzip, br) still on; Scrapy has taken transfer encoding off. A
    payload that the same address had before is not written again: a revisit record refers to it. So does that of a 304.
    """

    def opened(self, spider: Spider) -> None:
        super().opened(spider)
        self.run_id = self.stats.get_value("run/id")
        self.warc = WarcFile(
            self.folder / "warc",
            f"{utc_now():%Y%m%dT%H%M%SZ}-{self.run_id:06}-{{serial:05}}-{spider.name}",
            info={
                "isPartOf": account.address(self.run_id),
                "description": f"source {spider.name}",
                "robots": "obey" if self.settings.getbool("ROBOTSTXT_OBEY") else "ignore",
                "http-header-user-agent": self.settings["USER_AGENT"],
            },
            most=self.settings.getint("WARC_MAXSIZE"),
        )
        self.imports: dict[Path, Import] = {}

    def closed(self, spider: Spider, reason: str) -> None:
        for run_id in (*account.missing(self.db, spider.name, self.run_id), self.run_id):
            account.write(self.db, run_id, self.warc, utc_now())
        self.warc.close()
        super().closed(spider, reason)

    def process_response(self, request: Request, response: Response) -> Response:
        fetched_at = request.meta.get("fetched_at") or utc_now()
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        digest = payload_digest(response.body)
        is_file = response.url.startswith("file:")
        earlier = earlier_page(self.db, response.url, digest) if response.body and not is_file else None
        not_modified = response.status == HTTPStatus.NOT_MODIFIED and "revisits" in request.meta
        if not_modified:
            digest, earlier = self.asked_about(request.meta["revisits"])
        kept: Kept | None = request.meta.get("kept")
        taken_from = self.imported(kept.file) if kept and kept.file else None
        place = self.record(request, response, fetched_at, digest, earlier, taken_from, not_modified=not_modified)
        if kept is None:
            # A row must not outlast its record; what is imported is there in another file.
            self.warc.sync()
        page = Page(
            url=response.url,
            text="",
            fetched_at=fetched_at,
            status=response.status,
            content_type=media_type(content_type),
            digest=digest,
        )
        request.meta["recorded_at"] = fetched_at
        request.meta["page_id"] = save_page(
            self.db, page, place, self.run_id,
            revisit_of=earlier[0] if earlier else None, import_id=taken_from.id if taken_from else None,
        )  # fmt: skip
        self.stats.inc_value("recording/pages")
        self.stats.inc_value("recording/bytes", len(response.body))
        return response

    def record(
        self, request: Request, response: Response, fetched_at: datetime, digest: str, earlier: tuple[int, str] | None,
        taken_from: Import | None, *, not_modified: bool,
    ) -> RecordPlace:  # fmt: skip
        """Write a response into the WARC file, as a revisit of an earlier one where there is one."""
        headers = _pairs(response.headers)
        more = dict(taken_from.headers) if taken_from else {}
        if response.ip_address and "proxy" not in request.meta:
            more |= {"WARC-IP-Address": str(response.ip_address)}
        for flag, reason in TRUNCATED.items():
            if flag in response.flags:
                more["WARC-Truncated"] = reason
        if response.url.startswith("file:"):
            content_type = dict(headers).get("Content-Type", "")
            return self.warc.resource(response.url, fetched_at, content_type, response.body, more=more)
        # For a kept page none was sent.
        sent = None if "kept" in request.meta else _sent(request)
        protocol = response.protocol or "HTTP/1.1"
        if earlier:
            self.stats.inc_value("recording/not_modified" if not_modified else "recording/revisits")
            return self.warc.revisit(
                response.url, fetched_at, response.status, headers, digest, first_at=earlier[1], request=sent,
                not_modified=not_modified, protocol=protocol, more=more,
            )  # fmt: skip
        return self.warc.response(
            response.url, fetched_at, response.status, headers, response.body, request=sent, protocol=protocol,
            more=more,
        )  # fmt: skip

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record that a request brought nothing, and why. What was not sent at all is no failure."""
        if isinstance(exception, IgnoreRequest) or "kept" in request.meta:
            return
        self.warc.failure(request.url, utc_now(), f"{type(exception).__name__}: {exception}", _sent(request))
        self.stats.inc_value("recording/failures")

    def imported(self, file: Path) -> Import:
        """A WARC file that pages are taken out of: entered with the first of them."""
        if file not in self.imports:
            with file.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            number = enter_import(self.db, self.run_id, file.name, file.stat().st_size, sha256)
            # Its folder is the business of who imported it.
            headers = {"WARC-Source-URI": quote(file.name), "WARC-Source-Digest": f"sha256:{sha256}"}
            self.imports[file] = Import(number, headers)
        return self.imports[file]

    def asked_about(self, page_id: int) -> tuple[str, tuple[int, str]]:
        """The digest of the payload that a page has, and id and time of the page that recorded it."""
        row = self.db.table("pages").get(page_id)
        if row["revisit_of"]:
            row = self.db.table("pages").get(row["revisit_of"])
        return row["digest"], (row["id"], row["fetched_at"])


def _sent(request: Request) -> warc.Request:
    """What went out, but for what lets us in: WARC files are handed on."""
    headers = tuple((name, value) for name, value in _pairs(request.headers) if name not in credentials.HEADERS)
    return warc.Request(headers, request.method, request.body)


def _pairs(headers: Headers) -> warc.Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )
