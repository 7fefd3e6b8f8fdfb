"""Find the region that a text is about, by the places that it names."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from archive.regions import level, lineage, table
from pipelines.placenames import PARTS
from pipelines.places import Place

HEADLINE, FIRST_PARAGRAPH, AT_HOME = 4, 2, 2
"""What a name counts in a headline and in the first paragraph, where one below counts 1; and how many times more a
place counts that lies in the province of the source."""

ELSEWHERE, TRAVELS, NAMELESS, PART = 0.2, 4, 2, 0.5
"""How many times as much a name counts where it says whence somebody comes, or where one goes to; where it sends people
to others; where the text keeps the place's own name back (黔中某县); and where it is but a part of a province."""

PROVINCIAL_SOURCE, LOCAL_SOURCE, OURS = 1, 3, 8
"""What the region of the source counts beside the names: that of a province, that of a city or county, and that of one
whose text says 全市 or 我县."""

ENOUGH = 2
"""A single name in the body does not say what a text is about."""

SHARE, LEAD = 0.5, 1.4
"""The part that one division must have of all names below the next higher one, and how much more than the second."""

EARLY = 0.4
"""How far down the body a region is named first, at most, to be more than an example."""

OFTEN = 3
"""How many times an article about a city names it that has one of its counties for an example before."""

ZONE_SHARE, ZONE_SHARE_AT_HOME = 0.3, 0.5
"""The part that a zone must have of all names in its division, and in that of the source."""

_WHOLE_PROVINCE = ("全省", "我省", "省里", "省直", "各市州")
_OURS = re.compile("[我全本][市县区州]|[市县区州]里|各县")
_FROM = tuple("来自 源自 发往 运往 销往 前往 奔赴 赶赴 远赴 赴 飞往 走了 去了 从 距离 毗邻 承接 对接".split())
_COMES = re.compile("来的|籍|的?(?:客商|客人|商会|企业家|老板|同行)|去(?![年除库产杠化掉])")
_ROLE = re.compile("((?:第.)?(?:招商)?(?:小分队|代表团|考察团|经贸团|招商团))|[有某一]{1,2}个?[县市区州]")
_SENTENCE_ENDS = re.compile("。(?!”)")
_AND = "、和与及"
_DATELINE = re.compile(r"[^\n]{0,20}?(?:讯|电|报道|报导)?[(（【][^)）】\n]{0,40}[)）】]|[^\n]{0,16}(?:讯|电)")


class Home(NamedTuple):
    """The region that an article is about."""

    code: str | None
    evidence: str | None
    """What it goes by."""


class _Text(NamedTuple):
    """A text in simplified script, and where its parts end and begin."""

    words: str
    headline: int
    """Where the headline ends."""
    lead: int
    """Where the first paragraph ends; where the headline does, if the body is news in brief."""
    body: int
    """Where the body begins behind its dateline."""
    early: float
    """Where what is named first is an example."""


def home_region(text: str, found: list[Place], headline: int, hint: str | None = None) -> Home:
    """The most specific region that most of the names in a text lie in; its first `headline` characters count more.

    The hint is the region of the source.

    >>> from pipelines.places import places
    >>> text = "芦淞拿出订单，株洲芦淞区办对接会，北京、深圳的企业来到芦淞。"
    >>> home_region(text, places(text), 6)
    Home(code='430203', evidence='named in the headline, 3 times in all: 芦淞')
    """
    parts = _parts(text, headline)
    total = _counted(parts, found, hint)
    below: dict[str, list[str]] = defaultdict(list)
    for code in total:
        below[table()[code].parent or ""].append(code)
    home = max(below[""], key=total.__getitem__, default="")
    if not home or total[home] < ENOUGH:
        return Home(None, None)
    whole = 2 * sum(map(text.count, _WHOLE_PROVINCE))
    while best := _prevailing(home, below[home], total, whole, hint):
        if level(home) == "prefecture" and _is_example(best, home, found, parts):
            break
        home = best
    home = _zone_at_the_beginning(home, found, parts, hint)
    here = [place for place in found if home in lineage(place.code)]
    if not here or (hint and len(here) == 1 and here[0].start > parts.early):
        return Home(None, None)
    first = here[0]
    where = "headline" if first.start < headline else "first paragraph" if first.start < parts.lead else "body"
    times = f", {len(here)} times in all" if len(here) > 1 else ""
    return Home(home, f"named in the {where}{times}: {text[first.start : first.end]}")


