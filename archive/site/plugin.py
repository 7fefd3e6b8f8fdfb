"""Datasette plugin: the table page's own search box, its JSON and its CSV find Chinese.

Installed as an entry point, so every `datasette` of this environment has it; databases without our index are left as
they are.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import Request, Response
from jinja2 import Environment

from archive import regions
from archive.database import register_functions
from archive.search.find import where
from archive.search.query import QueryError, parse
from archive.site import errors
from archive.site.headers import App, with_headers
from archive.site.language import LANGUAGES, Words, language_of
from archive.site.marking import highlighter
from archive.site.routes import ROUTES
from archive.site.telling import told
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
def permission_allowed(datasette: Datasette, actor: Any, action: str, resource: Any) -> bool | None:
    """The indexes of words and of copies, counts and the list of migrations are nobody's business.

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
    return table.startswith((INDEX, "fingerprint", "search_facts", "tallies", "_sqlite_migrations", "sqlite_"))


@hookimpl
def extra_template_vars(request: Request | None, datasette: Datasette) -> dict[str, Any]:
    """The words of the page's language."""
    return in_language(request, datasette)


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
    env.filters["visible"] = visible
    env.filters["region"] = region
    env.filters["told"] = told


@hookimpl
def extra_css_urls(view_name: str | None, datasette: Datasette) -> list[str]:
    """`site.css` everywhere, and on a page of our own the sheet of its name where there is one."""
    sheets = ["site.css", f"{view_name}.css"]
    return [datasette.urls.static_plugins("zhaoshang", each) for each in sheets if (STATIC / each).is_file()]


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
