"""Crawling again costs little: what is known is left until it is due, and then hardly asked for."""

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from scrapy.settings import Settings
from warcio.archiveiterator import ArchiveIterator

from archive import gone, issues, runs, visits
from archive.article import Page, RecordPlace
from archive.database import open_archive, save_page
from crawler.memory import Remembered
from crawler.settings import RECHECK

NOW = datetime(2024, 9, 10, tzinfo=UTC)
DAY = timedelta(days=1)


# The rhythm


@pytest.mark.parametrize(
    ("age", "every"),
    [(0, 0.25), (1, 0.25), (2, 1), (7, 1), (8, 7), (30, 7), (31, 30), (365, 30), (366, 182), (4000, 182), (-3, 0.25)],
)
def test_rhythm(age, every):
    """Never earlier than the table says, and at most a quarter of its interval later."""
    dues = [visits.due(NOW, NOW - age * DAY, f"http://a.example/{number}", RECHECK) - NOW for number in range(200)]
    assert min(dues) >= every * DAY
    assert max(dues) <= 1.25 * every * DAY
    assert len(set(dues)) == 200
    assert max(dues) - min(dues) > 0.2 * every * DAY, "spread over all of it"


@pytest.mark.parametrize("published", ["2024", "2024-01", "2024-01-01", "2024-01-01T00:00:00+08:00"])
def test_age_counts_from_publication(published):
    assert visits.moment_of(published) == datetime(2023, 12, 31, 16, tzinfo=UTC)


# Gone


@pytest.fixture
def db(tmp_path):
    with closing(open_archive(tmp_path)) as db:
        yield db


class Missing:
    """An article of an archive, and what its addresses answer."""

    def __init__(self, db):
        self.db = db
        page = self.page("http://a.example/1", NOW, 200)
        row = {
            "url": "http://a.example/1",
            "source": "a",
            "text": "招商",
            "authors": "[]",
            "version": 1,
            "page_id": page,
        }
        times = dict.fromkeys(("first_fetched", "last_fetched"), NOW.isoformat())
        db.table("articles").insert({**row, **times, "id": 1})
        self.found("http://a.example/1", NOW)

    def page(self, url, at, status):
        place = RecordPlace("a", self.db.table("pages").count + 1, 0)
        return save_page(self.db, Page(url, "", at, status, digest="sha1:A"), place, None)

    def found(self, url, at):
        visits.answered(self.db, key=url, url=url, source="a", page_id=self.page(url, at, 200))
        return visits.keep(self.db, url, at + DAY, 1)

    def missed(self, url, at, status=404, recorded_at=None):
        page = self.page(recorded_at or url, at, status)
        return gone.miss(self.db, url, url, "a", page, span=DAY, due_at=at + 30 * DAY)

    @property
    def told(self):
        row = self.db.table("articles").get(1)
        return row["gone_at"], row["gone_evidence"]


HTTPS = "https://a.example/1"
ELSEWHERE = "http://a.example/404.html"


