"""What scripts write into a page: the strings of `document.write('…')`, read and never run.

Old templates of TRS write origin, author, date and attachments so, often with the label in the page and the value in
the script. Read are string literals, concatenations of them, and names to which the same script gives one literal;
what is computed (clocks, counters) stays out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_STRING = r"""'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+\""""
_TERM = rf"(?:unescape\(\s*(?:{_STRING})\s*\)|{_STRING}|[A-Za-z_$][\w$]*+)"
_WRITE = re.compile(rf"document\.write(?:ln)?\s*\(\s*({_TERM}(?:\s*\+\s*{_TERM}){{0,30}}+)\s*\)")
_TERMS = re.compile(_TERM)
_ASSIGNED = re.compile(rf"(?<![\w$.])([A-Za-z_$][\w$]*+)\s*=(?!=)\s*({_STRING}|)")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))")
_PERCENT = re.compile(r"%(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_BEGIN = re.compile(r"<script\b[^>]{0,500}+>", re.IGNORECASE)
_CLOSING = re.compile(r"</script\b[^>]{0,100}+>", re.IGNORECASE)
_LONGEST = 5000
"""Characters of the longest script that may write an article's fields: longer ones are libraries and advertisements."""

_SHOWN = re.compile("[\u3400-\u9fff]|\\d{4}-\\d")
_NOT_SHOWN = re.compile(r"<\s*(?:script|iframe|style|object|embed)\b", re.IGNORECASE)


def with_written(html: str) -> tuple[str, tuple[str, ...]]:
    r"""A page with what its scripts write standing in their place, and the pieces that they write.

    >>> with_written("来源：<script>document.write('\\u5e02' + \"商务局\");</script>")
    ('来源：市商务局', ('市商务局',))

    A script stays where nothing is to be read in it.

    >>> with_written("<script>document.write('今天是' + year + '年')</script>")[1]
    ()
    """
    if "document.write" not in html:
        return html, ()
    parts, pieces, last = [], [], 0
    for start, inner, inner_end, end in _scripts(html):
        piece = "".join(_strings(html[inner:inner_end]))
        if _SHOWN.search(piece) and not _NOT_SHOWN.search(piece):
            parts += [html[last:start], piece]
            pieces.append(piece)
            last = end
    return "".join([*parts, html[last:]]), tuple(pieces)


def _scripts(html: str) -> Iterator[tuple[int, int, int, int]]:
    """Where each script element begins, where what is inside begins and ends, and where the element ends."""
    end = 0
    while (begin := _BEGIN.search(html, end)) and (closing := _CLOSING.search(html, begin.end())):
        end = closing.end()
        yield begin.start(), begin.end(), closing.start(), end


def _strings(script: str) -> Iterator[str]:
    """What each `document.write` of a script writes, as far as it can be read."""
    if "document.write" not in script or len(script) > _LONGEST:
        return
    given: dict[str, str | None] = {}
    for name, literal in _ASSIGNED.findall(script):
        # A name that is given something else, or something twice, is computed.
        given[name] = literal if literal and name not in given else None
    for match in _WRITE.finditer(script):
        terms = [_value(term, given) for term in _TERMS.findall(match[1])]
        if all(term is not None for term in terms):
            yield "".join(filter(None, terms))


def _value(term: str, given: Mapping[str, str | None]) -> str | None:
    r"""The string that a term stands for; None where only running the script would tell.

    >>> _value("unescape('%u6765%u6E90')", {}), _value(r"'a\'b'", {}), _value("ly", {"ly": "'县政府'"})
    ('来源', "a'b", '县政府')
    """
    if term.startswith("unescape"):
        return _PERCENT.sub(_character, _literal(term[term.index("(") + 1 : -1].strip()))
    if term[0] in "'\"":
        return _literal(term)
    literal = given.get(term)
    return _literal(literal) if literal else None


def _literal(text: str) -> str:
    return _ESCAPE.sub(_character, text[1:-1])


def _character(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        character = chr(int(code, 16))
        return "" if "\ud800" <= character <= "\udfff" else character
    return _CONTROLS.get(match[3], match[3])
