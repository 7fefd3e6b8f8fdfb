"""Which script a text is in."""

from __future__ import annotations

from collections import Counter
from functools import cache

from opencc import OpenCC

ENOUGH = 3
"""Characters that exist in one script only, before anything is said."""

_LOOKED_AT = 1000
"""So many characters decide: one in three belongs to one script only."""


@cache
def _one_script_only() -> tuple[frozenset[str], frozenset[str]]:
    """Characters only the simplified and only the traditional script has, by OpenCC's character tables."""
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    lines = "\n".join(han)
    simplified = OpenCC("t2s").convert(lines).split("\n")
    traditional = OpenCC("s2t").convert(lines).split("\n")
    hant = frozenset(char for char, other in zip(han, simplified, strict=True) if char != other)
    hans = frozenset(char for char, other in zip(han, traditional, strict=True) if char != other and char not in hant)
    # These are written in both scripts (后妃, 公里, 台灣, 干涉 …): they decide nothing.
    return hans - frozenset(
        "后里台干面出制系范准征周游谷斗松向回冲表卷困升舍御云郁折致几才别克党千秋姜曲板签胡松虫蜡须余"
    ), hant


def script(text: str) -> str | None:
    """`hans` or `hant`, by the characters that only one of them has; None where too few decide.

    >>> script("招商引资工作总结会议"), script("招商引資工作總結會議"), script("人口")
    ('hans', 'hant', None)
    """
    hans, hant = _one_script_only()
    counts = Counter(text[:_LOOKED_AT])
    simplified = sum(counts[char] for char in hans.intersection(counts))
    traditional = sum(counts[char] for char in hant.intersection(counts))
    if max(simplified, traditional) < ENOUGH:
        return None
    return "hans" if simplified > traditional else "hant"


def only_simplified() -> frozenset[str]:
    """The characters that only the simplified script has.

    >>> "资" in only_simplified(), "里" in only_simplified()
    (True, False)
    """
    return _one_script_only()[0]


def only_traditional() -> frozenset[str]:
    """The characters that only the traditional script has.

    >>> "資" in only_traditional(), "里" in only_traditional()
    (True, False)
    """
    return _one_script_only()[1]
