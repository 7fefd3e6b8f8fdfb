"""The commands that ask and show, and how every command fails: one line, the right exit status, nothing left behind."""

import csv
import io
import json
import os
import signal
import socket
from importlib.metadata import version
from urllib.parse import quote

import click
import pytest
from click.testing import CliRunner

from archive.export import COLUMNS
from archive.search.folding import fold
from crawler import cli
from crawler.demo.province import build
from spiders import source as registry

PAGE = (
    "西河县把招商会开到了车间里",
    "2024-03-12 10:15 来源：西河日报 记者 邵听雨",
    "十二日上午，西河县的招商会开在一家轴承厂的车间里，没有主席台，三十七位客商坐在工具箱和木条凳上，听厂长讲自己怎么搬来的。",
    "会后有五家企业签了意向书。县商务局说，以后每个月换一家厂，讲的人不念稿，问的人不设限。",
)
NOTE = (
    "东江口岸开通周末预约通关",
    "2023-08-02",
    "东江口岸自八月起接受周末预约，生鲜和鲜花出口企业提前一天在网上填单，周六周日照常查验放行。",
    "口岸办统计，首个周末有二十三票货物通过预约出口，比原先早走了四十个小时。",
)
KEYS = {
    "file",
    "charset",
    "charset_evidence",
    "title",
    "text",
    "published",
    "precision",
    "authors",
    "origin",
    "region",
    "repairs",
    "damage",
}
"""What `read --json` says of a page at least (design.md)."""

WRONG_SOURCE = 'name = "西河日报"\nfamily = "epaper"\nstart = ["http://www.xihe.example/"]\n'


