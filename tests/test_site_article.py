"""The pages that prove: an article with its evidence, its page as it was received, its story, its newspaper issue."""

import asyncio
import gzip
import random
import re
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import brotli
import pytest
from datasette.app import Datasette
from selectolax.lexbor import LexborHTMLParser

from archive import gone, issues
from archive.article import Article, Attachment, Image, Mention, Page, RecordPlace, Repair
from archive.database import open_archive, save, save_page
from archive.printed import issue_of
from archive.site.received import LARGEST, NotShownError, unpacked
from archive.site.repaired import UnfitRecordError, paragraphs, places
from archive.site.serve import METADATA, site
from archive.warc import WarcFile, payload_digest
from spiders.families import founder_issue

FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)
PAPER = "http://epaper.a.example/rb/html/2024-09/04/content_{}.htm"
TEXT = """云溪县签约十二个项目，总投资18.6亿元。
其中六个项目当年开工，县里为每个项目配了一名管家。
项目用地三百亩，全部是清理出来的闲置厂房。"""
SCRIPT = "<script>alert('招商')</script>"
HANDLER = '"><img src=x onerror=alert(1)>'
JAVASCRIPT = "javascript:alert(1)"
REPAIRS = (
    Repair("pinyin", "title", 3, "(zhāo)", "", 0.99, "招 is read zhāo"),
    Repair("slip", "text", 4, "?！<b>", "。“", 0.62, "a guess that fits its neighbours: 。"),
    Repair("invisible mark", "text", 8, "\u200b", "", 0.95, ""),
    Repair("blank", "byline", 2, "\xa0", " ", 0.9, "no-break blanks between words, of a template"),
    Repair("width", "section", 40, "１", "1", 0.9, "does not fit the section"),
)


