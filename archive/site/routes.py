"""The addresses of our own pages. Datasette's stay as they are, but for its front page and the rows of articles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive.site.pages import (
    article,
    compare,
    coverage,
    download,
    feed,
    front,
    issue,
    region,
    search,
    snapshot,
    source,
    story,
    switch,
)

ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"^/(?P<format>)$", front.front),
    (r"^/-/coverage$", coverage.coverage),
    (r"^/-/compare$", compare.compare),
    (r"^/-/compare\.csv$", compare.as_csv),
    (r"^/-/source/(?P<id>[^/]+)$", source.source),
    (r"^/-/region/(?P<code>[^/]+)$", region.region),
    (r"^/-/language$", switch.language),
    (r"^/-/search$", search.search),
    (r"^/-/search\.json$", feed.as_json),
    (r"^/-/search\.atom$", feed.as_atom),
    (r"^/-/search\.csv$", download.as_csv),
    (r"^/-/search\.parquet$", download.as_parquet),
    (r"^/archive/articles/(?P<id>[0-9]+)$", article.article),
    (r"^/-/snapshot/(?P<id>[0-9]+)$", snapshot.received),
    (r"^/-/story/(?P<id>[0-9]+)$", story.story),
    (r"^/-/issue/(?P<source>[^/]+)/(?P<paper>.+)/(?P<day>[^/]+)$", issue.issue),
]
