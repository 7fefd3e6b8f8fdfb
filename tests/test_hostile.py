"""Hostile and broken servers: real crawls of `tests/hostile/server.py`, and what becomes of each of its cases.

The table in docs/hostile.md is what these crawls find: `make hostile` writes it.
"""

import json
import os
import re
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.loader import hosts
from spiders.reading.document import Document
from spiders.source import load

pytestmark = pytest.mark.long

HERE = Path(__file__).parent / "hostile"
DOCUMENT = Path(__file__).parent.parent / "docs" / "hostile.md"
READ, KEPT, NOTHING, UNASKED = "read", "kept, not read", "nothing came", "not asked for"

EXCEPTION = "downloader/exception_type_count/"
SCRAPY = f"{EXCEPTION}scrapy.exceptions."
TIMEOUT, FAILED = f"{SCRAPY}DownloadTimeoutError", f"{SCRAPY}DownloadFailedError"
CANCELLED, HEAD = f"{SCRAPY}DownloadCancelledError", f"{EXCEPTION}crawler.connecting.HeadTooLongError"
OTHER_HOST, PRIVATE = f"{EXCEPTION}crawler.outward.OtherHostError", f"{EXCEPTION}crawler.connecting.PrivateAddressError"
OTHER_SCHEME = f"{EXCEPTION}crawler.outward.OtherSchemeError"
FOLLOWED = 10
"""REDIRECT_MAX_TIMES."""

CASES = {
    # What becomes of it, the stat that tells, how often it is asked for at most.
    "good": (READ, "store/new", 1),
    "redirect-to-itself": (KEPT, "dupefilter/filtered", 1),
    "redirect-in-a-circle": (KEPT, "dupefilter/filtered", 2),
    "redirect-without-end": (KEPT, "outward/endless", FOLLOWED + 1),
    "refresh-without-end": (KEPT, "outward/endless", FOLLOWED + 1),
    "script-without-end": (KEPT, "outward/endless", FOLLOWED + 1),
    "redirect-to-another-host": (KEPT, OTHER_HOST, 1),
    "redirect-to-a-file": (KEPT, "httperror/response_ignored_status_count/302", 1),
    "redirect-to-loopback": (KEPT, OTHER_HOST, 1),
    "redirect-to-localhost": (KEPT, OTHER_HOST, 1),
    "redirect-to-a-number": (KEPT, OTHER_HOST, 1),
    "redirect-to-ipv6": (KEPT, OTHER_HOST, 1),
    "redirect-to-private": (KEPT, OTHER_HOST, 1),
    "redirect-to-metadata": (KEPT, OTHER_HOST, 1),
    "redirect-in-gbk-bytes": (KEPT, "store/new", 1),
    "target-in-gbk": (READ, "store/new", 1),
    "link-to-a-file": (UNASKED, "offsite/filtered", 0),
    "link-to-private": (UNASKED, "offsite/filtered", 0),
    "gzip-bomb": (KEPT, "unpacking/bombs", 1),
    "brotli-bomb": (KEPT, "unpacking/bombs", 1),
    "gzip-in-gzip": (KEPT, "unpacking/bombs", 1),
    "gigabyte-with-length": (NOTHING, CANCELLED, 1),
    "gigabyte-without-length": (NOTHING, CANCELLED, 1),
    "headers-without-end": (NOTHING, HEAD, 1),
    "header-of-a-megabyte": (NOTHING, FAILED, 2),
    "continue-without-end": (NOTHING, HEAD, 1),
    "byte-a-second": (NOTHING, TIMEOUT, 2),
    "silence": (NOTHING, TIMEOUT, 2),
    "length-too-long": (READ, "torn/whole", 1),
    "length-of-a-torn-page": (KEPT, "torn/articles", 2),
    "length-too-short": (READ, "store/new", 1),
    "length-of-no-number": (READ, "store/new", 1),
    "two-lengths": (NOTHING, FAILED, 2),
    "chunk-of-no-size": (READ, "torn/whole", 1),
    "chunks-cut-off": (KEPT, "torn/articles", 2),
    "chunks-without-end": (READ, "torn/whole", 1),
    "gzip-cut-off": (KEPT, "torn/articles", 2),
    "gzip-that-is-none": (READ, "unpacking/not_packed", 1),
    "no-http": (NOTHING, FAILED, 2),
    "no-answer": (NOTHING, FAILED, 2),
    "tls-of-its-own": (READ, "store/new", 1),
    "tls-that-is-none": (UNASKED, FAILED, 0),
    "error-page-with-200": (KEPT, "refused/not_found", 1),
    "robots-deny": (UNASKED, "robotstxt/forbidden", 0),
    "robots-huge": (UNASKED, "robots/cut", 0),
    "robots-html": (READ, "store/new", 1),
    "robots-503": (UNASKED, "robots/unreachable", 0),
    "robots-binary": (READ, "store/new", 1),
    "nested-open": (READ, "store/new", 1),
    "nested-closed": (READ, "store/new", 1),
    "nested-around": (READ, "store/new", 1),
    "nested-inline": (READ, "store/new", 1),
    "nested-unknown": (READ, "store/new", 1),
    "nested-tables": (READ, "store/new", 1),
    "five-megabytes-in-a-line": (READ, "store/new", 1),
    "megabyte-of-markup": (READ, "store/new", 1),
    "megabyte-of-an-attribute": (READ, "store/new", 1),
    "megabyte-of-numbers": (KEPT, "check/not_chinese", 1),
    "megabyte-of-brackets": (READ, "store/new", 1),
    "megabyte-of-references": (KEPT, "check/not_chinese", 1),
    "more-than-is-read": (KEPT, "decode/too_long", 1),
    "nul-bytes": (READ, "store/new", 1),
    "latin-bytes-in-headers": (READ, "store/new", 1),
    "address-in-gbk": (READ, "store/new", 1),
    "address-of-bad-utf8": (READ, "store/new", 1),
    "address-of-idn": (READ, "store/new", 1),
    "address-of-100-kilobytes": (UNASKED, "urllength/request_ignored_count", 0),
    "address-of-nonsense": (UNASKED, "list/rules", 0),
    "address-of-a-bad-port": (UNASKED, "list/rules", 0),
    "good-at-the-end": (READ, "store/new", 1),
    "sitemap-entity-bomb": (KEPT, "feed/broken", 1),
    "sitemap-entity-file": (KEPT, "feed/broken", 1),
    "sitemap-of-files": (KEPT, OTHER_SCHEME, 1),
    "sitemap-of-private": (KEPT, PRIVATE, 1),
    "sitemap-of-itself": (KEPT, "recording/pages", 1),
    "sitemap-deep": (KEPT, "feed/broken", 1),
    "sitemap-last": (KEPT, "store/new", 1),
}

