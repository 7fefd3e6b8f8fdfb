"""Downloader middleware: bytes get their true charset before a spider looks."""

from __future__ import annotations

from struct import error
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.utils.gz import gunzip

from archive.article import Page, utc_now
from archive.database import save_charset
from crawler.kept import LARGEST, is_binary
from pipelines.reread import reread, ways
from pipelines.text.charset import decode, media_type
from pipelines.with_archive import WithArchive


class PageResponse(HtmlResponse):
    """A response whose text is right: its body is UTF-8, and `page` tells what it was and why."""

    attributes: tuple[str, ...] = (*HtmlResponse.attributes, "page")

    def __init__(self, *args: Any, page: Page, **kwargs: Any) -> None:
        self.page = page
        super().__init__(*args, **kwargs)


class DecodeMiddleware(WithArchive):
    """Decodes text; stats `decode/charset/<name>`, `decode/false_label`, `decode/damaged`, `decode/misread`.

    What is larger than READ_MAXSIZE is left as it is, and so is not read: `decode/too_long`.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        body = unpacked(response.body)
        if len(body) > self.settings.getint("READ_MAXSIZE"):
            self.stats.inc_value("decode/too_long")
            return response
        # Scrapy takes a picture whose bytes begin like text for text.
        if not (isinstance(response, TextResponse) or body != response.body) or is_binary(body):
            return response
        header = (response.headers.get("Content-Type") or b"").decode("latin-1")
        decoded = decode(body, header)
        text, repairs = reread(decoded.text)
        page = Page(
            url=response.url,
            text=text,
            fetched_at=request.meta.get("recorded_at") or request.meta.get("fetched_at") or utc_now(),
            status=response.status,
            content_type=media_type(header),
            charset=decoded.charset,
            charset_evidence="; ".join(filter(None, (decoded.evidence, ways(repairs)))),
            damaged=decoded.damaged,
            repairs=repairs,
            id=request.meta.get("page_id"),
        )
        if page.id is not None and page.text:
            save_charset(self.db, page)
        self._count(decoded.charset, bool(decoded.false_labels), decoded.damaged)
        if repairs:
            self.stats.inc_value("decode/misread")
        return response.replace(
            cls=PageResponse, body=page.text.encode("utf-8", "surrogatepass"), encoding="utf-8", page=page
        )

    def _count(self, charset: str, false_label: bool, damaged: int) -> None:
        self.stats.inc_value(f"decode/charset/{charset}")
        if false_label:
            self.stats.inc_value("decode/false_label")
        if damaged:
            self.stats.inc_value("decode/damaged", damaged)


def unpacked(body: bytes) -> bytes:
    """A file that is compressed itself, as sitemaps are (`sitemap.xml.gz`), unpacked; any other as it is."""
    if not body.startswith(b"\x1f\x8b\x08"):
        return body
    try:
        return gunzip(body, max_size=LARGEST)
    # Torn from the first byte on, or a bomb.
    except (EOFError, OSError, ValueError, error):
        return body
