"""WARC files of others, and damaged ones: they are read as far as they reach, and it is said how far that was."""

import gzip
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc import WarcError, iterate
from archive.warc.behind import row_behind

PAGE = "<h1>拿地即开工</h1>".encode("gb18030")
CHUNKED = b"5;name=a\r\n" + PAGE[:5] + b"\r\n%x\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\n\r\n"


def record(number, http=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body=PAGE, brackets=b"%b"):
    """A response as a simple tool writes it; its address ends in a number."""
    lines = (
        b"WARC/1.0", b"WARC-Type: response", b"WARC-Record-ID: <urn:uuid:8c9b52b6-2f11-4a6e-9d53-%012d>" % number,
        b"WARC-Date: 2016-02-18T10:20:30Z", b"WARC-Target-URI: " + brackets % (b"http://old.example/%d" % number),
        b"Content-Type: application/http; msgtype=response", b"Content-Length: %d" % len(http + body),
    )  # fmt: skip
    return b"\r\n".join(lines) + b"\r\n\r\n" + http + body + b"\r\n\r\n"


def members(*numbers, **how):
    return [gzip.compress(record(number, **how), mtime=0) for number in numbers]


def read(path):
    """The numbers of the records that are handed out, and what is said then."""
    numbers = []
    try:
        for each in iterate(path):
            assert each.body == PAGE
            numbers.append(int(each.url.rpartition("/")[2]))
    except WarcError as error:
        return numbers, str(error)
    return numbers, None


# Written by others


def by_warcio(*, packed, version):
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("old.warc", {"software": "warcio"}))
    for number in (1, 2):
        url = f"http://old.example/{number}"
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        response = writer.create_warc_record(
            url, "response", payload=BytesIO(PAGE), length=len(PAGE), http_headers=head
        )
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "old.example")], is_http_request=True)
        request = writer.create_warc_record(url, "request", payload=BytesIO(), length=0, http_headers=asked)
        writer.write_request_response_pair(request, response)
    return out.getvalue()


def plain(**how):
    return record(1, **how) + record(2, **how)


