"""Lists of Hanweb's jpage: records as XML inside a column page or in an answer, and how further ones are asked for.

    <datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=282…"></a>]]></nextgroup>
    <recordset><record><![CDATA[<li><a href="/art/2024/9/4/art_282_1234567.html">…</a><span>2024-09-04</span></li>]]>…

An answer of `dataproxy.jsp` is the same with `<totalrecord>`. Where no nextgroup leads on, the script does that calls
`.jpage({totalRecord:58, perPage:20, groupSize:3, proxyUrl:'…', ajaxParam:{columnid:282, …}})`: it posts ajaxParam. Old
pages have the first records in an array that the call names as dataStore.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pipelines.text.dates import find_dates

ARTICLE = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\w+\.html?")
COLUMN = re.compile(r"/col/col\d+/")

_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})", re.IGNORECASE)
_CALL = re.compile(r"\.jpage\s*\(\s*\{")
_NUMBERS = tuple(re.compile(rf"\b{name}\s*:\s*['\"]?(\d{{1,7}})") for name in ("totalRecord", "perPage", "groupSize"))
_PROXY = re.compile(r"""\bproxyUrl\s*:\s*["']([^"']{1,500})["']""")
_PARAMETERS = re.compile(r"\bajaxParam\s*:\s*\{([^{}]{0,2000})\}")
_PARAMETER = re.compile(r"""["']?(\w{1,40})["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^\s,"']+))""")
_STORE = re.compile(r"\bdataStore\s*:\s*(\w{1,60})")
_NEXT_ELEMENT = re.compile(r"""['"]\s*,\s*['"]""")
_CALL_LENGTH = 4000
"""So many characters of a script hold a call."""

_CALLS = 20
"""So many lists may a page have."""


@dataclass(frozen=True, slots=True)
class Record:
    """One article of a list."""

    href: str
    """Its address, as the column page would follow it."""
    date: str | None
    """The date beside the link, as it stands."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a page's script says of further records."""

    total: int
    """How many there are."""
    group: int
    """How many come with one request."""
    each: int
    """How many stand on a page that a reader sees."""
    url: str
    """Where they are asked for."""
    form: tuple[tuple[str, str], ...]
    """What is posted there."""

    def after(self, had: int) -> str:
        """The address that brings the records behind the first `had`.

        >>> Call(58, 20, 10, "/module/web/jpage/dataproxy.jsp", ()).after(40)
        '/module/web/jpage/dataproxy.jsp?startrecord=41&endrecord=58&perpage=10'
        """
        return f"{self.url}?startrecord={had + 1}&endrecord={min(had + self.group, self.total)}&perpage={self.each}"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a page, or a part of it that an answer brings."""

    records: tuple[Record, ...]
    """The articles, in its order."""
    next: str | None = None
    """The address that its nextgroup names."""
    call: Call | None = None
    """What its script says; None in an answer."""
    total: int | None = None
    """How many records there are altogether, where it says so."""
    whole: bool = True
    """Whether the XML is there to its end."""


def read_lists(text: str) -> tuple[Listing, ...]:
    """The jpage lists of a decoded page or answer; none where it has none."""
    stores = _between(text, "<datastore", "</datastore>")
    found = islice(_CALL.finditer(text), _CALLS)
    scripts = [text[match.end() : match.end() + _CALL_LENGTH] for match in found]
    if not stores:
        # Without an array either, the script asks for all records.
        arrays = ((_call(script), tuple(_records(_array(text, script)))) for script in scripts)
        return tuple(
            Listing(records, None, call, call.total if call else None) for call, records in arrays if call or records
        )
    # A page with more lists has a call for each, in the same order.
    calls = [_call(script) for script in scripts] if len(scripts) == len(stores) else [None] * len(stores)
    return tuple(_listing(store, call, whole=whole) for (store, whole), call in zip(stores, calls, strict=True))


def _listing(store: str, call: Call | None, *, whole: bool) -> Listing:
    head, _, _ = store.partition("<record>")
    link = _HREF.search(head) if "<nextgroup" in head else None
    total = _TOTAL.search(store)
    records = tuple(_records(part for part, _ in _between(store, "<record>", "</record>")))
    said = int(total[1]) if total else call.total if call else None
    return Listing(records, _href(link) if link else None, call, said, whole)


def _records(parts: Iterable[str]) -> Iterator[Record]:
    for part in parts:
        link = _HREF.search(part)
        if link and (href := _href(link)):
            yield Record(href, _date(part, link))


def _date(part: str, link: re.Match[str]) -> str | None:
    """The date beside a link; a title names dates, too."""
    beside = f"{part[: link.start()].rpartition('<')[0]} {part[link.end() :].rpartition('</a>')[2]}"
    return next((date.raw for date in find_dates(_TAG.sub(" ", beside)) if date.value), None)


def _array(text: str, script: str) -> list[str]:
    """The elements of the array that a call names as its dataStore."""
    name = _STORE.search(script)
    begin = re.search(rf"\b{name[1]}\s*=\s*\[", text) if name else None
    if begin is None:
        return []
    array, _, _ = text[begin.end() :].partition("];")
    return _NEXT_ELEMENT.split(array.replace("\\'", "'").replace('\\"', '"'))


def _call(script: str) -> Call | None:
    """What `.jpage({` is called with; None where it asks for nothing."""
    proxy, parameters = _PROXY.search(script), _PARAMETERS.search(script)
    total, each, group = (int(match[1]) if (match := number.search(script)) else 0 for number in _NUMBERS)
    if proxy is None or parameters is None or not total or not each:
        return None
    pairs = [(match[1], match[2] or match[3] or match[4] or "") for match in _PARAMETER.finditer(parameters[1])]
    return Call(total, each * max(group, 1), each, proxy[1], tuple(pairs))


def _href(link: re.Match[str]) -> str:
    # No more than this: `&para` in `&parameter=` is no sign of a paragraph.
    return (link[1] or link[2] or link[3] or "").replace("&amp;", "&").strip()


def _between(text: str, begin: str, end: str) -> list[tuple[str, bool]]:
    """What stands between each `begin` and the `end` behind it, and whether there is one."""
    parts = [part.partition(end) for part in text.split(begin)[1:]]
    return [(inside, bool(closed)) for inside, closed, _ in parts]