SOURCE = """name = "东江新闻网"
family = "{family}"
start = ["{start}"]
{more}
[polite]
delay = 0.0
concurrency = 8
"""
LISTED = '[select]\nlist = "ul a"'

MEGABYTE = 1024 * 1024
# Nothing waits for long, nothing is as large as it might be, and a site that answers 503 is asked again at once.
BRISK = {
    "BACKOFF_START": 0.05, "BACKOFF_TIMES": 100, "RETRY_TIMES": 1, "REDIRECT_MAX_TIMES": FOLLOWED,
    "READ_MAXSIZE": 6 * MEGABYTE, "DOWNLOAD_MAXSIZE": 8 * MEGABYTE,
}  # fmt: skip


@contextmanager
def served(start):
    """What the server says of itself, and the requests that it gets, as pairs of a port's name and an address."""
    with start("python", HERE / "server.py", stdin=-1) as process:
        told = json.loads(process.stdout.readline())
        asked = []
        thread = Thread(target=lambda: asked.extend(map(json.loads, process.stdout)))
        thread.start()
        try:
            yield told, asked
        finally:
            process.stdin.close()
            thread.join()


@pytest.fixture(scope="module")
def crawled(start, run, together, tmp_path_factory):
    """What the crawls of all groups of cases brought."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "sources/dongjiang").mkdir(parents=True)
    with served(start) as (told, asked):
        sources = {
            "pages": ("portal", f"{told['origin']}/pages.html", f'hosts = ["dongjiang.example"]\n{LISTED}'),
            "slow": ("portal", f"{told['origin']}/slow.html", LISTED),
            "endless": ("portal", f"{told['origin']}/endless.html", LISTED),
            "statuses": ("portal", f"{told['origin']}/statuses.html", LISTED),
            "sitemaps": ("feed", "http://sitemaps.example/sitemaps.xml", ""),
            "endless_sitemaps": ("feed", "http://sitemaps.example/sitemap-endless-1.xml", ""),
            "rebound": ("portal", f"http://rebound.example:{urlsplit(told['origin']).port}/pages.html", LISTED),
            "many": ("feed", "http://sitemaps.example/sitemap-50000.xml", ""),
        }
        for name, (family, address, more) in sources.items():
            text = SOURCE.format(family=family, start=address, more=more)
            (folder / f"sources/dongjiang/{name}.toml").write_text(text)
        # What is not on loopback goes to the server as to a proxy; loopback itself is gone to, and looked up.
        env = {"http_proxy": told["origin"], "no_proxy": "127.0.0.1,127.0.0.2,localhost,2130706433,::1,rebound.example"}
        env["ZHAOSHANG_CONTACT"] = "press@dongjiang.example"
        groups = (
            ("pages", {}),
            (
                "slow,endless,statuses,sitemaps,endless_sitemaps,rebound",
                {"DOWNLOAD_TIMEOUT": 2, "DEPTH_LIMIT": 20, "TWISTED_DNS_RESOLVER": "rebound.Rebound"},
            ),
            ("many", {"LIMIT": 20}),
        )

        def crawl(group):
            names, settings = group
            arguments = (folder / names, folder / "sources", names, json.dumps(BRISK | settings))
            done = run("python", HERE / "crawl.py", *arguments, env=env)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        brought = together(crawl, groups)
    return Crawled(told, asked, [folder / names for names, _ in groups], brought)


class Crawled:
    """The server's cases, the requests it got, and what the runs and archives say."""

    def __init__(self, told, asked, folders, brought):
        self.told = told
        self.asked = Counter(address for _, address in asked)
        self.folders = folders
        self.sources = {name: run for each in brought for name, run in each["sources"].items()}
        self.megabytes = [each["megabytes"] for each in brought]

    def stat(self, name):
        """A stat of the runs that have cases, together."""
        return sum(self.sources[source]["stats"].get(name, 0) for source in ("pages", "slow", "sitemaps"))

    def times(self, name):
        """How often a case was asked for, under whatever address."""
        if name.startswith("sitemap"):
            return self.asked[self.told["cases"][name]["address"]]
        inside = "/%D5%D0%C9%CC/" if name == "target-in-gbk" else f"/n/{name}/"
        return sum(times for address, times in self.asked.items() if inside in address and "robots.txt" not in address)


