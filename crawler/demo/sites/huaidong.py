"""淮东日报, an e-paper in the shapes of Founder's second generation, GB18030: pages in `layout`, articles in `content`.

It does not come out at weekends and on holidays, and no issue links to the one before. Its template changed twice:
each issue has the shape of its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sites.paper import Filler, Paper, Turn, byline, day_line
from crawler.demo.truth import Listed

SOURCE = "huaidong"
_HOST = "http://epaper.huaidong.example"
START = f"{_HOST}/hdrb/"
NO_ISSUE = tuple(f"{START}pc/layout/202406/{day}/node_01.html" for day in ("08", "09", "10"))
"""A weekend and the Dragon Boat Festival, between the issues."""
MAP_ONLY = (date(2024, 6, 11), "第02版：经济")
"""The page whose picture's map alone leads to its articles."""
_SHAPES = {date(2024, 6, 12): "title", date(2024, 6, 11): "article", date(2024, 6, 7): "newsdetatit"}

_page = partial(page, codec="gb18030")


def _content(day: date, number: int) -> str:
    return f"{START}pc/content/{day:%Y%m/%d}/content_{38_000 + number}.html"


def _node(day: date, place: int) -> str:
    return f"{START}pc/layout/{day:%Y%m/%d}/node_{place:02}.html"


def _beside(day: date, number: str) -> tuple[str, str]:
    return f"{START}pc/pic/{day:%Y%m/%d}/{number}.jpg", f"{START}pc/attachement/{day:%Y%m/%d}/{number}.pdf"


PAPER = Paper(
    SOURCE,
    "gb18030",
    _content,
    _node,
    _beside,
    fillers={
        "第01版：要闻": (Filler("今日导读", "看滩涂上的新客人，翻到第三版；听老招商讲旧事，翻到第四版。"),),
        "第02版：经济": (Filler("公益广告", "节约用水，从拧紧每一只龙头做起。"),),
        "第03版：园区": (Filler("中缝广告", "转让冷库两座，面议。"), Filler("图片新闻")),
        "第04版：纵深": (Filler("广告"),),
    },
    turns={
        1: Turn("第04版：纵深", 6, "（下转4版）", "（上接1版）"),
        9: Turn("第03版：园区", 4, "▶下转03版", "◀上接01版", "把对手的零件摆进展厅", cut=36),
        10: Turn("第03版：园区", 5, "▶下转03版", "◀上接01版", "等一艘船，等来座厂"),
        17: Turn("第04版：纵深", 6, "（下转第四版）", "（上接第一版）", ""),
        19: Turn("第04版：纵深", 5, "（下转4版）"),
    },
)

listed = PAPER.listed


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the paper with its answer."""
    issues = PAPER.issues(listed)
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nAllow: /\n")
    yield START, _page("huaidong_entry.html", target=issues[0][0].url.removeprefix(START))
    for issue in issues:
        for part in issue:
            framed = partial(
                _page,
                part=part,
                issue=issue,
                path=_path,
                shape=_SHAPES[part.issue],
                day=day_line(part.issue),
                map_only=(part.issue, part.name) == MAP_ONLY,
            )
            yield part.url, framed("huaidong_page.html")
            for item in part.items:
                if item.article is None:
                    yield item.url, framed("huaidong_filler.html", filler=item.filler)
                elif item.article.page != PAPER.lost(item.article):
                    yield item.url, framed("huaidong_article.html", article=item.article, byline=byline(item.article))


def _path(url: str) -> str:
    """The relative address of a page of the paper, from any other of them: all of them lie as deep."""
    return "../../../" + url.removeprefix(f"{START}pc/")
