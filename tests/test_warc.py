"""WARC files hold the very bytes, can be read by any WARC tool, and own up to where they are torn."""

import gzip
import hashlib
import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.article import RecordPlace, utc_now
from archive.warc import Request, WarcError, WarcFile, iterate, payload_digest, read

FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
HTML = "<html><title>云溪县签约十二个项目</title>".encode("gb18030")
PACKED = gzip.compress(HTML, mtime=0)
URL = "http://news.example/2024/1.htm?page=2"
HEADERS = (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Encoding", "gzip"))
NAME = "20240904T080500Z-000007-yunxi"
ASKED = Request((("User-Agent", "zhaoshang"), ("Accept", "*/*")))
NOISE = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(6250))
"""200,000 bytes that do not compress."""


@pytest.fixture
def kept(tmp_path):
    """A folder with a WARC file, and the places of its responses and resources."""
    file = WarcFile(tmp_path, NAME)
    places = [
        file.response(URL, FETCHED, 200, HEADERS, PACKED, request=ASKED),
        file.response("http://news.example", FETCHED, 404, (), b"", request=None),
        file.resource("file:///kept/1.htm", FETCHED, "text/html", HTML),
    ]
    file.close()
    return tmp_path, places


def member(folder, place):
    return (folder / place.file).read_bytes()[place.offset : place.offset + place.length]


# Written


def test_a_file_comes_into_being_with_its_first_record_and_is_whole_after_each(tmp_path):
    file = WarcFile(tmp_path / "warc", NAME)
    assert list(tmp_path.iterdir()) == []
    for number in (1, 2, 3):
        place = file.resource(f"file:///kept/{number}.htm", FETCHED, "text/html", HTML)
        assert place.file == f"{NAME}.warc.gz"
        assert place.offset + place.length == file.path.stat().st_size
        assert len(list(iterate(file.path))) == number
    file.close()


def test_closing_a_file_without_a_record_leaves_none(tmp_path):
    WarcFile(tmp_path / "warc", NAME).close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_large_enough_is_followed_by_another(tmp_path):
    file = WarcFile(
        tmp_path, "20240904T080500Z-000007-{serial:05}-yunxi", info={"isPartOf": "urn:zhaoshang:run:7"}, most=1500
    )
    places = [file.response(f"{URL}{number}", FETCHED, 200, HEADERS, PACKED, request=ASKED) for number in range(6)]
    file.close()
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == [
        f"20240904T080500Z-000007-{serial:05}-yunxi.warc.gz" for serial in (1, 2, 3)
    ]
    assert [read(tmp_path, place).url for place in places] == [f"{URL}{number}" for number in range(6)]
    for path in paths:
        with path.open("rb") as stream:
            kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
        assert kinds == ["warcinfo", *["response", "request"] * 2], "a request stands beside its response"
        assert b"isPartOf: urn:zhaoshang:run:7\r\n" in gzip.decompress(path.read_bytes())


def test_what_brought_nothing_is_recorded_as_that(tmp_path):
    file = WarcFile(tmp_path, NAME)
    file.failure(URL, FETCHED, "TimeoutError: no answer\nwithin 60 s", ASKED)
    file.close()
    with file.path.open("rb") as stream:
        told = [(record.rec_type, record.rec_headers, record.raw_stream.read()) for record in ArchiveIterator(stream)]
    kinds, headers, bodies = zip(*told, strict=True)
    assert kinds == ("warcinfo", "metadata", "request")
    assert bodies[1] == b"fetch-failure: TimeoutError: no answer within 60 s\r\n"
    assert headers[1]["WARC-Target-URI"] == headers[2]["WARC-Target-URI"] == URL
    assert headers[2]["WARC-Concurrent-To"] == headers[1]["WARC-Record-ID"]
    assert {each["WARC-Warcinfo-ID"] for each in headers[1:]} == {headers[0]["WARC-Record-ID"]}
    assert list(iterate(file.path)) == []


def test_no_file_is_written_over(kept):
    folder, places = kept
    with pytest.raises(FileExistsError):
        WarcFile(folder, NAME).resource("file:///kept/2.htm", FETCHED, "text/html", b"")
    assert read(folder, places[2]).body == HTML


