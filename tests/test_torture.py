"""A crawl that is killed, or finds no room, or no network, and begun again ends with what an undisturbed one brings."""

import pytest

from benchmarks.torture.compared import differences, faults, fetched_again, holdings
from benchmarks.torture.crawls import Crawls
from crawler.demo.server import SampleServer

pytestmark = pytest.mark.long

SOURCE = "sheyang"

KILLS = [
    {"die": "half a WARC record written", "times": 12},
    {"die": "a torn record being cut"},
    {"die": "record written, no row of its page", "times": 8},
    {"die": "inside the transaction of an article", "times": 5},
]
"""In this order, one after the other. `make torture` kills at any moment, and everywhere."""

FAULTS = {
    "disk full, by WARC": ({"error": "ENOSPC", "times": 14}, "disk full: "),
    "disk full, by SQLite": ({"pragma": "max_page_count = 200"}, "disk full: "),
    "disk read-only, by SQLite": ({"pragma": "query_only = on"}, "disk read-only: "),
}


class GoingAway(SampleServer):
    """A server that answers so many requests, and closes the connection at all others."""

    def answer(self, url, form=None):
        answer = super().answer(url, form)
        if len(self.requests) > 20:
            raise ConnectionError
        return answer


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("torture")


@pytest.fixture(scope="module")
def crawled(folder):
    """By name, the crawls of each archive, in order; `undisturbed` is the archive that the others are to be like."""
    with Crawls() as crawls, SampleServer() as server:

        def crawl(name, server=server, **how):
            return crawls.crawl(folder / name, server, [SOURCE], **how)

        with GoingAway() as going_away:
            cut_off = crawl("without network", going_away)
        return {
            "undisturbed": [crawl("undisturbed")],
            "killed": [crawl("killed", **how) for how in (*KILLS, {})],
            "without room": [crawl("without room", **how) for how in (*(how for how, _ in FAULTS.values()), {})],
            # By a clock that is a day behind that of the crawl before.
            "without network": [cut_off, crawl("without network", at="2025-11-20T08:00:00+00:00")],
        }


@pytest.mark.parametrize("name", ["killed", "without room", "without network", "undisturbed"])
def test_what_comes_of_it_is_what_an_undisturbed_crawl_brings(name, crawled, folder):
    assert crawled[name]
    assert faults(folder / name) == []
    assert differences(folder / name, holdings(folder / "undisturbed")) == []


def test_each_kill_came_where_it_should(crawled):
    assert [done.returncode for done in crawled["killed"]] == [-9] * len(KILLS) + [0]


def test_what_is_torn_is_cut_and_said(crawled, folder):
    [torn] = (folder / "killed" / "warc").glob("*.torn")
    assert torn.read_bytes().startswith(b"\x1f\x8b")
    whole = torn.with_name(torn.name.partition(".warc.gz")[0] + ".warc.gz")
    assert torn.name == f"{whole.name}.{whole.stat().st_size}.torn"
    said = (folder / "killed" / "jobs" / "crawl.log").read_text()
    assert f"{whole.name} was torn: {torn.stat().st_size} bytes behind byte {whole.stat().st_size}" in said
    assert crawled["killed"][-1].stderr == ""


@pytest.mark.parametrize("name", ["killed", "without room", "without network"])
def test_the_archive_comes_out_of_its_warc_files_again(name, crawled, folder, zhaoshang):
    assert crawled
    done = zhaoshang("rebuild", data=folder / name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "the same as archive.db"


def test_killed_runs_say_so(crawled, folder, query):
    assert crawled
    told = query(folder / "killed", "select reason, stats from runs order by id")
    # One died before it could enter itself.
    assert [row["reason"] for row in told] == ["killed"] * (len(KILLS) - 1) + ["finished"]


def test_what_has_no_room_is_said_in_a_line(crawled):
    for done, (_, told) in zip(crawled["without room"], FAULTS.values(), strict=False):
        assert done.returncode == 1
        [line] = done.stderr.splitlines()
        assert line.startswith(f"zhaoshang: {SOURCE}: ")
        assert told in line
        assert "not stored; " in line
    last = crawled["without room"][-1]
    assert (last.returncode, last.stderr) == (0, "")


def test_articles_are_not_asked_for_again_but_where_it_needs_be(crawled, folder):
    """Lists are: what stands behind them is not known. Of articles those that were on their way are."""
    assert crawled
    articles, _ = fetched_again(folder / "killed")
    assert articles <= 16 * len(KILLS)


def test_a_clock_that_was_set_back_is_said(crawled):
    cut_off, done = crawled["without network"]
    assert "articles, expected at least 23" in cut_off.stderr
    assert done.returncode == 1
    assert "the clock was set back: it is 2025-11-20T08:00:00Z, and the run before began at 20" in done.stderr
