"""Text on a page with the words of a search marked in it."""

from __future__ import annotations

from markupsafe import Markup, escape

from archive.search.highlight import Span, snippet, spans
from archive.search.query import Query


class highlighter:  # noqa: N801 - stands in templates like a function
    """Shows where a query's words stand: `found.headline(title)`, `found.passage(text)`."""

    def __init__(self, query: Query) -> None:
        self.needles = query.needles

    def headline(self, text: str | None) -> Markup:
        return marked(text or "", spans(text or "", self.needles))

    def passage(self, text: str | None) -> Markup:
        return marked(*snippet(text or "", self.needles, 120))


def marked(text: str, found: list[Span]) -> Markup:
    """The text, escaped, with `<mark>` around the places.

    >>> marked("<b>大力招商", [(5, 7)])
    Markup('&lt;b&gt;大力<mark>招商</mark>')
    """
    parts: list[Markup] = []
    place = 0
    for start, end in found:
        parts += [escape(text[place:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        place = end
    return Markup("").join([*parts, escape(text[place:])])
