"""What a visitor is told where a page cannot be shown: in one sentence, with the status that says the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Base400, Request, Response

if TYPE_CHECKING:
    from datasette.app import Datasette

_log = logging.getLogger(__name__)


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
        body = await datasette.render_template("error.html", context, request=request, view_name="error")
        failed = Response.html(body, status=status)
    return failed
