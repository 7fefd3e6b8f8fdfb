"""Hard negatives: articles that look like copies of each other and are none."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.copies import furniture
from benchmarks.copies.changing import sentences
from benchmarks.copies.invented import Names, body, filled, form, headline, invented_names, length

ALL_USE = 0.25

Told = tuple[str, str]
"""Headline and text."""


def counties(chance: random.Random) -> Iterator[Told]:
    """The monthly notices of two counties and of two months of one: the same words, other figures and names."""
    lines = _own_wording(chance.sample(furniture.STATISTICS, chance.randint(5, 12)), chance)
    breaks = [chance.choice(("", "\n")) for _ in lines]
    month = chance.randint(1, 11)
    one, other = invented_names(chance), invented_names(chance)
    for names, which in ((one, month), (other, month), (one, month + 1)):
        text = "".join(filled(line, chance, names) + end for line, end in zip(lines, breaks, strict=True))
        yield f"{names.counties[0]}1—{which}月招商引资工作情况通报", text.strip()


def parts(chance: random.Random) -> Iterator[Told]:
    """A serial report in three: the same standfirst, other bodies."""
    names = invented_names(chance)
    title = headline(chance, names)
    standfirst = body(chance, names, chance.randint(60, 160))
    for sign in chance.choice(("（上） （中） （下）", "（一） （二） （三）", "之一 之二 之三")).split():
        yield title + sign, f"{standfirst}\n{body(chance, names, chance.randint(400, 1500))}"


def policies(chance: random.Random) -> Iterator[Told]:
    """The same policy, two fifths to seven tenths of the text, with other news around it."""
    boilerplate = body(chance, invented_names(chance), chance.randint(250, 800))
    for _ in range(3):
        names = invented_names(chance)
        own = int(len(boilerplate) / chance.uniform(0.4, 0.7)) - len(boilerplate)
        before, after = body(chance, names, own // 2), body(chance, names, own - own // 2)
        yield headline(chance, names), f"{before}\n{boilerplate}\n{after}"


def forms(chance: random.Random) -> Iterator[Told]:
    """Notices of one form: land put up for auction, or posts, each with other parcels or posts."""
    land = chance.random() < 0.5
    common = furniture.AUCTION if land else furniture.RECRUITMENT
    items = furniture.PARCELS if land else furniture.POSTS
    names = invented_names(chance)
    used = sorted(chance.sample(range(1, len(common)), chance.randint(3, len(common) - 1)))
    chosen = [common[0], *_own_wording([common[place] for place in used], chance)]
    item = chance.choice(items)
    numbered = chance.random() < 0.5
    subject = "国有建设用地使用权挂牌出让公告" if land else "公开招聘工作人员公告"
    for _ in range(3):
        # Its county and the office stay; the parcels, firms and persons are others.
        others = invented_names(chance)
        here = Names(names.counties[:1], others.places, others.firms, others.persons)
        rows = "\n".join(filled(item, chance, here) for _ in range(chance.randint(2, 5)))
        lines = [filled(line, chance, here) for line in chosen]
        text = "\n".join([lines[0], rows, *lines[1:]])
        number = f"（〔{chance.randint(2015, 2025)}〕{chance.randint(1, 99)}号）" if numbered else ""
        yield f"{names.counties[0]}{subject}{number}", text


def short_notices(chance: random.Random) -> Iterator[Told]:
    """Two notices of one form and one office that name a project, a firm and a sum, or the project alone."""
    line, names = chance.choice(furniture.SHORT), invented_names(chance)
    kind = ("中标公告", "公示", "管理办法的通知", "环评公告")[furniture.SHORT.index(line)]
    named = chance.random() < 0.5
    for what in chance.sample(furniture.PROJECTS, 2):
        others = invented_names(chance)
        project = others.places[0] + what
        here = Names(names.counties[:1], others.places, others.firms, others.persons)
        title = f"{names.counties[0]}{project if named or kind == '管理办法的通知' else '项目'}{kind}"
        yield title, filled(line.replace("X", project), chance, here)


def _own_wording(lines: list[str], chance: random.Random) -> list[str]:
    """A form as an office has it: a quarter of them as all use it, the others with half the lines of their own."""
    if chance.random() < ALL_USE:
        return lines
    return [line if place % 2 else form(chance, len(line)) for place, line in enumerate(lines)]


def digests(chance: random.Random, others: list[Told]) -> Iterator[Told]:
    """Two weekly digests: short versions of three to eight other articles each, under their headlines or not."""
    waiting = chance.sample(others, len(others))
    for _ in range(2):
        taken = [waiting.pop() for _ in range(chance.randint(3, 8))]
        names, with_headlines = invented_names(chance), chance.random() < 0.5
        lines = []
        for title, text in taken:
            short = _short(text, min(int(0.4 * len(text)), chance.randint(60, 200)))
            lines.append(f"{title}\n{short}" if with_headlines else f"【{names.counties[0]}】{short}")
        yield f"{names.places[0]}一周要闻（第{chance.randint(1, 52)}期）", "\n".join(lines)


def _short(text: str, size: int) -> str:
    taken = ""
    for sentence in sentences(text):
        if taken and len(taken) + len(sentence) > size:
            break
        taken += sentence.strip()
    return taken[: 2 * size]


def single(chance: random.Random) -> Told:
    """An article of its own."""
    names = invented_names(chance)
    return headline(chance, names), body(chance, names, length(chance))
