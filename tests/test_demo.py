"""`zhaoshang demo` end to end: what is in the archive is exactly what a perfect reader finds in the sample province."""

import gzip
import json
import re
import shutil
import signal
import socket
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import warc
from archive.article import Attachment, Page, RecordPlace, utc_now
from archive.database import index_faults, open_archive
from crawler.demo import sample
from crawler.demo.province import build
from crawler.demo.sites import chaopan, hongan, huaidong, luling, xiangyue
from crawler.loader import spider_class
from crawler.stages import apply_reading_stages
from pipelines.text.charset import decode
from spiders import source as registry
from spiders.reading.links import canonical

COLUMNS = {
    "source": "source",
    "title": "title",
    "kicker": "kicker",
    "subtitle": "subtitle",
    "original_title": "original_title",
    "text": "text",
    "published": "published",
    "precision": "published_precision",
    "authors": "authors",
    "roles": "roles",
    "keywords": "keywords",
    "origin": "origin",
    "editor": "editor",
    "section": "section",
    "captions": "captions",
    "attachments": "attachments",
    "charset": "charset",
}
"""The fields of a truth and the columns of `articles`."""

LISTS = ("authors", "roles", "keywords")
"""Columns that hold a list."""

SPOILED = ("title", "text")
"""What the mirror spoils."""

TRUTHS = {canonical(url): truth for url, truth in build().truths.items()}
SITES = len({truth.source for truth in TRUTHS.values()})
DEAD = xiangyue.PAPER.dead_links(sample.load()) | huaidong.PAPER.dead_links(sample.load())
GONE = {*hongan.GONE, chaopan.missing(sample.load()), *huaidong.NO_ISSUE, *DEAD, luling.MISSING}
"""What the sites lead to, and what does not exist."""


@pytest.fixture(scope="module")
def articles(province, query):
    """The rows of `articles` by address; lists, captions and attachments as tuples."""
    captions, attachments = defaultdict(tuple), defaultdict(tuple)
    for image in query(province, "select article_id, caption from images order by article_id, position"):
        captions[image["article_id"]] += (image["caption"],)
    for row in query(province, "select article_id, url, name from attachments order by article_id, position"):
        attachments[row["article_id"]] += (Attachment(row["url"], row["name"]),)
    return {
        row["url"]: row
        | {name: tuple(json.loads(row[name])) for name in LISTS}
        | {"captions": captions[row["id"]]}
        | {"attachments": attachments[row["id"]]}
        for row in query(province, "select * from articles")
    }


@pytest.fixture(scope="module")
def stats(province, query):
    """Scrapy's stats of each source's run."""
    return {row["source"]: json.loads(row["stats"]) for row in query(province, "select source, stats from runs")}


# What is there


def test_every_article_is_there_and_nothing_else(articles):
    assert set(articles) == set(TRUTHS)


@pytest.mark.parametrize("field", COLUMNS)
def test_every_field_is_true(field, articles):
    wrong = [
        (url, articles[url][COLUMNS[field]], getattr(truth, field))
        for url, truth in TRUTHS.items()
        if articles[url][COLUMNS[field]] != getattr(truth, field) and not (truth.polluted and field in SPOILED)
    ]
    assert wrong == []


def test_texts_of_the_mirror_come_back(articles, query, province):
    """As they were before the mirror; where it lost bytes, what was guessed is told as a guess."""
    polluted = {url: truth for url, truth in TRUTHS.items() if truth.polluted}
    guessed = {row["url"] for row in query(
        province, "select url from repairs join articles on articles.id = article_id where confidence < 0.8"
    )}  # fmt: skip
    wrong = {
        url
        for url, truth in polluted.items()
        if (articles[url]["title"], articles[url]["text"]) != (truth.clean_title, truth.clean_text)
    }
    assert sum(truth.text != truth.clean_text for truth in polluted.values()) == len(polluted) == 45
    assert wrong <= guessed
    assert len(wrong) <= 5


def test_false_labels_are_known_and_counted(province, query, articles, stats):
    evidence = {row["id"]: row["charset_evidence"] or "" for row in query(province, "select * from pages")}
    found = {url for url, row in articles.items() if "false: " in evidence[row["page_id"]]}
    assert found == {url for url, truth in TRUTHS.items() if truth.false_label}
    said = sum("false: " in each for each in evidence.values())
    assert said == sum(each.get("decode/false_label", 0) for each in stats.values())


