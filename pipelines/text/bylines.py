"""Who wrote it: bylines, bracketed reporters and editor lines as Chinese papers print them."""

from __future__ import annotations

import re

from pipelines.text.names import HAN, SURNAMES, is_person, names

_LONGEST = 200
"""No byline is longer; what a template puts in its place may be."""

_LONGEST_LINE = 80
"""No line that is a byline and nothing else is longer, its ornaments included."""

_PREFIX = "(?:见习|見習|实习|實習|首席|特约|特約|特派|融媒体|全媒体|融媒體|全媒體|驻站|駐站|驻地){0,4}"
_ROLE = re.compile(
    rf"{_PREFIX}(?:记者|記者|通讯员|通訊員)|(?:实习|實習|见习|見習)生|(?:特约|特約)?撰稿人?|撰文|采写|採寫|编译|編譯"
    # 作者系市委书记 introduces an office, 作者单位 a place, 作者最新文章 a list; the 原作者 of a song reports nothing.
    "|(?<!原)作者(?!系|係|为|為|是|单位|單位|简介|簡介|注|最新|其他|相关|介绍|主页|授权|本人|声明|的)"
    "|[楼樓]主(?=\\s*[:：])"
    "|(?:执笔|執筆)人?(?=\\s*[:：/／])"
)
_NO_BYLINE = re.compile(r"[，。；！？“”%]|\d{4}|[来來]\s*源|[时時][间間]")
_ROLE_SIGN = re.compile("[者员員生稿文写寫译譯主笔筆]")
# Who signs 文/图 took the pictures himself.
_BARE_ROLE = re.compile(rf"(?<![{HAN}])文\s*(?:[/／、]?\s*[图圖]片?(?=[ 　:：/／|])|(?=[:：/／|]))")
# Behind these stand other people, or nobody.
_OTHERS = re.compile(
    "点击|浏览|瀏覽|閱讀|阅读|评论|評論|字号|字體|字体|发自|發自|美编|美編|责编|責編|责任编辑|責任編輯|编辑|編輯|来源|來源|时间|時間|发布|發佈|发表|發表"
    "|點擊|點閱|访问|訪問|人[气氣]|热度|[点點][赞讚]|转发|轉發|分享|播放|下载|下載|在线|在線|[您你]是|天[气氣]|今[天日]|最[后後]|更新|本[页頁]|本文|打印|(?:当前|當前|现在|現在|北京|页面生成)[时時]"
    "|返回|查看|更多|微信|微博|举报|关注|收藏|摄影|攝影|供图|供圖|校对|審核|审核|[一二三初终]审"
    "|(?<![\u4e00-\u9fff])(?<!文[/／、])[图圖摄攝](?=[ 　:：/／])"
)
# 李梦/文 刘小川/图: the second took the pictures.
_PICTURED = re.compile(rf"[{HAN}]{{2,4}}\s*[/／]\s*[图圖摄攝][影片]?(?![{HAN}])")
_WRITTEN = re.compile(r"[/／]\s*(?:文(?:[图圖]|[/／][图圖])?|整理)")
_USER_NAME = re.compile(
    rf"\s*[:：]\s*(?=[{HAN}]{{0,12}}[A-Za-z0-9_&＆])([{HAN}A-Za-z0-9_&＆·.-]{{2,20}})(?![^\s　|｜，,。])"
)
_REPORTERS = ("记者", "記者", "通讯员", "通訊員")
_GLUED = re.compile(f"[{HAN}]+$")
_APART = re.compile(r"(?:记者|記者|员|員|作者|生|稿人?|[写寫译譯文笔筆])[ 　\xa0\t:：/／|]")
_OF_USERS = ("作者", "楼主", "樓主")
_COLUMNS = re.compile(
    "江湖|简介|簡介|手记|手記|观察|觀察|调查|調查|来信|專欄|专栏|之家|日志|节|節|证|證|团|團|站$|会$|會$"
)
_BRACKETS = re.compile(r"[(（]([^()（）]{0,40}?(?:记者|記者|通讯员|通訊員)[^()（）]{0,60})[)）]")
_SIGNATURE = re.compile(rf"[(（]\s*([{HAN}][{HAN} 　、]{{1,18}})\s*[)）]\s*$")
_GAP = "[ 　\xa0]"
_NAMES_ONLY = re.compile(
    rf"(?:[{HAN}]{_GAP}{{1,2}}[{HAN}]|[{HAN}]{{2,4}})(?:(?:{_GAP}|、){{1,4}}(?:[{HAN}]{_GAP}{{1,2}}[{HAN}]|[{HAN}]{{2,4}}))+|[{HAN}]{_GAP}{{1,2}}[{HAN}]"
)
_GAP_INSIDE = re.compile(rf"(?<![{HAN}])[{HAN}]{_GAP}{{1,2}}[{HAN}](?![{HAN}])")
_ALSO_WORDS = frozenset(
    "强強严嚴高明广廣连連解全党黨安平金富宣成应應顾顧谈談项項查計计水花农農商时時常和干信展戰战保阳陽双雙石红紅蓝藍乐樂温溫路"
)
"""Family names that words of slogans begin with: 高标准 严要求, 连心桥 金纽带. One such name alone is no evidence."""
_PAPER = re.compile(
    rf"([{HAN}·《》]{{2,20}}?(?:报社|報社|日报|日報|晚报|晚報|晨报|晨報|都市报|时报|時報|报|報|网|網|社|电视台|客户端|融媒体中心|杂志|雜誌|站)(?:·[{HAN}]{{1,8}})?)\s*$"
)
_LABEL = re.compile("[者文稿]")
_LABELLED_NAME = re.compile(
    rf"(?:作者|撰文|撰稿|(?<![{HAN}])文)\s*[:：/／|]\s*([{HAN}·][{HAN}· 　\t、，,]{{1,40}}+)(?![A-Za-z0-9_&＆])"
)
_POSTED_BY = re.compile(
    r"由\s*([^\s@，。；:：]{2,20}?)(?<![局办辦部委会會院室处處厅廳府心社])"
    r"\s*(?:张贴|張貼|贴于|发表|發表|发布|發佈|上传|上傳)\s*(?:@|于|於|在|$)"
)
# zhang_3 发表于 2005-3-21 11:21; posted @ 2005-03-21 11:21 zhang_3 阅读(3727)
_POSTED_AT = re.compile(
    r"^\s*(?!本帖|帖子|文章|主[题題]|最[后後新]|[评評][论論]|[回复復]{2}|[编編][辑輯])"
    r"([^\s|:：，。<>]{2,20})\s+[发發]表[于於]\s*[:：]?\s*\d{4}"
    r"|\b[Pp]osted\s*(?:@|on|at)\s*[\d/: -]{8,20}(?:[AP]M)?\s+(?:by\s+)?"
    r"([^\s|(（]{2,20})\s*(?:[(（|]|阅读|閱讀|评论|Views|$)"
)
_POSTED = re.compile("[发發]表|osted")
_IN_SQUARE_BRACKETS = re.compile(rf"\[\s*([{HAN}]{{2,4}}|[{HAN}]{_GAP}{{1,2}}[{HAN}])\s*\]")
_HOUSE = re.compile("美编|美編|校对|校對|审核|審核|[一二三初终]审|监制|签发|值班")
_EDITOR = re.compile(
    rf"(?:责任编辑|責任編輯|责编|責編|编辑|編輯)\s*(?:[:：/／]\s*|(?<=[ 　]))([{HAN}][{HAN} 　、]{{1,18}})"
)


