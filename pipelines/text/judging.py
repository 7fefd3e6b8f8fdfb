"""Which Chinese charset bytes are in, and how sure that is: the one in which they are the most ordinary Chinese."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from pipelines.text import cns11643
from pipelines.text.commonness import UNKNOWN, scores
from pipelines.text.exact import glimpse
from pipelines.text.utf16 import byte_order

GOOD_ENOUGH = -8.5
"""Mean score per character above which a decoding is Chinese."""

ORDINARY = -6.3
"""The same of news; the best that a wrong charset makes of it is two worse, so the others need not be tried."""

ENOUGH = 100
"""So many characters leave no doubt."""

SURE = 0.99
"""Nothing but a byte order mark is surer."""

_NOT_ASCII = re.compile(rb"[\x80-\xff][\x40-\xff]*")
_SAMPLE_BYTES = 4_096

# In nats, as the weights are. A label is right four times in five; valid UTF-8 of several bytes does not come about by
# chance; nobody sends EUC-TW unless the bytes leave no doubt.
_LABELLED = 2.0
_VALID_UTF8 = 4.0
_RARE_CHARSET = -6.0
_RARE_LABEL = 10.0
_UTF16_LEAD = 1.0

_NATS_PER_STEP = 3.0
"""So many nats between the best and the next charset make it e times as sure. They overstate: characters of one text
hang together."""


class Weight(NamedTuple):
    """How much a text looks like Chinese that somebody wrote."""

    total: float
    """Logarithm of how likely its characters beyond ASCII are, roughly."""
    chars: int
    """How many there are."""

    @property
    def mean(self) -> float:
        """Per character; `UNKNOWN` where there is none."""
        return self.total / self.chars if self.chars else UNKNOWN


class Verdict(NamedTuple):
    """What bytes are in, going by the bytes."""

    charset: str
    """WHATWG name."""
    confidence: float
    """0 to 1."""
    chinese: bool
    """Whether it is ordinary Chinese in that charset."""


def weigh(text: str) -> Weight:
    """The weight of a text.

    >>> weigh("招商引资").total > weigh("鎷涘晢寮曡祫").total
    True
    """
    table = scores()
    found = [(table.get(char, UNKNOWN), times) for char, times in Counter(text).items() if char > "\x7f"]
    return Weight(sum(score * times for score, times in found), sum(times for _, times in found))


def judge(data: bytes, labels: Collection[str], *, utf8: str | None) -> Verdict:
    """The likeliest of the Chinese charsets for bytes that are not ASCII.

    `labels` are the charsets that labels name; `utf8` is the text if the bytes are valid UTF-8.

    >>> judge("招商引資".encode("big5"), ["gb18030"], utf8=None).charset
    'big5'
    """
    sample = _sample(data)
    for charset in ("gb18030", "big5"):
        weight = weigh(glimpse(sample, charset))
        if utf8 is None and weight.mean > ORDINARY and weight.chars >= ENOUGH:
            return Verdict(charset, SURE, chinese=True)
    weights = {charset: weigh(glimpse(sample, charset)) for charset in ("gb18030", "big5", "utf-8")}
    priors = dict.fromkeys(labels, _LABELLED)
    if utf8 is not None:
        priors["utf-8"] = priors.get("utf-8", 0.0) + _VALID_UTF8 * weights["utf-8"].chars
    if "euc-tw" in labels or cns11643.is_valid(sample):
        weights["euc-tw"] = weigh(glimpse(sample, "euc-tw"))
        priors["euc-tw"] = _RARE_CHARSET + (_RARE_LABEL if "euc-tw" in labels else 0.0)
    likely = {charset: weight.total + priors.get(charset, 0.0) for charset, weight in weights.items()}
    best = max(likely, key=likely.__getitem__)
    if utf8 is None and (unmarked := _utf16(data, weights[best])):
        return unmarked
    # A charset that was held back for being rare makes the other no surer.
    rivals = [likely[charset] - min(priors.get(charset, 0.0), 0.0) for charset in likely if charset != best]
    confidence = _confidence(likely[best] - max(rivals))
    chinese = weights[best].mean > GOOD_ENOUGH
    return Verdict(best, confidence if chinese else min(confidence, 0.5), chinese)


def _utf16(data: bytes, best: Weight) -> Verdict | None:
    """UTF-16, if it is much better Chinese than anything else.

    The ASCII that other charsets see in it weighs nothing, so characters are compared, not texts.
    """
    order = byte_order(data)
    if order is None:
        return None
    weight = weigh(glimpse(data[:_SAMPLE_BYTES], order))
    gap = weight.mean - best.mean
    return Verdict(order, _confidence(gap * weight.chars), chinese=True) if gap > _UTF16_LEAD else None


def _confidence(gap: float) -> float:
    return SURE / (1 + math.exp(-max(-90.0, min(gap, 90.0)) / _NATS_PER_STEP))


def _sample(data: bytes) -> bytes:
    """The first `_SAMPLE_BYTES` of what is not ASCII: enough to judge by, and three decodings of it cost little."""
    runs, size = [], 0
    for match in _NOT_ASCII.finditer(data):
        runs.append(match[0][:_SAMPLE_BYTES])
        size += len(match[0])
        if size > _SAMPLE_BYTES:
            break
    return b"\n".join(runs)