def _parts(text: str, headline: int) -> _Text:
    lead = text.find("\n", headline + 1)
    if text.count("\n【") > 1:
        lead = headline
    elif lead < 0:
        lead = len(text)
    dateline = _DATELINE.match(text, headline + 1)
    body = dateline.end() - 1 if dateline else headline
    return _Text(text, headline, lead, body, headline + EARLY * (len(text) - headline))


def _counted(text: _Text, found: list[Place], hint: str | None) -> dict[str, float]:
    """What the names count, by code, for each region and all above it."""
    total: dict[str, float] = defaultdict(float)
    visitors = _visitors(text, found)
    provincial = hint is not None and level(hint) == "province"
    seat = f"{hint[:2]}0100" if hint and provincial else None
    for at, place in enumerate(found):
        if _is_address_of(place, found[at + 1] if at + 1 < len(found) else None):
            continue
        if place.code == seat and text.headline < place.start < text.body:
            # A provincial paper's dateline in its own city says nothing.
            continue
        weight: float = HEADLINE if place.start < text.headline else FIRST_PARAGRAPH if place.start < text.lead else 1
        if hint and hint[:2] == place.code[:2]:
            weight *= AT_HOME
        weight *= ELSEWHERE if at in visitors else _role(place, text.words)
        for code in lineage(place.code):
            total[code] += weight
    for code in lineage(hint) if hint else ():
        total[code] += PROVINCIAL_SOURCE if provincial else OURS if _OURS.search(text.words) else LOCAL_SOURCE
    return total


def _role(place: Place, text: str) -> float:
    """How many times as much a name counts by the words behind it."""
    if role := _ROLE.match(text, place.end):
        return TRAVELS if role[1] else NAMELESS
    return PART if text[place.start : place.end] in PARTS else 1


def _visitors(text: _Text, found: list[Place]) -> set[int]:
    """Which of the places are where somebody comes from or goes to.

    What is joined to one of them by 、 is, too; and what is nothing else in the headline is one all through the text,
    but for 从 (从邵东制造到邵东智造).
    """
    visitors: set[int] = set()
    away: set[str] = set()
    there: set[str] = set()
    for at, place in enumerate(found):
        before = found[at - 1] if at else None
        if (
            text.words.endswith(_FROM, 0, place.start)
            or _COMES.match(text.words, place.end)
            or (before and at - 1 in visitors and text.words[before.end : place.start] in _AND)
        ):
            visitors.add(at)
            if place.start < text.headline and not text.words.endswith("从", 0, place.start):
                away.add(place.code)
        elif place.start < text.headline:
            there.add(place.code)
    away -= there
    return visitors.union(at for at, place in enumerate(found) if place.code in away) if away else visitors


def _is_address_of(place: Place, after: Place | None) -> bool:
    """Whether a place only says where the next one lies (株洲 in 株洲芦淞区)."""
    return after is not None and after.start == place.end and place.code in lineage(after.code)[1:]


def _prevailing(at: str, below: list[str], total: dict[str, float], whole: int, hint: str | None) -> str | None:
    """The one of the divisions below a region that the text is about; None where it is about several, or all of it."""
    share = ZONE_SHARE_AT_HOME if at == hint else ZONE_SHARE
    ranked = sorted(
        (code for code in below if not table()[code].is_zone or total[code] >= share * total[at]),
        key=total.__getitem__,
        reverse=True,
    )
    if not ranked or table()[ranked[0]].is_zone:
        return ranked[0] if ranked else None
    best, named = total[ranked[0]], sum(total[code] for code in ranked)
    if best < SHARE * named or (len(ranked) > 1 and best < LEAD * total[ranked[1]]):
        return None
    if level(at) == "province" and best <= (total[at] - named) / 2 + whole:
        return None
    return ranked[0]


def _is_example(code: str, city: str, found: list[Place], text: _Text) -> bool:
    """Whether an article about a city has a county of it for an example only: far down, or once and for short."""
    named = [place for place in found if code in lineage(place.code)]
    own = [place.start for place in found if place.code == city]
    if not named or not own:
        return False
    late = own[0] < named[0].start and named[0].start > text.early
    short = text.words[named[0].start : named[0].end] in table()[code].short
    return late or (len(named) == 1 and short and (own[0] < named[0].start or len(own) >= OFTEN))


def _zone_at_the_beginning(home: str, found: list[Place], text: _Text, hint: str | None) -> str:
    """The zone of a region that the body begins with, for which the headline may have 宁乡 alone; else the region."""
    first = next((place for place in found if place.start > text.body), None)
    if first is None or first.start > text.lead or home == hint or table()[first.code].parent != home:
        return home
    begins = table()[first.code].is_zone and not _SENTENCE_ENDS.search(text.words, text.body, first.start)
    return first.code if begins else home
