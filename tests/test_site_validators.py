"""What is kept of the site: a second page costs a browser little, it shows nothing old, and no proxy keeps it."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.article import Article, Page, RecordPlace
from archive.database import open_archive, save, save_page
from archive.site.serve import site
from archive.site.validators import LARGEST, validated

FEED = "/-/search.atom?q=签约"
PAGES = ["/", "/-/search?q=签约", "/-/coverage", "/-/compare.csv?q=签约", "/archive/articles/1", "/-/source/yunxi"]
FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)


def enter(db, number):
    page = Page(f"http://news.example/{number}.htm", "", FETCHED, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    save(db, Article(page.url, "yunxi", page, title=f"签约{number}", text=f"云溪县签约第 {number} 个项目。"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def db(folder):
    db = open_archive(folder)
    enter(db, 1)
    yield db
    db.close()


@pytest.fixture(scope="module")
def get(folder, db):
    assert db["articles"].count == 1
    client = site(folder).client
    return lambda path, **headers: asyncio.run(client.get(path, headers=headers))


@pytest.mark.parametrize("path", [*PAGES, FEED, "/-/search.json?q=签约", "/archive/articles", "/-/static/table.js"])
def test_what_a_browser_has_is_not_sent_again(get, path):
    first = get(path)
    assert (first.status_code, first.headers["cache-control"].split(",")[0]) == (200, "private")
    again = get(path, **{"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    # A browser takes over the headers of a 304: the policy of our pages may not become that of Datasette's.
    kept = {*first.headers} - {"content-type", "content-length"}
    assert {name: again.headers.get(name) for name in kept} == {name: first.headers[name] for name in kept}
    assert get(path, **{"If-None-Match": '"other"'}).content == first.content


def test_a_feed_that_has_something_new_is_sent(db, get):
    had = get(FEED).headers["etag"]
    assert get(FEED, **{"If-None-Match": had}).status_code == 304
    enter(db, 2)
    sent = get(FEED, **{"If-None-Match": had})
    assert (sent.status_code, "签约2" in sent.text) == (200, True)


@pytest.mark.parametrize("path", [*PAGES, FEED])
def test_pages_of_two_languages_are_not_taken_for_each_other(get, path):
    kept = get(path, Cookie="lang=en")
    assert {"Cookie", "Accept-Language"} <= set(kept.headers["vary"].split(", "))
    # Datasette would have whoever sent a cookie keep nothing.
    assert kept.headers["cache-control"] == "private, no-cache"
    other = get(path, Cookie="lang=zh", **{"If-None-Match": kept.headers["etag"]})
    assert other.status_code == (304 if path.startswith("/-/compare.csv") else 200)


@pytest.mark.parametrize(
    "sent",
    [{"Cookie": "lang=en; ds_actor=x"}, {"Cookie": "lang=en, ds_actor=x"}, {"Authorization": "Basic eDp4"}],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", "/archive/articles.json"])
def test_nothing_is_kept_of_what_somebody_reads_who_is_known(get, path, sent):
    assert get(path, **sent).headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/-/nosuch", "/-/search.csv?from=x", "/-/search.csv", "/-/language?to=en"])
def test_no_proxy_keeps_what_is_refused_or_streamed(get, path):
    answer = get(path)
    assert answer.headers["cache-control"].startswith("private")
    assert "etag" not in answer.headers


@pytest.mark.parametrize("path", [*PAGES[:3], PAGES[-1], "/archive/articles"])
def test_style_sheets_are_asked_for_once(get, path):
    sheets = [each.attributes["href"] for each in LexborHTMLParser(get(path).text).css("link[rel=stylesheet]")]
    assert sheets
    for address in sheets:
        answer = get(address)
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable", address
        # Another release has another address; this one is not asked for by it, and not kept where it is.
        path, _, stamp = address.partition("?")
        assert answer.headers["etag"].startswith(f'"{stamp}')
        for other in (path, f"{path}?{stamp[::-1]}", f"{path}?", f"{path}?v=1"):
            assert get(other).headers["cache-control"] == "private, no-cache", other


def sent(messages, **headers):
    """What becomes of an application that sends these messages: all that follow its start."""

    async def app(_scope, _receive, send):
        for message in messages:
            await send(message)

    async def asked():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(validated(app)), base_url="http://a.example"
        ) as client:
            return await client.get("/", headers=headers)

    return asyncio.run(asked())


def answer(*parts, length=None):
    headers = [(b"content-length", str(length).encode())] if length else []
    more = itertools.chain([True] * (len(parts) - 1), [False])
    bodies = [
        {"type": "http.response.body", "body": part, "more_body": each} for part, each in zip(parts, more, strict=True)
    ]
    return [{"type": "http.response.start", "status": 200, "headers": headers}, *bodies]


@pytest.mark.parametrize(
    ("messages", "is_tagged"),
    [
        (answer(b"whole"), True),
        (answer(b""), True),
        (answer(b"of a ", b"file", b"", length=9), True),
        (answer(b"it is ", b"streamed"), False),
        (answer(b"x" * (LARGEST + 1)), False),
        (answer(b"x" * LARGEST, b"y", length=LARGEST + 1), False),
    ],
)
def test_what_is_whole_and_small_is_tagged(messages, is_tagged):
    found = sent(messages)
    assert ("etag" in found.headers) == is_tagged
    assert found.content == b"".join(each.get("body", b"") for each in messages)
    known = sent(messages, **{"If-None-Match": "*"})
    assert (known.status_code, known.content) == ((304, b"") if is_tagged else (200, found.content))