OTHERS = {
    "warcio": by_warcio(packed=False, version="1.0"),
    "warcio, gzip": by_warcio(packed=True, version="1.1"),
    "wget, the address in brackets": b"".join(members(1, 2, brackets=b"<%b>")),
    "chunked": plain(http=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body=CHUNKED),
    "chunked, gzip": b"".join(
        members(1, 2, http=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body=CHUNKED)
    ),
    "HTTP/2": plain(http=b"HTTP/2 200\r\ncontent-type: text/html\r\n\r\n"),
    "HTTP/2.0": plain(http=b"HTTP/2.0 200 OK\r\ncontent-type: text/html\r\n\r\n"),
    "HTTP/3": plain(http=b"HTTP/3 200 \r\ncontent-type: text/html\r\n\r\n"),
    "lines that end in LF": plain(http=b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n"),
    "no header at all": plain(http=b"HTTP/1.0 200 OK\r\n\r\n"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_others_are_read(name, tmp_path):
    path = tmp_path / ("other.warc.gz" if OTHERS[name].startswith(b"\x1f") else "other.warc")
    path.write_bytes(OTHERS[name])
    assert read(path) == ([1, 2], None)
    assert {each.status for each in iterate(path)} == {200}


def test_an_arc_file_is_said_to_be_none_of_ours(tmp_path):
    path = tmp_path / "old.warc"
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    info = b"1 0 Alexa Internet\nURL IP-address Archive-date Content-type Archive-length\n\n"
    path.write_bytes(
        b"filedesc://old.arc 0.0.0.0 20030218102030 text/plain %d\n%b\n" % (len(info), info)
        + b"http://old.example/1 192.0.2.1 20030218102030 text/html %d\n%b\n" % (len(body), body)
    )
    numbers, said = read(path)
    assert numbers == []
    assert said.startswith("old.warc: not readable after 0 records: ")


# Damaged

ROW = members(1, 2, 3, 4)
SECOND = len(ROW[0])
"""Where the second record begins."""


@pytest.mark.parametrize("place", range(0, len(ROW[1]), 7))
@pytest.mark.parametrize("bit", [1, 128])
def test_a_damaged_record_takes_no_other_with_it(place, bit, tmp_path):
    """A bit turned over anywhere in it: it is not handed out as something else, and those behind it are found."""
    path = tmp_path / "old.warc.gz"
    data = bytearray(b"".join(ROW))
    data[SECOND + place] ^= bit
    path.write_bytes(data)
    numbers, said = read(path)
    if 4 <= place < 10:
        # Time and system of a gzip header: nothing of the record.
        assert (numbers, said) == ([1, 2, 3, 4], None)
        return
    assert numbers == [1, 3, 4]
    assert said.startswith("old.warc.gz: not readable after 1 records: ")
    assert said.endswith(f"; 2 more were found behind {len(ROW[1])} bytes in 1 place")


@pytest.mark.parametrize(
    "junk",
    [b"\0", b"\0" * 4096, b"\x1f\x8b\x08", b"junk\r\n\r\n", b"WARC/1.0\r\n", ROW[1][:60], gzip.compress(b"x")],
    ids=["NUL", "NULs", "the magic of gzip", "a line", "the begin of a record", "a torn record", "a member of another"],
)
def test_junk_between_records_is_passed_over(junk, tmp_path):
    path = tmp_path / "old.warc.gz"
    path.write_bytes(ROW[0] + junk + b"".join(ROW[2:]))
    numbers, said = read(path)
    assert numbers == [1, 3, 4]
    assert said.isprintable()
    assert said.endswith(f"; 2 more were found behind {len(junk):,} bytes in 1 place")


def test_a_record_that_says_nothing_of_its_date_takes_no_other_with_it(tmp_path):
    undated = [gzip.compress(gzip.decompress(each).replace(b"WARC-Date", b"Date")) for each in ROW]
    path = tmp_path / "old.warc.gz"
    path.write_bytes(ROW[0] + undated[1] + ROW[2] + ROW[3] + undated[3])
    numbers, said = read(path)
    assert numbers == [1, 3, 4]
    lost = len(undated[1] + undated[3])
    assert said == (
        "old.warc.gz: not readable after 1 records: a record without WARC-Date;"
        f" 2 more were found behind {lost} bytes in 2 places"
    )


def test_a_page_that_carries_records_is_never_taken_for_them(tmp_path):
    """Bytes that do not compress stand in gzip as they are: where that record is damaged, they look like more."""
    inner = b"".join(members(7, 8))
    outer = bytearray(gzip.compress(record(2, body=inner), compresslevel=0))
    assert inner in outer
    outer[-6] ^= 1
    path = tmp_path / "old.warc.gz"
    path.write_bytes(ROW[0] + outer + b"".join(ROW[2:]))
    numbers, _ = read(path)
    assert numbers == [1, 3, 4]
    path.write_bytes(ROW[0] + outer)
    numbers, said = read(path)
    assert numbers == [1]
    assert "more were found" not in said


def test_what_lies_between_two_damaged_places_is_not_trusted(tmp_path):
    damaged = bytes([*ROW[1][:-6], ROW[1][-6] ^ 1, *ROW[1][-5:]])
    path = tmp_path / "old.warc.gz"
    path.write_bytes(ROW[0] + damaged + ROW[1] + damaged + ROW[2])
    numbers, said = read(path)
    assert numbers == [1, 3]
    assert said.endswith(f"; 1 more were found behind {2 * len(damaged) + len(ROW[1])} bytes in 1 place")


def test_looking_for_more_takes_no_longer_than_reading(grows_evenly, tmp_path):
    """In a file made of beginnings, each of which goes on for a while."""
    begun = gzip.compress(record(1, body=bytes(range(256)) * 40), compresslevel=0)[:2000]
    path = tmp_path / "made.warc.gz"

    def build(times):
        path.write_bytes(begun * times)
        return path

    grows_evenly(lambda made: row_behind(made, 1), build, 500)
