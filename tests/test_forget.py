"""`zhaoshang forget`: what is forgotten stands in no byte any more, and everything else where it stood."""

import asyncio
import gzip
import json
import pickle
import random
import shutil
import subprocess
import sys
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler
from selectolax.lexbor import LexborHTMLParser
from warcio.archiveiterator import ArchiveIterator

from archive import forgetting, tearing
from archive.alike import differences
from archive.article import Article, Page, RecordPlace, iso_utc, utc_now
from archive.cdxj import record_at
from archive.database import ArchiveError, index_faults, open_archive, save, save_page
from archive.forgetting import doing, tombstone
from archive.mending import mend
from archive.search.bigrams import tokens
from archive.site.clock import china_day
from archive.site.serve import site as site_of
from archive.warc import Request, WarcFile, payload_digest
from pipelines.forgotten import ForgottenStage

JUDGE = Path(sys.prefix) / ".judges/bin/python"
CAME = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
AT = datetime(2026, 11, 21, 23, 5, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "visitor=1f09"))
SENT = Request((("User-Agent", "zhaoshang"), ("Referer", "http://www.dongjiang.example/")))

SECRET = "鳌洲码头旁的张桂兰为女儿筹措学费"
"""Words of the article that is forgotten, and of nothing else."""
FORMER = "赊欠杂货铺两百七十块"
"""What only its first version says."""
FURTHER = "榨菜坛子里藏着存折"
"""What only its second page says."""
NAMED = "http://www.dongjiang.example/n/20240904_7001.html"
SECOND = "http://www.dongjiang.example/n/20240904_7001_2.html"
COPY = "http://www.xihe.example/a/5512.html"
OTHER = "http://www.dongjiang.example/n/20240905_7002.html"
FEED = "http://www.dongjiang.example/feed.html"
LINE = "2024年9月4日 来源：东江日报"
COMMON = (
    "九月初，东江县招商专班在园区里设了一个摊位，替返乡的人登记想做的生意，头三天登记了一百一十七户，多数想开小吃店和修车铺。",
    "专班的人说，登记不等于批准，批准不等于贷款，贷款下来之前，摊位上先借给每户一张桌子和一把伞，用坏了不用赔。",
    "县里算过一笔账，一户一年交的税不到两千元，可是一百户就是一条街，一条街能留住四百个人，这四百个人原来都在外地打工。",
)


def second_page(html):
    body = html(
        "登记处的一张桌子（二）",
        LINE,
        f"到了第二周，{FURTHER}，她取出来交了头一个月的租金，又向专班借了一台旧冰柜。",
        COMMON[1],
    )
    return body.replace("</body>", f"<a href='{NAMED}'>上一页</a></body>")


def first_page(html, *more):
    body = html("登记处的一张桌子", LINE, f"{SECRET}，第一个来登记。", *more, *COMMON)
    return body.replace("</body>", f"<a href='{SECOND}'>下一页</a></body>")


@pytest.fixture(scope="module")
def files(html, tmp_path_factory):
    """WARC files as somebody else has made them, one a day."""
    folder = tmp_path_factory.mktemp("files")
    days = [
        [
            (NAMED, 200, HTML, first_page(html, FORMER).encode()),
            (SECOND, 200, HTML, second_page(html).encode()),
            (OTHER, 200, HTML, html("修车铺开到了园区门口", LINE, *COMMON[::-1]).encode()),
        ],
        [
            (NAMED + "?from=timeline", 200, HTML, first_page(html).encode()),
            (COPY, 200, HTML, html("登记处的一张桌子", LINE.replace("4日", "6日"), "转自外报。", *COMMON).encode()),
            (FEED, 200, HTML, html("东江新闻", LINE, SECRET).encode()),
            # So large that the blanks of its tombstone are more than a reader takes at once.
            (
                NAMED,
                200,
                HTML,
                first_page(html).encode() + b"<!-- %s -->" % random.Random(7).randbytes(60_000).hex().encode(),
            ),
        ],
    ]
    for number, pages in enumerate(days):
        with closing(WarcFile(folder, f"day{number}")) as file:
            for place, (url, status, headers, body) in enumerate(pages):
                when = CAME + timedelta(days=number, seconds=place)
                file.response(url, when, status, headers, body, request=SENT)
    return sorted(folder.glob("*.warc.gz"))