@pytest.mark.parametrize(
    ("answers", "became", "evidence"),
    [
        ([(0, 404)], ["missing"], None),
        ([(0, 404), (1, 404)], ["missing", None], None),
        ([(0, 404), (23, 404)], ["missing", None], None),
        ([(0, 404), (24, 404)], ["missing", "gone"], "404 at 10T00:00 (a:3), 404 at 11T00:00 (a:4)"),
        (
            [(0, 404), (1, 410), (48, 410)],
            ["missing", None, "gone"],
            "404 at 10T00:00 (a:3), 410 at 12T00:00 (a:5)",
        ),
        (
            [(0, 302), (48, 200)],
            ["missing", "gone"],
            "302 to the front page at 10T00:00 (a:3), soft 404 at 12T00:00 (a:4)",
        ),
        (
            [(0, 404), (24, 404), (48, 410)],
            ["missing", "gone", None],
            "404 at 10T00:00 (a:3), 404 at 11T00:00 (a:4)",
        ),
        # Behind http is https now.
        (
            [(0, 404, HTTPS), (30, 410, HTTPS)],
            ["missing", "gone"],
            "404 at 10T00:00 (a:3), 410 at 11T06:00 (a:4)",
        ),
        ([(0, 200, HTTPS), (30, 404)], ["missing", "gone"], "soft 404 at 10T00:00 (a:3), 404 at 11T06:00 (a:4)"),
        (
            [(0, 410, ELSEWHERE), (30, 404)],
            ["missing", "gone"],
            f"410 behind a redirect to {ELSEWHERE} at 10T00:00 (a:3), 404 at 11T06:00 (a:4)",
        ),
    ],
)
def test_gone_is_what_is_missing_twice_over_a_span(answers, became, evidence, db):
    article = Missing(db)
    url = "http://a.example/1"
    found = [article.missed(url, NOW + timedelta(hours=hours), *how) for hours, *how in answers]
    assert found == became
    told = article.told[1]
    assert (told and told.replace("2024-09-", "").replace(":00Z", "")) == evidence
    assert (article.told[0] is None) == (evidence is None)
    visit = visits.find(db, url)
    assert (visit.digest, visit.etag, visit.misses) == (None, None, len(answers))
    assert (visit.first_miss_id, visit.last_miss_id) == (3, 2 + len(answers))
    later = visit.due_at == visits.iso_utc(NOW + timedelta(hours=answers[-1][0]) + 30 * DAY)
    assert later or visit.due_at == visits.iso_utc(NOW + DAY), "until it is proven, after the span"
    assert later == (evidence is not None)


def test_what_was_missing_before_pages_were_kept_is_told_with_its_time(db):
    article = Missing(db)
    article.missed("http://a.example/1", NOW)
    db.execute("update visits set first_miss_id = null")
    article.missed("http://a.example/1", NOW + 2 * DAY, 410)
    assert article.told[1] == "missing at 2024-09-10T00:00:00Z, 410 at 2024-09-12T00:00:00Z (a:4)"


def test_what_answers_in_between_begins_anew(db):
    article = Missing(db)
    url = "http://a.example/1"
    article.missed(url, NOW)
    article.found(url, NOW + DAY)
    visit = visits.find(db, url)
    assert (visit.misses, visit.missing_since, visit.first_miss_id, visit.last_miss_id) == (0, None, None, None)
    assert article.missed(url, NOW + 2 * DAY) == "missing"
    assert article.told == (None, None)
    assert article.missed(url, NOW + 4 * DAY) == "gone"
    assert article.told[1] == "404 at 2024-09-12T00:00:00Z (a:5), 404 at 2024-09-14T00:00:00Z (a:6)"
    assert article.found(url, NOW + 5 * DAY), "it returns"
    assert article.told == (None, None)
    assert not article.found(url, NOW + 6 * DAY)


def test_what_answers_elsewhere_is_not_gone(db):
    article = Missing(db)
    first, second = "http://a.example/1", "http://a.example/m/1"
    article.found(second, NOW)
    article.missed(first, NOW)
    assert visits.waiting(db, "a", NOW, 9) == [second], "it is asked for at once"
    assert article.missed(first, NOW + 2 * DAY) is None
    assert article.told == (None, None)
    article.missed(second, NOW + 2 * DAY)
    assert article.missed(second, NOW + 4 * DAY) == "gone"


def test_a_page_that_never_was_an_article_is_not_gone(db):
    article = Missing(db)
    assert [article.missed("http://a.example/2", NOW + days * DAY) for days in (0, 2, 4)] == [None] * 3
    assert article.told == (None, None)


