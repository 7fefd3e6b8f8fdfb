"""The first inputs of every target of `make fuzz`, which has the same and goes on; and that it would find something."""

import os
import time

import pytest

from benchmarks.fuzzing import trying
from benchmarks.fuzzing.mutating import of_text
from benchmarks.fuzzing.targets import TARGETS, Target

INPUTS = {"decoding": 100, "warc, packed": 100, "warc, torn": 100} | dict.fromkeys(
    ("undoing", "feeds", "addresses", "source files", "queries"), 200
)
"""How many, where 25 take less than a fifth of a second."""


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_does_what_it_must_not(name, monkeypatch):
    # Other tests run at the same time, and the first input loads what all need.
    monkeypatch.setattr(trying, "SECONDS", 30)
    found = [trying.tried(name, 0, number) for number in range(INPUTS.get(name, 25))]
    assert [each for each in found if each] == []


def raises(_):
    raise KeyError("x")


def hangs(_):
    while True:
        pass


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (raises, "KeyError: 'x'"),
        (hangs, "OverrunError: more than 0.05 seconds"),
        (lambda _: bytearray(2 * trying.MEMORY), "MemoryError: "),
        (lambda _: os._exit(3), "the process died, exit status 3"),
        (lambda _: time.sleep(60), "no end within 0.3 seconds, exit status -9"),
    ],
    ids=["raises", "hangs", "memory", "dies", "waits"],
)
# Python 3.12 and later: none of the threads of a test run holds a lock that is needed here.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_what_must_not_be_is_found(check, said, monkeypatch):
    monkeypatch.setitem(TARGETS, "broken", Target(lambda: of_text(["招商"], []), check))
    monkeypatch.setattr(trying, "SECONDS", 0.05)
    monkeypatch.setattr(trying, "PATIENCE", 0.3 if "no end" in said else 20)
    tally = trying.fuzz("broken", 0, 0.1)
    assert {finding.what for finding in tally.findings} == {said}
    assert [finding.number for finding in tally.findings[:2]] == list(range(len(tally.findings[:2])))
    assert tally.inputs >= len(tally.findings)
