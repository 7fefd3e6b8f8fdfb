"""Polite: what a site asks for is heeded, by robots.txt, by what it answers, by its quiet hours and by a budget.

Crawls of one source with two hosts, in one process, through a proxy on loopback that stands for both.
"""

import json
import shutil
import socketserver
import subprocess
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from click.testing import CliRunner

from crawler import cli, cli_sources
from spiders import source as registry

pytestmark = pytest.mark.long

SOURCE = """
name = "东江新闻网"
family = "portal"
start = ["http://a.example/list.html"]
hosts = ["b.example"]
select.list = "ul a"
polite = { delay = 0.02, POLITE }
"""
LIST = "http://a.example/list.html"
HERE = [f"http://a.example/n/2024/100{number}.html" for number in range(4)]
THERE = [f"http://b.example/n/2024/200{number}.html" for number in range(4)]
MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""Half past nine in China."""


class Sites(ThreadingHTTPServer):
    """Both hosts: `pages` by address, `first` what addresses answer before, one after the other."""

    def __init__(self, html):
        self.pages = {LIST: "<ul>" + "".join(f"<li><a href='{url}'>园区</a>" for url in HERE + THERE) + "</ul>"}
        for number, url in enumerate(HERE + THERE):
            text = (
                f"东江二桥第{number}号桥墩昨日封顶，园区到高铁站的车程缩短为十分钟，冷链企业把开工日期写成了通车那天。"
            )
            self.pages[url] = html(f"东江二桥第{number}号桥墩封顶", "2024-05-06 08:30", text, text[::-1])
        self.first = {}
        self.requests = []
        super().__init__(("127.0.0.1", 0), Answering)

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)
        self.server_port = self.server_address[1]

    def asked(self, host="example"):
        """The pages that were asked for, in order."""
        return [url for url, _, _ in self.requests if host in url and not url.endswith("robots.txt")]


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.path, monotonic(), dict(self.headers)))
        waiting = self.server.first.get(self.path) or self.server.first.get("*") or []
        if waiting:
            status, headers = waiting.pop(0)
            body = "服务器繁忙，请稍后再试。".encode()
        else:
            page, headers = self.server.pages.get(self.path), {}
            status, body = (200, page.encode()) if page else (404, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def sites(html):
    with Sites(html) as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.02))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def process(start, sites, tmp_path_factory):
    """Where a crawl lies that is made anew each time, and what makes it."""
    folder = tmp_path_factory.mktemp("polite")
    (folder / "sources/dongjiang").mkdir(parents=True)
    command = ("python", Path(__file__).parent / "steps.py", folder, folder / "sources", "dongjiang")
    proxy = f"http://127.0.0.1:{sites.server_port}"
    with start(*command, stdin=subprocess.PIPE, env={"http_proxy": proxy}) as running:
        yield folder, running
        running.stdin.close()


@pytest.fixture
def crawl(process, sites):
    """Crawl the source: its stats come out. The first crawl of a test finds an empty folder."""
    folder, running = process
    for path in folder.glob("archive.db*"):
        path.unlink()
    for name in ("warc", "jobs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    pages = dict(sites.pages)

    def crawl(polite="concurrency = 1", at=MORNING, **settings):
        (folder / "sources/dongjiang/dongjiang.toml").write_text(SOURCE.replace("POLITE", polite), encoding="utf-8")
        sites.requests.clear()
        running.stdin.write(json.dumps({"at": at.isoformat(), **settings}) + "\n")
        running.stdin.flush()
        line = running.stdout.readline()
        assert line, running.stderr.read()
        return json.loads(line)

    yield crawl
    sites.pages, sites.first = pages, {}


def test_robots_txt_says_how_often(crawl, sites):
    """The rules for our name, not those for all, nor those for a word in our contact; up to a bound, which is said."""
    sites.pages["http://a.example/robots.txt"] = (
        "User-agent: *\nCrawl-delay: 0.1\n\nUser-agent: zhaoshang\nCrawl-delay: 600\n\n"
        "User-agent: zhaoshang.example\nDisallow: /\n"
    )
    sites.pages["http://b.example/robots.txt"] = "User-agent: *\nCrawl-delay: -3\nDisallow: /m/\n"
    stats = crawl(CRAWL_DELAY_MAX=0.3)
    assert stats["finish_reason"] == "finished"
    assert (stats["store/new"], stats["pace/crawl_delay/a.example"]) == (8, 600)
    assert "pace/crawl_delay/b.example" not in stats
    assert "robots.txt of a.example asks for 600 s between two requests: 0.3 s were left" in stats["run/finding"]
    assert not stats["run/wrong"]
    times = [at for url, at, _ in sites.requests if "a.example" in url]
    # robots.txt, the list and four articles, 0.3 s apart; what a busy machine takes before the first is left out.
    assert times[-1] - times[0] > 1.2
    order = sites.asked()
    assert order.index(THERE[-1]) < order.index(HERE[-1]), "the other host is not held up"
    agents = {headers["User-Agent"] for _, _, headers in sites.requests}
    assert agents == {f"zhaoshang/{version('zhaoshang')} (archive of regional news; +tests@zhaoshang.example)"}


def test_a_host_that_is_busy_is_asked_later(crawl, sites):
    """Retry-After; where it says nothing, a time of ours, and then twice as long."""
    sites.first = {HERE[0]: [(429, {"Retry-After": "1"})], HERE[1]: [(503, {}), (503, {"Retry-After": "soon"})]}
    stats = crawl(BACKOFF_START=0.2)
    assert (stats["finish_reason"], stats["store/new"], stats["run/wrong"]) == ("finished", 8, False)
    assert (stats["pace/busy"], stats["pace/waits"]) == (3, 3)
    assert stats["run/finding"] is None
    [(_, told, _), (_, again, _), *_] = [each for each in sites.requests if each[0] == HERE[0]]
    assert again - told > 0.8
    assert 1.4 <= stats["pace/waited_seconds"] <= 2.2
    assert Counter(sites.asked())[HERE[1]] == 3


def test_a_host_that_wants_longer_is_left_alone(crawl, sites):
    """The other host is crawled to the end; the next crawl brings what is missing."""
    sites.first = {url: [(503, {"Retry-After": "3600"})] for url in HERE}
    stats = crawl()
    assert (stats["finish_reason"], stats["store/new"], stats["run/wrong"]) == ("finished", 4, True)
    assert stats["run/finding"] == "a.example was left alone: it wants to be left alone for 3600 s (HTTP 503)"
    assert len(sites.asked("a.example")) == 2, "the list and one article"
    sites.first = {}
    assert crawl(at=MORNING.replace(hour=8))["store/new"] == 4
    assert sites.asked("b.example") == [], "what is known is not asked for again"


def test_a_host_that_stays_busy_is_left_alone(crawl, sites):
    sites.first = {url: [(429, {})] * 9 for url in HERE}
    stats = crawl(BACKOFF_START=0.01, BACKOFF_TIMES=3)
    assert (stats["finish_reason"], stats["store/new"], stats["pace/busy"]) == ("finished", 4, 3)
    assert stats["run/finding"] == "a.example was left alone: 3 times in a row it was busy (HTTP 429)"


def test_a_budget_is_kept_to_the_request(crawl, sites, query, process):
    """The next crawls go on from there, until all is there; no page is asked for twice."""
    asked = Counter()
    stats = []
    while not stats or stats[-1]["finish_reason"] == "budget":
        stats.append(crawl("budget = 4"))
        assert len(sites.asked()) == stats[-1]["stopping/asked"] <= 4
        asked.update(sites.asked())
    assert [each["finish_reason"] for each in stats] == ["budget", "budget", "finished"]
    assert stats[0]["stopping/asked"] == 4
    assert stats[0]["run/finding"] == "4 requests are all that its budget allows; the next crawl goes on from there"
    assert not any(each["run/wrong"] for each in stats)
    assert asked - Counter([LIST]) == Counter(HERE + THERE) + Counter([LIST] * (asked[LIST] - 1))
    assert {row["url"] for row in query(process[0], "select url from articles")} == {*HERE, *THERE}


def test_quiet_hours(crawl, sites):
    """A run that comes into them stops in good order, and one that begins in them asks for nothing."""
    quiet = 'quiet = ["09:31-12:00", "22:00-06:00"]'
    # Every look at the clock takes three seconds.
    stats = crawl(quiet, tick=3)
    assert stats["finish_reason"] == "quiet"
    assert 0 < stats["store/new"] < 8
    assert stats["run/finding"] == "stopped when its quiet hours began; the next crawl goes on from there"
    assert not stats["run/wrong"]
    assert crawl(quiet, at=MORNING.replace(hour=3))["finish_reason"] == "quiet"
    assert sites.requests == []
    rest = crawl(quiet, at=MORNING.replace(hour=4))
    assert (rest["finish_reason"], stats["store/new"] + rest["store/new"]) == ("finished", 8)


# Several sources

TOGETHER = """
import sys
from pathlib import Path
from rich.console import Console
from crawler import crawling, progress
data, sources, *names = sys.argv[1:]
settings = crawling.settings_for(Path(data), SOURCES_DIR=sources)
for found in crawling.crawl(names, settings, progress.bars(Console(stderr=True))):
    print(found.source, found.reason, found.counts["new"])
