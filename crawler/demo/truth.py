"""What a perfect reader finds on a page of the sample province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from archive.article import Attachment
from crawler.demo.sample import Kind, SampleArticle

Precision = Literal["month", "day", "minute"]
Charset = Literal["gb18030", "utf-8", "big5"]

_SHAPES: dict[Precision, str] = {
    "month": "%Y-%m-01T00:00:00+08:00",
    "day": "%Y-%m-%dT00:00:00+08:00",
    "minute": "%Y-%m-%dT%H:%M:00+08:00",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """Every field of one article, as its page shows it. What the page does not show is None or empty."""

    source: str
    """Id of the source."""
    url: str
    """Canonical address: the one that the site's own lists lead to."""
    title: str
    """Headline; on a polluted page with its pollution."""
    kicker: str | None
    """引题."""
    subtitle: str | None
    """副题, without its dash."""
    original_title: str | None
    """What a line 原标题 gives; the line is not in `text`."""
    text: str
    """Paragraphs, one a line; table rows as cells between ` | `; no captions; on a polluted page with its pollution."""
    published: str | None
    """ISO 8601 with +08:00, midnight or the first of the month where the page says no more."""
    precision: Precision | None
    """How much of the date the page names; None where it names none."""
    authors: tuple[str, ...]
    """Reporters, then correspondents."""
    roles: tuple[str, ...]
    """What the page calls each of them; empty where it prints a bare name."""
    origin: str
    """来源, without 《》."""
    editor: str | None
    """责任编辑; more than one joined by 、."""
    section: str
    """Channel, or 版次 and name of the newspaper page."""
    keywords: tuple[str, ...]
    """What its metadata list as keywords, without the site's name."""
    captions: tuple[str, ...]
    """Captions of the pictures on the page."""
    attachments: tuple[Attachment, ...]
    """Documents that the page links to."""
    place: str
    """Where it happens: province, prefecture and county or zone, separated by blanks, simplified or as written."""
    charset: Charset
    """What the bytes are in (WHATWG name, GBK counted as gb18030)."""
    false_label: bool
    """Whether a header or the markup names another charset."""
    polluted: bool
    """Whether title and text are spoiled."""
    clean_title: str
    """The title before pollution."""
    clean_text: str
    """The text before pollution, in the script and punctuation of the page."""
    reprint_of: str | None
    """Canonical address of the page that it was copied from."""
    story: str
    """Canonical address of the page that told its story first: its own, unless it is a copy or the copy of one."""
    kind: Kind
    """What its text is of the one there; `same` of itself. An edit of either can make a reprint of it."""


class Listed(NamedTuple):
    """An article and its truth, as a site publishes it."""

    article: SampleArticle
    """The article, of this site or copied from another."""
    truth: Truth
    """What its page here shows."""


def truth(
    article: SampleArticle,
    *,
    source: str,
    url: str,
    charset: Charset,
    false_label: bool = False,
    roles: tuple[str, str] = ("记者", "通讯员"),
) -> Truth:
    """The truth of a page that shows everything there is to an article. Where a site differs, use `replace`.

    `roles` are what the page calls reporters and correspondents.
    """
    reporter, correspondent = roles
    return Truth(
        source=source,
        url=url,
        title=article.title,
        kicker=article.kicker,
        subtitle=article.subtitle,
        original_title=article.original_title,
        text=article.text,
        published=iso(article.published, "minute"),
        precision="minute",
        authors=article.writers,
        roles=(reporter,) * len(article.authors) + (correspondent,) * len(article.correspondents),
        origin=article.origin.strip("《》"),
        editor=article.editor,
        section=article.section,
        keywords=(),
        captions=article.captions,
        attachments=(),
        place=article.place,
        charset=charset,
        false_label=false_label,
        polluted=False,
        clean_title=article.title,
        clean_text=article.text,
        reprint_of=None,
        story=url,
        kind=article.copied_as,
    )


def iso(moment: datetime, precision: Precision) -> str:
    """ISO 8601 with +08:00 of a local time, cut to what a page of that precision says.

    >>> iso(datetime(2023, 8, 14, 9, 42), "minute"), iso(datetime(2023, 8, 14), "month")
    ('2023-08-14T09:42:00+08:00', '2023-08-01T00:00:00+08:00')
    """
    return moment.strftime(_SHAPES[precision])
