"""`zhaoshang story`: copies by time, their kinds, versions and differences; on a terminal, in a pipe, as JSON."""

import json
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from archive import runs
from archive.addresses import add_address
from archive.article import Article, Page, RecordPlace
from archive.database import delete, open_archive, save, save_page
from archive.story import UnknownStoryError, find_story
from crawler import cli
from crawler.demo.pollute import traditional

PARAGRAPHS = (
    "十二日上午，西河县的招商会开在一家轴承厂的车间里，没有主席台，三十七位客商坐在工具箱和木条凳上，听厂长讲自己怎么搬来的。",
    "厂长说，头一年招不到熟手，是镇里把退了休的老钳工一家一家请出来，白天带班，夜里讲图，三个月带出了四十名徒弟。",
    "会后有五家企业签了意向书，总投资12.5亿元。县商务局说，以后每个月换一家厂，讲的人不念稿，问的人不设限。",
    "有客商问起用电，供电所当场拿出了近两年的停电记录，一共四次，最长的一次五十分钟，是台风那天夜里抢修造成的。",
    "也有人问起补贴。县长答得干脆：写进合同的，一分不少；没写进合同的，一分没有。台下先是静了一静，然后有人鼓掌。",
)
"""A report with five paragraphs."""

TITLE = "西河县把招商会开到了车间里"
TEXT = "\n".join(PARAGRAPHS)
PAPER, PORTAL, MIRROR, TRADE = (f"http://{name}.example/1.htm" for name in ("xihe", "portal", "mirror", "trade"))
OTHER = "http://xihe.example/2.htm"


