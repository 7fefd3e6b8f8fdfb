"""The sample province over time: the stories of its copies, and crawls of its later chapters, as its truth has them."""

import json
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.database import open_archive
from archive.differences import apply
from archive.search.folding import fold
from archive.versions import differences, history
from crawler.demo.chapters import articles as articles_in
from crawler.demo.province import CHAPTERS, build
from crawler.demo.sample import load
from crawler.demo.server import SampleServer
from spiders import source as registry
from spiders.reading.links import canonical

AT = Path(__file__).parent / "at.py"
NAMES = {name: source.name for name, source in registry.load_all().items()}
TOLD = {"404": "404", "410": "410", "soft": "soft 404", "front page": "302 to the front page"}
"""What is said of how an article is missing."""
COLUMNS = {"precision": "published_precision"}
"""Fields of a truth that are called otherwise in `articles`."""


# Chapters


def test_every_chapter_is_served_whole():
    """Links of lists and pages apart, what a chapter tells is there: each truth has its page, each loss its answer."""
    for chapter in CHAPTERS:
        province = build(chapter)
        assert all(province.answers[url].status == 200 for url in province.truths)
        assert {url for url, fate in province.fates.items() if fate.kind != "gone"} == set(province.truths)


def test_only_furniture_changes_in_the_second_chapter():
    first, second = build(), build(2)
    assert second.truths == first.truths
    assert {fate.kind for fate in second.fates.values()} == {"unchanged"}
    same = {truth.source for url, truth in first.truths.items() if first.answers[url] == second.answers[url]}
    other = {truth.source for url, truth in first.truths.items() if first.answers[url] != second.answers[url]}
    assert same == {"xiangyue", "huaidong", "sheyang", "luling"}
    assert other == set(NAMES) & {truth.source for truth in first.truths.values()} - same


def test_the_third_chapter_edits_and_deletes():
    fates = [fate for fate in build(3).fates.values() if fate.kind != "unchanged"]
    assert {fate.how for fate in fates if fate.kind == "gone"} == {"404", "410", "soft", "front page"}
    changed = {name for fate in fates for name, *_ in fate.fields}
    assert changed == {"title", "text", "published", "authors", "roles", "origin"}
    assert len([fate for fate in fates if fate.kind == "changed"]) == 11


def test_an_edit_names_words_that_stand_once():
    """As `chapters.toml` has them: each edited article differs from what was written, and no other does."""
    written = {article.id: article for article in load(3)}
    edited = {article.id for article in articles_in(3) if article != written[article.id]}
    assert len(edited) == 11


def test_copies_are_what_they_are_called():
    truths = build(3).truths
    for truth in truths.values():
        first = truths.get(truth.story)
        if first is None or truth is first:
            continue
        share = len(truth.clean_text) / len(first.clean_text)
        assert (0.3 <= share <= 0.7) == (truth.kind == "excerpt"), truth.url
        assert truth.published is None or first.published <= truth.published, truth.url


def test_pages_that_are_files_answer_304():
    first, third = build(), build(3)
    validated = [url for url in third.truths if url in third.validators]
    assert {third.truths[url].source for url in validated} == {"sheyang", "luling"}
    with SampleServer(chapter=3) as server:
        parts = urlsplit(server.address)
        client = HTTPConnection(parts.hostname, parts.port, timeout=5)
        answered = defaultdict(set)
        for url in validated:
            name, value = first.validators[url]
            asked = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[name]
            client.request("GET", url, headers={asked: value})
            response = client.getresponse()
            body = response.read()
            answered[third.fates[url].kind].add((response.status, bool(body)))
        client.close()
    assert answered == {"unchanged": {(304, False)}, "changed": {(200, True)}}


# Stories


@pytest.fixture(scope="module")
def told(province, query):
    """What the archive of the first chapter says of each article's story, by address."""
    return stories(query, province)


def stories(query, data):
    rows = query(
        data,
        # What has no copies has no row in `copies`: it is the same as itself.
        "select articles.url, articles.story_id, coalesce(kind, 'same') as kind, first.url as first,"
        " origins.url as taken_from, stories.copies, stories.sources"
        " from articles join stories on stories.id = articles.story_id"
        " left join copies on copies.article_id = articles.id"
        " left join articles first on first.id = stories.first_id"
        " left join articles origins on origins.id = copies.taken_from",
    )
    return {row["url"]: row for row in rows}


def groups(stories_by_url):
    found = defaultdict(set)
    for url, story in stories_by_url:
        found[story].add(url)
    return {frozenset(urls) for urls in found.values() if len(urls) > 1}


def by_address(truths):
    return {canonical(url): truth for url, truth in truths.items()}


def test_copies_share_a_story_and_nothing_else_does(told):
    truths = by_address(build().truths)
    assert set(told) == set(truths)
    true = groups((url, truth.story) for url, truth in truths.items())
    found = groups((url, row["story_id"]) for url, row in told.items())
    assert (found - true, true - found) == (set(), set())


