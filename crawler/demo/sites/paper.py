"""What the e-papers have in common: issues of newspaper pages, articles that turn to another page, and fillers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from archive.article import Attachment
from crawler.demo.sample import Block, SampleArticle
from crawler.demo.truth import Charset, Listed, Truth, iso, truth

_WEEKDAYS = "一二三四五六日"
_CONTINUED, _FILLED = 5000, 9000
"""Where the numbers of continuations and of fillers begin."""


@dataclass(frozen=True, slots=True)
class Filler:
    """What a newspaper page lists beside articles."""

    title: str
    """Its headline in the page's list."""
    text: str = ""
    """Its few words; empty for a picture."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An article that goes on on another page of its issue (下转, 上接)."""

    page: str
    """The newspaper page that it goes on on."""
    after: int
    """How many blocks of the body are printed before the turn."""
    onward: str
    """The note at the turn: `（下转3版）`."""
    back: str = ""
    """The note above the continuation: `（上接第一版）`; empty where the continuation is a dead link."""
    headline: str | None = None
    """The headline of the continuation: shortened, or empty; None where it is that of the article."""
    cut: int = 0
    """How many characters of the next paragraph are printed before the turn, too."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One piece of a newspaper page."""

    url: str
    """Its address."""
    title: str
    """Its headline in the lists."""
    article: SampleArticle | None = None
    """What is printed of an article; None for a filler."""
    filler: Filler | None = None
    """A filler."""


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page of an issue."""

    issue: date
    """Day of the issue."""
    name: str
    """版次 and name: `第01版：头版`."""
    url: str
    """Its address."""
    items: tuple[Printed, ...]
    """What is on it, the lead first, fillers last."""

    @property
    def number(self) -> str:
        """Its number, `01`."""
        return self.name[1:3]


@dataclass(frozen=True)
class Paper:
    """One e-paper."""

    source: str
    """Id of the source."""
    charset: Charset
    """What its bytes are in."""
    content: Callable[[date, int], str]
    """The address of an article, by day and number."""
    node: Callable[[date, int], str]
    """The address of a newspaper page, by day and place in the issue, from 1."""
    beside: Callable[[date, str], tuple[str, str]]
    """The addresses of picture and PDF of a newspaper page, by day and number."""
    fillers: Mapping[str, tuple[Filler, ...]]
    """What is no article, by newspaper page."""
    turns: Mapping[int, Turn] = field(default_factory=dict)
    """The articles that turn, by number."""

    def listed(self, articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
        """What the paper prints: the newest issue first, inside it page by page."""
        own = [article for article in articles if article.site == self.source]
        own.sort(key=lambda article: (-article.published.toordinal(), article.page or "", article.number))
        return tuple(Listed(article, self._truth(article)) for article in own)

    def issues(self, listed: Sequence[Listed]) -> list[tuple[PaperPage, ...]]:
        """The pages of each issue, the newest first."""
        by_day = groupby(listed, key=lambda item: item.article.published.date())
        return [tuple(self._pages(day, tuple(items))) for day, items in by_day]

    def continuation(self, article: SampleArticle) -> str | None:
        """The address at which an article goes on; None where it does not, or where that is a dead link."""
        return self._further(article) if article.number in self.turns and not self.lost(article) else None

    def lost(self, article: SampleArticle) -> str | None:
        """The newspaper page that lists a continuation of an article which is a dead link."""
        turn = self.turns.get(article.number)
        return turn.page if turn and not turn.back else None

    def dead_links(self, articles: Iterable[SampleArticle]) -> set[str]:
        """The addresses of continuations that do not exist."""
        return {self._further(article) for article in articles if article.site == self.source and self.lost(article)}

    @property
    def pages(self) -> tuple[str, ...]:
        """The names of the pages of an issue."""
        return tuple(self.fillers)

    def _truth(self, article: SampleArticle) -> Truth:
        found = truth(article, source=self.source, url=self._address(article), charset=self.charset)
        text = article.text
        if self.lost(article):
            text = replace(article, body=_divided(article.body, self.turns[article.number])[0]).text
        return replace(
            found,
            published=iso(article.published, "day"),
            precision="day",
            section=article.page or "",
            attachments=tuple(self._attachments(article)),
            text=text,
            clean_text=text,
        )

    def _attachments(self, article: SampleArticle) -> Iterator[Attachment]:
        """Picture and PDF of the newspaper pages that an article stands on."""
        further = self.turns[article.number].page if self.continuation(article) else None
        for name in filter(None, (article.page, further)):
            picture, pdf = self.beside(article.published.date(), name[1:3])
            yield Attachment(picture, f"{name[:4]}版面图")
            yield Attachment(pdf, f"{name[:4]}PDF")

    def _address(self, article: SampleArticle) -> str:
        return self.content(article.published.date(), article.number)

    def _further(self, article: SampleArticle) -> str:
        return self.content(article.published.date(), _CONTINUED + article.number)

    def _pages(self, day: date, items: tuple[Listed, ...]) -> Iterator[PaperPage]:
        for place, name in enumerate(self.pages, 1):
            printed = tuple(piece for item in items for piece in self._printed(item.article, name))
            fillers = tuple(
                Printed(self.content(day, _FILLED + 100 * place + 10 * nth + day.day % 10), filler.title, None, filler)
                for nth, filler in enumerate(self.fillers[name])
            )
            yield PaperPage(day, name, self.node(day, place), (*printed, *fillers))

    def _printed(self, article: SampleArticle, page: str) -> Iterator[Printed]:
        """What is printed of an article on one page of its issue."""
        turn = self.turns.get(article.number)
        head, tail = _divided(article.body, turn) if turn else (article.body, ())
        if article.page == page:
            body = (*head[:-1], replace(head[-1], text=head[-1].text + turn.onward)) if turn else head
            yield Printed(self._address(article), article.title, replace(article, body=body))
        elif turn and turn.page == page:
            title = article.title if turn.headline is None else turn.headline or turn.back
            if title != turn.back and turn.back:
                tail = (replace(tail[0], text=turn.back + tail[0].text), *tail[1:])
            rest = replace(
                article, body=tail, title=title, kicker=None, subtitle=None, authors=(), correspondents=(),
                editor=None, captions=(), page=page,
            )  # fmt: skip
            yield Printed(self._further(article), title, rest)


def _divided(body: tuple[Block, ...], turn: Turn) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """A body before and behind its turn."""
    head, tail = body[: turn.after], body[turn.after :]
    if turn.cut:
        broken = tail[0].text
        head = (*head, Block("paragraph", broken[: turn.cut]))
        tail = (Block("paragraph", broken[turn.cut :]), *tail[1:])
    return head, tail


def day_line(day: date) -> str:
    """The date as the masthead has it.

    >>> day_line(date(2024, 9, 4))
    '2024年09月04日 星期三'
    """
    return f"{day:%Y年%m月%d日} 星期{_WEEKDAYS[day.weekday()]}"


def byline(article: SampleArticle) -> str | None:
    """The line that names reporters and correspondents, unless the text itself does."""
    if article.signed or not article.writers:
        return None
    reporters = f"本报记者 {' '.join(article.authors)}" if article.authors else ""
    correspondents = f"通讯员 {' '.join(article.correspondents)}" if article.correspondents else ""
    return " ".join(filter(None, (reporters, correspondents)))
