"""What changes on the pages of the sample sites by itself: counters, clocks, weather, advertisements, rankings.

From the second chapter on pages differ with every chapter, and say the same. The pages of 射阳投资促进网 and
庐陵投资促进网 are written once, and those of e-papers never touched again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit
from zlib import crc32

from crawler.demo.answer import Answer

_CODECS = {"www.hongan.example": "gbk", "gs.jinhe.example": "gb18030", "www.chaopan.example": "gbk",
           "www.shangqiao.example": "big5hkscs"}  # fmt: skip
"""What the bytes of a site are in; of others UTF-8."""

_PUT: dict[str, tuple[tuple[str, str], ...]] = {
    "www.hongan.example": (
        ('<span class="font-size">', '<span class="hits">阅读：{hits}</span>\n<span class="font-size">'),
        ('src="/uploads/', 'src="http://img{chapter}.hongan.example/uploads/'),
        (
            '<div class="sidebar">',
            '<div class="ad"><a href="/ad/{hits}"><img src="/ad/{hits}.gif" alt="广告"></a></div><div class="sidebar">',
        ),
    ),
    "gs.jinhe.example": (
        ('<div class="col-1-2 fr">', '<div class="col-1-2 fr">浏览量 {hits}　'),
        ('<div class="fr">打印', '<div class="fr">点击：{hits} 打印'),
        ("/NMediaFile/", "http://img{chapter}.jinhe.example/NMediaFile/"),
    ),
    "www.chanye.example": (
        ('<ul class="menu">', '<span class="clock">今天是{day} {clock}</span><ul class="menu">'),
        ('</center></div>\n<div class="dc-ccm1">', '&nbsp;&nbsp;点击：{hits}次</center></div>\n<div class="dc-ccm1">'),
    ),
    "www.chaopan.example": (
        ('<div class="topbar">', '<div class="weather">合肥今日天气：{weather}</div>\n<div class="topbar">'),
        ('<span class="print">', '<span class="read">阅读（{hits}）</span> <span class="print">'),
    ),
    "www.minjiang.example": (
        ('</div>\n<div class="text">', '　阅读 {hits}</div>\n<div class="text">'),
        ("<footer>", "<footer><p>当前时间：{day} {clock}</p>"),
    ),
    "www.shangqiao.example": (
        ('<div class="share">', '<div class="count">瀏覽人次：{hits}</div>\n<div class="share">'),
    ),
    # Inside the body, where every line may be the article's.
    "www.juxun.example": (("<p>來源：", "<p>閱讀量：{hits}</p>\n<p>來源："),),
}
"""By site: what stands on its pages, and what stands there instead."""

_WEATHER = ("晴 14℃~23℃", "多云 11℃~19℃", "小雨 8℃~13℃", "阴转晴 5℃~12℃")
_FIRST_DAY = date(2026, 9, 14)
_MOST_READ = re.compile(
    r"(?P<head>(?:热点排行|热门排行|点击排行|热点新闻)</h\d><[ou]l>)(?P<links>.*?)(?P<tail></[ou]l>)", re.DOTALL
)


def renewed(url: str, answer: Answer, chapter: int) -> Answer:
    """A page as it is in a chapter; the same for what is no page, for other sites and in the first chapter."""
    host = urlsplit(url).hostname or ""
    if chapter == 1 or host not in _PUT or answer.status != 200 or not _is_html(answer):
        return answer
    codec = _CODECS.get(host, "utf-8")
    html = answer.body.decode(codec)
    hits = crc32(url.encode()) % 9000 + 173 * chapter
    shown = {
        "chapter": str(chapter),
        "hits": str(hits),
        "day": f"{_FIRST_DAY + timedelta(days=20 * chapter):%Y年%m月%d日}",
        "clock": f"{hits % 24:02}:{hits % 60:02}",
        "weather": _WEATHER[chapter % len(_WEATHER)],
    }
    for there, instead in _PUT[host]:
        html = html.replace(there, instead.format(**shown))
    html = _MOST_READ.sub(lambda found: found["head"] + _turned(found["links"], chapter) + found["tail"], html)
    return replace(answer, body=html.encode(codec))


def _turned(links: str, chapter: int) -> str:
    """The lines of a list, of which another is the first.

    >>> _turned("<li>甲</li><li>乙</li><li>丙</li>", 2)
    '<li>乙</li><li>丙</li><li>甲</li>'
    """
    lines = [line + "</li>" for line in links.split("</li>")[:-1]]
    by = (chapter - 1) % len(lines) if lines else 0
    return "".join(lines[by:] + lines[:by])


def _is_html(answer: Answer) -> bool:
    return dict(answer.headers).get("Content-Type", "").startswith("text/html")