@pytest.fixture(scope="module")
def folder(html, tmp_path_factory):
    """Makes folders with the same few files, good and bad, to run commands in."""

    def folder():
        here = tmp_path_factory.mktemp("here")
        (here / "page.html").write_text(html(*PAGE))
        (here / "口岸 预约.txt").write_bytes("\n".join(NOTE).encode("gb18030"))
        (here / "empty.html").write_text("")
        (here / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
        (here / "xihe.toml").write_text(WRONG_SOURCE)
        (here / "broken").mkdir()
        (here / "broken/archive.db").write_text("这里本来该有一个数据库。" * 40)
        return here

    return folder


@pytest.fixture(scope="module")
def port():
    """A port that something listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.fixture(scope="module")
def said(zhaoshang, folder, province, port, together):
    """What each of ANSWERS and FAILURES said, and the folder it ran in. They run side by side: each takes a second."""

    def call(args):
        here = folder()
        return zhaoshang(*(arg.format(province=province, port=port) for arg in args), cwd=here), here

    calls = [*ANSWERS.values(), *(args for args, _, _ in FAILURES.values())]
    return dict(zip([*ANSWERS, *FAILURES], together(call, calls), strict=True))


ANSWERS = {
    "read": ("read", "page.html", "empty.html", "口岸 预约.txt", "picture.html", "--json"),
    "simplified": ("--data", "{province}", "search", "招商引资", "--json", "--limit", "500"),
    "traditional": ("--data", "{province}", "search", "招商引資", "--json", "--limit", "500"),
    "newest": (
        "--data", "{province}", "search", "招商引资", "--json", "--limit", "5", "--newest", "--since", "2024-01-01",
    ),
    "shown": ("--data", "{province}", "search", "招商引资", "--limit", "3"),
    "damaged": ("--data", "{province}", "search", "--damaged", "--json", "--limit", "500"),
    "damaged shown": ("--data", "{province}", "search", "--damaged", "--limit", "1"),
    "csv": ("--data", "{province}", "export", "csv"),
    "jsonl": ("--data", "{province}", "export", "jsonl"),
    "file": (
        "--data", "{province}", "export", "csv", "--query", "招商引資", "--since", "2024-09-04", "-o", "new/found.csv",
    ),
    "status": ("--data", "{province}", "status", "--json"),
    "status shown": ("--data", "{province}", "status"),
}  # fmt: skip

FAILURES = {
    "an unknown command": (("crwal",), 2, "'crwal'"),
    "a search of nothing": (("--data", "nowhere", "search", "招商"), 1, "nowhere/archive.db: no archive there yet"),
    "an empty file to import": (("import", "empty.html"), 1, "empty.html: the file is empty"),
    "a picture to import": (("import", "picture.html"), 1, "picture.html: a binary file"),
    "a broken archive": (("--data", "broken", "status"), 1, "broken/archive.db: not usable as an archive"),
    "a port in use": (("--data", "{province}", "serve", "--port", "{port}"), 1, "{port} is in use"),
}
"""Calls that fail: exit status, and what the line says."""

REFUSED = {
    "a source mistyped": (("crawl", "hongan", "xiangyeu"), 2, "unknown source xiangyeu: did you mean xiangyue?"),
    "an export below a file": (("--data", "{province}", "export", "csv", "-o", "page.html/a.csv"), 1, "page.html"),
    "nothing to serve": (("--data", "nowhere", "serve", "--port", "{port}"), 1, ""),
    "a crawl into a broken archive": (("--data", "broken", "crawl", "shangqiao"), 1, "broken/archive.db: not usable"),
    "an import into it": (("--data", "broken", "import", "page.html"), 1, "broken/archive.db: not usable"),
    "a port in use, before a crawl": (("demo", "--port", "{port}"), 1, "{port} is in use"),
    "an unknown option": (("crawl", "hongan", "--fast"), 2, "'--fast'"),
    "no query": (("search",), 2, "QUERY"),
    "an empty query": (("search", ""), 2, "nothing to search for"),
    "a status of nothing, damaged": (("search", "--damaged"), 1, "data/archive.db: no archive there yet"),
    "an unknown source": (("import", "page.html", "--source", "q"), 2, "unknown source q: `zhaoshang sources list`"),
    "due, and names": (("crawl", "hongan", "--all-due"), 2, "--all-due"),
    "no day": (("crawl", "hongan", "--since", "gestern"), 2, "'gestern' is no day: write it as 2024-09-04"),
    "no limit": (("crawl", "hongan", "--limit", "0"), 2, "'--limit'"),
    "an unknown format": (("export", "doc"), 2, "'doc'"),
    "a wrong path to read": (("read", "page.html", "nowhere.html"), 2, "'nowhere.html' does not exist"),
    "a wrong path to import": (("import", "page.html", "nowhere.html"), 2, "'nowhere.html' does not exist"),
    "a wrong source file": (("sources", "check", "nowhere.toml"), 2, "'nowhere.toml' does not exist"),
    "only NOT, like an option": (("search", "-招商"), 2, "only NOT"),
    "only NOT": (("search", "--", "-招商"), 2, "only NOT"),
    "nothing but signs": (("search", "，。"), 2, "nothing to search for"),
    "an export of only NOT": (("export", "csv", "-o", "a.csv", "--query", "非 会"), 2, "only NOT"),
    "a file as data folder": (("--data", "page.html", "status"), 2, "page.html"),
    "a status of nothing": (("status",), 1, "data/archive.db: no archive there yet"),
    "an export of nothing": (("export", "jsonl", "-o", "a.jsonl"), 1, "data/archive.db: no archive there yet"),
}
"""More of them, refused so early that they can be made in this process: a process takes a second to begin."""


@pytest.mark.parametrize("call", FAILURES)
def test_a_failure_is_one_line(call, said, port):
    done, _ = said[call]
    _, status, words = FAILURES[call]
    assert done.stderr.splitlines()[1:] == []
    assert done.stderr.startswith("zhaoshang: ")
    assert words.format(port=port) in done.stderr
    assert done.returncode == status


@pytest.mark.parametrize("call", FAILURES)
def test_a_failure_leaves_nothing_behind(call, said, folder):
    """No data folder that was not there, no half export, and what was there is as it was."""
    assert contents(said[call][1]) == contents(folder())


def test_no_address_is_named_that_nothing_answers_at(said):
    assert said["a port in use"][0].stdout == ""


@pytest.mark.parametrize("call", REFUSED)
def test_a_refusal_is_one_line_and_leaves_nothing_behind(call, folder, province, port, monkeypatch):
    args, status, words = REFUSED[call]
    here = folder()
    monkeypatch.chdir(here)
    told = invoke(*(arg.format(province=province, port=port) for arg in args))
    assert (told.exit_code, told.stdout) == (status, "")
    assert told.stderr.splitlines()[1:] == []
    assert told.stderr.startswith("zhaoshang: ")
    assert words.format(port=port) in told.stderr
    assert contents(here) == contents(folder())


def invoke(*args):
    """Call `zhaoshang` in this process."""
    return CliRunner().invoke(cli.main, args, prog_name="zhaoshang")


def contents(folder):
    """What lies in a folder; of a data folder only the archive."""
    names = [path.name for path in folder.iterdir()]
    return sorted(names), (folder / "broken/archive.db").read_bytes()


# Help


def commands(group, *names):
    """Every command by its name, those of groups too."""
    found = {" ".join(names): group}
    for name, command in group.commands.items():
        below = isinstance(command, click.Group)
        found |= commands(command, *names, name) if below else {" ".join((*names, name)): command}
    return found


COMMANDS = commands(cli.main)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name):
    told = invoke(*name.split(), "--help")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.startswith(f"Usage: zhaoshang {name}".rstrip() + " ")
    assert COMMANDS[name].help.split(".")[0] in " ".join(told.stdout.split())
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_version():
    assert invoke("--version").stdout == f"zhaoshang {version('zhaoshang')}\n"


# Sources


def test_sources_are_listed():
    listed = [json.loads(line) for line in invoke("sources", "list", "--json").stdout.splitlines()]
    assert [(row["province"], row["id"]) for row in listed] == [
        (path.parent.name, path.stem) for path in sorted(registry.FOLDER.glob("*/*.toml"))
    ]


def test_sources_are_checked():
    told = invoke("sources", "check")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == f"{len(list(registry.FOLDER.glob('*/*.toml')))} source files are fine\n"


def test_a_broken_source_file_is_named_with_key_and_cure(folder, monkeypatch):
    monkeypatch.chdir(folder())
    told = invoke("sources", "check", str(registry.FOLDER / "sample/hongan.toml"), "xihe.toml")
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        f"xihe.toml: family: 'epaper' is not one of {', '.join(registry.FAMILIES)}",
        "zhaoshang: 1 of 2 source files are broken",
    ]


# Read


def test_read_answers_for_every_file_that_can_be_read(said):
    done, here = said["read"]
    assert done.returncode == 1
    assert [line.partition(": ")[2].partition(":")[0] for line in done.stderr.splitlines()] == [
        "empty.html",
        "picture.html",
    ]
    page, note = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(page) >= KEYS
    assert (page["file"], page["title"], page["text"]) == ("page.html", PAGE[0], "\n".join(PAGE[2:]))
    assert (page["published"], page["precision"]) == ("2024-03-12T10:15:00+08:00", "minute")
    assert (page["authors"], page["origin"], page["region"], page["repairs"]) == (["邵听雨"], "西河日报", None, [])
    assert (page["charset"], page["url"]) == ("utf-8", (here / "page.html").as_uri())
    assert (note["file"], note["charset"], note["title"]) == ("口岸 预约.txt", "gb18030", NOTE[0])
    assert (note["text"], note["published"]) == ("\n".join(NOTE[2:]), "2023-08-02T00:00:00+08:00")


def test_read_believes_the_address_given(folder):
    told = invoke("read", str(folder() / "page.html"), "--url", "http://www.xihe.example/n/2024/0312/77.html?from=app")
    assert (told.exit_code, told.stderr) == (0, "")
    assert json.loads(told.stdout)["url"] == "http://www.xihe.example/n/2024/0312/77.html"


# Search


@pytest.fixture(scope="module")
def wanted(province, query):
    """The articles that hold 招商引资 in either script, by a look at every text."""
    rows = query(province, "select * from articles")
    fields = ("kicker", "title", "subtitle", "text")
    return {row["url"]: row for row in rows if any("招商引资" in fold(row[field] or "") for field in fields)}


@pytest.mark.parametrize("script", ["simplified", "traditional"])
def test_search_finds_in_both_scripts(script, said, wanted):
    done, _ = said[script]
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert {hit["url"] for hit in hits} == set(wanted)
    assert {build().truths[url].source for url in wanted if url in build().truths} >= {"shangqiao", "juxun", "hongan"}
    assert done.stdout == said["simplified"][0].stdout


def test_search_newest_first_since_a_day(said, wanted):
    hits = [json.loads(line) for line in said["newest"][0].stdout.splitlines()]
    dates = [row["published"] for row in wanted.values() if (row["published"] or "") >= "2024-01-01"]
    assert [hit["published"] for hit in hits] == sorted(dates, reverse=True)[:5]
    assert len(dates) > 5
    assert {hit["url"] for hit in hits} <= set(wanted)


def test_search_marks_what_it_found(said, wanted):
    done, _ = said["shown"]
    *lines, total = done.stdout.splitlines()
    assert total == f"{len(wanted)} articles"
    assert len(lines) == 3 * 3
    for hit in range(3):
        heading, source, passage = lines[3 * hit : 3 * hit + 3]
        assert fold(heading + passage).count("【招商引资】") >= 1
        assert source.split()[-1] in wanted


def test_search_for_what_is_damaged(said, province, query):
    rows = query(province, "select url, damage from articles where instr(text || title, char(65533))")
    hits = [json.loads(line) for line in said["damaged"][0].stdout.splitlines()]
    assert {hit["url"]: hit["damage"] for hit in hits} == {row["url"]: row["damage"] for row in rows}
    assert [hit["published"] for hit in hits] == sorted((hit["published"] for hit in hits), reverse=True)
    assert hits
    assert min(hit["damage"] for hit in hits) > 0
    *lines, total = said["damaged shown"][0].stdout.splitlines()
    assert total.split()[0] == str(len(hits))
    lost = f"{hits[0]['damage']} character{'' if hits[0]['damage'] == 1 else 's'} lost"
    assert lines[1] == f"  {hits[0]['published'][:10]}  {hits[0]['source']}  {lost}  {hits[0]['url']}"
    assert len(lines) == 3


# Export


def test_export_csv(said, province, query):
    rows = list(csv.DictReader(io.StringIO(said["csv"][0].stdout)))
    expected = query(province, f"select {', '.join(COLUMNS)} from articles order by id")
    assert list(rows[0]) == list(COLUMNS)
    assert rows == [{key: "" if value is None else str(value) for key, value in row.items()} for row in expected]


def test_export_jsonl(said, province, query):
    rows = [json.loads(line) for line in said["jsonl"][0].stdout.splitlines()]
    expected = query(province, f"select {', '.join(COLUMNS)} from articles order by id")
    assert rows == [row | {"authors": json.loads(row["authors"])} for row in expected]


def test_export_into_a_file(said, wanted):
    """Into a folder that is made for it; nothing else is left there."""
    done, here = said["file"]
    assert [path.name for path in (here / "new").iterdir()] == ["found.csv"]
    with (here / "new/found.csv").open(encoding="utf-8", newline="") as file:
        urls = [row["url"] for row in csv.DictReader(file)]
    assert len(urls) == len(set(urls))
    assert set(urls) == {url for url, row in wanted.items() if (row["published"] or "") >= "2024-09-04"}
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{len(urls)} articles in new/found.csv\n")


@pytest.mark.parametrize("command", ["export jsonl", "read {warc}"])
def test_head_may_close_the_pipe(command, start, province):
    (warc,) = (province / "warc").glob("*-hongan.warc.gz")
    with start("zhaoshang", "--data", province, *command.format(warc=warc).split()) as process:
        assert json.loads(process.stdout.readline())["url"]
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (0, "")


# Status


def test_status(said, province, query):
    *rows, archive = map(json.loads, said["status"][0].stdout.splitlines())
    told = {row["source"]: row for row in rows}
    assert (archive["archive"], archive["articles"]) == (str(province / "archive.db"), len(build().truths))
    assert archive["copies"] == archive["articles"] - archive["stories"] > 0
    assert sum(archive[kind] for kind in ("same", "reprint", "excerpt", "script")) == archive["copies"]
    assert {source: row["new"] for source, row in told.items()} == {
        row["source"]: row["articles"]
        for row in query(province, "select source, count(*) as articles from articles group by source")
    }
    assert {(row["reason"], row["errors"]) for row in told.values()} == {("finished", 0)}
    assert {source: row["refused"] for source, row in told.items() if row["refused"]} == {"chaopan": 4, "luling": 1}
    assert {row["wrong"] for row in told.values()} == {0}


def test_status_shown(said, province, query):
    done, _ = said["status shown"]
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if line[:1] == "│"]
    shown = {row[0]: row[1:] for row in cells}
    assert shown["articles"] == [str(len(build().truths))]
    assert shown["hongan"][1:4] == ["finished", "104", "89"]
    (first,) = query(province, "select min(published) as first from articles")
    assert shown["first published"] == [first["first"][:10]]


# Serve


def test_serve(start, province, wanted, wait_until, get):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    table = f"http://127.0.0.1:{port}/archive/articles"

    def answers():
        assert process.poll() is None, process.communicate()
        try:
            return get(f"http://127.0.0.1:{port}/-/versions.json")
        except OSError:
            return False

    with start("zhaoshang", "--data", province, "serve", "--port", port) as process:
        try:
            wait_until(answers)
            found = f"?_search={quote('招商引資')}&_size=max"
            rows = json.loads(get(f"{table}.json{found}&_shape=array"))
            sheet = list(csv.DictReader(io.StringIO(get(f"{table}.csv{found}"))))
            shown = get(f"{table}{found}")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert {row["url"] for row in rows} == {row["url"] for row in sheet} == set(wanted)
    assert f"{len(wanted)} 行" in shown
    assert (process.returncode, err) == (0, "")
    assert f"Open http://127.0.0.1:{port}/" in out


def test_a_terminal_shows_how_far_an_export_is(start, province, tmp_path):
    """On standard error, and not where the rows themselves go to the terminal."""
    master, terminal = os.openpty()
    file = tmp_path / "all.csv"
    with start("zhaoshang", "--data", province, "export", "csv", "-o", file, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        try:
            while part := os.read(master, 4096):
                shown += part
        except OSError:  # Linux answers so when the other end has gone
            pass
    os.close(master)
    assert process.returncode == 0
    assert "━" in shown.decode()
