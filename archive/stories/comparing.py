"""Two articles compared, headline and text: whether one is a copy of the other."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import LCSseq, Postfix, Prefix

from archive.stories.fingerprint import SHORTEST
from archive.stories.likeness import Likeness, likeness
from archive.stories.words import FIGURES, Wording, without_figures, words

EXCERPT = 0.8
"""Share of the longer text that an excerpt does not reach."""

NEARLY_ALL = 0.98
"""Resemblance from which two texts are the same under a wrong number in the headline."""

ONE_FORM = 0.9
"""Share of the longer headline's characters, without its figures and the place it begins with, that stand in the other
where both are of one form."""

HEADLINE = 6
"""Letters and digits of a headline that says something."""

NAMED = 4
"""Characters of what a headline names: 软件 and 软体 are the same in another place's words."""

# 〔2024〕72号 without its brackets.
_DOCUMENT = re.compile(r"\d+号")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,12}?(?:自治县|[县市区旗])")


def compare(one: Wording, other: Wording) -> Likeness:
    """How two articles are alike; `against` says why they are no copies.

    Where one text is too short to be compared, only the same headline and text are the same story.
    """
    longer = (len(one.text), one.text, one.title) > (len(other.text), other.text, other.title)
    return _compare(other, one) if longer else _compare(one, other)


# What a copy is found by is also what is told of it.
@lru_cache(maxsize=256)
def _compare(short: Wording, long: Wording) -> Likeness:
    if len(short.text) < SHORTEST and short != long:
        return Likeness(0.0, 0.0, 0.0, "too short to be told by anything but the same words")
    like = likeness(short.text, long.text, headlines=_headlines(short.title, long.title))
    if like.against is not None:
        return like
    # A wrong number in the headline of the same text is a slip; with another figure in the text it is another notice.
    same = like.resemblance >= NEARLY_ALL and FIGURES.findall(short.text) == FIGURES.findall(long.text)
    if not same and (number := of_one_form(short, long)):
        return replace(like, against=number)
    if other := _tell_of_others(short, long):
        return replace(like, against=other)
    if like.whole < EXCERPT and _is_item_of(short, long):
        return replace(like, against="a digest that has it under its own headline")
    return like


def _headlines(one: str, other: str) -> float | None:
    """How alike two headlines are, 0 to 1; None where one says too little."""
    shorter = min(len(one), len(other))
    return LCSseq.similarity(one, other) / shorter if shorter >= HEADLINE else None


def of_one_form(one: Wording, other: Wording) -> str | None:
    """What is said of headlines that differ in what numbers them: documents, parts of a series, notices of two months.

    None where they do not.
    """
    documents = [_DOCUMENT.findall(each.title) for each in (one, other)]
    if all(documents) and documents[0] != documents[1]:
        return "another document number"
    titles = [each.title.removesuffix(words(each.part)) for each in (one, other)]
    forms = [_PLACE.sub("", without_figures(each)) for each in titles]
    longer = max(map(len, forms))
    if longer < HEADLINE or LCSseq.similarity(*forms) < ONE_FORM * longer:
        return None
    if one.part and other.part and one.part != other.part:
        return "another part of the series"
    places = [found[0] for each in titles if (found := _PLACE.search(each))]
    if len(places) == 2 and places[0] != places[1]:
        return "a headline of one form with another place"
    figures = [FIGURES.findall(each) for each in titles]
    same_number = len(figures[0]) == len(figures[1])
    return "a headline of one form with other figures" if same_number and figures[0] != figures[1] else None


def _tell_of_others(one: Wording, other: Wording) -> str | None:
    """What is said of two texts that each name, in the same words, what the headline has and the other text has not.

    关于印发《招商引资优惠办法》的通知 and 关于印发《园区考核细则》的通知 need not differ in anything else.
    """
    titles = [_PLACE.sub("", each.title) for each in (one, other)]
    begin = Prefix.similarity(*titles)
    ends = [each[begin:] for each in titles]
    mine, theirs = (each[: len(each) - Postfix.similarity(*ends)] for each in ends)
    if min(len(mine), len(theirs)) < NAMED or mine in other.text or theirs in one.text:
        return None
    return f"{mine} in place of {theirs}" if mine in one.text and theirs in other.text else None


def _is_item_of(short: Wording, long: Wording) -> bool:
    """Whether a longer text (一周要闻) has the headline of the shorter one in it, and a headline of its own."""
    return len(short.title) >= HEADLINE and short.title not in long.title and short.title in long.text
