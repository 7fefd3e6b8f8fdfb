"""Downloader middleware: every response goes into a WARC file and into `pages`, before anything reads it."""

from __future__ import annotations

from http import HTTPStatus

from scrapy import Request, Spider
from scrapy.http import Headers, Response

from archive.article import Page, utc_now
from archive.database import earlier_page, save_page
from archive.warc import Headers as WarcHeaders
from archive.warc import WarcFile, payload_digest
from pipelines.text.charset import media_type
from pipelines.with_archive import WithArchive


class RecordingMiddleware(WithArchive):
    """Keeps what came in, redirects and errors as well.

    Stats `recording/pages`, `recording/revisits`, `recording/not_modified` and `recording/bytes`.

    The body is recorded as received, content encoding (gzip, br) still on; Scrapy has taken transfer encoding off. A
    payload that the same address had before is not written again: a revisit record refers to it. So does that of a 304.
    """

    def opened(self, spider: Spider) -> None:
        super().opened(spider)
        run_id = self.stats.get_value("run/id")
        self.warc = WarcFile(self.folder / "warc", f"{utc_now():%Y%m%dT%H%M%SZ}-{run_id:06}-{spider.name}")

    def closed(self, spider: Spider, reason: str) -> None:
        self.warc.close()
        super().closed(spider, reason)

    def process_response(self, request: Request, response: Response) -> Response:
        fetched_at = request.meta.get("fetched_at") or utc_now()
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        digest = payload_digest(response.body)
        earlier = earlier_page(self.db, response.url, digest) if response.body else None
        not_modified = response.status == HTTPStatus.NOT_MODIFIED and "revisits" in request.meta
        if not_modified:
            digest, earlier = self.asked_about(request.meta["revisits"])
        if response.url.startswith("file:"):
            place, earlier = self.warc.resource(response.url, fetched_at, content_type, response.body), None
        elif earlier:
            place = self.warc.revisit(
                response.url, fetched_at, response.status, _pairs(response.headers), digest, first_at=earlier[1],
                not_modified=not_modified,
            )  # fmt: skip
            self.stats.inc_value("recording/not_modified" if not_modified else "recording/revisits")
        else:
            place = self.warc.response(
                response.url, fetched_at, response.status, _pairs(response.headers), response.body,
                # For a kept page none was sent.
                request=None if "kept" in request.meta else _pairs(request.headers),
                method=request.method, posted=request.body,
            )  # fmt: skip
        page = Page(
            url=response.url,
            text="",
            fetched_at=fetched_at,
            status=response.status,
            content_type=media_type(content_type),
            digest=digest,
        )
        request.meta["page_id"] = save_page(
            self.db, page, place, self.stats.get_value("run/id"), revisit_of=earlier[0] if earlier else None
        )
        self.stats.inc_value("recording/pages")
        self.stats.inc_value("recording/bytes", len(response.body))
        return response

    def asked_about(self, page_id: int) -> tuple[str, tuple[int, str]]:
        """The digest of the payload that a page has, and id and time of the page that recorded it."""
        row = self.db.table("pages").get(page_id)
        if row["revisit_of"]:
            row = self.db.table("pages").get(row["revisit_of"])
        return row["digest"], (row["id"], row["fetched_at"])


def _pairs(headers: Headers) -> WarcHeaders:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )
