"""Cut a parsed page into lines, in one walk without recursion: pages are nested as deep as their authors like."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from spiders.reading.lines import ASIDE, BLOCKS, SILENT, Line, bare, join_blanks


class Cutter:
    """One walk over a tree; `annotated` says that readings have been injected throughout the page."""

    def __init__(self, *, annotated: bool) -> None:
        self.annotated = annotated
        self.parts: list[str] = []
        self.linked = 0
        self.links = 0
        self.asides: list[int] = []
        self.block: LexborNode

    def lines(self, root: LexborNode) -> Iterator[Line]:
        """The lines of an element, in order."""
        self.block = root
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if tag == "-text":
                self.add(node.text_content or "")
            elif tag == "br" or (leaving and tag != "a"):
                yield from self.line()
                if leaving:
                    self.leave(node, root)
            elif leaving:
                self.links -= 1
            elif tag not in SILENT and not tag.startswith(("-", "_")):
                if tag in BLOCKS:
                    yield from self.line()
                    self.enter(node)
                self.links += tag == "a"
                if tag == "a" or tag in BLOCKS:
                    stack.append((node, True))
                stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
        yield from self.line()

    def add(self, text: str) -> None:
        self.parts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def enter(self, node: LexborNode) -> None:
        self.block = node
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if node.tag in {"nav", "footer", "aside"} or (names != " " and ASIDE.search(names)):
            self.asides.append(node.mem_id)

    def leave(self, node: LexborNode, root: LexborNode) -> None:
        self.block = node.parent or root
        if self.asides and self.asides[-1] == node.mem_id:
            self.asides.pop()

    def line(self) -> Iterator[Line]:
        """What has gathered since the last cut, if it is more than blanks."""
        if text := join_blanks("".join(self.parts)):
            yield Line(
                text,
                linked=min(self.linked, len(text)),
                tag=self.block.tag or "p",
                aside=bool(self.asides),
                node=self.block,
                bare=bare(text, annotated=self.annotated),
            )
        self.parts.clear()
        self.linked = 0
