"""What earlier crawls of a source have left behind, as far as a spider asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scrapy.http import Response

UNCHANGED = "unchanged"
"""Flag of a response without a page: what it answers for is kept, and has not changed."""


class Memory:
    """A memory of nothing: all is asked for and read, and lists are followed to their ends."""

    read_until: str | None = None
    """The day, ISO in China, of the last crawl that left nothing out; None where it is not known to be."""

    def is_due(self, url: str) -> bool:  # noqa: ARG002 - for those that know more
        """Whether an article is to be asked for: an unknown one, or one that was last asked for long enough ago."""
        return True

    def has_all(self, urls: Iterable[str]) -> bool:  # noqa: ARG002
        """Whether an earlier crawl has asked for all of these, and for all that lists show behind them."""
        return False

    def parts(self, url: str) -> tuple[str, ...]:  # noqa: ARG002
        """The addresses of the further parts of the article at an address."""
        return ()

    def stays(self, url: str) -> None:
        """An article has not changed, in any of its parts."""

    def refused(self, url: str, response: Response, cause: str | None) -> None:
        """An article's address brought no article, by a cause of `spiders.reading.refusal`."""

    def has_issue(self, paper: str, day: date) -> bool:  # noqa: ARG002
        """Whether an issue of an e-paper is kept in whole."""
        return False

    def issue_came(self, paper: str, day: date, urls: Iterable[str]) -> None:
        """An issue has come in whole, with the articles at these addresses."""


def is_unchanged(response: Response) -> bool:
    """Whether a response only says that what is kept has not changed."""
    return UNCHANGED in response.flags
