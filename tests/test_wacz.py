"""What goes out for others to check or replay, judged by their tools: WARC, its CDXJ index, and WACZ."""

import gzip
import hashlib
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from base64 import b64decode
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from urllib.request import ProxyHandler, build_opener
from zipfile import ZIP_STORED, ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from warcio.archiveiterator import ArchiveIterator

from archive import cdxj, wacz
from archive.article import Article, Page
from archive.database import open_archive, save, save_page
from archive.search import parse
from archive.surt import surt
from archive.warc import Request, WarcError, WarcFile, iterate, payload_digest

pytestmark = pytest.mark.long

JUDGES = Path(sys.prefix) / ".judges/bin"
judged = pytest.mark.skipif(not JUDGES.exists(), reason="the tools of others are not installed: make judges")

QUERY = "招商引资"
FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=gbk"),)


def judge(tool, *args, **options):
    """What a tool of others says."""
    command = [JUDGES / tool, *map(str, args)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


# The key of an address

PATHS = [
    "a",
    "B",
    "%2e",
    "..",
    ".",
    "",
    "%25",
    "%",
    "%C9%CC",
    "招商",
    "~",
    "%7e",
    "'",
    " ",
    "\\",
    "a.aspx",
    "+",
    ":",
    "@",
]
PATHS += ["(0123456789abcdef01234567)", "(a(0123456789abcdef01234567))", "content_12.htm", "|", "=", ";", "&", "\xa0"]
FIELDS = ["a=1", "A=2", "b", "", "=x", "b=%26", "c=招", "b=", "?", "%", "a=1=2", "ASPSESSIONIDABCDEFGH=" + "x" * 24]
HOSTS = ["x.cn", "www.x.cn", "WWW3.X.cn", "招商.cn", "127.0.0.1:8080", "x.cn:80", "x.cn:443", "u:p@x.cn", "x.cn."]
SESSIONS = ["", "sid=" + "0A" * 16, "jsessionid=" + "0a" * 16, "cfid=1&cftoken=2"]
FIXED = [
    "http://x.cn", "http://x.cn?", "http://x.cn/a/?", "http://x.cn:/y", "http://[::1]:80/x", "http://2130706433/",
    "file:///kept/1.htm", "file:///kept/招商.htm", "dns:x.cn", "urn:zhaoshang:run:7", "http://www.cn/",
    "https://mp.weixin.qq.com/s?__biz=A&mid=2&sn=C%3D#rd", "http://x.cn/%25%32%35", "http://x..cn/../..",
]  # fmt: skip


def addresses(number):
    """Addresses as no person would write them, the same ones each time."""
    chance = random.Random(7)
    for _ in range(number):
        path = "".join(f"/{chance.choice(PATHS)}{chance.choice(['', *PATHS])}" for _ in range(chance.randint(0, 4)))
        # A session id stands once in an address: what the original makes of two is nobody's rule.
        fields = [*chance.sample(FIELDS, chance.randint(0, 4)), chance.choice(SESSIONS)]
        query = chance.choice(["", "?" + "&".join(fields)])
        yield f"{chance.choice(['http', 'https'])}://{chance.choice(HOSTS)}{path}{query}{chance.choice(['', '#top'])}"


@judged
def test_keys_are_those_of_the_internet_archive():
    urls = [*FIXED, *addresses(5000)]
    script = "import json, sys, surt; json.dump([surt.surt(url) for url in json.load(sys.stdin)], sys.stdout)"
    keys = json.loads(judge("python", "-W", "ignore", "-c", script, input=json.dumps(urls)))
    assert [(url, surt(url)) for url in urls] == list(zip(urls, keys, strict=True))


# The index


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A folder with records of every type, and with headers that are out of the ordinary."""
    folder = tmp_path_factory.mktemp("odd")
    with closing(WarcFile(folder, "odd-{serial:05}", most=2000)) as file:
        sent = Request((("User-Agent", "zhaoshang"),))
        for number, (url, headers) in enumerate(
            [
                ("http://news.example/%C9%CC.htm?b=2&a=1", HTML),
                ("http://news.example/none", ()),
                ("http://www.news.example:8080/typeless", (("Content-Type", ""),)),
                ("http://news.example/two", (("Content-Type", "TEXT/HTML ;a=b"), ("Content-Type", "text/plain"))),
                ("https://news.example/b?招=商", (("content-type", "text/html\tx"), ("Location", "/\xd5\xd0"))),
            ]
        ):
            when = FETCHED + timedelta(seconds=number)
            request = sent if url.isascii() else None
            file.response(url, when, 200 + number, headers, b"%d" % number, request=request)
            file.revisit(url, when, 200, headers, payload_digest(b"%d" % number), first_at="2024-09-04T08:05:00Z")
        file.revisit(
            "http://news.example/none", FETCHED, 304, (), payload_digest(b"1"), first_at="2024-09-04T08:05:01Z",
            not_modified=True, request=sent,
        )  # fmt: skip
        file.resource("file:///kept/%E6%8B%9B.htm", FETCHED, "text/html", b"<p>")
        file.failure("http://news.example/gone", FETCHED, "DNSLookupError: no such host", sent)
    assert len(list(folder.iterdir())) > 1
    return folder


@judged
def test_the_index_is_the_one_that_cdxj_indexer_makes(province, odd, zhaoshang, together):
    wanted = ("-s", "--records", "response,revisit,resource")
    theirs = together(lambda folder: judge("cdxj-indexer", *wanted, folder), [province / "warc", odd])
    ours = StringIO()
    assert cdxj.write(sorted(odd.iterdir()), ours) == []
    assert ours.getvalue() == theirs[1]
    assert zhaoshang("export", "cdxj", data=province).stdout == theirs[0]
    assert len(theirs[0].splitlines()) > 600


# WACZ

CHOICES = {"whole": (), "source": ("--source", "hongan"), "query": ("--query", QUERY, "--since", "2024-01-01")}


@pytest.fixture(scope="module")
def packed(province, zhaoshang, together, tmp_path_factory):
    """A WACZ of the whole sample province, of a source, and of a search."""
    folder = tmp_path_factory.mktemp("wacz")

    def pack(name):
        done = zhaoshang("export", "wacz", *CHOICES[name], "-o", folder / f"{name}.wacz", data=province)
        assert re.fullmatch(r"\d+ articles, \d+ WARC records in \S+\n", done.stderr), done.stderr
        assert (done.returncode, done.stdout) == (0, "")
        return folder / f"{name}.wacz"

    made = dict(zip(CHOICES, together(pack, CHOICES), strict=True))
    assert sorted(folder.iterdir()) == sorted(made.values())
    return made


def records(path):
    """The records of all WARC files of a WACZ: their heads, with `content`."""
    with ZipFile(path) as file:
        for name in file.namelist():
            if name.startswith("archive/"):
                for record in ArchiveIterator(BytesIO(file.read(name)), check_digests="raise"):
                    record.content = record.raw_stream.read()
                    yield record


def pages(path):
    """What a WACZ says of itself in its list of pages, and the pages."""
    with ZipFile(path) as file:
        head, *listed = map(json.loads, file.read("pages/pages.jsonl").splitlines())
    return head, listed


@judged
def test_the_validator_of_wacz_accepts_them(packed, together):
    for said in together(lambda file: judge("wacz", "validate", "-f", file), packed.values()):
        assert said.splitlines()[-1] == "Validation succeeded, the passed WACZ is valid"


@judged
def test_other_tools_find_every_record_and_its_digests_right(packed, province, odd, tmp_path, run):
    """FastWARC and warcio, over the files of a crawl, over those with odd records, and over what was copied of them."""
    with ZipFile(packed["query"]) as file:
        file.extractall(tmp_path)
    files = [*(province / "warc").glob("*.warc.gz"), *odd.iterdir(), *(tmp_path / "archive").iterdir()]
    script = (
        "import sys; from fastwarc.warc import ArchiveIterator, WarcRecordType\n"
        "for name in sys.argv[1:]:\n"
        "  for record in ArchiveIterator(open(name, 'rb'), verify_digests=True):\n"
        "    has_payload = record.is_http and record.record_type != WarcRecordType.revisit\n"
        "    assert not has_payload or record.verify_payload_digest(), (name, record.record_id)\n"
        "    print(record.record_id)"
    )
    found = judge("python", "-c", script, *files).split()
    assert len(found) == sum(1 for path in files for _ in ArchiveIterator(BytesIO(path.read_bytes())))
    done = run("warcio", "check", *files)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_whole_archive_is_copied_byte_for_byte(packed, province):
    with ZipFile(packed["whole"]) as file:
        assert {Path(name).name: file.read(name) for name in file.namelist() if name.startswith("archive/")} == {
            path.name: path.read_bytes() for path in (province / "warc").iterdir()
        }
        kept = [each for each in file.infolist() if each.filename.endswith(".gz")]
    assert {each.compress_type for each in kept} == {ZIP_STORED}


@pytest.mark.parametrize("name", CHOICES)
def test_its_index_leads_to_each_record(name, packed, tmp_path):
    """By the blocks, as a reader does who fetches no more than the bytes of one."""
    with ZipFile(packed[name]) as file:
        file.extractall(tmp_path)
    head, *blocks = (tmp_path / "indexes/index.idx").read_text().splitlines()
    assert head == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    data = (tmp_path / "indexes/index.cdx.gz").read_bytes()
    lines = []
    for block in blocks:
        key, _, told = block.partition(" {")
        where = json.loads("{" + told)
        found = gzip.decompress(data[where["offset"] : where["offset"] + where["length"]]).decode().splitlines()
        assert found[0].startswith(f"{key} {{")
        lines += found
    assert lines == sorted(lines)
    files = sorted((tmp_path / "archive").iterdir())
    again = StringIO()
    assert cdxj.write(files, again) == []
    assert lines == again.getvalue().splitlines()


def test_a_source_comes_with_all_that_its_crawls_recorded(packed, province, query):
    urls = {record.rec_headers["WARC-Target-URI"] for record in records(packed["source"])}
    assert {row["url"] for row in query(province, RUN_PAGES)} <= urls
    assert "http://www.hongan.example/robots.txt" in urls
    rows = query(province, "select url from articles where source = 'hongan'")
    assert len(pages(packed["source"])[1]) == len(rows)


RUN_PAGES = "select url from pages join runs on runs.id = run_id where source = 'hongan'"


def test_a_query_comes_with_its_articles_and_nothing_else(packed, province, zhaoshang, query):
    found = zhaoshang("search", QUERY, "--since", "2024-01-01", "--limit", 999, "--json", data=province).stdout
    ids = {str(json.loads(line)["id"]) for line in found.splitlines()}
    head, listed = pages(packed["query"])
    assert head == {
        "format": "json-pages-1.0", "id": "pages", "title": f"Articles: query {QUERY}, since 2024-01-01",
    }  # fmt: skip
    assert {page["id"] for page in listed} == ids
    rows = {str(row["id"]): row for row in query(province, READ) if str(row["id"]) in ids}
    shown = {page["id"]: (page["url"], page["ts"], page.get("title")) for page in listed}
    assert shown == {each: (row["url"], row["fetched_at"], row["title"]) for each, row in rows.items()}
    also = {row["url"] for each in ALSO for row in query(province, each) if str(row["id"]) in ids}
    assert any(url.endswith("_2.shtml") for url in also), "one of them goes on on a second page"
    answers = {record.rec_headers["WARC-Target-URI"] for record in records(packed["query"]) if record.http_headers}
    assert answers == {row["url"] for row in rows.values()} | also


READ = "select articles.id, title, pages.url, fetched_at from articles join pages on pages.id = page_id"
ALSO = (
    "select pages.url, addresses.article_id as id from addresses join pages on pages.id = page_id",
    "select one.url, first.article_id as id from visits as one, visits as first where one.part_of = first.key",
)
"""Further addresses of articles, and the pages that they go on on."""


def test_what_went_out_comes_in_again(packed, province, zhaoshang, query, tmp_path):
    """Into an archive elsewhere; whoever has the WACZ can show where its articles are from."""
    done = zhaoshang("import", packed["query"], data=tmp_path / "data")
    assert done.returncode == 0, done.stderr
    rows = "select url, title, text, published, source from articles order by url"
    came = query(tmp_path / "data", rows)
    _, listed = pages(packed["query"])
    assert len(came) == len(listed) > 5
    assert [row for row in query(province, rows) if row["url"] in {each["url"] for each in came}] == came
    sha256 = hashlib.sha256(packed["query"].read_bytes()).hexdigest()
    assert query(tmp_path / "data", "select file, sha256 from imports") == [{"file": "query.wacz", "sha256": sha256}]


def test_records_of_a_query_come_with_their_requests_as_they_stand(packed, province):
    kept = {}
    for path in (province / "warc").iterdir():
        for record in ArchiveIterator(BytesIO(path.read_bytes())):
            kept[record.rec_headers["WARC-Record-ID"]] = (record.rec_headers.headers, record.raw_stream.read())
    taken = list(records(packed["query"]))
    for record in taken:
        assert kept[record.rec_headers["WARC-Record-ID"]] == (record.rec_headers.headers, record.content)
    asked = {record.rec_headers["WARC-Concurrent-To"] for record in taken if record.rec_type == "request"}
    answered = {record.rec_headers["WARC-Record-ID"] for record in taken if record.rec_type in ("response", "revisit")}
    assert asked == answered
    with ZipFile(packed["query"]) as file:
        files = sum(name.startswith("archive/") for name in file.namelist())
    assert sum(record.rec_type == "warcinfo" for record in taken) == files


def test_a_wacz_repeats_itself_byte_for_byte(packed, province, zhaoshang, tmp_path):
    zhaoshang("export", "wacz", *CHOICES["query"], "-o", tmp_path / "again.wacz", data=province)
    assert (tmp_path / "again.wacz").read_bytes() == packed["query"].read_bytes()
    with ZipFile(packed["query"]) as file:
        package = json.loads(file.read("datapackage.json"))
    assert package["created"] == max(record.rec_headers["WARC-Date"] for record in records(packed["query"]))


@judged
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_a_signature_is_right_by_openssl(province, zhaoshang, tmp_path):
    """With the parameters of ReplayWeb.page: ECDSA, P-384, SHA-256, over the text of the hash."""
    key, public, file = tmp_path / "key.pem", tmp_path / "public.der", tmp_path / "signed.wacz"
    subprocess.run(["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", key], check=True)
    done = zhaoshang("export", "wacz", *CHOICES["query"], "-o", file, "--sign", key, data=province)
    assert done.returncode == 0
    with ZipFile(file) as packed:
        body, told = packed.read("datapackage.json"), json.loads(packed.read("datapackage-digest.json"))
    signed = told["signedData"]
    assert told["hash"] == signed["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
    # The validator compares hash and date; signatures without a domain it leaves to others.
    assert "the passed WACZ is valid" in judge("wacz", "validate", "-f", file)
    public.write_bytes(b64decode(signed["publicKey"]))
    halves = b64decode(signed["signature"])
    both = int.from_bytes(halves[:48]), int.from_bytes(halves[48:])
    (tmp_path / "signature").write_bytes(encode_dss_signature(*both))
    check = ["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", public, "-signature", tmp_path / "signature"]
    for text, status in ((told["hash"], 0), (told["hash"][:-1], 1)):
        assert subprocess.run(check, input=text.encode(), capture_output=True, check=False).returncode == status


REFUSED = {
    "nothing found": (
        ("wacz", "--query", "火星移民", "-o", "{file}"),
        1,
        "nothing was recorded of query 火星移民: no file was",
    ),
    "no such source": (("wacz", "--source", "nowhere", "-o", "{file}"), 1, "nothing was recorded of source nowhere"),
    "no file named": (("wacz", "--query", QUERY), 2, "a wacz needs a file"),
    "an index of a query": (("cdxj", "--query", QUERY), 2, "an index is made of all WARC files"),
    "no key": (
        ("wacz", "-o", "{file}", "--sign", "{file}"),
        1,
        "no key without a password in PEM: make one with `openssl",
    ),
    "a signed table": (("csv", "--sign", "{file}"), 2, "only a wacz is signed"),
    "a device": (("csv", "-o", "/dev/null"), 1, "/dev/null: no file"),
}
"""What cannot be exported, the exit status, and what is said."""


def test_what_cannot_be_exported_is_said_and_nothing_is_written(province, zhaoshang, together, tmp_path):
    def refused(name):
        file = tmp_path / name
        file.write_bytes(b"old")
        args, status, said = REFUSED[name]
        done = zhaoshang("export", *(arg.format(file=file) for arg in args), data=province)
        return (done.returncode, done.stdout) == (status, "") and said in done.stderr

    assert dict(zip(REFUSED, together(refused, REFUSED), strict=True)) == dict.fromkeys(REFUSED, True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(REFUSED, b"old")


# What a crawl does not always bring


@pytest.fixture
def kept(tmp_path):
    """An archive whose article was read twice, the second time unchanged, and lies in a rolled file."""
    db = open_archive(tmp_path)
    urls = ("http://news.example/1.htm", "http://news.example/2.htm")
    with closing(WarcFile(tmp_path / "warc", "1-{serial:05}-yunxi", most=1)) as file:
        for url in urls:
            body = f"<h1>{url}</h1>".encode()
            page = Page(url, "", FETCHED, digest=payload_digest(body))
            first = save_page(db, page, file.response(url, FETCHED, 200, HTML, body, request=Request()), None)
            later = FETCHED + timedelta(days=1)
            place = file.revisit(url, later, 200, HTML, page.digest, first_at="2024-09-04T08:05:00Z", request=Request())
            again = save_page(db, replace(page, fetched_at=later), place, None, revisit_of=first)
            save(db, Article(url, "yunxi", replace(page, id=again, fetched_at=later), title="招商", text=url))
    yield tmp_path, db
    db.close()


def test_a_revisit_comes_with_the_payload_it_refers_to(kept, tmp_path):
    folder, db = kept
    db.execute("update pages set article_id = null")
    packed = wacz.write(db, folder / "warc", wacz.Choice(parse('"example/2"')), tmp_path / "out.wacz")
    assert (packed.articles, packed.records, packed.said) == (1, 6, ())
    taken = [record.rec_type for record in records(tmp_path / "out.wacz")]
    assert taken == ["warcinfo", "response", "request", "warcinfo", "revisit", "request"]


def test_a_torn_file_goes_out_as_far_as_it_is_whole(kept, tmp_path):
    folder, db = kept
    torn = folder / "warc/1-00002-yunxi.warc.gz"
    whole = torn.read_bytes()
    torn.write_bytes(whole[:-9])
    packed = wacz.write(db, folder / "warc", wacz.Choice(), tmp_path / "out.wacz")
    [said] = packed.said
    assert re.fullmatch(r"1-00002-yunxi\.warc\.gz: no whole record behind byte [\d,]+: \d+ bytes are left out", said)
    taken = [record.rec_type for record in records(tmp_path / "out.wacz")]
    of_a_file = ["warcinfo", "response", "request", "warcinfo", "revisit", "request"]
    # The request of the second file is the torn one.
    assert taken == of_a_file[:5] + of_a_file
    assert packed.records == len(taken)
    index = StringIO()
    assert cdxj.write(sorted((folder / "warc").iterdir()), index) == [said]
    assert len(index.getvalue().splitlines()) == 4


def test_a_record_that_is_not_there_is_said(kept, tmp_path):
    folder, db = kept
    path = folder / "warc/1-00003-yunxi.warc.gz"
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(WarcError, match=r"^1-00003-yunxi\.warc\.gz: no whole record at byte \d+: "):
        wacz.write(db, folder / "warc", wacz.Choice(parse('"example/2"')), tmp_path / "out.wacz")


# Replay


@contextmanager
def wayback(folder):
    """pywb, serving the collections of a folder; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        command = [JUDGES / "wayback", "-b", "127.0.0.1", "-p", str(port), "-d", folder]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def fetch(url):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, br"})
    with build_opener(ProxyHandler({})).open(request, timeout=20) as answer:
        return answer.read()


@judged
def test_pywb_replays_every_page_of_a_query(packed, province, wait_until, tmp_path):
    """The very bytes, and as a page for a reader: it stands in pywb's frame with its title."""
    judge("wb-manager", "init", "kept", cwd=tmp_path)
    judge("wb-manager", "add", "kept", packed["query"], "--unpack-wacz", cwd=tmp_path)
    bodies = {record.url: record.body for path in (province / "warc").iterdir() for record in iterate(path)}
    _, listed = pages(packed["query"])
    assert len(listed) > 5
    with wayback(tmp_path) as address:

        def answers():
            try:
                return fetch(address)
            except OSError:
                return None

        wait_until(answers)
        for page in listed:
            time = re.sub(r"\D", "", page["ts"])
            assert fetch(f"{address}/kept/{time}id_/{page['url']}") == bodies[page["url"]], page["url"]
        shown = fetch(f"{address}/kept/{time}mp_/{page['url']}")
        assert b"wombat" in shown
        assert len(shown) > len(bodies[page["url"]])
