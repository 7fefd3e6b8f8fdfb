"""What the sites have in common: lists cut into pages, and the links that stand beside an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.demo.sample import SampleArticle
from crawler.demo.truth import Listed

_FIRST_DAY = date(2019, 1, 1)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an article, as lists and sidebars show it."""

    url: str
    """Where it leads, absolute or from the root of the site."""
    title: str
    """What is underlined."""
    day: str
    """The date beside it, `2023-08-14`; empty where the site shows none."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list."""

    url: str
    """Its address."""
    number: int
    """Its number, from 1."""
    links: tuple[Link, ...]
    """What it lists."""
    urls: tuple[str, ...]
    """The addresses of all pages of the list."""

    @property
    def previous(self) -> str | None:
        """The page before, None on the first."""
        return self.urls[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> str | None:
        """The page behind, None on the last."""
        return self.urls[self.number] if self.number < len(self.urls) else None


def list_pages(links: Iterable[Link], address: Callable[[int], str], size: int) -> Iterator[ListPage]:
    """A list cut into pages of `size` links; `address` gives the address of the page with a number from 1.

    >>> pages = list(list_pages([Link("/a", "甲", ""), Link("/b", "乙", "")], "/list_{}.html".format, 1))
    >>> [(page.url, page.previous, page.next) for page in pages]
    [('/list_1.html', None, '/list_2.html'), ('/list_2.html', '/list_1.html', None)]
    """
    every = tuple(links)
    urls = tuple(address(number + 1) for number in range(-(-len(every) // size)))
    for number, url in enumerate(urls, 1):
        yield ListPage(url, number, every[size * (number - 1) : size * number], urls)


def link(item: Listed) -> Link:
    """The link to an article in the lists of its site."""
    return Link(item.truth.url, item.truth.title, (item.truth.published or "")[:10])


def beside(listed: Sequence[Listed], place: int, count: int, *, step: int = 1) -> tuple[Link, ...]:
    """Links to other articles of the same site: every `step`-th one behind the article at `place`, round the end."""
    return tuple(link(listed[(place + step * nth) % len(listed)]) for nth in range(1, count + 1))


def newest_first(articles: Iterable[SampleArticle], site: str) -> list[SampleArticle]:
    """The articles of one site in the order of its lists."""
    own = (article for article in articles if article.site == site)
    return sorted(own, key=lambda article: (article.published, article.number), reverse=True)


def days_since_2019(day: date) -> int:
    """Days since the first of January 2019, before which the province has no news: the start of serial numbers."""
    return (day - _FIRST_DAY).days
