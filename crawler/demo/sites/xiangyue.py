"""湘岳日报, an e-paper in the shapes of Founder's first generation: entry, issues, pages, articles, all UTF-8.

Every page of an issue also lists something that is no article. The trailing comments hold the best metadata. One page
shows its articles in the map of its picture only, one issue has 上一期 on its further pages only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.sites.paper import Filler, Paper, PaperPage, Turn, byline, day_line
from crawler.demo.truth import Listed

SOURCE = "xiangyue"
_HOST = "http://epaper.xiangyue.example"
START = f"{_HOST}/xyrb/"
MAP_ONLY = (date(2024, 9, 3), "第07版：经济")
"""The page whose picture's map alone leads to its articles."""
NO_WAY_BACK = date(2024, 9, 4)
"""The issue whose first page does not lead to the issue before."""

_page = partial(page, codec="utf-8")


def _content(day: date, number: int) -> str:
    return f"{START}html/{day:%Y-%m/%d}/content_{1_700_000 + number}.htm?div=-1"


def _node(day: date, place: int) -> str:
    # The first page of an issue is node_2.htm.
    return f"{START}html/{day:%Y-%m/%d}/node_{place + 1}.htm"


def _beside(day: date, number: str) -> tuple[str, str]:
    return f"{START}res/1/{day}/{number}/brief.jpg", f"{START}pdf/{day}/{number}.pdf"


PAPER = Paper(
    SOURCE,
    "utf-8",
    _content,
    _node,
    _beside,
    fillers={
        "第01版：头版": (Filler("导读", "园区新事看3版　产业链上的账看7版　深度调查看11版"),),
        "第02版：要闻": (Filler("广告"),),
        "第03版：市州": (Filler("图片新闻"), Filler("中缝", "遗失　证件一批，声明作废。")),
        "第07版：经济": (Filler("广告", "湘岳日报广告部　招租热线　周一至周五受理"),),
        "第11版：观察": (Filler("版权声明", "本报所刊作品，未经许可不得转载、摘编。"),),
    },
    turns={
        26: Turn("第07版：经济", 6, "（下转7版）"),
        43: Turn("第03版：市州", 5, "（下转第三版）", "（上接第一版）"),
        64: Turn("第07版：经济", 4, "（下转第七版）", "（上接第一版）", "储能材料对接会惠州举行"),
    },
)


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the paper prints: the newest issue first, inside it page by page."""
    return tuple(
        Listed(article, replace(truth, roles=("",) * len(truth.authors)))
        if _is_bare(article)
        else Listed(article, truth)
        for article, truth in PAPER.listed(articles)
    )


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the paper with its answer; an article also answers without `?div=-1`."""
    issues = PAPER.issues(listed)
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /pdf/\n")
    yield START, _page("xiangyue_entry.html", target=issues[0][0].url.removeprefix(START))
    for place, issue in enumerate(issues):
        # The newest issue stands first, so the one before it in time stands behind it.
        older = _from_issue(issues[place + 1][0]) if place + 1 < len(issues) else None
        newer = _from_issue(issues[place - 1][0]) if place else None
        for part in issue:
            hidden = part.issue == NO_WAY_BACK and part is issue[0]
            framed = partial(
                _page,
                part=part,
                file=_file,
                issue=issue,
                older=None if hidden else older,
                newer=newer,
                day=day_line(part.issue),
                map_only=(part.issue, part.name) == MAP_ONLY,
            )
            yield part.url, framed("xiangyue_page.html")
            for number, item in enumerate(part.items):
                if item.article and item.article.page == PAPER.lost(item.article):
                    continue
                following = _file(part.items[(number + 1) % len(part.items)].url)
                answer = (
                    framed("xiangyue_article.html", article=item.article, byline=_byline(item.article), next=following)
                    if item.article
                    else framed("xiangyue_filler.html", filler=item.filler)
                )
                yield item.url, answer
                yield item.url.removesuffix("?div=-1"), answer


def _file(url: str) -> str:
    """The last part of an address, by which the pages beside it link to it."""
    return url.rpartition("/")[2]


def _from_issue(part: PaperPage) -> str:
    """The relative address of a page of another issue."""
    return "../../" + part.url.removeprefix(f"{START}html/")


def _byline(article: SampleArticle) -> str | None:
    """The line that names the writers, unless the text itself does.

    Feature pages print bare names, those of two characters with a blank inside: `沈 芷  邓 栩`.
    """
    if _is_bare(article):
        return "  ".join(" ".join(name) if len(name) == 2 else name for name in article.writers)
    return byline(article)


def _is_bare(article: SampleArticle) -> bool:
    """Whether a byline has names alone."""
    return article.section == "观察" and bool(article.writers) and not article.signed
