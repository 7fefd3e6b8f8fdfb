"""A page as lines of text, and how much each line looks like part of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.text.bylines import HAN, is_byline
from pipelines.text.damage import damage
from pipelines.text.dates import find_date
from pipelines.text.furniture import INFO, ends_article, is_furniture
from pipelines.text.pinyin import remove_readings, with_readings

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " founder-content h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr"
    " ul".split()
)
"""Elements that begin and end a line."""

SILENT = frozenset(
    "script style noscript template iframe select button textarea svg object embed head title rp".split()
)
"""Elements whose text is not the page's."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot|footer|header|top|crumbs?|breadcrumb|side|sidebar|right|related?|xgnews|xgyd|recommend|hot|rank|share|bdshare|"
    r"comments?|pinglun|reply|login|copyright|banner|ads?|adv|tags?|pages?|pager|tool|toolbar|link|links|friend)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
"""Names of classes and ids that surround, but do not hold, an article."""

_MARKS = re.compile("[，。；：！？、“”,;!?]")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_WORDS = re.compile(rf"[{HAN}A-Za-z0-9]")

_LOST = 12
"""Lost characters that make a line a paragraph: its commas and full stops went with them."""

BREAK = -150.0
"""Score of a heading such as 相关新闻: more than a paragraph can make up for."""


@dataclass(slots=True)
class Line:
    """One line of a page."""

    text: str
    """Blanks joined, ends stripped (ideographic and no-break blanks stay inside)."""
    linked: int = 0
    """Characters of it inside links."""
    tag: str = "p"
    """The block element it stands in."""
    aside: bool = False
    """Whether a class or id around it says it belongs to the page's frame."""
    node: object = None
    """The element it stands in, for finding the fragment again."""
    bare: str = ""
    """The text to judge by: without injected readings, where the page has them."""

    def __post_init__(self) -> None:
        self.bare = self.bare or self.text

    def raw(self, piece: str) -> str:
        """A piece of `bare` as the page has it: what is stored is repaired later, with a record."""
        return piece if self.bare == self.text else with_readings(self.text, piece)

    @property
    def prose(self) -> bool:
        """Whether it reads like a sentence or more."""
        if len(self.bare) < 8 or self.linked * 2 >= len(self.bare):
            return False
        return bool(_MARKS.search(self.bare)) or damage(self.bare) >= _LOST


def bare(text: str, *, annotated: bool) -> str:
    """A text to judge by: on an annotated page, without its readings."""
    return remove_readings(text) if annotated else text


def join_blanks(text: str) -> str:
    """The text with runs of blanks and tabs as one blank; ideographic and no-break blanks stay inside.

    >>> join_blanks("  彭 婷   邓　梁　")
    '彭 婷 邓　梁'
    """
    return _BLANKS.sub(" ", text).strip(" \xa0\u3000\u200b\ufeff")


def score(line: Line) -> float:
    """How much a line speaks for (above 0) or against an article body.

    >>> score(Line("招商引资是推动园区经济高质量发展的源头活水。")) > 0 > score(Line("首页"))
    True

    A destroyed paragraph is one, too: it is kept as it stands and found by its damage.

    >>> score(Line("?" * 40)), score(Line("* " * 20))
    (40.0, -30.0)
    """
    text = line.bare
    if ends_article(text):
        return BREAK
    if is_furniture(text):
        return -30.0
    lost = damage(text)
    words = len(_WORDS.findall(text)) + lost
    if line.linked * 2 >= len(text):
        return -10.0 - min(line.linked, 60) / 2
    marks = len(_MARKS.findall(text))
    if INFO.search(text) and words < 80:
        return -8.0
    if (marks and words - lost >= 8) or lost >= _LOST:
        value = float(min(words, 400))
    elif words >= 50:
        value = words / 2
    else:
        value = -3.0
    return value * 0.15 if line.aside and value > 0 else value


def best_stretch(lines: Sequence[Line]) -> tuple[int, int]:
    """The stretch of lines with the highest sum of scores, as a half-open range; empty where no line speaks for a body.

    >>> lines = [Line("首页"), Line("今年以来，全市签约项目28个。"), Line("相关新闻"), Line("更多")]
    >>> best_stretch(lines)
    (1, 2)
    """
    best, best_range, running, start = 0.0, (0, 0), 0.0, 0
    for place, line in enumerate(lines):
        if running <= 0:
            running, start = 0.0, place
        running += score(line)
        if running > best:
            best, best_range = running, (start, place + 1)
    return _cut_at_break(lines, best_range)


def _cut_at_break(lines: Sequence[Line], stretch: tuple[int, int]) -> tuple[int, int]:
    """End a stretch at a heading such as 网友评论 where a body of its own stands before it."""
    start, end = stretch
    gathered = list(accumulate((max(score(line), 0) for line in lines[start:end]), initial=0.0))
    for place in range(start, end):
        if ends_article(lines[place].bare) and gathered[place - start] >= 200:
            return start, place
    return stretch


def is_info(line: Line) -> bool:
    """Whether a line is the one between headline and body that gives date, origin or author.

    >>> is_info(Line("2024-09-04 08:05  来源：湖南日报")), is_info(Line("2024年9月4日，全市召开招商引资大会。"))
    (True, False)
    """
    if len(line.bare) > 160 or "。" in line.bare or " | " in line.text:
        return False
    if INFO.search(line.bare):
        return True
    found = find_date(line.bare)
    dated = found is not None and found.value is not None and len(line.bare) - len(found.raw) <= 24
    return dated and "，" not in line.bare


def end_of_head(lines: Sequence[Line], start: int, end: int) -> int:
    """Where the body really begins in a stretch that takes in headline, captions, byline or info line before it.

    The last byline or info line among the first lines ends the head, if next to nothing of the body stands before it.
    """
    whole = sum(max(score(line), 0) for line in lines[start:end])
    for place in range(min(end, start + 8) - 1, start - 1, -1):
        if is_info(lines[place]) or is_byline(lines[place].bare):
            before = sum(max(score(line), 0) for line in lines[start:place])
            return place + 1 if before <= whole * 0.15 else start
    return start
