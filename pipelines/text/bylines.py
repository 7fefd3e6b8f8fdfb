"""Who wrote it, and whose text it is: bylines, datelines and origin lines as Chinese papers print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Inside a character class: ideographs, with the extensions that names such as 㛃 and 𬭎 come from."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶"
    "黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
    "管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查"
    "麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸"
    "雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由雒"
    "張劉陳楊黃趙吳孫馬鄭謝羅許韓馮鄧蕭葉蘇魏呂盧鍾譚陸汪範賈韋鄒閆龍賀顧龔萬錢嚴湯溫齊喬龐顏莊聶魯歐關蘭紀單塗駱藍華饒時農簡車項連蘆麥婁竇黨宮費衛應閔鄔邊師欒榮叢鞏遲鄺談樂儲勞滿聞厲區閻"
)
"""First characters of the family names that all but a few Chinese bear, in both scripts, and of the double ones."""

_BYLINE = 200
"""No byline is longer; what a template puts in its place may be."""

_PREFIX = "(?:见习|見習|实习|實習|首席|特约|特約|特派|融媒体|全媒体|融媒體|全媒體|驻站|駐站|驻地){0,4}"
_ROLE = re.compile(
    rf"(?:{_PREFIX}(?:记者|記者|通讯员|通訊員)|(?:实习|實習|见习|見習)生|(?:特约|特約)?撰稿人?|撰文|作者)"
)
# Behind these stand other people, or nobody.
_OTHERS = re.compile(
    "点击|浏览|閱讀|阅读|字号|字體|字体|发自|發自|美编|美編|责编|責編|责任编辑|責任編輯|编辑|編輯|来源|來源|时间|時間|发布|發佈|摄影|攝影|供图|供圖|校对|審核|审核"
    "|[一二三初终]审|(?<![\u4e00-\u9fff])[图圖摄攝](?=[ 　:：/／])"
)
_COLUMNS = re.compile(
    "江湖|简介|簡介|手记|手記|观察|觀察|调查|調查|来信|專欄|专栏|之家|日志|节|節|证|證|团|團|站$|会$|會$"
)
_BRACKETS = re.compile(r"[(（]([^()（）]{0,40}?(?:记者|記者|通讯员|通訊員)[^()（）]{0,60})[)）]")
_GAP = "[ 　\xa0]"
_NAMES_ONLY = re.compile(
    rf"(?:[{HAN}]{_GAP}{{1,2}}[{HAN}]|[{HAN}]{{2,4}})(?:(?:{_GAP}|、){{1,4}}(?:[{HAN}]{_GAP}{{1,2}}[{HAN}]|[{HAN}]{{2,4}}))+|[{HAN}]{_GAP}{{1,2}}[{HAN}]"
)
_NAME = re.compile(rf"(?<![{HAN}·])(?:[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}})+|[{HAN}]{{2,4}})(?![{HAN}·])")
_NOT_NAMES = re.compile(
    "报道|報道|報導|摄影|攝影|摄$|攝$|供图|供圖|整理|编辑|編輯|来源|來源|时间|時間|发布|發佈|本报|本報|本网|本網|日报|日報|晚报|消息|获悉|獲悉|近日|讯$|訊$|电$|網|网"
)
_PAPER = re.compile(
    rf"([{HAN}·《》]{{2,20}}?(?:报社|報社|日报|日報|晚报|晚報|晨报|晨報|都市报|时报|時報|报|報|网|網|社|电视台|客户端|融媒体中心|杂志|雜誌|站))\s*$"
)
_LABELLED_NAME = re.compile(rf"(?:作者|撰文|撰稿|文)\s*[:：/／|]\s*([{HAN}·][{HAN}· 　\t、，,]{{1,40}})")
_HOUSE = re.compile("美编|美編|校对|校對|审核|審核|[一二三初终]审|监制|签发|值班")
_EDITOR = re.compile(
    rf"(?:责任编辑|責任編輯|责编|責編|编辑|編輯)\s*(?:[:：/／]\s*|(?<=[ 　]))([{HAN}][{HAN} 　、]{{1,18}})"
)
# 资金来源：企业自筹 is no origin: the word stands alone, behind a time, or behind what it is the origin of.
_ORIGIN = re.compile(
    rf"(?:(?<![{HAN}])|(?<=[日分时秒])|文章|稿件|新闻|新聞|信息)(?:来\s*源|來\s*源|稿源|出处|出處)(?:于|於)?\s*[:：]\s*"
    r"(?P<name>[^\s　|｜:：()（）\[\]【】<>]{2,30}(?: [A-Za-z]+)?)"
)
_NEXT_LABEL = re.compile("(?:作者|记者|記者|时间|時間|日期|编辑|編輯|责编|点击|浏览|发布|發佈)")
_TAKEN_FROM = re.compile(
    rf"[据據]\s*(?P<name>《?[{HAN}]{{2,12}}?(?:日报|日報|晚报|晚報|晨报|时报|時報|报|報|网|網|社|电视台|客户端)》?)\s*(?:消息|报道|報道|報導|讯|訊)"
)
_MEDIUM = "(?:网|網|报|報|社|站|台|臺|客户端|频道)"
_DATELINE = re.compile(
    rf"^[\s　]*[【\[]?(?P<who>[{HAN}·]{{1,14}}{_MEDIUM})(?P<place>[{HAN}]{{2,6}})??\s*"
    rf"(?P<date>(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日)\s*(?:综合|綜合|专)?(?:讯|訊|电|電|消息)(?![{HAN}])"
)
_GENERAL_REPORT = re.compile(rf"^[\s　]*(?P<who>[{HAN}]{{1,8}}?(?:网|網|报|報|社))(?:综合|綜合)?(?:讯|訊)(?![{HAN}])")
_OWN = re.compile(r"^(?:本[网網站报報刊社]|null|原创|原創|互联网|网络|本站原创)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dateline:
    """How a report begins: `红网湘潭站8月5日讯(湘潭日报记者 周学强)`."""

    origin: str | None
    """The medium that sends the report."""
    raw_date: str | None
    """Its date, as it stands there."""


def names(text: str) -> tuple[str, ...]:
    """Personal names in a stretch of a byline, blanks inside a name taken out.

    >>> names("彭 婷  邓 梁")
    ('彭婷', '邓梁')
    >>> names("覃绍安、毛以宁 欧阳㛃")
    ('覃绍安', '毛以宁', '欧阳㛃')
    """
    joined = re.sub(rf"(?<![{HAN}])([{HAN}])[ 　\xa0]{{1,2}}([{HAN}]{{1,2}})(?![{HAN}])", r"\1\2", text)
    found = (match[0] for match in _NAME.finditer(joined))
    return tuple(dict.fromkeys(name for name in found if not _NOT_NAMES.search(name) and not _ROLE.search(name)))


def authors(byline: str) -> tuple[str, ...]:
    """Reporters and correspondents of a byline, in its order.

    >>> authors("湘潭日報記者 周學強")
    ('周學強',)
    >>> authors("本报记者 卢跃 通讯员 李梦 刘小川")
    ('卢跃', '李梦', '刘小川')
    >>> authors("作者：卢跃")
    ('卢跃',)
    """
    byline = byline[:_BYLINE]
    _, *stretches = _ROLE.split(_OTHERS.split(byline)[0])
    if not stretches:
        return names(byline)
    found: list[str] = []
    for stretch in stretches:
        found += names(stretch.lstrip(" 　:：/／").replace("、", " "))
    return tuple(dict.fromkeys(found))


def byline_paper(byline: str) -> str | None:
    """The paper that a byline names before the word reporter.

    >>> byline_paper("金昌日报记者 刘伟业"), byline_paper("本报记者 卢跃")
    ('金昌日报', None)
    """
    before = _ROLE.split(byline)[0]
    match = _PAPER.search(before)
    return None if match is None or _OWN.match(match[1]) else match[1]


def byline_in_text(text: str) -> str | None:
    """The bracket or label in a running text or a page's info line that names its reporters, as it stands there.

    >>> byline_in_text("本报讯（记者 覃绍安 通讯员 毛以宁）九月初……")
    '记者 覃绍安 通讯员 毛以宁'
    """
    if match := _BRACKETS.search(text):
        return match[1].strip()
    match = _LABELLED_NAME.search(text)
    return _OTHERS.split(match[0])[0].strip(" 　\t、，,") if match else None


def byline_in_info(text: str) -> str | None:
    """The byline in an info line, where it has other fields as neighbours.

    >>> byline_in_info("2024-03-12 09:15 来源：楚江日报 记者：单以澄")
    '记者：单以澄'
    """
    if len(text) > 160 or "。" in text:
        return None
    match = _ROLE.search(text)
    stretch = _OTHERS.split(text[match.start() :])[0].strip(" 　\xa0\t、，,|｜") if match else ""
    return stretch if stretch and len(stretch) <= 40 and authors(stretch) and not _COLUMNS.search(stretch) else None


def is_byline(line: str) -> bool:
    """Whether a whole line is a byline: `金昌日报记者 刘伟业`, `彭 婷  邓 梁`, `□本报记者 卢跃`.

    >>> [is_byline(line) for line in ("金昌日报记者 刘伟业", "彭 婷  邓 梁", "人人都是招商员", "记者获悉，……")]
    [True, True, False, False]
    """
    line = line.strip("□■◎●▲ 　\xa0()（）\t—-")
    if not 2 <= len(line) <= 60 or re.search(r"[，。；！？“”%]|\d{4}|[来來]\s*源|[时時][间間]", line):
        return False
    if _ROLE.search(line):
        rest = "".join(stretch for stretch in _ROLE.split(line)[1:])
        # 记者江湖 is a column, 作者简介 a heading: without a blank or colon, only a known family name makes a name.
        apart = re.search(r"(?:记者|記者|员|員|作者)[ 　\xa0:：/／]", line)
        named = tuple(name for name in authors(line) if apart or name[0] in SURNAMES)
        return (
            bool(named and not _COLUMNS.search(rest))
            and len(re.sub(r"\W", "", rest)) <= sum(map(len, authors(line))) + 6
        )
    if not _NAMES_ONLY.fullmatch(line):
        return False
    named = names(line)
    # 安徽 宣城 is two places that begin like family names: names of two characters alone need a blank inside.
    sure = len(named) < len(line.split()) or any(len(name) > 2 for name in named)
    whole = len(re.sub(r"\W", "", line)) == sum(map(len, named))
    return sure and whole and all(name[0] in SURNAMES and name[-1] not in "省市县區区镇州" for name in named)


def editor(text: str) -> str | None:
    """The responsible editors that a line names, joined by 、.

    >>> editor("（责任编辑：田 禾）"), editor("(责编：焦然、周慕)")
    ('田禾', '焦然、周慕')
    """
    match = _EDITOR.search(text)
    named = names(_HOUSE.split(match[1])[0]) if match else ()
    return "、".join(named) or None


def origin(text: str) -> str | None:
    """The medium that an origin line names; None for `本网` and the like, which name the site itself.

    >>> origin("2024-09-04 08:05  来源：湖南日报·新湖南客户端 作者：彭婷")
    '湖南日报·新湖南客户端'
    """
    match = _ORIGIN.search(text)
    name = _NEXT_LABEL.split(match["name"])[0].strip("，。、;；-—") if match else ""
    if name.startswith("《") and name.endswith("》"):
        name = name[1:-1]
    return None if len(name) < 2 or _OWN.match(name) else name


def taken_from(text: str) -> str | None:
    """The medium that a report says it goes by.

    >>> taken_from("紅網綜合訊 據益陽日報消息(記者 盧躍)")
    '益陽日報'
    """
    match = _TAKEN_FROM.search(text)
    return match["name"].strip("《》") if match else None


def dateline(text: str) -> Dateline | None:
    """The dateline at the beginning of a body.

    >>> dateline("紅網湘潭站8月5日訊(湘潭日報記者 周學強)“1-6月")
    Dateline(origin='紅網湘潭站', raw_date='8月5日')
    >>> dateline("紅網綜合訊 據益陽日報消息")
    Dateline(origin='紅網', raw_date=None)
    """
    match = _DATELINE.match(text)
    if match:
        return Dateline(None if _OWN.match(match["who"][:2]) else match["who"], match["date"])
    general = _GENERAL_REPORT.match(text)
    return Dateline(None if _OWN.match(general["who"][:2]) else general["who"], None) if general else None
