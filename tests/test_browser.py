"""The site in a real browser, as journalists have it: at a desk and on a phone, by keyboard, in both languages.

Skipped where there is no chromium; `.ci/run` installs Debian's.
"""

import re
import shutil
import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SERIOUS = ("serious", "critical")
# Behind the outlook of what an archive holds: an article with repairs, one with versions, a story with many copies.
REPAIRED = "select article_id as id from repairs group by 1 order by count(*) desc, 1 limit 1"
TOLD_BY_MANY = "select id from stories order by copies desc, id limit 1"

PLANTED = """<html><head><title>混入脚本的网页</title>
<meta http-equiv="refresh" content="0;url=http://stranger.example/">
<script>parent.document.title = document.title = '脚本运行了'; alert(1)</script>
</head><body onload="alert(2)"><h1>混入脚本的网页</h1>{body}
<img src="http://stranger.example/x.gif" onerror="alert(3)"><a href="javascript:alert(4)">这里</a>
<iframe src="http://stranger.example/"></iframe><svg onload="alert(5)"></svg>
<form action="http://stranger.example/"><input autofocus onfocus="alert(6)"></form>
</body></html>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def address(start, province, tmp_path_factory, wait_until, zhaoshang):
    """The sample province served, with one page of a stranger imported whose scripts would tell that they ran."""
    data = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(province, data)
    planted = data.parent / "planted.html"
    body = "<p>安化县招商引资座谈会上，一段脚本混进了网页，读者看到的应当只是文字。</p>" * 9
    script = "<script>parent.document.title = document.title = '脚本运行了'; alert(1)</script>"
    planted.write_text(
        f"<html><head><title>混入脚本的网页</title></head><body><h1>混入脚本的网页</h1>{body}{script}</body></html>"
    )
    assert zhaoshang("import", planted, data=data).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = f"http://127.0.0.1:{port}"

    def answers():
        try:
            with urlopen(f"{found}/-/versions.json", timeout=5) as answer:
                return answer.status == 200
        except URLError:
            return False

    with start("zhaoshang", "--data", data, "serve", "--port", port) as process:
        wait_until(answers)
        yield found
        process.terminate()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def is_complaint(said):
    """Whether the browser found fault with a page.

    That a snapshot's scripts are blocked is as it should be, and so is that a missing page is missing.
    """
    expected = "Blocked script execution in" in said.text or said.location["url"].endswith("/-/nosuch")
    return said.type == "error" and not expected


@pytest.fixture
def visit(chromium, address):
    """Open pages in a fresh window; whatever they ask another host for, or complain of, fails the test."""
    opened, elsewhere, complaints = [], [], []

    def visit(path, size=DESK, language="zh"):
        context = chromium.new_context(viewport=size, locale={"zh": "zh-CN", "en": "en-GB"}[language])
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on(
            "request", lambda asked: None if asked.url.startswith((address, "data:")) else elsewhere.append(asked.url)
        )
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        page.goto(address + path)
        return page

    yield visit
    for context in opened:
        context.close()
    assert elsewhere == []
    assert complaints == []


@pytest.fixture(scope="module")
def pages(query, province):
    """The address of one page of each kind."""
    repaired, many = query(province, REPAIRED)[0]["id"], query(province, TOLD_BY_MANY)[0]["id"]
    [issue] = query(province, "select source, paper, day from issues order by day limit 1")
    return {
        "front": "/",
        "search": "/-/search?q=招商引资",
        "nothing found": "/-/search?q=没有这样的词",
        "article": f"/archive/articles/{repaired}",
        "story": f"/-/story/{many}",
        "source": "/-/source/hongan",
        "region": "/-/region/430000",
        "issue": f"/-/issue/{issue['source']}/{issue['paper']}/{issue['day']}",
        "coverage": "/-/coverage",
        "compare": "/-/compare?q=招商&q=签约",
        "tables": "/archive",
        "table": "/archive/articles?_search=签约",
        "missing": "/-/nosuch",
    }


NAMES = (
    "front", "search", "nothing found", "article", "story", "source", "region", "issue", "coverage", "compare",
    "tables", "table", "missing",
)  # fmt: skip


def test_every_page_is_named(pages):
    assert set(pages) == set(NAMES)


# For everyone


AS = {"desk": (DESK, "zh"), "phone": (PHONE, "zh"), "english": (DESK, "en")}
IN_ENGLISH = ("front", "search", "article", "table")


@pytest.mark.parametrize(
    ("name", "whose"),
    [(name, whose) for name in NAMES for whose in AS if whose != "english" or name in IN_ENGLISH],
)
def test_everyone_can_use_it(visit, pages, name, whose):
    page = visit(pages[name], *AS[whose])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content", "the first tab skips the header"
    found = Axe().run(page).response["violations"]
    told = [
        f"{each['id']}: {node['html'][:200]}" for each in found if each["impact"] in SERIOUS for node in each["nodes"]
    ]
    assert told == []
    # Wide tables scroll by themselves; no page does sideways.
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


# A newcomer


@pytest.mark.parametrize("words", ["招商引资", "招商引資"])
def test_a_newcomer_searches_in_either_script(visit, words):
    page = visit("/")
    box = page.get_by_role("searchbox").first
    box.fill(words)
    box.press("Enter")
    page.wait_for_url("**/-/search?*")
    hits = page.locator(".stories > li")
    assert hits.count() >= 10
    assert set(page.locator(".stories mark").all_inner_texts()) <= {"招商引资", "招商引資"}
    hits.first.get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/archive/articles/\d+"))
    assert page.locator("h1").inner_text().strip()


def test_the_switch_of_languages_is_remembered(visit):
    page = visit("/-/search?q=签约")
    page.locator("header .language").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "q=" in page.url
    page.locator("header .name").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_by_role("button", name="Search").count() >= 1


def number(page):
    """How many articles the page says it found."""
    return int(re.search(r"\d+", page.locator(".total > strong").first.inner_text())[0])


def test_a_facet_narrows_and_is_taken_back(visit):
    page = visit("/-/search?q=签约")
    all_found = number(page)
    value = page.locator("#facets .values li").first
    told = int(value.locator(".number").inner_text())
    value.get_by_role("link").click()
    assert 0 < number(page) == told < all_found
    page.locator(".chips a").first.click()
    assert number(page) == all_found


def test_a_bar_of_the_timeline_leads_to_its_articles(visit):
    page = visit("/-/search?q=招商引资")
    bar = page.locator(".timeline svg a").nth(2)
    told = int(re.search(r"(\d+)\D*$", bar.get_attribute("aria-label") or bar.locator("title").text_content())[1])
    page.goto(re.match(r"https?://[^/]+", page.url)[0] + bar.get_attribute("href"))
    assert number(page) == told > 0


@pytest.mark.parametrize(
    ("ending", "begins"), [("atom", "<?xml"), ("json", "{"), ("csv", "\ufeff"), ("parquet", "PAR1")]
)
def test_what_was_found_can_be_taken_away(visit, ending, begins):
    page = visit("/-/search?q=签约&kind=same")
    link = page.locator(f"main a[href*='/-/search.{ending}']")
    answer = page.request.get(re.match(r"https?://[^/]+", page.url)[0] + link.get_attribute("href"))
    assert answer.ok
    assert answer.body().startswith(begins.encode())


def test_a_snapshot_runs_nothing(visit):
    page = visit("/-/search?q=混入脚本的网页")
    page.locator(".stories > li").first.get_by_role("link").first.click()
    page.wait_for_url("**/archive/articles/*")
    title = page.title()
    page.locator("#snapshot ~ details summary").click()
    frame = page.frame_locator("iframe.snapshot")
    assert "一段脚本混进了网页" in frame.locator("body").inner_text()
    assert page.title() == title
    page.goto(re.match(r"https?://[^/]+", page.url)[0] + page.locator("iframe.snapshot").get_attribute("src"))
    assert "一段脚本混进了网页" in page.locator("body").inner_text()
    assert page.title() == "混入脚本的网页"
