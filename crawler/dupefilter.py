"""One page under ten addresses is asked for once a crawl, where the addresses show it.

Scrapy's own filter takes two addresses for one page when they differ in the order of their parameters or in a fragment;
this one when they have the same key (archive.canonical).
"""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.dupefilters import RFPDupeFilter
from w3lib.url import canonicalize_url

from archive.canonical import key


class AddressDupeFilter(RFPDupeFilter):
    """Compares GET requests by the key of their address, all others as Scrapy does; stats `dupefilter/filtered`.

    A crawl that goes on finds what it had asked for in `requests.seen` of its JOBDIR, as ever.
    """

    def request_seen(self, request: Request) -> bool:
        """Whether the page of a request has been asked for; if not, it has from now on.

        What a server sends a request on to may well have the same key, http and https or a page and its twin for
        phones: it is the answer to that request, and no second one, unless it leads in a circle.
        """
        ways = {canonicalize_url(url) for url in request.meta.get("redirect_urls", ())}
        if _is_plain(request) and _key(request.url) in map(key, ways):
            return canonicalize_url(request.url) in ways
        return super().request_seen(request)

    def _fingerprint(self, request: Request) -> bytes:
        if not _is_plain(request):
            return super()._fingerprint(request)
        # As long as Scrapy's own, which stand in the same file.
        return hashlib.sha1(_key(request.url).encode(), usedforsecurity=False).digest()


def _is_plain(request: Request) -> bool:
    """Whether the address tells all that is asked for, and need not be asked for to the letter."""
    return request.method == "GET" and not request.body and not request.meta.get("verbatim_url")


def _key(url: str) -> str:
    """What two addresses share where one request is enough: of a page that a script makes, its route is never sent.

    >>> _key("https://a.example/#/news/1") == _key("http://a.example/index.html#/news/2")
    True
    """
    return key(canonicalize_url(url))
