"""The registry of real sources is whole; `sources new` drafts a file from one page, `check --online` tries sources."""

import re
import signal
import tomllib
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from archive.regions import name_of
from crawler import drafting, naming
from crawler.cli import main
from crawler.demo.province import build
from crawler.guessing import family_of
from crawler.kept import Kept, UnreadableFileError, page
from spiders import source as registry
from spiders.families import REGISTRY

HERE = Path(__file__).parent
DRAFTS = tomllib.loads((HERE / "cases/drafts.toml").read_text(encoding="utf-8"))["case"]
GOLDEN = sorted((HERE / "pages").glob("*.toml"))
DOCUMENT = HERE.parent / "docs/sources.md"
REAL = {name: source for name, source in registry.load_all().items() if not source.is_sample}


# The registry


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_there_are_as_many_real_sources_as_the_documents_say(document):
    """The first that a change log says is the newest."""
    text = (HERE.parent / document).read_text(encoding="utf-8")
    said = re.search(r"(\d+) real newspapers[^.]*?(\d+)\s+provinces", text)
    assert said, f"{document} says how many"
    provinces = {source.province for source in REAL.values()} - {"national"}
    assert (int(said[1]), int(said[2])) == (len(REAL), len(provinces))


def test_each_family_has_a_real_source():
    assert {source.family for source in REAL.values()} == set(REGISTRY)


def test_no_address_is_crawled_twice():
    times = Counter(url for source in REAL.values() for url in source.start)
    assert [url for url in times if times[url] > 1] == []


@pytest.mark.parametrize("source", REAL.values(), ids=REAL)
def test_real_source(source):
    text = source.path.read_text(encoding="utf-8")
    assert text.startswith("# "), "what is peculiar about the site stands on top"
    assert max(map(len, text.splitlines())) <= 120
    assert source.polite["delay"] >= 1
    folder = naming.PROVINCES[source.region[:2]][0] if source.region else "national"
    assert source.province == folder


def rules(source):
    """What a source says of its articles' pages."""
    return {key: value for key, value in source.select.items() if key not in ("list", "next")}


RULED = [
    pytest.param(rules(source), selector, id=f"{source.id} {selector}")
    for source in {str(rules(source)): source for source in REAL.values()}.values()
    for selectors in rules(source).values()
    for selector in selectors
]
"""Each rule once, with those beside it: the channels of one site share theirs."""


@pytest.mark.parametrize(("beside", "selector"), RULED)
def test_a_golden_page_shows_what_a_rule_is_for(beside, selector):
    """One that names a source with these very rules, and has an element for this one."""
    golden = [tomllib.loads(path.read_text(encoding="utf-8")).get("source") for path in GOLDEN]
    pages = [path for path, name in zip(GOLDEN, golden, strict=True) if name and rules(REAL[name]) == beside]
    trees = [LexborHTMLParser(path.with_suffix(".html").read_bytes()) for path in pages]
    assert any(tree.css_first(selector) is not None for tree in trees)


