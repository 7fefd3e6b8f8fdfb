"""Golden pages come out field by field, any page comes out somehow, and a wrong source file says what to mend."""

import tomllib
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import Article
from crawler.kept import Kept, page
from crawler.loader import hosts
from crawler.stages import apply_reading_stages
from pipelines.check import fault
from pipelines.text.bylines import signed
from pipelines.text.dates import find_date
from spiders import families, source
from spiders.families import REGISTRY
from spiders.reading.document import Document
from spiders.reading.links import declared
from spiders.reading.page import read_page
from spiders.reading.pictures import images_of
from spiders.reading.plain import is_plain
from spiders.reading.standards import RULES, said

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "pages").glob("*.toml"))
SOURCES = tomllib.loads((HERE / "cases/sources.toml").read_text(encoding="utf-8"))
LINKS = tomllib.loads((HERE / "cases/links.toml").read_text(encoding="utf-8"))
FETCHED = datetime(2026, 10, 2, tzinfo=UTC)
PROPERTY = settings(deadline=None, derandomize=True, max_examples=100)
REGIONS = {"region", "region_evidence", "mentions"}
NOT_COMPARED = {"source", "page", "repairs", "outcome"}


def by_label(cases):
    return [pytest.param(case, id=case["label"]) for case in cases]


# Golden pages


def page_of(golden):
    """The decoded page beside a golden file, and what is expected of it."""
    expected = tomllib.loads(golden.read_text(encoding="utf-8"))
    (kept,) = (path for path in golden.parent.glob(f"{golden.stem}.*") if path.suffix != ".toml")
    header = (("Content-Type", expected.get("header", "text/html; charset=utf-8")),)
    return page(Kept(expected["url"], kept.read_bytes(), FETCHED, headers=header)), expected


def spider_of(expected):
    """The family's spider, as a source file with these rules gives it; or that of the real source that is named."""
    if name := expected.get("source"):
        real = source.load_named([name])[name]
        return type("Golden", (REGISTRY[real.family],), {"name": name, "source": real})()
    rules = expected.get("select", {})
    select = {field: (found,) if isinstance(found, str) else tuple(found) for field, found in rules.items()}
    family = expected.get("family", "portal")
    golden = source.Source("golden", "tests", HERE, expected.get("name", ""), family, (), select=select)
    return type("Golden", (REGISTRY[family],), {"name": "golden", "source": golden})()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.stem)
def test_golden_page(golden):
    decoded, expected = page_of(golden)
    article = apply_reading_stages(spider_of(expected).article(decoded))
    assert decoded.charset == expected["charset"]
    found = {name: plain(value) for name, value in asdict(article).items() if name not in NOT_COMPARED and value}
    # A golden page tells where those fields came from that it is about.
    rules, told = found.pop("provenance", {}), expected["article"].pop("provenance", {})
    assert {field: rules.get(field) for field in told} == told
    # Where an article is at home is looked at in tests/test_regions.py; a page may tell it.
    found = {name: value for name, value in found.items() if name not in REGIONS or name in expected["article"]}
    assert found == expected["article"] | {"text": expected["article"]["text"].lstrip("\n")}
    assert len(article.repairs) == expected.get("repairs", 0)


FAMILY_RULES = {
    module.name: {rule for rules in getattr(found, "SELECT", {}).values() for rule in rules}
    for module in iter_modules(families.__path__)
    if hasattr(found := import_module(f"spiders.families.{module.name}"), "SELECT")
}
GOOD = {"raw_date": find_date, "raw_byline": signed}


@cache
def shown():
    """The rules that golden pages show: those that found a field there, and those that could have."""
    rules = set()
    for golden in GOLDEN:
        decoded, expected = page_of(golden)
        rules |= {rule.removeprefix("selector ") for rule in spider_of(expected).article(decoded).provenance.values()}
        if not is_plain(decoded):
            document = Document(decoded.text, decoded.url)
            values = said(document).values
            rules |= {rule for field in RULES for rule in RULES[field] if GOOD.get(field, str)(values.get(rule, ""))}
            rules |= {rule for rule in set().union(*FAMILY_RULES.values()) if document.text_at(rule)}
    return rules


