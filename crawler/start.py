"""The entry point of `zhaoshang`: Ctrl-C is one line even while the command is still being imported."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    try:
        from crawler.cli import main as command  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("zhaoshang: stopped\n")
        sys.exit(1)
    command()
