"""What flows through the house: a fetched `Page`, the `Article` read out of it, and the `Repair`s done to its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

GUESS = 0.8
"""Confidence below which a repair is a guess."""


class RecordPlace(NamedTuple):
    """Where a WARC record stands: a whole gzip member, so `length` bytes from `offset` can be read alone."""

    file: str
    """File name inside the archive's `warc/` folder."""
    offset: int
    """First byte of the record's gzip member."""
    length: int
    """Length of the member in bytes."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One change to a text. `after` stands where `before` stood, so all repairs of a field, last first, can be undone.

    An article's repairs are in the order in which they were made.
    """

    kind: str
    """Name of the fix, for example `pinyin`."""
    field: str
    """Which text of the article: a column of `articles` (`title`, `text`, `byline` …) or `caption 1` and so on, the
    picture at that position."""
    start: int
    """Where `after` stands, in characters of the text as this repair left it; later ones may have moved it since."""
    before: str
    """What stood there."""
    after: str
    """What stands there now."""
    confidence: float
    """0 to 1; below 0.8 it is a guess, and the evidence says so."""
    evidence: str
    """What the fix went by."""


@dataclass(frozen=True, slots=True)
class Page:
    """One response, or one imported file, decoded."""

    url: str
    """The address it was fetched from; `file:` for an imported file."""
    text: str
    """The body in its true charset, without a byte order mark; U+FFFD at every place that could not be decoded."""
    fetched_at: datetime
    """When it came in, aware, UTC."""
    status: int = 200
    """HTTP status; 200 for a file."""
    content_type: str | None = None
    """Media type without parameters, lower case."""
    charset: str | None = None
    """The charset that the bytes are in (WHATWG name)."""
    charset_evidence: str | None = None
    """Why that charset, and which labels said otherwise."""
    damaged: int = 0
    """How many places could not be decoded."""
    repairs: tuple[Repair, ...] = ()
    """What was done to the text as a whole before it was read, because it had been decoded with a wrong charset."""
    digest: str | None = None
    """WARC payload digest, `sha1:` and base32."""
    id: int | None = None
    """Row in `pages`, once recorded."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article."""

    url: str | None = None
    """Absolute address; None where only the caption came down to us."""
    caption: str | None = None
    """Its caption."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article or its newspaper page links to: noted, not fetched."""

    url: str
    """Absolute address."""
    name: str | None = None
    """What the page calls it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A division or zone that an article speaks of."""

    code: str
    """Its code in `regions` (GB/T 2260 for divisions)."""
    words: str
    """The name as the text first has it."""
    times: int
    """How often the article names it."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article on its way through the stages. Raw values stay beside clean ones; what is unknown is None."""

    url: str
    """Canonical address: what makes two readings the same article."""
    source: str
    """Id of the source it was collected for."""
    page: Page
    """The page it was read out of."""
    title: str | None = None
    """Headline (主题)."""
    kicker: str | None = None
    """The line above the headline (引题)."""
    subtitle: str | None = None
    """The line below the headline (副题)."""
    original_title: str | None = None
    """What the page gives as 原标题."""
    text: str = ""
    """The body: a paragraph a line, table rows as cells between ` | `, without captions and page furniture."""
    images: tuple[Image, ...] = ()
    """Pictures in the order of the page, captions apart from the body."""
    attachments: tuple[Attachment, ...] = ()
    """Files that go with it: appended documents, the PDF and the picture of its newspaper page."""
    keywords: tuple[str, ...] = ()
    """Keywords, as the page's metadata lists them."""
    section: str | None = None
    """Newspaper page (版次 and its name) or channel."""
    raw_date: str | None = None
    """The date as it stands on the page."""
    raw_byline: str | None = None
    """The byline as it stands on the page."""
    raw_origin: str | None = None
    """The origin (来源) as it stands on the page."""
    published: str | None = None
    """ISO 8601 with +08:00; None where the page does not say, or does not say the year."""
    published_precision: str | None = None
    """`year`, `month`, `day` or `minute`: how much of the date the page names."""
    published_evidence: str | None = None
    """Where the date stood, and the string."""
    authors: tuple[str, ...] = ()
    """Reporters and correspondents, in the order of the page."""
    roles: tuple[str, ...] = ()
    """What the byline calls each of the authors: 记者, 通讯员, 作者 …; empty for a bare name."""
    speakers: tuple[str, ...] = ()
    """Who speaks in an interview, by the labels before questions and answers."""
    editor: str | None = None
    """Responsible editor (责任编辑)."""
    origin: str | None = None
    """Who is named as the origin of the text (来源)."""
    origin_via: str | None = None
    """Whom the origin itself took it from (`据益阳日报消息`)."""
    script: str | None = None
    """`hans`, `hant`, or None where too little decides."""
    region: str | None = None
    """Code of the home region in `regions`: where it plays, or whom it is about."""
    region_evidence: str | None = None
    """What the home region goes by."""
    mentions: tuple[Mention, ...] = ()
    """The divisions and zones that it names, most often first."""
    reading: str | None = None
    """How the body was found: `rules`, `general` or `text`."""
    provenance: Mapping[str, str] = field(default_factory=dict)
    """By field, the rule that found it: `meta pubdate`, `selector h1.detail_title`, `#source_baidu`, `line` …"""
    repairs: tuple[Repair, ...] = ()
    """What was done to the text."""
    damage: int = 0
    """How many characters of headlines, body and captions are lost for good."""
    id: int | None = None
    """Row in `articles`, once stored."""
    version: int | None = None
    """1 for the first reading, one more for each change."""
    outcome: str | None = field(default=None, compare=False)
    """What storing it was: `new`, `changed` or `unchanged`."""


def utc_now() -> datetime:
    """The present moment, aware, UTC, whole seconds: the one place where the archive reads a clock."""
    return datetime.now(UTC).replace(microsecond=0)


def iso_utc(moment: datetime) -> str:
    """ISO 8601 in UTC, as stored in every time column but `published`.

    >>> iso_utc(datetime(2024, 9, 4, 8, 5, tzinfo=UTC))
    '2024-09-04T08:05:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
