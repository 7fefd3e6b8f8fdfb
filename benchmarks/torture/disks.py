"""A small disk that fills up: a file system in memory, which only root may mount."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class NoDiskError(Exception):
    """No small disk could be mounted; the message says why."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[int], None]]:
    """A folder on a disk of its own, for a `with` block that is given what makes it so many megabytes large."""

    def mount(*options: str) -> None:
        command = ["mount", *options, str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            told = getattr(error, "stderr", None) or error
            raise NoDiskError(f"not tried: {' '.join(str(told).split())}") from error

    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "none")
    try:
        yield lambda megabytes: mount("-o", f"remount,size={megabytes}m")
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607
