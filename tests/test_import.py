"""`zhaoshang import`: pages, text files, folders and WARC files; the good ones come in whatever lies beside them."""

import gzip
import json
import re
import shutil
import tempfile
from collections import Counter
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from urllib.parse import unquote
from zlib import compress, compressobj

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import runs
from archive.article import utc_now
from archive.database import open_archive
from archive.warc import WarcFile, iterate
from crawler import kept
from spiders.reading.links import canonical

DAM = (
    "西河水库除险加固，园区供水翻一番",
    "2023年11月20日 来源：西河日报",
    "本报讯（记者 乔木深）西河水库除险加固工程昨天通过验收，蓄水位抬高一米二，下游园区日供水能力由三万吨增至六万吨。",
    "园区管委会同日与两家用水大户签订扩产协议，一家做中药饮片，一家做电子级玻璃，合计投资五亿四千万元。",
)
BRIEF = (
    "西河县招商小分队驻点佛山",
    "2023-03-04",
    "西河县招商小分队三月初进驻佛山，一共六个人，租了顺德一间八十平方米的门面，门口只挂一块写着县名的木牌。",
    "领队说，半个月里走了四十一家陶瓷机械厂，愿意来看的有九家，真正定下行程的只有两家。",
)
TEA = (
    "茶厂的第三条生产线",
    "2024-01-15 09:20 来源：西河日报",
    "一月中旬，云雾茶厂的第三条生产线开始试机，一小时能做鲜叶两百公斤。厂长把原先的仓库腾出来，自己的办公室搬到了楼梯间。",
    "这条线是去年深圳招商会上谈来的，对方出设备，西河出厂房和工人，利润对半分，合同写了十年。",
)
DEEP = "/".join(["招商引资" * 20] * 3)
TEA_HEADERS = (
    ("Content-Type", "text/html"),
    ("Content-Encoding", "gzip"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
)
READ = (
    "url", "source", "kicker", "title", "subtitle", "original_title", "text", "published", "published_precision",
    "authors", "origin", "editor", "section", "charset", "script", "keywords", "region_code", "provenance",
)  # fmt: skip
"""What of an article does not depend on when and where it came in."""

COPIES = """
select articles.url, kind, alike.url as like_url, resemblance, containment, evidence, origin.url as taken_url,
    taken_evidence
from copies join articles on articles.id = article_id
    left join articles alike on alike.id = like_id left join articles origin on origin.id = taken_from
order by articles.url
"""
STORIES = """
select best.url, first.url as first_url, first_published, first_evidence, copies, sources,
    (select group_concat(url, ' ') from (select url from articles where story_id = stories.id order by url)) as urls
from stories join articles best on best.id = best_id left join articles first on first.id = first_id
order by best.url
"""
"""What an archive tells of them, with addresses for ids."""


@pytest.fixture(scope="module")
def folder(html, tmp_path_factory):
    """A folder as a reader keeps one: HTML deep down, text in GBK under a Chinese name, a WARC, and a picture."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / DEEP).mkdir(parents=True)
    (folder / DEEP / "水库.html").write_text(html(*DAM))
    (folder / "2023").mkdir()
    (folder / "2023/招商小分队 驻点佛山.txt").write_bytes("\n".join(BRIEF).encode("gbk"))
    (folder / "2023/门面.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    warc = WarcFile(folder, "tea")
    body = gzip.compress(html(*TEA).encode())
    warc.response("http://www.xihe.example/n/8812.html", utc_now(), 200, TEA_HEADERS, body, request=None)
    warc.close()
    return folder


@pytest.fixture(scope="module")
def imported(folder, zhaoshang, tmp_path_factory):
    """A data folder after two imports of that folder, and what these said."""
    data = tmp_path_factory.mktemp("imported") / "data"
    return data, [zhaoshang("import", folder, data=data) for _ in range(2)]


def test_folder(folder, imported, query):
    data, (done, _) = imported
    assert (done.returncode, done.stderr) == (0, "")
    columns = "url, title, text, published, published_precision, authors, origin, charset, source"
    rows = query(data, f"select {columns} from articles order by published")
    assert [tuple(row.values())[1:] for row in rows] == [
        (BRIEF[0], "\n".join(BRIEF[2:]), "2023-03-04T00:00:00+08:00", "day", "[]", None, "gb18030", "import"),
        (DAM[0], "\n".join(DAM[2:]), "2023-11-20T00:00:00+08:00", "day", '["乔木深"]', "西河日报", "utf-8", "import"),
        (TEA[0], "\n".join(TEA[2:]), "2024-01-15T09:20:00+08:00", "minute", "[]", "西河日报", "utf-8", "import"),
    ]
    brief, dam, tea = (row["url"] for row in rows)
    assert brief.startswith("file:///")
    assert brief == (folder / "2023/招商小分队 驻点佛山.txt").as_uri()
    assert unquote(dam).endswith(f"/{DEEP}/水库.html")
    # Nine characters a syllable in a `file:` address, which makes it longer than Scrapy lets addresses be.
    assert len(dam) > 2083
    assert tea == "http://www.xihe.example/n/8812.html"


def test_importing_again_changes_nothing(imported, query):
    data, (_, again) = imported
    assert (again.returncode, again.stderr) == (0, "")
    runs = query(data, "select source, pages, new, changed, unchanged from runs order by id")
    expected = {"source": "import", "pages": 3, "changed": 0}
    assert runs == [expected | {"new": 3, "unchanged": 0}, expected | {"new": 0, "unchanged": 3}]
    assert query(data, "select max(version) as version from articles") == [{"version": 1}]


def test_imported_files_are_evidence_too(folder, imported, query):
    """Each page row leads to a WARC record that holds the file as it was."""
    data, _ = imported
    records = {record.url: record.body for path in (data / "warc").iterdir() for record in iterate(path)}
    assert set(records) == {row["url"] for row in query(data, "select url from articles")}
    for file in (folder / DEEP / "水库.html", folder / "2023/招商小分队 驻点佛山.txt"):
        assert records[file.as_uri()] == file.read_bytes()


def test_no_request_is_recorded_that_was_never_sent(imported):
    data, _ = imported
    kinds = Counter()
    for path in (data / "warc").iterdir():
        with path.open("rb") as file:
            kinds.update(record.rec_type for record in ArchiveIterator(file))
    assert kinds == {"warcinfo": 2, "resource": 4, "response": 1, "revisit": 1, "metadata": 2}


def test_repeated_headers_stay(imported):
    data, _ = imported
    records = [record for path in (data / "warc").iterdir() for record in iterate(path)]
    assert {record.headers for record in records if record.url.startswith("http:")} == {TEA_HEADERS}


def test_what_a_warc_holds_beside_pages(tmp_path, html):
    """Heritrix keeps name look-ups, as text/dns; an address can be one in form only."""
    warc = WarcFile(tmp_path, "heritrix")
    warc.resource("dns:www.xihe.example", utc_now(), "text/dns", b"20240115012000\nwww.xihe.example. 60 IN A 192.0.2.1")
    warc.resource("http:1.html", utc_now(), "text/html", html(*DAM).encode())
    warc.resource("http://www.xihe.example/1.html", utc_now(), "text/html", html(*TEA).encode())
    warc.close()
    assert [page.url for page in kept.load(warc.path)] == ["http://www.xihe.example/1.html"]


# What is compressed

LONG = "<p>西河县招商引资</p>".encode() * 200
RAW = compressobj(wbits=-15)
PACKED = {
    "gzip": gzip.compress(LONG),
    "deflate": compress(LONG),
    " Deflate": RAW.compress(LONG) + RAW.flush(),
    "br": brotli.compress(LONG),
}


def packed(encoding, body):
    headers = (("Content-Type", "text/html"), ("content-encoding", encoding))
    return kept.Kept("http://www.xihe.example/1", body, utc_now(), headers=headers)


@pytest.mark.parametrize("encoding", PACKED)
def test_a_compressed_body_is_read_whole_or_not_at_all(encoding):
    body = PACKED[encoding]
    assert kept.page(packed(encoding, body)).text == LONG.decode()
    with pytest.raises(kept.UnreadableFileError, match=r"^http://www\.xihe\.example/1: the \w+ body is torn"):
        kept.page(packed(encoding, body[: len(body) // 2]))


@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_that_unfolds_to_more_than_a_page_is_unfolded_no_further(encoding, monkeypatch):
    monkeypatch.setattr(kept, "LARGEST", len(LONG))
    assert kept.page(packed(encoding, PACKED[encoding])).text == LONG.decode()
    monkeypatch.setattr(kept, "LARGEST", len(LONG) - 1)
    with pytest.raises(kept.UnreadableFileError, match="too large for a page"):
        kept.page(packed(encoding, PACKED[encoding]))


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity", "snappy"])
def test_a_content_encoding_that_was_taken_off_already(encoding):
    assert kept.page(packed(encoding, LONG)).text == LONG.decode()


def test_an_unknown_content_encoding_is_told_in_a_line(tmp_path, zhaoshang):
    warc = WarcFile(tmp_path, "snappy")
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "snappy"))
    warc.response("http://www.xihe.example/1", utc_now(), 200, headers, b"\0\1\2" * 99, request=None)
    warc.close()
    done = zhaoshang("read", warc.path)
    said = "a body in the content encoding 'snappy', which is not known"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"zhaoshang: http://www.xihe.example/1: {said}\n"


def test_what_a_record_says_is_not_all_there_is_no_article(tmp_path, html, zhaoshang, query):
    """But a page that has its end is whole, whatever its server told of its length."""
    warc = WarcFile(tmp_path, "torn")
    body = html(*TEA).encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    for name, came in (("torn", body[:-60]), ("whole", body)):
        url, more = f"http://www.xihe.example/n/{name}.html", {"WARC-Truncated": "disconnect"}
        warc.response(url, utc_now(), 200, headers, came, request=None, more=more)
    warc.close()
    done = zhaoshang("import", warc.path, data=tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["url"] for row in query(tmp_path / "data", "select url from articles")] == [
        "http://www.xihe.example/n/whole.html"
    ]
    [run] = query(tmp_path / "data", "select stats from runs")
    assert json.loads(run["stats"])["import/truncated"] == 1


# What cannot be read


def odd(line):
    """A WARC record of which one header line is out of order."""
    lines = {
        "WARC-Type": "response", "WARC-Date": "2024-01-15T01:20:00Z", "WARC-Target-URI": "http://www.xihe.example/1",
        "Content-Type": "application/http; msgtype=response", "Content-Length": "19",
    } | dict([line.split(": ", 1)])  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"WARC/1.0\r\n{head}\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n".encode()


FAULTS = {
    "empty.html": (b" \n", "the file is empty"),
    "picture.html": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "a binary file"),
    "text.warc.gz": ("西河县志".encode(), "not readable after 0 records"),
    "torn.wacz": (b"PK\x03\x04 torn off", "no WACZ, or a torn one"),
    "empty.warc.gz": (b"", "not readable after 0 records"),
    "short.txt": ("天气\n西河县城今晨有雾。".encode(), "nothing kept: too_short"),
    "begun.warc": (b"WARC/1.1\r\nWARC-Ty", "not readable after 0 records"),
    "undated.warc": (odd("WARC-Date: 2024-13-45"), "not readable after 0 records: a record whose WARC-Date is no date"),
    "port.warc": (odd("WARC-Target-URI: http://a:99999/x"), "not readable after 0 records"),
    "long.warc": (odd(f"Content-Length: {'9' * 30}"), "not readable after 0 records"),
}
"""Files that hold no article, and what is said of them."""


@pytest.fixture(scope="module")
def faulty(zhaoshang, html, tmp_path_factory):
    """A data folder after the import of all of them beside a good page, and what that said."""
    folder, data = tmp_path_factory.mktemp("faulty"), tmp_path_factory.mktemp("faulty") / "data"
    for name, (content, _) in FAULTS.items():
        (folder / name).write_bytes(content)
    (folder / "good.html").write_text(html(*DAM))
    return data, zhaoshang("import", folder, data=data)


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_holds_no_article_is_told_in_a_line(name, faulty):
    said = [line for line in faulty[1].stderr.splitlines() if name in line]
    assert len(said) == 1
    assert said[0].startswith("zhaoshang: ")
    assert f"{name}: {FAULTS[name][1]}" in said[0]


def test_the_good_page_beside_them_comes_in(faulty, query):
    data, done = faulty
    assert query(data, "select title, text from articles") == [{"title": DAM[0], "text": "\n".join(DAM[2:])}]
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(f" of {len(FAULTS) + 1} files could not be read")


def test_a_torn_warc(zhaoshang, province, query, tmp_path):
    """Cut in the middle of an article's record: those before it come in, of this one not a half, and it is said."""
    cut = query(
        province,
        "select warc_file, warc_offset + warc_length / 2 as place from pages join articles on page_id = pages.id"
        " where source = 'shangqiao' order by warc_offset",
    )[15]
    whole = query(province, "select url, text from articles where source = 'shangqiao' order by page_id limit 15")
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes((province / "warc" / cut["warc_file"]).read_bytes()[: cut["place"]])
    done = zhaoshang("import", torn, "--source", "shangqiao", data=tmp_path / "data")
    assert query(tmp_path / "data", "select url, text from articles order by page_id") == whole
    assert done.returncode == 1
    said, summary = done.stderr.splitlines()
    assert "torn.warc.gz: not readable after" in said
    assert summary == "zhaoshang: 1 of 1 files could not be read"


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.floats(0, 1, exclude_max=True), st.booleans())
def test_a_torn_warc_never_gives_half_a_page(province, place, packed):
    """Wherever it is cut, packed or not: whole pages, then either the end of a record or the one error there is."""
    (path,) = (province / "warc").glob("*-juxun.warc.gz")
    data = path.read_bytes() if packed else gzip.decompress(path.read_bytes())
    bodies = {record.url: record.body for record in iterate(path)}
    with tempfile.NamedTemporaryFile(suffix=".warc.gz" if packed else ".warc") as torn:
        torn.write(data[: int(place * len(data))])
        torn.flush()
        with suppress(kept.UnreadableFileError):
            for page in kept.load(Path(torn.name)):
                assert page.body == bodies[page.url]


