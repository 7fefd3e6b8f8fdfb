"""Turn entities of HTML that were escaped twice into what they stand for: `招商&#65292;引资`, `R&amp;D`, `&nbsp;`.

A text is read out of markup once; what is an entity still was escaped once too often, by a CMS that escapes what its
editor had escaped. Unless the text is about markup, or is code: those show their entities on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import name2codepoint

from pipelines.text.edits import Edit
from pipelines.text.signs import Signs

_AMP = r"(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);"
_ENTITY = re.compile(
    rf"&(?P<again>(?:{_AMP})*+)"
    r"(?:#(?P<dec>[0-9]{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,7});)?"
)
"""An ampersand, escaped any number of times, and what it names."""

_CHINESE = re.compile(
    "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]|&(?:amp;)*+#(?:[2-6][0-9]{4}|x[4-9][0-9a-f]{3});", re.IGNORECASE
)
"""Chinese, also where all of it is escaped."""

_ABOUT_MARKUP = re.compile(
    r"(?<![./\w])(?:html|xml|xss)|转义|轉義|源代码|原始碼|实体字符|字符实体|字元實體|网页代码", re.IGNORECASE
)

_CODE = re.compile(
    r"<[A-Za-z/!?]|&(?:amp;)*+lt;[A-Za-z/!?]|`|[=(,+]\s?[\"'][^\"'\n]{0,80}&|&&|=>|[{}]"
    r"|^\s{0,20}(?://|#include|import )|;\s?//|\b(?:echo|print|printf|var|let|const|return|function|replace)\b"
)
"""What a line of code has, and news has not."""

_SHOWN_BEFORE = re.compile(
    "(?:用|写成|寫成|写作|寫作|写入|寫入|输入|輸入|插入|字符|字元|符号|符號|编码|編碼|代码|代碼|[换換][成为為]|[变變]成|写出|寫出)\\s$"
)
_SHOWN_BEHIND = re.compile(
    "[”’」』》）)\"']?\\s?[来來即就]?(?:表示|代表|代替|是|[为為]|[显顯]示)"
    "[^，。\n]{0,6}(?:空格|空白|符[号號]|字[符元]|[小大]于|[小大]於|引[号號])"
    "|\\s?(?:实体|實體|字符|字元|符号|符號|编码|編碼|(?<=\\s)(?:本身|即可))"
)
_SET_OFF = re.compile(r"\s|[，。、；：,.;:]|\Z")
_OPENING = re.compile(r"[“‘「『《（(【\"']\s?$")
_CLOSING = re.compile(r"\s?[”’」』》）)】\"']")

_ADDRESS = re.compile(r"(?:://|www\.|\?[A-Za-z0-9_]{1,40}=)[\x21-\x7e]*$")
_PARAMETER = re.compile(r"[A-Za-z0-9_.%-]{1,40}=")

_BLANKS = {0xA0: " ", 0x0D: "\r", 0x0A: "\n", 0x09: "\t"}
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
"""What browsers make of &#128; to &#159;: everybody who wrote them meant the charset of Windows."""


def undo_escapes(text: str, signs: Signs) -> Iterator[Edit]:  # noqa: ARG001 - every fix is called alike
    """The fix: entities that were escaped twice.

    >>> [edit.after for edit in undo_escapes("招商&#65292;引资&amp;nbsp;R&amp;D，增速&lt;5%", Signs())]
    ['，', ' ', '&', '<']
    >>> list(undo_escapes("用 &nbsp; 表示空格，见 http://a.cn/?a=1&amp;copy=2", Signs()))
    []
    """
    if "&" not in text or ";" not in text or _ABOUT_MARKUP.search(text) or not _CHINESE.search(text):
        return
    line_end, code = -1, False
    for match in _ENTITY.finditer(text):
        after = _meaning(match)
        if after is None:
            continue
        # Of `&amp;Co;`, which names nothing, only the ampersand is an entity.
        start, end = match.start(), match.end("again" if after == "&" else 0)
        if start > line_end:
            line_end = text.find("\n", start)
            line_end = len(text) if line_end < 0 else line_end
            code = _CODE.search(text, text.rfind("\n", 0, start) + 1, line_end) is not None
        if not code and not _is_shown(text, start, end) and _is_text(text, end, after):
            shown = after if after.strip() else "a blank"
            yield Edit(start, end, after, 0.95, f"{text[start:end][:40]} is {shown}, escaped twice")


def _meaning(match: re.Match[str]) -> str | None:
    """What an entity stands for; None where it is none, or stands for nothing that a text should hold.

    >>> [_meaning(match) for match in _ENTITY.finditer("&ldquo;&amp;amp;&#150;&#0;&no;&amp;no;&")]
    ['“', '&', '–', None, None, '&', None]
    """
    if match["dec"] or match["hex"]:
        return _character(int(match["dec"]) if match["dec"] else int(match["hex"], 16))
    name = match["name"] or ""
    code = name2codepoint.get(name, name2codepoint.get(name.lower()) if name.isupper() else None)
    if code is not None:
        return _character(code)
    if name.lower() == "apos":
        return "'"
    return "&" if match["again"] else None


def _character(code: int) -> str | None:
    """The character of a number, as browsers read it.

    A letter or figure of ASCII is written as an entity to be hidden, from collectors of addresses: it stays hidden.
    """
    if code in _BLANKS:
        return _BLANKS[code]
    if 0x80 <= code < 0xA0:
        return _WINDOWS[code] or None
    if code < 0x20 or code == 0x7F or code > 0x10FFFF or 0xD800 <= code < 0xF900 or 0xFDD0 <= code < 0xFDF0:
        return None
    if code & 0xFFFE == 0xFFFE or code >= 0xF0000:
        return None
    char = chr(code)
    return None if char < "\x80" and (char.isalnum() or char in "#;") else char


def _is_shown(text: str, start: int, end: int) -> bool:
    """Whether the text talks about the entity, or it is part of an address."""
    before = text[max(0, start - 200) : start]
    if _SHOWN_BEHIND.match(text, end) or (_SHOWN_BEFORE.search(before[-8:]) and _SET_OFF.match(text, end)):
        return True
    if _OPENING.search(before[-2:]) and _CLOSING.match(text, end):
        return True
    return _ADDRESS.search(before) is not None


def _is_text(text: str, end: int, after: str) -> bool:
    """Whether the character would be part of the text: & opens no parameter of an address, and < no markup."""
    if after == "&":
        return _PARAMETER.match(text, end) is None
    if after == "<":
        entity = _ENTITY.match(text, end)
        behind = (entity and _meaning(entity)) or text[end : end + 1]
        return not behind or (behind not in "/!?" and not (behind < "\x80" and behind.isalpha()))
    return True
