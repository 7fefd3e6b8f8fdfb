"""Datasette over the archive, bound to this machine and safe by default."""

from __future__ import annotations

import errno
import logging
import socket
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm
from sqlite_utils import Database

from archive.database import ArchiveError, open_archive
from archive.schema import migrations
from archive.site.guard import LOOPBACK, guarded
from archive.site.headers import App, with_headers

SETTINGS = {
    "default_page_size": 50,
    "default_facet_size": 10,
    "truncate_cells_html": 120,
    "max_csv_mb": 0,
    "default_allow_sql": False,
    "allow_download": False,
    "suggest_facets": False,
}

METADATA: dict[str, Any] = {
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


def site(folder: Path, *, immutable: bool = False, snapshots: bool = True) -> Datasette:
    """The Datasette application over the archive in a data folder.

    An `immutable` one is only read, as it stands: nothing is brought up to date, no file is made beside it, and nobody
    may write to it meanwhile. Without `snapshots` nobody sees pages as they were received. Raises ArchiveError where
    there is no archive, or an immutable one of another release.
    """
    # Datasette's own answer to a page that is not there takes a second: rich draws its traceback, with all variables.
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")
    path = folder / "archive.db"
    archive = METADATA["databases"]["archive"] | ({} if snapshots else {"allow_snapshot": False})
    metadata = METADATA | {"databases": {"archive": archive}}
    if immutable:
        check_current(path)
        return Datasette([], immutables=[str(path)], metadata=metadata, settings=SETTINGS)
    open_archive(folder, must_exist=True).close()
    return Datasette([str(path)], metadata=metadata, settings=SETTINGS)


def check_current(path: Path) -> None:
    """Raise ArchiveError unless an archive can be read by this release as it stands."""
    if not path.exists():
        raise ArchiveError(f"{path}: no archive there; copy one, or give --data")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            pending = migrations.pending(Database(connection))
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: not usable as an archive: {error}; give another --data folder") from error
    if pending:
        raise ArchiveError(f"{path}: of an earlier release; run `zhaoshang status` on the original, and copy it again")


def application(site: Datasette, host: str, names: Iterable[str] = ()) -> App:
    """The site as it is served at an address: it answers to that, to loopback's names and to the `names` given."""
    bound = f"[{host}]" if ":" in host else host
    return with_headers(guarded(site.app(), (*LOOPBACK, bound, *names)))


def run(app: App, host: str, port: int, log: Path | None) -> None:
    """Serve until Ctrl-C. What fails by our own fault is told with its traceback in `log`, or on standard error."""
    told = logging.FileHandler(log, encoding="utf-8") if log else logging.StreamHandler()
    logging.getLogger("archive.site").addHandler(told)
    uvicorn.run(app, host=host, port=port, log_level="warning", lifespan="on", timeout_graceful_shutdown=3)
