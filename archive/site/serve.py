"""Datasette over the archive, bound to this machine and safe by default."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import rich
import uvicorn
from datasette.app import Datasette

from archive.database import open_archive

SETTINGS = {
    "default_page_size": 50,
    "default_facet_size": 10,
    "truncate_cells_html": 120,
    "max_csv_mb": 0,
    "default_allow_sql": False,
    "allow_download": False,
    "suggest_facets": False,
}

METADATA = {
    "title": "招商引资新闻档案 · Archive of investment-attraction news",
    "description": "区域招商引资新闻：可查、可读、可证 · findable, readable, provable",
    "databases": {
        "archive": {
            "tables": {
                "articles": {
                    "sort_desc": "published",
                    "label_column": "title",
                    "facets": ["source", "origin", "script"],
                },
                "runs": {"sort_desc": "id"},
                "pages": {"sort_desc": "id"},
            }
        }
    },
}


class PortInUseError(OSError):
    """The port is taken; the message says what to do."""


def check_port(host: str, port: int) -> None:
    """Raise PortInUseError if something listens there already, OSError if it is no address of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OSError(f"{host}:{port} cannot be served: {error.strerror}") from error
            raise PortInUseError(f"{host}:{port} is in use: stop what listens there, or give another --port") from error


def site(folder: Path) -> Datasette:
    """The Datasette application over the archive in a data folder. Raises ArchiveError where there is none."""
    open_archive(folder, must_exist=True).close()
    return Datasette(
        [str(folder / "archive.db")],
        metadata=METADATA,
        settings=SETTINGS,
    )


def run(site: Datasette, host: str, port: int, log: Path) -> None:
    """Serve until Ctrl-C.

    Datasette prints a traceback for every page that is not found; `log` has them instead of the terminal.
    """
    rich.reconfigure(file=log.open("a", encoding="utf-8"))
    uvicorn.run(site.app(), host=host, port=port, log_level="warning", lifespan="on", timeout_graceful_shutdown=3)
