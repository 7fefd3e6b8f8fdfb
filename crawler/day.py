"""Days, as they are given to a command."""

from __future__ import annotations

from datetime import date
from typing import Any

import click


class Day(click.ParamType[str]):
    """A day, as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(f"{value!r} is no day: write it as 2024-09-04", param, ctx)