def test_what_a_crawl_was_killed_over_is_asked_for_again(db):
    article = Missing(db)
    url = "http://a.example/2"
    visits.answered(db, key=url, url=url, source="a", page_id=article.page(url, NOW, 200))
    assert visits.find(db, url).is_open
    assert visits.waiting(db, "a", NOW, 9) == [url], "listed or not"
    assert visits.left_open(db, "a", NOW + DAY) == []
    visits.keep(db, url, NOW + DAY)
    assert visits.waiting(db, "a", NOW + DAY, 9) == ["http://a.example/1"], "it brought no article"


def test_what_was_asked_for_in_vain_is_due_until_its_run_ends(db):
    """A server says 503 once, and the crawl is killed before it asks for that page again."""
    settings = Settings({"RECHECK": RECHECK, "GONE_AFTER": 1})
    url = "http://a.example/2"
    memory = Remembered(db, "a", ["a.example"], settings, None)
    memory.failed(url)
    assert memory.is_due(url)
    assert visits.waiting(db, "a", NOW, 9) == [url]
    memory.close(set())
    later = Remembered(db, "a", ["a.example"], settings, None)
    later.now += DAY / 8
    assert not later.is_due(url)
    later.now += DAY
    assert later.is_due(url)
    assert url in visits.waiting(db, "a", later.now, 9)


# E-papers


def test_an_issue_ends_its_articles(db):
    article = Missing(db)
    url = "http://a.example/1"
    assert not issues.is_complete(db, "a", "a.example", NOW.date())
    issues.complete(db, "a", "a.example", NOW.date(), [url], run_id=None, at=NOW)
    assert issues.is_complete(db, "a", "a.example", NOW.date())
    assert not issues.is_complete(db, "b", "a.example", NOW.date())
    assert visits.waiting(db, "a", NOW + 9000 * DAY, 9) == []
    assert article.told == (None, None)


# Whole runs


WHOLE = {"reason": "finished", "brought": 3, "stats": {}}


@pytest.mark.parametrize(
    ("run", "whole"),
    [
        (WHOLE, True),
        (WHOLE | {"brought": 0}, False),
        (WHOLE | {"brought": 0, "stats": {"again/not_due": 2}}, True),
        (WHOLE | {"brought": 0, "stats": {"again/complete_issues": 1}}, True),
        (WHOLE | {"stats": {"run/partial": True}}, False),
        (WHOLE | {"stats": {"again/lists_missing": 1}}, False),
        (WHOLE | {"reason": "shutdown"}, False),
        (WHOLE | {"reason": "killed"}, False),
    ],
)
def test_a_run_that_left_nothing_out(run, whole, db):
    counts = {"new": run["brought"], "changed": 0, "unchanged": 0}
    runs.finish(db, runs.begin(db, "a", NOW), NOW, run["reason"], counts, None, run["stats"])
    runs.begin(db, "a", NOW)
    assert (runs.last_whole(db, "a") is not None) == whole


# A site, crawled again and again


class Answering(BaseHTTPRequestHandler):
    """A page of `pages` by its path; a number is a status, an address leads there; `validated` have an ETag."""

    def do_GET(self):
        self.server.requests.append(self.path)
        answer = self.server.pages.get(self.path, 404)
        body = answer.encode() if isinstance(answer, str) else "出了点问题".encode()
        tag = f'"{hashlib.sha1(body).hexdigest()}"'
        asked = self.headers.get("If-None-Match")
        validated = isinstance(answer, str) and self.path in self.server.validated
        if isinstance(answer, str) and answer.startswith("/"):
            self.send_response(302)
            self.send_header("Location", answer)
            body = b""
        elif validated and asked == tag:
            self.send_response(304)
            body = b""
        else:
            assert asked is None or self.path in self.server.validated, "no validators but those that were given"
            self.send_response(answer if isinstance(answer, int) else 200)
        if validated:
            self.send_header("ETag", tag)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


SOURCE = """name = "东江网"
family = "portal"
start = ["SITE/list/index.html"]
[select]
list = "ul.news a"
next = "a.next"
[polite]
delay = 0.0
concurrency = 4
[expect]
articles = 15
"""

