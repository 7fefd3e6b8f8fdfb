"""Lines that a page writes anew at every visit: how often it was read, what time it is, what the weather is like."""

from __future__ import annotations

import re

from pipelines.text.names import HAN

_LONGEST = 60
"""No such line is longer."""

_DIGIT = re.compile(r"\d")
_DONE = (
    "(?:点击|點擊|点阅|點閱|阅读|閱讀|浏览|瀏覽|访问|訪問|查看|人气|人氣|热度|熱度|点[赞讚]|點[赞讚]|[赞讚]|收藏|转发|轉發|分享"
    "|评论|評論|回复|回復|跟帖|播放|下载|下載|在线|在線|关注|關注)"
)
# Blanks and commas have one place each, so that no line takes long.
_NUMBER = r"\d+(?:[,，.]\d+)*(?:\s*[万萬千亿億wWkK])?\+?(?:\s*(?:人次|[次人条條个個]))?"
_COUNTED = (
    rf"(?:(?:本[文页頁站]|文章|页面|今日|总|總|累计|累計|已|共|被)\s*)*{_DONE}(?:人[数數次]|次[数數]|[数數量率次人])?\s*(?:[:：(（]\s*)?{_NUMBER}(?:\s*[)）])?"
    rf"|{_NUMBER}\s*(?:已|参与)?{_DONE}(?:量|数)?"
)
_VISITOR = (
    r"[您你]是(?:本[站网網頁页])?的?\s*第\s*[\d,]+\s*[位名个個](?:访问者|訪問者|访客|訪客|浏览者|来访者|读者|讀者)"
)
_CLOCK = (
    r"(?:(?:当前|當前|现在|現在|北京|系统|系統|服务器|打印|页面生成|页面执行|查询)[时時][间間]|(?:今天|今日|现在|現在)是)"
    r"\s*[:：]?\s*\d[\d\s年月日号时時分秒:：./星期周一二三四五六日天-]*"
)
_SKY = "(?:晴|多[云雲]|[阴陰]|[小中大暴阵陣]?[雨雪]|雷阵雨|雷陣雨|[雾霧霾])"
_WEATHER = (
    rf"(?:今[日天])?(?:天[气氣])?\s*[:：]?\s*(?:[{HAN}]{{2,8}}\s+)?{_SKY}(?:[转轉到]{_SKY})?\s*[:：]?"
    r"\s*-?\d+\s*(?:[℃°度]C?\s*)?(?:[~～至/-]\s*-?\d+\s*)?[℃°度][^，。；！？]{0,20}"
)
_WRITTEN_ANEW = re.compile(
    rf"[\[【(（\s]*(?:(?:{_COUNTED})(?:[\s|｜/,，、·•]*(?:{_COUNTED}))*|{_VISITOR}|{_CLOCK}|{_WEATHER})[\]】)）\s。!！]*"
)


def is_counter(line: str) -> bool:
    """Whether a whole line is a counter, a clock or the weather: at the next visit it is another one.

    >>> [is_counter(line) for line in ("（阅读 1.2万）", "转发 5 评论 3", "现在时间：08:05:33", "长沙 多云 18℃～25℃")]
    [True, True, True, True]
    >>> [is_counter(line) for line in ("平台上线半年，访问量12万次。", "下载 | 12 | 34", "2024年9月4日")]
    [False, False, False]
    """
    if len(line) > _LONGEST or " | " in line or not _DIGIT.search(line):
        return False
    return _WRITTEN_ANEW.fullmatch(line) is not None
