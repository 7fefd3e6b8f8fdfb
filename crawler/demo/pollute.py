"""How a mirror spoils a text: the byte-level model of pollution, each fault a pure function.

A mirror turns a page into traditional characters, keeps it in GBK, injects readings by replacing *bytes*, loses the
lead byte of `。“` and `。”`, and reads the result as GBK again. What these functions do, the repairs must undo.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

import opencc
from pypinyin import Style, pinyin

Fold = Literal["first", "last"]
"""When a mirror makes punctuation ASCII: before the bytes are spoiled, or afterwards."""

_FOLDED = str.maketrans("，：；！？（）", ",:;!?()")
_PAIR = re.compile(rb"[\x00-\x7f]|[\x80-\xff][\x00-\xff]?")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


class Entry(NamedTuple):
    """One entry of the list that a mirror runs over its bytes."""

    char: bytes
    """A character in GBK."""
    reading: bytes
    """Its reading with tone mark, in GBK, where ā is A8A1."""


def traditional(text: str) -> str:
    """Simplified characters made traditional, one for one or by OpenCC's phrases.

    >>> traditional("面对新的招商引资形式")
    '面對新的招商引資形式'
    """
    return str(_converter().convert(text))


def fits_gbk(text: str) -> bool:
    """Whether the traditional text can be kept in GBK at all; 㛃 cannot.

    >>> fits_gbk("何㛃")
    False
    """
    return not set(traditional(text)) - set(traditional(text).encode("gbk", "ignore").decode("gbk"))


@cache
def entry(char: str) -> Entry:
    r"""The list entry of one character. Raises UnicodeEncodeError for a character that GBK does not hold.

    >>> entry("報")
    Entry(char=b'\x88\xf3', reading=b'b\xa8\xa4o')
    """
    reading = pinyin(char, style=Style.TONE)[0][0]
    return Entry(char.encode("gbk"), reading.encode("gbk"))


def annotate(data: bytes, entries: Iterable[Entry]) -> bytes:
    """Inject readings into GBK bytes, one entry after another over the whole text.

    The replacement knows no character borders. 請 is D588, which also stands inside 日報 (C8D5 88F3):

    >>> annotate("日報".encode("gbk"), [entry("報"), entry("請")]).hex(" ", -2)
    'c8d5 8828 71a8 ab6e 6729 f328 62a8 a46f 29'
    """
    for char, reading in entries:
        data = data.replace(char, char + b"(" + reading + b")")
    return data


def slip(data: bytes) -> bytes:
    """Lose the lead byte of every `。“` and `。”` in GBK bytes: it becomes an ASCII question mark.

    >>> slip("。“面".encode("gbk")).hex(" ")
    '3f a3 a1 b0 c3 e6'
    """
    return re.sub(rb"\xa1(\xa3\xa1[\xb0\xb1])", rb"?\1", data)


def misread(data: bytes) -> str:
    r"""Read GBK bytes as the mirror does, pair by pair, whatever they are by now.

    A pair that is no character becomes one `?` and takes both its bytes along, even an ASCII one. A pair of the area
    left to users' own characters falls out without a trace.

    >>> misread(b"\xc8\xd5\x88(q\xa8\xabng)"), misread(b"\xcc\xd2\xfd\xd9Y")
    ('日?qǐng)', '桃Y')
    """
    return "".join(_pair(match[0]) for match in _PAIR.finditer(data))


def fold(text: str) -> str:
    """Full-width punctuation made ASCII; 。、“”《》 and dashes stay, as they do on mirrors.

    >>> fold("发展！（1—6月，“双过半”）")
    '发展!(1—6月,“双过半”)'
    """
    return text.translate(_FOLDED)


def pollute(text: str, *, annotated: Iterable[str] = (), slips: bool = False, folded: Fold | None = None) -> str:
    """A simplified text as it stands on the mirror.

    `annotated` are the traditional characters that get a reading, in the order of the mirror's list; with `slips` it
    also loses lead bytes. The fault ends with the line. Raises UnicodeEncodeError for a text that is not `fits_gbk`.

    >>> pollute("日报", annotated="報請")
    '日?qǐng)?bào)'
    >>> pollute("。“面对新的招商引资形式", slips=True), pollute("。“面对", slips=True, folded="last")
    ('?！懊鎸π碌恼猩桃Y形式', '?!懊鎸?')
    """
    entries = [entry(char) for char in annotated]
    return "\n".join(_line(line, entries, slips, folded) for line in traditional(text).split("\n"))


def _line(line: str, entries: list[Entry], slips: bool, folded: Fold | None) -> str:
    data = annotate((fold(line) if folded == "first" else line).encode("gbk"), entries)
    spoiled = misread(slip(data) if slips else data)
    return fold(spoiled) if folded == "last" else spoiled


def _pair(pair: bytes) -> str:
    try:
        return pair.decode("gbk")
    except UnicodeDecodeError:
        return "" if _PRIVATE_USE.match(pair.decode("gb18030", "ignore")) else "?"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
