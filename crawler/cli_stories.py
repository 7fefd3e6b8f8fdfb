"""The command `zhaoshang story`: one story, all its copies, all their versions."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from archive.database import open_archive
from archive.search.highlight import mark
from archive.story import find_story, load_story
from crawler import output
from crawler.story_lines import Shown, rows, told, trace_told
from crawler.tables import console, printable

_STYLES = {"#": "bold", "-": "red", "+": "green", "~": "yellow"}


@click.command()
@click.argument("wanted", metavar="ID|ADDRESS")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each copy.")
@click.pass_obj
def story(data: Path, wanted: str, as_json: bool) -> None:
    """Show a story: its copies in order of time, who took it from whom, what changed, what is gone.

    A story is named by its id or by the address of any of its articles. Each copy is told with its kind and scores, its
    versions and its differences from the best copy: - is what stood there, + what stands there, ~ what was moved;
    changed words are in 【】, on a terminal in colour. The id of a story that was merged leads to the one it is in now.
    """
    db = open_archive(data, must_exist=True)
    story_id, traces = find_story(db, wanted)
    for trace in traces:
        click.echo(f"zhaoshang: {trace_told(trace)}", err=True)
    found = load_story(db, story_id)
    if as_json:
        output.print_json(rows(found))
        return
    out = console()
    for shown in told(found):
        _print(out, shown)


def _print(out: Console, shown: Shown) -> None:
    sign, text, marked = shown.line
    # One character for one, so that the places of the changed words stay.
    text, lead = printable(text), " " * shown.indent + (f"{sign} " if sign in ("-", "+", "~") else "")
    if not out.is_terminal:
        out.print(Text(f"{lead}{mark(text, list(marked))}".rstrip()), soft_wrap=True)
        return
    line = Text(lead + text, style=_STYLES.get(sign, ""))
    for start, end in marked:
        line.stylize("reverse", len(lead) + start, len(lead) + end)
    out.print(line, soft_wrap=True)
