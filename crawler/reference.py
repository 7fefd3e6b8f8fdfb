"""The command reference, out of the commands' own --help: `make docs` writes docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterator

import click

from crawler.cli import main

INTRODUCTION = """# Commands

Made by `make docs` from `zhaoshang … --help`; a test holds it to them.

Exit status: 0 fine, 1 something is wrong with the data or the run, 2 the call is wrong. Errors are one line on standard
error; `--debug` adds the traceback.
"""


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group with its full name, groups before what they hold."""
    yield path, group
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def reference() -> str:
    """The whole reference, Markdown."""
    parts = [INTRODUCTION]
    for path, command in commands(main, "zhaoshang"):
        context = click.Context(command, info_name=path, terminal_width=100, **main.context_settings)
        parts.append(f"## {path}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    click.echo(reference(), nl=False)
