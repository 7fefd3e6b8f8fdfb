"""Real parts for every test: installed commands as subprocesses, a sample province crawled once, sites on loopback."""

import fcntl
import gc
import json
import math
import os
import shutil
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
# Sites of the tests' own stand for real ones, and those are told who asks.
os.environ["ZHAOSHANG_CONTACT"] = "tests@zhaoshang.example"
# What would make a command do otherwise than on a reader's machine.
UNWANTED = {"ZHAOSHANG_DATA", "FORCE_COLOR", "COLUMNS", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}


def pytest_xdist_auto_num_workers(config):
    """No workers for a single file: all of it would go to one of them, after the time they take to start."""
    files = {argument.partition("::")[0] for argument in config.args}
    return 0 if len(files) == 1 and files.pop().endswith(".py") else None


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
    """Run an installed command to its end; that it hangs is told late enough for a machine that is busy."""

    def run(command, *args, timeout=300, **options):
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
def demo(zhaoshang, worker_id, tmp_path_factory):
    """The data folder after one `zhaoshang demo --no-serve`, and what that said. Read only: copy it to write.

    The worker that comes first crawls for all of them; the others wait for it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    said = shared / "demo.json"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            done = zhaoshang("demo", "--no-serve", data=shared / "demo")
            said.write_text(json.dumps(vars(done), default=str))
    assert said.exists(), "the demo did not come to its end in another worker"
    done = subprocess.CompletedProcess(**json.loads(said.read_text()))
    assert done.returncode == 0, done.stderr
    # A copy for each worker: SQLite's files beside an archive come and go with its readers, under the feet of a copy.
    return shutil.copytree(shared / "demo", tmp_path_factory.mktemp("province") / "data"), done


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
    """Wait until something is so; it has two minutes, since on a busy machine a crawl takes several times as long."""

    def wait_until(condition):
        end = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < end, "waited two minutes in vain"
            time.sleep(0.02)

    return wait_until


@pytest.fixture(scope="session")
def grows_evenly():
    """Assert that `work` on what `build` makes of four times a size takes four times as long, not sixteen times.

    With a `power` of 2, sixteen times is what it may take, and 64 times is too long. Processor time alone counts, and
    of several tries the least, since a busy machine makes each of them slower and none faster. Each try is one larger
    than the one before: no cache knows its answer.
    """

    def grows_evenly(work, build, size, *, power=1):
        def seconds(given):
            # What other tests have left behind is not looked through in the meantime.
            gc.disable()
            begun = time.process_time()
            try:
                work(given)
                return time.process_time() - begun
            finally:
                gc.enable()

        # What is loaded or compiled at the first call is no part of it.
        work(build(size - 1))
        once = four = math.inf
        begun = time.process_time()
        for number in range(TRIES):
            once = min(once, seconds(build(size + number)))
            four = min(four, seconds(build(4 * (size + number))))
            # In the middle between the power that it may grow with, and the next.
            even = four < max(2 * 4**power * once, BRIEF)
            if number >= 2 and (even or time.process_time() - begun > PATIENCE):
                break
        assert even, f"{once:.4f} s for {size}, {four:.4f} s for {4 * size}: {four / once:.1f} times as long"

    return grows_evenly


TRIES = 12
"""So many at most, where three were not enough."""

PATIENCE = 5
"""Seconds after which no more tries are made: on a busy machine they are long enough to be sure."""

BRIEF = 0.005
"""Seconds that are too few to be compared."""


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
