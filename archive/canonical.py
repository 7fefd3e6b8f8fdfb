"""One page under many addresses: the key that they share, and what was taken away to get there.

Two addresses with one key are the same page. So a fix has a reason, a real case, and cases that it leaves alone: a page
that is fetched twice costs a second, two pages taken for one are an article lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from archive import address_fixes as fixes
from archive.address_parts import Parts, split, without_blanks


class Fix(NamedTuple):
    """One thing in which addresses of the same page differ."""

    change: Callable[[Parts], Parts]
    """Takes it away; its name is the name of the fix."""
    cited: bool
    """Whether nobody would cite it: it is gone from the address of an article, too, and not only from its key."""


FIXES = (
    Fix(fixes.host, cited=True),
    Fix(fixes.port, cited=True),
    Fix(fixes.fragment, cited=True),
    Fix(fixes.escapes, cited=False),
    Fix(fixes.session, cited=True),
    Fix(fixes.tracking, cited=True),
    Fix(fixes.views, cited=False),
    Fix(fixes.order, cited=False),
    Fix(fixes.twin_path, cited=False),
    Fix(fixes.twin_host, cited=False),
    Fix(fixes.index_page, cited=False),
    Fix(fixes.scheme, cited=False),
)
"""All fixes, in the order in which they are made: escapes before what is known by its letters, index pages behind all
that a query may lose."""
_ALL = tuple(fix.change for fix in FIXES)
# Of a key `escapes` has made the same.
_NOT_CITED = (*(fix.change for fix in FIXES if fix.cited), fixes.last_blanks)


@dataclass(frozen=True, slots=True)
class Change:
    """What one fix did to an address: one stretch of it, from the first letter that it changed to the last."""

    fix: str
    """Name of the fix."""
    start: int
    """Where `after` stands, in characters of the address as the fix left it."""
    before: str
    """What stood there."""
    after: str
    """What stands there since; empty where it was taken away."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address, as what decides whether it is the same page as another, and what it has beside that."""

    key: str
    """An address itself, which need not lead anywhere: `http:` and without `www.` for an article of any site."""
    dropped: tuple[Change, ...] = ()
    """What was taken away or changed, in that order; `restored` takes it back."""


def address(url: str) -> Address:
    """What decides about an address, apart from what does not.

    What is no http address, or has an impossible port, is its own key.

    >>> address("https://a.example/c/7654321.htm?from=timeline")
    Address(key='http://a.example/c/7654321.htm', \
dropped=(Change(fix='tracking', start=31, before='?from=timeline', after=''), \
Change(fix='scheme', start=4, before='s', after='')))
    """
    bare = without_blanks(url)
    parts = split(bare)
    if parts is None:
        return Address(url)
    changes, last = ([_change("blanks", url, bare)] if bare != url else []), bare
    for fix in FIXES:
        parts = fix.change(parts)
        text = "".join(parts)
        if text != last:
            changes.append(_change(fix.change.__name__, last, text))
            last = text
    return Address(last, tuple(changes))


def key(url: str) -> str:
    """What two addresses of the same page share.

    >>> key("http://m.a.example/content/646754/67/7654321.html?isappinstalled=0#p")
    'http://a.example/content/646754/67/7654321.html'
    >>> key("https://www.a.example/zhaoshang/index.html"), key("http://www.a.example:80/zhaoshang/?")
    ('http://www.a.example/zhaoshang/', 'http://www.a.example/zhaoshang/')
    """
    return _without(_ALL, url)


def cited(url: str) -> str:
    """The address to cite: without what belongs to a reader and not to the page; scheme and host as they were fetched.

    What is no http address, or has an impossible port, comes back unchanged.

    >>> cited("HTTP://Epaper.Example:80/html/2024-09/04/content_9.htm?div=-1#p")
    'http://epaper.example/html/2024-09/04/content_9.htm'
    >>> cited("http://a.example/s?title=%d5%d0%C9%CC&from=timeline")
    'http://a.example/s?title=%d5%d0%C9%CC'
    """
    return _without(_NOT_CITED, url)


def restored(address: Address) -> str:
    """The very address that there was.

    >>> restored(address("https://WWW.A.example:443/c/7654321.htm?spm=1&x=&from=timeline#top"))
    'https://WWW.A.example:443/c/7654321.htm?spm=1&x=&from=timeline#top'
    """
    url = address.key
    for each in reversed(address.dropped):
        url = url[: each.start] + each.before + url[each.start + len(each.after) :]
    return url


def _without(changes: Iterable[Callable[[Parts], Parts]], url: str) -> str:
    parts = split(without_blanks(url))
    if parts is None:
        return url
    for change in changes:
        parts = change(parts)
    return "".join(parts)


def _change(fix: str, before: str, after: str) -> Change:
    """The stretch in which two texts differ.

    >>> _change("order", "/s?b=1&a=2", "/s?a=2&b=1")
    Change(fix='order', start=3, before='b=1&a=2', after='a=2&b=1')
    """
    shorter = min(len(before), len(after))
    start = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    same = next((n for n in range(shorter - start) if before[-1 - n] != after[-1 - n]), shorter - start)
    return Change(fix, start, before[start : len(before) - same], after[start : len(after) - same])
