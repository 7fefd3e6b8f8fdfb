"""Bytes to text and back. Labels (byte order mark, HTTP header, markup) are evidence; the bytes themselves decide.

A page says utf-8 and is GBK, says gb2312 and is UTF-8 or needs GB18030: of 47 real GB pages 12 lied (corruption.md).
Nothing here raises on any input, and every place that cannot be decoded becomes one U+FFFD and is told.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from pipelines.text.decoded import Decoded, Part, encode, read_stretches
from pipelines.text.exact import LOST, Damage
from pipelines.text.hz import is_hz
from pipelines.text.judging import SURE, judge
from pipelines.text.labels import canonical, label_in_header, label_in_markup, media_type
from pipelines.text.mixed import Stretch, stretches
from pipelines.text.others import guessed, labelled, neighbour
from pipelines.text.utf16 import CONTROLS, byte_order

__all__ = ["LOST", "Damage", "Decoded", "Part", "canonical", "decode", "encode", "media_type"]

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16le", codecs.BOM_UTF16_BE: "utf-16be"}

_CHINESE_LETTERS = re.compile("[\u2e80-\U0010ffff]")
_ENOUGH_UTF8 = 4
"""So many three-byte characters do not come about by chance in text of another charset; with fewer, all is weighed."""

_BY_MARK = 0.95
"""Confidence of a byte order mark before what is not all UTF-8."""

_NOT_CHINESE = 0.9
"""Confidence of valid UTF-8 in which there is no Chinese."""

_BY_LABEL = 0.9
"""Confidence of a Japanese or Korean label whose kana or hangul are there."""

_UNSURE = 0.5

_SHORT = 64
"""Bytes of ASCII that may be ideographs in UTF-16, every one of them by chance."""

_CONTROLS_LOOKED_FOR = 4096
"""So many bytes show whether a page is in UTF-16."""


class _Finding(NamedTuple):
    """What bytes are in, before they are read."""

    charset: str
    why: str
    confidence: float
    text: str | None = None
    """The text, if it is known already."""
    cut: tuple[Stretch, ...] = ()
    """Where the charset changes."""


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page or a text file. `content_type` is the HTTP header of that name, if there was one.

    >>> decode("招商引资工作".encode("gbk"), "text/html; charset=utf-8").evidence
    'bytes; false: header utf-8'
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    body = data[len(mark) :]
    labels = {
        f"{where} {label}": canonical(label)
        for where, label in (("header", label_in_header(content_type)), ("markup", label_in_markup(body)))
        if label
    }
    found = _find(body, _MARKS.get(mark), [name for name in labels.values() if name])
    if mark and found.charset != _MARKS[mark]:
        labels = {f"mark {_MARKS[mark]}": _MARKS[mark], **labels}
    if found.text is None:
        decoded = read_stretches(body, found.cut or [Stretch(0, found.charset)], found.why, found.confidence)
    else:
        decoded = Decoded(found.text, found.charset, found.why, found.confidence)
    charsets = {part.charset for part in decoded.parts} or {decoded.charset}
    true = [label for label, name in labels.items() if name in charsets]
    # Plain ASCII is the same in all of them, so it proves no label wrong.
    false = () if found.why == "ascii" else tuple(label for label, name in labels.items() if name not in charsets)
    notes = [
        found.why,
        *_mixed(decoded),
        f"true: {', '.join(true)}" if true else "",
        f"false: {', '.join(false)}" if false else "",
        f"{decoded.damaged} damaged" if decoded.damaged else "",
    ]
    return replace(decoded, evidence="; ".join(filter(None, notes)), false_labels=false, mark=mark)


def _find(data: bytes, marked: str | None, labels: list[str]) -> _Finding:
    if marked in ("utf-16le", "utf-16be"):
        return _Finding(marked, "byte order mark", 1.0)
    if data.isascii():
        return _Finding("utf-8", "byte order mark", 1.0, data.decode()) if marked else _from_ascii(data)
    utf8 = _utf8(data)
    if utf8 is not None and marked:
        return _Finding("utf-8", "byte order mark", 1.0, utf8)
    chinese = sum(1 for _ in islice(_CHINESE_LETTERS.finditer(utf8 or ""), _ENOUGH_UTF8))
    if utf8 is not None and chinese == _ENOUGH_UTF8:
        return _Finding("utf-8", "bytes", SURE, utf8)
    if not chinese and CONTROLS.search(data, 0, _CONTROLS_LOOKED_FOR) and (order := byte_order(data)):
        return _Finding(order, "bytes", SURE)
    if marked:
        return _from_bytes(data, [*labels, marked], None, marked=True)
    return _from_bytes(data, labels, utf8)


def _from_ascii(data: bytes) -> _Finding:
    if CONTROLS.search(data, 0, _CONTROLS_LOOKED_FOR) and (order := byte_order(data)):
        return _Finding(order, "bytes", SURE)
    if is_hz(data):
        return _Finding("hz-gb-2312", "bytes", SURE)
    # 招商 is ASCII bytes in UTF-16, too, as many ideographs are; in a headline all of them may be.
    short = len(data) <= _SHORT and byte_order(data) is not None
    return _Finding("utf-8", "ascii", _UNSURE if short else 1.0, data.decode())


def _from_bytes(data: bytes, labels: list[str], utf8: str | None, *, marked: bool = False) -> _Finding:
    if utf8 is None and not marked and (charset := neighbour(data, labels)):
        return _Finding(charset, "label", _BY_LABEL)
    verdict = judge(data, labels, utf8=utf8)
    if utf8 is not None and verdict.charset == "utf-8" and verdict.chinese:
        return _Finding("utf-8", "bytes", verdict.confidence, utf8)
    if utf8 is not None and not verdict.chinese:
        return _Finding("utf-8", "bytes", _NOT_CHINESE, utf8)
    cut = tuple(stretches(data, verdict.charset)) if verdict.charset in ("utf-8", "gb18030", "big5") else ()
    if marked and (verdict.charset == "utf-8" or not (verdict.chinese or len(cut) > 1)):
        return _Finding("utf-8", "byte order mark", _BY_MARK, cut=cut if len(cut) > 1 else ())
    if len(cut) > 1:
        return _Finding(verdict.charset, "bytes", verdict.confidence, cut=cut)
    if verdict.chinese:
        return _Finding(verdict.charset, "bytes", verdict.confidence)
    if charset := labelled(data, labels):
        return _Finding(charset, "label", _UNSURE)
    if charset := guessed(data):
        return _Finding(charset, "charset-normalizer; not sure", _UNSURE)
    return _Finding(verdict.charset, "bytes; not sure", verdict.confidence)


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _mixed(decoded: Decoded) -> list[str]:
    counts = Counter(part.charset for part in decoded.parts if part.charset != decoded.charset)
    return [f"mixed: {name} in {count} part{'s' if count > 1 else ''}" for name, count in counts.items()]
