"""The elements that begin and end a line of a page, without the rest of its tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode


@dataclass(slots=True, eq=False)
class Block:
    """An element that begins and ends a line."""

    tag: str
    parent: Block | None = None
    aside: bool = False
    """Whether a class or id of it, or around it, says that it belongs to the page's frame."""
    row: Block | None = None
    """The table row that it is or stands in."""
    cell: Block | None = None
    """The cell of that row that it is or stands in."""
    table: Block | None = None
    """The innermost table that it is or stands in."""
    holds_table: bool = False
    """Whether it is a table around another one."""
    node: LexborNode | None = None
    """The element, of a table."""

    def begin_table(self, node: LexborNode) -> None:
        """Be a table: what stands in it is in no cell yet, and the tables around it hold one."""
        around = self.table
        self.row, self.cell, self.table, self.node = None, None, self, node
        while around is not None and not around.holds_table:
            around.holds_table = True
            around = around.parent.table if around.parent is not None else None

    def upwards(self) -> Iterator[Block]:
        """It, and all around it."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent


class Ancestors:
    """A block and all around it, to ask how high others meet them.

    Who climbs notes where it came by, so that the next one stops there: a page that opens an element a line has lines
    as deep as it is long.
    """

    def __init__(self, block: Block) -> None:
        self.blocks = list(block.upwards())
        self.count = len(self.blocks)
        self._heights = {id(each): height for height, each in enumerate(self.blocks)}

    def met_by(self, block: Block | None) -> int:
        """How many blocks up from the first the ancestors of another one meet these; the outermost for no block."""
        met: list[int] = []
        for each in block.upwards() if block is not None else ():
            if (height := self._heights.get(id(each))) is not None:
                self._heights.update(dict.fromkeys(met, height))
                return height
            met.append(id(each))
        return self.count - 1


def common(blocks: Iterable[Block]) -> Block | None:
    """The smallest block that holds all of them."""
    found = iter(blocks)
    first = next(found, None)
    if first is None:
        return None
    around = Ancestors(first)
    return around.blocks[max((around.met_by(each) for each in found), default=0)]
