"""One process at a time crawls a source: a lock for each under `jobs/`, which a killed process cannot leave behind."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import TextIO

from archive.article import iso_utc, utc_now

_SUFFIX = ".lock"

_held: dict[Path, TextIO] = {}
"""The locks of this process: one that it has already is not asked for again."""


class BusyError(Exception):
    """Another process is at it; the message says which, and since when."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(f"{name}: {holder or 'another process is at it'}; wait for its end, or stop it")
        self.name = name


@contextmanager
def hold(data: Path, names: Iterable[str]) -> Iterator[None]:
    """Be the only process that crawls these sources into a data folder, for a `with` block.

    Raises BusyError for the first that another process has, and lets go of the others; nothing else has been touched.
    """
    with ExitStack() as stack:
        for name in names:
            path = path_of(data, name)
            if path not in _held:
                _held[path] = _take(path, name)
                stack.callback(_release, path)
        yield


def path_of(data: Path, name: str) -> Path:
    """The lock of a source: where there is no such file, nobody has it; a process that was killed may have left one."""
    return (data / "jobs" / f"{name}{_SUFFIX}").absolute()


def is_held(data: Path, name: str) -> bool:
    """Whether a process, this one or another, is crawling a source at the moment."""
    path = path_of(data, name)
    if path in _held:
        return True
    try:
        file = path.open("r+", encoding="utf-8")
    except FileNotFoundError:
        return False
    with file:
        return not _lock(file)


def _take(path: Path, name: str) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = path.open("a+", encoding="utf-8")
        if not _lock(file):
            with file:
                file.seek(0)
                raise BusyError(name, file.read().strip())
        if _is_there(path, file):
            break
        # Whoever had it took it away between our opening and our locking: we hold a file without a name.
        file.close()
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()} has been at it since {iso_utc(utc_now())}\n")
    file.flush()
    return file


def _lock(file: TextIO) -> bool:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_there(path: Path, file: TextIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _release(path: Path) -> None:
    # While it is still ours: behind the unlocking it might be somebody else's.
    path.unlink(missing_ok=True)
    _held.pop(path).close()
