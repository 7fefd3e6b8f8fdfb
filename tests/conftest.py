"""Real parts for every test: installed commands as subprocesses, a sample province crawled once, sites on loopback."""

import os
import socketserver
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import ProxyHandler, build_opener

import pytest

COMMANDS = Path(sys.executable).parent
# What would make a command do otherwise than on a reader's machine.
UNWANTED = {"ZHAOSHANG_DATA", "FORCE_COLOR", "COLUMNS", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """Start an installed command; it runs in a folder of no meaning, so that nothing gets into the repository."""
    nowhere = tmp_path_factory.mktemp("nowhere")

    def start(command, *args, cwd=nowhere, env=None, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"} | options
        environment = {name: value for name, value in os.environ.items() if name not in UNWANTED} | (env or {})
        return subprocess.Popen([COMMANDS / command, *map(str, args)], cwd=cwd, env=environment, **options)

    return start


@pytest.fixture(scope="session")
def run(start):
    """Run an installed command to its end."""

    def run(command, *args, timeout=120, **options):
        with start(command, *args, **options) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run


@pytest.fixture(scope="session")
def zhaoshang(run):
    """Run `zhaoshang`; `data` is its data folder."""

    def zhaoshang(*args, data=None, **options):
        return run("zhaoshang", *(["--data", data] if data else []), *args, **options)

    return zhaoshang


@pytest.fixture(scope="session")
def together():
    """Do several things at a time that wait for commands: their results, in order."""

    def together(function, arguments):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(function, arguments))

    return together


@pytest.fixture(scope="session")
def demo(zhaoshang, tmp_path_factory):
    """The data folder after one `zhaoshang demo --no-serve`, and what that said. Read only: copy it to write."""
    data = tmp_path_factory.mktemp("province") / "data"
    done = zhaoshang("demo", "--no-serve", data=data)
    assert done.returncode == 0, done.stderr
    return data, done


@pytest.fixture(scope="session")
def province(demo):
    """The data folder of the sample province. Read only: copy it to write."""
    return demo[0]


@pytest.fixture(scope="session")
def query():
    """Rows of an archive, by plain SQLite; it never makes a file."""

    def query(data, sql, *parameters):
        with closing(sqlite3.connect(f"{(data / 'archive.db').as_uri()}?mode=rw", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, parameters)]

    return query


@pytest.fixture(scope="session")
def wait_until():
    """Wait until something is so; it has a minute."""

    def wait_until(condition):
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, "waited a minute in vain"
            time.sleep(0.02)

    return wait_until


@pytest.fixture(scope="session")
def get():
    """The body of an address on loopback; raises OSError where nothing answers."""
    return lambda url: build_opener(ProxyHandler({})).open(url, timeout=10).read().decode()


class Site(ThreadingHTTPServer):
    """A site on loopback: what `pages` holds by path (or, asked as a proxy, by address); everything else is 404."""

    def __init__(self):
        self.pages = {}
        self.requests = []
        super().__init__(("127.0.0.1", 0), Answering)
        self.address = f"http://127.0.0.1:{self.server_port}"

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)
        self.server_port = self.server_address[1]


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        html = self.server.pages.get(self.path)
        body = (html or "没有这个页面").encode()
        self.send_response(404 if html is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    """A site of the test's own."""
    with Site() as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.02))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def html():
    """An article page as a small county paper makes it."""

    def html(title, line, *paragraphs):
        body = "".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs)
        return (
            f"<html><head><title>{title}_东江新闻网</title></head><body><div class='nav'><a href='/'>首页</a></div>"
            f"<h1>{title}</h1><div class='info'>{line}</div><div class='content'>{body}</div></body></html>"
        )

    return html
