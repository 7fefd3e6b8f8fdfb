"""`zhaoshang crawl` on the sample sites: parts of them, interrupted, gone on with, watched on a terminal."""

import os
import pty
import shutil
import signal
import sqlite3
from collections import Counter
from datetime import timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import runs
from archive.article import utc_now
from archive.database import index_faults, open_archive
from crawler.demo.province import build
from spiders import source as registry
from spiders.reading.links import canonical

TRUTHS = {canonical(url): truth for url, truth in build().truths.items()}


def truths_of(*sources):
    return {url: truth for url, truth in TRUTHS.items() if truth.source in sources}


# A part of a source


PARTS = {
    "limit": ("jinhe", "shangqiao", "xiangyue", "--limit", "3"),
    "since": ("shangqiao", "xiangyue", "--since", "2024-09-04"),
}


@pytest.fixture(scope="module")
def parts(zhaoshang, together, tmp_path_factory):
    """The data folder after each of them, and what was said."""

    def crawl(arguments):
        data = tmp_path_factory.mktemp("part") / "data"
        return data, zhaoshang("crawl", *arguments, data=data)

    return dict(zip(PARTS, together(crawl, PARTS.values()), strict=True))


def test_limit(parts, query):
    data, done = parts["limit"]
    assert (done.returncode, done.stderr) == (0, "")
    assert "shangqiao: finished, 5 pages, 3 new, 0 changed, 0 unchanged, 0 dropped" in done.stdout.splitlines()
    found = query(data, "select source, url from articles")
    assert Counter(row["source"] for row in found) == {"jinhe": 3, "shangqiao": 3, "xiangyue": 3}
    assert {row["url"] for row in found} < set(TRUTHS)
    lists = query(data, "select url from pages where url like '%jinhe%/GB/%'")
    assert len(lists) == 1, "no further list is worth asking for"


def test_since(parts, query):
    """What names no date may be new: it is kept."""
    data, done = parts["since"]
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["url"] for row in query(data, "select url from articles")} == {
        url
        for url, truth in truths_of("shangqiao", "xiangyue").items()
        if truth.published is None or truth.published >= "2024-09-04"
    }


def test_all_due(zhaoshang, site, html, tmp_path):
    """Real sources, behind a proxy that has one invented page of one of them: nothing goes out."""
    real = [source for source in registry.load_all().values() if not source.is_sample]
    due = next(source for source in real if source.id == "people_gansu")
    article = due.start[0] + "n2/2024/0816/c208924-40947654.html"
    db = open_archive(tmp_path)
    for source in real:
        started = utc_now() - (source.every if source is due else timedelta())
        counts = {"new": 0, "changed": 0, "unchanged": 3}
        runs.finish(db, runs.begin(db, source.id, started), utc_now(), "finished", counts, None, {})
    db.close()
    proxies = {"http_proxy": site.address, "https_proxy": site.address}
    broken = zhaoshang("crawl", "--all-due", data=tmp_path, env=proxies)
    assert (broken.returncode, broken.stderr) == (
        1, f"zhaoshang: {due.id}: brought 0 articles, expected at least 1\n"
    )  # fmt: skip
    # What went wrong is due again.
    site.pages[due.start[0]] = f'<ul class="list_14"><li><a href="{article}">戈壁滩上的第二批订单</a></li></ul>'
    site.pages[article] = html(
        "戈壁滩上的第二批订单",
        "2024年08月16日08:32  来源：金河网",
        "八月中旬，金川区的镍盐车间送走第二批出口订单，合同额1.2亿元。",
        "招商局说，客户是去年在推介会上认识的，看厂两次以后才签的字。",
    ).replace("class='content'", "class='rm_txt_con'")
    first = zhaoshang("crawl", "--all-due", data=tmp_path, env=proxies)
    assert [line for line in first.stdout.splitlines() if ": finished" in line] == [
        f"{due.id}: finished, 3 pages, 1 new, 0 changed, 0 unchanged, 0 dropped"
    ]
    assert due.start[0] in site.requests
    asked = len(site.requests)
    second = zhaoshang("crawl", "--all-due", data=tmp_path, env=proxies)
    assert (second.returncode, second.stdout, second.stderr) == (0, "nothing is due\n", "")
    assert len(site.requests) == asked


# Ctrl-C


@pytest.fixture(scope="module")
def interrupted(start, query, wait_until, tmp_path_factory):
    """A data folder after Ctrl-C in the middle of a crawl, the exit status, and the lines on standard error."""
    data = tmp_path_factory.mktemp("interrupted") / "data"
    with start("zhaoshang", "--data", data, "crawl", "hongan", "jinhe") as process:
        wait_until(lambda: holds_ten(query, data))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    return data, process.returncode, err.splitlines()


def holds_ten(query, data):
    """Whether ten articles have come in."""
    try:
        return query(data, "select count(*) as articles from articles")[0]["articles"] >= 10
    except sqlite3.OperationalError:
        return False


