"""Lines that belong to the page and not to the article.

The words are listed as they stand on pages, simplified first; where a word is written otherwise in the traditional
script, both characters stand in brackets.
"""

from __future__ import annotations

import re

from pipelines.text.catalogue import is_catalogue
from pipelines.text.counters import is_counter
from pipelines.text.damage import damage
from pipelines.text.pager import is_pager


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_WHOLE_LINES = _any(
    r"首页|首頁|版面导航|标题导航|上一[版篇期页]|下一[版篇期页]|返回(?:首页|列表|顶部)?|打印|关闭|关闭窗口|更多|更多>>",
    r"字[号體体][:：]?|放大|缩小|默认|收藏|分享|分享到|举报|推荐|扫一扫|登录|注册|微信|微博|QQ空间|复制链接",
    r"[【\[]?(?:大 ?中 ?小|打印|关闭|收藏|字号.*)[】\]]?|加入收藏|设为首页|网站地图|联系我们|关于我们",
    r"(?:您|你)?(?:[当當]前的?|所在的?|[现現]在的?|(?<=[您你])的)位置.*|(?:[调調]整)?字[号號体體](?:[调調]整|大小)?|手机看.*|我要(?:评论|纠错).*|网友评论.*",
    r"点击(?:数|次数|量|率)?[:：].*|(?:浏览|阅读|閱讀|瀏覽)(?:次数|量|數|数)?[:：].*|阅读\s*\d+",
    r"评论\(?\d*\)?|\d+\s*(?:条评论|人参与)",
)
NAVIGATION = re.compile(f"^{_WHOLE_LINES}$")
"""Whole lines that lead elsewhere or serve the page."""

_SIGNS = re.compile(r"\W*")

_PAGER = re.compile(r"(?:^|[\s\d:：>｜|])(?:上|下)一[版篇](?:[\s\d:：>｜|]|$)|版面导航|标题导航|放大\s*缩小|首页\s*\|")

_PAGER_WORDS = ("一版", "一篇", "导航", "缩小", "首页")

_LEGAL_HEADINGS = _any(
    "版[权權]及?(?:免[责責])?[声聲]明|免[责責][声聲]明", "特[别別][声聲]明|(?:本[网網站])?[声聲]明",
    "反?侵[权權](?:公告|[声聲]明|[举舉][报報])|版[权權](?:公告|[说說]明|提示)|著作[权權][声聲]明|法律[声聲]明",
)  # fmt: skip
DISCLAIMER = re.compile(
    r"^[\s　]*"
    + _any(
        rf"[【\[(（]{_LEGAL_HEADINGS}[】\])）]|{_LEGAL_HEADINGS}\s*(?:[:：]|$)|网友评论仅供",
        "凡(?:本[网網]|注明|註明)",
        "本文(?:仅代表|僅代表|章?来源于网络|[为為系]?.{0,12}原[创創](?:文章|作品|稿件)?[，,。])",
        "转载(?:请|須|须)注明|(?:本文)?(?:通告引用|引用通告|引用地址|Trackback)",
        "(?:本站|本[网網])(?:所有|刊登|[转轉][载載])?.{0,20}(?:文章|作品|内容|內容|稿件).{0,30}(?:版[权權]|侵[权權]|不代表|[删刪]除)",
    )
)
"""Beginnings of legal notes."""

IMPRINT = re.compile(
    _any(
        # A sentence may end with such a number: 拿到施工许可证编号：430300。
        r"ICP[备備證证]|公[网網]安[备備]|(?:备案[号號]|[许許]可[证證](?:[号號]|[编編][号號])?[:：])[^，。]{0,12}\d[^。]*$",
        "[Cc]opyright|©|All [Rr]ights [Rr]eserved|版[权權]所有(?![者人权權])",
        "主[办辦][单單]位[:：]|技术支持[:：]|违法和不良信息举报",
    )
)
"""Copyright, filing numbers, licences."""

_IMPRINT_HINT = re.compile("[©备備案证證权權]|opyright|eserved|单位|單位|技术支持|举报")
"""What there is in every one of them: looked for first, since nearly no line has it."""

