"""Queries put to a real archive: what it finds must be what a look through the texts finds."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from functools import cache

from sqlite_utils import Database

from archive.database import register_functions
from archive.search import QueryError, parse
from archive.search.highlight import snippet
from benchmarks.fuzzing import seeds
from benchmarks.fuzzing.mutating import Stock, of_text
from benchmarks.fuzzing.target import tokens


@cache
def queries() -> Stock[str]:
    """The queries of the tests, and what has a meaning here or in FTS5."""
    found = ["招商引资 -会议", "标题:签约 OR 港", *seeds.cases("queries", "words", "title")]
    return of_text(found, [*tokens("queries"), "\ud800"])


@cache
def _archive() -> tuple[Database, list[tuple[int, str, str]]]:
    """An index as the archive has it, and its articles."""
    told = tomllib.loads((seeds.TESTS / "cases/queries.toml").read_text(encoding="utf-8"))["article"]
    rows = [(number, each.get("title", ""), each["text"]) for number, each in enumerate(told)]
    db = Database(memory=True)
    register_functions(db.conn)
    db.execute("create virtual table articles_fts using fts5(title, text, content='', tokenize='ascii')")
    for row in rows:
        db.execute("insert into articles_fts(rowid, title, text) values (?, tokens(?), tokens(?))", row)
    return db, rows


def answers(words: str) -> None:
    """A query is refused in one line, or it is FTS5 that is valid and leaves out no hit."""
    with suppress(QueryError):
        query = parse(words)
        db, rows = _archive()
        found = {row[0] for row in db.execute("select rowid from articles_fts where articles_fts match ?", [query.fts])}
        by_text = {number for number, title, text in rows if query.found_in(title, text)}
        assert by_text <= found, f"the index misses {by_text - found}"
        assert not query.exact or found == by_text, f"the index finds too much: {found - by_text}"
        snippet(rows[0][2], query.needles)
