"""`zhaoshang repair` and its way back, and the repairs of an archive undone: every byte and every field as it was."""

import base64
import json
import re
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import warc
from archive.article import Repair
from archive.database import open_archive, place_of
from crawler import cli, kept, repairing
from crawler.demo import sample
from crawler.demo.pollute import fits_gbk, pollute, traditional
from crawler.loader import spider_class
from pipelines.repair import FIELDS, undo
from spiders import source as registry

CASES = tomllib.loads((Path(__file__).parent / "cases/repair.toml").read_text(encoding="utf-8"))
PROPERTY = settings(deadline=None, derandomize=True, max_examples=60)
ARTICLES = [article for article in sample.load() if fits_gbk(article.text)]
ANNOTATED = "資產業會務開關項發電網場創絡長結構為與無東車"
SPOILED = pollute(ARTICLES[0].text, annotated=ANNOTATED)
PIECES = "�？?!;&nbsp;|&#65292;|锟斤拷|\r\n|鎷涘晢|ÕÐÉÌ|上一版3  4下一版|\ufeff|\u200b".split("|")
CLEAN = traditional(ARTICLES[0].text)


def invoke(*args, given=b""):
    """Call `zhaoshang repair` in this process, with `given` as its standard input."""
    return CliRunner().invoke(cli.main, ["repair", *map(str, args)], prog_name="zhaoshang", input=given)


def record_of(data):
    told = invoke("--json", given=data)
    assert (told.exit_code, told.stderr) == (0, "")
    return json.loads(told.stdout)


def given_back(record):
    told = invoke("--undo", given=json.dumps(record).encode())
    assert (told.exit_code, told.stderr) == (0, "")
    return told.stdout_bytes


# Text out


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_spoiled_text_comes_out_restored(charset):
    told = invoke(given=SPOILED.encode(charset))
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout_bytes.decode() == CLEAN
    assert SPOILED != CLEAN


@pytest.mark.parametrize("case", CASES["unchanged"], ids=lambda case: case["label"])
def test_clean_text_comes_out_to_the_byte(case):
    """No newline is added, none is made another, no markup is touched."""
    assert invoke(given=case["text"].encode()).stdout_bytes.decode() == case["text"]


def test_what_came_out_goes_through_again_unchanged():
    once = invoke(given=SPOILED.encode()).stdout_bytes
    assert invoke(given=once).stdout_bytes == once
    assert record_of(once)["repairs"] == []


def test_markup_stands_around_a_restored_text():
    page = "<html><head><meta charset=gb2312></head><body class='a?b'><p>{}</p>\r\n</body></html>"
    told = invoke(given=page.format(SPOILED).encode("gb18030"))
    assert told.stdout_bytes.decode() == page.format(CLEAN)


# Record and way back


def test_a_record_says_what_was_done():
    found = record_of(SPOILED.encode("gb18030"))
    assert (found["file"], found["charset"], found["text"]) == ("-", "gb18030", CLEAN)
    assert (found["damaged"], found["damage"], "input" in found) == (0, 0, False)
    assert len(found["repairs"]) > 20
    for each in found["repairs"]:
        assert each.keys() == {"kind", "start", "before", "after", "confidence", "evidence"}
        assert 0 < each["confidence"] <= 1
        assert each["confidence"] >= 0.8 or "guess" in each["evidence"]


def test_lost_characters_are_counted():
    found = record_of("云溪县签约十�个项目，引资�亿元。".encode())
    assert (found["damaged"], found["damage"], found["repairs"]) == (0, 2, [])
    torn = "云溪县招商引资推介会签约十二个项目".encode("gb18030")
    found = record_of(torn[:9] + b"\xff" + torn[10:])
    assert found["damaged"] == found["damage"] == found["text"].count("�") > 0


@pytest.mark.parametrize("case", CASES["bytes"], ids=lambda case: case["label"])
def test_any_bytes_come_back(case):
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode(case["charset"])
    found = record_of(data)
    assert "input" not in found
    assert given_back(found) == data
    spoiled = SPOILED.encode() + data
    assert given_back(record_of(spoiled)) == spoiled


@PROPERTY
@given(
    st.lists(
        st.binary(max_size=12)
        | st.sampled_from(SPOILED.split("\n")).map(str.encode)
        | st.sampled_from(SPOILED.split("\n")).map(lambda line: line.encode("gb18030"))
        | st.sampled_from(PIECES).map(str.encode),
        min_size=1,
        max_size=8,
    ).map(b"".join)
)
def test_whatever_is_repaired_comes_back(data):
    told = invoke("--json", given=data)
    refused = not data or kept.is_binary(data)
    assert told.exit_code == refused
    if refused:
        return
    assert given_back(json.loads(told.stdout)) == data


def test_bytes_that_their_charset_cannot_give_back_are_kept(monkeypatch):
    """No such input is known; should one turn up, it comes back all the same."""
    monkeypatch.setattr(repairing, "encode", lambda decoded: decoded.text.encode())
    data = SPOILED.encode("gb18030")
    found = record_of(data)
    assert (base64.b64decode(found["input"]), "bytes" in found) == (data, False)
    assert given_back(found) == data


