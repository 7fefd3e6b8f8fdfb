"""A search for programs: `/-/search.json`, page by page, and `/-/search.atom`, its newest stories for a feed reader."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from datasette.utils.asgi import Request, Response

from archive.search.arriving import arrived
from archive.site.language import Words, language_of
from archive.site.listing import items
from archive.site.marking import highlighter
from archive.site.rendering import admit, rows
from archive.site.searching import absolute, link, refusing, result, told, within_time

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself.
    from datasette.app import Datasette

AT_ONCE = 100
"""Stories of a page in JSON, and of a feed."""

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, not even escaped."""
_NEVER = "1970-01-01T00:00:00Z"


async def as_json(request: Request, datasette: Datasette) -> Response:
    """The stories of a page with all that the page counts; docs/site.md tells the fields."""
    await admit(datasette, request)
    given, query = told(request)
    with refusing():
        hits = await within_time(datasette, lambda connection: result(connection, given, query, AT_ONCE))
    following = link(datasette, replace(given, page=given.page + 1), ".json")
    counted = asdict(hits.found.facets)
    months = counted.pop("months")
    mark = highlighter(query) if query else None
    answer = {
        "query": given.words,
        "fts": query.fts if query else None,
        "order": hits.found.order,
        "total": hits.found.total,
        "stories": hits.found.number,
        "counted": hits.found.facets.articles,
        "counted_since": hits.found.since,
        "page": given.page,
        "next": absolute(datasette, request, following) if hits.found.more else None,
        "facets": counted,
        "months": dict(sorted(months.items())),
        "results": [
            {name: value for name, value in item.items() if name not in ("text", "best")}
            | {
                "page_url": _article(datasette, request, item),
                "passage": mark.passage(item["text"]) if mark else None,
                "hits": story,
            }
            for item, story in zip(hits.items, hits.found.stories, strict=True)
        ],
    }
    sent: Response = Response.json(answer)
    return sent


async def as_atom(request: Request, datasette: Datasette) -> Response:
    """The stories of a search that came in last, an entry each; it is as new as the present version of the article."""
    await admit(datasette, request)
    given, query = told(request)

    def reading(connection: sqlite3.Connection) -> tuple[list[dict[str, Any]], dict[int, dict[str, str]]]:
        ids = arrived(connection, given, query, AT_ONCE)
        return items(connection, ids), _times(connection, ids)

    with refusing():
        entries, times = await within_time(datasette, reading)
    t = Words(language_of(request))
    here, page = (absolute(datasette, request, link(datasette, given.but(), ending)) for ending in (".atom", ""))
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": t.tag})
    title = t("found.title", words=given.words) if given.words else t("found.all")
    _say(feed, "id", page)
    _say(feed, "title", f"{title.unescape()} · {t('site.title').unescape()}")
    _say(feed, "updated", max((each["updated"] for each in times.values()), default=_NEVER))
    _say(feed, "subtitle", t("found.feed", n=AT_ONCE).unescape())
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    for item in entries:
        _entry(feed, item, _article(datasette, request, item), times[item["id"]], t)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="utf-8")
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _times(connection: sqlite3.Connection, ids: list[int]) -> dict[int, dict[str, str]]:
    """By article, when it came in, and when its present version did."""
    query = (
        "select articles.id, first_fetched as published, fetched_at as updated"
        " from json_each(?) join articles on articles.id = json_each.value join pages on pages.id = articles.page_id"
    )
    return {row.pop("id"): row for row in rows(connection, query, [json.dumps(ids)])}


def _entry(feed: Element, item: dict[str, Any], href: str, times: dict[str, str], t: Words) -> None:
    entry = SubElement(feed, "entry")
    _say(entry, "id", href)
    _say(entry, "title", item["title"] or t("site.untitled").unescape())
    for name in ("published", "updated"):
        _say(entry, name, times[name])
    SubElement(entry, "link", rel="alternate", type="text/html", href=href)
    if item["url"].startswith(("http://", "https://")):
        SubElement(entry, "link", rel="via", href=_NO_XML.sub("", item["url"]))
    _say(SubElement(entry, "author"), "name", item["source_name"])
    text = item["text"]
    _say(entry, "summary", " · ".join(filter(None, (item["day"], text[:300] + ("…" if len(text) > 300 else "")))))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NO_XML.sub("\ufffd", text)


def _article(datasette: Datasette, request: Request, item: dict[str, Any]) -> str:
    return absolute(datasette, request, datasette.urls.path(f"/archive/articles/{item['id']}"))