@pytest.fixture(scope="module")
def resumed(interrupted, zhaoshang, tmp_path_factory):
    """A copy of that folder after the same command once more, and what that said."""
    data = tmp_path_factory.mktemp("resumed") / "data"
    shutil.copytree(interrupted[0], data)
    return data, zhaoshang("crawl", "hongan", "jinhe", data=data)


def test_interrupt_says_one_line(interrupted):
    _, status, said = interrupted
    assert status == 1
    assert said == ["zhaoshang: stopped; what came in is kept, and the same command goes on from there"]


def test_interrupt_keeps_what_came_in(interrupted, query):
    data, _, _ = interrupted
    articles = {row["url"]: row for row in query(data, "select * from articles")}
    assert 10 <= len(articles) < len(truths_of("hongan", "jinhe"))
    assert [url for url, row in articles.items() if row["text"] != TRUTHS[url].text] == []
    rows = query(data, "select * from runs")
    assert {row["source"]: row["new"] for row in rows} == Counter(row["source"] for row in articles.values())
    assert {row["reason"] for row in rows} == {"shutdown"}
    assert all(row["finished"] for row in rows)


@pytest.mark.parametrize("when", ["interrupted", "resumed"])
def test_nothing_is_half_written(when, query, request):
    data = request.getfixturevalue(when)[0]
    assert query(data, "pragma integrity_check") == [{"integrity_check": "ok"}]
    assert query(data, "pragma foreign_key_check") == []
    db = open_archive(data)
    assert list(index_faults(db)) == []
    db.close()
    places = set()
    for path in (data / "warc").iterdir():
        with path.open("rb") as file:
            records = ArchiveIterator(file, check_digests="raise")
            for record in records:
                record.content_stream().read()
                if record.rec_type in ("response", "revisit"):
                    places.add((path.name, records.get_record_offset()))
    assert places == {
        (row["warc_file"], row["warc_offset"]) for row in query(data, "select warc_file, warc_offset from pages")
    }


def test_a_crawl_killed_while_it_resumes_is_made_anew(interrupted, start, zhaoshang, query, wait_until, tmp_path):
    """The queue it leaves behind cannot be trusted: Scrapy would read it for ever, and miss articles."""
    data = tmp_path / "data"
    shutil.copytree(interrupted[0], data)
    pages = "select count(*) as pages from pages"
    [before] = query(data, pages)
    with start("zhaoshang", "--data", data, "crawl", "jinhe") as process:
        wait_until(lambda: query(data, pages)[0]["pages"] >= before["pages"] + 10)
        process.kill()
    done = zhaoshang("crawl", "jinhe", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    found = query(data, "select url from articles where source = 'jinhe'")
    assert {row["url"] for row in found} == set(truths_of("jinhe"))
    reasons = query(data, "select reason from runs where source = 'jinhe' order by id")
    assert [row["reason"] for row in reasons] == ["shutdown", "killed", "finished"]


def test_the_next_crawl_goes_on_from_there(interrupted, resumed, query):
    data, _ = resumed
    articles = query(data, "select url, text from articles")
    assert {row["url"]: row["text"] for row in articles} == {
        url: truth.text for url, truth in truths_of("hongan", "jinhe").items()
    }
    fetched = Counter(row["url"] for row in query(data, "select url from pages where status = 200"))
    assert [url for url, times in fetched.items() if url in TRUTHS and times > 1] == []
    assert [path.name for path in (interrupted[0] / "jobs").iterdir() if path.is_dir()] != []
    assert [path.name for path in (data / "jobs").iterdir()] == ["crawl.log"]


def test_a_crawl_that_completes_an_interrupted_one_is_fine(resumed, query):
    """Both together brought what the source should bring, so nothing is to be found fault with."""
    data, done = resumed
    assert query(data, "select finding from runs where finding is not null") == []
    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_interrupt_stops_at_once(start, query, wait_until, tmp_path):
    log = tmp_path / "jobs/crawl.log"
    with start("zhaoshang", "--data", tmp_path, "crawl", "hongan", "jinhe") as process:
        wait_until(lambda: holds_ten(query, tmp_path))
        process.send_signal(signal.SIGINT)
        wait_until(lambda: "Received SIGINT" in log.read_text())
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert query(tmp_path, "pragma integrity_check") == [{"integrity_check": "ok"}]
    assert (process.returncode, len(err.splitlines())) == (1, 1)
    assert err.startswith("zhaoshang: stopped")


# Progress


def test_a_terminal_shows_a_bar(start, tmp_path):
    ours, theirs = pty.openpty()
    options = {"stdout": theirs, "stderr": theirs, "env": {"TERM": "xterm"}}
    with start("zhaoshang", "--data", tmp_path, "crawl", "shangqiao", "--limit", "3", **options) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: read(ours), b"")).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "\x1b[" in shown
    assert "━" in shown.partition("┏")[0], "a bar, before the table is drawn"
    assert "3 articles" in shown
    assert "shangqiao: finished" not in shown


def read(terminal):
    """What came in on a terminal; nothing where the other side has gone."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