def test_search_index_is_true(province):
    db = open_archive(province)
    assert list(index_faults(db)) == []
    db.close()


# What was said


def test_the_table_tells_what_came_in(demo, query):
    data, done = demo
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if line[:1] == "│"]
    shown = {row[0]: [*row[1:5], row[6]] for row in cells}
    runs = {
        row.pop("source"): [str(value) for value in row.values()]
        for row in query(
            data,
            "select source, pages, new, changed, unchanged,"
            " coalesce(json_extract(stats, '$.\"decode/false_label\"'), 0) from runs",
        )
    }
    articles = Counter(truth.source for truth in TRUTHS.values())
    pages = {row["source"]: row["pages"] for row in query(data, RESPONSES)}
    assert {source: row[:4] for source, row in runs.items()} == {
        source: [str(pages[source]), str(number), "0", "0"] for source, number in articles.items()
    }
    assert shown == runs | {"all": [str(sum(int(row[place]) for row in runs.values())) for place in range(5)]}


RESPONSES = "select source, count(*) as pages from pages join runs on runs.id = run_id group by source"


def test_without_a_terminal_there_are_plain_lines(demo):
    data, done = demo
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout
    assert "hongan: finished, 104 pages, 89 new, 0 changed, 0 unchanged, 2 dropped" in done.stdout.splitlines()
    # Another test may have served the folder, which keeps a log of its own.
    logs = {path.name for path in (data / "jobs").iterdir()} - {"site.log"}
    assert logs == {"crawl.log"}


# The ways through the sites


def test_what_robots_txt_forbids_is_not_asked_for(province, query, stats):
    asked = {record for path in (province / "warc").iterdir() for record in targets(path)}
    assert asked == {row["url"] for row in query(province, "select url from pages")}
    assert asked < set(build().answers) | GONE
    assert hongan.FORBIDDEN not in asked
    assert stats["hongan"]["robotstxt/forbidden"] == 1


