"""What is kept proves what is told, every fault is found, and the archive comes out of its WARC files again."""

import gzip
import hashlib
import json
import shutil
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from archive.alike import differences
from archive.article import utc_now
from archive.database import open_archive
from archive.warc import WarcFile
from crawler import cli_evidence

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
PAGES = {
    "http://www.yunxi.example/n/1.html": (
        "云溪区三家电子企业同日投产",
        "八月二十六日，云溪区电子信息产业园里三条生产线先后试车成功，首批产品当天发往东莞。园区为三家企业各配了一名专员。",
    ),
    "http://www.yunxi.example/n/2.html": (
        "一份清单替企业跑了十九个窗口",
        "办一张排污许可证，过去要跑十九个窗口。云溪区把材料列成一份清单，由代办员在三天里全部交齐，企业只签一次字。",
    ),
    "http://www.yunxi.example/n/3.html": (
        "老粮库的新租客",
        "空置六年的云溪粮库里，如今住进了四家冷链企业。仓库的砖墙没有动，只换了门和地坪，租金头两年由区里补一半。",
    ),
}
EDITED = "云溪区四家电子企业同日投产"


@pytest.fixture(scope="module")
def kept(zhaoshang, tmp_path_factory):
    """A data folder with three articles that came out of two WARC files, one of them twice and changed."""
    folder = tmp_path_factory.mktemp("evidence")
    for number, pages in enumerate((PAGES, {next(iter(PAGES)): (EDITED, PAGES[next(iter(PAGES))][1])})):
        file = WarcFile(folder, f"yunxi{number}")
        for url, page in pages.items():
            body = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>2024-08-27</p><p>{1}</p></body></html>"
            at = utc_now() - timedelta(days=2 - number)
            file.response(url, at, 200, HEADERS, body.format(*page).encode(), request=None)
        file.close()
        done = zhaoshang("import", file.path, data=folder / "data")
        assert (done.returncode, done.stderr) == (0, "")
    return folder / "data"


@pytest.fixture
def data(kept, tmp_path):
    """A copy of it, to be written to."""
    return shutil.copytree(kept, tmp_path / "data")


def verified(zhaoshang, data, *options):
    done = zhaoshang("verify", "--json", *options, data=data)
    return done, {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}


def test_a_good_archive_has_no_fault(kept, zhaoshang):
    done, checks = verified(zhaoshang, kept)
    assert (done.returncode, done.stderr) == (0, "")
    looked_at = {name: check["looked_at"] for name, check in checks.items() if name != "database"}
    assert looked_at == {"indexes": 3, "WARC files": 2, "records": 4, "articles": 3}
    assert not any(check["faults"] for check in checks.values())


