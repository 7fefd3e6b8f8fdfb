"""Pages fed to the families: as the list that a crawl begins with, and as an article."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.settings import Settings

from archive.article import Article, utc_now
from benchmarks.fuzzing import seeds
from benchmarks.fuzzing.mutating import Stock, of_bytes
from benchmarks.fuzzing.target import tokens
from crawler.decode import PageResponse
from crawler.kept import Kept, page
from crawler.stages import apply_reading_stages
from pipelines.check import fault
from spiders.families import REGISTRY, Family
from spiders.reading.document import parsed
from spiders.source import Source


@cache
def pages() -> Stock[bytes]:
    """Every golden page, and pages of every site of the sample province."""
    return of_bytes([each.data for each in seeds.pages()], [token.encode() for token in tokens("pages")])


@cache
def _rules(family: str) -> tuple[tuple[str, dict[str, tuple[str, ...]]], ...]:
    """Addresses of pages of a family, and the rules of their sources; the last has none."""
    found = {each.url: each.select for each in seeds.pages() if each.family == family}
    return (*found.items(), ("http://www.example/news/index.htm", {}))


@cache
def _spider(family: str, number: int) -> Family:
    url, select = _rules(family)[number]
    example = Source("example", "tests", Path("example.toml"), "示例", family, (url,), select=select)
    spider = type("Example", (REGISTRY[family],), {"name": "fuzzed", "source": example})()
    spider.settings = Settings()
    # What a page lacks is said of every one of them.
    logging.getLogger("fuzzed").disabled = True
    return spider


def reads(family: str, data: bytes) -> None:
    """A page of any bytes is a list or an article, somehow, and what is read out of it can be stored."""
    number = len(data) % len(_rules(family))
    url, _ = _rules(family)[number]
    parsed.cache_clear()
    decoded = page(Kept(url, data, utc_now(), headers=(("Content-Type", "text/html"),)))
    spider = _spider(family, number)
    spider.__init__()  # type: ignore[misc]
    request = Request(url, meta={"visit": url})
    response = PageResponse(
        url, body=decoded.text.encode("utf-8", "surrogatepass"), encoding="utf-8", page=decoded, request=request
    )
    spider.is_list(decoded)
    for follow in (spider.find, spider.read):
        for found in follow(response):
            if isinstance(found, Article):
                _stored(found)
    _stored(apply_reading_stages(spider.article(decoded)))


def _stored(article: Article) -> None:
    fault(article)
    fields: dict[str, Any] = asdict(article)
    json.dumps(fields, default=str, ensure_ascii=False).encode()
    assert not article.published or datetime.fromisoformat(article.published)
