"""The sample province is what it says it is: its articles, its bytes and labels, its ways from list to article."""

import gzip
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from crawler.demo import sample
from crawler.demo.province import CHAPTERS, Province, Truth, build
from crawler.demo.server import SampleServer, main
from crawler.demo.sites import hongan, huaidong, xiangyue

SOURCES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent.parent / "spiders/sources/sample").glob("*.toml"))
}
WRITTEN = {
    "hongan": 89,
    "jinhe": 77,
    "chanye": 47,
    "xiangyue": 84,
    "shangqiao": 33,
    "chaopan": 29,
    "huaidong": 24,
    "sheyang": 23,
    "minjiang": 23,
    "luling": 30,
}
PUBLISHED = WRITTEN | {"chanye": 65, "juxun": 50}
CODECS = {"gb18030": "gb18030", "utf-8": "utf-8", "big5": "big5hkscs"}
HEADERS = {
    "hongan": "text/html; charset=utf-8",
    "jinhe": "text/html",
    "chanye": "text/html",
    "xiangyue": "text/html",
    "shangqiao": "text/html",
    "juxun": "text/html; charset=utf-8",
    "chaopan": "text/html; charset=GBK",
    "huaidong": "text/html",
    "sheyang": "text/html; charset=utf-8",
    "minjiang": "text/html; charset=utf-8",
    "luling": "text/html",
}
META_LABELS = {
    "hongan": {"gbk": 44, None: 45},
    "jinhe": {"GB2312": 77},
    "chanye": {"utf-8": 65},
    "xiangyue": {"utf-8": 84},
    "shangqiao": {"big5": 22, "gb2312": 11},
    "juxun": {"utf-8": 50},
    "chaopan": {"gbk": 29},
    "huaidong": {"GBK": 24},
    "sheyang": {"utf-8": 23},
    "minjiang": {"utf-8": 23},
    "luling": {"utf-8": 30},
}
PRECISIONS = {
    "hongan": {"minute", "day"},
    "jinhe": {"minute"},
    "chanye": {"day"},
    "xiangyue": {"day"},
    "shangqiao": {"month", "day", None},
    "juxun": {"day"},
    "chaopan": {"minute"},
    "huaidong": {"day"},
    "sheyang": {"minute", "day"},
    "minjiang": {"minute"},
    "luling": {"minute", "day"},
}
FILLERS = {"广告", "版权声明", "导读", "图片新闻", "中缝"}
# Where articles of the papers go on, and where they begin.
CONTINUED = {
    further: truth.url
    for paper in (xiangyue.PAPER, huaidong.PAPER)
    for article, truth in paper.listed(sample.load())
    if (further := paper.continuation(article))
}
BROKEN_ANNOTATION = re.compile(r"\?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)")


@pytest.fixture(scope="module")
def province() -> Province:
    return build()


def truths_of(source: str) -> list[Truth]:
    return [truth for truth in build().truths.values() if truth.source == source]


def html(url: str) -> str:
    """The page of a truth, or a further part of one, decoded without mercy."""
    return build().answers[url].body.decode(CODECS[build().truths[first_part(url)].charset])


def first_part(url: str) -> str:
    return url if url in build().truths else CONTINUED.get(url) or re.sub(r"_\w+(?=\.\w+$)", "", url)


def further_parts(url: str) -> list[str]:
    """The other pages that an article stands on."""
    return [other for other in build().answers if other != url and first_part(other) == url]


# The articles


def test_there_are_as_many_articles_as_planned():
    assert Counter(article.site for article in sample.load()) == WRITTEN
    assert sum(WRITTEN.values()) >= 300


@pytest.mark.parametrize("site", WRITTEN)
def test_articles_have_a_news_articles_length(site):
    lengths = {
        article.number: len(re.sub(r"\s", "", article.text)) for article in sample.load() if article.site == site
    }
    assert {number: length for number, length in lengths.items() if not 300 <= length <= 2500} == {}


def test_no_sentence_stands_twice():
    sentences = Counter(
        bare
        for article in sample.load(CHAPTERS[-1])
        if article.is_own
        for sentence in re.split(r"[。！？\n]", article.text)
        if len(bare := re.sub(r"\W", "", sentence)) >= 8
    )
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


