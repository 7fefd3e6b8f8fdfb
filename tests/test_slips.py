"""Bytes out of step: what a mirror made of a text is undone, what somebody wrote stays."""

import time
import tomllib
from pathlib import Path

import pytest

from pipelines.text.bytewise import LOST
from pipelines.text.edits import undo
from pipelines.text.restore import restore, signs_of

CASES = tomllib.loads((Path(__file__).parent / "cases/slips.toml").read_text(encoding="utf-8"))["slips"]
SURE = 0.8


def cases():
    for case in CASES:
        lines = case["before"] if isinstance(case["before"], list) else [case["before"]]
        for number, line in enumerate(lines, 1):
            yield pytest.param(line, case.get("after", line), case, id=f"{case['label']} {number}")


@pytest.mark.parametrize(("before", "after", "case"), list(cases()))
def test_case(before, after, case):
    restored = restore(before, signs_of(before))
    assert restored.text == after
    assert undo(restored) == before
    guesses = [change for change in restored.changes if change.confidence < SURE]
    assert bool(guesses) == case.get("guess", False)
    assert all("guess" in change.evidence for change in guesses)
    assert restored.text.count(LOST) == sum("gone for good" in change.evidence for change in restored.changes)


def test_another_reading_of_the_same_bytes_is_named():
    """做, 作 and 座 begin with the same byte and are read alike; nothing in this text tells which one it was."""
    text = "市商務(wù)局說，園(yuán)區有小(xiǎo)企業(yè)。樓就有?xiǎo)！弊?zuò)小(xiǎo)家電(diàn)的老闆說。"
    change = next(change for change in restore(text, signs_of(text)).changes if change.kind == "slip")
    assert change.confidence < SURE
    assert "fits the bytes as well" in change.evidence


PIECES = [
    "?",
    "(",
    ")",
    "?！",
    "?！把",
    "?!笔",
    "(cháng)",
    "長(cháng)",
    "?qǐng)",
    "日?qǐng)?bào)",
    LOST,
    "�！?",
    "?！?\n",
    "懊鎸π",
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_no_faster_than_the_text(piece):
    """Ten times the text takes about ten times as long; a search that grew with its square would take a hundred."""

    def seconds(size):
        text = piece * (size // len(piece))
        best = min(timed(text) for _ in range(2))
        return best + 0.01

    assert seconds(100_000) < 30 * seconds(10_000)


def timed(text):
    start = time.process_time()
    restored = restore(text, signs_of(text))
    spent = time.process_time() - start
    assert undo(restored) == text
    return spent
