"""湘岳日报, an e-paper in the shapes of Founder's first generation: entry, issues, pages, articles, all UTF-8.

Every page of an issue also lists something that is no article. The trailing comments hold the best metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby

from crawler.demo.answer import Answer, page, plain
from crawler.demo.sample import SampleArticle
from crawler.demo.truth import Listed, iso, truth

SOURCE = "xiangyue"
_HOST = "http://epaper.xiangyue.example"
START = f"{_HOST}/xyrb/"
_FIRST_NODE = 2
_WEEKDAYS = "一二三四五六日"

_page = partial(page, codec="utf-8")


@dataclass(frozen=True, slots=True)
class Filler:
    """What a newspaper page holds beside articles."""

    title: str
    """Its headline in the page's list."""
    text: str = ""
    """Its few words; empty for a picture."""


_FILLERS = {
    "第01版：头版": Filler("导读", "园区新事看3版　产业链上的账看7版　深度调查看11版"),
    "第02版：要闻": Filler("广告"),
    "第03版：市州": Filler("图片新闻"),
    "第07版：经济": Filler("广告", "湘岳日报广告部　招租热线　周一至周五受理"),
    "第11版：观察": Filler("版权声明", "本报所刊作品，未经许可不得转载、摘编。"),
}


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page of an issue."""

    issue: date
    """Day of the issue."""
    name: str
    """版次 and name: `第01版：头版`."""
    url: str
    """Its address."""
    items: tuple[Listed, ...]
    """Its articles, the lead first."""

    @property
    def file(self) -> str:
        """The last part of its address, by which the pages beside it link to it."""
        return _file(self.url)

    @property
    def filler(self) -> Filler:
        """What it lists beside its articles."""
        return _FILLERS[self.name]

    @property
    def filler_url(self) -> str:
        """Where that stands."""
        return _content(self.issue, 9000 + 10 * self.issue.day + list(_FILLERS).index(self.name))

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Relative address and title of all that is on the page, as its lists have them."""
        items = tuple((_file(item.truth.url), item.truth.title) for item in self.items)
        return (*items, (_file(self.filler_url), self.filler.title))


def address(article: SampleArticle) -> str:
    """The address of an article, as the pages of the paper link to it."""
    return _content(article.published.date(), article.number)


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the paper prints: the newest issue first, inside it page by page."""
    own = [article for article in articles if article.site == SOURCE]
    own.sort(key=lambda article: (-article.published.toordinal(), article.page or "", article.number))
    return tuple(_listed(article) for article in own)


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the paper with its answer; an article also answers without `?div=-1`."""
    issues = [
        tuple(_pages_of(day, items)) for day, items in groupby(listed, key=lambda item: item.article.published.date())
    ]
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow: /pdf/\n")
    yield START, _page("xiangyue_entry.html", target=issues[0][0].url.removeprefix(START))
    for place, issue in enumerate(issues):
        # The newest issue stands first, so the one before it in time stands behind it.
        older = _from_issue(issues[place + 1][0]) if place + 1 < len(issues) else None
        newer = _from_issue(issues[place - 1][0]) if place else None
        for part in issue:
            framed = partial(_page, part=part, issue=issue, older=older, newer=newer, day=_day_line(part.issue))
            yield part.url, framed("xiangyue_page.html")
            for url, answer in _contents(part, framed):
                yield url, answer
                yield url.removesuffix("?div=-1"), answer


def _content(day: date, number: int) -> str:
    return f"{START}html/{day:%Y-%m/%d}/content_{1_700_000 + number}.htm?div=-1"


def _file(url: str) -> str:
    return url.rpartition("/")[2]


def _from_issue(part: PaperPage) -> str:
    """The relative address of a page of another issue."""
    return "../../" + part.url.removeprefix(f"{START}html/")


def _listed(article: SampleArticle) -> Listed:
    found = truth(article, source=SOURCE, url=address(article), charset="utf-8")
    section = article.page or article.section
    return Listed(article, replace(found, published=iso(article.published, "day"), precision="day", section=section))


def _pages_of(day: date, items: Iterable[Listed]) -> Iterator[PaperPage]:
    for node, (name, part) in enumerate(groupby(items, key=lambda item: item.truth.section), _FIRST_NODE):
        yield PaperPage(day, name, f"{START}html/{day:%Y-%m/%d}/node_{node}.htm", tuple(part))


def _contents(part: PaperPage, framed: Callable[..., Answer]) -> Iterator[tuple[str, Answer]]:
    """The articles of a page, and what it lists beside them; `framed` renders a template in the frame of the page."""
    for place, item in enumerate(part.items):
        following, _ = part.links[place + 1]
        yield (
            item.truth.url,
            framed(
                "xiangyue_article.html",
                article=item.article,
                truth=item.truth,
                byline=_byline(item.article),
                following=following,
            ),
        )
    yield part.filler_url, framed("xiangyue_filler.html")


def _byline(article: SampleArticle) -> str | None:
    """The line that names the writers, unless the text itself does.

    Feature pages print bare names, those of two characters with a blank inside: `彭 婷  邓 梁`.
    """
    if article.signed or not article.writers:
        return None
    if article.section == "观察":
        return "  ".join(" ".join(name) if len(name) == 2 else name for name in article.writers)
    reporters = f"本报记者 {' '.join(article.authors)}" if article.authors else ""
    correspondents = f"通讯员 {' '.join(article.correspondents)}" if article.correspondents else ""
    return " ".join(filter(None, (reporters, correspondents)))


def _day_line(day: date) -> str:
    """The date as the masthead has it.

    >>> _day_line(date(2024, 9, 4))
    '2024年09月04日 星期三'
    """
    return f"{day:%Y年%m月%d日} 星期{_WEEKDAYS[day.weekday()]}"