def test_a_folder_without_pages(zhaoshang, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/门面.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    done = zhaoshang("import", "photos", data=tmp_path / "data", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "zhaoshang: photos: no .html, .txt, .warc or .wacz files in there\n"


# Our own WARC files

SITES = {
    "chanye": "generally, out of compressed pages",
    "chaopan": "joined out of several parts",
    "hongan": "by its selectors",
    "huaidong": "by its family, the second generation",
    "jinhe": "by its selectors, with further lists",
    "juxun": "as spoiled as they are",
    "luling": "by its family, with its attachments",
    "minjiang": "with what only its feeds tell",
    "shangqiao": "in Big5",
    "sheyang": "with what only its lists tell",
    "xiangyue": "by its family, joined where they turn to another page",
}
"""Sources of the sample province, and how their pages are read."""

EACH_FAMILY = ("chaopan", "hongan", "huaidong", "luling", "minjiang", "sheyang")
"""Sources of every family, with articles in parts and under second addresses."""


@pytest.fixture(scope="module")
def moved(province, zhaoshang, tmp_path_factory):
    """An archive that was empty until the WARC files of the demo were imported: the hosts tell the sources."""
    data = tmp_path_factory.mktemp("moved")
    done = zhaoshang("import", province / "warc", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    return data


@pytest.fixture(scope="module")
def read(query):
    """What was read of an archive's articles, by address."""

    def read(data, *sources):
        columns = f"select {', '.join(READ)} from articles where source in ({', '.join('?' * len(sources))})"
        return {row["url"]: row for row in query(data, columns, *sources)}

    return read


@pytest.mark.parametrize("source", SITES)
def test_an_archive_can_be_made_again_from_its_warc(source, moved, province, read):
    """Neither a list nor a second address becomes an article, and each article is what the crawl made of it."""
    assert read(moved, source) == read(province, source)


def test_nothing_beside_them_becomes_an_article(moved, query):
    assert {row["source"] for row in query(moved, "select source from articles")} == set(SITES)


def test_an_archive_made_again_knows_its_sources(moved, province, query):
    rows = "select * from sources order by id"
    assert query(moved, rows) == query(province, rows)
    assert [row["id"] for row in query(moved, rows)] == [*SITES]


@pytest.fixture(scope="module")
def told(query):
    """What an archive tells of copies and stories, with addresses for ids."""

    def told(data, sql):
        urls = {str(row["id"]): row["url"] for row in query(data, "select id, url from articles")}
        named = partial(re.sub, r"\barticle (\d+)", lambda match: f"article {urls[match[1]]}")
        return [
            {name: named(value) if "evidence" in name and value else value for name, value in row.items()}
            for row in query(data, sql)
        ]

    return told


@pytest.mark.parametrize("sql", [COPIES, STORIES], ids=["copies", "stories"])
def test_an_archive_made_again_tells_the_same_stories(sql, moved, province, told):
    """Who took it from whom, too, which goes by the sources' names."""
    made = told(moved, sql)
    assert made == told(province, sql)
    assert len(made) > 100


def test_a_source_whose_name_was_not_known_is_told_anew(moved, told, query, tmp_path):
    """An archive of an earlier release: its imports entered no source."""
    data = tmp_path / "data"
    shutil.copytree(moved, data)
    known = query(data, "select * from sources")
    with closing(open_archive(data)) as db:
        db.execute("delete from sources")
        for row in known:
            runs.enter_source(db, row | {"name": f"《{row['id']}》"})
        assert told(data, "select * from copies where taken_from is not null") == []
        for row in known:
            runs.enter_source(db, row)
        assert not db.conn.in_transaction
    for sql in (COPIES, STORIES):
        assert told(data, sql) == told(moved, sql)


def test_lists_may_stand_behind_the_articles_they_tell_of(province, zhaoshang, read, tmp_path):
    """In another file, too: each second record, the last first."""
    sources = ("xiangyue", "huaidong", "minjiang", "sheyang")
    for source in sources:
        (path,) = (province / "warc").glob(f"*-{source}.warc.gz")
        records = list(iterate(path))[::-1]
        for half in (0, 1):
            with closing(WarcFile(tmp_path / "kept", f"{half}-{source}")) as warc:
                for each in records[half::2]:
                    warc.response(each.url, each.fetched_at, each.status, each.headers, each.body, request=None)
    done = zhaoshang("import", tmp_path / "kept", data=tmp_path / "data")
    assert (done.returncode, done.stderr) == (0, "")
    assert read(tmp_path / "data", *sources) == read(province, *sources)


def test_read_takes_compressed_pages_out_of_a_warc(zhaoshang, province, query):
    """`Content-Encoding: gzip` stands in the record as it came; what is read is the page."""
    (path,) = (province / "warc").glob("*-chanye.warc.gz")
    done = zhaoshang("read", path, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    read = {page["url"]: page["text"] for page in map(json.loads, done.stdout.splitlines())}
    articles = query(province, "select url, text from articles where source = 'chanye'")
    assert [row["url"] for row in articles if read[row["url"]] != row["text"]] == []


def test_our_own_warc_changes_nothing(province, zhaoshang, query, tmp_path):
    files = [path for name in EACH_FAMILY for path in (province / "warc").glob(f"*-{name}.warc.gz")]
    data = tmp_path / "data"
    shutil.copytree(province, data)
    columns = f"select id, version, {', '.join(READ)} from articles order by id"
    before = query(data, columns)
    done = zhaoshang("import", *files, data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert query(data, columns) == before


def test_pages_without_their_lists_make_nothing_worse(province, zhaoshang, query, tmp_path):
    """What only lists had told stays; parts are joined without them, and a first part alone replaces no article."""
    data = tmp_path / "data"
    shutil.copytree(province, data)
    told = "select url from articles where json_extract(provenance, '$.raw_date') in ('list', 'feed', 'news sitemap')"
    turned = "select url from articles where json_extract(provenance, '$.text') like '%joined with%'"
    wanted = {row["url"] for row in query(province, f"{told} union all {turned}")}
    assert {url.split("/")[2].split(".")[1] for url in wanted} == {"minjiang", "sheyang", "xiangyue", "huaidong"}
    with closing(WarcFile(tmp_path, "alone")) as warc:
        for path in (province / "warc").iterdir():
            for each in iterate(path):
                if canonical(each.url) in wanted:
                    warc.response(each.url, each.fetched_at, each.status, each.headers, each.body, request=None)
    columns = f"select id, version, {', '.join(READ)} from articles order by id"
    before = query(data, columns)
    done = zhaoshang("import", tmp_path / "alone.warc.gz", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert query(data, columns) == before
    [run] = query(data, "select * from runs where source = 'import'")
    assert (run["new"], run["changed"], run["dropped"]) == (0, 0, len(query(province, turned)))


def test_parts_find_each_other_without_their_newspaper_pages(province, zhaoshang, query, tmp_path):
    (path,) = (province / "warc").glob("*-xiangyue.warc.gz")
    with closing(WarcFile(tmp_path, "articles")) as warc:
        for each in iterate(path):
            if "/content_" in each.url:
                warc.response(each.url, each.fetched_at, each.status, each.headers, each.body, request=None)
    assert zhaoshang("import", warc.path, "--source", "xiangyue", data=tmp_path / "data").returncode == 0
    columns = (
        "select url, title, text, provenance ->> 'text' as rule from articles where source = 'xiangyue' order by url"
    )
    assert query(tmp_path / "data", columns) == query(province, columns)
