"""What a killed run leaves in its WARC files is cut where it is torn, and entered where it is whole."""

import shutil
from datetime import UTC, datetime

import pytest

from archive import mending, runs, tearing, visits
from archive.article import Page
from archive.database import earlier_page, open_archive, place_of, save_page
from archive.mending import Mended, heal, mend
from archive.warc import WarcFile, iterate, payload_digest, read

AT = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
URLS = [f"http://news.example/{number}.htm" for number in range(1, 5)]
BODIES = [f"<title>云溪县签约{number}个项目</title>".encode("gb18030") for number in range(1, 5)]
HEADERS = (("Content-Type", "text/html; charset=GBK"),)


def written(folder, entered):
    """An archive of a run that was killed behind its fourth response, of which the first so many have a page."""
    db = open_archive(folder)
    run_id = runs.begin(db, "yunxi", AT)
    file = WarcFile(folder / "warc", f"20240904T080500Z-{run_id:06}-yunxi")
    for number, (url, body) in enumerate(zip(URLS, BODIES, strict=True)):
        place = file.response(url, AT, 200, HEADERS, body, request=None)
        if number < entered:
            page = Page(url, "", AT, 200, "text/html", digest=payload_digest(body))
            page_id = save_page(db, page, place, run_id)
            visits.answered(db, key=url, url=url, source="yunxi", page_id=page_id)
    file.close()
    return db, file.path


def pages(db):
    columns = "url, fetched_at, status, content_type, digest, warc_file, revisit_of, run_id"
    return list(db.query(f"select {columns} from pages order by warc_offset"))


@pytest.fixture
def killed(tmp_path):
    db, path = written(tmp_path, 2)
    yield db, path
    db.close()


def test_a_record_without_a_page_gets_the_page_it_would_have_had(killed, tmp_path):
    db, path = killed
    assert mend(db, path.parent, "yunxi") == Mended(entered=2)
    other, _ = written(tmp_path / "other", 4)
    assert pages(db) == pages(other)
    other.close()
    bodies = [read(path.parent, place_of(db, id_)).body for (id_,) in db.execute("select id from pages order by id")]
    assert bodies == BODIES
    assert mend(db, path.parent, "yunxi") == Mended()


def test_a_file_that_is_torn_at_any_byte_is_cut_behind_its_last_whole_record(killed, tmp_path):
    _, path = killed
    whole, end = tearing.members(path)
    data = path.read_bytes()
    assert end == len(data)
    assert [member.offset + member.length for member in whole[:-1]] == [member.offset for member in whole[1:]]
    torn = tmp_path / "torn.warc.gz"
    for size in range(whole[-2].offset, len(data)):
        torn.write_bytes(data[:size])
        found, end = tearing.members(torn)
        assert found == [member for member in whole if member.offset + member.length <= size]
        assert end == whole[len(found)].offset


def test_what_is_cut_off_is_kept_beside_and_what_is_whole_is_entered(killed):
    db, path = killed
    data = path.read_bytes()
    last = tearing.members(path)[0][-1]
    path.write_bytes(data[:-1])
    beside = path.with_name(f"{path.name}.{last.offset}.torn")
    assert mend(db, path.parent, "yunxi") == Mended(torn=(beside,), entered=1)
    assert path.read_bytes() + beside.read_bytes() + data[-1:] == data
    assert [record.url for record in iterate(path)] == URLS[:3]


def test_a_page_of_zeros_is_torn_too(killed):
    """What a file system has made room for before a power failure, and has not written."""
    db, path = killed
    data = path.read_bytes()
    path.write_bytes(data + bytes(4096))
    [beside] = mend(db, path.parent, "yunxi").torn
    assert (path.read_bytes(), beside.read_bytes()) == (data, bytes(4096))


def test_a_file_without_a_whole_record_goes_and_is_kept_beside(killed):
    db, path = killed
    db.execute("delete from visits")
    db.execute("delete from pages")
    path.write_bytes(path.read_bytes()[:100])
    assert len(mend(db, path.parent, "yunxi").torn) == 1
    assert [file.name for file in path.parent.iterdir()] == [f"{path.name}.0.torn"]


