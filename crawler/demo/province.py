"""The sample province: every address of its sites with its answer, and the truth about every article.

It has chapters (crawler/demo/chapters.py): the first is what a first crawl finds, the others are the same sites later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from crawler.demo.answer import Answer, gone, moved
from crawler.demo.chapters import CHAPTERS, Fate, Manner, articles, deletions, fates
from crawler.demo.furniture import renewed
from crawler.demo.sample import SampleArticle, load
from crawler.demo.sites import (
    chanye,
    chaopan,
    hongan,
    huaidong,
    jinhe,
    juxun,
    luling,
    minjiang,
    shangqiao,
    sheyang,
    xiangyue,
)
from crawler.demo.truth import Listed, Truth

__all__ = ["CHAPTERS", "Answer", "Fate", "Province", "Site", "Truth", "build"]


class Site(Protocol):
    """What the module of a site offers."""

    SOURCE: str
    """Id of the source."""
    START: str
    """The address where a crawl begins."""

    def listed(self, articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
        """What the site publishes, out of the articles of all sites."""

    def pages(self, listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
        """Every address of the site with its answer."""


SITES: tuple[Site, ...] = (
    hongan, jinhe, chanye, xiangyue, shangqiao, juxun, chaopan, huaidong, sheyang, minjiang, luling,
)  # fmt: skip
_COPYING = (chanye.SOURCE, juxun.SOURCE)
"""Sites that copy others: what they once took stays as it was."""
_WRITTEN_ONCE = (luling.SOURCE, sheyang.SOURCE)
"""Sites whose pages are files: that of an article changes with the article alone, and answers 304 until it does."""
_WRITTEN, _REWRITTEN = "Mon, 14 Sep 2026 02:10:00 GMT", "Sat, 24 Oct 2026 09:30:00 GMT"


@dataclass(frozen=True, slots=True)
class Province:
    """The whole province in one chapter."""

    answers: dict[str, Answer]
    """What each address answers; what is not here does not exist."""
    truths: dict[str, Truth]
    """What a perfect reader finds, by canonical address."""
    recovering: frozenset[str]
    """The addresses that answer 503 the first time."""
    starts: tuple[str, ...]
    """Where a crawl of each site begins."""
    fates: dict[str, Fate]
    """What has become of each article since the first chapter, by canonical address."""
    validators: dict[str, tuple[str, str]]
    """The header, name and value, by which an address tells its state. Most tell nothing, and never answer 304."""


@cache
def build(chapter: int = 1) -> Province:
    """Build the province, the same one on every machine and at any time."""
    first = build() if chapter > 1 else None
    missing = deletions(chapter)
    answers: dict[str, Answer] = {}
    addresses: dict[str, str] = {}
    every: list[Listed] = []
    for site in SITES:
        listed = site.listed(load(chapter) if site.SOURCE in _COPYING else articles(chapter))
        own = {item.article.id: item.truth.url for item in listed if item.article.site == site.SOURCE}
        hidden = {own[name] for name, deletion in missing.items() if name in own and not deletion.listed}
        answers[urljoin(site.START, "/")] = moved(site.START, 302)
        answers.update(site.pages([item for item in listed if item.truth.url not in hidden]))
        addresses |= own
        every += listed
    taken = {addresses[name]: deletion.how for name, deletion in missing.items()}
    truths = _truths(every, addresses)
    stand = {url: truth for url, truth in truths.items() if url not in taken}
    found = fates(first.truths if first else stand, stand, taken)
    if first:
        files = (
            url for url, truth in stand.items() if truth.source in _WRITTEN_ONCE and found[url].kind == "unchanged"
        )
        answers |= {url: first.answers[url] for url in files}
        answers = {url: renewed(url, answer, chapter) for url, answer in answers.items()}
    for url, how in taken.items():
        answers.pop(url, None)
        answers.update(_instead(url, how))
    return Province(
        answers,
        stand,
        frozenset(url for url, answer in answers.items() if answer.fails_first),
        tuple(site.START for site in SITES),
        found,
        dict(_validators(answers, first.answers if first else answers)),
    )


def _truths(every: Sequence[Listed], addresses: dict[str, str]) -> dict[str, Truth]:
    """The truths by canonical address, each with its story; `addresses` by site and number."""
    told = {
        truth.url: replace(truth, reprint_of=addresses[article.copy_of]) if article.copy_of else truth
        for article, truth in every
    }
    return {url: _in_story(truth, told) for url, truth in told.items()}


def _in_story(truth: Truth, told: dict[str, Truth]) -> Truth:
    first = truth
    while first.reprint_of:
        first = told[first.reprint_of]
    edited = (truth.clean_title, truth.clean_text) != (first.clean_title, first.clean_text)
    return replace(truth, story=first.url, kind="reprint" if edited and truth.kind == "same" else truth.kind)


def _instead(url: str, how: Manner) -> Iterator[tuple[str, Answer]]:
    """What the address of a deleted article answers; nothing for 404, which is what the server says by itself."""
    if how == "410":
        yield url, gone(410)
    elif how == "soft":
        yield url, gone(200)
    elif how == "front page":
        yield url, moved(urljoin(url, "/"), 302)


def _validators(answers: dict[str, Answer], first: dict[str, Answer]) -> Iterator[tuple[str, tuple[str, str]]]:
    """射阳投资促进网 gives each page an ETag, 庐陵投资促进网 the time at which it was written."""
    for url, answer in answers.items():
        if answer.status != HTTPStatus.OK or answer.form is not None:
            continue
        host = urlsplit(url).hostname
        if host == urlsplit(sheyang.START).hostname:
            yield url, ("ETag", f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"')
        elif host == urlsplit(luling.START).hostname:
            yield url, ("Last-Modified", _WRITTEN if answer == first.get(url) else _REWRITTEN)