LINE = "2024-09-04 08:05 来源：东江日报"


def path(number, part=""):
    return f"/c/2024/{760000 + number}{part}.html"


def text(number, more=""):
    return (
        f"东江经济技术开发区第{number}批项目昨天签约，总投资{number}亿元，八家企业落户东江。",
        f"管委会招商局说，第{number}批项目里有三家做精密零件，用地和用工都已经谈妥，年内开工。{more}",
    )


class News:
    """Five lists of three articles each, the newest first, and one in two parts beside them."""

    def __init__(self, site, html):
        self.site, self.html, self.numbers = site, html, list(range(15, 0, -1))
        for number in self.numbers:
            self.tell(number)
        # The second has validators, and so has every other.
        site.validated = {path(number) for number in self.numbers if number % 2 == 0}
        self.list()

    def tell(self, number, more=""):
        pager = ""
        if number == 7:
            numbers = f"<a href='{path(7)}'>1</a> <a href='{path(7, '_2')}'>2</a>"
            pager = f"<p>{numbers} <a href='{path(7, '_2')}'>下一页</a></p>"
            second = self.html(f"第{number}批项目签约", LINE, *text(70, more))
            back = f"<p><a href='{path(7)}'>上一页</a> {numbers}</p>"
            self.site.pages[path(7, "_2")] = second.replace("</body>", f"{back}</body>")
            more = ""
        page = self.html(f"第{number}批项目签约", LINE, *text(number, more))
        self.site.pages[path(number)] = page.replace("</body>", f"{pager}</body>")

    def list(self):
        for place in range(0, len(self.numbers), 3):
            links = "".join(f"<li><a href='{path(number)}'>{number}</a>" for number in self.numbers[place : place + 3])
            behind = f"<a class='next' href='/list/index_{place // 3 + 1}.html'>下一页</a>"
            more = behind if place + 3 < len(self.numbers) else ""
            name = f"index_{place // 3}" if place else "index"
            self.site.pages[f"/list/{name}.html"] = f"<html><body><ul class='news'>{links}</ul>{more}</body></html>"


