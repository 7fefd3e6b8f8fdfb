"""Whose text it is: origin lines (来源), the papers a report was taken from, and how a report begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.text.names import HAN

_LABEL = r"(?:来\s*源|來\s*源|稿源|出处|出處)"
_NAME = r"[^\s　|｜:：()（）\[\]【】<>=]{2,30}+(?: [A-Za-z]+)?+(?!\s*=)"
# 资金来源：企业自筹 is no origin: the word stands alone, behind a time, or behind what it is the origin of.
_ORIGIN = re.compile(
    rf"(?:(?<![{HAN}])|(?<=[日分时秒])|文章|稿件|新闻|新聞|信息){_LABEL}(?:于|於)?\s*[:：]\s*(?:\[\s*)?(?P<name>{_NAME})"
)
_LABELLED = re.compile(_LABEL)
_NEXT_LABEL = re.compile("(?:作者|记者|記者|时间|時間|日期|编辑|編輯|责编|点击|浏览|发布|發佈|[转轉](?:载|載)?自)")
_MEDIUM = (
    "(?:日报|日報|晚报|晚報|晨报|晨報|时报|時報|商报|商報|报|報|网|網|社"
    "|电视台|電視台|广播电台|客户端|客戶端|在线|在線|频道)"
)
# 2024-09-04 08:05 沅水日报; 原创 沅水日报 2024-09-04 08:05: whole lines without a label.
_CLOCK = r"\d{4}(?:-\d\d?-|年\d\d?月)\d\d?日?[ 　\xa0]*\d\d?:\d\d(?::\d\d)?"
_BESIDE_CLOCK = re.compile(
    rf"(?:{_CLOCK}[ 　\xa0]*(?P<behind>[{HAN}·]{{1,12}}?{_MEDIUM})"
    rf"|(?:原创[ 　])?(?P<before>[{HAN}·]{{1,12}}?{_MEDIUM})[ 　\xa0]+{_CLOCK})\s*"
)
_PAPER = rf"《?[{HAN}]{{2,12}}?{_MEDIUM}》?"
_TAKEN_FROM = re.compile(
    rf"[据據]\s*(?P<name>{_PAPER})(?:\s*(?:援引|转引|轉引)\s*(?P<second>{_PAPER}))?\s*(?:消息|报道|報道|報導|讯|訊)"
)
_REPRINTED = re.compile(rf"(?:[转轉](?:载|載)?自|原载|原載于?)\s*+(?:[:：]\s*+)?(?P<name>{_PAPER}|《[^《》]{{2,20}}》)")
# 人民网－甘肃日报 is a chain, 人民网－甘肃频道 a part of the site.
_STAGES = re.compile(
    rf"(?<=[报報网網社端线線])\s*(?:[-－]|——?)\s*(?=《?[{HAN}]{{1,12}}(?:[报報网網社]|客户端|客戶端)》?(?![{HAN}]))"
)
_DATELINE = re.compile(
    rf"^[\s　]*[【\[(（]?(?P<who>(?![据據])[{HAN}·]{{1,14}}(?:{_MEDIUM}|站|台|臺))(?P<place>[{HAN}]{{2,6}})??\s*"
    r"(?P<date>(?:\d{4}年)?\d{1,2}月\d{1,2}日)\s*(?:综合|綜合|专)?(?:讯|訊|电|電|消息)"
    rf"(?![{HAN}])"
)
_BRACKETED = re.compile(
    rf"^[\s　]*[【\[(（](?P<who>[{HAN}·]{{2,14}}?)"
    r"(?P<date>(?:\d{4}年)?\d{1,2}月\d{1,2}日)(?:报道|報道|報導)[】\])）]"
)
_GENERAL_REPORT = re.compile(rf"^[\s　]*(?P<who>[{HAN}]{{1,8}}?(?:网|網|报|報|社))(?:综合|綜合)?(?:讯|訊)(?![{HAN}])")
_INFO = 48
"""Characters of the longest line of a date and a name."""
_LONGEST = 300
"""So many characters of a raw origin are looked at: it is a line at most."""
_OWN = re.compile(
    r"^(?:本[网網站报報刊社]|null|原创|原創|互联网|網絡|网络|本站原创|[转轉][载載帖](?:文章)?|网友)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """How a report begins: `红网湘潭站8月5日讯(湘潭日报记者 石㛃)`."""

    origin: str | None
    """The medium that sends the report."""
    raw_date: str | None
    """Its date, as it stands there."""


def origin(text: str) -> str | None:
    """The medium that an origin line names; None for `本网` and the like, which name the site itself.

    >>> origin("2024-09-04 08:05  来源：湖南日报·新湖南客户端 作者：沈芷"), origin("来源：[ 国际金融报 ]")
    ('湖南日报·新湖南客户端', '国际金融报')
    """
    if ":" in text and len(text) <= _INFO and (beside := _BESIDE_CLOCK.fullmatch(text)):
        return beside["behind"] or beside["before"]
    match = _ORIGIN.search(text)
    name = _NEXT_LABEL.split(match["name"])[0].strip("，。、;；-—") if match else ""
    name = _bare(name)
    return None if len(name) < 2 or is_own(name) else name


def is_own(name: str) -> bool:
    """Whether an origin says no more than that the text is the site's own, or nobody's: `本网`, `原创`, `null`.

    >>> is_own("本站"), is_own("红网")
    (True, False)
    """
    return _OWN.match(name) is not None


def chain(raw: str) -> tuple[str, ...]:
    """The media that an origin names, from the one that brought the text here back to the one that had it first.

    `raw` may have its label or not; a site's own `本网` is left out.

    >>> chain("来源：人民网－《甘肃日报》"), chain("红网 转自：益阳日报")
    (('人民网', '甘肃日报'), ('红网', '益阳日报'))
    """
    raw = raw[:_LONGEST]
    named = origin(raw if _LABELLED.search(raw) else f"来源：{raw}")
    stages = [_bare(stage) for stage in _STAGES.split(named)] if named else []
    stages += [_bare(match["name"]) for match in _REPRINTED.finditer(raw)]
    return tuple(dict.fromkeys(stage for stage in stages if stage))


def taken_from(text: str) -> tuple[str, ...]:
    """The media that a report says it goes by, the nearest first.

    >>> taken_from("楚聲網綜合訊 據沅水日報消息(記者 覃躍)"), taken_from("据沅水日报援引新华社报道，")
    (('沅水日報',), ('沅水日报', '新华社'))
    """
    match = _TAKEN_FROM.search(text)
    return tuple(_bare(name) for name in match.groups() if name) if match else ()


def dateline(text: str) -> Dateline | None:
    """The dateline at the beginning of a body.

    >>> dateline("楚聲網益沅站7月11日訊(沅水日報記者 譚學勤)“一季度")
    Dateline(origin='楚聲網益沅站', raw_date='7月11日')
    >>> dateline("楚聲網綜合訊 據沅水日報消息")
    Dateline(origin='楚聲網', raw_date=None)
    """
    text = text[:80]
    if match := _DATELINE.match(text) or _BRACKETED.match(text):
        return Dateline(None if is_own(match["who"][:2]) else match["who"], match["date"])
    general = _GENERAL_REPORT.match(text)
    return Dateline(None if is_own(general["who"][:2]) else general["who"], None) if general else None


def _bare(name: str) -> str:
    """A name without 《》, where they are around the whole of it."""
    return name[1:-1] if name.startswith("《") and name.endswith("》") else name
