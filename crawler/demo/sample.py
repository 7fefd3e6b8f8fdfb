"""The invented articles of the sample province, as hand-written in `articles/<site>/NNN.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal

Kind = Literal["same", "reprint", "excerpt", "script"]
"""What a copy is of the article it was made from: the same headline and text; the same story with another headline or
with words more, less or different; a part of it, 30 to 70 %; the same headline and text in the other script."""

Likeness = Literal["notice", "serial", "boilerplate", "digest"]
"""What makes two stories look like one: forms with other figures, instalments with the same notes around them, terms
that are told with every contract, several items printed whole under their headlines."""

_FOLDER = Path(__file__).parent / "articles"
_ORIGINAL_TITLE = "原标题："


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a body."""

    kind: Literal["paragraph", "heading", "table"]
    """What it is."""
    text: str = ""
    """The line itself; empty for a table."""
    rows: tuple[tuple[str, ...], ...] = ()
    """The cells of a table, its heading row first."""


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One invented article. Every string is in the script of its site: traditional for shangqiao, else simplified."""

    site: str
    """Id of the site it is written for."""
    number: int
    """Number in the site, from 1, the name of its file."""
    title: str
    """Headline (主题)."""
    published: datetime
    """When it came out, local time in China, naive."""
    place: str
    """Province, prefecture and county or zone, separated by blanks, as far as they apply."""
    origin: str
    """Whose text it is (来源)."""
    authors: tuple[str, ...]
    """Reporters; may be empty."""
    section: str
    """Channel of the site."""
    body: tuple[Block, ...]
    """Paragraphs, subheadings and tables in order."""
    kicker: str | None = None
    """The line above the headline (引题)."""
    subtitle: str | None = None
    """The line below the headline (副题), without its dash."""
    original_title: str | None = None
    """What the body's first line gives as 原标题; that line is not in `body`."""
    standfirst: str | None = None
    """The summary that a magazine prints between headline and text."""
    correspondents: tuple[str, ...] = ()
    """通讯员."""
    editor: str | None = None
    """Responsible editor; more than one are joined by 、."""
    captions: tuple[str, ...] = ()
    """Captions of its pictures."""
    attachments: tuple[str, ...] = ()
    """What the page calls the documents that go with it, each with the ending of its file."""
    issue: date | None = None
    """Day of the newspaper issue that holds it."""
    page: str | None = None
    """版次 and its name, for example `第01版：头版`."""
    copy_of: str | None = None
    """Site and number of the article that it was made from, `xiangyue/061`; None for what its site wrote."""
    copied_as: Kind = "same"
    """What it is of the text that its story began with."""
    alike: Likeness | None = None
    """What it has in common with articles that tell other stories; None for most."""
    since: int = 1
    """The chapter in which it comes out (crawler/demo/chapters.py)."""

    @property
    def id(self) -> str:
        """Site and number, as `copy_of` has them."""
        return f"{self.site}/{self.number:03}"

    @property
    def is_own(self) -> bool:
        """Whether its site wrote it, and none of its words stands elsewhere."""
        return self.copy_of is None and self.alike is None

    @property
    def text(self) -> str:
        """The plain text as a perfect reader returns it: paragraphs, one a line; cells between ` | `; no captions."""
        return "\n".join(_lines(self.body))

    @property
    def signed(self) -> bool:
        """Whether the text itself names everybody who wrote it, in its dateline or as its first words."""
        opening = self.body[0].text[:80]
        return bool(self.writers) and all(name in opening for name in self.writers) and "记者" in opening

    @property
    def writers(self) -> tuple[str, ...]:
        """Reporters, then correspondents."""
        return self.authors + self.correspondents


@cache
def load(chapter: int = 1) -> tuple[SampleArticle, ...]:
    """Every article of every site that has come out by a chapter, by site and number.

    Raises `tomllib.TOMLDecodeError`, `KeyError` or `TypeError` for a file that is not an article.
    """
    return tuple(article for article in _every() if article.since <= chapter)


@cache
def _every() -> tuple[SampleArticle, ...]:
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*/*.toml")))


def blocks(body: str) -> Iterator[Block]:
    r"""The pieces of a body: `## ` begins a subheading, `| ` a table row, empty lines mean nothing.

    >>> [block.kind for block in blocks("一段。\n\n## 小标题\n| 园区 | 项目数 |\n| 甲 | 7 |\n")]
    ['paragraph', 'heading', 'table']
    """
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    for is_table, run in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            yield Block("table", rows=tuple(_cells(line) for line in run))
        else:
            yield from (_block(line) for line in run)


def _block(line: str) -> Block:
    return Block("heading", line[3:]) if line.startswith("## ") else Block("paragraph", line)


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.strip("|").split("|"))


def _lines(body: tuple[Block, ...]) -> Iterator[str]:
    for block in body:
        if block.kind == "table":
            yield from (" | ".join(row) for row in block.rows)
        else:
            yield block.text


def _read(path: Path) -> SampleArticle:
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    body = tuple(blocks(fields.pop("body")))
    if body[0].text.startswith(_ORIGINAL_TITLE):
        fields["original_title"] = body[0].text.removeprefix(_ORIGINAL_TITLE)
        body = body[1:]
    fields.update({key: tuple(fields.get(key, ())) for key in ("authors", "correspondents", "captions", "attachments")})
    return SampleArticle(site=path.parent.name, number=int(path.stem), body=body, **fields)