@pytest.fixture
def crawling(start, site, tmp_path):
    """The data folder of a source, and a crawl of it at a moment: its stats, and what was asked for but robots.txt."""
    site.RequestHandlerClass = Answering
    site.validated = set()
    folder, data = tmp_path / "sources/tests", tmp_path / "data"
    folder.mkdir(parents=True)
    with ExitStack() as running:

        def crawling(name, source):
            (folder / f"{name}.toml").write_text(source.replace("SITE", site.address), encoding="utf-8")
            command = ("python", Path(__file__).parent / "steps.py", data, folder.parent, name)
            process = running.enter_context(start(*command, stdin=subprocess.PIPE))
            running.callback(process.stdin.close)

            def crawl(at, **settings):
                site.requests.clear()
                process.stdin.write(json.dumps({"at": at.isoformat(), **settings}) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
                assert line, process.stderr.read()
                return json.loads(line), Counter(path for path in site.requests if path != "/robots.txt")

            return data, crawl

        yield crawling


def lists(asked):
    return sorted(path for path in asked if path.startswith("/list/"))


def articles(asked):
    return sorted(path for path in asked if path.startswith("/c/"))


def read(stats):
    """How many articles were read."""
    return stats.get("read/rules", 0) + stats.get("read/general", 0)


def test_crawled_again_and_again(crawling, site, html, query, zhaoshang):  # noqa: PLR0915 - each crawl goes on from the last
    data, crawl = crawling("dongjiang", SOURCE)
    news, pages = News(site, html), site.pages

    stats, asked = crawl(NOW)
    assert (len(lists(asked)), len(articles(asked)), stats["store/new"], read(stats)) == (5, 16, 15, 15)

    # Nothing is due.
    stats, asked = crawl(NOW + timedelta(minutes=5))
    assert (lists(asked), articles(asked)) == (["/list/index.html"], [])
    assert (stats["again/not_due"], stats["again/lists_left"], read(stats)) == (3, 1, 0)
    assert (stats["run/wrong"], stats["run/finding"]) == (False, None)

    # One new article: the list behind it is looked at, and no other.
    news.numbers.insert(0, 16)
    news.tell(16)
    news.list()
    stats, asked = crawl(NOW + timedelta(minutes=10))
    assert (lists(asked), articles(asked)) == (["/list/index.html", "/list/index_1.html"], [path(16)])
    assert (stats["store/new"], stats["run/finding"]) == (1, None)

    # After a run that was killed nobody knows what is behind.
    with closing(open_archive(data)) as db:
        runs.begin(db, "dongjiang", NOW + timedelta(minutes=15))
    stats, asked = crawl(NOW + timedelta(minutes=20))
    assert (len(lists(asked)), articles(asked)) == (6, [])

    # All is due: what has not changed is not read, with validators or without, listed or not.
    news.numbers = news.numbers[:6]
    news.list()
    pages[path(1)] = "/404.html"
    pages[path(2)] = "<html><body><p>对不起，您访问的页面不存在</p></body></html>"
    pages[path(3)] = "/"
    pages["/"] = "<html><body><h1>东江网</h1><p>东江网是东江日报社主办的新闻网站，每天八点更新。</p></body></html>"
    pages[path(4)] = 503
    pages[path(5)] = news.html("请登录", "", "").replace("<div class='content'></div>", "<p>请登录后查看</p>")
    news.tell(6, "记者随后又去看了一趟。")
    at = NOW + 40 * DAY
    stats, asked = crawl(at, RETRY_TIMES=0)
    assert articles(asked) == sorted([*(path(number) for number in range(1, 17)), path(7, "_2")])
    assert lists(asked) == ["/list/index.html"]
    assert (read(stats), stats["store/changed"], stats["again/unchanged"]) == (1, 1, 10)
    assert (stats["recording/not_modified"], stats["again/missing"], stats.get("again/gone")) == (4, 3, None)
    # The redirect to the front page is not followed.
    assert stats["refused/not_found"] == 1
    assert stats["refused/login"] == 1
    [row] = query(data, "select version, text from articles where url like ?", f"%{path(6)}")
    assert (row["version"], row["text"].count("记者随后")) == (2, 1)
    rows = query(data, "select url, last_fetched from articles where last_fetched > '2024-10'")
    assert len(rows) == 11, "what answered as before has been seen"

    # Twice within an hour is once. All is asked for, and what had been refused or overloaded is there again.
    for number in (4, 5):
        news.tell(number)
    stats, asked = crawl(at + timedelta(minutes=30), AGAIN=True)
    assert len(articles(asked)) == 17
    assert (stats.get("again/missing"), stats.get("again/gone"), stats["again/unchanged"]) == (None, None, 12)
    assert query(data, "select url from articles where gone_at is not null") == []

    # Two days later they are gone, and kept.
    stats, asked = crawl(at + 2 * DAY)
    assert {path(1), path(2), path(3)} <= set(articles(asked))
    assert (stats["again/gone"], stats["run/wrong"]) == (3, False)
    assert stats["run/finding"].endswith("articles gone: 3")
    rows = query(data, "select url, gone_at, gone_evidence from articles where gone_at is not null order by id desc")
    told = {row["url"].removeprefix(site.address): row["gone_evidence"] for row in rows}
    for number, how, status in (
        (1, f"404 behind a redirect to {site.address}/404.html", 404),
        (2, "soft 404", 200),
        (3, "302 to the front page", 302),
    ):
        looks = query(
            data,
            "select pages.* from visits join pages on pages.id in (first_miss_id, last_miss_id)"
            " where visits.url = ? order by pages.id",
            site.address + path(number),
        )
        assert [look["status"] for look in looks] == [status] * 2
        days = zip(("20", "22"), looks, strict=True)
        assert told[path(number)] == ", ".join(
            f"{how} at 2024-10-{day}T00:00:00Z ({look['warc_file']}:{look['warc_offset']})" for day, look in days
        )
    assert {row["gone_at"] for row in rows} == {"2024-10-22T00:00:00Z"}
    found = zhaoshang("search", "--json", "第1批项目", data=data)
    assert path(1) in found.stdout

    # It returns; a part of another has changed.
    news.tell(1)
    news.tell(7, "第二版改了一句。")
    stats, asked = crawl(at + 60 * DAY)
    assert (stats["again/returned"], stats["store/unchanged"], stats["store/changed"]) == (1, 1, 1)
    assert (stats["again/whole"], read(stats)) == (1, 2)
    assert (asked[path(7)], asked[path(7, "_2")]) == (2, 2)
    [row] = query(data, "select gone_at, gone_evidence, version from articles where url like ?", f"%{path(1)}")
    assert tuple(row.values()) == (None, None, 1)
    [row] = query(data, "select text, version from articles where url like ?", f"%{path(7)}")
    assert (row["version"], row["text"].count("第二版改了一句"), row["text"].count("第7批")) == (2, 1, 2)

    answers_are_kept(data, query)


def answers_are_kept(data, query):
    """Every 304 is a revisit record that names the page it stands for."""
    rows = query(data, "select * from pages where status = 304")
    assert rows
    assert all(row["article_id"] for row in rows)
    records = {}
    for file in (data / "warc").iterdir():
        with file.open("rb") as stream:
            archive = ArchiveIterator(stream, check_digests="raise")
            for record in archive:
                record.content_stream().read()
                records[file.name, archive.get_record_offset()] = record
    for row in rows:
        record = records[row["warc_file"], row["warc_offset"]]
        [first] = query(data, "select * from pages where id = ?", row["revisit_of"])
        assert record.rec_type == "revisit"
        assert record.rec_headers.get_header("WARC-Profile").endswith("/revisit/server-not-modified")
        assert record.rec_headers.get_header("WARC-Refers-To-Date") == first["fetched_at"]
        assert record.rec_headers.get_header("WARC-Refers-To-Target-URI") == first["url"]
        assert record.http_headers.get_statuscode() == "304"
        assert (row["digest"], first["revisit_of"], first["status"]) == (first["digest"], None, 200)


PAPER = """name = "资水报"
family = "founder"
start = ["SITE/zsb/"]
issues = 2
polite.delay = 0
"""


def issue(day, before, articles):
    """The pages of an issue of two newspaper pages: half of its articles on each, and 上一期 on the first."""
    folder = f"/zsb/html/2024-09/{day}"
    links = "".join(f'<a id="pageLink" href="node_{number}.htm">第{number}版</a>' for number in (1, 2))
    pages = {}
    for number, some in ((1, articles[::2]), (2, articles[1::2])):
        areas = "".join(f'<area href="content_{name}.htm?div=-1">' for name in some)
        earlier = f'<a href="../{before}/node_1.htm">上一期</a>' if number == 1 else ""
        pages[f"{folder}/node_{number}.htm"] = (
            f'<html><body><table><tr><td align="left"><strong>第{number}版：要闻</strong></td></tr></table>{links}'
            f'<img usemap="#map" src="{number}.jpg"><map name="map">{areas}</map>{earlier}</body></html>'
        )
    for name in articles:
        body = "".join(f"<p>{line}</p>" for line in text(name))
        pages[f"{folder}/content_{name}.htm?div=-1"] = (
            f'<html><body><table class="wz"><tr><td class="font01">{day}日第{name}批项目</td></tr></table>'
            f'<div id="ozoom"><founder-content>{body}</founder-content></div></body></html>'
        )
    return pages


def nodes(asked):
    return sorted(path.removeprefix("/zsb/html/2024-09/") for path in asked if "node_" in path)


def contents(asked):
    return sorted(path.removeprefix("/zsb/html/2024-09/").partition(".")[0] for path in asked if "content_" in path)


def test_complete_issues_are_never_asked_for_again(crawling, site):
    entry = '<html><body><a href="html/2024-09/10/node_1.htm">阅读今天的报纸</a></body></html>'
    site.pages = {"/zsb/": entry, **issue("10", "09", (1, 2, 3)), **issue("09", "08", (4, 5))}
    late = site.pages.pop("/zsb/html/2024-09/10/content_3.htm?div=-1")
    site.pages["/zsb/html/2024-09/10/content_3.htm?div=-1"] = 503
    _, crawl = crawling("zsb", PAPER)

    # Ten in the morning in China: today's issue may still change, and an article of it did not come.
    stats, asked = crawl(NOW + timedelta(hours=2), RETRY_TIMES=0)
    assert (len(nodes(asked)), len(contents(asked)), stats["store/new"]) == (4, 5, 4)
    stats, asked = crawl(NOW + timedelta(hours=3))
    assert (nodes(asked), contents(asked)) == (["09/node_1.htm", "10/node_1.htm", "10/node_2.htm"], [])
    assert (stats["again/complete_issues"], stats["again/not_due"], stats["run/finding"]) == (1, 3, None)

    # The next day what is missing is still asked for, with all of its issue.
    stats, asked = crawl(NOW + timedelta(days=1, hours=2), RETRY_TIMES=0)
    assert contents(asked) == ["10/content_1", "10/content_2", "10/content_3"]
    assert (stats["again/unchanged"], stats.get("store/new"), read(stats)) == (2, None, 0)
    site.pages["/zsb/html/2024-09/10/content_3.htm?div=-1"] = late
    stats, asked = crawl(NOW + timedelta(days=1, hours=20))
    assert (stats["store/new"], stats["again/complete_issues"]) == (1, 1)

    # Then both are complete, whatever is due.
    stats, asked = crawl(NOW + timedelta(days=400))
    assert (nodes(asked), contents(asked)) == (["09/node_1.htm", "10/node_1.htm"], [])
    assert (stats["again/complete_issues"], stats["run/finding"]) == (2, None)

    # A new one comes out, on top of which a part of it turns up.
    site.pages |= {"/zsb/": entry.replace("/10/", "/11/"), **issue("11", "10", (6, 7))}
    stats, asked = crawl(NOW + timedelta(days=401))
    assert (contents(asked), stats["store/new"]) == (["11/content_6", "11/content_7"], 2)

    # Only --again asks for all of them.
    stats, asked = crawl(NOW + timedelta(days=402), AGAIN=True)
    assert len(contents(asked)) == 7
    assert stats["again/unchanged"] == 7


FAMILIES = {"portal": "jinhe", "founder": "xiangyue", "trs": "luling", "hanweb": "sheyang", "feed": "minjiang"}


def test_a_second_crawl_asks_for_no_article(province, zhaoshang, query, tmp_path):
    """Of no family; what the first crawl could not have is not asked for again at once, either."""
    data = shutil.copytree(province, tmp_path / "data")
    family = {row["id"]: row["family"] for row in query(data, "select id, family from sources")}
    assert {family[source]: source for source in FAMILIES.values()} == FAMILIES
    assert set(family.values()) == set(FAMILIES)
    before = query(data, "select max(id) as newest from runs")[0]["newest"]
    done = zhaoshang("crawl", *FAMILIES.values(), data=data)
    assert (done.returncode, done.stderr) == (0, "")
    asked = query(
        data,
        "select pages.url from pages join visits on visits.url = pages.url and visits.source in"
        f" ({', '.join('?' * 5)}) where run_id > ?",
        *FAMILIES.values(),
        before,
    )
    assert asked == []
    brought = query(data, "select sum(new) as new, sum(changed) as changed from runs where id > ?", before)
    assert brought == [{"new": 0, "changed": 0}]