def test_files_are_repaired_a_line_each_and_come_back_together(tmp_path):
    texts = [pollute(article.text, annotated=ANNOTATED) for article in ARTICLES[1:4]]
    files = [tmp_path / f"{number} 篇.txt" for number, _ in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="gb18030")
    told = invoke("--json", *files)
    records = [json.loads(line) for line in told.stdout.splitlines()]
    assert [record["file"] for record in records] == [str(file) for file in files]
    assert [record["text"] for record in records] == [traditional(article.text) for article in ARTICLES[1:4]]
    (tmp_path / "records.json").write_text(told.stdout)
    assert invoke("--undo", tmp_path / "records.json").stdout_bytes == "".join(texts).encode("gb18030")


def test_a_record_may_be_laid_out_otherwise():
    found = record_of(SPOILED.encode())
    laid_out = f"\ufeff\n{json.dumps(found, indent=2)}\n\n{json.dumps(found)}"
    assert invoke("--undo", given=laid_out.encode()).stdout_bytes == SPOILED.encode() * 2


def test_a_reading_comes_back_as_the_page_had_it(tmp_path, html):
    title = pollute("东台产业项目集中开工", annotated=ANNOTATED)
    paragraphs = SPOILED.split("\n")
    line = "2024-03-12 10:15 來源：西河開(kāi)發(fā)報 記者 邵聽雨"
    (tmp_path / "page.html").write_text(html(title, line, *paragraphs), encoding="utf-8")
    read = CliRunner().invoke(cli.main, ["read", str(tmp_path / "page.html"), "--json"]).stdout
    reading, undone = json.loads(read), json.loads(invoke("--undo", given=read.encode() * 2).stdout.splitlines()[1])
    assert (reading["title"], undone["title"], undone["repairs"]) == ("東臺產業項目集中開工", title, [])
    assert (reading["text"], undone["text"]) == (CLEAN, SPOILED)
    touched = {each["field"] for each in reading["repairs"]} | {"repairs"}
    assert {name for name in reading if undone[name] != reading[name]} == touched


