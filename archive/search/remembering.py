"""What was found lately, remembered as long as nobody has written to the archive."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MOST = 32
"""Answers that a thread remembers; one of ten thousand hits takes up to a megabyte."""

_Answer = TypeVar("_Answer")


class _Memory(threading.local):
    """Of one thread, which has one connection of its own."""

    connection: sqlite3.Connection | None = None
    version: int | None = None
    answers: dict[Hashable, Any]


_memory = _Memory()


def remembered(connection: sqlite3.Connection, question: Hashable, answer: Callable[[], _Answer]) -> _Answer:
    """The answer to a question about the archive, worked out again once anything was written by another connection.

    To be called inside a transaction, so that what is asked is what the version belongs to.
    """
    version = connection.execute("pragma data_version").fetchone()[0]
    if _memory.connection is not connection or _memory.version != version:
        _memory.connection, _memory.version, _memory.answers = connection, version, {}
    if question in _memory.answers:
        known: _Answer = _memory.answers[question]
        return known
    found = answer()
    if len(_memory.answers) >= MOST:
        del _memory.answers[next(iter(_memory.answers))]
    _memory.answers[question] = found
    return found
