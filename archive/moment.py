"""An archive as it is at one moment, and what was read of it before, remembered by all threads while it is true."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

MOST = 64
"""Answers that are remembered of an archive; one of ten thousand hits takes up to a megabyte."""

FRESH = 1.0
"""Seconds for which some answers count as true, whatever is written: a crawl writes dozens of times in one."""

_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class _Memory:
    """Of an archive."""

    state: int = 0
    """Another number since a thread noticed that somebody wrote."""
    answers: dict[Hashable, tuple[int, float, Any]] = field(default_factory=dict)
    """With the state that each belongs to, and when it was read."""


class _Here(threading.local):
    """Of a thread, which has a connection of its own."""

    connection: sqlite3.Connection | None = None
    version: int | None = None
    """What SQLite told of it last: another number since another connection wrote."""
    memory: _Memory | None = None
    """That of the moment; None outside of one."""
    state: int = 0
    """That of the moment."""


_here = _Here()
_memories: defaultdict[str, _Memory] = defaultdict(_Memory)
_lock = threading.Lock()


@contextmanager
def one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Read an archive as it is now, whatever others write meanwhile. Not to be entered twice."""
    file = connection.execute("pragma database_list").fetchone()[2]
    connection.execute("begin")
    try:
        # Together: or another thread could notice a later writing in between, and take what is read here for that.
        with _lock:
            version = connection.execute("pragma data_version").fetchone()[0]
            _here.memory = _memories[file] if file else _Memory()
            if (_here.connection, _here.version) != (connection, version):
                _here.connection, _here.version = connection, version
                _here.memory.state += 1
            _here.state = _here.memory.state
        yield
    finally:
        _here.memory = None
        connection.rollback()


def remembered(question: Hashable, answer: Callable[[], _Answer], *, fresh: float = 0.0) -> _Answer:
    """What is read of the archive, or was when it was asked before, where nobody has written since. Not to be changed.

    With `fresh`, what was read in the last so many seconds is taken although somebody wrote since. To be called within
    `one_moment`; elsewhere nothing is remembered.
    """
    memory, state = _here.memory, _here.state
    if memory is None:
        return answer()
    known = memory.answers.get(question)
    if known and (known[0] == state or time.monotonic() - known[1] < fresh):
        return cast("_Answer", known[2])
    begun = time.monotonic()
    found = answer()
    with _lock:
        memory.answers.pop(question, None)
        while len(memory.answers) >= MOST:
            del memory.answers[next(iter(memory.answers))]
        memory.answers[question] = (state, begun, found)
    return found