def test_another_tool_reads_every_record_and_finds_the_digests_right(kept):
    folder, places = kept
    seen = []
    with (folder / places[0].file).open("rb") as stream:
        records = ArchiveIterator(stream, check_digests="raise")
        for record in records:
            body = record.raw_stream.read()
            assert record.digest_checker.passed is True
            seen.append((record.rec_type, records.get_record_offset(), body, record.rec_headers))
    kinds, offsets, bodies, headers = zip(*seen, strict=True)
    assert kinds == ("warcinfo", "response", "request", "response", "resource")
    assert [offsets[number] for number in (1, 3, 4)] == [place.offset for place in places]
    assert [bodies[number] for number in (1, 3, 4)] == [PACKED, b"", HTML]
    assert {each.protocol for each in headers} == {"WARC/1.1"}
    assert {each["WARC-Date"] for each in headers[1:]} == {"2024-09-04T08:05:00Z"}
    assert headers[0]["WARC-Filename"] == f"{NAME}.warc.gz"
    assert b"software: zhaoshang/" in bodies[0]
    assert [each["WARC-Target-URI"] for each in headers[1:]] == [URL, URL, "http://news.example", "file:///kept/1.htm"]
    assert headers[1]["WARC-Payload-Digest"] == "sha1:" + b32encode(hashlib.sha1(PACKED).digest()).decode()
    assert headers[1]["WARC-Payload-Digest"] == payload_digest(PACKED)
    assert headers[2]["WARC-Concurrent-To"] == headers[1]["WARC-Record-ID"]
    assert len({each["WARC-Record-ID"] for each in headers}) == 5


def test_each_record_is_a_member_that_gzip_alone_reads(kept):
    folder, places = kept
    response, missing, resource = (gzip.decompress(member(folder, place)) for place in places)
    assert response.endswith(
        b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        b"Content-Encoding: gzip\r\n\r\n" + PACKED + b"\r\n\r\n"
    )
    assert missing.endswith(b"\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n\r\n\r\n")
    assert b"\r\nWARC-Type: resource\r\n" in resource
    assert resource.endswith(b"\r\n\r\n" + HTML + b"\r\n\r\n")
    request = gzip.decompress(member(folder, RecordPlace(places[0].file, places[0].offset + places[0].length, 10**6)))
    assert b"\r\n\r\nGET /2024/1.htm?page=2 HTTP/1.1\r\nUser-Agent: zhaoshang\r\nAccept: */*\r\n\r\n" in request


def test_headers_are_kept_to_the_byte(tmp_path):
    """Chinese servers send file names and redirects as bare GBK or UTF-8; Scrapy's bytes come as Latin-1 characters."""
    sent = "/招商/项目.htm".encode("gb18030")
    file = WarcFile(tmp_path, NAME)
    place = file.response(URL, FETCHED, 302, (("Location", sent.decode("latin-1")),), b"", request=None)
    file.close()
    assert b"\r\nLocation: " + sent + b"\r\n" in gzip.decompress(member(tmp_path, place))


def test_a_file_is_dated_when_it_is_written_whatever_the_age_of_its_pages(kept):
    folder, places = kept
    info = next(ArchiveIterator(BytesIO((folder / places[0].file).read_bytes())))
    assert utc_now() - datetime.fromisoformat(info.rec_headers["WARC-Date"]) < timedelta(minutes=1)


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path):
    """No room for a large record: it is lost and said to be, those before and behind it are not."""
    file = WarcFile(tmp_path, NAME)
    file.resource("file:///kept/1.htm", FETCHED, "text/html", HTML)
    limits = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (file.path.stat().st_size + 1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            file.resource("file:///kept/2.bin", FETCHED, "application/octet-stream", NOISE)
    finally:
        setrlimit(RLIMIT_FSIZE, limits)
    place = file.resource("file:///kept/3.htm", FETCHED, "text/html", HTML)
    file.close()
    assert [record.url for record in iterate(file.path)] == ["file:///kept/1.htm", "file:///kept/3.htm"]
    assert read(tmp_path, place).url == "file:///kept/3.htm"


# Read back


def test_what_was_written_comes_back(kept):
    folder, places = kept
    records = [read(folder, place) for place in places]
    assert [(record.url, record.status, record.body) for record in records] == [
        (URL, 200, PACKED),
        ("http://news.example", 404, b""),
        ("file:///kept/1.htm", 200, HTML),
    ]
    assert records[0].headers == HEADERS
    assert records[2].headers == (("Content-Type", "text/html"),)
    assert {record.fetched_at for record in records} == {FETCHED}
    assert list(iterate(folder / places[0].file)) == records


@given(
    bodies=st.lists(st.binary(max_size=200) | st.sampled_from([PACKED, b"WARC/1.1\r\n\r\n", b"\r\n" * 9]), min_size=1),
    status=st.integers(100, 599),
)
@settings(deadline=None, derandomize=True, max_examples=50)
def test_any_bytes_come_back(tmp_path_factory, bodies, status):
    folder = tmp_path_factory.mktemp("warc")
    file = WarcFile(folder, NAME)
    places = [file.response(URL, FETCHED, status, HEADERS, body, request=Request()) for body in bodies]
    file.close()
    assert [read(folder, place).body for place in places] == bodies
    assert [(record.status, record.body) for record in iterate(file.path)] == [(status, body) for body in bodies]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda place: place._replace(file="20240905.warc.gz"),
        lambda place: place._replace(offset=0, length=place.offset),  # the warcinfo record
        lambda place: place._replace(offset=place.offset + 3),
        lambda place: place._replace(offset=10**9),
        lambda place: place._replace(length=place.length - 20),
        lambda place: place._replace(length=0),
    ],
    ids=["no file", "no response", "inside", "beyond", "too short", "empty"],
)
def test_a_wrong_place_is_said_to_be_wrong(kept, wrong):
    folder, places = kept
    place = wrong(places[0])
    with pytest.raises(WarcError) as refusal:
        read(folder, place)
    assert str(refusal.value).startswith(f"{place.file}: ")
    assert "\n" not in str(refusal.value)


