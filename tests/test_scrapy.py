"""The project as a Scrapy user knows it: `scrapy list`, `scrapy crawl ID`, settings by `-s`; and pages that change."""

import json
from pathlib import Path

import pytest

from archive import warc
from archive.database import index_faults, open_archive, place_of
from archive.search import find, parse
from crawler.demo.province import build
from spiders import source as registry

ROOT = Path(__file__).parent.parent

SOURCE = """
name = "东江新闻网"
family = "portal"
start = ["{address}/list.html"]

[select]
list = "ul a"

[polite]
delay = 0.0
"""

BRIDGE = (
    "东江二桥合龙，园区到高铁站只要十分钟",
    "2024-05-06 08:30 来源：东江日报",
    "东江二桥昨日下午合龙。桥长一千一百米，南岸接经济开发区，北岸接高铁站，通车以后两地车程由四十分钟缩短为十分钟。",
    "开发区招商局介绍，去年来考察的企业里有三成问过这座桥。两家做冷链的企业把开工日期写成了“通车后一个月”。",
)
FAIR = (
    "县里的农机展，签下七份协议",
    "2024-05-09 16:05 来源：东江日报",
    "为期三天的丘陵农机展昨天在东江县体育馆结束，五十二家企业参展，现场签下七份合作协议，其中四份是零部件配套。",
    "参展的多是二三十人的小厂。组委会没有设开幕式，省下的钱给每个展位接了一路试机用的动力电。",
)
LATER = "开发区招商局十日补充说明：协议总额应为三千二百万元，其中意向协议两份，先前公布的数字把这两份算了两次。"


@pytest.fixture(scope="module")
def scrapy(run):
    """Run `scrapy` where scrapy.cfg lies."""
    return lambda *args: run("scrapy", *args, cwd=ROOT)


@pytest.fixture
def folder(tmp_path):
    """A folder of source files beside an empty data folder."""
    (tmp_path / "sources/dongjiang").mkdir(parents=True)
    return tmp_path / "sources/dongjiang"


def test_list(scrapy, tmp_path):
    done = scrapy("list", "-s", f"DATA_DIR={tmp_path / 'data'}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == sorted(path.stem for path in registry.FOLDER.glob("*/*.toml"))
    assert not (tmp_path / "data").exists()


def test_a_broken_file_spoils_only_its_own_spider(scrapy, folder):
    (folder / "dongjiang.toml").write_text(SOURCE.format(address="http://www.dongjiang.example"))
    (folder / "xihe.toml").write_text(SOURCE.format(address="http://x.example").replace("portal", "portla"))
    done = scrapy("list", "-s", f"SOURCES_DIR={folder.parent}", "-s", f"DATA_DIR={folder}")
    assert (done.returncode, done.stdout) == (0, "dongjiang\n")
    assert done.stderr == f"{folder / 'xihe.toml'}: family: 'portla' is not one of {', '.join(registry.FAMILIES)}\n"


def test_crawl(scrapy, query, tmp_path):
    done = scrapy("crawl", "shangqiao", "-s", f"DATA_DIR={tmp_path}", "-s", "LOG_LEVEL=WARNING")
    assert (done.returncode, done.stderr) == (0, "")
    truths = {url: truth.text for url, truth in build().truths.items() if truth.source == "shangqiao"}
    assert {row["url"]: row["text"] for row in query(tmp_path, "select url, text from articles")} == truths
    assert query(tmp_path, "select source, new, reason from runs") == [
        {"source": "shangqiao", "new": len(truths), "reason": "finished"}
    ]


def test_crawl_of_an_unknown_source(scrapy, tmp_path):
    done = scrapy("crawl", "nobody", "-s", f"DATA_DIR={tmp_path / 'data'}")
    assert done.returncode == 1
    assert "Spider not found: nobody" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "data").exists()


def test_a_changed_page_becomes_version_2(scrapy, site, html, folder, query, tmp_path):
    (folder / "dongjiang.toml").write_text(SOURCE.format(address=site.address))
    site.pages = {
        "/list.html": "<ul><li><a href='/n/2024/1001.html'>二桥</a><li><a href='/n/2024/1002.html'>农机展</a></ul>",
        "/n/2024/1001.html": html(*BRIDGE),
        "/n/2024/1002.html": html(*FAIR),
    }
    crawl = ("crawl", "dongjiang", "-s", f"SOURCES_DIR={folder.parent}", "-s", f"DATA_DIR={tmp_path}")
    assert scrapy(*crawl).returncode == 0
    before = {row["url"]: row for row in query(tmp_path, "select * from articles")}
    assert {url: (row["version"], row["text"]) for url, row in before.items()} == {
        f"{site.address}/n/2024/1001.html": (1, "\n".join(BRIDGE[2:])),
        f"{site.address}/n/2024/1002.html": (1, "\n".join(FAIR[2:])),
    }

    site.pages["/n/2024/1002.html"] = html(*FAIR, LATER)
    assert scrapy(*crawl, "-s", "AGAIN=1").returncode == 0
    runs = query(tmp_path, "select new, changed, unchanged from runs order by id")
    assert runs == [{"new": 2, "changed": 0, "unchanged": 0}, {"new": 0, "changed": 1, "unchanged": 1}]
    after = {row["url"]: row for row in query(tmp_path, "select * from articles")}
    (changed,) = [url for url in after if after[url]["version"] != 1]
    assert changed == f"{site.address}/n/2024/1002.html"
    assert (after[changed]["version"], after[changed]["text"]) == (2, "\n".join((*FAIR[2:], LATER)))
    for kept in ("id", "first_fetched"):
        assert after[changed][kept] == before[changed][kept]

    (revision,) = query(tmp_path, "select * from revisions")
    assert (revision["article_id"], revision["version"]) == (before[changed]["id"], 1)
    assert json.loads(revision["fields"]) == {"text": before[changed]["text"]}
    db = open_archive(tmp_path)
    first, second = (place_of(db, page) for page in (revision["page_id"], after[changed]["page_id"]))
    assert warc.read(tmp_path / "warc", first).body == html(*FAIR).encode()
    assert warc.read(tmp_path / "warc", second).body == html(*FAIR, LATER).encode()
    assert list(index_faults(db)) == []
    assert [hit.url for hit in find(db, parse("三千二百万元"))[1]] == [changed]
    db.close()


def test_a_rule_that_matches_no_page_is_said(scrapy, site, html, folder, query, tmp_path):
    """The site was redesigned: its articles are read generally, and the run says which rule is out of date."""
    rules = SOURCE.format(address=site.address).replace("[polite]", 'body = "div.gone"\n\n[polite]')
    (folder / "dongjiang.toml").write_text(rules)
    site.pages = {"/list.html": "<ul><li><a href='/n/2024/1001.html'>二桥</a></ul>", "/n/2024/1001.html": html(*BRIDGE)}
    scrapy("crawl", "dongjiang", "-s", f"SOURCES_DIR={folder.parent}", "-s", f"DATA_DIR={tmp_path}")
    assert query(tmp_path, "select text, reading from articles") == [
        {"text": "\n".join(BRIDGE[2:]), "reading": "general"}
    ]
    [run] = query(tmp_path, "select new, finding from runs")
    assert run["finding"] == "select.body of dongjiang.toml matched none of 1 pages; they were read generally"