def signed(byline: str) -> tuple[tuple[str, str], ...]:
    """Reporters and correspondents of a byline, in its order, each with what it calls them; empty for a bare name.

    >>> signed("沅水日報記者 譚學勤")
    (('譚學勤', '記者'),)
    >>> signed("本报记者 石㛃 特约通讯员 李梦 刘小川")
    (('石㛃', '记者'), ('李梦', '特约通讯员'), ('刘小川', '特约通讯员'))
    >>> signed("作者：zhang_3 阅读(1660)"), signed("沈 芷  邓 栩")
    ((('zhang_3', '作者'),), (('沈芷', ''), ('邓栩', '')))
    """
    text = _WRITTEN.sub(" ", _PICTURED.sub(" ", _OTHERS.split(byline[:_LONGEST])[0]))
    roles = list(_ROLE.finditer(text)) or list(_BARE_ROLE.finditer(text))
    if not roles:
        # 作者单位：市委党校
        return () if "作者" in text else tuple((name, "") for name in names(text))
    found: dict[str, str] = {}
    for role, following in zip(roles, [*roles[1:], None], strict=True):
        stretch = text[role.end() : following.start() if following else None]
        if following and following[0].endswith(_REPORTERS) and not role[0].endswith(_REPORTERS):
            # 采写：南都见习记者 单以澄: what stands right before the reporter is the paper.
            stretch = _GLUED.sub("", stretch)
        nickname = _USER_NAME.match(stretch) if role[0] in _OF_USERS else None
        for name in (nickname[1],) if nickname else names(stretch.lstrip(" 　:：/／|").replace("、", " ")):
            found.setdefault(name, role[0].strip())
    return tuple(found.items())


def authors(byline: str) -> tuple[str, ...]:
    """The names alone.

    >>> authors("本报记者 石㛃 通讯员 李梦 刘小川")
    ('石㛃', '李梦', '刘小川')
    """
    return tuple(name for name, _ in signed(byline))


def byline_paper(byline: str) -> str | None:
    """The paper that a byline names before the word reporter.

    >>> byline_paper("金昌日报记者 石㛃"), byline_paper("本报记者 石㛃")
    ('金昌日报', None)
    """
    match = _PAPER.search(_ROLE.split(byline, maxsplit=1)[0])
    return None if match is None or re.fullmatch("本[网網报報刊社站]", match[1]) else match[1]


