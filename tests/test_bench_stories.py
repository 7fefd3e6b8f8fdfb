"""The corpus that stories are measured on: always the same, its truth true, its articles as unlike as real ones."""

import random
from collections import Counter

import pytest

from archive.search.folding import fold
from benchmarks.copies import corpus, unrelated
from benchmarks.copies.counting import tally
from benchmarks.copies.strangers import single


@pytest.fixture(scope="module")
def items():
    return [item for number in range(2) for item in corpus.cell(1, number)]


def test_a_cell_is_always_the_same_and_shares_nothing_with_another(items):
    assert corpus.cell(1, 1) == items[100:]
    assert [item.number for item in items] == list(range(200))
    assert all(item.family // corpus.CELL == item.number // corpus.CELL for item in items)
    assert corpus.cell(2, 1)[0].text != items[100].text


def test_every_kind_is_there(items):
    kinds = Counter(item.kind for item in items)
    assert {*corpus.KINDS, *corpus.HARD, corpus.SINGLE, corpus.SINGLE_FRAMED, corpus.ORIGINAL} == set(kinds)
    assert all(kinds[kind] == 2 for kind in corpus.KINDS)


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("same text", 1, 1),
        ("scattered edits, 1%", 0.9, 0.98),
        ("scattered edits, 20%", 0.2, 0.5),
        ("reworded, 20%", 0.5, 0.9),
        ("traditional", 0.97, 1),
        ("polluted, repaired", 0.9, 1),
        ("excerpt 50%, beginning", 0.45, 0.7),
        ("header and footer", 0.5, 1),
    ],
)
def test_a_copy_shares_with_its_original_what_its_kind_says(items, kind, least, most):
    for item in items:
        if item.kind == kind:
            copy, original = (_runs(fold(each.text)) for each in (item, items[item.family]))
            assert least <= len(copy & original) / len(copy | original) <= most, item.number


def test_unrelated_articles_share_no_more_than_real_ones():
    found = unrelated.sharing("", [single(random.Random(number))[1] for number in range(150)], random.Random(1), 4000)
    assert 0.0003 < found.mean < 0.0009
    assert found.high < 0.006
    assert 500 < found.length < 750


def test_the_truth_itself_counts_as_perfect(items):
    counted = tally(*zip(*((item.family, item.family, item.kind) for item in items), strict=True))
    assert counted.precision == counted.recall(*corpus.KINDS) == 1
    assert counted.merged_per_thousand(*corpus.HARD) == 0


def _runs(text):
    return {text[place : place + 4] for place in range(len(text) - 3)}
