"""What is to be said of a run: what went wrong, what a site refused, which rules match no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.reasons import BUDGET, QUIET
from spiders.source import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said of a run."""

    sentence: str
    wrong: bool
    """Whether the run is not as it should be; else it is only said."""


def found_wrong(expected: int | None, brought: dict[str, int], failures: dict[str, int], known: int = 0) -> str | None:
    """What is wrong with the outcome of a run, in a sentence; None where it is as it should be.

    `failures` counts requests without an answer by the name of the error, `known` what was found and not asked for,
    since an earlier run had brought it.

    >>> found_wrong(80, {"pages": 3, "new": 0, "changed": 0, "unchanged": 0, "errors": 0}, {})
    'brought 0 articles, expected at least 80'
    >>> found_wrong(None, {"pages": 0, "new": 0, "changed": 0, "unchanged": 0, "errors": 0}, {"TimeoutError": 4})
    'no page could be fetched: TimeoutError 4 times'
    """
    articles = brought["new"] + brought["changed"] + brought["unchanged"] + known
    if not brought["pages"]:
        causes = ", ".join(f"{name} {times} times" for name, times in failures.items())
        return f"no page could be fetched: {causes or 'nothing was asked for'}"
    few = f"brought {articles} articles, expected at least {expected}" if expected and articles < expected else None
    errors = f"{brought['errors']} errors, see the log" if brought["errors"] else None
    return "; ".join(filter(None, (few, errors))) or None


CAUSES = {"not_found": "not found", "challenge": "challenge", "login": "login or payment", "shell": "empty shell"}
"""What the refusals of `spiders.reading.refusal` are called in a sentence."""

MOST_REFUSED = 0.2
"""A site that refuses more of its pages than this share keeps us out."""


def refusals(refused: dict[str, int], pages: int, known: int = 0) -> Finding | None:
    """What a site refused with status 200, by cause: a handful is said, a share of the pages above a fifth is wrong.

    `known` pages were not asked for, since an earlier run had brought them.

    >>> refusals({"not_found": 2, "login": 1}, 40)
    Finding(sentence='3 of 40 pages were refused: not found 2, login or payment 1', wrong=False)
    """
    times = sum(refused.values())
    if not times:
        return None
    causes = ", ".join(f"{words} {refused[cause]}" for cause, words in CAUSES.items() if refused.get(cause))
    return Finding(f"{times} of {pages} pages were refused: {causes}", times > (pages + known) * MOST_REFUSED)


def polite(stats: Mapping[str, Any], reason: str, longest_delay: float) -> Iterator[Finding]:
    """What a run left undone for the sake of its site, and what it could not do as the site wants.

    >>> [found.sentence for found in polite({"stopping/asked": 500}, "budget", 60)]
    ['500 requests are all that its budget allows; the next crawl goes on from there']
    >>> for found in polite({"pace/crawl_delay/a.example": 600.0, "pace/left/b.example": "busy"}, "finished", 60):
    ...     print(found.wrong, found.sentence)
    False robots.txt of a.example asks for 600 s between two requests: 60 s were left
    True b.example was left alone: busy
    """
    if reason == BUDGET:
        asked = stats.get("stopping/asked", 0)
        yield Finding(
            f"{asked} requests are all that its budget allows; the next crawl goes on from there", wrong=False
        )
    if reason == QUIET:
        yield Finding("stopped when its quiet hours began; the next crawl goes on from there", wrong=False)
    for key, told in sorted(stats.items()):
        room, _, host = key.rpartition("/")
        if room == "pace/crawl_delay" and told > longest_delay:
            between = f"asks for {told:g} s between two requests: {longest_delay:g} s were left"
            yield Finding(f"robots.txt of {host} {between}", wrong=False)
        if room == "pace/left":
            yield Finding(f"{host} was left alone: {told}", wrong=True)


FEWEST = 5
"""So many pages have to be read before a rule that matched none of them is said to be out of date."""


