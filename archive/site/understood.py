"""A query in words: what the archive took it to mean, and what is wrong with one that means nothing."""

from __future__ import annotations

from markupsafe import Markup

from archive.search.query import Node, QueryError, Term
from archive.site.language import Words


def understood(node: Node, t: Words, *, inside: bool = False) -> Markup:
    """The tree of a query in the words of a language.

    >>> from archive.search.query import parse
    >>> str(understood(parse("招商引資 (签约 OR 标题:开工) -会议").root, Words("zh")))
    '“招商引资”并且（“签约”或者标题中的“开工”），不含“会议”'
    """
    if isinstance(node, Term):
        return t("query.title" if node.title_only else "query.word", word=node.needle)
    joined = t("query.or" if node.any else "query.and").join(understood(each, t, inside=True) for each in node.wanted)
    if node.unwanted:
        unwanted = t("query.or").join(understood(each, t, inside=True) for each in node.unwanted)
        joined = t("query.without", wanted=joined, unwanted=unwanted)
    return t("query.brackets", what=joined) if inside else joined


def cure(error: QueryError, t: Words) -> Markup:
    """What is wrong with a query, and how to mend it."""
    return t(f"query.{error.kind}", number=error.number)
