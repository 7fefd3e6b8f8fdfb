"""Bytes out of step: what a mirror made of a text is undone, what somebody wrote stays."""

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
def test_many_of_a_piece_in_one_line_go_through(piece):
    """A search that grew with its square would not come back."""
    text = piece * (200_000 // len(piece))
    assert undo(restore(text)) == text


def test_a_long_line_with_many_slips_is_put_in_step():
    line = "三家企業同日開工?！笆灼谕懂a後，年產值可達十二億元，帶動就業八百人，園區再添一條生產線。"
    assert restore(line * 1000).text == line.replace("?！笆灼谕懂a", "。“首期投產") * 1000