@pytest.fixture(scope="module")
def outcomes(crawled, query):
    """What became of each case."""
    texts, kept = {}, set()
    for folder in crawled.folders[:2]:
        texts |= {row["url"]: row["text"] for row in query(folder, "select url, text from articles")}
        kept |= {row["url"] for row in query(folder, "select url from pages")}

    def outcome(name):
        address = crawled.told["cases"][name]["address"]
        path = urlsplit(address).path if "[" not in address else address
        words = f"{name}：开发区第一批企业昨天签约"
        if any(urlsplit(url).path == path and words in text for url, text in texts.items()):
            return READ
        if any(urlsplit(url).path == path for url in kept):
            return KEPT
        return NOTHING if crawled.times(name) else UNASKED

    return {name: outcome(name) for name in crawled.told["cases"]}


def test_every_case_is_expected_to_become_something(crawled):
    assert set(crawled.told["cases"]) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_case_ends(name, outcomes, crawled):
    """Each has its outcome, is asked for a bounded number of times, and counted."""
    becomes, stat, most = CASES[name]
    assert (outcomes[name], crawled.times(name)) == (becomes, most)
    assert crawled.stat(stat) > 0


@pytest.mark.parametrize("stat", sorted({stat for _, stat, _ in CASES.values()} - {"list/rules", "recording/pages"}))
def test_what_is_counted_is_what_happened(stat, crawled):
    """No case hides behind another one of its kind. Tries again, and robots.txt files, count as well."""
    assert crawled.stat(stat) >= sum(stat == counted for _, counted, _ in CASES.values())


def test_what_did_not_come_whole_is_recorded_as_that(crawled):
    """In WARC: a body that broke off says so, and a request that brought nothing says why."""
    truncated, failed = set(), {}
    for folder in crawled.folders[:2]:
        for path in (folder / "warc").iterdir():
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    name = (record.rec_headers["WARC-Target-URI"] or "").partition("/n/")[2].partition("/")[0]
                    if record.rec_headers["WARC-Truncated"]:
                        truncated.add((name, record.rec_headers["WARC-Truncated"]))
                    elif record.rec_type == "metadata":
                        failed[name] = record.content_stream().read().decode()
    assert {("chunks-cut-off", "disconnect"), ("length-of-a-torn-page", "disconnect")} <= truncated
    nothing = {name for name, (becomes, _, _) in CASES.items() if becomes == NOTHING and not name.startswith("sitemap")}
    assert nothing <= set(failed)
    assert all(failed[name].startswith("fetch-failure: ") for name in nothing)


def test_no_secret_is_fetched(crawled, query):
    """Not from files, from this machine or its network, nor from a host that no source names."""
    assert not [address for address in crawled.asked if "secret" in address or address.endswith("/dtd")]
    assert all(run["reason"] == "finished" for run in crawled.sources.values())
    hostname = Path("/etc/hostname")
    secret = hostname.read_text().strip() if hostname.exists() else "nothing"
    for folder in crawled.folders:
        assert not query(folder, "select url from pages where url like 'file:%' or url like '%other.example%'")
        assert not query(folder, "select url from articles where text like ?", f"%{secret}%")


