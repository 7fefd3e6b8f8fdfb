"""Downloader middleware: bodies that are compressed, or say so: bombs, torn ones, and those that are not."""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.torn import TORN


class UnpackingMiddleware(HttpCompressionMiddleware):
    """In the place of Scrapy's own, which fails where a body is not what it says, and takes a torn one for whole.

    Stats `unpacking/bombs` (larger than READ_MAXSIZE unpacked: left packed in the WARC), `unpacking/not_packed`.
    """

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._max_size = crawler.settings.getint("READ_MAXSIZE")

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Request | Response:
        packed = response.headers.get("Content-Encoding")
        if not packed:
            return response
        try:
            unpacked = super().process_response(request, response)
        except IgnoreRequest:
            assert self.stats
            self.stats.inc_value("unpacking/bombs")
            raise
        except (OSError, EOFError, zlib.error, brotli.error):
            # Servers that compress by halves: the page is often there, plain.
            assert self.stats
            self.stats.inc_value("unpacking/not_packed")
            plain = response.replace()
            del plain.headers["Content-Encoding"]
            return plain
        if packed.strip().lower() in (b"gzip", b"x-gzip") and isinstance(unpacked, Response):
            told = int.from_bytes(response.body[-4:], "little")
            if told != len(unpacked.body) % 2**32:
                unpacked.flags.append(TORN)
        return unpacked
