"""Restore a text as a careful editor would: every fix in its order, a record of each change, nothing invented.

Faults nest, so they are undone from the outside in: what the last program on the way did comes off first.
"""

from __future__ import annotations

from pipelines.text.edits import Change, Fix, Restored, apply
from pipelines.text.pinyin import is_annotated, take_out_readings
from pipelines.text.signs import Signs

FIXES: tuple[tuple[str, Fix], ...] = (("pinyin", take_out_readings),)
"""Every fix with the name its changes go by, in the order in which they are made."""

ROUNDS = 4
"""A fix may lay bare what an earlier one can mend: all of them go on until nothing changes, at most so often."""


def signs_of(text: str) -> Signs:
    """What the text of a whole page shows.

    >>> signs_of("增長(cháng)")
    Signs(annotated=False)
    """
    return Signs(annotated=is_annotated(text))


def restore(text: str, signs: Signs | None = None) -> Restored:
    """The text restored, and the record that gives the input back (`edits.undo`).

    `signs` are those of the whole page, where the text is only a part of one. Clean text comes back as it is.

    >>> restore("招商引资").changes
    ()
    """
    changes: list[Change] = []
    for _ in range(ROUNDS):
        before = text
        found = signs_of(text)
        found = Signs(annotated=found.annotated or (signs is not None and signs.annotated))
        for kind, fix in FIXES:
            restored = apply(kind, text, fix(text, found))
            text = restored.text
            changes += restored.changes
        if text == before:
            break
    return Restored(text, tuple(changes))