def test_a_name_alone_leads_to_no_private_address(crawled):
    """Not even the name of a source: it takes the address itself, in `hosts`."""
    assert crawled.sources["rebound"]["stats"][PRIVATE] == 2
    assert crawled.sources["rebound"]["finding"].startswith("no page could be fetched: PrivateAddressError 2 times")


def test_nothing_is_an_error_of_ours(crawled):
    """Errors that a page brings out of our own code would be counted here."""
    assert {name: run["stats"].get("run/errors", 0) for name, run in crawled.sources.items()} == dict.fromkeys(
        crawled.sources, 0
    )
    assert not any(key.startswith("spider_exceptions") for run in crawled.sources.values() for key in run["stats"])


def test_memory_is_bounded(crawled):
    assert max(crawled.megabytes) < 1000


def test_an_endless_calendar_ends(crawled):
    """At DEPTH_LIMIT; what it brought until then is kept."""
    stats = crawled.sources["endless"]["stats"]
    assert (stats["request_depth_max"], stats["list/rules"]) == (20, 21)
    assert stats["depth/request_ignored_count"] > 0
    assert stats["store/new"] == 60


def test_endless_sitemaps_end(crawled):
    stats = crawled.sources["endless_sitemaps"]["stats"]
    assert stats["request_depth_max"] == 20
    assert stats["depth/request_ignored_count"] == 1


def test_a_sitemap_of_50000_entries_is_read(crawled):
    """As far as --limit wants it."""
    assert crawled.sources["many"]["stats"]["store/new"] == 20


def test_every_status_is_counted_and_the_good_page_kept(crawled):
    run = crawled.sources["statuses"]
    for status in set(crawled.told["statuses"]) - {200}:
        assert run["stats"][f"downloader/response_status_count/{status}"] >= 1
    assert run["stats"]["store/new"] == 1


NESTED = {
    "open": "<div>" * 100_000,
    "closed": "<div>" * 100_000 + "</div>" * 100_000,
    "quoted": "<blockquote>" * 100_000 + "<p>东江</p>" + "</blockquote>" * 100_000,
    "lists": "<ul><li>" * 50_000,
}


@pytest.mark.parametrize("markup", NESTED.values(), ids=NESTED)
def test_nested_markup_is_read_in_seconds(markup):
    """The parser alone took 44 s for the second."""
    begun = time.process_time()
    document = Document(f"<html><body><p>开发区昨天签约</p>{markup}</body></html>", "http://dongjiang.example/")
    assert "开发区昨天签约" in [line.text for line in document.lines]
    assert time.process_time() - begun < 5


def test_long_pages_keep_their_structure():
    """Elements that end where the next begins are not within each other, however many there are."""
    document = Document("<ul>" + "<li>签约<p>动工" * 12_000 + "</ul>", "http://dongjiang.example/")
    assert len(document.tree.css("li")) == len(document.tree.css("p")) == 12_000


def test_a_source_may_name_an_address_of_its_network(tmp_path):
    path = tmp_path / "intern.toml"
    address = "http://intern.dongjiang.example/"
    path.write_text(SOURCE.format(family="portal", start=address, more='hosts = ["10.1.2.3"]'))
    assert hosts(load(path)) == ["10.1.2.3", "intern.dongjiang.example"]


def table(crawled, outcomes):
    """What docs/hostile.md holds between its markers."""
    yield "| case | what the server does | what becomes of it | asked | counted as |"
    yield "|---|---|---|---|---|"
    for name, (_, stat, _) in CASES.items():
        does = crawled.told["cases"][name]["does"]
        counted = stat.removeprefix("downloader/exception_type_count/")
        yield f"| `{name}` | {does} | {outcomes[name]} | {crawled.times(name)} | `{counted}` |"


def test_the_document_has_the_table(crawled, outcomes):
    """`make hostile` prints it, and writes it."""
    printed = "\n".join(table(crawled, outcomes))
    sys.stdout.write(printed)
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "<!-- table -->\n" in text
    written = re.sub(
        r"(?s)(<!-- table -->\n).*?(<!-- end -->)", lambda match: match[1] + printed + "\n" + match[2], text
    )
    if os.environ.get("ZHAOSHANG_WRITE_DOCS"):
        DOCUMENT.write_text(written, encoding="utf-8")
    assert text == written or os.environ.get("ZHAOSHANG_WRITE_DOCS"), "run `make hostile`"