"""


def test_sources_of_one_host_are_crawled_one_after_the_other(run, sites, tmp_path):
    """At a time they would ask it twice as often as each of them may. What comes of the first does not matter."""
    folder = tmp_path / "sources/dongjiang"
    folder.mkdir(parents=True)
    parts = {"second": HERE[:2], "first": HERE[2:], "third": ()}
    for name, urls in parts.items():
        start = f"http://{'b' if name == 'third' else 'a'}.example/{name}.html"
        text = SOURCE.replace(LIST, start).replace('hosts = ["b.example"]', "").replace("POLITE", "budget = 2")
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        sites.pages[start] = "<ul>" + "".join(f"<li><a href='{url}'>园区</a>" for url in urls) + "</ul>"
    sites.requests.clear()
    proxy = {"http_proxy": f"http://127.0.0.1:{sites.server_port}"}
    command = ("python", "-c", TOGETHER, tmp_path / "data", folder.parent, *sorted(parts))
    done = run(*command, env=proxy)
    assert done.stdout.splitlines() == ["first budget 1", "second budget 1", "third finished 0"]
    asked = sites.asked("a.example")
    assert [len(set(asked[:2]) & set(HERE[2:])), len(set(asked[2:]) & set(HERE[:2]))] == [1, 1]


# What the commands say


@pytest.fixture
def real(tmp_path, monkeypatch):
    """A source of a site that nothing answers for, and its file."""
    path = tmp_path / "hunan/dongjiang.toml"
    path.parent.mkdir()
    polite = 'quiet = ["09:00-12:00", "12:00-13:00"]'
    path.write_text(SOURCE.replace("POLITE", polite), encoding="utf-8")
    monkeypatch.setattr(registry, "load_named", lambda _: {"dongjiang": registry.load(path)})
    monkeypatch.setattr(cli_sources, "utc_now", lambda: MORNING)
    monkeypatch.chdir(tmp_path)
    return path


def test_a_crawl_in_quiet_hours_does_not_start(real):
    for call in (("crawl", "dongjiang"), ("sources", "check", "--online", str(real))):
        told = CliRunner().invoke(cli.main, call)
        assert (told.exit_code, told.stderr) == (0, "")
        assert told.stdout.splitlines()[0] == (
            "dongjiang: quiet hours 09:00-12:00, 12:00-13:00 in China;"
            " it may be asked from 2026-03-02 13:00 (+08:00) on"
        )
    assert [path.name for path in real.parent.parent.iterdir()] == ["hunan"]


@pytest.mark.parametrize("contact", ["", "me", "a@b.example)\r\nX: 1"])
def test_no_real_site_is_asked_without_a_contact(contact, real, monkeypatch):
    monkeypatch.setenv("ZHAOSHANG_CONTACT", contact)
    for call in (
        ("crawl", "dongjiang"),
        ("sources", "check", "--online", str(real)),
        ("sources", "new", "http://www.hekou.example/"),
    ):
        told = CliRunner().invoke(cli.main, call, prog_name="zhaoshang")
        assert (told.exit_code, told.stdout, len(told.stderr.splitlines())) == (2, "", 1)
        assert "set ZHAOSHANG_CONTACT to an address of mail" in told.stderr
    assert [path.name for path in real.parent.parent.iterdir()] == ["hunan"]


def test_scrapy_asks_no_real_site_without_one_either(run, tmp_path):
    root = Path(__file__).parent.parent
    settings = ("-s", f"DATA_DIR={tmp_path / 'data'}")
    done = run("scrapy", "crawl", "people_gansu", *settings, cwd=root, env={"ZHAOSHANG_CONTACT": ""})
    assert done.stderr.splitlines()[-1].startswith("crawler.contact.NoContactError: a site must be told")
    assert not (tmp_path / "data").exists()
