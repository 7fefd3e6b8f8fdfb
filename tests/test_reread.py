"""A page that was decoded with a wrong charset before it was served is put right before it is read, with a record."""

import json

import pytest

from archive.article import Repair
from crawler.demo import sample
from pipelines.repair import undo
from pipelines.reread import in_field, reread, ways

ARTICLE = next(article for article in sample.load() if article.site == "hongan" and article.text.count("\n") > 4)
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_红岸网</title></head><body>'
    '<div class="nav"><a href="/">首页</a> <a href="/zs/">招商</a></div><h1>{title}</h1>'
    '<p class="info">2024-09-04 08:05　来源：红岸日报　作者：覃跃</p>{body}<p>责任编辑：石岚</p></body></html>'
).format(title=ARTICLE.title, body="".join(f"<p>　　{line}</p>\n" for line in ARTICLE.text.split("\n")))


def windows(data):
    return "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in data)


SEEN = {
    "utf-8 read as windows-1252": windows(PAGE.encode()),
    "utf-8 read as windows-1252, twice": windows(windows(PAGE.encode()).encode()),
    "gb18030 read as windows-1252": PAGE.encode("gb18030").decode("latin-1"),
}


@pytest.mark.parametrize("way", SEEN)
def test_page_is_read_as_if_nothing_had_happened(way, tmp_path, zhaoshang, query):
    file = tmp_path / "page.html"
    file.write_text(SEEN[way], encoding="utf-8")
    assert zhaoshang("import", file, data=tmp_path).returncode == 0
    row = next(iter(query(tmp_path, "select * from articles join pages on pages.id = page_id")))
    assert (row["title"], row["text"]) == (ARTICLE.title, ARTICLE.text)
    assert (row["published"], row["origin"], row["authors"]) == ("2024-09-04T08:05:00+08:00", "红岸日报", '["覃跃"]')
    assert way.partition(",")[0] in row["charset_evidence"]
    repairs = [Repair(**each) for each in query(
        tmp_path, "select kind, field, start, before, after, confidence, evidence from repairs order by position"
    )]  # fmt: skip
    stood = {field: undo(row[field], [each for each in repairs if each.field == field]) for field in ("title", "text")}
    assert all(line in SEEN[way] for field in stood for line in stood[field].split("\n"))
    assert not any("招" in line or "\n" in line for line in stood["text"].split("\n"))


def test_read_says_so(tmp_path, zhaoshang):
    file = tmp_path / "page.html"
    file.write_text(SEEN["gb18030 read as windows-1252"], encoding="utf-8")
    found = json.loads(zhaoshang("read", file).stdout)
    assert found["charset_evidence"] == "bytes; true: markup utf-8; gb18030 read as windows-1252"
    assert {repair["kind"] for repair in found["repairs"]} == {"mojibake"}


def test_good_page_is_left_alone():
    assert reread(PAGE) == (PAGE, ())
    assert ways(()) == ""


def test_word_of_the_frame_does_not_hide_a_paragraph():
    page, repairs = reread(windows("<a>招商</a><p>园区招商要看长远，招商引资大会昨日召开。</p>".encode()))
    assert [each.after for each in in_field("园区招商要看长远，招商引资大会昨日召开。", "text", page, repairs)] == [
        "园区招商要看长远，招商引资大会昨日召开。"
    ]


def test_good_word_gets_no_record_of_a_misread_one():
    page, repairs = reread("<title>鎷涘晢寮曡祫</title><p>全市招商引资大会昨日召开，各县区负责人参加。</p>")
    assert repairs
    assert in_field("全市招商引资大会昨日召开，各县区负责人参加。", "text", page, repairs) == []