def targets(path):
    """The addresses that a WARC file says were asked for."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        return [record.rec_headers["WARC-Target-URI"] for record in records if record.rec_type == "request"]


def test_errors_are_recorded_and_503_recovers(province, query, stats):
    errors = query(province, "select url, status from pages where status >= 400 order by status, url")
    assert errors == [{"url": url, "status": 404} for url in sorted(GONE)] + [
        {"url": url, "status": 503} for url in sorted(build().recovering)
    ]
    assert stats["hongan"]["downloader/response_status_count/404"] == len(hongan.GONE)
    for url in build().recovering:
        answers = query(province, "select status from pages where url = ? order by id", url)
        assert [row["status"] for row in answers] == [503, 200]


def test_redirects_are_recorded_and_followed(province, query):
    moved = {row["url"] for row in query(province, "select url from pages where status between 300 and 399")}
    assert moved == {url for url, answer in build().answers.items() if answer.status == 301}
    targets = {canonical(urljoin(url, dict(build().answers[url].headers)["Location"])) for url in moved}
    assert len(targets) == 3
    assert targets <= set(TRUTHS)
    fetched = Counter(row["url"] for row in query(province, "select url from pages where status = 200"))
    assert [url for url, times in fetched.items() if canonical(url) in TRUTHS and times > 1] == []


def test_second_addresses_are_remembered(province, query, articles, stats):
    """The copies for phones hold the same text: one article, cited by the address for everybody."""
    copies = [url for url in build().answers if "/m/" in url]
    further = {row["url"]: row for row in query(province, "select * from addresses")}
    assert set(further) == set(copies)
    assert stats["hongan"]["deduplicate/same_content"] == len(copies)
    by_id = {row["id"]: row for row in articles.values()}
    for url, row in further.items():
        article = by_id[row["article_id"]]
        assert article["title"].encode("gbk") in build().answers[url].body
        assert article["text"].split("\n")[0].encode("gbk") in build().answers[url].body


# The evidence


def test_any_warc_tool_reads_the_files(province, query):
    """warcio checks every digest, and finds as many responses and revisits as `pages` has rows."""
    found = Counter()
    for path in (province / "warc").iterdir():
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                found[record.rec_type] += 1
    [pages] = query(province, "select count(*) as whole, count(revisit_of) as again from pages")
    whole = pages["whole"] - pages["again"]
    kinds = {"warcinfo": SITES, "response": whole, "revisit": pages["again"], "metadata": SITES}
    assert found == kinds | {"request": whole + pages["again"]}
    # The first page of each e-paper is fetched twice: by its entry's refresh, and as one of the issue's pages. A list
    # of the portal leads to the second part of an article, which is fetched again behind the first.
    assert pages["again"] == 3


def test_the_archive_knows_its_sources(province, query):
    sample = [source for source in registry.load_all().values() if source.is_sample]
    assert query(province, "select id, name, family, region from sources order by id") == [
        {"id": source.id, "name": source.name, "family": source.family, "region": source.region} for source in sample
    ]


def test_what_a_second_demo_fetches_is_not_kept_twice(again, province, query):
    data = again[0]
    sizes = {path.name: path.stat().st_size for path in (data / "warc").iterdir()}
    first = sum(size for name, size in sizes.items() if (province / "warc" / name).exists())
    assert sum(sizes.values()) < first * 1.6
    [pages] = query(data, "select count(*) as whole, count(revisit_of) as again from pages where run_id > ?", SITES)
    assert pages["again"] > pages["whole"] * 0.95


def test_every_article_can_be_read_again_out_of_its_record(province, query, articles):
    spiders = {name: spider_class(source, province)() for name, source in registry.load_all().items()}
    pages = {row["id"]: row for row in query(province, "select * from pages")}
    wrong = []
    for url, article in articles.items():
        if any(word in article["provenance"] for word in ("part", "whole", "joined")):
            # Of several pages: tests/test_portal.py and tests/test_founder.py read them.
            continue
        row = pages[article["page_id"]]
        record = warc.read(province / "warc", RecordPlace(row["warc_file"], row["warc_offset"], row["warc_length"]))
        assert (record.url, record.status, warc.payload_digest(record.body)) == (row["url"], 200, row["digest"])
        headers = {name.lower(): value for name, value in record.headers}
        body = gzip.decompress(record.body) if "content-encoding" in headers else record.body
        decoded = decode(body, headers["content-type"])
        page = Page(record.url, decoded.text, utc_now(), charset=decoded.charset)
        again = apply_reading_stages(spiders[article["source"]].article(page))
        same = {"url", "title", "kicker", "subtitle", "text", "published", "authors", "origin", "editor"}
        if json.loads(article["provenance"]).get("raw_date") in ("list", "feed", "news sitemap"):
            # The page itself does not say.
            same.remove("published")
        wrong += [(url, field) for field in same if getattr(again, field) != article[field]]
    assert wrong == []


# Again


@pytest.fixture(scope="module")
def again(province, start, wait_until, get, tmp_path_factory):
    """A copy of the province after a second demo, what that said, and what it served before Ctrl-C."""
    data = tmp_path_factory.mktemp("again") / "data"
    shutil.copytree(province, data)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    served = []

    def answers():
        assert process.poll() is None, process.communicate()
        try:
            served.append(get(f"{address}archive/articles.json?_search={quote('招商引资')}&_shape=array&_size=5"))
        except OSError:
            return False
        return True

    with start("zhaoshang", "--data", data, "demo", "--port", port) as process:
        try:
            wait_until(answers)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, err) == (0, "")
    assert address in out
    return data, out, served[0]


def test_a_second_demo_finds_nothing_new(again, query):
    data, out, _ = again
    runs = query(
        data, "select source, new, changed, unchanged, reason, stats from runs order by id desc limit ?", SITES
    )
    # Nothing is due so soon: no article is asked for at all.
    assert {(row["new"], row["changed"], row["unchanged"], row["reason"]) for row in runs} == {(0, 0, 0, "finished")}
    assert not any(json.loads(row["stats"])["run/wrong"] for row in runs)
    assert any(
        re.fullmatch(r"hongan: finished, \d pages, 0 new, 0 changed, 0 unchanged, 0 dropped", line)
        for line in out.splitlines()
    )


@pytest.mark.parametrize("table", ["articles", "stories", "addresses", "images", "repairs", "revisions"])
def test_a_second_demo_keeps_no_second_copy(table, again, province, query):
    def rows(data):
        return [row | {"last_fetched": None} for row in query(data, f"select * from {table} order by 1, 2")]

    assert rows(again[0]) == rows(province)


def test_the_demo_then_serves_the_archive(again):
    found = json.loads(again[2])
    assert len(found) == 5
    assert all("招商" in row["title"] + row["text"] for row in found)


def test_a_second_demo_leaves_the_first_evidence_alone(again, province):
    for path in Path(province / "warc").iterdir():
        assert (again[0] / "warc" / path.name).read_bytes() == path.read_bytes()