def test_every_fault_is_found_and_named(data, zhaoshang):
    db = open_archive(data)
    first, second, third, _ = db.query("select * from pages order by id")
    db.execute("update pages set digest = 'sha1:WRONG' where id = ?", [second["id"]])
    db.execute("update articles set text = text || '此句为后来所加。' where page_id = ?", [third["id"]])
    db.execute("insert into articles_fts(rowid, title, text) values (3, 'planted', '')")
    db.execute("delete from search_facts where id = 2")
    db.conn.commit()
    db.close()
    with closing(sqlite3.connect(data / "archive.db")) as plain:
        plain.execute("insert into repairs(article_id, position, kind) values (99, 1, 'unescape')")
        plain.commit()
    path = data / "warc" / first["warc_file"]
    packed = bytearray(path.read_bytes())
    packed[first["warc_offset"] + first["warc_length"] // 2] ^= 1
    path.write_bytes(packed)
    last = max((data / "warc").iterdir())
    last.write_bytes(last.read_bytes() + packed[:100])

    done, checks = verified(zhaoshang, data)
    assert done.returncode == 1
    found = {name: "\n".join(check["faults"]) for name, check in checks.items()}
    assert "repairs row 1: refers to a row of articles that is not there" in found["database"]
    assert "article 3: 'planted' of title is in the index, not in the table" in found["indexes"]
    assert "1 articles are not among the facts" in found["indexes"]
    end = last.stat().st_size - 100
    assert f"{last.name}: torn or damaged: no whole record behind byte {end:,}" in found["WARC files"]
    assert f"page {first['id']} ({first['url']}): {path.name}: no record" in found["records"]
    assert f"page {second['id']} ({second['url']})" in found["records"]
    assert "names the digest" in found["records"]
    assert f"({third['url']}): text is read otherwise than stored (zhaoshang " in found["articles"]
    faults = sum(len(check["faults"]) for check in checks.values())
    assert done.stderr.splitlines()[-1] == f"zhaoshang: {faults} faults"
    assert not (data / "jobs" / "verify").exists()


def test_what_another_release_read_otherwise_is_told_as_that(data, zhaoshang):
    db = open_archive(data)
    [row] = db.query("select * from pages where id = 2")
    db.execute("update articles set text = text || '旧版多读了一句。' where page_id = 2")
    path = data / "warc" / row["warc_file"]
    packed = path.read_bytes()
    [begin] = db.execute("select min(warc_offset) from pages where warc_file = ?", [path.name]).fetchone()
    info = gzip.compress(gzip.decompress(packed[:begin]).replace(b"software: zhaoshang/", b"software: zhaoshang/9."))
    path.write_bytes(info + packed[begin:])
    db.execute("update pages set warc_offset = warc_offset + ? where warc_file = ?", [len(info) - begin, path.name])
    db.conn.commit()
    db.close()
    done, checks = verified(zhaoshang, data)
    assert done.returncode == 0, checks
    [note] = checks["articles"]["notes"]
    assert "text is read otherwise than stored (zhaoshang 9." in note


def test_the_archive_comes_out_of_its_warc_files_alone(data, kept, zhaoshang):
    done = zhaoshang("rebuild", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 articles out of 4 pages in 2 WARC files\nthe same as archive.db\n"
    for path in data.glob("archive.db*"):
        path.unlink()
    done = zhaoshang("rebuild", data=data)
    assert (done.returncode, done.stdout) == (0, "3 articles out of 4 pages in 2 WARC files\n")
    assert list(differences(kept / "archive.db", data / "archive.db")) == []
    assert "1 article\n" in zhaoshang("search", EDITED, data=data).stdout
    assert not (data / "jobs" / "rebuild").exists()


@pytest.mark.long
def test_another_archive_is_only_replaced_if_one_says_so(data, kept, zhaoshang):
    db = open_archive(data)
    db.execute("update articles set title = '改过的标题' where id = 2")
    db.conn.commit()
    db.close()
    done = zhaoshang("rebuild", data=data)
    assert done.returncode == 1
    assert "  articles: 1 rows are missing, 1 too many: id '2'" in done.stdout
    assert "--replace puts it in the place of archive.db" in done.stderr
    assert next(differences(kept / "archive.db", data / "archive.db")).table == "articles"
    done = zhaoshang("rebuild", "--replace", data=data)
    assert done.returncode == 0
    assert list(differences(kept / "archive.db", data / "archive.db")) == []
    [former] = data.glob("archive.db.before-*")
    with closing(sqlite3.connect(former)) as db:
        assert db.execute("select title from articles where id = 2").fetchone() == ("改过的标题",)


@pytest.mark.long
def test_records_of_a_run_without_an_account_are_entered_too(data, zhaoshang):
    """A process that was killed writes no account: its pages are read, under new ids."""
    first = min((data / "warc").iterdir())
    with closing(open_archive(data)) as db:
        [end] = db.execute(
            "select max(warc_offset + warc_length) from pages where warc_file = ?", [first.name]
        ).fetchone()
    first.write_bytes(first.read_bytes()[:end])
    (data / "archive.db").unlink()
    done = zhaoshang("rebuild", data=data)
    assert done.returncode == 0, done.stderr
    assert "3 records are of runs that never ended: they have new ids" in done.stdout
    with closing(open_archive(data)) as db:
        assert db.execute("select title, version from articles order by url").fetchall()[0] == (EDITED, 2)
        assert [row["reason"] for row in db.query("select reason from runs order by id")] == ["killed", "finished"]


@pytest.mark.long
def test_the_next_run_writes_the_account_of_one_that_was_killed(data, kept, zhaoshang):
    first = min((data / "warc").iterdir())
    with closing(open_archive(data)) as db:
        query = "select max(warc_offset + warc_length) from pages where warc_file = ?"
        [end] = db.execute(query, [first.name]).fetchone()
        db.execute("update runs set accounted = null, finished = null, reason = 'killed' where id = 1")
        db.conn.commit()
    first.write_bytes(first.read_bytes()[:end])
    assert zhaoshang("import", kept.parent / "yunxi1.warc.gz", data=data).returncode == 0
    done = zhaoshang("rebuild", data=data)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the same as archive.db")


def test_a_broken_archive_is_made_again(data, kept, zhaoshang):
    broken = b"no database" * 999
    for path in data.glob("archive.db*"):
        path.unlink()
    (data / "archive.db").write_bytes(broken)
    done = zhaoshang("rebuild", "--replace", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "archive.db cannot be compared: " in done.stdout
    assert list(differences(kept / "archive.db", data / "archive.db")) == []
    [former] = data.glob("archive.db.before-*")
    assert former.read_bytes() == broken


def test_out_of_files_of_others_no_archive_is_made(tmp_path, zhaoshang):
    file = WarcFile(tmp_path / "data/warc", "other")
    file.response("http://a.example/", utc_now(), 200, HEADERS, b"<p>", request=None)
    file.close()
    done = zhaoshang("rebuild", data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no WARC files of ours there" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "data/archive.db").exists()


@pytest.mark.long
def test_a_list_that_cannot_be_read_is_told_and_ends_nothing(province, tmp_path, zhaoshang, query):
    data = shutil.copytree(province, tmp_path / "data")
    # The entry of an e-paper, whose lists tell of articles; all that this one tells is told by others, too.
    lists = (
        "select pages.* from pages join runs on runs.id = run_id where source = 'xiangyue' and article_id is null"
        " and content_type = 'text/html' order by pages.id limit 1"
    )
    [first] = query(data, lists)
    path = data / "warc" / first["warc_file"]
    packed = bytearray(path.read_bytes())
    packed[first["warc_offset"] + first["warc_length"] - 4] ^= 1
    path.write_bytes(packed)
    (data / "archive.db").rename(tmp_path / "archive.db")
    done = zhaoshang("rebuild", data=data)
    assert done.returncode == 1
    assert "could not be read: `zhaoshang verify` names them" in done.stderr
    whole = sum(row["whole"] for row in query(tmp_path, "select count(*) as whole from articles"))
    assert query(data, "select count(*) as whole from articles") == [{"whole": whole}]


@pytest.mark.long
def test_what_is_stopped_puts_nothing_in_its_place(province, tmp_path, start, wait_until):
    data = shutil.copytree(province, tmp_path / "data")
    for path in data.glob("archive.db*"):
        path.unlink()
    made = data / "jobs" / "rebuild" / "archive.db"

    def has_begun():
        if not made.exists():
            return False
        with closing(sqlite3.connect(made)) as db:
            try:
                return db.execute("select count(*) from articles").fetchone()[0] > 5
            except sqlite3.OperationalError:
                return False

    with start("zhaoshang", "--data", data, "rebuild") as process:
        wait_until(has_begun)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == "zhaoshang: stopped before all pages were read; archive.db is as it was\n"
    assert not (data / "archive.db").exists()
    assert not made.parent.exists()


def test_without_an_archive_nothing_is_checked_or_made(tmp_path, zhaoshang):
    done = zhaoshang("verify", data=tmp_path / "data")
    assert done.returncode == 1
    assert done.stderr.startswith(f"zhaoshang: {tmp_path / 'data' / 'archive.db'}: no archive there yet")
    assert not (tmp_path / "data").exists()


def test_without_warc_files_nothing_is_made(tmp_path, zhaoshang):
    done = zhaoshang("rebuild", data=tmp_path / "data")
    assert (done.returncode, done.stderr) == (
        1, f"zhaoshang: {tmp_path / 'data' / 'warc'}: no WARC files there; give --data\n",
    )  # fmt: skip
    assert not (tmp_path / "data").exists()


def test_faults_beyond_the_first_are_counted():
    check = cli_evidence.Check("records", 100, [f"page {number}" for number in range(cli_evidence.MOST + 5)])
    assert list(cli_evidence._lines([check]))[-1] == "records: 5 more; --json has them all"


def test_a_file_that_pages_were_taken_out_of_is_named_with_its_hash(kept, query):
    rows = query(
        kept, "select imports.*, count(pages.id) as pages from imports join pages on import_id = imports.id group by 1"
    )
    assert [(row["file"], row["pages"]) for row in rows] == [("yunxi0.warc.gz", 3), ("yunxi1.warc.gz", 1)]
    for row in rows:
        taken = (kept.parent / row["file"]).read_bytes()
        assert (row["size"], row["sha256"]) == (len(taken), hashlib.sha256(taken).hexdigest())
    [written] = [path for path in (kept / "warc").iterdir() if "-000001-" in path.name]
    records = gzip.decompress(written.read_bytes())
    assert (
        records.count(f"WARC-Source-URI: yunxi0.warc.gz\r\nWARC-Source-Digest: sha256:{rows[0]['sha256']}".encode())
        == 3
    )
    assert str(kept.parent).encode() not in records
