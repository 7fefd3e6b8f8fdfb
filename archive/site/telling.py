"""What the archive wrote down as evidence, in the reader's language: `words/evidence.toml` has it in Chinese."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_PARTS = re.compile(r", (?!not in the archive)")
_LONGEST = 2000
"""Characters of evidence that is looked at; what is longer stays as it is."""


@lru_cache(maxsize=4096)
def told(evidence: str | None, language: str) -> str:
    """Evidence in a language, phrase by phrase; a phrase that is not known stays in English.

    >>> told("named in the headline, 3 times in all: 芦淞", "zh"), told("bytes; true: markup gbk", "zh")
    ('标题提到 芦淞，全文共 3 次', '由字节判定；标示正确：网页 gbk')
    >>> told("published 2024-09, named as the origin by 1", "zh"), told("bytes; a wonder", "en")
    ('发布于 2024-09，1 篇注明转自它', 'bytes; a wonder')
    """
    if not evidence or language == "en" or len(evidence) > _LONGEST:
        return evidence or ""
    return _said(evidence) or "；".join(_clause(clause) for clause in evidence.split("; "))


def _clause(clause: str) -> str:
    return _said(clause) or "，".join(_said(part) or part for part in _PARTS.split(clause))


def _said(phrase: str) -> str | None:
    """A phrase in Chinese; None where it is not known."""
    for pattern, chinese in _phrases():
        if match := pattern.fullmatch(phrase):
            return chinese.format(**match.groupdict())
    return None


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    known = tomllib.loads(files("archive.site").joinpath("words", "evidence.toml").read_text(encoding="utf-8"))
    return tuple((_pattern(english), chinese) for english, chinese in known.items())


def _pattern(english: str) -> re.Pattern[str]:
    """What a phrase matches: numbers where it has {n}, anything within a clause elsewhere.

    >>> _pattern("{n} of {x}").fullmatch("12.5% of all")["x"]
    'all'
    """
    named = re.sub(
        r"\\\{(\w+)\\\}", lambda found: f"(?P<{found[1]}>{_SHAPES.get(found[1], '[^;]+?')})", re.escape(english)
    )
    return re.compile(named)


_SHAPES = {"n": r"[\d.]+%?", "day": r"[\d: -]+", "at": r"[\dTZ:-]+", "offset": r"\d+", "file": r"[^\s()]+"}
