"""Addresses, source files and feeds: texts that name where a crawl goes."""

from __future__ import annotations

import json
from functools import cache

from archive import canonical
from benchmarks.fuzzing import seeds
from benchmarks.fuzzing.mutating import Stock, of_text
from benchmarks.fuzzing.target import folder, tokens
from crawler.loader import hosts, spider_class
from spiders import source
from spiders.reading.feeds import is_feed, read_feed
from spiders.reading.links import absolute, declared


@cache
def addresses() -> Stock[str]:
    """Those of the cases, and of the sample province."""
    found = [*seeds.cases("addresses", "url", "key"), *seeds.cases("links", "before", "link", "after")]
    return of_text([*found, *(each.url for each in seeds.pages()[::5])], [*tokens("addresses"), "\ud800"])


def knows_address(url: str) -> None:
    """An address can be had again from its key and what was dropped; the key is its own key, and that of the cited."""
    known = canonical.address(url)
    assert canonical.restored(known) == url, "another address comes back"
    assert known.key == canonical.key(url) == canonical.key(known.key), f"two keys: {known.key!r}"
    assert canonical.key(canonical.cited(url)) == known.key, "cited, it is another page"
    for base in ("http://a.example/c/7654321.htm", url):
        absolute(base, url)
        absolute(url, base)
    declared("http://a.example/c/7654321.htm", url)


@cache
def sources() -> Stock[str]:
    """A third of the shipped ones, and the bad ones of the cases."""
    shipped = [path.read_text(encoding="utf-8") for path in source.paths()][::3]
    return of_text([*shipped, *seeds.cases("sources", "text"), *seeds.cases("drafts", "toml")], tokens("sources"))


def loads_source(text: str) -> None:
    """A source file becomes a source from which a spider can be made, or is refused with its path."""
    path = folder() / "hunan" / "example.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    said = ""
    try:
        loaded = source.load(path)
    except source.SourceError as error:
        said = str(error)
    else:
        hosts(loaded)
        spider_class(loaded, folder())
        source.written(loaded.every)
    assert not said or said.startswith(f"{path}: ")


@cache
def feeds() -> Stock[str]:
    """Those of the cases, and of the sample province."""
    served = [each.data.decode("utf-8", "replace") for each in seeds.province() if "xml" in each.header]
    return of_text([*seeds.cases("feeds", "text"), *served], tokens("feeds"))


def reads_feed(text: str) -> None:
    """Addresses that lead somewhere, and words that can be stored."""
    feed = read_feed(text, "http://www.example/feed/")
    assert feed is None or is_feed(text) or feed.sitemaps
    for entry in (*feed.entries, *feed.sitemaps) if feed else ():
        assert entry.url.startswith(("http://", "https://", "file:")), f"no address: {entry.url!r:.200}"
        json.dumps(entry.told, ensure_ascii=False).encode()