# The pages


def test_every_build_is_the_same(province):
    assert build.__wrapped__() == province


@pytest.mark.parametrize("source", PUBLISHED)
def test_every_truth_is_on_its_page(source):
    truths = truths_of(source)
    assert len(truths) == PUBLISHED[source]
    for truth in truths:
        page = "".join(LexborHTMLParser(html(url)).text() for url in (truth.url, *further_parts(truth.url)))
        shown = [truth.title, *truth.text.replace(" | ", "\n").split("\n"), *truth.authors, *truth.captions]
        shown += filter(None, [truth.kicker, truth.subtitle, truth.original_title, truth.editor, truth.section])
        shown.append(truth.origin)
        # The newspaper's feature pages write names of two characters with a blank inside.
        page += re.sub(r"(?<=\w) (?=\w)", "", page)
        assert [part for part in shown if part not in page and not is_broken_by_a_turn(part, page)] == [], truth.url


def is_broken_by_a_turn(part: str, page: str) -> bool:
    """Whether the beginning of a line stands on a newspaper page before 下转, its end on another behind 上接."""
    turns = (re.escape(part[:place]) + "▶.*◀上接01版" + re.escape(part[place:]) for place in range(1, len(part)))
    return any(re.search(turn, page, re.DOTALL) for turn in turns)


@pytest.mark.parametrize("source", PUBLISHED)
def test_bytes_are_what_the_truth_says(source):
    for truth in truths_of(source):
        body = build().answers[truth.url].body
        assert body.decode(CODECS[truth.charset])
        assert is_utf8(body) == (truth.charset == "utf-8"), truth.url


@pytest.mark.parametrize("source", PUBLISHED)
def test_labels_lie_where_they_should(source):
    truths = truths_of(source)
    labels = {truth.url: meta_label(html(truth.url)) for truth in truths}
    assert Counter(labels.values()) == META_LABELS[source]
    for truth in truths:
        assert build().answers[truth.url].headers == (("Content-Type", HEADERS[source]),)
        label = labels[truth.url]
        lies = source == "hongan" or label == "gb2312" or (label == "utf-8" and truth.charset != "utf-8")
        assert truth.false_label == lies


def test_some_pages_need_more_than_gbk():
    for char in "㛃𬭎":
        assert any(char in truth.text for truth in truths_of("jinhe"))


@pytest.mark.parametrize("source", PUBLISHED)
def test_dates_are_as_precise_as_the_page(source):
    truths = truths_of(source)
    assert {truth.precision for truth in truths} == PRECISIONS[source]
    for truth in truths:
        assert (truth.published is None) == (truth.precision is None)
        assert truth.published is None or re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:00\+08:00", truth.published)
        assert truth.precision == "minute" or truth.published is None or "T00:00" in truth.published
    if source == "shangqiao":
        assert sum(truth.published is None for truth in truths) == 2
        assert sum(truth.precision == "month" for truth in truths) == 11


# The ways