# Files of others, and files that are torn


def record_of(head, body):
    http = head + b"\r\n\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:8c9b52b6-2f11-4a6e-9d53-b2a64d3f7e11>\r\n"
        b"WARC-Date: 2016-02-18T10:20:30.123Z\r\nWARC-Target-URI: http://old.example/812129.shtml\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
        % len(http)
        + http
        + b"\r\n\r\n"
    )


LONG = HTML * 2000
CHUNKED = b"".join(b"%x;name=a\r\n%b\r\n" % (len(part), part) for part in (LONG[:70000], LONG[70000:])) + b"0\r\n\r\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=[".warc", ".warc.gz"])
@pytest.mark.parametrize(
    ("head", "payload", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", CHUNKED, LONG),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked", CHUNKED, LONG),
        # Tools that take the chunks off and leave the header.
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", LONG, LONG),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip", PACKED, PACKED),
        (b"HTTP/1.0 200", HTML, HTML),
    ],
    ids=["chunked", "case of the header", "header left over", "gzip stays", "no reason phrase"],
)
def test_records_of_other_tools(tmp_path, pack, head, payload, body):
    path = tmp_path / "other.warc"
    path.write_bytes(pack(record_of(head, payload)) + pack(record_of(b"HTTP/1.1 404 Not Found", b"")))
    first, second = iterate(path)
    assert (first.url, first.fetched_at, first.status) == (
        "http://old.example/812129.shtml", datetime(2016, 2, 18, 10, 20, 30, 123_000, UTC), 200,
    )  # fmt: skip
    assert first.body == body
    assert (second.status, second.body) == (404, b"")


def handed_out(path):
    """What is handed out of a file, and what is said then."""
    records = []
    try:
        for record in iterate(path):
            records.append(record)  # noqa: PERF402 - kept where it raises
    except WarcError as error:
        return records, str(error)
    return records, None


def test_a_torn_file_hands_out_what_is_whole_and_says_that_it_is_torn(kept):
    """At every byte: a crash, a full disk or a broken download stops anywhere."""
    folder, places = kept
    path = folder / places[0].file
    whole, records = path.read_bytes(), list(iterate(path))
    ends = [place.offset + place.length for place in places]
    # Every end of a record is a whole file, too: also those of the warcinfo record and of the request.
    boundaries = {places[0].offset, *ends, places[1].offset}
    wrong = []
    for length in range(1, len(whole)):
        path.write_bytes(whole[:length])
        got, said = handed_out(path)
        as_it_should = got == records[: sum(end <= length for end in ends)]
        if length in boundaries:
            as_it_should &= said is None
        else:
            as_it_should &= (said or "").startswith(f"{path.name}: not readable after {len(got)} records: ")
            as_it_should &= "NoneType" not in (said or "")  # a reader is told of a tear, not of our insides
        if not as_it_should:
            wrong.append((length, len(got), said))
    assert wrong == []


