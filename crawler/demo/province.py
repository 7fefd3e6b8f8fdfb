"""The sample province: every address of its sites with its answer, and the truth about every article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from urllib.parse import urljoin

from crawler.demo.answer import Answer, moved
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

__all__ = ["Answer", "Province", "Site", "Truth", "build"]


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


@dataclass(frozen=True, slots=True)
class Province:
    """The whole province."""

    answers: dict[str, Answer]
    """What each address answers; what is not here does not exist."""
    truths: dict[str, Truth]
    """What a perfect reader finds, by canonical address."""
    recovering: frozenset[str]
    """The addresses that answer 503 the first time."""
    starts: tuple[str, ...]
    """Where a crawl of each site begins."""


@cache
def build() -> Province:
    """Build the province, the same one on every machine and at any time."""
    answers: dict[str, Answer] = {}
    truths: dict[str, Truth] = {}
    for site in SITES:
        listed = site.listed(load())
        answers[urljoin(site.START, "/")] = moved(site.START, 302)
        answers.update(site.pages(listed))
        truths.update((item.truth.url, item.truth) for item in listed)
    recovering = frozenset(url for url, answer in answers.items() if answer.fails_first)
    return Province(answers, truths, recovering, tuple(site.START for site in SITES))
