"""What of a text is gone for good: recognised, left as it stands, and counted.

Where a program could not read a byte it wrote U+FFFD; where the next one took that for GBK it wrote 锟斤拷; where one
had no room for Chinese it wrote question marks; where one showed memory that nobody had filled it wrote 烫烫烫.
Nothing brings these characters back, and nothing may be put in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Damage(NamedTuple):
    """One place where characters are lost."""

    start: int
    """Its first character in the text."""
    length: int
    """Characters that stand there now."""
    kind: str
    """`mark` (U+FFFD), `marks misread` (锟斤拷, ï¿½), `memory` (烫烫烫) or `question marks`."""
    lost: int
    """Characters that are gone, as far as one can tell."""


# U+FFFD is EF BF BD. Twice that in GBK is 锟斤拷, which may be cut at both ends; 锟 alone is a character of names.
_MISREAD = re.compile("(?:斤?拷)?(?:[锟錕]斤拷)+(?:[锟錕]斤?)?|斤拷[锟錕]斤?|拷[锟錕]斤|[锟錕]斤")
_MISREAD_AS_LATIN = re.compile("(?:ï¿½)+")

# Memory that nobody filled (CC), that was taken and not filled (CD), that was given back (DD), in GBK.
_MEMORY = re.compile("烫{3,}|燙{3,}|屯{3,}|葺{3,}")
_LONG = 6
"""Characters, from which on nobody writes them for fun."""
_SAID_BEFORE = tuple("好很太真喊叫说說是")
_SAID_BEHIND = tuple("的地得是了！!～~啊呀！")

_MARKS = re.compile("\ufffd+")

_ANY = re.compile("[?\ufffdï斤烫燙屯葺]")
"""What there is in every damaged text."""

_TALKS_OF_IT = re.compile(
    "[乱亂][码碼]|编码|編碼|字符|字元|程序[员設设]|程式|GBK|UTF|Unicode|内存|記憶體", re.IGNORECASE
)
_OPENING, _CLOSING = tuple("“‘「『《（(【\"'"), tuple("”’」』》）)】\"'")

_QUESTIONS = re.compile(r"\?{2,}")
_CERTAIN = 4
"""Question marks in a row that nobody writes in the middle of a sentence."""
_HAN = re.compile("[\u3400-\u9fff]")
_GOES_ON = re.compile("[\u3400-\u9fff0-9A-Za-z—、，。；：（《“％%]")
_STRAIGHT = tuple("\"'`")
_CALL = re.compile(r"[A-Za-z_] ?\($")
_ONLY_MARKS = re.compile(r"[\s?0-9０-９.,:;()（）“”《》、，。：；年月日%％]*")
_WHOLE_LONG = 2
"""Runs, from which on a line may be destroyed Chinese with a Latin word left in it: `2024????GDP????????5.3%`."""
_BEFORE_WORDS = re.compile(r"[：:（(《“‘、，；]$")
_NAMES_SOMEBODY = re.compile("(?:记者|記者|通讯员|通訊員|作者|编辑|編輯)[ \u3000/／]$")
_BEHIND_NAME = re.compile(r"[)）】\]\s摄攝]|[报報]道|$")
_ALTERNATING = re.compile("(?:\\?[\u3400-\u9fff]){4,}(?:\\?(?!\\?))?")
_ASKING = re.compile("[吗嗎呢么麼吧啊谁誰何哪什啥]")
_ASKS = re.compile("[吗嗎呢么麼吧啊谁誰何哪什啥]$|真的$")


def damage(text: str) -> int:
    """How many characters of a text are lost.

    >>> damage("招商引资"), damage("招\ufffd引资"), damage("锟斤拷引资"), damage("??????2024"), damage("真的吗????")
    (0, 1, 2, 6, 0)
    >>> damage("他说：???????"), damage("????(记者 ???)"), damage("招?引?资?工?作?")
    (7, 7, 5)
    """
    return sum(place.lost for place in places(text)) if _ANY.search(text) else 0


def places(text: str) -> tuple[Damage, ...]:
    """Every place where characters are lost, in the order of the text.

    >>> places("招商\ufffd\ufffd锟斤拷烫烫烫")
    (Damage(start=2, length=2, kind='mark', lost=2), Damage(start=4, length=3, kind='marks misread', lost=2), \
Damage(start=7, length=3, kind='memory', lost=3))
    """
    found: list[Damage] = []
    if "\ufffd" in text:
        found += (Damage(match.start(), len(match[0]), "mark", len(match[0])) for match in _MARKS.finditer(text))
    if "锟斤" in text or "錕斤" in text or "斤拷" in text:
        found += _misread(text)
    if "ï¿½" in text:
        found += _misread_as_latin(text)
    if any(memory in text for memory in ("烫烫烫", "燙燙燙", "屯屯屯", "葺葺葺")):
        found += _memory(text)
    if "?" in text:
        found += _question_marks(text)
        found += _alternating(text)
    return tuple(sorted(found))


def _misread(text: str) -> Iterator[Damage]:
    for match in _MISREAD.finditer(text):
        # Every character of these is two bytes of the three that a mark has.
        if not _is_mentioned(text, *match.span()):
            yield Damage(match.start(), len(match[0]), "marks misread", -(-2 * len(match[0]) // 3))


def _misread_as_latin(text: str) -> Iterator[Damage]:
    for match in _MISREAD_AS_LATIN.finditer(text):
        if not _is_mentioned(text, *match.span()):
            yield Damage(match.start(), len(match[0]), "marks misread", len(match[0]) // 3)


def _memory(text: str) -> Iterator[Damage]:
    for match in _MEMORY.finditer(text):
        start, end = match.span()
        said = text.endswith(_SAID_BEFORE, 0, start) or text.startswith(_SAID_BEHIND, end)
        if not _is_mentioned(text, start, end) and (end - start >= _LONG or not said):
            yield Damage(start, end - start, "memory", end - start)


def _is_mentioned(text: str, start: int, end: int) -> bool:
    """Whether a text only talks of such damage: it stands in quotes, or once and not far from the words for it."""
    if text.endswith(_OPENING, 0, start) and text.startswith(_CLOSING, end):
        return True
    return end - start < _LONG and _TALKS_OF_IT.search(text, max(0, start - 30), end + 30) is not None


def _question_marks(text: str) -> Iterator[Damage]:
    """The runs of question marks that stand for Chinese, line by line.

    Two or three may be somebody's astonishment, and `??` an operator: they count only beside a certain run, or where
    three of them stand inside one line of Chinese.
    """
    line: list[re.Match[str]] = []
    line_end = -1
    for match in _QUESTIONS.finditer(text):
        if match.start() > line_end:
            yield from _in_line(text, line, line_end)
            line = []
            line_end = text.find("\n", match.end())
            line_end = len(text) if line_end < 0 else line_end
        line.append(match)
    yield from _in_line(text, line, line_end)


def _in_line(text: str, runs: list[re.Match[str]], line_end: int) -> Iterator[Damage]:
    if not runs:
        return
    line_start = text.rfind("\n", 0, runs[0].start()) + 1
    whole = _is_destroyed(text, runs, line_start, line_end)
    if not whole and _HAN.search(text, line_start, line_end) is None:
        return
    inside = runs if whole else [run for run in runs if not _is_emphasis(text, run, line_end)]
    certain = any(len(run[0]) >= _CERTAIN for run in inside) or any(_is_name(text, run) for run in runs)
    if certain or (not whole and len(inside) >= 3):
        starts = {run.start() for run in inside}
        for run in runs:
            if run.start() in starts or _stands_alone(text, run, line_start):
                yield Damage(run.start(), len(run[0]), "question marks", len(run[0]))


def _is_destroyed(text: str, runs: list[re.Match[str]], start: int, end: int) -> bool:
    """Whether a line is nothing but question marks, figures and points, or has them for most of its words."""
    if _ONLY_MARKS.fullmatch(text, start, end):
        return True
    if len(runs) < _WHOLE_LONG or all(len(run[0]) < _LONG for run in runs):
        return False
    return sum(len(run[0]) for run in runs) * 2 >= end - start


def _is_name(text: str, run: re.Match[str]) -> bool:
    """Whether question marks stand where somebody is named: `(记者 ???)`."""
    start, end = run.span()
    return _NAMES_SOMEBODY.search(text, max(0, start - 4), start) is not None and bool(_BEHIND_NAME.match(text, end))


def _stands_alone(text: str, run: re.Match[str], line_start: int) -> bool:
    """Whether no word stands before question marks that they could ask about."""
    start = run.start()
    return start == line_start or _BEFORE_WORDS.search(text, start - 1, start) is not None or _is_name(text, run)


def _is_emphasis(text: str, run: re.Match[str], line_end: int) -> bool:
    """Whether question marks end a sentence.

    They do behind a word that asks, and where nothing goes on behind a few of them. Many in a row are no emphasis,
    unless they stand in straight quotes or in a call: `"????????"` is a mask, `IN (??????)` takes values.
    """
    start, end = run.span()
    if _ASKS.search(text, max(0, start - 2), start):
        return True
    if end - start >= _LONG:
        quoted = text.startswith(_STRAIGHT, end) and text.endswith(_STRAIGHT, 0, start)
        return quoted or (text.startswith(")", end) and _CALL.search(text, max(0, start - 3), start) is not None)
    return end >= line_end or not _GOES_ON.match(text, end)


def _alternating(text: str) -> Iterator[Damage]:
    """Question marks behind every single ideograph: `招?引?资?工?作?`. Four in a row are no questions."""
    for match in _ALTERNATING.finditer(text):
        start, end = match.span()
        if start and _HAN.match(text, start - 1) and not _ASKING.search(text, start - 1, end):
            yield from (Damage(place, 1, "question marks", 1) for place in range(start, end) if text[place] == "?")
