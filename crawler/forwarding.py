"""Downloader middleware: pages that hold nothing but a script which goes elsewhere are followed, as browsers do.

Scrapy itself follows refreshes in markup and in headers; both are bounded by REDIRECT_MAX_TIMES together.
"""

from __future__ import annotations

from http import HTTPStatus

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.http import Response

from spiders.families.base import page_of
from spiders.reading.document import parsed
from spiders.reading.refusal import refusal
from spiders.reading.stub import sent_on


class ForwardingMiddleware(BaseRedirectMiddleware):
    """Goes where a script leads; a page that says it is no article is not left for the front page it refreshes to."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        page = page_of(response)
        if page is None or response.status != HTTPStatus.OK or request.meta.get("dont_redirect"):
            return response
        if target := sent_on(parsed(page)):
            return self._redirect(self._build_redirect_request(request, response, url=target), request, "script")
        if refusal(page) == "not_found":
            # `页面没有找到，三秒后返回首页`: what the front page says is not what was asked for.
            request.meta["dont_redirect"] = True
        return response
