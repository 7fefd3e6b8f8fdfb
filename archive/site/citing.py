"""How an article of the archive is cited: by GB/T 7714—2015, out of what is known of it, the rest left out."""

from __future__ import annotations

from dataclasses import dataclass

_MOST_NAMED = 3
"""So many authors are named, by the standard; of more, these and 等."""


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation is made of."""

    title: str | None
    """Headline."""
    subtitle: str | None
    """The line below it, without the dash before it."""
    authors: tuple[str, ...]
    """In the order of the page."""
    publication: str
    """Name of the source."""
    published: str
    """The date as exactly as the page tells it, `2024-09-04`; empty where it does not."""
    newspaper_page: str | None
    """`01` of a newspaper; None of a site."""
    url: str
    """Its address."""
    retrieved: str
    """The day on which it was last seen there, in China."""


def gb7714(cited: Cited) -> str:
    """The citation by GB/T 7714—2015: of a newspaper as [N/OL], else as [EB/OL].

    >>> seen = {"url": "http://a.example/1", "retrieved": "2013-11-06"}
    >>> gb7714(Cited("雾霾来袭", None, ("甲", "乙", "丙", "丁"), "江城日报", "2013-01-12", "02", **seen))
    '甲, 乙, 丙, 等. 雾霾来袭[N/OL]. 江城日报, 2013-01-12(02)[2013-11-06]. http://a.example/1'
    >>> gb7714(Cited("开工", "一线见闻", (), "江城网", "2013-01-12", None, **seen))
    '开工: 一线见闻[EB/OL]. 江城网, 2013(2013-01-12)[2013-11-06]. http://a.example/1'
    >>> gb7714(Cited(None, None, (), "江城网", "", None, **seen))
    '[无标题][EB/OL]. 江城网[2013-11-06]. http://a.example/1'
    """
    named = ", ".join([*cited.authors[:_MOST_NAMED], *(["等"] if len(cited.authors) > _MOST_NAMED else [])])
    title = ": ".join(filter(None, (cited.title or "[无标题]", cited.subtitle)))
    day = cited.published[:10]
    if cited.newspaper_page:
        kind, dated = "N/OL", f", {day}({cited.newspaper_page})"
    else:
        kind, dated = "EB/OL", f", {day[:4]}({day})" if day else ""
    parts = (named, f"{title}[{kind}]", f"{cited.publication}{dated}[{cited.retrieved}]", cited.url)
    return ". ".join(" ".join(part.split()) for part in parts if part)
