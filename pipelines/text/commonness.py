"""How much a text looks like Chinese that somebody wrote: decides between charsets that both decode."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

SAMPLE = 3000
"""So many characters beyond ASCII are looked at."""

UNKNOWN = -12.0
"""Score of a character that is not in ordinary Chinese text: private use, rare ideographs, control characters."""

_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·　－％～●■◆□▲★①②③④⑤⑥⑦⑧⑨⑩０１２３４５６７８９"
_LETTERS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü°×÷±¥£€©®«»–•℃㎡㎏"


@cache
def scores() -> dict[str, float]:
    """Score of each character: the logarithm of how often it comes, roughly, going by its rank.

    The ranks are in common_characters.txt, most common first, both scripts on a line;
    benchmarks/common_characters.py made it.
    """
    table = dict.fromkeys(_LETTERS, -8.0)
    lines = (Path(__file__).parent / "common_characters.txt").read_text(encoding="utf-8").splitlines()
    for rank, line in enumerate(lines):
        table.update(dict.fromkeys(line, -math.log(rank + 20)))
    table.update(dict.fromkeys(_PUNCTUATION, -4.0))
    return table


def commonness(text: str) -> float:
    """Mean score of the first `SAMPLE` characters beyond ASCII, from 0 (commonest) to `UNKNOWN`; 0 where there is none.

    Ordinary news lies between -6 and -4, in either script.

    >>> commonness("招商引资") > -7 > commonness("鎷涘晢寮曡祫")
    True
    """
    table = scores()
    sample = [char for char in text[: SAMPLE * 40] if char > "\x7f"][:SAMPLE]
    return sum(table.get(char, UNKNOWN) for char in sample) / len(sample) if sample else 0.0