@pytest.mark.parametrize("lost", [1, 9, 60_000, 199_000], ids="{} bytes".format)
def test_a_torn_large_record_is_not_handed_out(tmp_path, lost):
    """Larger than any buffer on the way; its bytes do not compress, so the tear is in the body."""
    body = NOISE
    file = WarcFile(tmp_path, NAME)
    for number in (1, 2):
        file.resource(f"file:///kept/{number}.bin", FETCHED, "application/octet-stream", body)
    file.close()
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[: len(whole) - lost])
    got, said = handed_out(file.path)
    assert [record.body for record in got] == [body]
    assert said


def test_a_record_with_a_wrong_checksum_is_not_handed_out(tmp_path):
    """One bit turned over in the middle of the second of three: a disk does that, and so does a bad copy."""
    file = WarcFile(tmp_path, NAME)
    places = [file.resource(f"file:///kept/{number}.bin", FETCHED, "x/y", NOISE) for number in (1, 2, 3)]
    file.close()
    data = bytearray(file.path.read_bytes())
    data[places[1].offset + places[1].length // 2] ^= 4
    file.path.write_bytes(data)
    got, said = handed_out(file.path)
    assert [record.url for record in got] == ["file:///kept/1.bin", "file:///kept/3.bin"]
    assert "not readable after 1 records" in said


@pytest.mark.parametrize(
    "before", [b"WARC-Date", b"nginx", b"</title>"], ids=["its header", "the HTTP header", "its body"]
)
def test_a_torn_file_without_compression(tmp_path, before):
    path = tmp_path / "other.warc"
    first = record_of(b"HTTP/1.1 200 OK", HTML)
    second = record_of(b"HTTP/1.1 200 OK\r\nServer: nginx", HTML * 9)
    path.write_bytes(first + second[: second.index(before)])
    got, said = handed_out(path)
    assert [record.body for record in got] == [HTML]
    assert said
    assert said.startswith("other.warc: not readable after 1 records: ")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HTML,
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        gzip.compress(HTML),
        b"WARC/1.1\r\n",
        record_of(b"HTTP/1.1 OK", b""),
    ],
    ids=["nothing", "html", "picture", "gzip", "beginning", "no status"],
)
def test_what_is_no_warc_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "other.warc.gz"
    path.write_bytes(content)
    with pytest.raises(WarcError, match=r"^other\.warc\.gz: not readable after 0 records: "):
        list(iterate(path))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("WARC-Date", None, "a record without WARC-Date"),
        ("WARC-Date", "2024-13-45", "a record whose WARC-Date is no date: '2024-13-45'"),
        ("WARC-Date", "20240904080500", "a record whose WARC-Date is no date: '20240904080500'"),
        ("WARC-Date", "0001-01-01T00:00:00+08:00", "a record whose WARC-Date is no date: '0001-01-01T00:00:00+08:00'"),
        ("WARC-Target-URI", "http://a:99999/x", "a record whose WARC-Target-URI is no address: 'http://a:99999/x'"),
        ("WARC-Target-URI", "http://[a/x", "a record whose WARC-Target-URI is no address: 'http://[a/x'"),
        ("WARC-Target-URI", "812129.shtml", "a record whose WARC-Target-URI is no address: '812129.shtml'"),
        ("Content-Length", "9" * 30, ""),
    ],
)
def test_an_odd_record_is_said_to_be_odd_after_those_before_it(tmp_path, field, value, said):
    path = tmp_path / "other.warc"
    good = record_of(b"HTTP/1.1 200 OK", HTML)
    line = b"" if value is None else f"{field}: {value}\r\n".encode()
    path.write_bytes(good + re.sub(rb"(?m)^%b: .*\n" % field.encode(), line, good, count=1))
    records, told = handed_out(path)
    assert len(records) == 1
    assert told.startswith(f"other.warc: not readable after 1 records: {said}")
    assert "\n" not in told


def test_a_date_is_utc_whether_it_says_so_or_not(tmp_path):
    path = tmp_path / "other.warc"
    path.write_bytes(record_of(b"HTTP/1.1 200 OK", HTML).replace(b"2016-02-18T10:20:30.123Z", b"2016-02-18"))
    assert [record.fetched_at for record in iterate(path)] == [datetime(2016, 2, 18, tzinfo=UTC)]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(WarcError, match=r"^none\.warc\.gz: "):
        list(iterate(tmp_path / "none.warc.gz"))