@pytest.fixture(scope="module")
def kept(files, zhaoshang, tmp_path_factory):
    """A data folder with all of them, each imported twice. Read only: copy it to write."""
    data = tmp_path_factory.mktemp("kept") / "data"
    done = zhaoshang("import", *files, *files, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    with closing(open_archive(data)) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    return data


@pytest.fixture
def data(kept, tmp_path):
    return shutil.copytree(kept, tmp_path / "data")


@pytest.fixture(scope="module")
def after(kept, zhaoshang, tmp_path_factory):
    """The same once the article was forgotten, and what that said."""
    data = shutil.copytree(kept, tmp_path_factory.mktemp("after") / "data")
    for name, url in (("dongjiang", NAMED), ("xihe", COPY)):
        queue = data / "jobs" / name / "requests.queue/0"
        queue.parent.mkdir(parents=True)
        queue.write_bytes(pickle.dumps({"url": url}))
    shutil.copy(data / "archive.db", data / "archive.db.before-20261120T080500Z")
    for name, place in (("old", SECOND), ("other", COPY)):
        with closing(WarcFile(data, name)) as file:
            cut = file.response(place, CAME, 200, HTML, SECRET.encode() * 9, request=None)
        raw = (data / f"{name}.warc.gz").read_bytes()
        (data / "warc" / f"{name}.warc.gz.{cut.offset}.torn").write_bytes(raw[cut.offset : -20])
        (data / f"{name}.warc.gz").unlink()
    done = zhaoshang("forget", NAMED.replace("http:", "https:"), "--reason", "她自己请求", "--yes", data=data)
    copy = data / "archive.db.before-20261120T080500Z"
    said = f"zhaoshang: {copy} is a copy from before, which still has all of it: delete it\n"
    assert (done.returncode, done.stderr) == (0, said)
    copy.unlink()
    return data, done.stdout


def inflated(data):
    """All that stands in WARC files, unpacked, and the bytes as they are."""
    for path in sorted((data / "warc").glob("*.gz")):
        raw = path.read_bytes()
        yield raw
        yield gzip.decompress(raw)
        yield from gzip.decompress(raw).split(b"\r\n\r\n")


def holds(data, *words):
    """Which words stand in the bytes of an archive, as text or as the index has them."""
    everything = b"\0".join(
        [*(path.read_bytes() for path in (*data.glob("archive.db*"), *data.glob("jobs/*.log"))), *inflated(data)]
    )
    return [word for word in words if word.encode() in everything]


def bigrams(text):
    return [word for word in tokens(text).split() if len(word) > 1]


def places(data):
    return {
        path.name: [(each.offset, each.length) for each in tearing.members(path)[0]]
        for path in sorted((data / "warc").glob("*.warc.gz"))
    }


def forget(data, *urls, at=AT):
    with closing(open_archive(data)) as db:
        found = forgetting.find(db, data / "warc", urls)
        forgetting.finish(db, data / "warc", forgetting.begin(db, found, "她自己请求", at), at)
        return found


# What goes and what stays


def test_what_is_forgotten_is_shown_first(kept, zhaoshang, tmp_path):
    data = shutil.copytree(kept, tmp_path / "data")
    files = {path: path.read_bytes() for path in (data / "warc").iterdir()}
    done = zhaoshang("forget", SECOND, NAMED, "--reason", "她自己请求", data=data, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (1, "zhaoshang: stopped\n")
    assert {path: path.read_bytes() for path in (data / "warc").iterdir()} == files
    with closing(open_archive(data)) as db:
        assert db.table("forgotten").count == 0


def test_what_the_command_says(after):
    torn, lines = "  old.warc.gz.", after[1].splitlines()
    assert [line for line in lines if not line.startswith(torn)] == [
        "登记处的一张桌子  (import, article 1, 2 versions)",
        f"  {NAMED}",
        f"  {SECOND}",
        "  14 WARC records in 1 file",
        f"a copy stays unless it is named: 修车铺开到了园区门口  (import)  {OTHER}",
        f"a copy stays unless it is named: 登记处的一张桌子  (import)  {COPY}",
        "forgotten: 1 article, 2 addresses, 14 WARC records",
    ]
    assert any(line.startswith(torn) for line in lines)


def test_no_byte_of_it_is_left(kept, after):
    data, _ = after
    wanted = [SECRET, FORMER, FURTHER, *bigrams("张桂兰"), *bigrams("榨菜坛子"), "赊欠"]
    assert holds(kept, *wanted) == wanted
    # The feed was not named.
    left = holds(data, *wanted)
    assert SECRET in left
    forget(shutil.copytree(data, data.parent / "feed too"), FEED)
    assert holds(data.parent / "feed too", *wanted) == []


def test_what_lay_beside_it_goes_too(after):
    """What was cut off a torn file, and what a stopped crawl was to ask for: only where something of it is there."""
    data, _ = after
    assert [path.name for path in (data / "warc").glob("*.torn")] == [f"other.warc.gz.{_begins(data)}.torn"]
    assert [path.name for path in (data / "jobs").iterdir() if path.is_dir()] == ["xihe"]


def _begins(data):
    [path] = (data / "warc").glob("other.*")
    return path.name.split(".")[-2]


def test_everything_else_stays_where_it_was(kept, after):
    data, _ = after
    stays, now = places(kept), places(data)
    account = now.keys() - stays.keys()
    assert len(account) == 1
    assert {name: now[name] for name in stays} == stays
    removed = 0
    for name, members in stays.items():
        before, behind = ((folder / "warc" / name).read_bytes() for folder in (kept, data))
        for offset, length in members:
            record = record_at(data / "warc" / name, tearing.Member(offset, length))
            if before[offset : offset + length] == behind[offset : offset + length]:
                assert not tombstone.is_tombstone(record)
                continue
            removed += 1
            assert tombstone.is_tombstone(record)
            assert record.rec_headers.get_header("WARC-Target-URI") is None
            assert json.loads(record.raw_stream.read()).keys() == {"forgotten_at"}
    with closing(open_archive(data)) as db:
        assert removed == db.execute("select sum(records) from forgotten").fetchone()[0]


def test_every_tool_reads_the_files(after):
    data, _ = after
    for path in (data / "warc").glob("*.gz"):
        raw = path.read_bytes()
        with BytesIO(raw) as file:
            records = ArchiveIterator(file)
            kinds = [record.rec_type for record in records]
        members, end = tearing.members(path)
        assert (len(kinds), end) == (len(members), len(raw))
        assert kinds[0] == "warcinfo"
        if JUDGE.exists():
            script = (
                "import sys; from fastwarc.warc import ArchiveIterator\n"
                "for each in ArchiveIterator(open(sys.argv[1], 'rb')): print(str(each.record_type).rpartition('.')[2])"
            )
            done = subprocess.run([JUDGE, "-c", script, path], check=True, capture_output=True, text=True)
            assert done.stdout.split() == kinds


def test_what_is_left_in_the_database(kept, after, query):
    data, _ = after
    urls = {row["url"] for row in query(kept, "select url from articles")}
    assert {row["url"] for row in query(data, "select url from articles")} == urls - {NAMED}
    assert {row["url"] for row in query(kept, "select url from pages")} - {
        row["url"] for row in query(data, "select url from pages")
    } == {NAMED, NAMED + "?from=timeline", SECOND}
    told = query(data, "select url, reason, article_id, barred, places from forgotten order by url")
    row = {"reason": "她自己请求", "barred": 1, "places": None}
    assert told == [{"url": NAMED, "article_id": 1} | row, {"url": SECOND, "article_id": None} | row]
    assert query(data, "select source, reason, finding from runs order by id desc limit 1") == [
        {"source": "forget", "reason": "finished", "finding": "forgotten: addresses 2, WARC records 14"}
    ]
    # The copy stands for itself now.
    stories = query(
        data, "select url, copies, best_id = articles.id as best from articles join stories on stories.id = story_id"
    )
    assert {"url": COPY, "copies": 1, "best": 1} in stories
    with closing(open_archive(data)) as db:
        assert index_faults(db) == []
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert db.execute("pragma foreign_key_check").fetchall() == []


def test_forgetting_again_says_so_and_changes_nothing(after, zhaoshang):
    data, _ = after
    files = {path: path.read_bytes() for path in (data / "warc").iterdir()}
    done = zhaoshang("forget", SECOND, NAMED, "--reason", "noch einmal", data=data)
    today = f"{utc_now():%Y-%m-%d}"
    said = [f"{url} was forgotten on {today}: 她自己请求" for url in (SECOND, NAMED)]
    assert (done.returncode, done.stderr, done.stdout.splitlines()) == (0, "", said)
    assert {path: path.read_bytes() for path in (data / "warc").iterdir()} == files


def test_an_address_that_nobody_knows(after, zhaoshang):
    data, _ = after
    url = "http://www.dongjiang.example/n/1.html"
    done = zhaoshang("forget", OTHER, url, "--reason", "x", "--yes", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"zhaoshang: {url}: the archive holds nothing of it; `zhaoshang search` shows addresses\n"


def test_a_further_part_leads_to_its_article(data):
    """As crawls remember it."""
    with closing(open_archive(data)) as db:
        page = db.execute("select id from pages where url = ?", [SECOND]).fetchone()[0]
        row = {"source": "dongjiang", "first_asked": "2024", "last_asked": "2024", "article_id": 1}
        db.table("visits").insert({"key": SECOND, "url": SECOND, "page_id": page, "part_of": NAMED, **row})
        found = forgetting.find(db, data / "warc", [SECOND])
    assert [article["id"] for article in found.articles] == [1]
    assert set(found.addresses.values()) == {NAMED, SECOND}


def test_where_a_source_begins_is_asked_for_as_before(data, query):
    with closing(open_archive(data)) as db:
        db.table("sources").insert({"id": "dongjiang", "start": f"http://www.dongjiang.example/ {FEED}"})
        assert forget(data, FEED).records == 2
        assert not forgetting.is_barred(db, FEED)
        assert forgetting.forgotten(db, FEED)
        with pytest.raises(forgetting.UnknownAddressError):
            forgetting.find(db, data / "warc", [FEED])
        # It shows the same the next day.
        with closing(WarcFile(data / "warc", "20240906T080500Z-000009-00001-dongjiang")) as file:
            place = file.response(FEED, CAME, 200, HTML, SECRET.encode(), request=SENT)
        save_page(db, Page(FEED, "", CAME, content_type="text/html", digest="sha1:"), place, None)
        assert forget(data, FEED, at=AT + timedelta(days=1)).records == 2
    told = query(data, "select forgotten_at, records, barred, places from forgotten")
    assert told == [{"forgotten_at": "2026-11-22T23:05:00Z", "records": 2, "barred": 0, "places": None}]


# It does not come back


def test_no_file_brings_it_back(after, files, zhaoshang, query, tmp_path):
    data = shutil.copytree(after[0], tmp_path / "data")
    before = places(data).keys()
    done = zhaoshang("import", *files, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    run = query(data, "select new, stats from runs order by id desc limit 1")[0]
    assert (run["new"], json.loads(run["stats"])["forgotten/requests"]) == (0, 4)
    assert not {NAMED, SECOND} & {row["url"] for row in query(data, "select url from pages")}
    [new] = places(data).keys() - before
    assert SECRET.encode() not in gzip.decompress((data / "warc" / new).read_bytes())


SOURCE = """name = "东江网"
family = "portal"
start = ["SITE/list/index.html"]
[select]
list = "ul.news a"
[polite]
delay = 0.0
[expect]
articles = 1
"""


def test_no_crawl_brings_it_back(start, site, html, query, tmp_path):
    moved, pages = {"/go/3.html": "/c/2024/760003.html"}, site.pages

    class Moving(site.RequestHandlerClass):
        def do_GET(self):  # noqa: N802 - its name in the standard library
            if target := moved.get(self.path):
                self.send_response(301)
                self.send_header("Location", target)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                super().do_GET()

    site.RequestHandlerClass = Moving
    for number, text in enumerate(COMMON, 1):
        pages[f"/c/2024/76000{number}.html"] = html(f"第{number}家小店", LINE, text * 2)
    links = ["/c/2024/760001.html", "/c/2024/760002.html", "/go/3.html"]

    def list_them():
        shown = "".join(f"<li><a href='{link}'>{link}</a>" for link in links)
        pages["/list/index.html"] = f"<html><body><ul class='news'>{shown}</ul></body></html>"

    data, folder = tmp_path / "data", tmp_path / "sources/tests"
    folder.mkdir(parents=True)
    (folder / "dongjiang.toml").write_text(SOURCE.replace("SITE", site.address), encoding="utf-8")
    command = ("python", Path(__file__).parent / "steps.py", data, folder.parent, "dongjiang")
    with start(*command, stdin=subprocess.PIPE) as process:

        def crawl(minutes):
            list_them()
            site.requests.clear()
            moment = (CAME + timedelta(minutes=minutes)).isoformat()
            process.stdin.write(json.dumps({"at": moment, "AGAIN": True}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, process.stderr.read()
            return json.loads(line)

        assert crawl(0)["store/new"] == 3
        found = forget(data, *(f"{site.address}/c/2024/76000{number}.html" for number in (1, 3)))
        # The address that leads to it is one of it: its record and its visit go, too.
        assert [url.removeprefix(site.address) for url in found.addresses.values()] == [
            links[0],
            "/c/2024/760003.html",
            links[2],
        ]
        left = {
            row["url"].removeprefix(site.address)
            for table in ("pages", "visits")
            for row in query(data, f"select url from {table}")
        }
        assert left == {"/robots.txt", "/list/index.html", "/c/2024/760002.html"}

        # Two more links lead there: one by a redirect that is new, one by an address of the same page.
        moved["/new/5.html"] = links[0]
        links.extend(["/new/5.html", "/c/2024/760003.html?from=timeline", "/c/2024/760004.html"])
        pages["/c/2024/760004.html"] = html("第4家小店", LINE, COMMON[1] + COMMON[0])
        stats = crawl(10)
        assert (stats["store/new"], stats["again/unchanged"], stats["forgotten/requests"]) == (1, 1, 4)
        assert (stats["run/wrong"], stats["run/finding"]) == (False, None)
        asked = [path for path in site.requests if path.startswith("/c/")]
        assert sorted(asked) == ["/c/2024/760002.html", "/c/2024/760004.html"]
        # The ids that are no more are given to no other.
        assert query(data, "select count(*) as articles, max(id) as last from articles") == [{"articles": 2, "last": 4}]
        process.stdin.close()


def test_an_article_that_comes_by_another_way_is_dropped(after):
    data, _ = after
    crawler = get_crawler(settings_dict={"DATA_DIR": str(data)})
    stage = ForgottenStage.from_crawler(crawler)
    stage.opened(crawler.spider)
    page = Page(FEED, "", CAME)
    with pytest.raises(DropItem, match=f"^forgotten: {NAMED}$"):
        stage.process_item(Article(NAMED, "import", page))
    article = Article(OTHER, "import", page)
    assert stage.process_item(article) is article
    assert crawler.stats.get_value("forgotten/articles") == 1
    stage.closed(crawler.spider, "finished")


def test_the_site_says_that_it_was_removed(after):
    data, _ = after
    client = site_of(data).client
    for language, said in (
        ("zh", "这篇文章已于 {} 从资料库中删除。"),
        ("en", "This article was removed from the archive on {}."),
    ):
        answer = asyncio.run(client.get("/archive/articles/1", cookies={"lang": language}))
        page = LexborHTMLParser(answer.text).css_first("main")
        assert (answer.status_code, page.css_first("p").text()) == (410, said.format(china_day(iso_utc(utc_now()))))
        assert "请求" not in answer.text
        assert NAMED not in answer.text
    # Why is nobody's business.
    assert [asyncio.run(client.get(f"/archive/forgotten{kind}")).status_code for kind in ("", ".json")] == [403, 403]


def test_an_archive_that_is_made_again_knows_of_it(after, zhaoshang, tmp_path):
    data = shutil.copytree(after[0], tmp_path / "data")
    done = zhaoshang("rebuild", data=data)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the same as archive.db"), done.stdout


def test_nothing_of_it_goes_out(after, zhaoshang, tmp_path):
    data, _ = after
    forgotten = shutil.copytree(data, tmp_path / "data")
    forget(forgotten, FEED)
    wanted = [SECRET, FORMER, FURTHER, NAMED]
    for name in ("all.jsonl", "all.wacz", "some.wacz"):
        more = ("--query", "招商专班") if name.startswith("some") else ()
        kind = name.partition(".")[2]
        done = zhaoshang("export", kind, *more, "-o", tmp_path / name, data=forgotten)
        assert done.returncode == 0, done.stderr
        raw = (tmp_path / name).read_bytes()
        if kind == "wacz":
            with ZipFile(tmp_path / name) as packed:
                raw = b"\0".join(_unpacked(each, packed.read(each)) for each in packed.namelist())
        told = [word for word in wanted if word.encode() in raw]
        # The account of older runs still has its address.
        assert told == ([NAMED] if name == "all.wacz" else []), name


def _unpacked(name, raw):
    return gzip.decompress(raw) if name.endswith(".gz") else raw


# Killed in between


def _half(folder, where, at):
    """What a machine without power leaves of the first tombstone."""
    first = min(where)
    with (folder / first.file).open("r+b") as file:
        file.seek(first.offset)
        file.write(tombstone.member(first, at)[: first.length // 2])
    raise KeyboardInterrupt


def _torn(db, folder, begun):
    doing_account(db, folder, begun)
    [path] = folder.glob("*-forget.warc.gz")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 9)
    raise KeyboardInterrupt


doing_account = doing._write_account


def _stop(*_):
    raise KeyboardInterrupt


def _late(function):
    def late(*args, **kwargs):
        function(*args, **kwargs)
        raise KeyboardInterrupt

    return late


BREAKS = {
    "in a tombstone": (tombstone, "overwrite", _half),
    "before the database": (doing, "_remove", _stop),
    "in its transaction": (doing, "delete", _late(doing.delete)),
    "before it is cleaned": (doing, "_clean", _stop),
    "before the account": (doing, "_write_account", _stop),
    "in the account": (doing, "_write_account", _torn),
    "behind the account": (doing, "_write_account", _late(doing._write_account)),
}


@pytest.fixture(scope="module")
def undisturbed(kept, tmp_path_factory):
    data = shutil.copytree(kept, tmp_path_factory.mktemp("undisturbed") / "data")
    forget(data, NAMED, SECOND)
    return data


@pytest.mark.parametrize("place", BREAKS)
def test_killed_and_done_again_it_comes_to_the_same(place, data, undisturbed, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(*BREAKS[place])
        with pytest.raises(KeyboardInterrupt):
            forget(data, NAMED, SECOND)
    with closing(open_archive(data)) as db:
        [left] = forgetting.unfinished(db)
        # A crawl that begins before does not take half a tombstone for a torn record.
        forgetting.overwrite(db, data / "warc", left)
        assert not mend(db, data / "warc", "import", ("finished",)).torn
        forgetting.finish(db, data / "warc", left, AT)
        assert forgetting.unfinished(db) == []
    assert list(differences(undisturbed / "archive.db", data / "archive.db")) == []
    for path in (undisturbed / "warc").glob("*-import.warc.gz"):
        assert path.read_bytes() == (data / "warc" / path.name).read_bytes()
    assert [holds(each, FORMER, FURTHER, "榨菜") for each in (data, undisturbed)] == [[], []]
    assert places(data).keys() == places(undisturbed).keys()


# Tombstones


@pytest.mark.parametrize("length", [*range(250, 290), 16_384, 65_537, 3_000_000])
def test_a_tombstone_has_the_length_of_what_stood_there(length):
    place = RecordPlace("20261121T222122Z-000003-00001-hongan.warc.gz", 412, length)
    member = tombstone.member(place, AT)
    assert len(member) == length
    gunzip = zlib.decompressobj(wbits=31)
    [record] = ArchiveIterator(BytesIO(member))
    assert tombstone.is_tombstone(record)
    assert gunzip.decompress(member).endswith(b'{"forgotten_at": "2026-11-21T23:05:00Z"}\r\n\r\n')
    assert gunzip.eof


def test_the_smallest_records_have_room(tmp_path):
    """Shorter ones than these are written by nobody."""
    with closing(WarcFile(tmp_path, "short")) as file:
        file.response("http://a.cn/", AT, 200, (), b"", request=Request())
        file.revisit(
            "http://a.cn/", AT, 304, (), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", first_at="2024-09-04T08:05:00Z"
        )
        file.resource("http://a.cn/", AT, "text/plain", b"")
    found, _ = tearing.members(tmp_path / "short.warc.gz")
    for each in found:
        tombstone.member(RecordPlace("short.warc.gz", each.offset, each.length), AT)
    with pytest.raises(tombstone.NoRoomError, match=r"short\.warc\.gz: 100 bytes at byte 7 are too few"):
        tombstone.member(RecordPlace("short.warc.gz", 7, 100), AT)


def test_no_byte_of_it_is_left_where_a_crawl_has_moved_it(tmp_path):
    """Nor in what the index has not merged, in pages that were freed long ago, in the log that a reader keeps."""
    with closing(open_archive(tmp_path)) as db, closing(WarcFile(tmp_path / "warc", "many")) as file:
        db.execute("pragma secure_delete = off")
        for number in range(60):
            chance = random.Random(number)
            text = "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(900)) + "。"
            url = f"http://www.dongjiang.example/n/{number}.html"
            place = file.response(url, CAME, 200, HTML, text.encode(), request=SENT)
            page = Page(url, text, CAME, content_type="text/html", digest=payload_digest(text.encode()))
            page = replace(page, id=save_page(db, page, place, None))
            save(db, Article(url, "dongjiang", page, title=f"第{number}家", text=text))
            if number == 30:
                words = [text[:40], text[700:740], *bigrams(text)[:200]]
        text = "".join(words[:2])
        for longer in (900, 3, 200, 1):
            db.execute("update articles set text = ? where url like '%/30.html'", [text * longer])
            db.conn.commit()
        # The index has no more of some than their second character.
        words = holds(tmp_path, *words)
        assert len(words) > 100
        with closing(open_archive(tmp_path)) as reader:
            assert reader.table("articles").count == 60
            forget(tmp_path, "http://www.dongjiang.example/n/30.html")
            assert holds(tmp_path, *words) == []
            assert index_faults(db) == []


def test_a_reader_of_an_older_state_is_told(data):
    with closing(open_archive(data)) as reader:
        reader.execute("begin")
        assert reader.table("articles").count == 3
        with closing(open_archive(data)) as db:
            db.execute("pragma busy_timeout = 100")
            begun = forgetting.begin(db, forgetting.find(db, data / "warc", [NAMED, SECOND]), "她自己请求", AT)
            with pytest.raises(ArchiveError, match=r"could not be cleaned: .*forget the same again"):
                forgetting.finish(db, data / "warc", begun, AT)
        reader.conn.rollback()
    with closing(open_archive(data)) as db:
        [left] = forgetting.unfinished(db)
        forgetting.finish(db, data / "warc", left, AT)
    assert holds(data, FORMER, FURTHER) == []