class Keeper:
    """An archive with its WARC file, filled article by article."""

    def __init__(self, folder):
        self.db = open_archive(folder)
        self.warc = WarcFile(folder / "warc", "kept")

    def close(self):
        self.db.close()
        self.warc.close()

    def page(
        self, url, body=b"<p>", at=FETCHED, *, headers=(("Content-Type", "text/html"),), charset="utf-8", status=200
    ):
        place = self.warc.response(url, at, status, headers, body, request=None)
        media_type = dict(headers).get("Content-Type")
        page = Page(url, "", at, status, media_type, charset, "bytes", digest=payload_digest(body))
        return replace(page, id=save_page(self.db, page, place, None))

    def article(self, url, at=FETCHED, **fields):
        page = self.page(url, fields.get("text", "").encode(), at)
        return save(self.db, Article(url, page=page, **{"source": "yunxi", **fields}))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The archive, and by name the ids of what is in it."""
    folder = tmp_path_factory.mktemp("kept")
    keeper = Keeper(folder)
    names = {"yunxi": "云溪网", "rb": "江城日报", "hk": "商橋"}
    for number, name in names.items():
        keeper.db.table("sources").insert({"id": number, "name": name, "region": "430000"})
    day = {"published": "2024-09-04T00:00:00+08:00", "published_precision": "day", "published_evidence": "issue: 2024"}
    ids = {
        "mended": keeper.article(
            "http://a.example/1", title="云溪招商", text="云溪县签。“约十�个��项目。", damage=3, repairs=REPAIRS,
            section="要闻", raw_byline="记者 沈芷", origin_via="新华社",
        ).id,
        "bare": keeper.article("http://a.example/2", text="一句话的新闻。").id,
        "whole": keeper.article(
            "http://a.example/3", title="云溪签约", subtitle="——一线见闻", text=TEXT,
            published="2024-09-03T09:12:00+08:00", published_precision="minute",
            published_evidence="line: 2024-09-03 09:12", authors=("沈芷", "邓栩"),
            origin="江城日报", editor="陈某", region="430302", script="hans",
            region_evidence="named in the headline, 2 times in all: 雨湖", mentions=(Mention("430302", "雨湖", 2),),
            images=(Image("http://a.example/1.jpg", "签约现场"),), provenance={"title": "selector h1"},
            attachments=(Attachment("http://a.example/1.pdf", "项目名单.pdf"),), raw_byline="记者 沈芷 邓栩",
        ).id,
        "changed": keeper.article("http://a.example/4", title="灵山签下18.6亿元", text="灵山县昨天签下18.6亿元。").id,
        "gone": keeper.article("http://a.example/5", title="县长信箱", text="县长信箱里的一封来信。").id,
    }  # fmt: skip
    keeper.article(
        "http://a.example/4", FETCHED + timedelta(days=2), title="灵山签下16.8亿元", text="灵山县昨天签下16.8亿元。"
    )
    for days in (3, 5):
        page = keeper.page("http://a.example/5", b"no", FETCHED + timedelta(days=days), status=404)
        with_article = {"key": "a.example/5", "url": "http://a.example/5", "source": "yunxi", "article_id": ids["gone"]}
        keeper.db.table("visits").insert(
            {**with_article, "first_asked": "2024-09-04T08:05:00Z", "last_asked": "2024-09-04T08:05:00Z"}, ignore=True
        )
        gone.miss(
            keeper.db, "a.example/5", "http://a.example/5", "yunxi", page.id, span=timedelta(days=1), due_at=FETCHED
        )
    # A newspaper issue; its second article is where the one above was taken from.
    for number, (section, title, text) in enumerate(
        (
            ("第01版：头版", "头版头条", "江城市今年第三批重点项目集中开工，总投资二百亿元。"),
            ("第01版：头版", "云溪签约", TEXT),
            ("第A2版：县域", "县域短讯", "梅林镇的竹编厂搬进了新厂房，订单排到明年春天。"),
        ),
        9,
    ):
        files = (Attachment(f"http://epaper.a.example/rb/{section[1:3]}.pdf", f"{section.partition('：')[0]}PDF"),)
        ids[f"paper {number}"] = keeper.article(
            PAPER.format(number), source="rb", section=section, title=title, text=text, attachments=files, **day
        ).id
    # Of the same source and day, but of another paper, or of none.
    keeper.article(
        PAPER.replace("/rb/", "/wb/").format(9), source="rb", section="第01版：头版", text="晚报的短文。", **day
    )
    keeper.article("http://www.a.example/9.htm", source="rb", section="时评", text="网站上的短评。", **day)
    keeper.page("http://epaper.a.example/rb/html/2024-09/04/node_2.htm", b"<map>")
    former = {**day, "published": "2024-09-02T00:00:00+08:00", "section": "第01版：头版", "title": "前一期"}
    keeper.article(PAPER.replace("09/04", "09/02").format(1), source="rb", text="前一期的短文，讲港口的煤。", **former)
    issues.complete(keeper.db, "rb", "epaper.a.example/rb", date(2024, 9, 4), ["x"], run_id=None, at=FETCHED)
    keeper.db.table("story_changes").insert(
        {"story_id": 77, "kind": "merged", "other_id": 3, "at": "2024-09-05T00:00:00Z", "evidence": SCRIPT}
    )
    yield folder, ids, keeper
    keeper.close()


@pytest.fixture(scope="module")
def ids(kept):
    return kept[1]


@pytest.fixture(scope="module")
def get(kept):
    client = site(kept[0]).client

    def get(path, language="zh", **options):
        return asyncio.run(client.get(path, cookies={"lang": language}, **options))

    return get


@pytest.fixture(scope="module")
def show(get):
    def show(path, language="zh"):
        answer = get(path, language)
        assert answer.status_code == 200, answer.text
        assert "style-src 'self'; script-src 'self'" in answer.headers["content-security-policy"]
        return LexborHTMLParser(answer.text)

    return show


@pytest.fixture(scope="module")
def article(show, ids):
    return lambda name, query="", language="zh": show(f"/archive/articles/{ids[name]}{query}", language)


def words(node):
    return " ".join(node.text().split())


def evidence(page):
    """By heading, what the column of evidence says."""
    return {
        words(term): words(term.next.next if term.next.tag == "-text" else term.next) for term in page.css("aside dt")
    }


# Repairs at their places


def test_every_repair_is_found_whatever_was_repaired_behind_it():
    chance = random.Random(7)
    nested = 0
    for _ in range(400):
        original = text = "".join(chance.choices("一二三四五六七八九十", k=24))
        repairs = []
        for position in range(chance.randrange(1, 9)):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.randrange(4))
            after = "".join(chance.choices("甲乙丙丁", k=chance.randrange(4)))
            repairs.append({"position": position, "start": start, "before": text[start:end], "after": after})
            text = text[:start] + after + text[end:]
        found = places(text, repairs)
        nested += any(len(place.repairs) > 1 for place in found)
        assert sum(len(place.repairs) for place in found) == len(repairs)
        # What lies between the places is what the page had, in its order.
        ends = [0, *(place.end for place in found)]
        starts = [*(place.start for place in found), len(text)]
        between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        assert re.fullmatch(".*".join(map(re.escape, between)), original)
        assert not set("".join(between)) & set("甲乙丙丁")
        assert "".join(run.text for line in paragraphs(text, found) for run in line) == text
    assert nested > 50


@pytest.mark.parametrize(
    ("text", "repairs", "expected"),
    [
        ("Abcde", [(0, "a", "A")], [(0, 1, 1)]),
        # The later one took the place of what the earlier one had put there.
        ("aZe", [(2, "x", "y"), (1, "byd", "Z")], [(1, 2, 2)]),
        # Neighbours stay two, in whatever order they were made.
        ("ABcdE", [(0, "a", "A"), (4, "e", "E"), (1, "b", "B")], [(0, 1, 1), (1, 2, 1), (4, 5, 1)]),
        ("ABcd", [(1, "b", "B"), (0, "a", "A")], [(0, 1, 1), (1, 2, 1)]),
        # What was put in moves what stands behind it; what was taken out leaves a place without words.
        ("xxabC", [(2, "c", "C"), (0, "", "xx")], [(0, 2, 1), (4, 5, 1)]),
        ("ab", [(4, "(y)", ""), (0, "(x)", "")], [(0, 0, 1), (1, 1, 1)]),
        # The later one begins within the earlier one.
        ("aPQd", [(1, "b", "Pc"), (2, "c", "Q")], [(1, 3, 2)]),
    ],
)
def test_a_repair_stands_where_it_stood(text, repairs, expected):
    record = [
        {"position": position, "start": start, "before": before, "after": after}
        for position, (start, before, after) in enumerate(repairs)
    ]
    assert [(place.start, place.end, len(place.repairs)) for place in places(text, record)] == expected


@pytest.mark.parametrize("start", [-1, 1, 2, 99])
def test_a_record_that_does_not_fit_is_no_mark(start):
    with pytest.raises(UnfitRecordError):
        places("招商", [{"position": 1, "start": start, "before": "x", "after": "招"}])


def test_an_article_is_read_clean_and_its_repairs_are_marked_when_asked(article):
    clean, marked = article("mended"), article("mended", "?repairs=1")
    assert clean.css(".body del, .body ins, h1 del") == []
    assert (
        words(clean.css_first(".body"))
        == words(marked.css_first(".body"))
        .replace("?！<b>", "")
        .replace("[U+200B]", "")
        .replace("修复 2?", "")
        .replace("修复 3", "")
        == "云溪县签。“约十�个��项目。"
    )
    assert [words(node) for node in marked.css("h1 del, .body del, .body ins")] == [
        "(zhāo)",
        "?！<b>",
        "。“",
        "[U+200B]",
    ]
    assert [node.attributes["href"] for node in marked.css(".note")] == ["#repair-1", "#repair-2", "#repair-3"]
    [guess] = marked.css(".mended.guess ins")
    assert words(guess) == "。“"
    assert len(clean.css(".body .lost")) == 3
    assert [words(node) for node in clean.css(".state")] == [
        "有 3 个字已经丢失，文中以 � 标出。",
        "文字修复过 5 处，其中 1 处是推测 · 在文中标出修复",
    ]


def test_the_record_of_repairs_tells_all_of_them(article):
    marked = article("mended", "?repairs=1")
    assert [words(node) for node in marked.css(".repairs li")] == [
        "标题 · 去注音: (zhāo) → — 把握 0.99 · 招 读作 zhāo",
        "正文 · 错位字节复原: ?！<b> → 。“ 推测 把握 0.62 · 推测，与上下文相合：。",
        "正文 · 去隐形字符: [U+200B] → — 把握 0.95",
        "署名原文 · 空格: [U+00A0] → 把握 0.90 · 模板插入的不换行空格",
        "版面或栏目 · 全角半角: １ → 1 把握 0.90 · does not fit the section",
    ]
    # What is marked leads there and back; what is not, nowhere.
    assert [node.attributes["href"] for node in marked.css(".repairs li a")] == ["#place-1", "#place-2", "#place-3"]
    english = article("mended", "?repairs=1", "en")
    assert words(english.css(".repairs li")[0]) == (
        "headline · reading taken out: (zhāo) → — certainty 0.99 · 招 is read zhāo"
    )
    assert article("whole").css(".repairs, .state") == []


# Evidence


def test_an_article_is_proved(article, ids, kept):
    page = article("whole")
    assert words(page.css_first(".dateline")) == "2024-09-03 09:12 · 云溪网 · 来源：江城日报 · 沈芷、邓栩 · 责编：陈某"
    assert [words(each) for each in page.css(".body p")] == TEXT.split("\n")
    row = next(kept[2].db.query("select * from pages where id = ?", [ids["whole"]]))
    told = evidence(page)
    assert told == {
        "原网址": "http://a.example/3",
        "首次采集": "2024-09-04 16:05:00",
        "最近一次见到": "2024-09-04 16:05:00",
        "版本": "只有一个版本",
        "WARC 记录": f"kept.warc.gz 第 {row['warc_offset']:,} 字节起，长 {row['warc_length']} 字节",
        "内容校验值": payload_digest(TEXT.encode()),
        "编码": "utf-8由字节判定",
        "日期": "2024-09-03 09:12 (精确到分)line: 2024-09-03 09:12",
        "地区": "湖南省 › 湘潭市 › 雨湖区标题提到 雨湖，全文共 2 次",
        "提到的地区": "雨湖 ×2",
        "来源": "云溪网",
        "转载脉络": "来源：江城日报← 江城日报 2024-09-04",
        "署名原文": "记者 沈芷 邓栩",
    }
    links = {node.attributes["href"] for node in page.css("aside a, section a")}
    assert links >= {
        "/-/region/430302", "/-/source/yunxi", f"/archive/pages/{ids['whole']}", "http://a.example/3",
        f"/archive/articles/{ids['paper 10']}", "http://a.example/1.jpg", "http://a.example/1.pdf",
    }  # fmt: skip
    assert {node.attributes["rel"] for node in page.css("a[href^='http']")} == {"noreferrer nofollow external"}
    assert "签约现场" in page.css_first("section[aria-labelledby=pictures]").text()
    assert "标题selector h1" in "".join(page.css_first("aside table tbody").text().split("\n")).replace("  ", "")


def test_what_is_not_known_is_left_out(article):
    assert evidence(article("mended"))["转载脉络"] == "又据：新华社"
    page = article("bare")
    assert set(evidence(page)) == {
        "原网址", "首次采集", "最近一次见到", "版本", "WARC 记录", "内容校验值", "编码", "日期", "来源",
    }  # fmt: skip
    assert "None" not in page.body.text()
    assert words(page.css_first("h1")) == "（无标题）"


def test_what_is_gone_says_since_when_and_on_what_evidence(article):
    page = article("gone")
    assert words(page.css_first(".state")) == "原网页已经消失（2024-09-09 16:05:00 确认），这里是消失前采集的内容。"
    assert re.fullmatch(
        r"2024-09-09 16:05:00 ?2024-09-07T08:05:00Z 返回 404（kept.warc.gz:\d+），"
        r"2024-09-09T08:05:00Z 返回 404（kept.warc.gz:\d+）",
        evidence(page)["已消失"],
    )


def test_versions_are_shown_with_their_differences_and_records(article, ids):
    page = article("changed")
    assert words(page.css_first(".state")) == "发布后改过 1 次，见各版本对照"
    newer, older = page.css(".versions > li")
    assert (newer.attributes["value"], older.attributes["value"]) == ("2", "1")
    assert [words(node) for node in newer.css(".field")] == ["标题", "正文"]
    assert [(words(one), words(other)) for one, other in zip(newer.css("del"), newer.css("ins"), strict=True)] == [
        ("18.6亿", "16.8亿")
    ] * 2
    assert "kept.warc.gz 第" in older.text()
    assert older.css_first("a").attributes["href"] == f"/-/snapshot/{ids['changed']}"


# Citing


def test_citations_hold_what_is_known(article):
    cited = {name: [words(node) for node in article(name).css("textarea")] for name in ("whole", "bare", "paper 10")}
    record = r"存档：kept\.warc\.gz，第 \d+ 字节起；sha1:[A-Z2-7]{32}"
    expected = {
        "whole": (
            "沈芷, 邓栩. 云溪签约: 一线见闻[EB/OL]. 云溪网, 2024(2024-09-03)[2024-09-04]. http://a.example/3. ",
            "沈芷，邓栩，《云溪签约》，云溪网，2024-09-03，http://a.example/3 （2024-09-04 采集） ",
        ),
        "bare": (
            "[无标题][EB/OL]. 云溪网[2024-09-04]. http://a.example/2. ",
            "《（无标题）》，云溪网，http://a.example/2 （2024-09-04 采集） ",
        ),
        "paper 10": (
            f"云溪签约[N/OL]. 江城日报, 2024-09-04(01)[2024-09-04]. {PAPER.format(10)}. ",
            f"《云溪签约》，江城日报，2024-09-04，第01版：头版，{PAPER.format(10)} （2024-09-04 采集） ",
        ),
    }
    for name, forms in expected.items():
        for form, said in zip(forms, cited[name], strict=True):
            assert re.fullmatch(re.escape(form) + record, said), said


# Stories


def test_copies_are_told_in_order_of_time(article, show, ids):
    page = article("paper 10")
    assert [words(each) for each in page.css(".copies > li")] == [
        "2024-09-03 09:12 · 云溪网 · 云溪签约 最佳文本 转自第 2 篇 来源：江城日报",
        "2024-09-04 · 江城日报 · 本篇 首发 与第 1 篇相同 相似 1.00，包含 1.00 · 标题和正文相同",
    ]
    assert "最先发布：第 2 篇，江城日报" in page.css_first("section[aria-labelledby=copies]").text()
    [story] = {node.attributes["href"] for node in page.css("a[href^='/-/story/']")}
    told = show(story)
    assert [node.attributes["href"] for node in told.css(".copies h3 a")] == [
        f"/archive/articles/{ids[name]}" for name in ("whole", "paper 10")
    ]
    assert "没有这条新闻的其他转载" in article("bare").css_first("section[aria-labelledby=copies]").text()


def test_a_copy_is_laid_beside_the_best_one_when_asked(tmp_path):
    keeper = Keeper(tmp_path)
    long = "\n".join(
        f"第{number}段：" + "、".join(f"{number}号项目第{part}期" for part in range(30)) for number in range(9)
    )
    best = keeper.article("http://a.example/1", title="九个项目", text=long, published="2024-09-03").id
    copy = keeper.article("http://b.example/1", source="hk", title="十个项目", text=long.rpartition("\n")[0]).id
    [[story]] = keeper.db.execute("select distinct story_id from articles").fetchall()
    keeper.close()
    client = site(tmp_path).client
    shut, open_ = (
        LexborHTMLParser(asyncio.run(client.get(f"/-/story/{story}{query}", cookies={"lang": "zh"})).text)
        for query in ("", f"?compare={copy}")
    )
    assert shut.css("del, ins") == []
    assert [node.attributes["href"] for node in shut.css(f"#copy-{copy} a[href^='?']")] == [
        f"?compare={copy}#copy-{copy}"
    ]
    assert shut.css(f"#copy-{best} a[href^='?']") == []
    deleted = [node.text() for node in open_.css(f"#copy-{copy} del")]
    assert deleted == ["九", long.rpartition("\n")[2]]


def test_a_day_is_one_of_china_on_every_page(tmp_path):
    """Gone at 00:30 of the 9th in China, on the 8th in UTC."""
    keeper = Keeper(tmp_path)
    first = keeper.article(PAPER.format(9), title="云溪签约", text=TEXT, section="第01版：头版", published="2024-09-04")
    keeper.article("http://a.example/2", title="云溪签约", text=TEXT)
    late = "2024-09-08T16:30:00Z"
    keeper.db.execute("update articles set gone_at = ?, gone_evidence = 'x' where id = ?", [late, first.id])
    [[story]] = keeper.db.execute("select story_id from articles where id = ?", [first.id]).fetchall()
    keeper.db.table("story_changes").insert(
        {"story_id": 77, "kind": "merged", "other_id": story, "at": late, "evidence": "x"}
    )
    keeper.page("http://epaper.a.example/rb/html/2024-09/04/node_2.htm", b"<map>", datetime.fromisoformat(late))
    missing = keeper.article("http://a.example/3", text="另一篇，讲港口的煤。")
    visit = {"key": "a.example/3", "url": "http://a.example/3", "source": "yunxi", "article_id": missing.id}
    keeper.db.table("visits").insert(
        {**visit, "first_asked": late, "last_asked": late, "missing_since": late, "misses": 1}
    )
    keeper.db.conn.commit()
    keeper.close()
    client = site(tmp_path).client
    issue = "/-/issue/yunxi/epaper.a.example/rb/2024-09-04"
    for path, told in (
        ("/", 2), (f"/archive/articles/{first.id}", 3), (f"/archive/articles/{missing.id}", 2), ("/-/story/77", 3),
        (issue, 2), ("/-/search", 1), ("/-/source/yunxi", 1),
    ):  # fmt: skip
        shown = LexborHTMLParser(asyncio.run(client.get(path)).text).css_first("main").text()
        assert shown.count("2024-09-09") == told, path
        assert "2024-09-08" not in shown, path


def test_an_id_that_was_merged_leads_on(show):
    page = show("/-/story/77")
    assert words(page.css_first(".state")) == f"2024-09-05，报道 77 并入报道 3。 {SCRIPT}"
    assert page.css(".copies > li")


# Newspapers


def test_articles_of_an_issue_lead_to_each_other(article, show, ids):
    page = article("paper 10")
    neighbours = {node.attributes["rel"]: node.attributes["href"] for node in page.css("a[rel=prev], a[rel=next]")}
    assert neighbours == {
        "prev": f"/archive/articles/{ids['paper 9']}", "next": f"/archive/articles/{ids['paper 11']}",
    }  # fmt: skip
    assert article("paper 9").css("a[rel=prev]") == []
    [link] = [node.attributes["href"] for node in page.css("a[href^='/-/issue/']")]
    assert link == "/-/issue/rb/epaper.a.example/rb/2024-09-04"
    issue = show(link)
    assert [words(each) for each in issue.css(".newspaper h2")] == ["第01版：头版", "第A2版：县域"]
    assert [node.attributes["href"] for node in issue.css(".newspaper li a")] == [
        f"/archive/articles/{ids[f'paper {number}']}" for number in (9, 10, 11)
    ]
    assert "报上列出的 1 个地址已于 2024-09-04 16:05:00 收齐" in issue.body.text()
    assert issue.css_first("a[rel=prev]").attributes["href"] == "/-/issue/rb/epaper.a.example/rb/2024-09-02"
    assert issue.css("a[rel=next]") == []
    assert [words(each) for each in issue.css(".received a")] == [
        "http://epaper.a.example/rb/html/2024-09/04/node_2.htm"
    ]
    assert [words(each) for each in issue.css(".newspaper section p a")] == ["第01版PDF", "第A2版PDF"]
    assert "不能确定这一期已经收齐" in show("/-/issue/rb/epaper.a.example/rb/2024-09-02").body.text()


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/pc/content/202409/04/content_9.html",
        "https://a.example/rb/html/2024-09/04/content_9.htm?div=-1",
        "http://a.example/rb/2024/09/04/9.html",
        "http://a.example/rb/20240904/9.html",
        "http://a.example/epaper/2024-09-04/9.html",
    ],
)
def test_an_issue_has_one_name_here_and_where_it_is_crawled(url):
    row = {"source": "a", "url": url, "section": "第01版", "published": "2024-09-04T00:00:00+08:00"}
    crawled = founder_issue.issue_of(url)
    assert issue_of(row) == ("a", crawled.paper, crawled.day.isoformat())


# As it was received

PLANTED = f"<html><title>招商</title><base href='http://evil.example/'><body onload=alert(1)>招商{SCRIPT}</body></html>"


@pytest.fixture(scope="module")
def received(kept):
    """By name, the id of a page that came in so."""
    keeper = kept[2]
    html = ("Content-Type", "text/html; charset=utf-8")
    bodies = {
        "html": (PLANTED.encode("gb18030"), (html,), "gb18030"),
        "calls": (b"<link rel=preconnect href=//evil.example><iframe src=//evil.example>", (html,), "utf-8"),
        "text": ("招商引资".encode(), (("Content-Type", "text/plain"),), None),
        "gzip": (gzip.compress(PLANTED.encode()), (html, ("Content-Encoding", "gzip")), None),
        "unpacked before": (PLANTED.encode(), (html, ("Content-Encoding", "gzip")), None),
        "bomb": (gzip.compress(bytes(LARGEST + 1)), (html, ("Content-Encoding", "gzip")), None),
        "torn": (b"\x1f\x8b\x08torn", (html, ("Content-Encoding", "gzip")), None),
        "unknown": (b"x", (html, ("Content-Encoding", "rot13")), None),
        "picture": (b"\x89PNG", (("Content-Type", "image/png"),), None),
        "drawing": (b"<svg onload=alert(1)>", (("Content-Type", "image/svg+xml"),), None),
    }
    return {
        name: keeper.page(f"http://b.example/{name}", body, headers=headers, charset=charset).id
        for name, (body, headers, charset) in bodies.items()
    }


@pytest.mark.parametrize(
    ("name", "content_type", "body"),
    [
        ("html", "text/html; charset=gb18030", PLANTED.encode("gb18030")),
        ("text", "text/plain", "招商引资".encode()),
        ("calls", "text/html; charset=utf-8", b"<meta rel=preconnect href=//evil.example><ifr-me src=//evil.example>"),
        ("gzip", "text/html; charset=utf-8", PLANTED.encode()),
        ("unpacked before", "text/html; charset=utf-8", PLANTED.encode()),
    ],
)
def test_a_page_is_shown_as_it_was_received_and_locked_up(get, received, name, content_type, body):
    answer = get(f"/-/snapshot/{received[name]}")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, content_type, body)
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["sandbox", "default-src 'none'"]
    assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"} <= set(policy)
    assert not [each for each in policy if each.startswith("script-src") or "allow" in each]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-dns-prefetch-control"] == "off"


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("bomb", 415, "太大"),
        ("torn", 415, "残缺"),
        ("unknown", 415, "压缩方式未知"),
        ("picture", 415, "不是 HTML 或纯文本"),
        ("drawing", 415, "不是 HTML 或纯文本"),
        ("nothing", 404, "没有这个编号"),
        ("no record", 404, "WARC 记录不在这台机器上"),
    ],
)
def test_what_cannot_be_shown_as_received_is_said_in_a_sentence(get, received, kept, name, status, said):
    page_id = received.get(name, 999_999)
    if name == "no record":
        keeper = kept[2]
        page_id = save_page(
            keeper.db, Page("http://b.example/no", "", FETCHED, digest="-"), RecordPlace("no", 0, 9), None
        )
    answer = get(f"/-/snapshot/{page_id}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert said in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", partial(brotli.compress, quality=1)), ("", bytes)],
)
def test_bodies_are_unpacked_up_to_a_bound(encoding, pack):
    assert unpacked(pack(b"a" * 5000), encoding, 5000) == b"a" * 5000
    packed = pack(bytes(1 << 26 if encoding else 5001))
    tracemalloc.start()
    with pytest.raises(NotShownError, match="too_large"):
        unpacked(packed, encoding, 5000)
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()


def test_an_article_shows_its_page_in_a_sandbox(article, ids):
    page = article("whole")
    [frame] = page.css("iframe")
    assert frame.attributes["src"] == f"/-/snapshot/{ids['whole']}"
    assert frame.attributes["sandbox"] in (None, "")
    assert frame.attributes["loading"] == "lazy"
    assert "open" not in frame.parent.attributes


@pytest.mark.parametrize(
    ("metadata", "article_status", "snapshot_status"),
    [
        ({}, 200, 200),
        ({"allow_snapshot": False}, 200, 403),
        ({"allow_snapshot": {"id": "editor"}}, 200, 403),
        ({"allow": {"id": "editor"}}, 403, 403),
        ({"tables": {"articles": {"allow": False}}}, 403, 403),
    ],
    ids=str,
)
def test_snapshots_and_pages_can_be_closed(kept, ids, metadata, article_status, snapshot_status):
    metadata = METADATA | {"databases": {"archive": metadata}}
    client = Datasette([str(kept[0] / "archive.db")], metadata=metadata).client
    answers = [asyncio.run(client.get(f"{path}/{ids['bare']}")) for path in ("/archive/articles", "/-/snapshot")]
    assert [answer.status_code for answer in answers] == [article_status, snapshot_status]
    assert ("<iframe" in answers[0].text) == (snapshot_status == 200)


@pytest.mark.parametrize(
    ("table", "name", "css"),
    [
        ("repairs", "mended", ".repairs, .mended, a[href='?repairs=1']"),
        ("revisions", "changed", "#versions"),
        ("stories", "whole", "#copies"),
        ("copies", "whole", "#copies"),
        ("images", "whole", "#pictures"),
        ("attachments", "whole", "#attachments"),
        ("article_regions", "whole", "[title$='雨湖区']"),
    ],
)
def test_what_is_in_a_table_that_is_closed_stands_on_no_page(kept, ids, table, name, css):
    def shown(allow):
        metadata = {"databases": {"archive": {"tables": {table: {"allow": allow}}}}}
        client = Datasette([str(kept[0] / "archive.db")], metadata=metadata).client
        answer = asyncio.run(client.get(f"/archive/articles/{ids[name]}?repairs=1"))
        assert answer.status_code == 200
        return LexborHTMLParser(answer.text)

    assert shown(allow=True).css(css)
    assert not shown(allow=False).css(css)
    assert ("只有一个版本" in shown(allow=False).html) == (name != "changed")


@pytest.mark.parametrize("metadata", [{"allow": False}, {"tables": {"articles": {"allow": False}}}], ids=str)
def test_what_is_closed_does_not_tell_what_there_is(kept, ids, metadata):
    closed = Datasette([str(kept[0] / "archive.db")], metadata={"databases": {"archive": metadata}}).client
    issue = "/-/issue/rb/epaper.a.example/rb"
    for path in (
        *(f"/archive/articles/{each}" for each in (ids["bare"], 99999)), "/-/story/1", "/-/story/99999", "/-/source/rb",
        *("/-/source/nosuch", "/-/region/430000", "/-/region/999999", "/-/snapshot/1", "/-/snapshot/99999"),
        *(f"{issue}/{day}" for day in ("2024-09-04", "2031-01-01", "2024-13-45")),
    ):  # fmt: skip
        assert asyncio.run(closed.get(path)).status_code == 403, path


# What others wrote stays text


def test_what_is_planted_in_any_field_is_shown_and_does_not_run(tmp_path):
    keeper = Keeper(tmp_path)
    keeper.db.table("sources").insert({"id": "evil", "name": f"源{SCRIPT}"})
    evil = f"招商{SCRIPT}{HANDLER}"
    section = f"第01版：{evil}"
    page = keeper.page("javascript:/2024-09/04/alert(1)", b"x")
    keeper.db.table("pages").update(page.id, {"charset_evidence": evil, "warc_file": evil, "digest": evil})
    text = f"{evil}\n{evil}"
    fields = {
        **dict.fromkeys(
            ("kicker", "title", "subtitle", "original_title", "raw_date", "raw_byline", "raw_origin"), evil
        ),
        **dict.fromkeys(("published_evidence", "editor", "origin", "origin_via", "region", "region_evidence"), evil),
        **dict.fromkeys(("authors", "speakers", "keywords", "roles"), (evil, evil)),
    }
    made = (
        Repair(evil, "text", 0, evil, "招商", 0.5, evil),
        Repair("pinyin", evil, 0, evil, evil, 0.5, evil),
        Repair("pinyin", "title", 0, f"{JAVASCRIPT}\n{evil}", "", 0.5, evil),
    )
    saved = save(
        keeper.db,
        Article(
            page.url, "evil", page, text=text, section=section, published="2024-09-04", provenance={evil: evil},
            images=(Image(JAVASCRIPT, evil),), attachments=(Attachment(JAVASCRIPT, f"版{evil}"),), repairs=made,
            reading=evil, script="hans", **fields,
        ),
    )  # fmt: skip
    other = keeper.page("http://b.example/2", b"y")
    save(keeper.db, Article(other.url, "evil", other, title=f"{evil}乙", text=text + evil))
    changed = keeper.page(page.url, b"z", FETCHED + timedelta(days=1))
    save(
        keeper.db,
        Article(page.url, "evil", changed, title=evil, text=f"甲{text}", section=section, published="2024-09-04"),
    )
    evidence_of_all = {"evidence": evil, "taken_evidence": evil, "like_id": saved.id, "kind": "reprint"}
    for row in list(keeper.db.query("select article_id from copies")):
        keeper.db.table("copies").update(
            row["article_id"], {**evidence_of_all, "resemblance": None, "containment": None}
        )
    keeper.db.execute("update articles set story_id = (select min(id) from stories), gone_at = last_fetched")
    keeper.db.execute("update articles set gone_evidence = ?", [evil])
    keeper.db.execute("update stories set first_evidence = ?, best_id = ?, first_id = best_id", [evil, saved.id])
    [[story]] = keeper.db.execute("select min(id) from stories").fetchall()
    keeper.db.conn.commit()
    keeper.close()
    client = site(tmp_path).client
    issue = "/-/issue/evil/javascript:/2024-09-04"
    for path in (f"/archive/articles/{saved.id}?repairs=1", f"/-/story/{story}?compare={saved.id + 1}", issue):
        answer = asyncio.run(client.get(path))
        assert answer.status_code == 200, path
        shown = LexborHTMLParser(answer.text)
        assert [node.html for node in shown.css("script")] == [], path
        assert shown.css("[onerror], [onload], [style], img") == [], path
        links = [node.attributes.get("href") or "" for node in shown.css("[href]")]
        assert [link for link in links if link.lower().startswith(("javascript", "data"))] == [], path
        assert SCRIPT in shown.body.text(), path


# Bad input


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/archive/articles/0", 404),
        ("/archive/articles/99999", 404),
        ("/archive/articles/9223372036854775808", 404),
        ("/archive/articles/" + "9" * 5000, 404),
        ("/archive/articles/1?repairs=" + "1" * 60_000, 200),
        ("/archive/articles/1?repairs=%00%ED%A0%80", 200),
        ("/-/story/99999", 404),
        ("/-/story/" + "9" * 40, 404),
        ("/-/story/1?compare=99999", 200),
        ("/-/story/1?compare=" + "9" * 40, 200),
        ("/-/story/1?compare=%00'%22;--", 200),
        ("/-/snapshot/" + "9" * 40, 404),
        ("/-/snapshot/../archive.db", 404),
        ("/-/issue/rb/epaper.a.example/rb/2024-13-45", 400),
        ("/-/issue/rb/epaper.a.example/rb/%00", 400),
        ("/-/issue/rb/epaper.a.example/rb/2031-01-01", 404),
        ("/-/issue/%00/%ED%A0%80/2024-09-04", 404),
        ("/-/issue/' or 1=1 --/x/2024-09-04", 404),
    ],
)
def test_bad_input_is_no_fault(get, path, status):
    # Datasette asks for what is not there once more, in its own spelling.
    answer = get(path, follow_redirects=True)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_the_row_for_programs_stays_datasettes(get, ids):
    [row] = get(f"/archive/articles/{ids['whole']}.json?_shape=array").json()
    assert (row["url"], row["text"]) == ("http://a.example/3", TEXT)
