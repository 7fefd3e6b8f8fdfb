"""What a person types becomes a tree, and the tree becomes FTS5 that is always valid.

Blank = AND; AND OR NOT, 与 或 非, `-word`; brackets; quotes of any kind keep blanks together; `标题:` or `title:`
looks into headlines only. Half-width and full-width signs are alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.search.bigrams import RUN, run_tokens
from archive.search.folding import fold

MAX_LENGTH = 1000
"""Characters of a query. FTS5 itself refuses expressions deeper than 256, and no person types this much."""
MAX_TERMS = 64
"""Words in one query."""
MAX_DEPTH = 8
"""Brackets within brackets: FTS5's own parser has a stack of 100 places, and a level of ours takes up to ten."""


class QueryError(ValueError):
    """A query that finds nothing by its form; the message says how to mend it."""

    def __init__(self, message: str, kind: str, number: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        """Which fault it is, for those who say it in other words."""
        self.number = number
        """The figure in the message."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or quoted phrase to be found as it stands."""

    needle: str
    """Folded."""
    title_only: bool = False

    @property
    def exact(self) -> bool:
        """Whether the index alone decides: one unbroken run. `14.9%` has to be looked at in the text as well."""
        return RUN.fullmatch(self.needle) is not None

    excludes = False

    def fts(self) -> str | None:
        """FTS5 for every text that may hold the term; None where the needle is only signs."""
        runs = RUN.findall(self.needle)
        if not runs:
            return None
        *earlier, last = runs
        words = [token for run in earlier for token in run_tokens(run)]
        words += [last] if len(last) == 1 else list(run_tokens(last))[:-1]
        phrase = '"' + " ".join(words) + '"' + (" *" if len(last) == 1 else "")
        return f"{{title}} : {phrase}" if self.title_only else phrase

    def found_in(self, title: str, text: str) -> bool:
        """Whether folded title or text hold the needle."""
        return self.needle in title or (not self.title_only and self.needle in text)


@dataclass(frozen=True, slots=True)
class Group:
    """All of `wanted` (or any of it), none of `unwanted`."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()
    any: bool = False

    @property
    def exact(self) -> bool:
        return all(node.exact for node in self.wanted + self.unwanted)

    @property
    def excludes(self) -> bool:
        """Whether anything is unwanted in it."""
        return bool(self.unwanted) or any(node.excludes for node in self.wanted)

    def fts(self) -> str | None:
        """FTS5 for a set that holds every hit; it is the set of hits itself where `exact`."""
        parts = [node.fts() for node in self.wanted]
        if self.any and None in parts:
            return None
        wanted = (" OR " if self.any else " AND ").join(f"({part})" for part in parts if part)
        # What is not exact would take away too much here; `found_in` takes it away later.
        unwanted = " OR ".join(f"({part})" for node in self.unwanted if node.exact and (part := node.fts()))
        if not wanted:
            return None
        return f"({wanted}) NOT ({unwanted})" if unwanted else wanted

    def found_in(self, title: str, text: str) -> bool:
        found = (node.found_in(title, text) for node in self.wanted)
        return (any(found) if self.any else all(found)) and not any(
            node.found_in(title, text) for node in self.unwanted
        )


Node = Term | Group


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    words: str
    """As typed."""
    root: Node
    """The tree."""
    fts: str
    """Valid FTS5 that matches every hit, and where `exact` nothing else."""
    exact: bool
    """False: each match has to be checked with `found_in`, since signs inside a word are not in the index."""

    def found_in(self, title: str | None, text: str | None) -> bool:
        """Whether an article is a hit, going by its text alone."""
        return self.root.found_in(fold(title or ""), fold(text or ""))

    @property
    def needles(self) -> tuple[str, ...]:
        """The folded words to highlight."""
        return tuple(dict.fromkeys(term.needle for term in self.terms))

    @property
    def terms(self) -> tuple[Term, ...]:
        """What is looked for, as it was typed one after the other; what is to be absent is left out."""
        return tuple(_terms(self.root))

    @property
    def one_character(self) -> bool:
        """Whether ranking would be slow and meaningless: serve the newest first."""
        return isinstance(self.root, Term) and len(self.root.needle) == 1


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    else:
        for child in node.wanted:
            yield from _terms(child)


_QUOTES = {"“": "”", "”": "“", '"': '"', "「": "」", "『": "』", "＂": "＂", "„": "”"}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<title>(?:标题|標題|title)[:：])
    | (?P<open>[(（]) | (?P<close>[)）])
    | (?P<not>[-－−](?=\S))
    | (?P<quote>[“”"「『＂„])
    | (?P<stray>[」』])
    | (?P<word>[^\s()（）“”"「」『』＂„]+)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_OPERATORS = {"AND": "and", "与": "and", "與": "and", "OR": "or", "或": "or", "NOT": "not", "非": "not"}


def _lex(query: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while match := _TOKEN.match(query, place):
        place = match.end()
        kind = match.lastgroup or "word"
        if kind == "quote":
            opening = match["quote"]
            ends = [end for end in (query.find(mark, place) for mark in {_QUOTES[opening], opening}) if end >= 0]
            end = min(ends, default=len(query))
            found.append(("term", query[place:end]))
            place = end + 1
        elif kind == "word":
            word = match["word"]
            operator = _OPERATORS.get(word)
            found.append((operator, word) if operator else ("term", word))
        elif kind != "stray":
            found.append((kind, match[kind]))
    return found


class _Parser:
    """Recursive descent over the tokens. What is out of place is passed over: people type as they do."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.found = found
        self.place = 0
        self.terms = 0

    def peek(self) -> str | None:
        return self.found[self.place][0] if self.place < len(self.found) else None

    def either(self, depth: int, *, title_only: bool) -> Node | None:
        choices = [self.all_of(depth, title_only=title_only)]
        while self.peek() == "or":
            self.place += 1
            choices.append(self.all_of(depth, title_only=title_only))
        present = [node for node in choices if node is not None]
        if len(present) < 2:
            return present[0] if present else None
        return Group(tuple(present), any=True)

    def all_of(self, depth: int, *, title_only: bool) -> Node | None:
        wanted: list[Node] = []
        unwanted: list[Node] = []
        negated = False
        while (kind := self.peek()) not in (None, "or"):
            if kind == "close" and depth:
                break
            if kind == "not":
                negated = not negated
                self.place += 1
            elif kind in ("and", "close"):
                self.place += 1
            else:
                if (node := self.atom(depth, title_only=title_only)) is not None:
                    (unwanted if negated else wanted).append(node)
                negated = False
        if not wanted:
            if unwanted:
                raise QueryError("only NOT: say also what to find, for example 招商 -会议", "only_not")
            return None
        return wanted[0] if len(wanted) == 1 and not unwanted else Group(tuple(wanted), tuple(unwanted))

    def atom(self, depth: int, *, title_only: bool) -> Node | None:
        kind, value = self.found[self.place]
        self.place += 1
        if kind == "title":
            return self.atom(depth, title_only=True) if self.peek() in ("term", "open", "title") else None
        if kind == "open":
            if depth >= MAX_DEPTH:
                raise QueryError(f"more than {MAX_DEPTH} brackets within brackets", "too_deep", MAX_DEPTH)
            node = self.either(depth + 1, title_only=title_only)
            if self.peek() == "close":
                self.place += 1
            return node
        needle = fold(value).strip()
        if not RUN.search(needle):
            return None
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(f"more than {MAX_TERMS} words: ask for fewer at a time", "too_many", MAX_TERMS)
        return Term(needle, title_only)


def parse(query: str) -> Query:
    """Parse what a person typed.

    >>> parse("招商引資 -会议").fts
    '(("招商 商引 引资")) NOT (("会议"))'
    >>> parse("标题:签约 OR 港").fts
    '({title} : "签约") OR ("港" *)'

    Raises QueryError for a query that is empty, only NOT, or longer than `MAX_LENGTH`.
    """
    if len(query) > MAX_LENGTH:
        told = f"the query has {len(query):,} characters, at most {MAX_LENGTH:,} are searched"
        raise QueryError(told, "too_long", MAX_LENGTH)
    if _HALF_CHARACTER.search(query):
        raise QueryError("the query is not valid UTF-8: set the terminal to UTF-8, and type it again", "no_utf8")
    root = _Parser(_lex(query)).either(0, title_only=False)
    fts = root.fts() if root else None
    if root is None or fts is None:
        raise QueryError("nothing to search for: give a word, for example 招商引资", "no_word")
    return Query(query, root, fts, root.exact)
