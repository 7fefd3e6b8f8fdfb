"""Which charset bare bytes are in: share of stretches decoded exactly, by length, and how long one takes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import chardet
import charset_normalizer
from opencc import OpenCC
from rich.table import Table
from scrapy.http import TextResponse

from crawler.demo.sample import load
from pipelines.text.charset import decode

LENGTHS = (8, 16, 40, 200)
STRETCHES = 200
CHARSETS = (("gbk", "hans"), ("gb18030", "hant"), ("big5", "hant"), ("utf-8", "hans"))


def _with(charset: str | None, data: bytes) -> str:
    return data.decode(charset or "ascii", "replace")


PEERS: dict[str, Callable[[bytes], str]] = {
    "zhaoshang": lambda data: decode(data).text,
    "charset-normalizer": lambda data: str(charset_normalizer.from_bytes(data).best() or ""),
    "chardet": lambda data: _with(chardet.detect(data)["encoding"], data),
    "Scrapy": lambda data: TextResponse("http://a.example/", body=data).text,
}


def stretches(length: int) -> list[tuple[str, bytes, str]]:
    """Charset, bytes and text of stretches cut out of the sample articles; what a charset lacks is left out."""
    chance = random.Random(length)
    texts = {"hans": "".join(article.text for article in load() if article.site != "shangqiao").replace("\n", "")}
    texts["hant"] = OpenCC("s2t").convert(texts["hans"])
    found: list[tuple[str, bytes, str]] = []
    for charset, script in CHARSETS:
        count = 0
        while count < STRETCHES:
            place = chance.randrange(len(texts[script]) - length)
            text = texts[script][place : place + length]
            try:
                found.append((charset, text.encode(charset), text))
            except UnicodeEncodeError:
                continue
            count += 1
    return found


def table() -> Table:
    shown = Table(title=f"charsets: % of {STRETCHES * len(CHARSETS)} unlabelled stretches decoded exactly")
    shown.add_column("")
    for length in LENGTHS:
        shown.add_column(f"{length} characters", justify="right")
    shown.add_column("µs each", justify="right")
    for peer, read in PEERS.items():
        cells, seconds, count = [], 0.0, 0
        for length in LENGTHS:
            cut = stretches(length)
            begun = time.perf_counter()
            right = sum(read(data) == text for _, data, text in cut)
            seconds += time.perf_counter() - begun
            count += len(cut)
            cells.append(f"{100 * right / len(cut):.1f}")
        shown.add_row(peer, *cells, f"{1e6 * seconds / count:.0f}")
    return shown
