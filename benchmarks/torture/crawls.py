"""Crawls that are disturbed: each is a process of its own, and may be killed at any moment."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from crawler.demo.server import SampleServer

ROOT = Path(__file__).parents[2]


class Crawls:
    """Makes one crawl after the other while its `with` block runs."""

    def __enter__(self) -> Self:
        self.said = TemporaryDirectory(prefix="crawls-")
        command = [sys.executable, "-m", "benchmarks.torture.child"]
        self.child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self.child:
            assert self.child.stdin
            self.child.stdin.close()
        self.said.cleanup()

    def crawl(
        self, data: Path, server: SampleServer, sources: list[str], *, seconds: float | None = None, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """A crawl, killed after so many seconds; its exit status and what it said.

        `more` is for the child: {"die": place, "times": n}, {"settings": …} …
        """
        out, err = (Path(self.said.name) / name for name in ("out", "err"))
        asked = {"data": str(data), "proxy": server.address, "sources": sources, "out": str(out), "err": str(err)}
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(json.dumps(asked | more) + "\n")
        self.child.stdin.flush()
        pid = int(self.child.stdout.readline())
        if seconds is not None and not select.select([self.child.stdout], [], [], seconds)[0]:
            os.kill(pid, signal.SIGKILL)
        status = int(self.child.stdout.readline())
        return subprocess.CompletedProcess([str(asked)], status, out.read_text(), err.read_text())