class Writer:
    """Saves readings as a crawl does, without one."""

    def __init__(self, db):
        self.db = db

    def read(self, url, source, day, **fields):
        page = Page(url, "", datetime(2024, 9, day, 8, 5, tzinfo=UTC), digest="sha1:3I42H3S6NNFQ2MSV")
        page = replace(page, id=save_page(self.db, page, RecordPlace(f"{source}.warc.gz", day * 100, 90), None))
        article = Article(url, source, page, **{"title": TITLE, "published_precision": "minute", **fields})
        return save(self.db, article)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An archive with one report in four copies, one of them changed and gone, and with another report."""
    folder = tmp_path_factory.mktemp("story") / "data"
    with closing(open_archive(folder)) as db:
        writer = Writer(db)
        for source, name in (("xihe", "西河日报"), ("portal", "东江新闻网"), ("mirror", "聚訊網"), ("trade", "产业网")):
            runs.enter_source(db, {"id": source, "name": name})
        writer.read(
            TRADE, "trade", 7, text="\n".join(PARAGRAPHS[1:4]).replace("一共四次", "一共两次"), origin="东江新闻网",
            title="车间里的招商会\x1b[2J", published="2024-09-06T10:00:00+08:00",
        )  # fmt: skip
        writer.read(
            MIRROR, "mirror", 7, text=traditional(TEXT), title=traditional(TITLE), script="hant",
            published="2024-09-05T12:00:00+08:00",
        )  # fmt: skip
        writer.read(PAPER, "xihe", 5, text=TEXT, published="2024-09-04T06:00:00+08:00", script="hans")
        added = TEXT + "\n本网将继续关注后续进展。"
        first = writer.read(
            PORTAL, "portal", 5, text=added, origin="西河日报", published="2024-09-04T09:30:00+08:00", script="hans"
        )
        twin = replace(first, url="http://portal.example/m/1.htm")
        add_address(db, twin, (first.id, first.url))
        writer.read(
            PORTAL, "portal", 8, text=added.replace("12.5亿", "15.2亿").replace(PARAGRAPHS[4] + "\n", ""),
            origin="西河日报", published="2024-09-04T09:30:00+08:00", script="hans",
        )  # fmt: skip
        db.execute(
            "update articles set gone_at = '2024-09-12T00:00:00Z', gone_evidence = '404 twice' where url = ?", [PORTAL]
        )
        db.conn.commit()
        writer.read(
            OTHER,
            "xihe",
            5,
            title="东江口岸开通周末预约通关",
            text="东江口岸自九月起接受周末预约，生鲜出口企业提前一天填单。",
        )
    return folder


@pytest.fixture(scope="module")
def invoke(data):
    def invoke(*args):
        return CliRunner().invoke(cli.main, ["--data", str(data), *args], prog_name="zhaoshang")

    return invoke


@pytest.fixture(scope="module")
def told(invoke):
    """The lines for the report into a pipe."""
    done = invoke("story", PAPER)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def copies(invoke):
    return {row["url"]: row for row in map(json.loads, invoke("story", PAPER, "--json").stdout.splitlines())}


def block(told, url):
    """The lines of one copy, without those of the next."""
    start = told.index(f"  {url}") - 1
    end = told.index("", start) if "" in told[start:] else len(told)
    return told[start:end]


def test_copies_stand_in_order_of_time(copies, told):
    assert list(copies) == [PAPER, PORTAL, MIRROR, TRADE]
    assert [line for line in told if line[:1].isdigit() and "  " in line] == [
        "1  2024-09-04 06:00  西河日报  first  best",
        "2  2024-09-04 09:30  东江新闻网",
        "3  2024-09-05 12:00  聚訊網",
        "4  2024-09-06 10:00  产业网",
    ]


def test_the_head_tells_best_and_first(told):
    number = told[0].split()[1]
    assert told[:4] == [
        f"story {number}  {TITLE}",
        "4 articles in 4 sources",
        "first: 1, 西河日报: published 2024-09-04 06:00, the earliest of 4, named as the origin by 1",
        "best: 1, the copy that the others are compared with",
    ]


def test_what_each_copy_is_and_whom_it_was_taken_from(copies, told):
    assert {url: row["kind"] for url, row in copies.items()} == {
        PAPER: "same", PORTAL: "reprint", MIRROR: "script", TRADE: "excerpt",
    }  # fmt: skip
    article = {url: row["article"] for url, row in copies.items()}
    assert {url: row["taken_from"] for url, row in copies.items()} == {
        PAPER: None, PORTAL: article[PAPER], MIRROR: None, TRADE: article[PORTAL],
    }  # fmt: skip
    assert "  taken from 1: 来源：西河日报" in block(told, PORTAL)
    assert "  taken from 2: 来源：东江新闻网" in block(told, TRADE)
    assert any(line.startswith("  in the other script as 1: resemblance 1.00") for line in block(told, MIRROR))


def test_a_changed_copy_tells_what_stood_there(copies, told):
    lines = block(told, PORTAL)
    start = lines.index("  changed, read 2024-09-08 (version 2)")
    assert lines[start + 1 : start + 5] == [
        "    text",
        "      - 会后有五家企业签了意向书，总投资【12.5亿】元。县商务局说，以后每个月换一家厂，…",
        "      + 会后有五家企业签了意向书，总投资【15.2亿】元。县商务局说，以后每个月换一家厂，…",
        f"      - {PARAGRAPHS[4]}",
    ]
    first, second = copies[PORTAL]["versions"]
    assert first["differences"] == []
    assert [(each["version"], each["warc"]["file"], each["warc"]["offset"]) for each in (first, second)] == [
        (1, "portal.warc.gz", 500), (2, "portal.warc.gz", 800),
    ]  # fmt: skip
    [difference] = second["differences"]
    assert difference["field"] == "text"
    assert [(change["kind"], change["before"]) for change in difference["changes"]] == [
        ("changed", [3]),
        ("removed", [5]),
    ]


def test_what_is_gone_says_since_when(copies, told):
    assert "  gone since 2024-09-12: 404 twice" in block(told, PORTAL)
    assert {url for url, row in copies.items() if row["gone_at"]} == {PORTAL}


def test_an_excerpt_names_what_it_leaves_out_by_number(told):
    lines = block(told, TRADE)
    assert "    text: 1 paragraph changed, without paragraphs 1, 5" in lines
    assert any("一共【四次】" in line for line in lines) or any("一共【四】次" in line for line in lines)
    assert not any(PARAGRAPHS[0] in line for line in lines)


def test_a_copy_in_the_other_script_does_not_differ_by_it(copies, told):
    assert copies[MIRROR]["against_best"] == []
    assert not any("against" in line for line in block(told, MIRROR))


def test_no_page_speaks_to_the_terminal(told):
    assert "\x1b" not in "".join(told)
    assert any("[2J" in line for line in told)


def test_a_terminal_shows_colours(start, data):
    master, terminal = os.openpty()
    with start("zhaoshang", "--data", data, "story", PAPER, stdout=terminal, env={"TERM": "xterm"}) as process:
        os.close(terminal)
        shown = b""
        try:
            while part := os.read(master, 4096):
                shown += part
        except OSError:  # Linux answers so when the other end has gone
            pass
    os.close(master)
    shown = shown.decode()
    assert process.returncode == 0
    assert "【" not in shown
    assert "\x1b[7;32m15.2亿\x1b[0m" in shown
    assert "\x1b[2J" not in shown


@pytest.mark.parametrize(
    "address",
    [PORTAL, "http://portal.example/m/1.htm", "portal.example/1.htm", "https://portal.example/1.htm#p", TRADE],
)
def test_any_address_of_an_article_leads_to_its_story(invoke, told, address):
    assert invoke("story", address).stdout.splitlines() == told


@pytest.mark.parametrize(
    "wanted", ["0", "99999", "9" * 30, "9" * 5000, "\udcff", "http://nowhere.example/1.htm", "没有", "-", "٣"]
)
def test_an_unknown_story_is_one_line(invoke, wanted):
    done = invoke("story", wanted)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("zhaoshang: no ")
    assert done.stderr.count("\n") == 1


def test_the_id_of_a_merged_story_leads_to_the_other(tmp_path):
    """Two halves of a report are no copies of each other; the whole of it is a copy of both."""
    with closing(open_archive(tmp_path)) as db:
        writer = Writer(db)
        # An excerpt has half of the whole; so each has a paragraph in common with the other.
        one = writer.read(PAPER, "xihe", 2, text="\n".join(PARAGRAPHS[:3]))
        two = writer.read(PORTAL, "portal", 3, text="\n".join(PARAGRAPHS[2:]))
        ids = [row["story_id"] for row in db.query("select story_id from articles order by id")]
        assert ids == [1, 2]
        whole = writer.read(TRADE, "trade", 4, text=TEXT)
        assert find_story(db, str(ids[0])) == (ids[0], ())
        story_id, [trace] = find_story(db, str(ids[1]))
        assert (story_id, trace.kind, trace.other_id, trace.evidence) == (
            ids[0], "merged", ids[0], f"article {whole.id} is a copy in both",
        )  # fmt: skip
        done = CliRunner().invoke(cli.main, ["--data", str(tmp_path), "story", str(ids[1])])
        said = f"story {ids[1]} was merged into story {ids[0]} on 2024-09-04: article {whole.id} is a copy in both"
        assert (done.exit_code, done.stderr) == (0, f"zhaoshang: {said}\n")
        assert said in done.stdout.splitlines()
        # Parted again: the other half is in a story of its own now, which the traces name.
        delete(db, whole.id)
        [(other,)] = db.execute("select story_id from articles where id = ?", [two.id])
        story_id, traces = find_story(db, str(ids[1]))
        became = [(ids[1], "merged", ids[0]), (ids[0], "parted", other)]
        assert (story_id, [trace[:3] for trace in traces]) == (ids[0], became)
        done = CliRunner().invoke(cli.main, ["--data", str(tmp_path), "story", str(ids[1])])
        why = f"article {whole.id}, which linked the two, has changed or been removed"
        parted = f"story {ids[0]} lost what is now story {other} on 2024-09-04: {why}"
        assert done.stderr.splitlines() == [f"zhaoshang: {said}", f"zhaoshang: {parted}"]
        # Where the story that it was merged into has ended, the parted one is what is left of both.
        delete(db, one.id)
        became = [(ids[0], "parted", other), (ids[0], "ended", None)]
        story_id, traces = find_story(db, str(ids[0]))
        assert (story_id, [trace[:3] for trace in traces]) == (other, became)
        assert find_story(db, str(ids[1]))[0] == other
        delete(db, two.id)
        with pytest.raises(UnknownStoryError, match=f"ended on 2024-09-03: article {two.id} was its last one"):
            find_story(db, str(ids[1]))


def test_status_counts_stories_copies_changes_and_deletions(invoke):
    [line] = invoke("status", "--json").stdout.splitlines()
    counted = json.loads(line)
    assert counted["archive"].endswith("archive.db")
    expected = {
        "articles": 5, "stories": 2, "copies": 3, "same": 0, "reprint": 1, "excerpt": 1, "script": 1, "changed": 1,
        "changes": 1, "gone": 1,
    }  # fmt: skip
    assert counted.items() >= expected.items()
    shown = invoke("status").stdout
    for words in ("copies                │ 3", "  excerpts            │ 1", "gone                  │ 1"):
        assert words in shown


def test_search_finds_what_changed_and_what_is_gone(invoke):
    for only in ("--changed", "--gone"):
        [hit] = map(json.loads, invoke("search", only, "--json").stdout.splitlines())
        assert (hit["url"], hit["version"], hit["gone_at"]) == (PORTAL, 2, "2024-09-12T00:00:00Z")
        assert invoke("search", only, "岸线").stdout == "0 articles\n"
    assert f"  2024-09-04  portal  gone since 2024-09-12  {PORTAL}" in invoke("search", "--gone").stdout.splitlines()
