"""Invented articles without end: the sample articles respliced, with places, firms, persons and figures of their own.

A text walks through the prose of the sample and leaps, every few characters, to another place that reads alike so far
(the same two characters). It reads like the news at a glance and says nothing. Whole sentences of the sample would not
do: with 200,000 articles each would stand in hundreds of them, and strangers would share far more than they really do.
"""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opencc import OpenCC
from pypinyin.phrases_dict import phrases_dict

from benchmarks.clean.chinese import SURNAMES
from crawler.demo.sample import load

SHORTEST, MEDIAN, LONGEST = 150, 540, 3000
"""Characters of an article; the logarithm of its length is normally distributed about that of the median."""
SPREAD = 0.75
COMMON = 20
"""Times that a character stands in the sample, at least, to be written in other words."""
RUN = (2, 4)
"""Characters that are copied before the next leap, at least and at most. Shorter runs share less and read worse."""
OTHER_WORDS = 0.3
"""Share of the leaps before which a word gives way to any other of the language: the sample has few of its words."""

_PLACE, _COUNTY, _FIRM, _PERSON, _FIGURE = "\ue000\ue001\ue002\ue003\ue004"
_ENDS = "，。；：、！？\n"
_SLOTS = {_PLACE: "places", _COUNTY: "counties", _FIRM: "firms", _PERSON: "persons"}
_SLOT = re.compile(f"([{_PLACE}-{_FIGURE}])(?=(.?))")
_RANGES = {
    "年": (2012, 2026), "月": (1, 12), "日": (1, 28), "时": (6, 20), "个": (2, 60), "名": (1, 30), "岁": (20, 50),
    "家": (2, 90), "人": (3, 900), "件": (5, 400), "批": (2, 40), "位": (1, 12), "户": (40, 40000), "号": (1, 60),
    "天": (5, 90), "：": (1, 30),
}  # fmt: skip
"""What is counted by a figure, and the least and the most that the news tells of it."""
_TRADES = (
    "科技|股份|集团|半导体|新材料|新能源|电子|机械|食品|药业|生物|纺织|物流|装备|精密|光电|重工|化工|农业|文旅|实业|"
    "环保|电气|智能"
)
_FIRM_WORDS = (
    "瑞 恒 宏 鑫 远 博 泰 华 盛 航 星 蓝 天 海 云 金 中 联 创 通 科 源 力 维 诺 德 隆 嘉 信 达 "
    "凯 伟 昊 晟 铭 宇 辰 安 康 佳 润 丰 禾 谷 "
    "川 岳 汇 聚 卓 越 飞 腾 启 明 新 光 兴 业 旭 东 立 讯 景 程 锐 普 迈 拓 芯 能"
).split()
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰春红建国志文海波斌宇浩然子轩梓涵思远嘉怡雨桐欣妍晓东雪梅立新学"
    "林家豪佩琪振邦启航若溪婉清景行知远鸿博"
)


@dataclass(frozen=True, slots=True)
class Prose:
    """The sample, made ready to be walked through."""

    text: str
    """All of it, simplified, with a slot for each name and figure; a line break between paragraphs."""
    after: dict[str, tuple[int, ...]]
    """Where one goes on behind two characters."""


@dataclass(frozen=True, slots=True)
class Names:
    """What one article writes into its slots."""

    counties: tuple[str, ...]
    """Its own one first."""
    places: tuple[str, ...]
    """Divisions and zones, by their short names."""
    firms: tuple[str, ...]
    """Names without what they deal in."""
    persons: tuple[str, ...]
    """Surname and given name."""


def length(chance: random.Random) -> int:
    """Characters that an article is to have."""
    while True:
        wanted = int(chance.lognormvariate(0, SPREAD) * MEDIAN)
        if SHORTEST <= wanted <= LONGEST:
            return wanted


def body(chance: random.Random, names: Names, size: int) -> str:
    """Paragraphs of about so many characters, ending with a sentence."""
    return filled(form(chance, size), chance, names)


def form(chance: random.Random, size: int) -> str:
    """The same with its slots still empty."""
    return "".join(_walk(chance, size)).strip()


def headline(chance: random.Random, names: Names) -> str:
    """12 to 24 characters without a full stop."""
    said = re.sub(r"[^\w]", "", filled("".join(_walk(chance, 40)), chance, names))
    return re.sub(r"[\d.]+$", "", said[: chance.randint(12, 24)])


def invented_names(chance: random.Random) -> Names:
    counties, places = divisions()
    return Names(
        tuple(chance.choices(counties, k=4)),
        tuple(chance.choices(places, k=3)),
        tuple("".join(chance.sample(_FIRM_WORDS, chance.choice((2, 2, 2, 3)))) for _ in range(3)),
        tuple(chance.choice(SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2)))) for _ in range(4)),
    )


