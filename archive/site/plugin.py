"""Datasette plugin: the table page's own search box, its JSON and its CSV find Chinese.

Installed as an entry point, so every `datasette` of this environment has it; databases without our index are left as
they are.
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus, urlencode

from datasette import hookimpl
from datasette.utils.asgi import Forbidden, Request, Response
from jinja2 import Environment

from archive.database import register_functions
from archive.search.find import where
from archive.search.query import QueryError, parse
from archive.site import errors
from archive.site.filters import FILTERS
from archive.site.headers import App, Scope, with_headers
from archive.site.imported import veil
from archive.site.language import LANGUAGES, Words, language_of
from archive.site.marking import highlighter
from archive.site.rendering import DATABASE
from archive.site.routes import ROUTES
from archive.site.searching import csv_of_table
from archive.site.sheets import sheet, sheets_of
from archive.site.validators import validated
from archive.site.wording import OurWords

if TYPE_CHECKING:
    # Datasette loads its plugins while it is being imported itself, so these cannot be imported in earnest.
    from datasette.app import Datasette
    from datasette.filters import FilterArguments

INDEX = "articles_fts"
TABLE = "articles"
_READING = ("GET", "HEAD")


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [(address, only_read(view)) for address, view in ROUTES]


def only_read(view: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """A page that answers no method but GET and HEAD: our pages write nothing, and POST sets no cookie either."""

    @functools.wraps(view)
    async def answered(request: Request, *others: Any) -> Response:
        if request.method in _READING:
            return await view(request, *others)
        said = Words(language_of(request))("refusal.method").unescape()
        refusal: Response = Response.text(said, status=405, headers={"Allow": ", ".join(_READING)})
        return refusal

    return answered


@hookimpl
def skip_csrf(scope: Scope) -> bool:
    """Datasette need not ask for a token where nothing is written: the method is refused in any case."""
    return any(re.search(address, scope["path"]) for address, _ in ROUTES)


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    return lambda app: with_headers(validated(app))


@hookimpl(tryfirst=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    async def answered() -> Response:
        return await errors.answer(datasette, request, exception)

    return answered


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Callable[[], Awaitable[Response]]:
    """What may not be seen is answered as all else that is refused; Datasette would answer by itself."""
    return handle_exception(datasette, request, Forbidden(message))


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    register_functions(conn)
    if database == DATABASE:
        veil(conn)
    # 16 MB: a broad search looks through all of `search_facts`, which SQLite's own 2 MB would read again each time.
    conn.execute("pragma cache_size = -16000")


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
        t = Words(language_of(request))
        context = {"supports_search": True, "search": words}
        if "damage__gt" not in request.args and "damage" in await datasette.get_database(database).table_columns(table):
            link = path_with_replaced_args(request, {"damage__gt": "0", "_next": None})
            context["damaged_only"] = datasette.urls.path(link)
        if link := csv_of_table(request.args):
            context["our_csv"] = datasette.urls.path(link)
        if not words.strip():
            return FilterArguments([], extra_context=context)
        try:
            query = parse(words)
        except QueryError as error:
            why = t("searched.nothing", why=t(f"query.{error.kind}", number=error.number))
            context["searched"] = [why.unescape()]
            return FilterArguments(["0"], human_descriptions=context["searched"], extra_context=context)
        condition, parameters = where(query)
        context |= {"searched": [t("searched.matches", words=words).unescape()], "found": highlighter(query)}
        return FilterArguments([condition], parameters, context["searched"], context)

    return search


@hookimpl
def permission_allowed(datasette: Datasette, actor: Any, action: str, resource: Any) -> bool | None:
    """The indexes of words and of copies, counts, migrations and what was forgotten, and why, are nobody's business.

    Pages as they were received are for those whom `allow_snapshot` of the metadata names, where it is there.
    """
    from datasette.utils import actor_matches_allow  # noqa: PLC0415 - see above

    if action == "view-table" and isinstance(resource, tuple) and hidden(resource[1]):
        return False
    if action == "view-snapshot" and (allowed := datasette.metadata("allow_snapshot", database=resource)) is not None:
        return bool(actor_matches_allow(actor, allowed))
    return None


def hidden(table: str) -> bool:
    """Whether a table is machinery.

    >>> hidden("articles_fts_data"), hidden("articles")
    (True, False)
    """
    return table.startswith(
        (INDEX, "fingerprint", "search_facts", "tallies", "forgotten", "_sqlite_migrations", "sqlite_")
    )


@hookimpl
def extra_template_vars(request: Request | None, datasette: Datasette) -> dict[str, Any]:
    """The words of the page's language, and the addresses of our style sheets: `sheet("charts.css")`."""
    return {**in_language(request, datasette), "sheet": functools.partial(sheet, datasette)}


def in_language(request: Request | None, datasette: Datasette) -> dict[str, Any]:
    """What every template has: `t` (the catalogue), and where the switch leads."""
    language = language_of(request)
    [other] = [each for each in LANGUAGES if each != language]
    back = urlencode({"to": other, "next": "/" if request is None else here(request)})
    return {
        "t": Words(language),
        "switch": datasette.urls.path(f"/-/language?{back}"),
        "other_language": LANGUAGES[other],
    }


def here(request: Request) -> str:
    """The address that was asked for, without `lang`, which would say more than the cookie of the switch.

    >>> here(Request.fake("/-/search?q=%E6%8B%9B&lang=zh&page=2")), here(Request.fake("/?lang=zh"))
    ('/-/search?q=%E6%8B%9B&page=2', '/')
    """
    said = request.query_string.split("&")
    kept = "&".join(each for each in said if unquote_plus(each.partition("=")[0]) != "lang")
    return str(request.path) + (f"?{kept}" if kept else "")


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    # Datasette renders its own pages of errors, which are not shown, without any plugin's variables.
    env.add_extension(OurWords)
    env.globals["t"] = Words(next(iter(LANGUAGES)))
    env.filters.update(FILTERS)


@hookimpl
def extra_css_urls(view_name: str | None, datasette: Datasette) -> list[str]:
    return sheets_of(datasette, view_name)
