"""Settle which place each name in a text means, or leave it open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from archive.regions import level, lineage, table
from pipelines.namesakes import without_namesakes
from pipelines.placenames import DISTRICT_AT_START, DISTRICT_SHORT, JUNCTION, PLAIN, Name, Senses, names

MORE, ITSELF, ITS_PARENT, ITS_PROVINCE = 5, 4, 3, 1
"""What bears a meaning out: the text names that place beyond doubt, or the division above it, or its province; more is
only its parent right before it."""

NEEDED = (0, ITS_PROVINCE, ITS_PROVINCE, ITS_PARENT, ITS_PARENT, ITSELF, ITSELF, ITSELF, MORE)
"""What a name must be borne out by to count, by how far it can be trusted."""

MUNICIPALITIES = frozenset(("110000", "120000", "310000", "500000"))
"""Provinces that are one city each."""


class Place(NamedTuple):
    """A name where it stands in a text, and what it means."""

    start: int
    end: int
    code: str
    """The division or zone."""


def places(text: str, hint: str | None = None) -> list[Place]:
    """The places that a text in simplified script names, from left to right; what stays ambiguous is left out.

    The hint is a region that the text has to do with; it settles what nothing else does.

    >>> [place.code for place in places("福州市台江区和鼓楼区")], places("鼓楼区"), places("会同各方")
    (['350100', '350103', '350102'], [], [])
    """
    found = without_namesakes(names(text), text)
    settled = dict(_beside_their_parents(found))
    meant: dict[Senses, str | None] = {
        each.senses: each.senses[0].code for each in found if len(each.senses) == 1 and each.senses[0].trust == PLAIN
    }
    certain = {*filter(None, meant.values()), *settled.values(), *((hint,) if hint else ())}
    open_ = [each for each in found if each.senses not in meant]
    often = Counter(_counted(each, text) for each in open_)
    again = {each.senses: often[_counted(each, text)] > 1 for each in open_}
    while open_:
        spoken_of = {above for code in certain for above in lineage(code)}
        alone = not settled and not any(meant.values())
        for senses, more in again.items():
            meant[senses] = _settled(senses, certain, spoken_of, again=more, alone=alone)
        # What was settled may settle more.
        known = len(certain)
        certain.update(filter(None, meant.values()))
        if len(certain) == known:
            break
    return [
        Place(each.start, each.end, _zone(code, each.zone) if each.zone else code)
        for at, each in enumerate(found)
        if (code := settled.get(at) or meant[each.senses])
    ]


def _counted(name: Name, text: str) -> Senses | str:
    """What a name is told by when it is asked how often it stands there: a junction counts only where a word begins."""
    return name.senses if name.senses[0].trust == JUNCTION else text[name.start : name.end]


def _beside_their_parents(found: list[Name]) -> Iterable[tuple[int, str]]:
    """Which names stand right behind a division that one meaning of theirs is of (湖南会同, 福州市鼓楼区), and that."""
    for at in range(1, len(found)):
        if found[at - 1].end != found[at].start or found[at - 1].zone is not None:
            continue
        pairs = [
            (above.code, each.code)
            for each in found[at].senses
            for above in found[at - 1].senses
            if above.code in lineage(each.code)[1:]
        ]
        if len({code for _, code in pairs}) == 1:
            yield from ((at - 1, pairs[0][0]), (at, pairs[0][1]))


def _settled(senses: Senses, certain: set[str], spoken_of: set[str], *, again: bool, alone: bool) -> str | None:
    """The one meaning that the rest of the text bears out best, if it does so far enough.

    `alone` says that the text names nothing else beyond doubt.
    """
    best, codes = 0.0, []
    for code, trust in senses:
        above = lineage(code)[1:]
        borne_out = (
            ITSELF if code in certain
            else ITS_PARENT if above and above[0] in spoken_of
            else ITS_PROVINCE if above and above[-1] in spoken_of
            else 0
        )  # fmt: skip
        # A district of no other's name that is named again and again need not have its city beside it (柯桥), and two
        # words that meet to a county's name (创新/化工) do not do so twice where a word begins.
        named_again = again and len(senses) == 1 and (
            trust in (DISTRICT_AT_START, DISTRICT_SHORT) or (trust == JUNCTION and borne_out >= ITS_PROVINCE)
        )  # fmt: skip
        if borne_out < NEEDED[trust] and not named_again:
            continue
        if borne_out < ITSELF and any(other in above for other, _ in senses):
            # 吉林 is the province rather than its city.
            continue
        if (
            borne_out < ITS_PROVINCE
            and level(code) == "prefecture"
            and _is_rivalled(code, senses, spoken_of, alone=alone)
        ):
            continue
        # A short name is a prefecture's rather than a county's elsewhere (朝阳).
        value = borne_out + (0.5 if code.endswith("00") else 0.1)
        if value > best:
            best, codes = value, [code]
        elif value == best:
            codes.append(code)
    return codes[0] if len(codes) == 1 else None


def _is_rivalled(code: str, senses: Senses, spoken_of: set[str], *, alone: bool) -> bool:
    """Whether a prefecture's short name may as well be that of a part of another city, which the text names.

    Where it names none, the city need only be better known: a capital.

    >>> senses = names("资阳")[0].senses
    >>> _is_rivalled("512000", senses, {"430900"}, alone=False), _is_rivalled("512000", senses, set(), alone=True)
    (True, False)
    """
    cities = {above for other, _ in senses if code not in lineage(other) for above in lineage(other)[1:2]}
    return not cities.isdisjoint(spoken_of) or (alone and any(_is_capital(city) for city in cities))


def _is_capital(code: str) -> bool:
    """Whether a division is the capital of a province, or a municipality."""
    return code.endswith("0100") or code in MUNICIPALITIES


def _zone(code: str, suffix: str) -> str:
    """The zone of a division that is called after it; the division itself, where the table has none."""
    zone = table().get(f"{code}-{suffix}")
    if zone is None:
        return code
    region = table()[code]
    return zone.code if any(short in zone.name for short in (*region.short, *region.doubtful)) else code
