"""Restore a text as a careful editor would: every fix in its order, a record of each change, nothing invented.

Faults nest, so they are undone from the outside in: what the last program on the way did comes off first.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.text.arrows import take_out_arrows
from pipelines.text.characters import free_blanks, name_private_signs
from pipelines.text.edits import Change, Fix, Restored, apply
from pipelines.text.entities import undo_escapes
from pipelines.text.invisible import take_out_controls, take_out_invisible
from pipelines.text.mojibake import decode_again
from pipelines.text.pinyin import annotated_characters, is_annotated, take_out_readings
from pipelines.text.script import script
from pipelines.text.signs import Signs
from pipelines.text.slips import put_in_step
from pipelines.text.widths import narrow_wide

FIXES: tuple[tuple[str, Fix], ...] = (
    # A wrong charset makes noise of everything below it.
    ("mojibake", decode_again),
    # What the page's own template and editor put in came last.
    ("control character", take_out_controls),
    ("invisible mark", take_out_invisible),
    ("entity", undo_escapes),
    ("blank", free_blanks),
    ("arrow", take_out_arrows),
    # What a mirror did.
    ("slip", put_in_step),
    ("pinyin", take_out_readings),
    # Bytes that slipped look like these, too, so they come when the text is in step.
    ("private sign", name_private_signs),
    ("width", narrow_wide),
)
"""Every fix with the name its changes go by, in the order in which they are made."""

ROUNDS = 6
"""A fix may lay bare what an earlier one can mend: all of them go on until nothing changes, at most so often."""


def signs_of(text: str) -> Signs:
    """What the text of a whole page shows.

    >>> signs_of("增長(cháng)").annotated
    False
    """
    if not is_annotated(text):
        return Signs()
    listed, bare = annotated_characters(text)
    return Signs(annotated=True, hant=script(text) == "hant", listed=listed, bare=bare)


def restore(text: str, signs: Signs | None = None) -> Restored:
    """The text restored, and the record that gives the input back (`edits.undo`).

    `signs` are those of the whole page, where the text is a part of one; without them the text itself is asked. Clean
    text comes back as it is, and so does what has been restored.

    >>> restore("增長(cháng)", Signs(annotated=True)).text, restore("招商引资").changes
    ('增長', ())
    """
    changes: list[Change] = []
    seen = signs or Signs()
    for _ in range(ROUNDS):
        before = text
        if signs is None and not seen.annotated:
            seen = replace(signs_of(text), slipped=seen.slipped)
        for kind, fix in FIXES:
            restored = apply(kind, text, fix(text, seen))
            text = restored.text
            changes += restored.changes
            if kind == "slip" and restored.changes:
                seen = replace(seen, slipped=True)
        if text == before:
            break
    return Restored(text, tuple(changes))
