"""`make bench`: this project and its peers, measured in the same run on the sample province.

`make bench ARGS=charsets` runs one of them only.
"""

import sys

from rich.console import Console

from benchmarks import charsets, reading, searching

BENCHMARKS = {"charsets": charsets.table, "reading": reading.table, "searching": searching.table}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    console = Console()
    for name in chosen:
        if name not in BENCHMARKS:
            sys.exit(f"unknown benchmark {name}: there are {', '.join(BENCHMARKS)}")
        console.print(BENCHMARKS[name]())


if __name__ == "__main__":
    main()
