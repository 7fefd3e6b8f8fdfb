"""Reading pages without a rule: bodies by character 4-grams, days, and pages a second, on the sample province."""

from __future__ import annotations

import gzip
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable

import trafilatura
from gne import GeneralNewsExtractor
from lxml.html import fromstring
from readability import Document as Readability
from resiliparse.extract.html2text import extract_plain_text
from rich.table import Table

from archive.article import Page, utc_now
from crawler.demo.province import build
from crawler.demo.truth import Truth
from crawler.stages import apply_reading_stages
from pipelines.text.charset import decode
from spiders.reading.page import read_page

Read = tuple[str, str | None]


def _ours(html: str, url: str) -> Read:
    article = apply_reading_stages(read_page(Page(url, html, utc_now())))
    return article.text, article.published


def _readability(html: str, _: str) -> Read:
    return fromstring(Readability(html).summary()).text_content(), None


def _trafilatura(html: str, url: str) -> Read:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    return (found.text or "", found.date) if found else ("", None)


def _gne(html: str, _: str) -> Read:
    found = GeneralNewsExtractor().extract(html)
    return found["content"], found["publish_time"]


PEERS: dict[str, Callable[[str, str], Read]] = {
    "zhaoshang": _ours,
    "readability": _readability,
    "resiliparse": lambda html, _: (extract_plain_text(html, main_content=True), None),
    "trafilatura": _trafilatura,
    "GNE": _gne,
}


def pages() -> list[tuple[str, str, Truth]]:
    """Decoded pages of all six sites with their truth, every third; all readers get the same right text."""
    province = build()
    found = []
    for url, truth in sorted(province.truths.items())[::3]:
        answer = province.answers[url]
        body = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
        found.append((decode(body, dict(answer.headers).get("Content-Type")).text, url, truth))
    return found


def f_score(got: str, true: str) -> float:
    """Harmonic mean of precision and recall over character 4-grams, NFKC, white space dropped."""
    first, second = _grams(got), _grams(true)
    hits = sum((first & second).values())
    return 2 * hits / max(1, sum(first.values()) + sum(second.values()))


def _grams(text: str) -> Counter[str]:
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace(" | ", "")))
    return Counter(squeezed[place : place + 4] for place in range(max(1, len(squeezed) - 3)))


def table() -> Table:
    cut = pages()
    dated = sum(truth.published is not None for _, _, truth in cut)
    shown = Table(title=f"reading {len(cut)} sample pages without a rule")
    for header in ("", "F", f"day right of {dated}", "pages/s"):
        shown.add_column(header, justify="right" if header else "left")
    for peer, read in PEERS.items():
        read(cut[0][0], cut[0][1])
        begun = time.perf_counter()
        answers = [read(html, url) for html, url, _ in cut]
        seconds = time.perf_counter() - begun
        # A polluted page's body is compared as a clean one: what an archive wants to keep.
        scores = [f_score(text, truth.clean_text) for (text, _), (_, _, truth) in zip(answers, cut, strict=True)]
        days = sum(
            truth.published is not None and (day or "").replace("/", "-")[:10] == truth.published[:10]
            for (_, day), (_, _, truth) in zip(answers, cut, strict=True)
        )
        shown.add_row(peer, f"{sum(scores) / len(scores):.3f}", str(days), f"{len(cut) / seconds:.0f}")
    return shown