@pytest.mark.parametrize("source", [name for name, source in SOURCES.items() if "next" in source.get("select", {})])
def test_lists_reach_every_truth(source, province):
    """By the selectors of the source file, as a crawl would go."""
    select = SOURCES[source]["select"]
    reached, todo, seen = set(), list(SOURCES[source]["start"]), set()
    while todo:
        url = todo.pop()
        seen.add(url)
        page = LexborHTMLParser(province.answers[url].body.decode(CODECS[truths_of(source)[0].charset]))
        reached |= set(links(page, select["list"], url))
        todo += set(links(page, select["next"], url)) - seen
    wanted = {truth.url for truth in truths_of(source)}
    assert wanted <= reached
    assert 0.95 * len(wanted) <= SOURCES[source]["expect"]["articles"] <= len(wanted)
    assert len(seen) == -(-len(wanted | reached) // {"hongan": 15, "shangqiao": 12}.get(source, 20))


def test_the_paper_is_reached_from_its_entry(province):
    (start,) = SOURCES["xiangyue"]["start"]
    target = re.search(r'URL=([^"]+)', province.answers[start].body.decode())[1]
    issues, articles, pages, fillers, map_only = [urljoin(start, target)], set(), 0, Counter(), 0
    for first in issues:
        front = LexborHTMLParser(province.answers[first].body.decode())
        before = set()
        for url in links(front, "#layer434 a#pageLink", first):
            page = LexborHTMLParser(province.answers[url].body.decode())
            before |= {urljoin(url, node.attributes["href"]) for node in page.css("a.preq") if node.text() == "上一期"}
            found = set(links(page, "map area", url))
            assert set(links(page, "div#titleList a", url)) in (found, set())
            map_only += not page.css("div#titleList")
            articles |= found
            pages += 1
            fillers.update(node.text() for node in page.css("div#titleList a") if node.text() in FILLERS)
        assert len(before) <= 1
        issues += before
    wanted = {truth.url for truth in truths_of("xiangyue")}
    paper = xiangyue.PAPER
    dead = paper.dead_links(sample.load())
    assert len(issues) == SOURCES["xiangyue"]["issues"]
    assert pages == len(issues) * len(paper.pages)
    assert wanted < articles
    assert (map_only, fillers["中缝"]) == (1, len(issues))
    # The filler of the page without a list is seen on its picture's map alone.
    extra = articles - wanted - {url for url in CONTINUED if "xiangyue" in url} - dead
    assert len(extra) == sum(fillers.values()) + 1 == len(issues) * sum(map(len, paper.fillers.values()))
    assert dead < articles
    assert not dead & set(province.answers)
    assert all(province.answers[url] == province.answers[url.removesuffix("?div=-1")] for url in articles - dead)


def test_the_papers_comment_holds_its_metadata():
    for truth in truths_of("xiangyue"):
        comment = html(truth.url).partition("<!--enpproperty")[2]
        assert f"<founder-title>{truth.title}</founder-title>" in comment
        assert f"<founder-author>{' '.join(truth.authors)}</founder-author>" in comment
        assert "<founder-type>1</founder-type>" in comment


@pytest.mark.parametrize("source", ["hongan", "jinhe", "shangqiao"])
@pytest.mark.parametrize("field", ["title", "kicker", "subtitle", "section", "caption"])
def test_selectors_find_the_field(source, field):
    for truth in truths_of(source):
        found = [
            node.text().strip().removeprefix("——")
            for node in LexborHTMLParser(html(truth.url)).css(SOURCES[source]["select"][field])
        ]
        expected = list(truth.captions) if field == "caption" else [value for value in [getattr(truth, field)] if value]
        assert found == expected, truth.url


@pytest.mark.parametrize("source", ["hongan", "jinhe", "shangqiao"])
def test_selectors_find_one_body_with_the_whole_text(source):
    for truth in truths_of(source):
        (body,) = LexborHTMLParser(html(truth.url)).css(SOURCES[source]["select"]["body"])
        assert all(line in body.text() for line in truth.text.replace(" | ", "\n").split("\n"))


def test_hongans_lists_lead_astray_as_planned(province):
    lists = [answer for url, answer in province.answers.items() if "hongan" in url and "/zhaoshang/index" in url]
    listed = [
        urljoin(hongan.START, node.attributes["href"])
        for answer in lists
        for node in LexborHTMLParser(answer.body.decode("gbk")).css("ul.news-list a")
    ]
    astray = [url for url in listed if url not in province.truths]
    moved = [url for url in astray if url in province.answers and province.answers[url].status == 301]
    assert len(moved) == 3
    assert {dict(province.answers[url].headers)["Location"] for url in moved} <= set(province.truths)
    assert [url for url in astray if url not in province.answers] == list(hongan.GONE)
    assert sum("/m/" in url and province.answers[url].status == 200 for url in astray) == 2
    assert hongan.FORBIDDEN in astray
    assert len(astray) == 8


def test_every_host_has_robots(province):
    hosts = {urlsplit(url).hostname for url in province.answers}
    assert len(hosts) == len(SOURCES)
    assert all(f"http://{host}/robots.txt" in province.answers for host in hosts)
    assert b"Disallow: /neibu/" in province.answers["http://www.hongan.example/robots.txt"].body


# Copies


def test_reprints_are_letter_for_letter_and_later(province):
    reprints = [truth for truth in truths_of("chanye") if truth.reprint_of and truth.kind == "same"]
    assert Counter(truth.origin for truth in reprints) == {"红岸网": 12, "湘岳日报": 6}
    for truth in reprints:
        original = province.truths[truth.reprint_of]
        assert (truth.title, truth.text) == (original.title, original.text)
        assert truth.published > original.published


def test_the_mirror_copies_and_pollutes(province):
    copies = truths_of("juxun")
    assert Counter(province.truths[copy.reprint_of].source for copy in copies) == {"hongan": 40, "jinhe": 10}
    assert all(copy.polluted == (copy.text != copy.clean_text) for copy in copies)
    annotated = [copy for copy in copies if re.search(r"[業產務進發]\([a-zàǎù]+", copy.text)]
    slipped = [copy for copy in copies if "?！" in copy.text or "?!" in copy.text]
    assert (len(annotated), len(slipped), sum(not copy.polluted for copy in copies)) == (35, 10, 5)
    assert sum(bool(BROKEN_ANNOTATION.search(copy.text)) for copy in annotated) >= 5
    assert all(copy.text.count("\n") == copy.clean_text.count("\n") for copy in copies)


# The server


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer() as running:
        yield running


@contextmanager
def connection(server: SampleServer) -> Iterator[HTTPConnection]:
    parts = urlsplit(server.address)
    client = HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        yield client
    finally:
        client.close()


def ask(
    client: HTTPConnection, url: str, *, method: str = "GET", proxy: bool = True, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    target = url if proxy else url.partition(parts.netloc)[2]
    client.request(method, target, headers={"Host": parts.netloc, **headers})
    response = client.getresponse()
    return response.status, dict(response.getheaders()), response.read()


def test_proxy_form_and_host_form_answer_alike(server, province):
    urls = [*list(province.truths)[::40], hongan.START, SOURCES["xiangyue"]["start"][0]]
    with connection(server) as client:
        for url in urls:
            if url in province.recovering:
                continue
            by_proxy, by_host = ask(client, url), ask(client, url, proxy=False)
            assert by_proxy[::2] == by_host[::2] == (200, province.answers[url].body)
        assert server.requests == [url for url in urls for _ in range(2)]


def test_overloaded_addresses_recover(server, province):
    assert len(province.recovering) == 2
    with connection(server) as client:
        for url in province.recovering:
            status, headers, _ = ask(client, url)
            assert (status, headers["Retry-After"]) == (503, "0")
            assert ask(client, url)[0] == 200


def test_redirects_and_missing_pages(server):
    with connection(server) as client:
        status, headers, body = ask(client, "http://gs.jinhe.example/")
        assert (status, headers["Location"], body) == (302, "http://gs.jinhe.example/GB/index.html", b"")
        for url in (hongan.GONE[0], "http://nowhere.example/"):
            status, headers, body = ask(client, url)
            assert status == 404
            assert "页面没有找到" in body.decode()
            assert headers["Content-Length"] == str(len(body))


def test_head_has_no_body(server):
    with connection(server) as client:
        length = ask(client, hongan.START)[1]["Content-Length"]
        status, headers, body = ask(client, hongan.START, method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, length, b"")


def test_one_site_is_compressed_for_those_who_accept_it(server, province):
    (url,) = SOURCES["chanye"]["start"]
    with connection(server) as client:
        _, headers, body = ask(client, url, **{"Accept-Encoding": "gzip, deflate"})
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == province.answers[url].body
        assert "Content-Encoding" not in ask(client, url)[1]
        assert "Content-Encoding" not in ask(client, hongan.START, **{"Accept-Encoding": "gzip"})[1]


def test_a_port_in_use_is_told(server):
    port = urlsplit(server.address).port
    with pytest.raises(OSError, match="in use"):
        SampleServer(port)
    told = CliRunner().invoke(main, [str(port)])
    assert told.exit_code == 1
    assert str(port) in told.output
    assert "Traceback" not in told.output


# Helpers


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def meta_label(page: str) -> str | None:
    match = re.search(r"""<meta [^>]*charset=["']?([\w-]+)""", page)
    return match and match[1]


def links(page: LexborHTMLParser, selector: str, base: str) -> list[str]:
    return [urljoin(base, node.attributes["href"]) for node in page.css(selector)]
