"""What is collected is for its owner and the owner's group; others on the machine need not read it."""

from __future__ import annotations

import os

OTHERS = 0o027
"""What the group may not do (write) and others may not (anything)."""


def restrict() -> None:
    """Every file that this process makes from now on is 0640 at most, every folder 0750; stricter ones stay so.

    SQLite gives what it makes beside an archive the rights of the archive.
    """
    os.umask(os.umask(OTHERS) | OTHERS)
