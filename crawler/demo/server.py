"""The sample province on loopback: one HTTP server for all its hosts, as a proxy and by Host header alike."""

from __future__ import annotations

import gzip
import socketserver
import sys
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import click

from crawler.demo.answer import Answer, gone, page
from crawler.demo.province import CHAPTERS, Province, build

_HTML = "text/html; charset=utf-8"
_ASKED_BY = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class SampleServer:
    """Serves a province on 127.0.0.1 while its `with` block runs: the sample province in a chapter, or another.

    Port 0 is any free one. Raises OSError for a port in use. An address of `province.recovering` answers 503 to its
    first request, once a server.
    """

    def __init__(self, port: int = 0, province: Province | None = None, *, chapter: int = 1) -> None:
        self._province = province or build(chapter)
        self._overloaded = set(self._province.recovering)
        self._requests: list[str] = []
        self._lock = Lock()
        self._server = _Server(port, self)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`: where it listens, and what a client takes as its proxy."""
        host, port = self._server.socket.getsockname()
        return f"http://{host}:{port}"

    @property
    def requests(self) -> list[str]:
        """The addresses that were asked for, in order, each as often as it was."""
        with self._lock:
            return list(self._requests)

    def answer(self, url: str, form: bytes | None = None) -> Answer:
        """Note the request, with what it posts, and find its answer."""
        with self._lock:
            self._requests.append(url)
            if url in self._overloaded:
                self._overloaded.remove(url)
                return _overloaded()
        answer = self._province.answers.get(url)
        return answer if answer and answer.form == form else gone(404)

    def validator(self, url: str) -> tuple[str, str] | None:
        """The header by which an address tells its state."""
        return self._province.validators.get(url)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, sample: SampleServer) -> None:
        self.sample = sample
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look its own name up, which can take seconds and is of no use here.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle of an answer is no fault of the server.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "sample-province"
    # Head and body leave in one write; otherwise the client's delayed acknowledgement costs 40 ms a request.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        self._send(with_body=False)

    def do_POST(self) -> None:
        self._send(with_body=True, form=self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, *, with_body: bool, form: bytes | None = None) -> None:
        url = self._url()
        answer = self.server.sample.answer(url, form)
        validator = self.server.sample.validator(url)
        if validator and self.headers.get(_ASKED_BY[validator[0]]) == validator[1]:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header(*validator)
            self.end_headers()
            return
        compressed = answer.gzip and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _compressed(answer.body) if compressed else answer.body
        self.send_response(answer.status)
        if validator:
            self.send_header(*validator)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.gzip:
            self.send_header("Vary", "Accept-Encoding")
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _url(self) -> str:
        """The address asked for: whole in the request line of a proxy's client, else host and path apart."""
        if "://" in self.path:
            return self.path
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        return f"http://{host}{self.path}"


@cache
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _overloaded() -> Answer:
    text = "服务器繁忙，请稍后再试。"
    answer = page("notice.html", "utf-8", status=503, content_type=_HTML, title="暂时无法访问", text=text)
    return Answer(answer.status, (*answer.headers, ("Retry-After", "0")), answer.body)


@click.command()
@click.argument("port", type=click.IntRange(0, 65_535), default=0)
@click.option("--chapter", type=click.IntRange(CHAPTERS[0], CHAPTERS[-1]), default=1, help="The province at that time.")
def main(port: int, chapter: int) -> None:
    """Serve the sample province on PORT (any free one if left out) until Ctrl-C."""
    try:
        sample = SampleServer(port, chapter=chapter)
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be served: {error.strerror}; choose another") from error
    with sample:
        click.echo(f"sample province: take {sample.address} as HTTP proxy, for example")
        for start in build().starts:
            click.echo(f"  curl --proxy {sample.address} {start}")
        try:
            while True:
                sleep(3600)
        except KeyboardInterrupt:
            click.echo("stopped")


if __name__ == "__main__":
    main()