def test_what_only_looks_alike_stays_apart(told):
    """Notices with other figures, parts of a series, the same terms around other news, and what a digest prints."""
    alike = {article.id for article in load() if article.alike}
    assert len(alike) == 9
    truths = {(truth.source, truth.title): canonical(url) for url, truth in build().truths.items()}
    urls = [truths[article.site, article.title] for article in load() if article.alike]
    assert [told[url]["copies"] for url in urls] == [1] * len(urls)


def test_each_copy_is_called_what_it_is(told):
    truths = by_address(build().truths)
    wrong = {url: (row["kind"], truths[url].kind) for url, row in told.items() if row["kind"] != truths[url].kind}
    assert wrong == {}


def test_who_was_first(told):
    truths = by_address(build().truths)
    dated = {url: row["first"] for url, row in told.items() if truths[truths_first(truths, url)].published}
    assert dated == {url: truths_first(truths, url) for url in dated}


def truths_first(truths, url):
    return canonical(truths[url].story)


def test_who_took_it_from_whom(told):
    """A copy was taken from the page that it was made from where its origin line names that page's site."""
    truths = by_address(build().truths)
    expected = {}
    for url, truth in truths.items():
        origin = truths[canonical(truth.reprint_of)] if truth.reprint_of else None
        names_it = origin is not None and fold(truth.origin) == fold(NAMES[origin.source].strip("《》"))
        expected[url] = canonical(origin.url) if names_it else None
    assert {url: row["taken_from"] for url, row in told.items()} == expected
    assert sum(url is not None for url in expected.values()) > 30


# Over time


@dataclass(frozen=True)
class Crawl:
    """What the archive holds after a crawl, and what that asked for."""

    data: Path
    runs: dict
    articles: dict
    asked: list
    missing: set
    revisions: dict
    stories: dict


@pytest.fixture(scope="module")
def over_time(province, run, query, tmp_path_factory):
    """Four crawls: the province's first, an hour later, all of it 40 days later when it has changed, 42 days later."""
    data = tmp_path_factory.mktemp("chapters") / "data"
    shutil.copytree(province, data)
    [row] = query(data, "select max(finished) as last from runs")
    first = datetime.fromisoformat(row["last"])
    crawls = [state(query, data, 0)]
    for days, *options in ((1 / 24, 2), (40, 3, "--again"), (42, 4)):
        [row] = query(data, "select max(id) as last from runs")
        moment = (first + timedelta(days=days)).isoformat()
        done = run("python", AT, moment, "--data", data, "demo", "--no-serve", "--chapter", *options)
        assert (done.returncode, done.stderr) == (0, "")
        crawls.append(state(query, data, row["last"]))
    return crawls


def state(query, data, before):
    runs = query(data, "select * from runs where id > ?", before)
    pages = query(data, "select url from pages where run_id > ? order by id", before)
    missing = query(
        data,
        "select articles.url from visits join articles on articles.id = article_id where missing_since is not null",
    )
    revisions = defaultdict(list)
    for row in query(data, "select url, fields from revisions join articles on articles.id = article_id order by 1"):
        revisions[row["url"]].append(json.loads(row["fields"]))
    return Crawl(
        data,
        {row["source"]: row for row in runs},
        {row["url"]: row for row in query(data, "select * from articles")},
        [row["url"] for row in pages],
        {row["url"] for row in missing},
        revisions,
        stories(query, data),
    )


def brought(crawl, column):
    return sum(row[column] for row in crawl.runs.values())


def of_articles(crawl):
    """The requests for pages of articles, wherever they led."""
    known = {canonical(url) for chapter in CHAPTERS for url in build(chapter).truths}
    return [url for url in crawl.asked if canonical(url) in known]


def test_an_unchanged_province_brings_nothing_new(over_time):
    first, second, *_ = over_time
    assert (brought(second, "new"), brought(second, "changed")) == (0, 0)
    assert not any(json.loads(row["stats"]).get("run/wrong") for row in second.runs.values())
    assert {url: row["version"] for url, row in second.articles.items()} == dict.fromkeys(first.articles, 1)
    assert second.stories == first.stories


def test_a_second_crawl_asks_for_next_to_no_article(over_time):
    first, second, *_ = over_time
    assert len(of_articles(first)) >= len(first.articles)
    assert len(of_articles(second)) <= 0.05 * len(of_articles(first))


def test_exactly_the_edited_articles_have_a_second_version(over_time):
    _, _, third, fourth = over_time
    fates = by_address(build(3).fates)
    changed = {url for url, fate in fates.items() if fate.kind == "changed"}
    for crawl in (third, fourth):
        assert {url for url, row in crawl.articles.items() if row["version"] > 1} == changed
        assert {row["version"] for row in crawl.articles.values()} == {1, 2}
    assert brought(third, "changed") == len(changed)
    # The others were asked for as well, and found unchanged whatever furniture stands around them.
    begun = min(row["started"] for row in third.runs.values())
    seen = {url for url, row in third.articles.items() if row["last_fetched"] >= begun}
    assert seen == {url for url, fate in fates.items() if fate.kind != "gone"}
    assert (brought(fourth, "changed"), brought(fourth, "new")) == (0, 0)