def unmatched(source: Source, stats: dict[str, int], *, partial: bool = False) -> Iterator[Finding]:
    """The source's rules that matched nothing in a run: then the site has been redesigned.

    `stats` are those of `Family.finish` and `Portal.links`. Without its rules for lists or bodies a source is read by
    guesses only, and that is wrong; other fields have a general reading as good as theirs, or stay empty. A few pages
    of a `partial` run may all be of a template that the rules are not for.
    """
    file = source.path.name
    lists = stats.get("list/general", 0) + stats.get("list/none", 0)
    if "list" in source.select and lists and not stats.get("list/rules"):
        yield Finding(f"select.list of {file} matched none of {lists} lists; links were found generally", wrong=True)
    by_rules, generally = stats.get("read/rules", 0), stats.get("read/general", 0)
    pages = by_rules + generally
    if "body" in source.select and not by_rules and generally >= (FEWEST if partial else 1):
        told = f"select.body of {file} matched none of {generally} pages; they were read generally"
        yield Finding(told, wrong=True)
    elif "body" in source.select and pages >= FEWEST and by_rules < generally:
        told = f"select.body of {file} matched {by_rules} of {pages} pages; the others were read generally"
        yield Finding(told, wrong=False)
    for field in source.select:
        if field != "body" and pages >= FEWEST and stats.get(f"read/missed/{field}", 0) >= pages:
            yield Finding(f"select.{field} of {file} matched none of {pages} pages", wrong=False)


AMISS = {
    "hanweb/broken_lists": "lists of records broken off", "hanweb/empty_lists": "lists of records empty",
    "feed/broken": "feeds no XML as they stand", "feed/unreadable": "addresses no feed",
    "feed/missing": "sitemaps missing", "list/none": "lists without links to articles",
    "trs/unread_paging": "pagings of lists unread",
    "read/missing_whole_pages": "full-text pages that do not go on from their stub",
    "again/lists_missing": "lists missing", "again/missing": "articles missing for the first time",
    "again/gone": "articles gone",
    "outward/redirects": "redirects to hosts that the source does not name",
    "torn/articles": "articles that broke off time and again", "unpacking/bombs": "pages too large to unpack",
    "decode/too_long": "pages too large to read", "robots/unreachable": "failures of robots.txt, which forbid all",
    "mending/torn": "torn ends of WARC files cut off after a crash",
    "mending/entered": "pages entered that a crash had left in WARC only",
}  # fmt: skip
"""What can be amiss on the way to a whole article, by its stat, in words before a number."""


def amiss(stats: dict[str, int]) -> Finding | None:
    """What was amiss on the way to whole articles: read as far as it went, and said. What matters is what came in.

    >>> amiss({"feed/broken": 1, "feed/missing": 2})
    Finding(sentence='feeds no XML as they stand: 1, sitemaps missing: 2', wrong=False)
    >>> amiss({"read/missing_whole_pages": 1}).sentence
    'full-text pages that do not go on from their stub: 1'
    """
    told = ", ".join(f"{words}: {stats[key]}" for key, words in AMISS.items() if stats.get(key))
    return Finding(told, wrong=False) if told else None


def damaged(stats: Mapping[str, Any]) -> Iterator[Finding]:
    """What a crash, the disk or the clock has done to what is kept.

    >>> [found.sentence for found in damaged({"mending/lost": 2})]
    ['2 pages have lost their WARC records; they are asked for again']
    """
    if lost := stats.get("mending/lost"):
        yield Finding(f"{lost} pages have lost their WARC records; they are asked for again", wrong=True)
    if files := stats.get("mending/damaged"):
        yield Finding(f"{files} WARC files are damaged inside, see the log", wrong=True)
    if before := stats.get("clock/before"):
        told = f"the clock was set back: it is {stats['clock/now']}, and the run before began at {before}"
        yield Finding(f"{told}; what was read now counts as older", wrong=True)