def filled(text: str, chance: random.Random, names: Names) -> str:
    """A text with its slots filled."""

    def word(found: re.Match[str]) -> str:
        slot, unit = found.groups()
        if slot == _FIGURE:
            if unit in _RANGES:
                return str(chance.randint(*_RANGES[unit]))
            return f"{chance.uniform(0.5, 60):.1f}" if unit == "%" else figure(chance)
        return chance.choice(getattr(names, _SLOTS[slot]))

    return _SLOT.sub(word, text)


def slotted(form: str) -> str:
    """A form with slots, written with C (county), P (place), F (firm), M (person) and # (figure)."""
    return form.translate(
        {ord(sign): slot for sign, slot in zip("CPFM#", (_COUNTY, _PLACE, _FIRM, _PERSON, _FIGURE), strict=True)}
    )


def figure(chance: random.Random) -> str:
    """A number as the news has them: many small, some decimal, few large."""
    digits = chance.choice((1, 1, 2, 2, 2, 3, 3, 4))
    number = chance.randint(10 ** (digits - 1), 10**digits - 1)
    return f"{number}.{chance.randint(1, 99)}" if chance.random() < 0.3 else str(number)


@cache
def divisions() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of counties, and the shortest ones of all divisions and zones."""
    with files("archive").joinpath("regions.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if not row["until"]]
    counties = [row["name"] for row in rows if row["code"].isdigit() and not row["code"].endswith("00")]
    shorts = [(row["short"].split() or [row["name"]])[-1].rstrip("?") for row in rows]
    return tuple(counties), tuple(short for short in shorts if len(short) > 1)


@cache
def prose() -> Prose:
    """The sample's own sentences: nothing that a reader would not see stands in them."""
    simple = OpenCC("t2s").convert
    slotted = (_slotted(simple(each.text), each.writers) for each in load())
    text = "\n".join(line for article in slotted for line in article.split("\n") if " | " not in line)
    after: dict[str, list[int]] = {}
    for place in range(2, len(text) - 60):
        after.setdefault(_state(text, place), []).append(place)
    return Prose(text, {pair: tuple(places) for pair, places in after.items()})


@cache
def words() -> tuple[str, ...]:
    """Words of two characters that pypinyin knows and that are written with characters of the sample."""
    common = {char for char, times in Counter(prose().text).items() if times >= COMMON}
    return tuple(word for word in phrases_dict if len(word) == 2 and set(word) <= common)


def _state(text: str, stop: int) -> str:
    """What decides where a text may go on: its last two characters, or a sign that ends a clause."""
    return text[stop - 1] if text[stop - 1] in _ENDS else text[stop - 2 : stop]


def _slotted(text: str, persons: tuple[str, ...]) -> str:
    for person in persons:
        text = text.replace(person, _PERSON)
    text = re.sub(r"\d+(\.\d+)?", _FIGURE, text)
    text = re.sub(f"[\u4e00-\u9fff]{{2}}(?=(?:{_TRADES})(?:有限|股份|公司|集团))", _FIRM, text)
    known, beginnings = _known()
    found, place = [], 0
    while place < len(text):
        most = min(12, len(text) - place) if text[place : place + 2] in beginnings else 1
        size = next((size for size in range(most, 1, -1) if text[place : place + size] in known), 1)
        found.append(known[text[place : place + size]] if size > 1 else text[place])
        place += size
    return "".join(found)


@cache
def _known() -> tuple[dict[str, str], frozenset[str]]:
    """The slots of the names of divisions, and what those names begin with."""
    with files("archive").joinpath("regions.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    known = {}
    for row in rows:
        slot = _COUNTY if row["code"].isdigit() and not row["code"].endswith("00") else _PLACE
        # 东城? is short for a district, and an ordinary word as well.
        shorts = (name for name in row["short"].split() if len(name) > 1 and not name.endswith("?"))
        known.update(dict.fromkeys([row["name"], *shorts], slot))
    return known, frozenset(name[:2] for name in known)


def _walk(chance: random.Random, size: int) -> Iterator[str]:
    """Pieces of the prose, each going on where the one before could have; a sentence ends them."""
    whole, others = prose(), words()
    text, after, random_ = whole.text, whole.after, chance.random
    least, span = RUN[0], RUN[1] - RUN[0] + 1
    places, written = after["\n"], 0
    while True:
        place = places[int(random_() * len(places))]
        stop = place + least + int(random_() * span)
        piece = text[place:stop]
        written += stop - place
        places = after.get(_state(text, stop), after["。"])
        if written >= size and "。" in piece:
            yield piece[: piece.index("。") + 1]
            return
        if random_() < OTHER_WORDS and len(piece) > 2 and piece[-2:].isalpha():
            piece = piece[:-2] + others[int(random_() * len(others))]
        yield piece