def test_the_document_lists_the_registry():
    """docs/sources.md: one row for each real source."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (\w+) \| (.*?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [
        (source.id, source.name, source.family, name_of(source.region) if source.region else "全国")
        for source in REAL.values()
    ]


# Drafts


def drafted(case, folder):
    return drafting.draft(decoded(case), REAL, folder)


def decoded(case):
    """The page of a case, as it is fetched."""
    header = (("Content-Type", "text/html; charset=utf-8"),)
    return page(Kept(case["url"], case["html"].encode(), datetime(2026, 10, 2, tzinfo=UTC), headers=header))


@pytest.mark.parametrize("case", DRAFTS, ids=lambda case: case["label"])
def test_draft(case, tmp_path):
    found = drafted(case, tmp_path)
    made = found.source
    said = {"id": made.id, "province": made.province, "name": made.name, "family": made.family, "start": [*made.start]}
    expected = {key: case[key] for key in said}
    assert said == expected
    assert (made.region, made.issue, made.issues) == (case.get("region"), case.get("issue"), case.get("issues", 1))
    assert [*made.hosts] == case.get("hosts", [])
    assert {key: [*value] for key, value in made.select.items()} == case.get("select", {})
    assert not made.verified
    assert len(found.links) == case.get("links", 0)
    assert (found.article and found.article.title) == case.get("title")
    path = tmp_path / made.province / f"{made.id}.toml"
    path.parent.mkdir()
    path.write_text(found.toml, encoding="utf-8")
    assert registry.load(path) == made


@pytest.mark.parametrize(
    ("beside", "region"),
    [
        ({"a": "430300", "b": "430000"}, "430000"),
        ({"a": "620000", "b": "430000"}, None),
        ({"a": None, "b": "430000"}, None),
        ({}, None),
    ],
)
def test_sources_of_a_domain_hint_at_the_province_they_agree_on(beside, region):
    known = {
        name: registry.Source(name, "tests", Path(), name, "portal", (f"http://{name}.media.example/",), region=code)
        for name, code in beside.items()
    }
    here = page(Kept("http://c.media.example/", b"<html>", datetime(2026, 10, 2, tzinfo=UTC)))
    guess = naming.region_of(here, "c", known)
    assert (guess and guess.value) == region


def sampled(source):
    """Some articles of a sample site and its front page; that of an e-paper only leads on, which a fetch follows."""
    articles = [url for url, truth in build().truths.items() if truth.source == source.id][::7]
    for url in [*(source.start if source.family != "founder" else ()), *articles]:
        answer = build().answers.get(url)
        if answer and answer.status == 200:
            yield page(Kept(url, answer.body, datetime(2026, 10, 2, tzinfo=UTC), headers=answer.headers))


SAMPLES = {source.id: source for source in registry.load_all().values() if source.is_sample}


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES)
def test_sample_sites_are_of_the_family_that_is_guessed(source):
    """Articles that a feed leads to are a portal's: nothing in them is the feed's."""
    families = {family_of(each).value for each in sampled(source)}
    assert families == ({"feed", "portal"} if source.family == "feed" else {source.family})


def test_an_offered_feed_is_told(tmp_path):
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    found = drafted(DRAFTS[0] | {"html": link + DRAFTS[0]["html"]}, tmp_path)
    assert "could start: http://www.hekou.example/rss.xml\n" in found.toml


def test_what_is_given_is_not_guessed(tmp_path):
    found = drafting.draft(decoded(DRAFTS[0]), {}, tmp_path, id_="hk", name="河口报", province="yunnan")
    assert (found.source.path, found.source.name) == (tmp_path / "yunnan/hk.toml", "河口报")
    assert 'name = "河口报"\n' in found.toml


def test_a_page_without_anything_makes_no_source(tmp_path):
    with pytest.raises(UnreadableFileError, match="neither links to articles nor an article"):
        drafted({"url": "http://www.hekou.example/", "html": "<div id=app></div><script src=a.js></script>"}, tmp_path)


# `sources new`


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """A folder with saved pages, the current one."""
    monkeypatch.chdir(tmp_path)
    for number, case in enumerate(DRAFTS):
        (tmp_path / f"{number}.html").write_text(case["html"], encoding="utf-8")
    (tmp_path / "empty.html").touch()
    return tmp_path


def new(*arguments):
    return CliRunner().invoke(main, ["sources", "new", *map(str, arguments)])


@pytest.mark.usefixtures("saved")
def test_a_saved_page_becomes_a_source():
    told = new("0.html", "--url", DRAFTS[0]["url"], "-o", "hekou.toml")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.splitlines()[0] == "read    a list, 5 links to articles"
    assert told.stdout.splitlines()[-1] == "written hekou.toml"
    checked = CliRunner().invoke(main, ["sources", "check", "hekou.toml"])
    assert (checked.exit_code, checked.stdout) == (0, "1 source files are fine\n")


def test_a_source_goes_to_standard_output_alone(saved):
    told = new("0.html", "--url", DRAFTS[0]["url"], "-o", "-")
    assert told.exit_code == 0
    assert tomllib.loads(told.stdout)["name"] == "清波新闻网"
    assert told.stderr.startswith("read    a list")
    assert list(saved.glob("*.toml")) == []


def test_a_source_goes_where_crawls_find_it(saved, monkeypatch):
    monkeypatch.setattr(registry, "FOLDER", saved / "sources")
    told = new("1.html", "--url", DRAFTS[1]["url"])
    assert told.stdout.splitlines()[-1] == f"written {saved / 'sources/hunan/hekou.toml'}"


@pytest.mark.parametrize(
    "html",
    [
        "<!-- saved from url=(0042)http://www.hekou.example/c/2026/123401.html -->",
        "<link rel=canonical href=http://www.hekou.example/c/2026/123401.html>",
        "<meta property=og:url content=http://www.hekou.example/c/2026/123401.html>",
    ],
)
def test_a_saved_page_says_its_address(html, saved):
    (saved / "page.html").write_text(html + DRAFTS[4]["html"], encoding="utf-8")
    assert "# Drafted from http://www.hekou.example/c/2026/123401.html\n" in new("page.html", "-o", "-").stdout


CALLS = {
    "an address that is not said": (("0.html",), 2, "0.html does not say its address: give it with --url"),
    "no file and no address": (("www.hekou.example",), 2, "www.hekou.example: neither a file nor an address"),
    "an address of an address": (("http://a.example/", "--url", "http://b.example/"), 2, "--url is for saved pages"),
    "an empty file": (("empty.html", "--url", "http://a.example/"), 1, "empty.html: the file is empty"),
    "no id": (("0.html", "--url", "http://a.example/", "--id", "A-1"), 2, "'A-1' is no id"),
    "no folder": (("0.html", "--url", "http://a.example/", "--province", "../x"), 2, "'../x' is no folder"),
    "a taken id": (("0.html", "--url", "http://a.example/1.html", "--id", "hnrb"), 2, "the id hnrb is taken by"),
    "a known start": (("0.html", "--url", "https://xt.rednet.cn/"), 2, "rednet_xiangtan.toml starts at https://xt.red"),
    "a file that is there": (("0.html", "--url", "http://a.example/", "-o", "1.html"), 2, "1.html is there already"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_call_writes_nothing(call, saved):
    arguments, status, said = CALLS[call]
    before = {path: path.read_bytes() for path in saved.rglob("*")}
    told = new(*arguments)
    assert (told.exit_code, told.stdout) == (status, "")
    assert said in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in saved.rglob("*")} == before


def test_a_page_is_fetched_as_a_crawl_would(zhaoshang, site, tmp_path):
    """Through a proxy on loopback: refreshed to the list, robots.txt asked for, nothing kept."""
    address = DRAFTS[0]["url"]
    site.pages = {
        "http://www.hekou.example/": '<meta http-equiv="refresh" content="0; url=/zhaoshang/index.html">',
        address: DRAFTS[0]["html"],
    }
    told = zhaoshang("sources", "new", "http://www.hekou.example/", "-o", "a.toml", cwd=tmp_path, env=through(site))
    assert (told.returncode, told.stderr) == (0, "")
    assert registry.load(tmp_path / "a.toml").start == (address,)
    assert site.requests == ["http://www.hekou.example/robots.txt", "http://www.hekou.example/", address]
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


REFUSED = {
    "http://missing.example/": "no page: HTTP 404",
    "http://forbidden.example/": "no page: robots.txt forbids it",
    "http://shell.example/": "it refuses its content (shell)",
}


def test_a_page_that_does_not_come_is_one_line(zhaoshang, together, site, tmp_path):
    site.pages = {
        "http://forbidden.example/": DRAFTS[0]["html"],
        "http://forbidden.example/robots.txt": "User-agent: *\nDisallow: /\n",
        "http://shell.example/": "<html><body><div id=app></div><script src=/a.js></script></body></html>",
    }
    ask = partial(zhaoshang, "sources", "new", "-o", "a.toml", cwd=tmp_path, env=through(site))
    told = together(ask, REFUSED)
    assert [(done.returncode, done.stdout) for done in told] == [(1, "")] * len(REFUSED)
    assert [done.stderr for done in told] == [f"zhaoshang: {url}: {said}\n" for url, said in REFUSED.items()]
    assert list(tmp_path.iterdir()) == []


def through(site):
    """Everything goes through a site that stands in for a proxy: nothing gets out."""
    return {"http_proxy": site.address, "https_proxy": site.address}


# `sources check --online`


@pytest.fixture
def tried(tmp_path):
    """Write source files; those in `sample` are asked of the sample province."""

    def write(path, **changed):
        sample = (registry.FOLDER / "sample/hongan.toml").read_text(encoding="utf-8")
        for before, after in changed.values():
            assert before in sample
            sample = sample.replace(before, after)
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(sample, encoding="utf-8")
        return file

    return write


def rows(told):
    """The cells of the table, by source."""
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.stdout.splitlines() if "│" in line]
    return {row[0]: row[1:] for row in cells}


def test_sources_are_tried(zhaoshang, tried, tmp_path):
    files = [
        tried("sample/good.toml"),
        tried("sample/body.toml", body=("article.detail-article", "div.gone")),
        tried("sample/list.toml", list=("ul.news-list a", "ul.gone a")),
        tried("sample/missing.toml", start=("/zhaoshang/index.html", "/nowhere/index.html")),
        tried("sample/forbidden.toml", start=("/zhaoshang/index.html", "/neibu/index.html")),
        tried("hunan/broken.toml", family=('family = "portal"', 'family = "portla"')),
        tried("hunan/refused.toml", start=("http://www.hongan.example/zhaoshang", "http://127.0.0.1:9")),
    ]
    told = zhaoshang("sources", "check", "--online", *files, cwd=tmp_path)
    assert told.returncode == 1
    broken, summary = told.stderr.splitlines()
    assert broken.startswith(f"{files[-2]}: family: 'portla' is not one of")
    assert summary == "zhaoshang: 5 of 6 sources are not as their files say; 1 of 7 source files are broken"
    found = rows(told)
    lists, links, title, published, authors, reading, fault = found["good"]
    assert (lists, reading, fault) == ("1", "rules", "")
    assert int(links) > 0
    assert title
    assert published
    assert authors
    assert {name: row[-1] for name, row in found.items() if name != "good"} == {
        "body": "select.body matched nothing",
        "list": "select.list matched nothing",
        "missing": "no page: HTTP 404",
        "forbidden": "no page: robots.txt forbids it",
        "refused": "no page: DownloadConnectionRefusedError",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hunan", "sample"], "nothing is kept"


def test_articles_on_other_hosts_are_named(zhaoshang, site, tmp_path):
    site.pages = {
        "http://a.example/": "<ul class=l><li><a href='http://b.example/2026/1234567.html'>河口镇把闲置校舍改成电商仓</a></ul>"
    }
    file = tmp_path / "a.toml"
    file.write_text('name = "甲"\nfamily = "portal"\nstart = ["http://a.example/"]\nselect.list = "ul.l a"\n', "utf-8")
    told = zhaoshang("sources", "check", "--online", file, cwd=tmp_path, env=through(site))
    assert rows(told)["a"][-1] == "its articles lie on b.example: name that in `hosts`"
    assert site.requests == ["http://a.example/robots.txt", "http://a.example/"]


def test_interrupt(start, site, wait_until, tmp_path):
    file = tmp_path / "a.toml"
    starts = [f"http://a.example/{number}/" for number in range(100)]
    file.write_text(f'name = "甲"\nfamily = "portal"\nstart = {starts}\npolite.delay = 0.5\n', "utf-8")
    with start("zhaoshang", "sources", "check", "--online", file, cwd=tmp_path, env=through(site)) as process:
        wait_until(lambda: site.requests)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "stopped" in out
    assert err == "zhaoshang: stopped: 1 of 1 sources were not tried to the end\n"
    assert list(tmp_path.iterdir()) == [file]
