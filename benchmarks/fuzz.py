"""`make fuzz`: the rooms that read what others wrote are given inputs that nobody wrote.

`make fuzz ARGS="--seconds 600 --seed 7"`, in all; `--only warc` for one target; `--only warc --number 123` puts a
single input to it again, in this process, with its traceback.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.fuzzing.targets import TARGETS
from benchmarks.fuzzing.trying import MEMORY, SECONDS, Finding, Tally, fuzz, input_of

INTRODUCTION = """# Fuzzing

`make fuzz` feeds the rooms that read what others wrote with inputs that nobody wrote: golden pages, cases of the tests,
pages of the sample province and WARC files of them, with bits flipped, pieces cut out, torn off, doubled up to a
thousand times, moved and spliced, and with NUL, half characters and whatever has a meaning there put in anywhere.

Of any input must hold: no exception but those by which the room refuses; less than {seconds} s of processor time for up
to 64 kB, and less than {memory} MB more memory; and what stands in the table. `tests/test_fuzz.py` holds the first
inputs of each target to it. `make fuzz ARGS="--only warc --number 123"` puts one input to its target again.

Guided by coverage (atheris 3.0, by hand, half a minute each for decoding, queries and source files: 31,026 inputs)
nothing more was found, so that is no dependency.

Printed by `make fuzz ARGS="{arguments}"` on {date}, tree {tree}, Python {python}; `docs/fuzzing.md` keeps it.
"""

HOME = Path(__file__).parents[1]


def main() -> None:
    """Fuzz as the command line says; exit status 1 where something was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="in all, shared by the targets")
    parser.add_argument("--seed", type=int, default=0, help="other seeds have other inputs")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", action="append", choices=TARGETS, help="a target; may be given several times")
    parser.add_argument("--number", type=int, help="put this input alone to the target, with its traceback")
    parser.add_argument("--findings", type=Path, default=HOME / ".venv/.cache/fuzz", help="folder for failing inputs")
    asked = parser.parse_args()
    chosen = asked.only or list(TARGETS)
    if asked.number is not None:
        for name in chosen:
            TARGETS[name].check(input_of(name, asked.seed, asked.number))
        return
    tallies = {name: fuzz(name, asked.seed, asked.seconds / len(chosen), asked.first) for name in chosen}
    print(
        INTRODUCTION.format(
            seconds=SECONDS, memory=MEMORY >> 20, arguments=" ".join(sys.argv[1:]), tree=_tree(),
            date=datetime.now(UTC).date(), python=platform.python_version(),
        )
    )  # fmt: skip
    print("```")
    Console(width=120).print(_table(tallies))
    print("```")
    for name, tally in tallies.items():
        for finding in _distinct(tally):
            file = _written(asked.findings, name, asked.seed, finding)
            print(f"\n- {name} {finding.number}, {finding.where}: {' '.join(finding.what.split())} ({file})")
    sys.exit(any(tally.findings for tally in tallies.values()))


def _table(tallies: dict[str, Tally]) -> Table:
    table = Table(title="inputs tried")
    table.add_column("target")
    table.add_column("what must hold")
    for name in ("inputs", "s", "slowest, ms", "findings"):
        table.add_column(name, justify="right")
    for name, tally in tallies.items():
        figures = (
            f"{tally.inputs:,}",
            f"{tally.seconds:.0f}",
            f"{tally.slowest * 1000:,.0f}",
            str(len(_distinct(tally))),
        )
        table.add_row(name, TARGETS[name].holds, *figures)
    inputs, found = (
        sum(each.inputs for each in tallies.values()),
        sum(len(_distinct(each)) for each in tallies.values()),
    )
    table.add_section()
    seconds = sum(each.seconds for each in tallies.values())
    slowest = max(each.slowest for each in tallies.values())
    table.add_row("all", "", f"{inputs:,}", f"{seconds:.0f}", f"{slowest * 1000:,.0f}", str(found))
    return table


def _distinct(tally: Tally) -> list[Finding]:
    """One finding of each place and kind."""
    kinds = {(finding.where, finding.what.partition(":")[0]): finding for finding in reversed(tally.findings)}
    return list(reversed(kinds.values()))


def _written(folder: Path, name: str, seed: int, finding: Finding) -> Path:
    data = input_of(name, seed, finding.number)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace(', ', '-').replace(' ', '-')}-{seed}-{finding.number}"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return Path(os.path.relpath(path, HOME))


def _tree() -> str:
    """The commit, and whether files are changed since."""
    git = ["git", "-C", str(HOME), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
