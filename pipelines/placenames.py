"""Find the names of divisions and zones in a text, and what each may mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from archive.regions import DISTRICT, Region, level, table

PLAIN, COUNTY_SHORT, DISTRICT_AT_START, DISTRICT_SHORT, WORD_WITH_ZONE, JUNCTION, TWO_LETTERS, WORD, INSIDE = range(9)
"""How far a name can be trusted alone: it is one; it is a county's without 县, which may be the end of one word and the
beginning of another (鉴定/结果); it is a district's without 区 where a word begins, good where its province is spoken
of; the same elsewhere, good where its city is; it is a word before 工业园 or the like (会同工业园, but also
再生资源产业园); it stands where a word begins, but often meets inside two (新化 in 创新/化工); it is two letters long
with its 县 or 区 (南县, also in 湖南县域); it is a word as well (会同, 公安); and that is
inside another (新通道)."""


class Sense(NamedTuple):
    """What a name may mean, and how far it can be trusted to."""

    code: str
    trust: int


Senses = tuple[Sense, ...]


class Name(NamedTuple):
    """A name where it stands in a text."""

    start: int
    end: int
    senses: Senses
    """What it may mean."""
    zone: str | None
    """The suffix of the zone that follows (`GX`), empty of one without a suffix; None where none follows."""


SIDES = frozenset(
    "东城 西城 城东 城西 城南 城北 城中 市南 市北 河东 河西 江北 江南 江东 路南 路北 南岸 江岸 新城 老城 港口 海港 滨海"
    " 临江 南湖 东湖 西湖 北湖".split()
)
"""Names that every town may have for a side of it, whatever zone stands there (城西工业园)."""

JUNCTIONS = frozenset(
    (
        "五华 五台 五河 交口 会东 保康 光泽 云霄 凌云 博望 同江 商都 咸丰 大余 大悟 天柱 天等 定安 弥勒 德兴"
        " 成安 扶风 故城 文水 无棣 明水 新化 新龙 曲水 来安 民丰 永丰 江安 玉龙 祁连 紫云 西乡 西和 达日 连城"
        " 连山 连平 通山 通江 通河 通海 通许 金阳 金塔 铜鼓 长丰 长岭 长海 长顺 门源 青阳 高唐 龙川 龙井 万安"
        " 万年 三台 盐湖 江源 全南 加查 化德 余干 改则 资中 中江 道真 两当 正阳 得荣 久治 望江 望都 赤城 罗山"
        " 修水 东丰 东乡 东光 石城 石柱 子长 上高 兴文 安仁 平武 平利 水富 樟树 长兴岛"
    ).split()
)
"""Of the names that say nothing alone those that are no words of every day, but meet inside two (创新/化工)."""

NOUNS = frozenset("新城区 老城区 市中区 城中区 城东区 城西区 城北区 港口区 城区 郊区 矿区".split())
"""Full names that are nouns as well."""

OTHERS = (
    "北京时间 北京大学 上海证券 上交所 深圳证券 上海合作组织 香港联交所 东阳光 三明治 安康杯 宁德时代 中山装"
    " 中山陵 孙中山 中山先生 中山大学 中山医 西安事变 南昌起义 遵义会议 延安精神 井冈山精神 重庆谈判 广州起义"
    " 大同小异 大连接 大理石 普洱茶 长治久安 文山会海 玉树临风 阿里巴巴 阿里云 广安门 长白山 北海道 太平洋 鄱阳湖"
    " 洞庭湖 和平解放 河南岸 西安交通大学 上海交通大学 共和国 天津港 新华社 平安银行 中国平安 招商引资兴"
    " 嘉陵江 松花江 沅江流域 三沙渔港 平陆运河 财政和 闽南语 闽南话 苏北话 川北凉粉 粤东会馆 辽东湾"
).split()
"""Phrases of which a place is only a part."""

ABBREVIATIONS = dict(
    zip(
        "冀晋蒙辽苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕陇",
        "13 14 15 21 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62".split(),
        strict=True,
    )
)
"""The characters for provinces that hardly stand for anything else at the beginning of a word, with the first digits of
their codes."""

BYNAMES = dict(
    zip(
        "三湘 湖湘 三晋 齐鲁 八闽 燕赵 荆楚 八桂 岭南 琼岛 关中 云岭 陇原 赣鄱 松嫩 津沽 雪域".split(),
        "43 43 14 37 35 13 42 45 44 46 61 53 62 36 23 12 54".split(),
        strict=True,
    )
)
"""What else newspapers call the provinces."""

PARTS = {
    name: f"{code}0000"
    for name, code in (
        *((char + side, code) for char, code in ABBREVIATIONS.items() for side in "东南西北中"),
        *BYNAMES.items(),
    )
}
"""Names of parts of a province, which stand for it, unless a division is called so (湘西)."""

ZONES = {
    **dict.fromkeys(("高新技术产业开发区", "高新技术产业园区", "高新技术产业园", "高新技术开发区", "高新区"), "GX"),
    **dict.fromkeys(("经济技术开发区", "经济开发区", "经开区"), "JK"),
}
"""What the zones of the table are called, and the suffix of their codes."""

_OTHER_ZONES = "开发区|工业园区?|产业园区?|新区|综合保税区|综保区|保税港?区|工业集中区|产业集聚区"
_ZONE = re.compile(f"(?:国家级?|省级)?({'|'.join(ZONES)}|{_OTHER_ZONES})")

# A firm, a street, a river or a town is called after places that are elsewhere.
_ANOTHER_THING = re.compile(
    "集团|公司|股份|大学(?!城)|[东西南北中]?(?:大道|大街|路(?![桥演径线由])|街(?!道办)|巷|胡同)|[江河湖](?![东西南北源湘])|山(?![区县市海水地村])|湾(?![区县])|[镇乡村]"
)

_LINKS = frozenset("进在到赴于自由从向与及和即是至去来")
"""After these, and after what is no ideograph, a word begins."""

_LOOSE_LINKS = frozenset("的把等是让被为对了")
"""After these one may begin."""


_NUMERALS = "一二两三四五六七八九十百千万"

# How far a name can be trusted where a word begins, by how far it can elsewhere.
_AT_START_BUT_A_WORD = {
    PLAIN: PLAIN, COUNTY_SHORT: PLAIN, DISTRICT_SHORT: DISTRICT_AT_START, TWO_LETTERS: PLAIN, WORD: WORD,
}  # fmt: skip
_AT_START = _AT_START_BUT_A_WORD | {WORD: JUNCTION}


@cache
def _index() -> tuple[re.Pattern[str], dict[str, list[tuple[str, Senses]]]]:
    """Where a name may begin, and the names by their first two characters, the longest first, with their meanings."""
    senses: dict[str, dict[str, int]] = defaultdict(dict)
    for region in table().values():
        if region.until is None:
            for name, trust in _called(region):
                senses[name][region.code] = min(trust, senses[name].get(region.code, WORD))
    # What was called so once is meant only where nothing of today is.
    former: dict[str, dict[str, int]] = defaultdict(dict)
    for region in table().values():
        heir = region.successor or region.parent
        if region.until and heir:
            for name, trust in _called(region):
                former[name][heir] = trust
    others = {name: {code: COUNTY_SHORT} for name, code in PARTS.items()}
    names = others | former | senses | {name: {} for name in OTHERS}
    index: dict[str, list[tuple[str, Senses]]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        index[name[:2]].append((name, tuple(Sense(*each) for each in names[name].items())))
    first, second = ("".join(sorted({pair[place] for pair in index})) for place in (0, 1))
    return re.compile(f"[{first}](?=[{re.escape(second)}])"), index


def _called(region: Region) -> Iterable[tuple[str, int]]:
    """The names of a region, and how far each can be trusted."""
    yield region.name, WORD if region.name in NOUNS else TWO_LETTERS if len(region.name) == 2 else PLAIN
    alone = DISTRICT_SHORT if region.kind == DISTRICT else COUNTY_SHORT if level(region.code) == "county" else PLAIN
    for name in region.short:
        yield name, alone if len(name) == 2 or alone == DISTRICT_SHORT else PLAIN
    for name in region.doubtful:
        yield name, WORD
    for name in (region.name, *region.short) if region.is_zone else ():
        end = next((end for end in ZONES if name.endswith(end)), None)
        for other in ZONES if end else ():
            if ZONES[other] == ZONES[end or ""]:
                yield name.removesuffix(end or "") + other, PLAIN


def names(text: str) -> list[Name]:
    """The names in a text in simplified script, whatever they mean, from left to right, none inside another.

    >>> text = "株洲芦淞区和津市高新区，在会同"
    >>> [(text[each.start:each.end], each.senses[0].code) for each in names(text)]
    [('株洲', '430200'), ('芦淞区', '430203'), ('津市高新区', '430781-KF'), ('会同', '431225')]
    """
    begins, index = _index()
    found: list[Name] = []
    end, firm = 0, True
    for start in [at for match in begins.finditer(text) if text[(at := match.start()) : at + 2] in index]:
        if start < end and firm:
            continue
        for name, senses in index[text[start : start + 2]]:
            if text.startswith(name, start):
                if start + len(name) <= end:
                    continue
                here = _name(text, start, senses, name) if senses else None
                if here and start < end:
                    # 从江 is one only where no name begins with its second character (从江苏).
                    found.pop()
                if here:
                    found.append(here)
                end = here.end if here else start + len(name)
                firm = here is None or here.zone is not None or here.senses[0].trust < WORD
                break
    return found


def _name(text: str, start: int, senses: Senses, name: str) -> Name | None:
    """A name with what its surroundings say of it; None where they say that it is another thing's."""
    end = start + len(name)
    before = text[start - 1 : start] if start else ""
    if before and name[0] in _NUMERALS and (before in _NUMERALS or before == "第" or before.isdecimal()):
        # 三十四平方公里
        return None
    if zone := _ZONE.match(text, end):
        # What has a 开发区 is a place, whatever else it may be; but each town has one on its western side.
        word = WORD if name in SIDES else WORD_WITH_ZONE
        kept = {DISTRICT_SHORT: DISTRICT_SHORT, WORD: word}
        return Name(
            start,
            zone.end(),
            tuple(Sense(code, kept.get(trust, PLAIN)) for code, trust in senses),
            ZONES.get(zone[1], ""),
        )
    if name[-1] not in "省市县区旗州盟" and _ANOTHER_THING.match(text, end) and text[end : end + 2] not in _index()[1]:
        # But not where the next name begins: 福清江阴.
        return None
    if senses[0].trust == PLAIN and len(senses) == 1:
        return Name(start, end, senses, None)
    if not "\u4e00" <= before <= "\u9fff" or before in _LINKS:
        at_start = _AT_START if name in JUNCTIONS else _AT_START_BUT_A_WORD
        senses = tuple(Sense(code, at_start[trust]) for code, trust in senses)
    elif before not in _LOOSE_LINKS and name not in JUNCTIONS and len(name) == 2:
        senses = tuple(Sense(code, INSIDE if trust == WORD else trust) for code, trust in senses)
    if start == 0 and text[end : end + 1] in ("：", ":") and len(senses) == 1:
        # A headline that begins “大足：”.
        senses = (Sense(senses[0].code, PLAIN),)
    return Name(start, end, senses, None)
