"""Leave out the persons and towns that are called like a place."""

from __future__ import annotations

import re
from collections import defaultdict

from archive.regions import level
from pipelines.placenames import ABBREVIATIONS, Name

LENGTH = 2
"""Persons and towns are called like places of two characters."""

_TITLES = tuple(
    "负责人 主任 经理 董事长 创始人 科长 局长 县长 市长 区长 镇长 会长 队长 组长 总工 工程师 教授 研究员 院长 厂长 校长"
    " 书记 招商员".split()
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡余杜叶程魏吕丁沈姚卢姜崔钟谭陆汪范廖贾邹"
    "孟熊邱尹薛闫段雷侯陶黎贺顾毛郝龚邵钱严覃戴莫汤葛"
)
_NOT_A_PERSON = "人籍在到"
_VISITORS = re.compile("商会|籍|老乡|人|客商|企业|同乡|招商|推介|[两二三四]")


def without_namesakes(found: list[Name], text: str) -> list[Name]:
    """The names of places without those of persons (葛怀远, 濮阳晟) and of towns (漳平永福).

    >>> from pipelines.placenames import names
    >>> text = "主任葛怀远从长沙来"
    >>> [text[each.start : each.end] for each in without_namesakes(names(text), text)]
    ['长沙']
    """
    before: dict[str, list[str]] = defaultdict(list)
    others: set[str] = set()
    persons: set[int] = set()
    for at, each in enumerate(found):
        if each.zone is not None or each.end - each.start > LENGTH:
            continue
        word = text[each.start : each.end]
        above = found[at - 1] if at else None
        if above and _is_town_of(above, each, text):
            others.add(word)
        joined = above is not None and above.end == each.start
        surname = "" if joined or each.start == 0 else text[each.start - 1]
        before[word].append(surname)
        begins = each.start - (surname in _SURNAMES)
        if not joined and text.endswith(_TITLES, 0, begins) and text[each.end : each.end + 1] not in _NOT_A_PERSON:
            persons.add(each.start)
            if begins < each.start:
                # With a title and a surname it is a person wherever that surname stands before it.
                before[word].append(surname)
    for word, surnames in before.items():
        always = len(surnames) > 1 and surnames[0] in _SURNAMES and len(set(surnames)) == 1
        if always or _is_town(word, text):
            others.add(word)
    if not others and not persons:
        return found
    return [
        each
        for each in found
        if each.start not in persons and (each.zone is not None or text[each.start : each.end] not in others)
    ]


def _is_town(word: str, text: str) -> bool:
    """Whether a text has a town of that name and no county."""
    return (f"{word}镇" in text or f"{word}乡" in text) and not any(f"{word}{end}" in text for end in "县市区")


def _is_town_of(above: Name, name: Name, text: str) -> bool:
    """Whether a county's short name stands behind another county, or a part of a province, that it does not lie in."""
    between = text[above.end : name.start]
    if above.zone is not None or not above.senses or between not in ("", "的"):
        return False
    whose = above.senses[0].code
    part = level(whose) == "province" and text[above.start] in ABBREVIATIONS
    if not part and (level(whose) != "county" or between):
        return False
    return not _VISITORS.match(text, name.end) and all(
        level(sense.code) == "county" and sense.code[:2] != whose[:2] for sense in name.senses
    )
