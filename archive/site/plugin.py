"""Datasette plugin: the table page's own search box, its JSON and its CSV find Chinese.

Installed as an entry point, so every `datasette` of this environment has it; databases without our index are left as
they are.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import Request, Response
from jinja2 import Environment
from markupsafe import Markup, escape

from archive import regions
from archive.article import GUESS
from archive.database import register_functions
from archive.search.find import where
from archive.search.highlight import Span, snippet, spans
from archive.search.query import Query, QueryError, parse
from archive.site import errors
from archive.site.headers import App, with_headers
from archive.site.language import LANGUAGES, Words, language_of
from archive.site.routes import ROUTES
from archive.site.wording import OurWords

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself, so these cannot be imported in earnest.
    from datasette.app import Datasette
    from datasette.filters import FilterArguments

INDEX = "articles_fts"
TABLE = "articles"
STATIC = Path(__file__).parent / "static"


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return ROUTES


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    return with_headers


@hookimpl(tryfirst=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    async def answered() -> Response:
        return await errors.answer(datasette, request, exception)

    return answered


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    register_functions(conn)


# Last, since Datasette's own search hook answers "supports_search: no" for a contentless index.
@hookimpl(trylast=True)
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> Callable[[], Awaitable[FilterArguments]] | None:
    """`?_search=` of the articles table, through the archive's own query parser."""
    if table != TABLE:
        return None
    from datasette.filters import FilterArguments  # noqa: PLC0415 - see above
    from datasette.utils import path_with_replaced_args  # noqa: PLC0415

    async def search() -> FilterArguments:
        if not await datasette.get_database(database).table_exists(INDEX):
            return FilterArguments([])
        words = request.args.get("_search") or ""
        context = {"supports_search": True, "search": words}
        if "damage__gt" not in request.args and "damage" in await datasette.get_database(database).table_columns(table):
            link = path_with_replaced_args(request, {"damage__gt": "0", "_next": None})
            context["damaged_only"] = datasette.urls.path(link)
        if not words.strip():
            return FilterArguments([], extra_context=context)
        try:
            query = parse(words)
        except QueryError as error:
            return FilterArguments(["0"], human_descriptions=[f"nothing is found: {error}"], extra_context=context)
        condition, parameters = where(query)
        return FilterArguments(
            [condition], parameters, [f"search matches “{words}”"], {**context, "found": highlighter(query)}
        )

    return search


@hookimpl
def permission_allowed(action: str, resource: Any) -> bool | None:
    """The indexes of words and of copies and the list of migrations are nobody's business."""
    if action == "view-table" and isinstance(resource, tuple) and hidden(resource[1]):
        return False
    return None


def hidden(table: str) -> bool:
    """Whether a table is machinery.

    >>> hidden("articles_fts_data"), hidden("articles")
    (True, False)
    """
    return table.startswith((INDEX, "fingerprint", "_sqlite_migrations", "sqlite_"))


@hookimpl
def extra_template_vars(
    table: str | None, view_name: str, request: Request | None, database: str | None, datasette: Datasette
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The words of the page's language; and what was repaired in the article that a row page shows."""

    async def variables() -> dict[str, Any]:
        return in_language(request, datasette) | await repairs()

    async def repairs() -> dict[str, Any]:
        if view_name != "row" or table != TABLE or request is None or database is None:
            return {}
        db = datasette.get_database(database)
        if not await db.table_exists("repairs"):
            return {"repairs": []}
        found = await db.execute(
            "select * from repairs where article_id = ? order by position", [request.url_vars["pks"]]
        )
        return {"repairs": found.rows, "guess": GUESS}

    return variables


def in_language(request: Request | None, datasette: Datasette) -> dict[str, Any]:
    """What every template has: `t` (the catalogue), and where the switch leads."""
    language = language_of(request)
    [other] = [each for each in LANGUAGES if each != language]
    here = "/" if request is None else request.path + (f"?{request.query_string}" if request.query_string else "")
    return {
        "t": Words(language),
        "switch": datasette.urls.path(f"/-/language?{urlencode({'to': other, 'next': here})}"),
        "other_language": LANGUAGES[other],
    }


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    # Datasette renders its own pages of errors, which are not shown, without any plugin's variables.
    env.add_extension(OurWords)
    env.globals["t"] = Words(next(iter(LANGUAGES)))
    env.filters["people"] = people
    env.filters["visible"] = visible
    env.filters["region"] = region


@hookimpl
def extra_css_urls(view_name: str | None, datasette: Datasette) -> list[str]:
    """`site.css` everywhere, and on a page of our own the sheet of its name where there is one."""
    sheets = ["site.css", f"{view_name}.css"]
    return [datasette.urls.static_plugins("zhaoshang", each) for each in sheets if (STATIC / each).is_file()]


def people(authors: str) -> str:
    """The `authors` column for readers.

    >>> people('["沈芷", "邓栩"]')
    '沈芷、邓栩'
    """
    return "、".join(json.loads(authors))


def region(code: str) -> str:
    """The `region_code` column for readers; a code that the table does not have stays as it is.

    >>> region("430300-GX"), region("999999")
    ('湖南省湘潭市湘潭高新技术产业开发区', '999999')
    """
    return regions.name_of(code) if code in regions.table() else code


# Blanks but the usual one, control, format and private-use characters.
_UNSEEN = re.compile(
    r"[^\S \n]|[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    r"""A piece of a text in which what cannot be seen is named by its code point.

    >>> visible("上一版\ue5e5下\u200b")
    '上一版[U+E5E5]下[U+200B]'
    """
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


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
