"""A page as lines of text, and how much each line looks like part of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.text.damage import damage
from pipelines.text.dates import find_date
from pipelines.text.furniture import ends_article, is_furniture, is_labelled
from pipelines.text.names import HAN
from pipelines.text.pinyin import remove_readings, with_readings
from spiders.reading.block import Block

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_MARKS = re.compile("[，。；：！？、“”,;!?]")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_NO_WORDS = re.compile(rf"[^{HAN}A-Za-z0-9]+")

# A headline may have a date in it: 2024年9月4日政策吹风会, 雨湖区2024年8月招商情况.
_GOES_ON = re.compile(rf"(?!星期|周[一二三四五六日]|第|[号期刊])[{HAN}]")
_BEGUN = re.compile(rf"(?<![报報网網社台站刊于於])[{HAN}]$")

_TALKS_OF_MONTH = re.compile(rf"(?<![《〈])[{HAN}]{{3,}}[(（]$")

_LOST = 12
"""Lost characters that make a line a paragraph: its commas and full stops went with them."""

MOST = 400
"""What a line scores at most: a page of one line is no better than one of paragraphs."""

_MOST_LOOKED_AT = 2 * MOST

BREAK = -150.0
"""Score of a heading such as 相关新闻: more than a paragraph can make up for."""

FURNITURE = -30.0
"""Score of a line that belongs to the page."""


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
    block: Block | None = None
    """The block that it stands in, for finding what else stands there."""
    href: str | None = None
    """The one link that it leads to."""
    place: int = 0
    """Its number in the page."""
    bare: str = ""
    """The text to judge by: without injected readings, where the page has them."""

    _score: float | None = None

    def __post_init__(self) -> None:
        self.bare = self.bare or self.text

    @property
    def score(self) -> float:
        """How much it speaks for (above 0) or against an article body; looked at once."""
        if self._score is None:
            self._score = score(self)
        return self._score

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

    >>> join_blanks("  沈 芷   邓　栩　")
    '沈 芷 邓　栩'
    """
    return _BLANKS.sub(" ", text).strip(" \xa0\u3000\u200b\ufeff")


def score(line: Line) -> float:
    """How much a line speaks for (above 0) or against an article body.

    >>> score(Line("入秋以来，三家纺织厂先后把新车间落在了河湾镇。")) > 0 > score(Line("首页"))
    True

    A destroyed paragraph is one, too: it is kept as it stands and found by its damage.

    >>> score(Line("?" * 40)), score(Line("* " * 20))
    (40.0, -30.0)
    """
    text = line.bare
    if ends_article(text):
        return BREAK
    if line.linked * 2 >= len(text):
        return -10.0 - min(line.linked, 60) / 2
    if is_furniture(text):
        return FURNITURE
    lost = damage(text)
    words = len(_NO_WORDS.sub("", text[:_MOST_LOOKED_AT])) + lost
    marks = _MARKS.search(text)
    if words < 80 and is_labelled(text):
        return -8.0
    if (marks and words - lost >= 8) or lost >= _LOST:
        value = float(min(words, MOST))
    elif words >= 50:
        value = words / 2
    else:
        value = -3.0
    return value * 0.15 if line.aside and value > 0 else value


def is_info(line: Line) -> bool:
    """Whether a line is the one between headline and body that gives date, origin or author.

    >>> is_info(Line("2024-09-04 08:05  来源：湖南日报")), is_info(Line("2024年9月4日，全市召开招商引资大会。"))
    (True, False)
    >>> is_info(Line("2024年9月4日 星期三")), is_info(Line("雨湖区2024年9月4日招商推介会成功举办"))
    (True, False)
    """
    if len(line.bare) > 160 or "。" in line.bare or " | " in line.text:
        return False
    if is_labelled(line.bare):
        return True
    found = find_date(line.bare)
    if found is None or found.value is None or len(line.bare) - len(found.raw) > 24 or "，" in line.bare:
        return False
    before, _, behind = line.bare.partition(found.raw)
    if found.precision == "month" and _TALKS_OF_MONTH.search(before):
        return False
    return not (_GOES_ON.match(behind) or _BEGUN.search(before))
