"""What a visitor is told where a page cannot be shown: in one sentence, with the status that says the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import BadRequest, Base400, Request, Response
from markupsafe import Markup

from archive.site.language import Words, language_of

if TYPE_CHECKING:
    from datasette.app import Datasette

_log = logging.getLogger(__name__)


class Refused(BadRequest):
    """A request that cannot be answered, and why: a page says it in its own language, JSON in English."""

    def __init__(self, key: str, /, **values: Any) -> None:
        super().__init__(Words("en")(key, **values).unescape())
        self.key = key
        self.values = values

    def told(self, t: Words) -> Markup:
        """The sentence in the words of a language."""
        return t(self.key, **self.values)


async def answer(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """The answer to a request that failed. What is not the visitor's fault is logged, and says nothing of our code."""
    status = int(getattr(exception, "status", 500))
    told = isinstance(exception, Base400) or status < 500
    message = getattr(exception, "message", None) or (str(exception.args[0]) if exception.args else "")
    if not told:
        _log.error("%s failed", request.path, exc_info=exception)
        message = "internal error"
    context: dict[str, Any] = {"status": status, "error": message}
    if request.path.endswith(".json"):
        failed: Response = Response.json({"ok": False, "title": None, **context}, status=status)
    else:
        if isinstance(exception, Refused):
            context["refused"] = exception.told(Words(language_of(request)))
        body = await datasette.render_template("error.html", context, request=request, view_name="error")
        failed = Response.html(body, status=status)
    return failed
