"""Which charset bytes are in: share of texts decoded exactly, by length, charset, labels and faults."""

from __future__ import annotations

import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import chardet
import charset_normalizer
from opencc import OpenCC
from rich.table import Table
from scrapy.http import HtmlResponse

from crawler.demo.sample import load
from pipelines.text.charset import decode
from pipelines.text.exact import read, write

LENGTHS = (8, 16, 40, 200)
STRETCHES = 100
CHARSETS = (
    ("utf-8", "hans"), ("utf-8", "hant"), ("gbk", "hans"), ("gb18030", "hant"), ("big5", "hant"),
)  # fmt: skip
RARE_CHARSETS = (("utf-16le", "hans"), ("utf-16be", "hant"), ("hz-gb-2312", "hans"), ("euc-tw", "hant"))
LABELS = ("true", "false", "missing", "contradicting")
SURE = 0.8


class Sample(NamedTuple):
    """Bytes and what they should become."""

    row: str
    """The row of the table that it counts in."""
    text: str
    data: bytes
    header: str | None = None
    """The Content-Type header."""


def _with(charset: str | None, data: bytes) -> str:
    if charset == "EUC-TW":
        # chardet knows it, Python does not.
        return read(data, "euc-tw").text
    return data.decode(charset or "ascii", "replace")


def _scrapy(data: bytes, header: str | None) -> str:
    return HtmlResponse("http://a.example/", headers={"Content-Type": header} if header else None, body=data).text


PEERS: dict[str, Callable[[bytes, str | None], str]] = {
    "zhaoshang": lambda data, header: decode(data, header).text,
    "charset-normalizer": lambda data, _: str(charset_normalizer.from_bytes(data).best() or ""),
    "chardet": lambda data, _: _with(chardet.detect(data)["encoding"], data),
    "Scrapy": _scrapy,
}


@cache
def texts(script: str) -> str:
    """All sample articles in a row, in one script."""
    simplified = "".join(article.text for article in load() if article.site != "shangqiao").replace("\n", "")
    return OpenCC("s2t").convert(simplified) if script == "hant" else simplified


def stretches(charset: str, script: str, length: int) -> Iterator[tuple[str, bytes]]:
    """Text and bytes of stretches cut out of the sample articles; what a charset lacks is left out."""
    chance = random.Random(f"{charset} {script} {length}")
    count = 0
    while count < STRETCHES:
        place = chance.randrange(len(texts(script)) - length)
        text = texts(script)[place : place + length]
        try:
            data = write(text, charset, ())
        except UnicodeEncodeError:
            continue
        yield text, data
        count += 1


def by_length() -> Iterator[Sample]:
    for length in LENGTHS:
        for charset, script in CHARSETS:
            for text, data in stretches(charset, script, length):
                yield Sample(f"{length} characters, no label", text, data)


def by_label() -> Iterator[Sample]:
    for charset, script in CHARSETS:
        false = "gbk" if charset in ("utf-8", "big5") else "utf-8"
        for text, data in stretches(charset, script, 16):
            for state in LABELS:
                header = {"true": charset, "false": false, "contradicting": charset}.get(state)
                markup = f'<meta charset="{false}">' if state == "contradicting" else ""
                yield Sample(
                    f"16 characters, label{'s' * (state == 'contradicting')} {state}",
                    markup + text,
                    markup.encode("ascii") + data,
                    f"text/html; charset={header}" if header else None,
                )


def by_charset() -> Iterator[Sample]:
    for charset, script in (*CHARSETS, *RARE_CHARSETS):
        for text, data in stretches(charset, script, 16):
            unmarked = ", no byte order mark" if charset.startswith("utf-16") else ""
            yield Sample(f"{charset}, {script}, 16 characters{unmarked}", text, data)


def by_fault() -> Iterator[Sample]:
    """200 characters with a damaged byte in the middle, and pages in two charsets."""
    for charset, script in CHARSETS[0], CHARSETS[2], CHARSETS[4]:
        for text, _ in stretches(charset, script, 200):
            damaged = write(text[:100], charset, ()) + b"\xff" + write(text[100:], charset, ())
            header = f"text/html; charset={charset}"
            yield Sample(f"{charset}, label true, a damaged byte", f"{text[:100]}\ufffd{text[100:]}", damaged, header)
    for (template, _), (charset, script) in (
        (CHARSETS[0], CHARSETS[2]), (CHARSETS[2], CHARSETS[0]), (CHARSETS[1], CHARSETS[4]),
    ):  # fmt: skip
        for text, data in stretches(charset, script, 200):
            menu = "<ul><li>首页</li><li>新闻中心</li></ul>"
            yield Sample(
                f"{charset} in a {template} template",
                f"{menu}<p>{text}</p>",
                b"%s<p>%s</p>" % (menu.encode(template), data),
            )


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same, however many U+FFFD one damaged place has become."""
    return re.sub("\ufffd+", "\ufffd", one) == re.sub("\ufffd+", "\ufffd", other)


def table() -> Table:
    shown = Table(title="charsets: % of texts decoded exactly")
    shown.add_column("")
    for peer in PEERS:
        shown.add_column(peer, justify="right")
    seconds: dict[str, float] = defaultdict(float)
    count = sure = 0
    for section in (by_length, by_label, by_charset, by_fault):
        right: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        total: dict[str, int] = defaultdict(int)
        for sample in section():
            total[sample.row] += 1
            for peer, decoder in PEERS.items():
                begun = time.perf_counter()
                text = decoder(sample.data, sample.header)
                seconds[peer] += time.perf_counter() - begun
                right[sample.row][peer] += _same(text, sample.text)
            found = decode(sample.data, sample.header)
            sure += found.confidence >= SURE and not _same(found.text, sample.text)
        count += sum(total.values())
        for row, size in total.items():
            shown.add_row(row, *(f"{100 * right[row][peer] / size:.1f}" for peer in PEERS))
        shown.add_section()
    shown.add_row("µs each", *(f"{1e6 * seconds[peer] / count:.0f}" for peer in PEERS))
    shown.caption = f"zhaoshang was wrong and at least {SURE:.0%} sure of it {sure} times in {count:,}"
    return shown
