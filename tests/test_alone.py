"""One process at a time crawls a source; what it makes is for its own group; no password gets out of its memory."""

import gzip
import os
import subprocess
from base64 import b64encode
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from stat import S_IMODE
from threading import Thread

import pytest
from click.testing import CliRunner

from crawler import cli, locks, permissions

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent

HOLD = """
import sys, pathlib
from crawler import locks
with locks.hold(pathlib.Path(sys.argv[1]), sys.argv[2:]):
    print(flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(start, data, *names):
    """A process that has these sources for itself."""
    with start("python", "-c", HOLD, data, *names, stdin=subprocess.PIPE) as process:
        assert process.stdout.readline() == "\n"
        yield process
        process.stdin.close()


def test_a_second_crawl_says_so_and_stops(start, run, tmp_path):
    """Crawls, demos and imports, before anything is touched; other sources are free."""
    data, page = tmp_path / "data", tmp_path / "page.html"
    page.write_text("<html><body>东江</body></html>", encoding="utf-8")
    with another(start, data, "hongan", "import") as process:
        for call in (
            ("crawl", "jinhe", "hongan"),
            ("demo", "--no-serve"),
            ("import", page),
            ("import", page, "--source", "hongan"),
        ):
            told = CliRunner().invoke(cli.main, ["--data", str(data), *map(str, call)], prog_name="zhaoshang")
            assert (told.exit_code, len(told.stderr.splitlines())) == (1, 1)
            name = "import" if call[-1] == page else "hongan"
            assert told.stderr.startswith(f"zhaoshang: {name}: process {process.pid} has been at it since 20")
        assert not locks.is_held(data, "jinhe")
        assert locks.is_held(data, "hongan")
        done = run("scrapy", "crawl", "hongan", "-s", f"DATA_DIR={data}", cwd=ROOT)
        assert f"BusyError: hongan: process {process.pid} has been at it since" in done.stderr
        assert sorted(path.relative_to(data).as_posix() for path in data.rglob("*")) == [
            "jobs", "jobs/hongan.lock", "jobs/import.lock",
        ]  # fmt: skip
    assert list((data / "jobs").iterdir()) == []


def test_a_killed_process_leaves_no_lock_behind(start, tmp_path):
    with another(start, tmp_path, "hongan") as process:
        process.kill()
        process.wait()
        assert locks.path_of(tmp_path, "hongan").exists(), "the file is, but nobody has it"
        assert not locks.is_held(tmp_path, "hongan")
        with locks.hold(tmp_path, ["hongan"]), locks.hold(tmp_path, ["hongan", "jinhe"]):
            assert locks.is_held(tmp_path, "hongan")
            assert f"process {os.getpid()} " in locks.path_of(tmp_path, "hongan").read_text()
    assert list((tmp_path / "jobs").iterdir()) == []


# Permissions


def modes(folder):
    """The rights of all that lies in a folder, by its kind."""
    paths = list(folder.rglob("*"))
    assert paths
    return {S_IMODE(path.stat().st_mode) for path in paths if path.is_file()}, {
        S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()
    }


def test_what_is_collected_is_for_the_owner_and_the_group(province):
    assert modes(province) == ({0o640}, {0o750})


@pytest.mark.parametrize(("given", "kept"), [(0o000, 0o027), (0o022, 0o027), (0o077, 0o077)])
def test_a_stricter_rule_is_kept(given, kept):
    before = os.umask(given)
    try:
        permissions.restrict()
        assert os.umask(before) == kept
    finally:
        os.umask(before)


# Passwords

PASSWORD = "guan-bi-7QX"
LIST = "http://a.example/list.html"
ARTICLES = [f"http://a.example/n/2024/100{number}.html" for number in range(6)]


class Proxy(BaseHTTPRequestHandler):
    """One that wants a password. Of a site that is busy with every article, and whose list was moved."""

    def do_GET(self):
        self.server.seen.append(self.headers.get("Proxy-Authorization"))
        moved = self.path == LIST.replace("list", "index")
        page = "".join(f"<a href='{url}'>园区与港口的第一批订单</a>" for url in ARTICLES) if self.path == LIST else None
        self.send_response(302 if moved else 200 if page else 404 if self.path.endswith("robots.txt") else 503)
        if moved:
            self.send_header("Location", LIST)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write((page or "繁忙").encode())

    def log_message(self, *_):
        pass


def test_no_password_is_written_down(run, tmp_path):
    """Neither into the log, with all that it tells, nor into WARC, the archive, or what waits under jobs/."""
    folder = tmp_path / "sources/dongjiang"
    folder.mkdir(parents=True)
    (folder / "dongjiang.toml").write_text(
        'name = "东江"\nfamily = "portal"\nstart = ["http://a.example/index.html"]\n'
        "polite = { delay = 0.01, budget = 6 }\nselect.list = 'a'\n",
        encoding="utf-8",
    )
    data = tmp_path / "data"
    with ThreadingTCPServer(("127.0.0.1", 0), Proxy) as server:
        server.seen = []
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.02))
        thread.start()
        settings = {"DATA_DIR": data, "SOURCES_DIR": folder.parent, "LOG_LEVEL": "DEBUG", "BACKOFF_TIMES": 99}
        done = run(
            "scrapy", "crawl", "dongjiang", *(f"-s{key}={value}" for key, value in settings.items()),
            cwd=ROOT, env={"http_proxy": f"http://reader:{PASSWORD}@127.0.0.1:{server.server_address[1]}"},
        )  # fmt: skip
        server.shutdown()
        thread.join()
    token = b64encode(f"reader:{PASSWORD}".encode())
    assert f"Basic {token.decode()}" in server.seen
    written = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    written |= {path: gzip.decompress(body) for path, body in written.items() if path.suffix == ".gz"}
    written[Path("stderr")] = done.stderr.encode()
    assert "Closing spider (budget)" in done.stderr
    assert any("requests.queue" in str(path) and body for path, body in written.items()), "something waits"
    assert any(b"WARC-Type: request" in body for body in written.values())
    assert [path for path, body in written.items() if PASSWORD.encode() in body or token in body] == []
