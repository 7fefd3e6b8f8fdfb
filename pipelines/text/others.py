"""Pages in none of the Chinese charsets: their label if it decodes, else what charset-normalizer makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import charset_normalizer
from webencodings.labels import LABELS

from pipelines.text.exact import codec, read

_LOOKED_AT = 65_536
_DECIDED_BY_BYTES = ("gb18030", "big5", "utf-8", "euc-tw", "hz-gb-2312")

_LETTERS_OF = {
    "euc-jp": re.compile("[ぁ-んァ-ヶー]"),
    "shift_jis": re.compile("[ぁ-んァ-ヶー]"),
    "euc-kr": re.compile("[가-힣]"),
}
"""By charset: what its own language is written in. Half-width katakana are not counted: any GBK is full of them."""

_COMMON_LETTERS = {
    "euc-jp": re.compile("[のにはをたがでとしいるすなれもてから]"),
    "shift_jis": re.compile("[のにはをたがでとしいるすなれもてから]"),
    "euc-kr": re.compile("[이다의는을에가한고지로하사은를기도서과인시자대어정리아전부일수해들제상보구장원]"),
}
"""By charset: those that every sentence has. GBK read as EUC-KR is half hangul, too, but not these."""

_LETTERS = {"euc-jp": 0.2, "shift_jis": 0.2, "euc-kr": 0.8}
"""By charset: their share of ideographs, kana and hangul at least."""

_COMMON = 0.25
"""The share of the common ones among the letters at least: in sentences it is half and more."""

_FEWEST = 4
"""Common letters at least."""

_DAMAGED = 0.01
"""Places that cannot be decoded at most, to each ideograph or letter. Of Big5 read as EUC-JP it is a fifth."""

_WORDLIKE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")
_CLOSE = 2
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")

# What charset-normalizer may guess, by Python's name: no charset that browsers do not know (EBCDIC, most of DOS).
_GUESSED = {
    codec(name).name.replace("-", "_"): name
    for name in sorted(set(LABELS.values()))
    if name not in ("gbk", "iso-8859-8-i", "replacement", "utf-16be", "utf-16le", "utf-8", "x-user-defined")
}


def labelled(data: bytes, labels: Iterable[str]) -> str | None:
    """The first of the labels that is no Chinese charset and decodes everything.

    >>> labelled("เแโใ".encode("cp874"), ["utf-8", "windows-874"])
    'windows-874'
    """
    for label in labels:
        if label in _DECIDED_BY_BYTES or (label == "windows-1252" and not _is_western(data)):
            continue
        if not read(data, label).damages:
            return label
    return None


def neighbour(data: bytes, labels: Iterable[str]) -> str | None:
    """The first label of Japan or Korea that is true: much of the text is in kana or hangul, as it is in no Chinese.

    Read as GBK or Big5 such a text may be made of common ideographs, and the bytes alone would be taken for Chinese.

    >>> neighbour("今年の夏はとても暑くなる見込みです".encode("euc-jp"), ["euc-jp"])
    'euc-jp'
    >>> neighbour("市商务局通报前三季度招商引资进度".encode("gbk"), ["euc-jp", "euc-kr", "shift_jis"])
    """
    for label in labels:
        if label in _LETTERS_OF:
            text, damages, _ = read(data[:_LOOKED_AT], label)
            letters = "".join(_LETTERS_OF[label].findall(text))
            common = len(_COMMON_LETTERS[label].findall(letters))
            if (
                common >= max(_FEWEST, _COMMON * len(letters))
                and len(letters) >= _LETTERS[label] * len(_WORDLIKE.findall(text))
                # The sample may end within a character.
                and len(damages) <= 1 + _DAMAGED * len(_WORDLIKE.findall(text))
            ):
                return label
    return None


def _is_western(data: bytes) -> bool:
    """Whether the bytes beyond ASCII stand alone or in twos, as accents and quotation marks do: ideographs stand close.

    Two bytes of GBK are a lone ideograph, so there has to be one that stands alone.
    """
    runs = [len(run) for run in _BEYOND_ASCII.findall(data[:_LOOKED_AT])]
    return max(runs, default=0) <= _CLOSE and 1 in runs


def guessed(data: bytes) -> str | None:
    """What charset-normalizer takes the bytes for; None if it does not know either."""
    guess = charset_normalizer.from_bytes(data[:_LOOKED_AT], cp_isolation=list(_GUESSED)).best()
    return _GUESSED.get(guess.encoding) if guess else None
