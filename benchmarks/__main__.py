"""`make bench`: this project and its peers, measured in the same run on the sample province.

`make bench ARGS=charsets` runs one of them only, `make bench ARGS="stories 200000"` with so many articles.
"""

import os
import platform
import sys

from rich.console import Console

from benchmarks import charsets, reading, restoring, searching, serving, stories

INTRODUCTION = """# Benchmarks

Printed by `make bench`: this project and its peers, each benchmark in one run, on the sample province and on generated
articles, Python {python}, {cores} cores. `docs/benchmarks.md` keeps it, with 200,000 articles for stories and serving
(`make bench ARGS="stories 200000"`, half an hour). Ratios carry over, absolute figures do not. The sample pages are
invented by the makers of this project: on the pages of others all readers do worse.
"""

BENCHMARKS = {
    "charsets": charsets.table,
    "restoring": restoring.table,
    "reading": reading.table,
    "searching": searching.table,
    "stories": stories.table,
    "serving": serving.table,
}
SIZED = ("stories", "serving")
"""Those that take a number of articles."""


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    sizes = [int(argument) for argument in chosen if argument.isdigit()]
    chosen = [argument for argument in chosen if not argument.isdigit()]
    console = Console(width=110)
    print(INTRODUCTION.format(cores=os.cpu_count(), python=platform.python_version()))
    for name in chosen:
        if name not in BENCHMARKS:
            sys.exit(f"unknown benchmark {name}: there are {', '.join(BENCHMARKS)}")
        print("```")
        console.print(BENCHMARKS[name](*sizes) if name in SIZED else BENCHMARKS[name]())
        print("```\n")


if __name__ == "__main__":
    main()
