"""The later chapters of the sample province: what is edited in silence, what is deleted, what comes back.

1 is the province as it is crawled first. In 2 nothing is new: its pages differ in furniture alone. 3 has the edits, the
deletions and the new articles, 4 is as 3, but that a page has come back. `chapters.toml` tells them one by one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from crawler.demo.sample import Block, SampleArticle, load
from crawler.demo.truth import Truth

CHAPTERS = (1, 2, 3, 4)
_CHANGED = 3
"""The first chapter with edits and deletions."""

Manner = Literal["404", "410", "soft", "front page"]


@dataclass(frozen=True, slots=True)
class Deletion:
    """An article that its site takes away."""

    article: str
    """Its site and number, `jinhe/030`."""
    how: Manner
    """What its address answers from then on: a status, a notice with status 200, or a redirect to the front page."""
    listed: bool = False
    """Whether lists go on leading there."""
    back: int | None = None
    """The chapter in which it is there again."""
    why: str = ""
    """What is peculiar about it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What has become of an article since the first chapter."""

    kind: Literal["unchanged", "changed", "gone", "new"]
    """`unchanged` also where its page differs in furniture."""
    fields: tuple[tuple[str, Any, Any], ...] = ()
    """Of one that changed: fields of its truth, what stood there, what stands there now."""
    how: Manner | None = None
    """How one that is gone is missing."""


def articles(chapter: int) -> tuple[SampleArticle, ...]:
    """Every article of every site as it reads in a chapter; what is deleted is among them."""
    edits = _edits() if chapter >= _CHANGED else {}
    return tuple(_edited(article, edits.get(article.id, {})) for article in load(chapter))


def deletions(chapter: int) -> dict[str, Deletion]:
    """What is missing in a chapter, by site and number."""
    if chapter < _CHANGED:
        return {}
    every = (Deletion(**entry) for entry in _told()["deletions"])
    return {entry.article: entry for entry in every if entry.back is None or chapter < entry.back}


def fates(before: dict[str, Truth], now: dict[str, Truth], gone: dict[str, Manner]) -> dict[str, Fate]:
    """What has become of each article, by canonical address, from the truths of two chapters and what is missing."""
    found = {url: Fate("new") for url in now if url not in before}
    for url, truth in before.items():
        if url in gone:
            found[url] = Fate("gone", how=gone[url])
        else:
            changed = tuple(_differences(truth, now[url]))
            found[url] = Fate("changed", changed) if changed else Fate("unchanged")
    return found


def _differences(before: Truth, now: Truth) -> Iterator[tuple[str, Any, Any]]:
    for name in (field.name for field in fields(Truth)):
        # Of what a copy is of another, its own page does not tell.
        if name not in ("story", "kind", "clean_text", "clean_title") and getattr(before, name) != getattr(now, name):
            yield name, getattr(before, name), getattr(now, name)


def _edited(article: SampleArticle, edits: dict[str, Any]) -> SampleArticle:
    """An article after its edits. Raises ValueError where words to be replaced do not stand once in its field."""
    for name, edit in edits.items():
        pairs = edit if name == "body" and isinstance(edit[0], list) else [edit]
        for before, after in pairs:
            value = getattr(article, name)
            if name == "body":
                article = replace(article, body=_in_body(value, before, after))
            elif isinstance(before, str):
                article = replace(article, **{name: _once(value, before, after)})  # type: ignore[arg-type]
            else:
                new = tuple(after) if isinstance(after, list) else after
                article = replace(article, **{name: new})  # type: ignore[arg-type]
    return article


def _in_body(body: Iterable[Block], before: str, after: str) -> tuple[Block, ...]:
    cells = "\n".join("\t".join((block.text, *(cell for row in block.rows for cell in row))) for block in body)
    _once(cells, before, after)
    changed = (
        replace(
            block,
            text=block.text.replace(before, after),
            rows=tuple(tuple(cell.replace(before, after) for cell in row) for row in block.rows),
        )
        for block in body
    )
    return tuple(block for block in changed if block.text or block.rows)


def _once(text: str, before: str, after: str) -> str:
    if text.count(before) != 1:
        raise ValueError(f"{before!r} stands {text.count(before)} times in {text[:40]!r}; an edit wants it once")
    return text.replace(before, after)


def _edits() -> dict[str, dict[str, Any]]:
    """What is replaced, by site and number and by field."""
    return {
        entry["article"]: {key: value for key, value in entry.items() if key not in ("article", "why")}
        for entry in _told()["edits"]
    }


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
