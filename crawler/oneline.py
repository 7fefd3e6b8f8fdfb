"""How the command line fails: one line that says what and how to mend it, and the right exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from archive.database import ArchiveError
from archive.forgetting import UnknownAddressError
from archive.search import QueryError
from archive.story import UnknownStoryError
from archive.warc import WarcError
from crawler.contact import NoContactError
from crawler.kept import UnreadableFileError
from crawler.locks import BusyError
from crawler.undoing import RecordError
from spiders.source import SourceError, UnknownSourceError

WRONG_DATA = 1
"""Something is wrong with the data or the run."""
WRONG_CALL = 2
"""The call is wrong."""

CALL_ERRORS = (NoContactError, QueryError, UnknownSourceError)
DATA_ERRORS = (
    ArchiveError,
    BusyError,
    RecordError,
    SourceError,
    UnknownAddressError,
    UnknownStoryError,
    UnreadableFileError,
    WarcError,
    OSError,
)


class DataError(click.ClickException):
    """Something is wrong with the data or the run; it was said in the message."""

    exit_code = WRONG_DATA


class OneLineGroup(click.Group):
    """A command group whose errors are one line on standard error; a traceback only with --debug."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader of our output (head, less) has gone: nothing to say, and nothing to flush into.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except KeyboardInterrupt as error:
            # Click itself would put an empty line before what `main` says.
            raise click.Abort from error
        return result

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        given = list(sys.argv[1:] if args is None else args)
        try:
            status = super().main(given, **{**extra, "standalone_mode": False})
        except click.exceptions.Exit as error:
            status = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            status = _say("stopped", WRONG_DATA)
        except (click.ClickException, *CALL_ERRORS, *DATA_ERRORS) as error:
            if "--debug" in given:
                traceback.print_exc()
            status = _report(error)
        sys.exit(status if isinstance(status, int) else 0)


def _report(error: Exception) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message())
        return WRONG_CALL
    if isinstance(error, click.ClickException):
        return _say(error.format_message(), error.exit_code)
    return _say(str(error), WRONG_CALL if isinstance(error, CALL_ERRORS) else WRONG_DATA)


def _say(message: str, status: int) -> int:
    click.echo(f"zhaoshang: {' '.join(message.split())}", err=True)
    return status
