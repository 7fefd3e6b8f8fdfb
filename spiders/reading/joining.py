"""The parts of an article, read one by one, made one article again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from archive.article import Article


def join(parts: Sequence[Article], count: int) -> Article:
    """The parts of an article as one, at the address of the first; `count` is how many there should be.

    Headline and standfirst that later parts repeat are left out. What only a later part tells (the reporter in the last
    line) is taken from there, and the last part's editor counts.
    """
    first = parts[0]
    if count == 1:
        return first
    lines = first.text.split("\n")
    opening = {_squeezed(line) for line in (first.title, first.kicker, first.subtitle, *lines[:2]) if line}
    for part in parts[1:]:
        own = part.text.split("\n")
        while own and (_squeezed(own[0]) in opening or _is_title(own[0], first.title)):
            own.pop(0)
        lines += own
    byline = next((part for part in parts if part.raw_byline), first)
    editor = next((part for part in reversed(parts) if part.editor), first)
    provenance = {
        **first.provenance,
        **_rule(byline, "raw_byline"),
        **_rule(editor, "editor"),
        "text": _behind_rule(first, _told(len(parts), count)),
    }
    return replace(
        first,
        text="\n".join(lines),
        images=tuple(dict.fromkeys(image for part in parts for image in part.images)),
        attachments=tuple(dict.fromkeys(attachment for part in parts for attachment in part.attachments)),
        raw_byline=byline.raw_byline,
        editor=editor.editor,
        provenance=provenance,
    )


def holds(whole: Article, first: Article) -> bool:
    """Whether a page that is said to have all of an article has the opening of its first part, and no less."""
    return len(whole.text) >= len(first.text) and any(line in whole.text for line in first.text.split("\n")[:3])


def from_whole(whole: Article, first: Article) -> Article:
    """The text of the page that has all of an article, at the address and with the fields of its first part."""
    joined = join((first, replace(whole, text="")), 2)
    provenance = {**joined.provenance, "text": _behind_rule(whole, "whole page")}
    return replace(joined, text=whole.text, images=whole.images or first.images, provenance=provenance)


def _told(found: int, count: int) -> str:
    """Which parts of an article there are.

    >>> _told(3, 3), _told(2, 3), _told(1, 3)
    ('parts 1-3', 'parts 1-2 of 3', 'part 1 of 3')
    """
    return f"part{'s 1-' if found > 1 else ' '}{found}" + (f" of {count}" if found < count else "")


def _rule(article: Article, field: str) -> dict[str, str]:
    return {field: article.provenance[field]} if field in article.provenance else {}


def _behind_rule(article: Article, found: str) -> str:
    """How a text came together, behind the rule that found it."""
    return ", ".join(filter(None, (article.provenance.get("text"), found)))


def _is_title(line: str, title: str | None) -> bool:
    """Whether a line is the headline with the number of the part behind it: `招商大会开幕（2）`."""
    bare = re.sub(r"[(（\[]?第?\d{0,2}[页頁]?[)）\]]?$", "", line.strip())
    return bool(title) and _squeezed(bare) == _squeezed(title or "")


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