# Refused


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    here = tmp_path_factory.mktemp("here")
    (here / "page.txt").write_text(SPOILED, encoding="gb18030")
    (here / "empty.txt").write_text("")
    (here / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
    record = record_of(SPOILED.encode())
    one_repair = {"field": "title", "start": 1, "before": "", "after": "字"}
    changed = record | {"text": record["text"].replace("，", ",", 1)}
    for name, content in {
        "broken": json.dumps(record)[:-9],
        "torn": json.dumps(record) + "\n" + json.dumps(record)[:200],
        "list": "[1, 2]",
        "deep": "[" * 100_000,
        "other": '{"id": 7}',
        "changed": json.dumps(changed),
        "moved": json.dumps(record | {"repairs": record["repairs"][1:]}),
        "typed": json.dumps(record | {"repairs": [{"start": "1", "before": 2, "after": None}]}),
        "charset": json.dumps(record | {"charset": "ebcdic-cp-be"}),
        "base64": json.dumps(record | {"input": "招商"}),
        "reading": json.dumps({"title": "簽約", "repairs": [one_repair]}),
        "blank": " \n",
    }.items():
        (here / f"{name}.json").write_text(content)
    return here


REFUSED = {
    "no file": (["nowhere.txt"], 2, "'nowhere.txt' does not exist"),
    "a folder": (["."], 2, "directory"),
    "several files": (["page.txt", "page.txt"], 2, "2 files: give one, or --json"),
    "several records": (["--undo", "broken.json", "other.json"], 2, "2 files: give one"),
    "undone and JSON": (["--undo", "--json", "other.json"], 2, "leave --json out"),
    "an empty file": (["empty.txt"], 1, "empty.txt: there is nothing in it"),
    "an empty input": (["-"], 1, "standard input: there is nothing in it"),
    "an empty record": (["--undo"], 1, "standard input: there is nothing in it"),
    "blanks for a record": (["--undo", "blank.json"], 1, "blank.json: there is no record in it"),
    "a picture": (["picture.jpg"], 1, "picture.jpg: a binary file"),
    "a picture as record": (["--undo", "picture.jpg"], 1, "picture.jpg: no JSON: not UTF-8 at byte 0"),
    "a text as record": (["--undo", "page.txt"], 1, "page.txt: no JSON"),
    "broken JSON": (["--undo", "broken.json"], 1, "broken.json: line 1: broken JSON"),
    "a torn second record": (["--undo", "torn.json"], 1, "torn.json: line 2: broken JSON"),
    "a list": (["--undo", "list.json"], 1, "list.json: line 1: no JSON object"),
    "deep brackets": (["--undo", "deep.json"], 1, "deep.json: line 1: broken JSON: too deep"),
    "other JSON": (["--undo", "other.json"], 1, "other.json: record 1: neither of `repair --json` nor"),
    "a text edited since": (["--undo", "changed.json"], 1, "changed.json: record 1: "),
    "a reading edited since": (["--undo", "reading.json"], 1, "'字' does not stand at character 1"),
    "a repair taken out": (["--undo", "moved.json"], 1, "moved.json: record 1: "),
    "repairs of a wrong type": (["--undo", "typed.json"], 1, "typed.json: record 1: not as it was written"),
    "an unknown charset": (["--undo", "charset.json"], 1, "charset.json: record 1: "),
    "no base64": (["--undo", "base64.json"], 1, "base64.json: record 1: `input` is no base64"),
}


@pytest.mark.parametrize("call", REFUSED)
def test_a_refusal_is_one_line_and_no_byte_of_output(call, folder, monkeypatch):
    args, status, words = REFUSED[call]
    monkeypatch.chdir(folder)
    told = invoke(*args)
    assert (told.exit_code, told.stdout_bytes) == (status, b"")
    assert told.stderr.splitlines()[1:] == []
    assert told.stderr.startswith("zhaoshang: ")
    assert words in told.stderr


def test_the_good_files_beside_a_bad_one_are_repaired(folder, monkeypatch):
    monkeypatch.chdir(folder)
    told = invoke("--json", "empty.txt", "page.txt", "picture.jpg")
    assert told.exit_code == 1
    assert [json.loads(line)["text"] for line in told.stdout.splitlines()] == [CLEAN]
    assert [line.split(": ")[1] for line in told.stderr.splitlines()] == ["empty.txt", "picture.jpg"]


# The installed command


def test_the_command_in_a_pipe(zhaoshang, tmp_path):
    """Bytes in and out as they are, through real pipes; the record of one run undone by another."""
    data = SPOILED.replace("\n", "\r\n").encode("gb18030")
    (tmp_path / "page.txt").write_bytes(data)
    with (tmp_path / "page.txt").open("rb") as piped:
        plain = zhaoshang("repair", stdin=piped, encoding=None)
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert plain.stdout == CLEAN.replace("\n", "\r\n").encode()
    record = zhaoshang("repair", "--json", tmp_path / "page.txt", cwd=tmp_path)
    (tmp_path / "record.json").write_text(record.stdout, encoding="utf-8")
    undone = zhaoshang("repair", "--undo", tmp_path / "record.json", encoding=None)
    assert (undone.returncode, undone.stdout, undone.stderr) == (0, data, b"")


def test_ctrl_c_while_it_waits_for_input(start, folder):
    with start("zhaoshang", "repair", "--json", folder / "page.txt", "-", stdin=subprocess.PIPE) as process:
        assert json.loads(process.stdout.readline())["text"] == CLEAN
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (1, "", "zhaoshang: stopped\n")


def test_head_may_close_the_pipe(start, tmp_path):
    (tmp_path / "long.txt").write_text(CLEAN * 200, encoding="utf-8")
    with start("zhaoshang", "repair", tmp_path / "long.txt") as process:
        assert process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (0, "")


# In the archive


def test_every_field_of_an_archive_can_be_given_back(province, query):
    """What a family reads out of the recorded page is what the repairs of its article give back, field by field."""
    repairs = {}
    for row in query(province, "select * from repairs order by article_id, position"):
        article_id = row.pop("article_id")
        del row["position"]
        repairs.setdefault((article_id, row["field"]), []).append(Repair(**row))
    images = query(province, "select * from images")
    captions = {(row["article_id"], f"caption {row['position']}"): row["caption"] for row in images}
    stored = {row["id"]: row for row in query(province, "select * from articles")}
    tried = 0
    for article_id, row in stored.items():
        read = reading(province, row)
        rules = json.loads(row["provenance"])
        # Of an article that goes on on another page, the archive knows the first; a feed or list is no page at all.
        joined = re.search(r"joined with|^parts? \d|, parts? \d|whole page", rules["text"])
        told = any(rule in ("feed", "news sitemap", "list") for rule in rules.values())
        before = {column: getattr(read, field) for field, column in FIELDS.items()}
        before |= {f"caption {number}": image.caption for number, image in enumerate(read.images, 1)}
        for column, value in before.items():
            if (joined and (column == "text" or column.startswith("caption"))) or (told and column == "raw_date"):
                repairs.pop((article_id, column), None)
                continue
            if not value:
                assert (article_id, column) not in repairs
                continue
            after = captions[article_id, column] if column.startswith("caption") else row[column]
            assert undo(after, repairs.pop((article_id, column), [])) == value, (row["url"], column)
            tried += 1
    assert not repairs
    assert tried > 4 * len(stored)


def reading(data, row):
    """The article of a row as its family reads it out of the recorded page, before any repair."""
    db = open_archive(data)
    record = warc.read(data / "warc", place_of(db, row["page_id"]))
    db.close()
    page = kept.page(kept.Kept(record.url, record.body, record.fetched_at, record.status, record.headers))
    source = registry.load_named((row["source"],))[row["source"]]
    return spider_class(source, data)().article(page)
