"""Texts in which readings are meant: poems for children, dictionaries, glossaries."""

from __future__ import annotations

import random
from functools import cache

from opencc import OpenCC
from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT

from benchmarks.clean.chinese import PLACES
from benchmarks.faults.spoiled import given

_LINES = (
    "小河弯弯绕村庄 柳丝垂岸燕成双 阿婆门前晒新谷 风送桂花一院香 石桥东畔旧码头 灯火如星数夜舟 "
    "纸鸢飞过青山外 牧童归来月满楼 春雨无声润麦田 邻家犬吠起炊烟 白鹭一行天际去 老牛独卧柳阴眠 "
    "厂房新起旧滩头 机杼声声夜未休 远客问名茶正熟 一湖秋水映高楼 "
).split()
_SHORT = "清溪流石上 明月照松间 雁过云无迹 人归雪满山 晨光开远岫 暮雨洗长街 野渡无人问 山花自在开".split()
_LESSONS = ("请给下列加点字注音", "多音字练习", "易读错的地名", "生字表", "词语积累")


@cache
def _phrases() -> list[tuple[str, str]]:
    """Phrases of pypinyin's table with their readings, those of two to four ideographs."""
    return sorted(
        (phrase, " ".join(each[0] for each in readings))
        for phrase, readings in PHRASES_DICT.items()
        if 2 <= len(phrase) <= 4 and len(phrase) == len(readings)
    )


@cache
def _reading(char: str) -> str:
    return pinyin(char, style=Style.TONE)[0][0]


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def poems(chance: random.Random) -> str:
    """Poems, a line each or two on a line."""
    poems = []
    for number in range(12):
        lines = chance.sample(chance.choice((_LINES, _SHORT)), 4)
        poems.append(f"《无题其{number + 1}》\n" + "，".join(lines[:2]) + "。\n" + "，".join(lines[2:]) + "。")
    return "\n\n".join(poems)


def poems_with_readings(chance: random.Random) -> str:
    """Poems with a reading behind every character, or above it in a line of its own."""
    brackets = chance.choice(("()", "（）", None))
    lines = chance.sample(_LINES + _SHORT, 12)
    if brackets is None:
        return "\n".join(f"{' '.join(map(_reading, line))}\n{'   '.join(line)}" for line in lines)
    return "\n".join("".join(f"{char}{brackets[0]}{_reading(char)}{brackets[1]}" for char in line) for line in lines)


def dictionary(chance: random.Random) -> str:
    """Entries as `重庆（chóng qìng）：…`, or `【重庆】chóng qìng …`."""
    form = chance.choice(("{}（{}）：见第{}页。", "【{}】{} ①名词。②引申义，见《词林》卷{}。", "{} [{}] 词频{}"))
    return "\n".join(form.format(*each, chance.randint(1, 900)) for each in chance.sample(_phrases(), 60))


def readers(chance: random.Random) -> str:
    """Readings in ASCII brackets behind single characters of words, as school books of both scripts set them."""
    lines = [chance.choice(_LESSONS)]
    for phrase, reading in chance.sample(_phrases(), 40):
        place = chance.randrange(len(phrase))
        each = reading.split(" ")[place]
        lines.append(
            chance.choice(
                (
                    f"{phrase[: place + 1]}({each}){phrase[place + 1 :]}",
                    f"{phrase[place]}({each})：{phrase}",
                    f"{phrase}({reading})",
                    f"{phrase[place]}( ){phrase}",
                )
            )
        )
    text = chance.choice(("\n", "　", "；")).join(lines)
    return _traditional().convert(text) if chance.random() < 0.4 else text


def glossary(chance: random.Random) -> str:
    """An article, and behind it the readings of its rare names; some in its sentences."""
    paragraphs = chance.choice(given()).text.split("\n")
    for _ in range(3):
        name = chance.choice(PLACES)
        at = chance.randrange(len(paragraphs))
        paragraphs[at] += f"代表团还走访了{name[0]}({_reading(name[0])}){name[1:]}的两家企业。"
    names = chance.sample(PLACES, 12)
    return "\n".join(
        [*paragraphs, "【小词典】", *(f"{name}（{' '.join(map(_reading, name))}），地名。" for name in names[:8])]
        + [f"{name}({' '.join(map(_reading, name))})" for name in names[8:]]
    )
