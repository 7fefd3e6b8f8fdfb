"""The entry point of `zhaoshang`: Ctrl-C is one line even while the command is still being imported."""

from __future__ import annotations

import sys

from crawler import permissions


def main() -> None:
    """Run the command line."""
    permissions.restrict()
    try:
        from crawler.cli import main as command  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("zhaoshang: stopped\n")
        sys.exit(1)
    command()
