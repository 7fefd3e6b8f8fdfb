"""Tables of figures as lines of cells; tables that only lay out a page stay what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bs4 import BeautifulSoup
from bs4.element import Tag
from selectolax.lexbor import LexborNode

from spiders.reading.block import Block
from spiders.reading.lines import Line, join_blanks

CELL = 60
"""A table whose cells are longer is a layout, and its cells are paragraphs."""

FEWEST_ROWS = 2
"""So many rows of several cells make a table of figures; one lays out two columns."""

BETWEEN = " | "
"""What stands between two cells."""


def with_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page with those of a table's row joined, where the table holds figures and no other table."""
    joined: list[Line] = []
    for table, run in groupby(lines, key=_innermost_table):
        found = list(run)
        joined += _rows(found) if table is not None else found
    return joined


def _innermost_table(line: Line) -> Block | None:
    block = line.block
    if block is None or block.row is None or block.table is None or block.table.holds_table:
        return None
    return block.table


def _rows(lines: list[Line]) -> list[Line]:
    """The rows of one table, if it holds figures: two rows at least of several short cells, and no long one."""
    rows = [list(run) for _, run in groupby(lines, key=lambda line: id(line.block.row) if line.block else 0)]
    joined = [_joined(row) for row in rows]
    sizes = [len(cell) for cells in joined for cell in cells]
    if max(sizes) > CELL or sum(len(cells) > 1 for cells in joined) < FEWEST_ROWS:
        return lines
    return [_row(row, cells) for row, cells in zip(rows, joined, strict=True)]


def _joined(row: Sequence[Line]) -> list[str]:
    return [" ".join(line.text for line in run) for _, run in groupby(row, key=_cell)]


def _row(lines: Sequence[Line], cells: Sequence[str]) -> Line:
    if len(lines) == 1:
        return lines[0]
    bare = BETWEEN.join(" ".join(line.bare for line in run) for _, run in groupby(lines, key=_cell))
    linked = sum(line.linked for line in lines)
    return replace(lines[0], text=BETWEEN.join(cells), bare=bare, linked=linked, tag="tr")


def _cell(line: Line) -> int:
    return id(line.block.cell) if line.block is not None else 0


def with_empty_cells(lines: Sequence[Line]) -> list[Line]:
    """The lines of a body with the rows of its tables read again, so that figures stay under their heading.

    Empty cells, and those that a cell above or to the left reaches into, keep their place.
    """
    read: list[Line] = []
    for table, run in groupby(lines, key=_table_of_row):
        found = list(run)
        node = table.node if table is not None else None
        rows = list(_cells(node.html or "")) if node is not None and not _is_plain(node, found) else []
        # A table of which the body holds a part only, or other lines than rows, is left as it is.
        read += map(_row_line, found, rows) if len(rows) == len(found) else found
    return read


def _is_plain(table: LexborNode, rows: Sequence[Line]) -> bool:
    """Whether every cell of a table has its words, and none reaches into another: nearly all are so."""
    shown = sum(row.text.count(BETWEEN) + 1 for row in rows)
    return len(table.css("td, th")) <= shown and not table.css_matches("[rowspan], [colspan]")


def _table_of_row(line: Line) -> Block | None:
    return line.block.table if line.tag == "tr" and line.block is not None else None


def _row_line(line: Line, cells: list[str]) -> Line:
    text = BETWEEN.join(cells)
    return replace(line, text=text, bare=line.bare if text == line.text else text)


def _cells(html: str) -> Iterator[list[str]]:
    """The rows of a table that are not empty, as wide as it is."""
    soup = BeautifulSoup(html, "lxml")
    reaching: dict[int, int] = {}
    for row in soup.find_all("tr"):
        cells: list[str] = []
        for cell in row.find_all(["td", "th"]):
            cells += _below(reaching, len(cells))
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(len(cells), len(cells) + wide):
                reaching[place] = high - 1
            cells += [join_blanks(cell.get_text(" ")), *[""] * (wide - 1)]
        cells += _below(reaching, len(cells))
        if any(cells):
            yield cells


def _below(reaching: dict[int, int], place: int) -> list[str]:
    """Empty cells for those that cells of rows above reach into, from a column on."""
    empty: list[str] = []
    while reaching.get(place + len(empty), 0) > 0:
        reaching[place + len(empty)] -= 1
        empty.append("")
    return empty


def _span(cell: Tag, name: str) -> int:
    """Columns or rows that a cell takes; at most 50, whatever the page says."""
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value), 1), 50) if value.isdecimal() and len(value) < 4 else 1