def test_a_revision_has_what_stood_there(over_time):
    third = over_time[2]
    for url, fate in by_address(build(3).fates).items():
        if fate.kind != "changed":
            continue
        [former] = third.revisions[url]
        for name, before, now in fate.fields:
            column = COLUMNS.get(name, name)
            found = former[column], third.articles[url][column]
            if isinstance(before, tuple):
                found = tuple(tuple(json.loads(value)) for value in found)
            assert found == (before, now), (url, name)


def test_the_difference_tells_what_was_edited_and_no_more(over_time):
    last = over_time[-1]
    db = open_archive(last.data)
    for url, fate in by_address(build(3).fates).items():
        if fate.kind == "changed":
            former, latter = history(db, last.articles[url]["id"])
            told = {each.field: each.changes for each in differences(former.fields, latter.fields)}
            assert set(told) == {name for name, *_ in fate.fields} - {"roles"}, url
            text = former.fields["text"]
            assert apply(text, told.get("text", ())) == latter.fields["text"]
            assert former.place != latter.place
    db.close()


def test_new_articles_come_in_and_join_their_stories(over_time):
    third = over_time[2]
    new = {url for url, fate in by_address(build(3).fates).items() if fate.kind == "new"}
    assert set(third.articles) - set(over_time[1].articles) == new
    truths = by_address(build().truths | build(3).truths)
    found = groups((url, row["story_id"]) for url, row in third.stories.items())
    assert found == groups((url, truth.story) for url, truth in truths.items())
    kinds = by_address(build(3).truths)
    assert {url: row["kind"] for url, row in third.stories.items() if url in kinds} == {
        url: truth.kind for url, truth in kinds.items()
    }


def test_what_is_deleted_is_gone_only_after_a_second_look(over_time):
    first, _, third, fourth = over_time
    third_gone, gone = (
        {url for url, fate in by_address(build(chapter).fates).items() if fate.kind == "gone"} for chapter in (3, 4)
    )
    assert third.missing == third_gone
    assert {url for url, row in third.articles.items() if row["gone_at"]} == set()
    assert {url for url, row in fourth.articles.items() if row["gone_at"]} == gone
    assert third_gone > gone
    fates = by_address(build(4).fates)
    for url in gone:
        assert fourth.articles[url]["gone_evidence"].startswith(f"{TOLD[fates[url].how]} at 20")
        assert fourth.articles[url]["text"] == first.articles[url]["text"]


def test_a_page_that_came_back_was_never_gone(over_time):
    third, fourth = over_time[2:]
    [back] = third.missing - fourth.missing
    assert build(3).fates[back].kind == "gone"
    assert build(4).fates[back].kind == "unchanged"
    assert fourth.articles[back]["gone_at"] is None


def test_the_last_crawl_asks_for_little_more_than_what_was_missing(over_time):
    asked = {canonical(url) for url in of_articles(over_time[3])}
    assert over_time[2].missing <= asked
    assert len(asked) <= 0.05 * len(of_articles(over_time[0]))


def test_the_order_in_which_chapters_are_imported_does_not_matter(over_time, zhaoshang, query, tmp_path):
    """Some dates stand in the feed of the first chapter alone; the third edits two articles."""
    first, _, third, _ = sorted((over_time[-1].data / "warc").glob("*-minjiang.warc.gz"))
    for file in (third, first):
        assert zhaoshang("import", file, data=tmp_path).returncode == 0
    crawled, imported = (histories(query, data) for data in (over_time[-1].data, tmp_path))
    assert imported == crawled
    assert sorted(len(versions) for versions in imported.values())[-3:] == [1, 2, 2]
    assert all(row["published"] for row in query(tmp_path, "select published from articles"))


def histories(query, data):
    """Of each article of one source, its versions: what they say, and when they were read."""
    ids = query(data, "select id, url from articles where source = 'minjiang'")
    db = open_archive(data)
    told = {row["url"]: [(each.number, each.fetched_at, each.fields) for each in history(db, row["id"])] for row in ids}
    db.close()
    return told


@pytest.mark.long
def test_the_archive_of_four_crawls_comes_out_of_its_warc_files_again(over_time, zhaoshang):
    """Ids, versions, deletions, second addresses, what was asked for when: all of it as it was."""
    done = zhaoshang("rebuild", data=over_time[-1].data)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert re.fullmatch(rf"{len(over_time[-1].articles)} articles out of [\d,]+ pages in 44 WARC files", first)
    assert second == "the same as archive.db"