@pytest.mark.parametrize(
    ("table", "rule"),
    [(table, rule) for table, rules in (RULES | FAMILY_RULES).items() for rule in sorted(rules)],
)
def test_every_rule_has_a_golden_page(table, rule):
    assert rule in shown(), f"no page in tests/pages shows what {rule} is in {table} for"


def plain(value):
    """A field as TOML can say it."""
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if part is not None}
    return [plain(part) for part in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", ["destroyed_paragraphs", "destroyed_body"])
def test_a_destroyed_article_is_kept(name):
    decoded, expected = page_of(HERE / f"pages/{name}.toml")
    article = apply_reading_stages(spider_of(expected).article(decoded))
    assert fault(article) is None
    assert article.damage > 100


@pytest.mark.parametrize("lost", ["?" * 40, "\ufffd" * 40, "锟斤拷" * 14], ids=["questions", "marks", "misread"])
def test_a_destroyed_paragraph_of_a_text_file_is_kept(lost):
    paragraphs = [
        "今年以来，全市签约项目28个，总投资过百亿元。",
        lost,
        "园区又有三家企业开工，都是年初谈下的项目。",
        lost,
    ]
    saved = page(Kept("file:///destroyed.txt", "\n".join(paragraphs).encode(), FETCHED))
    assert read_page(saved).text.split("\n") == paragraphs


def test_golden_pages_are_of_every_charset_family_and_reading():
    expected = [page_of(golden)[1] for golden in GOLDEN]
    assert {each["charset"] for each in expected} == {"gb18030", "big5", "utf-8"}
    assert {each.get("family", "portal") for each in expected} == set(source.FAMILIES) == set(REGISTRY)
    assert {each["article"]["reading"] for each in expected} == {"rules", "general", "text"}


# Any page


@PROPERTY
@given(st.sampled_from(GOLDEN), st.data())
def test_a_torn_page_is_read_somehow(golden, data):
    """A page cut off anywhere, with a piece missing."""
    whole, expected = page_of(golden)
    first, second, last = sorted(data.draw(st.integers(0, len(whole.text))) for _ in range(3))
    torn = whole.text[:first] + whole.text[second:last]
    article = apply_reading_stages(spider_of(expected).article(replace(whole, text=torn)))
    assert isinstance(article, Article)
    assert article.reading in ("rules", "general", "text")


TAGS = st.sampled_from(
    [
        f"<{slash}{tag}>"
        for tag in "html body div p table tr td ul li h1 br b font article figcaption rt".split()
        for slash in ("", "/")
    ]
)
ODD = st.sampled_from(
    [
        '<link rel="canonical" href="http://www.example:${port}/c/7654321.htm">',
        '<a href="http://[">链接</a>',
        '<img src="http://[::1"><img data-src="/1.jpg">',
        '<meta name="pubdate" content="2024-02-30"><meta property="og:title">',
        '<script type="application/ld+json">[{"datePublished": ["2024"]}, 7, null]</script>',
        '<script type="application/ld+json">{"datePublished": {"@value": 2024}}</script>',
        '<script type="application/ld+json">{"@graph": 7, "headline": [], "author": [{"name": {}}, ["石㛃"]]}</script>',
        '<time datetime="2024-09-04">刚刚</time><i itemprop="author"></i><h1>\x85\x85\x85\x85</h1>',
        "<!--enpproperty <date>昨日</date><title></title> /enpproperty-->",
        '<p class="caption"><span class="caption">图片说明。</span></p>',
        "<!-- 未完的注释",
        "今年以来，全市签约项目28个，总投资过百亿元。",
        "2024年9月4日　来源：红岸网",
        "相关新闻",
        "原标题：",
        "——",
        "长(cháng)" * 5,
    ]
)  # fmt: skip


@PROPERTY
@given(st.lists(TAGS | ODD, max_size=40).map("".join))
def test_any_tags_are_read_somehow(html):
    decoded = page(Kept("http://www.example/c/7654321.htm", f"<html>{html}".encode(), FETCHED))
    select = {"body": ("div", "article"), "title": ("h1",), "drop": ("b",), "caption": ("p.caption",)}
    for rules in ({}, select):
        article = apply_reading_stages(read_page(decoded, rules))
        assert "<" not in article.text
        assert article.url == "http://www.example/c/7654321.htm"


@pytest.mark.parametrize("tag", ["div", "font", "td", "b", "span"])
def test_deep_nesting_is_read(tag):
    """Deeper than any recursion goes: templates that open an element a paragraph and close none."""
    sentence = "今年以来，全市新签约亿元以上项目二十八个，总投资过百亿元。"
    html = f"<html><body>{f'<{tag}>' * 5000}<p>{sentence}</p><p>{sentence[4:]}</p></body></html>"
    decoded = page(Kept("http://www.example/1.htm", html.encode(), FETCHED))
    assert read_page(decoded).text == f"{sentence}\n{sentence[4:]}"


def test_a_page_without_an_article_has_no_text():
    html = "<html><body><ul><li><a href='/1'>首页</a></li><li><a href='/2'>登录</a></li></ul></body></html>"
    decoded = page(Kept("http://www.example/1.htm", html.encode(), FETCHED))
    assert read_page(decoded).text == ""


def test_an_address_of_digits_costs_little(grows_evenly):
    grows_evenly(
        lambda link: declared("http://a.example/7654321.htm", link),
        lambda size: f"http://a.example/{'68' * size}x{'68' * size}x1.htm",
        2000,
    )


def test_a_page_that_is_one_line_of_head_and_body_is_all_body():
    line = f"2024年9月4日 来源：红岸网 责任编辑：单以澄 {SENTENCE * 4}"
    assert read_page(page(Kept("http://www.example/1.htm", f"<body>{line}".encode(), FETCHED))).text == line


def test_what_is_no_element_says_nothing():
    """`<?xml:namespace …>` is a comment for the parser, and `<?span …>` has no tag at all."""
    html = f"<p><?span style=x ?>{SENTENCE}</p><!--x--><p><?xml:namespace prefix = o ?>{SENTENCE[4:]}</p>"
    article = read_page(page(Kept("http://www.example/1.htm", html.encode(), FETCHED)))
    assert article.text == f"{SENTENCE}\n{SENTENCE[4:]}"


SENTENCE = "今年以来，全市新签约亿元以上项目二十八个，总投资过百亿元。"
BODY = f"<p>{SENTENCE}</p><p>{SENTENCE[4:]}</p>"
HOSTILE = {
    "a list in each list": (8000, lambda n: "<ul><li>" * n + BODY),
    "a division a sentence": (1000, lambda n: f"<div>{SENTENCE}" * n),
    "a table in each cell": (500, lambda n: f"<table><tr><td>{SENTENCE}</td><td>" * n + SENTENCE),
    "a headline in each headline": (1000, lambda n: "<h1><div>招商大会x" * n + BODY),
    "a link in each link": (2000, lambda n: "<a href=/1><b><i>" * n + BODY),
    "a caption in each caption": (1000, lambda n: BODY + "<img src=1.jpg>" + "<div class=caption>图" * n),
    "dates for a date": (5000, lambda n: f"<meta name=pubdate content='{'9月4日' * n}'>{BODY}"),
    "roles for an author": (5000, lambda n: f"<meta name=author content='{'特约' * n}'>{BODY}"),
    "blanks for an editor": (5000, lambda n: f"<div class=edit>编辑{'　' * n}x</div>{BODY}"),
    "marks for a keyword": (5000, lambda n: f"<meta name=keywords content='{'招商,' * n}'>{BODY}"),
    "ids for a date": (2000, lambda n: "<i id=pubtime_baidu>9月4日</i>" * n + BODY),
    "graphs in linked data": (
        2000,
        lambda n: f'<script type="application/ld+json">{{"@graph": [{"{}," * n} {{}}]}}</script>{BODY}',
    ),
    "questions of speakers": (2000, lambda n: BODY + "<p>记者：为什么？</p><p>单某：" * n),
    "posts without a name": (2000, lambda n: "posted @ 1" * n + BODY + f"<p>由{'招' * n}发表"),
    "crumbs without an end": (2000, lambda n: f"<p>当前位置：{'首页&gt;' * n}</p>{BODY}"),
    "blanks behind a label": (5000, lambda n: f"{BODY}<p>来源{'　' * n}x"),
    "dots without an end": (8000, lambda n: f"{'招商' * 30}{'…' * n}x\n{SENTENCE}"),
}


@pytest.mark.parametrize("label", HOSTILE)
def test_reading_time_grows_with_the_page(label, grows_evenly):
    size, build = HOSTILE[label]

    def decoded(times):
        return page(Kept("http://www.example/1.htm", build(times).encode(), FETCHED))

    grows_evenly(lambda page: apply_reading_stages(read_page(page)), decoded, size)


# Pictures


@pytest.mark.parametrize(
    ("html", "images"),
    [
        ("<img src=0.gif><p>文</p><img src=2.jpg><p class=caption>图二</p>", [("0.gif", None), ("2.jpg", "图二")]),
        (
            "<img src=1.jpg><img src=2.jpg><p class=caption>图一</p><p class=caption>图二</p><img src=3.jpg>",
            [("1.jpg", "图一"), ("2.jpg", "图二"), ("3.jpg", None)],
        ),
        ("<img src=1.jpg><p class=caption>图一</p><p class=caption>图二</p>", [("1.jpg", "图一"), (None, "图二")]),
        ("<img src=1.jpg><p class=caption>图<b class=caption>一</b></p>", [("1.jpg", "图一")]),
    ],
)
def test_captions(html, images):
    base = "http://www.example/"
    document = Document(html, base)
    found = images_of(document.media, base)
    assert [(image.url and image.url.removeprefix(base), image.caption) for image in found] == images


@pytest.mark.parametrize(
    ("href", "base"),
    [
        ("/photo/", "http://www.example/photo/"),
        ("//img.example/", "http://img.example/"),
        ("javascript:", "http://www.example/a/1.htm"),
    ],
)
@pytest.mark.parametrize("select", [{}, {"body": ("div",)}], ids=["general", "rules"])
def test_pictures_start_from_the_base_element(href, base, select):
    html = f"<html><head><base href='{href}'></head><body><div>{BODY}<img src='1.jpg'></div></body></html>"
    decoded = page(Kept("http://www.example/a/1.htm", html.encode(), FETCHED))
    assert [image.url for image in read_page(decoded, select).images] == [urljoin(base, "1.jpg")]


# Selectors


@pytest.mark.parametrize(
    ("shown", "raw", "where"),
    [
        ("2024-09-05", "2024-09-05", "selector span.when"),
        ("阅读 12", "2024-09-04 08:05", "meta pubdate"),
        ("09-05 10:00", "2024-09-04 08:05", "meta pubdate"),
        ("", "2024-09-04 08:05", "meta pubdate"),
    ],
)
def test_selected_date(shown, raw, where):
    html = f"<meta name=pubdate content='2024-09-04 08:05'><span class=when>{shown}</span>{BODY}"
    article = read_page(page(Kept("http://www.example/1.htm", html.encode(), FETCHED)), {"date": ("span.when",)})
    assert (article.raw_date, article.provenance["raw_date"]) == (raw, where)


def test_an_empty_element_leaves_the_word_to_the_next_selector():
    kept = page(Kept("http://www.example/1.htm", f"<b class=by> </b><i class=by>覃绍安</i>{BODY}".encode(), FETCHED))
    article = read_page(kept, {"authors": ("u.by", "b.by", "i.by")})
    assert (article.raw_byline, article.provenance["raw_byline"]) == ("覃绍安", "selector i.by")


# Addresses


@pytest.mark.parametrize("case", by_label(LINKS["declared"]))
def test_declared(case):
    assert declared(case["before"], case["link"]) == case["after"]


# Source files

GOOD = {
    "name": 'name = "红岸网"',
    "family": 'family = "portal"',
    "start": 'start = ["http://www.hongan.example/zhaoshang/index.html"]',
    "select.list": 'select.list = "ul.news-list a"',
}


def write(folder, name="hongan.toml", changed=(), text=None, codec="utf-8"):
    """A source file in a province: a good one with some lines changed or, where only a key is given, left out."""
    lines = GOOD | {line.partition(" = ")[0]: line for line in changed}
    if any(line.startswith("select =") for line in changed):
        del lines["select.list"]
    good = "\n".join(line for line in lines.values() if " = " in line)
    path = folder / "hunan" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((good if text is None else text).encode(codec))
    return path


@pytest.mark.parametrize("case", by_label(SOURCES["case"]))
def test_wrong_source_file(case, tmp_path):
    file = case.get("file", "hongan.toml")
    path = write(tmp_path, file, case["changed"])
    with pytest.raises(source.SourceError) as error:
        source.load(path)
    assert str(error.value) == f"{path}: {case['message']}"
    with pytest.raises(source.SourceError, match=file):
        source.load_all(tmp_path)


@pytest.mark.parametrize("case", by_label(SOURCES["unreadable"]))
def test_unreadable_source_file(case, tmp_path):
    path = write(tmp_path, text=case["text"], codec=case.get("codec", "utf-8"))
    with pytest.raises(source.SourceError) as error:
        source.load(path)
    assert str(error.value).startswith(f"{path}: not readable as TOML: ")
    assert "\n" not in str(error.value)


def test_least_source_file(tmp_path):
    path = write(tmp_path)
    assert source.load_all(tmp_path) == {
        "hongan": source.Source(
            id="hongan",
            province="hunan",
            path=path,
            name="红岸网",
            family="portal",
            start=("http://www.hongan.example/zhaoshang/index.html",),
            every=timedelta(days=1),
            select={"list": ("ul.news-list a",)},
            polite={"delay": 1.0, "concurrency": 1},
            expect={},
        )
    }


def test_full_source_file(tmp_path):
    changed = [
        'every = "30m"', 'region = "430300"', "verified = true", "issues = 4", "polite.delay = 2",
        "expect.articles = 84", 'select.body = ["article", "#content"]', 'hosts = ["img.hongan.example"]',
    ]  # fmt: skip
    found = source.load(write(tmp_path, changed=changed))
    assert (found.every, found.region, found.verified, found.issues) == (timedelta(minutes=30), "430300", True, 4)
    assert found.polite == {"delay": 2.0, "concurrency": 1}
    assert found.expect == {"articles": 84}
    assert found.select["body"] == ("article", "#content")
    assert hosts(found) == ["img.hongan.example", "www.hongan.example"]


def test_an_id_stands_once(tmp_path):
    first = write(tmp_path)
    second = tmp_path / "gansu/hongan.toml"
    second.parent.mkdir()
    second.write_bytes(first.read_bytes())
    with pytest.raises(source.SourceError) as error:
        source.load_all(tmp_path)
    assert str(error.value) == f"{first}: the id hongan is taken by {second}; rename one file"


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "hunan/nowhere.toml"
    with pytest.raises(source.SourceError, match=r"nowhere\.toml: not readable as TOML"):
        source.load(path)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hongann", "did you mean hongan?"),
        ("hogan", "did you mean hongan?"),
        ("sanxia", "`zhaoshang sources list` shows them all"),
    ],
)
def test_unknown_source(name, hint, tmp_path):
    write(tmp_path)
    with pytest.raises(source.UnknownSourceError) as error:
        source.load_named([name], tmp_path)
    assert str(error.value) == f"unknown source {name}: {hint}"


def test_a_broken_issue_of_many_days_is_refused_at_once(tmp_path, grows_evenly):
    """Three signs of percent in each: that each might be the one that counts took three times as long with each day."""

    def load(issue):
        with pytest.raises(source.SourceError, match="issue: "):
            source.load(write(tmp_path, changed=[f'issue = "{issue}"']))

    grows_evenly(load, lambda size: "http://a.example/" + "{date:%Y%m/%d}" * size + "{", 100)


def test_a_broken_file_does_not_spoil_the_others(tmp_path):
    write(tmp_path)
    write(tmp_path, "broken.toml", text="name =")
    assert list(source.load_named(["hongan"], tmp_path)) == ["hongan"]
    with pytest.raises(source.SourceError, match=r"broken\.toml"):
        source.load_named(["broken"], tmp_path)


def test_every_shipped_source_is_good():
    sources = source.load_all()
    assert {"hongan", "jinhe", "chanye", "xiangyue", "shangqiao", "juxun"} <= set(sources)
    assert all(each.is_sample == (each.path.parent.name == source.SAMPLE) for each in sources.values())
