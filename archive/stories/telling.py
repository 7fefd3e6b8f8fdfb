"""What is told of a story: its best copy, who published first, and who took it from whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.stories.words import words


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, as far as it matters here."""

    id: int
    """Row in `articles`."""
    fingerprint_id: int
    """Row in `fingerprints`: articles with the same headline and text have one."""
    length: int
    """Letters and digits of the text."""
    damage: int
    """Characters that are lost for good."""
    guesses: int
    """Repairs that are guesses."""
    published: str | None
    """ISO 8601 with +08:00."""
    precision: str | None
    """How much of it the page names."""
    first_fetched: str
    """When it first came in, ISO 8601, UTC."""
    url: str
    """Its address."""
    source: str
    """Id of its source."""
    publication: str
    """Name of its source."""
    origin: str | None
    """Whom its page names as the origin."""
    origin_via: str | None
    """Whom the origin took it from."""
    script: str | None = None
    """`hans` or `hant`."""


COMPLETE = 0.8
"""Share of the longest copy's characters that a complete one has: headers and footers that were added are no loss."""

_EDITION = re.compile(r"(?:数字报|电子报|电子版|网络版|手机报|客户端|官网)$")


def best(members: Sequence[Member]) -> Member:
    """The copy that stands for the story: complete, clean, early.

    Of two that are equal in that the address decides, so that the order in which they came does not.
    """
    enough = COMPLETE * max(each.length for each in members)
    return min(
        members, key=lambda each: (each.length < enough, each.damage > 0, each.guesses > 0, _when(each), each.url)
    )


def taken_from(members: Sequence[Member]) -> dict[int, tuple[int | None, str]]:
    """By article, the one it says it was taken from, and the words that say so; None for one that is not among them."""
    by_name: dict[str, list[Member]] = {}
    for each in sorted(members, key=lambda each: (_when(each), each.url)):
        by_name.setdefault(publication(each.publication), []).append(each)
    found: dict[int, tuple[int | None, str]] = {}
    for each in members:
        for named, label in ((each.origin_via, "据"), (each.origin, "来源：")):
            if not named or publication(named) == publication(each.publication):
                continue
            origin = next((other for other in by_name.get(publication(named), ()) if other.id != each.id), None)
            found[each.id] = (origin.id if origin else None, f"{label}{named}")
            break
    return found


def first(members: Sequence[Member], taken: dict[int, tuple[int | None, str]]) -> tuple[Member | None, str | None]:
    """Who published first, and what that goes by: the dates, and whom the copies name. None where no page tells."""
    by_id = {each.id: each for each in members}
    dated = [each for each in members if each.published]
    if not dated:
        return None, None
    # Of one day, whoever names nobody else comes before whoever does; then the time tells, where the pages name one.
    earliest = min(dated, key=lambda each: (_day(each), each.id in taken, _when(each), each.url))
    named = _source(earliest.id, taken)
    chosen = by_id[named] if named is not None else earliest
    copies = sum(1 for other, _ in taken.values() if other == chosen.id)
    said = [f"published {_shown(chosen)}"] if chosen.published else []
    if len(dated) > 1 and chosen is earliest:
        same = [each for each in dated if _day(each) == _day(chosen) and each.id != chosen.id]
        alone = not same or (chosen.precision == "minute" and all(each.precision == "minute" for each in same))
        said.append(f"the earliest of {len(dated)}" if alone else f"on the same day as {len(same)} more")
    if chosen is not earliest:
        said.append(f"named by article {earliest.id}, which is dated {_shown(earliest)}")
    elif copies:
        said.append(f"named as the origin by {copies}")
    elif chosen.id in taken:
        said.append(f"which names {taken[chosen.id][1]}, not in the archive")
    return chosen, ", ".join(said)


@lru_cache(maxsize=4096)
def publication(name: str) -> str:
    """The words of a publication's name without what its web edition adds.

    >>> publication("《益阳日报》数字报"), publication("益陽日報")
    ('益阳日报', '益阳日报')
    """
    return _EDITION.sub("", words(name))


def _source(article_id: int, taken: dict[int, tuple[int | None, str]]) -> int | None:
    """The article at the end of the chain of those that name each other; None where it begins with this one."""
    seen = [article_id]
    while (named := taken.get(seen[-1], (None, ""))[0]) is not None and named not in seen:
        seen.append(named)
    return seen[-1] if len(seen) > 1 else None


def _day(each: Member) -> str:
    """The day of publication; of what names only its month or year, behind the days of it."""
    named = {"year": 4, "month": 7}.get(each.precision or "", 10)
    return (each.published or "")[:named].ljust(10, "~")


def _when(each: Member) -> tuple[str, str]:
    return (_day(each) + (each.published or "")[10:] if each.published else "~", each.first_fetched)


def _shown(each: Member) -> str:
    length = {"year": 4, "month": 7, "minute": 16}.get(each.precision or "", 10)
    return (each.published or "")[:length].replace("T", " ")
