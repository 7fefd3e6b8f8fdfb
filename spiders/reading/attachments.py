"""Documents that an article links to, in its body or directly below it: noted, not fetched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from archive.article import Attachment
from pipelines.text.furniture import ends_article
from spiders.reading.document import Document
from spiders.reading.lines import join_blanks
from spiders.reading.links import absolute

BELOW = 20
"""So many lines below a body may be its list of attachments."""

_DEPTH = 30
"""So many elements may stand between a link and the block that holds it."""

_KINDS = "pdf docx? xlsx? pptx? wps et dps ofd rtf csv zip rar 7z".replace(" ", "|")
_FILE = re.compile(rf"\.(?:{_KINDS})$", re.IGNORECASE)
# Either case: ignoring it takes twice as long, on every page.
_ANYWHERE = re.compile(rf"\.(?=[pdxwoercz7PDXWOERCZ])(?:{_KINDS}|{_KINDS.upper()})[\"'\s?#>]")
_NO_NAME = re.compile(r"\W*(?:点击|點擊|立即|附件|文件)*(?:下载|下載|查看|打开|預覽|预览)\W*")


def attachments(document: Document, start: int, end: int) -> tuple[Attachment, ...]:
    """The documents linked in a body, which is the half-open range of the page's lines, or in the list below it.

    Each address stands once, with the words of its link; where those say no more than 下载, with its title.
    """
    # TRS marks what editors appended, whatever its name ends in.
    if "appendix=" not in document.text and not _ANYWHERE.search(document.text):
        return ()
    stop = _end_of_list(document, end)
    alone = {line.href for line in document.lines[start:stop]}
    found: dict[str, str | None] = {}
    for link in document.tree.css("a[href]"):
        href = link.attributes.get("href") or ""
        # Hanweb hands files out by a script: downfile.jsp?classid=0&filename=….pdf
        named = _FILE.search(href) or (("?" in href or "#" in href) and _FILE.search(_path(href)))
        if not named and "appendix" not in link.attributes:
            continue
        url = absolute(document.base, href)
        if url and (href in alone or start <= _place(link, document) < stop):
            found[url] = found.get(url) or _name(link)
    return tuple(Attachment(url, name) for url, name in found.items())


def _end_of_list(document: Document, end: int) -> int:
    """Where nothing follows that belongs to the article: at 相关新闻 and the like."""
    lines = document.lines[end : end + BELOW]
    stops = (place for place, line in enumerate(lines) if line.aside or ends_article(line.bare))
    return end + next(stops, len(lines))


def _path(href: str) -> str:
    try:
        return urlsplit(href.strip()).path
    except ValueError:
        return ""


def _place(link: LexborNode, document: Document) -> int:
    """The number of lines before the block that a link stands in; -1 where none is near."""
    node: LexborNode | None = link
    for _ in range(_DEPTH):
        if node is None or node.mem_id in document.places:
            break
        node = node.parent
    return document.places.get(node.mem_id, -1) if node is not None else -1


def _name(link: LexborNode) -> str | None:
    text = join_blanks(link.text())
    if text and not _NO_NAME.fullmatch(text):
        return text
    attributes = link.attributes
    return join_blanks(attributes.get("title") or attributes.get("download") or "") or text or None