def byline_in_text(text: str) -> str | None:
    """The bracket or label in a running text or a page's info line that names its reporters, as it stands there.

    >>> byline_in_text("本报讯（记者 覃绍安 通讯员 毛以宁）九月初……")
    '记者 覃绍安 通讯员 毛以宁'
    """
    if ("(" in text or "（" in text) and (match := _BRACKETS.search(text)):
        return match[1].strip()
    match = _LABELLED_NAME.search(text) if _LABEL.search(text) else None
    return _OTHERS.split(match[0])[0].strip(" 　\t、，,") if match else None


def signature(text: str) -> str | None:
    """The names in the bracket that ends a report.

    >>> signature("座谈会由市商务局主持。（覃绍安 毛以宁）"), signature("项目昨日开工。（全文完）")
    ('覃绍安 毛以宁', None)
    """
    match = _SIGNATURE.search(text[-40:])
    named = names(match[1].replace("、", " ")) if match else ()
    whole = match is not None and len("".join(named)) == len(re.sub(r"[\s、]", "", match[1]))
    return match[1].strip() if match and whole and all(map(is_person, named)) else None


def byline_in_info(text: str) -> str | None:
    """The byline in an info line, where it has other fields as neighbours.

    >>> byline_in_info("2024-03-12 09:15 来源：楚江日报 记者：单以澄")
    '记者：单以澄'
    >>> byline_in_info("由山里人张贴 @ 2024-03-12 03:25:55"), byline_in_info("2024年3月12日08:19 [ 单以澄 ]")
    ('山里人', '单以澄')
    """
    if len(text) > 160 or "。" in text:
        return None
    match = _role(text)
    stretch = _OTHERS.split(text[match.start() :])[0].strip(" 　\xa0\t、，,|｜()（）") if match else ""
    named = authors(stretch) if 0 < len(stretch) <= 40 and not _COLUMNS.search(stretch) else ()
    # 作者女儿 tells of somebody: without a blank or colon behind the role, only a family name makes a name.
    if named and (_APART.search(stretch) or is_person(named[0])):
        return stretch
    if match := ("由" in text and _POSTED_BY.search(text)) or (_POSTED.search(text) and _POSTED_AT.search(text)):
        return str(match[match.lastindex or 0])
    match = _IN_SQUARE_BRACKETS.search(text) if "[" in text else None
    return match[1] if match and is_person(match[1]) else None


def _role(text: str) -> re.Match[str] | None:
    """The first word of a line that says who writes; nearly no line has any of its signs."""
    return _ROLE.search(text) if _ROLE_SIGN.search(text) else None


def is_byline(line: str) -> bool:
    """Whether a whole line is a byline: `金昌日报记者 石㛃`, `沈 芷  邓 栩`, `□本报记者 石㛃`, `（石㛃）`.

    >>> [is_byline(line) for line in ("金昌日报记者 石㛃", "沈 芷  邓 栩", "人人都是招商员", "记者获悉，……")]
    [True, True, False, False]
    """
    if len(line) > _LONGEST_LINE:
        return False
    if line.lstrip()[:1] in ("(", "（") and signature(line):
        return True
    line = line.strip("□■◎●▲ 　\xa0()（）【】[]\t—-")
    if not 2 <= len(line) <= 60 or _NO_BYLINE.search(line):
        return False
    if _role(line):
        rest = "".join(_ROLE.split(line)[1:])
        # 记者江湖 is a column, 作者简介 a heading: without a blank or colon, only a known family name makes a name.
        apart = _APART.search(line)
        found = authors(line)
        named = any(apart or name[0] in SURNAMES for name in found)
        return named and not _COLUMNS.search(rest) and len(re.sub(r"\W", "", rest)) <= sum(map(len, found)) + 6
    if bare := _BARE_ROLE.match(line):
        # 文/图 单以澄 风笑天
        writers = names(line[bare.end() :].lstrip(" 　:：/／|"))
        return bool(writers) and all(map(is_person, writers)) and not _OTHERS.search(line)
    if _WRITTEN.search(line):
        # 单以澄/文
        return is_person(_WRITTEN.sub("", line))
    if not _NAMES_ONLY.fullmatch(line):
        return False
    found = names(line)
    if all(name[0] in _ALSO_WORDS for name in found) and not _GAP_INSIDE.search(line):
        return False
    # 安徽 宣城 is two places that begin like family names: names of two characters alone need a blank inside.
    sure = len(found) < len(line.split()) or any(len(name) > 2 for name in found)
    whole = len(re.sub(r"\W", "", line)) == sum(map(len, found))
    return sure and whole and all(map(is_person, found))


def editor(text: str) -> str | None:
    """The responsible editors that a line names, joined by 、.

    >>> editor("（责任编辑：田 禾）"), editor("(责编：焦然、周慕)")
    ('田禾', '焦然、周慕')
    """
    match = _EDITOR.search(text)
    named = names(_HOUSE.split(match[1])[0]) if match else ()
    return "、".join(named) or None