def test_a_page_whose_record_is_lost_is_asked_for_again_and_finds_its_payload_there(killed):
    """A disk that lied about what it had written: then rows may outlast their records."""
    db, path = killed
    second = db.execute("select warc_offset from pages where url = ?", [URLS[1]]).fetchone()[0]
    path.write_bytes(path.read_bytes()[: second + 20])
    [lost] = mend(db, path.parent, "yunxi").lost
    assert visits.find(db, URLS[1]).is_open
    assert not visits.find(db, URLS[1]).digest
    digest = payload_digest(BODIES[1])
    assert earlier_page(db, URLS[1], digest) is None
    assert earlier_page(db, URLS[0], payload_digest(BODIES[0]))
    file = WarcFile(path.parent, "20240904T090000Z-000002-yunxi")
    place = file.response(URLS[1], AT, 200, HEADERS, BODIES[1], request=None)
    save_page(db, Page(URLS[1], "", AT, 200, "text/html", digest=digest), place, None)
    file.close()
    assert heal(db, [lost]) == 1
    assert read(path.parent, place_of(db, lost)).body == BODIES[1]


def test_what_is_damaged_inside_is_said_and_left_alone(killed):
    db, path = killed
    data = bytearray(path.read_bytes())
    first = db.execute("select warc_offset, warc_length from pages where url = ?", [URLS[0]]).fetchone()
    data[first[0] + first[1] // 2] ^= 0xFF
    path.write_bytes(data)
    assert mend(db, path.parent, "yunxi") == Mended(damaged=(path.name,))
    assert path.read_bytes() == data


def test_a_file_that_is_still_being_written_is_left_alone(tmp_path):
    db = open_archive(tmp_path)
    file = WarcFile(tmp_path / "warc", f"20240904T080500Z-{runs.begin(db, 'yunxi', AT):06}-yunxi")
    file.response(URLS[0], AT, 200, HEADERS, BODIES[0], request=None)
    assert mend(db, tmp_path / "warc", "yunxi") == Mended()
    file.close()
    assert mend(db, tmp_path / "warc", "yunxi") == Mended(entered=1)
    db.close()


def test_other_sources_and_former_runs_are_left_alone(killed):
    db, path = killed
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert mend(db, path.parent, "jinhe") == Mended()
    runs.finish(db, runs.begin(db, "yunxi", AT), AT, "finished", {}, None, {})
    assert mend(db, path.parent, "yunxi") == Mended()
    assert path.read_bytes() == data[:-1]


def test_a_run_is_mended_whose_mending_failed_before(killed):
    """On a full disk the runs that follow fail, too; and what could not be entered is anywhere in the file."""
    db, path = killed
    db.execute("delete from visits")
    db.execute("delete from pages where url = ?", [URLS[0]])
    for reason in ("disk_full", "disk_full"):
        runs.finish(db, runs.begin(db, "yunxi", AT), AT, reason, {}, None, {})
    assert mend(db, path.parent, "yunxi", ["disk_full"]) == Mended(entered=3)


def test_half_a_transaction_is_none_and_what_the_database_loses_the_warc_file_has(killed, tmp_path):
    """Power lost: of SQLite's log only what had reached the disk is there, to any byte."""
    db, path = killed
    log = tmp_path / "archive.db-wal"
    before, rows = log.stat().st_size, pages(db)
    mend(db, path.parent, "yunxi")
    behind = log.stat().st_size
    assert behind > before
    for size in range(before, behind, (behind - before) // 7):
        copy = tmp_path / str(size)
        shutil.copytree(path.parent, copy / "warc")
        shutil.copy(tmp_path / "archive.db", copy)
        (copy / log.name).write_bytes(log.read_bytes()[:size])
        lost = open_archive(copy)
        assert len(pages(lost)) in (len(rows), len(URLS))
        mend(lost, copy / "warc", "yunxi")
        assert pages(lost) == pages(db)
        lost.close()


def test_types_that_have_a_page_are_those_that_recording_writes():
    assert mending.ENTERED == ("response", "resource", "revisit")
