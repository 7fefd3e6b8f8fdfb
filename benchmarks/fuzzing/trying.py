"""One input after the other put to a target, in a process of its own: it may crash, hang or eat memory alone."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.fuzzing.targets import TARGETS

SECONDS = 5
"""Processor time that an input of 64 kB may take at most."""

MEMORY = 1 << 30
"""Bytes beside what is loaded."""

PATIENCE = 60
"""Seconds after which a process is ended that does not even notice that its time is up: it is in compiled code."""

_HOME = Path(__file__).parents[2]


class OverrunError(BaseException):
    """An input takes too long; no Exception, so that no room takes it for one of its own."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a target must not do."""

    number: int
    """Of the input."""
    what: str
    """The exception and what it says, or how the process came to its end."""
    where: str
    """The innermost line of this project."""


@dataclass(slots=True)
class Tally:
    """What came of the inputs of a target."""

    inputs: int = 0
    seconds: float = 0
    slowest: float = 0
    """Seconds of the slowest input that came to its end."""
    slowest_number: int = 0
    findings: tuple[Finding, ...] = ()


def input_of(name: str, seed: int, number: int) -> Any:
    """An input of a target: the same one at any time."""
    return TARGETS[name].inputs().mutated(Random(f"{seed} {name} {number}"))


def tried(name: str, seed: int, number: int) -> Finding | None:
    """Put one input to a target."""
    data = input_of(name, seed, number)
    try:
        with _bounded():
            TARGETS[name].check(data)
    except (Exception, OverrunError) as error:  # noqa: BLE001 - any exception but those that the target caught
        return Finding(number, f"{type(error).__name__}: {error}"[:300], _place(error))
    return None


def fuzz(name: str, seed: int, seconds: float, first: int = 0) -> Tally:
    """Put inputs to a target for so many seconds."""
    tally = Tally()
    end, begun = time.monotonic() + seconds, time.monotonic()
    context = multiprocessing.get_context("fork")
    TARGETS[name].inputs()  # What inputs are made of is the same for all processes.
    while time.monotonic() < end:
        ours, theirs = context.Pipe(duplex=False)
        at = context.Value("q", first)
        process = context.Process(target=_work, args=(name, seed, end, at, theirs), daemon=True)
        process.start()
        theirs.close()
        ended = _followed(ours, at, tally)
        process.kill()
        process.join()
        if ended is None:
            break
        tally.findings += (Finding(at.value, f"{ended}, exit status {process.exitcode}", ""),)
        tally.inputs += 1
        first = at.value + 1
    tally.seconds = time.monotonic() - begun
    return tally


def _followed(pipe: Connection, at: Synchronized[int], tally: Tally) -> str | None:
    """Take in what a process finds; how it came to its end, None where its time was up."""
    number = -1
    while pipe.poll(PATIENCE) or at.value != number:
        if not pipe.poll(0):
            number = at.value
            continue
        try:
            told = pipe.recv()
        except EOFError:
            return "the process died"
        if told is None:
            return None
        if isinstance(told, Finding):
            tally.findings += (told,)
        else:
            tally.inputs += told[0]
            if told[1] > tally.slowest:
                tally.slowest, tally.slowest_number = told[1:]
    return f"no end within {PATIENCE} seconds"


def _work(name: str, seed: int, end: float, at: Synchronized[int], pipe: Connection) -> None:
    """Try inputs until the time is up, and tell of every 100 of them."""
    _alone()
    done, slowest, slowest_number = 0, 0.0, 0
    for number in count(at.value):
        at.value = number
        begun = time.process_time()
        found = tried(name, seed, number)
        took = time.process_time() - begun
        done += 1
        if found:
            pipe.send(found)
        elif took > slowest:
            slowest, slowest_number = took, number
        up = time.monotonic() >= end
        if up or done == 100 or took > 1:
            pipe.send((done, slowest, slowest_number))
            done, slowest = 0, 0.0
        if up:
            break
    pipe.send(None)


def _alone() -> None:
    """Bound the memory of this process, and leave unsaid what libraries print."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    warnings.simplefilter("ignore")
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))


@contextmanager
def _bounded() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise OverrunError(f"more than {SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    # Again and again: what is raised in a destructor is lost.
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _place(error: BaseException) -> str:
    """The innermost line of this project, which is where to look; of the fuzzer's own, if there is no other."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_HOME)
    ]
    frames = [frame for frame in frames if ".venv" not in frame.filename]
    inner = [frame for frame in frames if "benchmarks/fuzzing" not in frame.filename] or frames
    return f"{Path(inner[-1].filename).relative_to(_HOME)}:{inner[-1].lineno}" if inner else ""
