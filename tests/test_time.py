"""What measures time in these tests tells linear from quadratic, and is not deceived by a cache."""

from functools import cache

import pytest


def linear(text):
    return sum(1 for _ in text)


def quadratic(text):
    return sum(linear(text) for _ in text)


def cubic(text):
    return sum(quadratic(text) for _ in text)


def texts(size):
    return "招" * size


def test_what_grows_evenly_passes(grows_evenly):
    grows_evenly(linear, texts, 50_000)
    grows_evenly(quadratic, texts, 200, power=2)


@pytest.mark.parametrize(
    ("work", "size", "power"),
    [(quadratic, 200, 1), (cache(quadratic), 200, 1), (cubic, 20, 2)],
    ids=["quadratic", "cached", "cubic"],
)
def test_what_grows_faster_fails(work, size, power, grows_evenly):
    with pytest.raises(AssertionError, match=r"^0\.\d+ s for \d+, \d+\.\d+ s for \d+: \d+\.\d times as long"):
        grows_evenly(work, texts, size, power=power)
