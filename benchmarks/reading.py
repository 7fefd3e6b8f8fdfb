"""Reading pages without a rule: bodies, days and authors found, and pages a second, beside general extractors.

On the sample province; or, with PAGES=DIR in the environment, on other pages: DIR holds NAME.html (the bytes as served)
and NAME.json (`{"body", "author", "date"}`; null is not on the page).
"""

from __future__ import annotations

import gzip
import json
import os
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import trafilatura
from gne import GeneralNewsExtractor
from lxml.html import fromstring
from readability import Document as Readability
from resiliparse.extract.html2text import extract_plain_text
from rich.table import Table

from archive.article import utc_now
from crawler.demo.province import build
from crawler.kept import Kept, page
from crawler.stages import apply_reading_stages
from pipelines.text.charset import decode
from spiders.reading.document import parsed
from spiders.reading.page import read_page

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """A page and what a perfect reader finds on it."""

    url: str
    data: bytes
    """The bytes as served."""
    content_type: str
    html: str
    """The right text: peers get it for nothing."""
    body: str
    day: str | None
    """YYYY-MM-DD."""
    authors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader found."""

    body: str = ""
    date: str | None = None
    authors: tuple[str, ...] = ()


def _ours(sample: Sample) -> Answer:
    parsed.cache_clear()
    decoded = page(Kept(sample.url, sample.data, utc_now(), headers=(("Content-Type", sample.content_type),)))
    article = apply_reading_stages(read_page(decoded))
    return Answer(article.text, article.published, article.authors)


def _readability(sample: Sample) -> Answer:
    return Answer(fromstring(Readability(sample.html).summary()).text_content())


def _trafilatura(sample: Sample) -> Answer:
    found = trafilatura.bare_extraction(sample.html, url=sample.url, with_metadata=True)
    return Answer(found.text or "", found.date, _names(found.author)) if found else Answer()


def _gne(sample: Sample) -> Answer:
    found = GeneralNewsExtractor().extract(sample.html)
    return Answer(found["content"], found["publish_time"], _names(found["author"]))


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(re.split(r"[\s;；,，、]+", text or ""))


PEERS: dict[str, Callable[[Sample], Answer]] = {
    "zhaoshang": _ours,
    "readability": _readability,
    "resiliparse": lambda sample: Answer(extract_plain_text(sample.html, main_content=True)),
    "trafilatura": _trafilatura,
    "GNE": _gne,
}


def samples() -> list[Sample]:
    """Every third page of the sample sites. A polluted one's body is compared as a clean one: as it should be kept."""
    province = build()
    found = []
    for url, truth in sorted(province.truths.items())[::3]:
        answer = province.answers[url]
        data = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
        header = dict(answer.headers).get("Content-Type", "text/html")
        day = truth.published[:10] if truth.published and truth.precision in ("day", "minute") else None
        html = decode(data, header).text
        found.append(Sample(url, data, header, html, truth.clean_text, day, frozenset(truth.authors)))
    return found


def kept(folder: Path) -> list[Sample]:
    """Pages with their gold out of a folder."""
    found = []
    for file in sorted(folder.glob("*.html")):
        gold = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        data = file.read_bytes()
        authors = frozenset((gold["author"] or "").split())
        html = decode(data, "text/html").text
        found.append(Sample(file.as_uri(), data, "text/html", html, gold["body"], _day(gold["date"]), authors))
    return found


def _day(date: str | None) -> str | None:
    match = re.search(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})", date or "")
    return f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}" if match else None


def scores(got: str, true: str) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean over character 4-grams, NFKC, white space dropped."""
    first, second = _grams(got), _grams(true)
    hits = sum((first & second).values())
    precision, recall = hits / max(1, first.total()), hits / max(1, second.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0


def _grams(text: str) -> Counter[str]:
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace(" | ", "")))
    return Counter(squeezed[place : place + 4] for place in range(max(1, len(squeezed) - 3)))


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / max(1, len(found))


def table() -> Table:
    folder = os.environ.get("PAGES")
    cut = kept(Path(folder)) if folder else samples()
    dated, signed = sum(each.day is not None for each in cut), sum(bool(each.authors) for each in cut)
    size = _mean(len(each.data) for each in cut) / 1000
    shown = Table(title=f"reading {len(cut)} pages of {size:.0f} kB without a rule; ours from bytes, peers from text")
    headers = ("", "F", "P", "R", "F < 0.5", f"day of {dated}", "invented", f"author of {signed}", "pages/s")
    for header in headers:
        shown.add_column(header, justify="right" if header else "left")
    for peer, read in PEERS.items():
        answers = [read(each) for each in cut]
        marks = [scores(answer.body, each.body) for answer, each in zip(answers, cut, strict=True)]
        pairs = list(zip(answers, cut, strict=True))
        days = sum(each.day is not None and _day(answer.date) == each.day for answer, each in pairs)
        invented = sum(each.day is None and bool(answer.date) for answer, each in pairs)
        authors = sum(not each.authors.isdisjoint(answer.authors) for answer, each in pairs)
        shown.add_row(
            peer,
            *(f"{_mean(mark[place] for mark in marks):.3f}" for place in (2, 0, 1)),
            *map(str, (sum(mark[2] < 0.5 for mark in marks), days, invented, authors)),
            f"{len(cut) / median(_seconds(read, cut) for _ in range(ROUNDS)):.0f}",
        )
    return shown


def _seconds(read: Callable[[Sample], Answer], cut: list[Sample]) -> float:
    begun = time.perf_counter()
    for each in cut:
        read(each)
    return time.perf_counter() - begun
