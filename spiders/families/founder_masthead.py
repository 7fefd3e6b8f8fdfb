"""The masthead of Founder e-papers: the newspaper page (版次) that a web page belongs to, its picture, PDF and day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from archive.article import Attachment
from spiders.families.founder_issue import Issue, issue_of
from spiders.reading.document import Document
from spiders.reading.lines import join_blanks
from spiders.reading.links import absolute
from spiders.reading.metadata import section_of

NUMBER = r"第?\s*(?P<number>[A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版"
"""The number of a newspaper page, in any writing."""

PICTURE, PDF = "版面图", "PDF"
"""What the files of a newspaper page are called, behind its number."""

_NUMBER = re.compile(r"(?:第\s*)?\w+?\s*版")

_PAGE = re.compile(NUMBER)
_NUMERALS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_NAMES = "a#pageLink, td[align=left] strong, span#layout, .ban, .newstime, .date, td.default, title"
_MANY = 300
"""So many elements are looked at: an issue has a hundred pages at most, and lists them twice."""
_OPENS = re.compile(r"^\W*(?:第\s*)?([A-Z]?\d{1,3}\s*版\s*[:：]?\s*[^\s　_|（）()]{0,12})")

_BLANKS = re.compile(r"^(第?)\s*(\w+)\s*版")


def page_number(section: str | None) -> str | None:
    """The number of a newspaper page, as notes and mastheads write it, made one.

    >>> [page_number(text) for text in ("第01版：头版", "A03版", "第十二版 观察", "要闻", None)]
    ['1', 'A3', '12', None, None]
    """
    match = _PAGE.search(section or "")
    return number_of(match["number"]) if match else None


def number_of(written: str) -> str:
    """`01`, `A03` and `十二` as 1, A3 and 12."""
    if written[0] in _NUMERALS or written[0] == "十":
        tens, ten, ones = written.rpartition("十")
        return str((10 * _NUMERALS.get(tens or "一", 0) if ten else 0) + _NUMERALS.get(ones, 0))
    letter = written[0].upper() if written[0].isalpha() else ""
    return letter + (written[len(letter) :].lstrip("0") or "0")


def section(document: Document) -> str | None:
    """The newspaper page, `第11版：观察`: the one whose number the comment tells, else the one that links to itself.

    Lists of all pages of the issue stand beside it in the same elements.
    """
    told = document.properties.get("pagenum")
    names = list(_names(document))
    likeliest = next((name for name, own in names if own), None) or next((name for name, _ in names), None)
    number = page_number(f"{told}版" if told else likeliest)
    # The line of the date has the number alone.
    same = sorted((name for name, _ in names if page_number(name) == number), key=len)
    return same[-1] if same and number else f"第{told}版" if told else None


def _names(document: Document) -> Iterator[tuple[str, bool]]:
    """The names of newspaper pages on a page, those that stand for themselves first, and whether one is surely its."""
    own = urlsplit(document.url).path.rpartition("/")[2]
    later: list[tuple[str, bool]] = []
    for node in document.tree.css(_NAMES)[:_MANY]:
        text = join_blanks(node.text())
        match = _OPENS.match(text)
        name = section_of(text) or (match[1] if match else None)
        if not name:
            continue
        name = _BLANKS.sub(r"\1\2版", name.split("（")[0].split("）")[0]).strip()
        href = (node.attributes.get("href") or "").partition("?")[0].rpartition("/")[2]
        if href and href == own:
            yield name, True
        elif node.tag in ("strong", "span", "div"):
            yield name, False
        else:
            later.append((name, False))
    yield from later


def attachments(document: Document, page: str | None, own: tuple[Attachment, ...] = ()) -> tuple[Attachment, ...]:
    """Picture and PDF of the newspaper page that a page belongs to, named by its 版次: noted, not fetched.

    `own` are the documents that the article itself links to; they stand first.
    """
    number = (_NUMBER.match(page or "") or [""])[0]
    known = {each.url for each in own}
    found: dict[str, Attachment] = {}
    for node in document.tree.css('img[usemap], a[href*=".pdf" i]'):
        picture = node.tag == "img"
        url = absolute(document.base, node.attributes.get("src" if picture else "href"))
        name = PICTURE if picture else PDF
        if url and url not in known:
            found.setdefault(name, Attachment(url, f"{number}{name}"))
    return (*own, *(found[name] for name in (PICTURE, PDF) if name in found))


def issue_shown(document: Document, beside: tuple[Attachment, ...]) -> Issue | None:
    """The issue of a page, by its address; of a saved one, by the address of the picture or PDF of its page."""
    return next(filter(None, map(issue_of, (document.url, *(each.url for each in beside)))), None)
