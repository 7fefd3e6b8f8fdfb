"""Download handler: a connection goes to no private address, and takes no endless head of a response."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError
from twisted.web.http_headers import InvalidHeaderName

from crawler.outward import OutwardError

Address = IPv4Address | IPv6Address

_FAKED = ip_network("198.18.0.0/15")
"""What Clash and its like, on many a desk in China, answer for every name, to go there themselves."""


class PrivateAddressError(OutwardError):
    """A host that is on this machine, or in its network: a page of the web has no business there."""

    def __init__(self, host: str, address: Address) -> None:
        where = f"{host} is {address}" if host != str(address) else host
        super().__init__(f"{where}, which is not on the internet; if that is meant, name {address} in `hosts`")


class HeadTooLongError(DownloadCancelledError):
    """The head of a response goes on beyond HEAD_MAXSIZE; it is not asked for again."""


class ConnectingHandler(HTTP11DownloadHandler):
    """Scrapy's own, which looks where it goes. Refusals count as exceptions of their kind.

    A private address is gone to where the source names the address itself, in `start`, `issue` or `hosts`: a name alone
    is not enough, since whoever owns it says what its address is. `reachable` of a spider are hosts that somebody has
    typed in. What a proxy is asked for, the proxy looks up.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # As Scrapy's own does: Twisted has no other place to put it.
        self._pool._factory = _factory(crawler.settings.getint("HEAD_MAXSIZE"))  # noqa: SLF001

    async def download_request(self, request: Request) -> Response:
        host = urlsplit(request.url).hostname or ""
        spider = self._crawler.spider
        named = getattr(spider, "allowed_domains", None) or ()
        address = literal(host) or (None if request.meta.get("proxy") else await _looked_up(host))
        meant = host in getattr(spider, "reachable", ()) or (host == "localhost" and host in named)
        if address and not meant and not is_reachable(address, named):
            raise PrivateAddressError(host, address)
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            for cause in _causes(error):
                if isinstance(cause, HeadTooLongError):
                    raise cause from error
            raise


def literal(host: str) -> Address | None:
    """The address that a host is by itself, in whatever way it is written; None for a name.

    >>> [str(literal(host)) for host in ("10.0.0.1", "2130706433", "0x7f.1", "::ffff:7f00:1", "a.example")]
    ['10.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1', 'None']
    """
    with suppress(ValueError):
        address = ip_address(host)
        return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
    with suppress(OSError, UnicodeError):
        return IPv4Address(socket.inet_aton(host))
    return None


def is_reachable(address: Address, named: Collection[str] = ()) -> bool:
    """Whether an address is one of the internet, or named by the source.

    >>> [is_reachable(ip_address(each), ["10.0.0.2"]) for each in ("223.5.5.5", "10.0.0.1", "10.0.0.2", "100.100.1.2")]
    [True, False, True, False]
    """
    public = address.is_global and not address.is_multicast
    return public or (address.version == 4 and address in _FAKED) or str(address) in named


async def _looked_up(host: str) -> Address | None:
    """What the name server says; None where it knows nothing, which the connection will find out for itself.

    The connection goes to this address and to no other one that a second question would bring: Scrapy keeps the answer.
    """
    # A reactor is installed where it is imported, and that is not for this module to do.
    from twisted.internet import reactor  # noqa: PLC0415

    resolve: Any = reactor.resolve
    with suppress(DNSLookupError, OSError, UnicodeError):
        return ip_address(await maybe_deferred_to_future(resolve(host)))
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What Twisted has wrapped into a failed response."""
    for reason in getattr(error.__cause__, "reasons", None) or ():
        yield reason.value


def _factory(longest: int) -> Any:
    class Parser(_LenientHTTPClientParser):
        """Counts the lines of the head, and of those before it that say `100 Continue`.

        Headers that Twisted fails at, and browsers pass over, are passed over: no name, no number.
        """

        length = 0

        def lineReceived(self, line: bytes) -> None:  # noqa: N802
            self.length += len(line)
            if self.length > longest:
                raise HeadTooLongError(f"the head of the response is longer than HEAD_MAXSIZE, {longest} bytes")
            super().lineReceived(line)

        def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
            if name.lower() == b"content-length" and not value.isdigit():
                return
            with suppress(InvalidHeaderName):
                super().headerReceived(name, value)  # type: ignore[no-untyped-call]

    class Protocol(_LenientHTTP11ClientProtocol):
        def request(self, request: Any) -> Any:
            done = super().request(request)
            # As Scrapy's own does: Twisted names the class of its parser in the middle of a method.
            self._parser.__class__ = Parser
            return done

    class Factory(_LenientHTTP11ClientFactory):
        def buildProtocol(self, addr: Any) -> Protocol:  # noqa: ARG002, N802
            return Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]

    return Factory