_FOLLOWING_HEADINGS = _any(
    "相[关關](?:新[闻聞]|[链鏈]接|[阅閱][读讀]|文章|报道|報道|[专專][题題]|稿件|推荐)|延伸[阅閱][读讀]",
    "(?:[为為][你您]|[热熱][门門点點]|精彩|编辑|編輯|延伸|猜你|小编)?推[荐薦](?:[阅閱][读讀]|文章|新[闻聞])?|猜[你您](?:喜[欢歡]|想看|[关關]心)|[你您]可能(?:感[兴興]趣|喜[欢歡]).{0,6}|大家都在看",
    "[热熱][点點]?(?:新[闻聞]|[视視][频頻]|[舆輿]情|推[荐薦]|文章|图片|搜索|门?排行)|[热熱][门門](?:新[闻聞]|文章|推[荐薦]|排行|[视視][频頻]|图片|搜索|评论|专题|话题|点击|标签|关键词|[阅閱][读讀])?",
    "最新(?:文章|新[闻聞]|评论)|更多(?:新闻|精彩|相关).{0,8}|[图圖]片新[闻聞]|新[闻聞]排行|阅读排行",
    r".{0,24}(?:已有|共有?)\s*\d+\s*(?:[条條件个個篇位])?(?:网友)?(?:[评評][论論]|回[复復覆]|留言|跟帖|跟[贴貼])",
    r"(?:网友|最新|发表|精彩|查看|全部|文章)?[评評][论論](?:区|列表|\s*[(（]\d+[)）])?|我来说两句|发表[评評][论論]",
    "上一篇|下一篇|分享到|扫描二维码",
)
END_OF_ARTICLE = re.compile(rf"^[\s　\W]*{_FOLLOWING_HEADINGS}[\s　\W]*(?:[:：].*)?$")
"""Headings behind which nothing of the article follows."""

_INNER_BLANKS = re.compile("[ \u3000\xa0·•]+")
"""As in 延伸 · 推荐 and 相 关 新 闻."""

_HOUSE_ROLES = _any(
    "责任?编辑|責任?編輯|责编|責編|编辑|編輯", "[一二三初终]审|审核|校对|责任校对", "值班(?:主任|编委)|监制|签发"
)
EDITOR_LINE = re.compile(
    rf"^[\s　(（\[【]*{_HOUSE_ROLES}(?:\s*[:：/／]|[ 　]+)\s*[^\s:：]{{1,5}}(?:[\s　)）\]】、/／]|$)"
)
"""Lines that name who saw the text through the house."""

_EDITOR_OF_HOUSE = re.compile(rf"^[\s　(（\[【]*[\u4e00-\u9fff]{{0,8}}?{EDITOR_LINE.pattern.removeprefix('^')}")

INFO = re.compile(
    _any(
        r"发表于|發表於|发布于|更新于|来自\s*[:：]",
        r"(?:来\s*源于?|來\s*源於?|稿源|时间|時間|日期|作者|发布|發佈|更新|浏览|编辑|点击|字体|字号)\s{0,4}(?:时间|日期|人|单位|部门)?\s{0,4}[:：]",
    )
)
"""Labels of the line between headline and body."""


def is_furniture(line: str) -> bool:
    """Whether a whole line is page furniture: navigation, counters, ornaments, notes, imprint, editors, catalogue.

    >>> [is_furniture(line) for line in ("下一篇 4 放大 缩小 默认", "版權及免責聲明:凡本網所屬", "京ICP備11041399號")]
    [True, True, True]
    >>> is_furniture("招商引资是源头活水。")
    False

    Signs alone are an ornament, unless they stand for lost words.

    >>> is_furniture("******"), is_furniture("????????"), is_furniture("\ufffd\ufffd\ufffd\ufffd")
    (True, False, False)
    """
    line = line.strip()
    if is_pager(line) or is_catalogue(line) or is_counter(line) or (len(line) < 160 and NAVIGATION.match(line)):
        return True
    if len(line) < 60 and (
        EDITOR_LINE.match(line)
        or (any(word in line for word in _PAGER_WORDS) and _PAGER.search(line) and not re.search("[，。]", line))
    ):
        return True
    return bool(
        (_SIGNS.fullmatch(line) and not damage(line))
        or DISCLAIMER.match(line)
        or (len(line) < 160 and _IMPRINT_HINT.search(line) and IMPRINT.search(line))
    )


def is_labelled(line: str) -> bool:
    """Whether a line has a label of those between headline and body: date, origin, author.

    >>> is_labelled("2024-09-04 08:05  来源：湖南日报"), is_labelled("资金来源广泛。")
    (True, False)
    """
    return any(sign in line for sign in (":", "：", "于", "於")) and INFO.search(line) is not None


def ends_article(line: str) -> bool:
    """Whether nothing of the article follows a line.

    >>> [ends_article(line) for line in ("相关新闻", "延伸閱讀", "热点新闻", "热点项目集中签约，开局良好")]
    [True, True, True, False]
    """
    return len(line) < 30 and END_OF_ARTICLE.match(_INNER_BLANKS.sub("", line)) is not None


def closes_article(line: str) -> bool:
    """Whether a line names the editors or begins a legal note: what stands below it in the same column is the house's.

    >>> [closes_article(line) for line in ("（红岸网编辑 田禾）", "反侵权公告：", "编辑部里争论了三天。")]
    [True, True, False]
    """
    return (len(line) < 60 and _EDITOR_OF_HOUSE.match(line) is not None) or DISCLAIMER.match(line) is not None
