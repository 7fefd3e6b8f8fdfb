"""Cut a parsed page into lines, in one walk without recursion: pages are nested as deep as their authors like."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from spiders.reading.block import Block
from spiders.reading.lines import Line, bare, join_blanks

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form"
    " founder-content h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr"
    " ul".split()
)
"""Elements that begin and end a line."""

SILENT = frozenset(
    "script style noscript template iframe select button textarea svg object embed head title rp rt".split()
)
"""Elements whose text is not the page's. What stands over a character (rt) is how it is read, and no text."""

ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot|footer|header|top|crumbs?|breadcrumb|side|sidebar|right|related?|xgnews|xgyd|recommend|hot|rank|share|bdshare|"
    r"comments?|pinglun|reply|login|copyright|banner|ads?|adv|tags?|pages?|pager|tool|toolbar|link|links|friend)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
"""Names of classes and ids that surround, but do not hold, an article."""

CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|pic-?(?:note|desc|txt|title|info)|img-?(?:note|desc|txt|title)|tu-?shuo|photo-?(?:desc|note)|figcaption)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Class names of picture captions."""

_NO_ELEMENT = ("", "-", "!")
"""How the tag of what is no element begins: none has `<?span ?>`; `-comment`, `!doctype`."""

UNCLOSED = 3
"""One link around so many lines is one that its author forgot to close: its lines are text."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture, or what describes one."""

    place: int
    """The number of lines before it."""
    block: Block
    """The block that it stands in."""
    picture: LexborNode | None = None
    """The `img` element of a picture."""
    caption: str | None = None
    """The text of a caption."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What an element shows, in order."""

    lines: list[Line] = field(default_factory=list)
    media: list[Medium] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    """The number of lines before each element that begins and ends a line, by its `mem_id`."""


# What an element hands on to its children: their block, the link and the caption around them.
_State = tuple[Block, str | None, int | None]


class Cutter:
    """One walk over a tree.

    `annotated` says that readings have been injected throughout the page; `drop` and `captions` are the `mem_id`s of
    elements that do not belong to the text, and that describe pictures.
    """

    def __init__(self, *, annotated: bool, drop: Collection[int] = (), captions: Collection[int] = ()) -> None:
        self.annotated = annotated
        self.drop = drop
        self.captions = captions
        self.cut = Cut()
        self.parts: list[str] = []
        self.linked = 0
        self.href: str | None = None
        self.block: Block
        self.caption: int | None = None

    def walk(self, root: LexborNode) -> Cut:
        """What an element shows."""
        self.block = Block(root.tag or "")
        at_root: _State | None = (self.block, None, None)
        known: dict[int, _State | None] = {}
        for node in root.traverse(include_text=True):
            tag = node.tag or ""
            parent = node.parent
            state = known.get(parent.mem_id, at_root) if parent is not None else at_root
            if tag == "-text":
                if state is not None:
                    self.add(node.text_content or "", state)
            elif tag == "br":
                self.flush()
            elif state is None or tag in SILENT or tag[:1] in _NO_ELEMENT or node.mem_id in self.drop:
                known[node.mem_id] = None
            elif tag in BLOCKS:
                self.flush()
                self.cut.places[node.mem_id] = len(self.cut.lines)
                known[node.mem_id] = self.in_block(node, tag, state)
            elif tag == "a":
                known[node.mem_id] = (state[0], node.attributes.get("href") or state[1], state[2])
            elif tag == "img":
                self.cut.media.append(Medium(self.place(), state[0], picture=node))
            else:
                known[node.mem_id] = self.in_caption(node, tag, state, None) if tag in INLINE_CAPTIONS else state
        self.flush()
        _unlink_unclosed(self.cut.lines)
        return self.cut

    def place(self) -> int:
        """The number of lines before what stands here, the one that it stands in among them."""
        if self.caption is not None:
            self.flush()
        return len(self.cut.lines) + bool(self.parts)

    def in_block(self, node: LexborNode, tag: str, state: _State) -> _State:
        """The state for the children of a block that begins."""
        outer, link, caption = state
        block = Block(tag, outer, outer.aside, outer.row, outer.cell, outer.table)
        if tag == "tr":
            block.row = block
            return block, link, caption
        attributes = node.attributes
        name, key = attributes.get("class"), attributes.get("id")
        if not block.aside and tag != "p":
            named = (name or key) and _names_aside(f"{name or ''} {key or ''}")
            block.aside = bool(named) or tag in ("nav", "footer", "aside")
        if tag in ("td", "th"):
            block.cell = block
        elif tag == "table":
            block.begin_table(node)
        return self.in_caption(node, tag, (block, link, caption), name)

    def in_caption(self, node: LexborNode, tag: str, state: _State, name: str | None) -> _State:
        """The state for the children of an element that may be a caption; one inside another is part of it."""
        if state[2] is not None:
            return state
        names = name or node.attributes.get("class")
        if (names and _names_caption(names)) or tag == "figcaption" or node.mem_id in self.captions:
            return state[0], state[1], node.mem_id
        return state

    def add(self, text: str, state: _State) -> None:
        """Gather a text with what it follows on, or cut before it."""
        if text.isspace():
            if self.parts:
                self.parts.append(text)
            return
        block, link, caption = state
        if block is not self.block or caption != self.caption:
            self.flush()
            self.block, self.caption = block, caption
        self.parts.append(text)
        if link:
            self.linked += len(text.strip())
            self.href = link if self.href is None or self.href == link else ""

    def flush(self) -> None:
        """Keep what has gathered since the last cut, if it is more than blanks."""
        if not self.parts:
            return
        text = join_blanks("".join(self.parts))
        block, lines = self.block, self.cut.lines
        if text and self.caption is not None:
            self.cut.media.append(Medium(len(lines), block, caption=text))
        elif text:
            judged = bare(text, annotated=True) if self.annotated else text
            linked = min(self.linked, len(text))
            lines.append(Line(text, linked, block.tag, block.aside, block, self.href or None, len(lines), judged))
        self.parts.clear()
        self.href = None
        self.linked = 0


INLINE_CAPTIONS = frozenset("span em i font b strong".split())
"""Elements inside a line that may be captions."""


@lru_cache(maxsize=1024)
def _names_aside(names: str) -> bool:
    return ASIDE.search(names) is not None


@lru_cache(maxsize=1024)
def _names_caption(names: str) -> bool:
    return CAPTION.search(names) is not None


def _unlink_unclosed(lines: list[Line]) -> None:
    """Take lines that stand in one link together for text: a link that is not closed goes on in every block below."""
    start = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or lines[place].href is None or lines[place].href != lines[start].href:
            if place - start > UNCLOSED and lines[start].href is not None:
                for line in lines[start:place]:
                    line.linked = 0
            start = place
