"""What the sample sites answer, and how a template becomes one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response, without the headers that the server itself adds (Content-Length, Date)."""

    status: int
    """HTTP status."""
    headers: tuple[tuple[str, str], ...]
    """Header fields in order."""
    body: bytes
    """The body, in whatever charset the site writes."""
    gzip: bool = False
    """Whether the server compresses it for clients that accept gzip."""
    form: bytes | None = None
    """What has to be posted for it; None where it is got."""
    fails_first: bool = False
    """Whether the server answers 503 to the first request for it."""


def page(
    template: str,
    codec: str,
    *,
    content_type: str = "text/html",
    gzip: bool = False,
    status: int = 200,
    **values: object,
) -> Answer:
    """A page from `templates/`, its bytes in `codec` (a name of Python's), its label whatever `content_type` claims.

    Raises UnicodeEncodeError for a character that the charset does not hold.
    """
    html = _TEMPLATES.get_template(template).render(**values)
    return Answer(status, (("Content-Type", content_type),), html.encode(codec), gzip)


def moved(target: str, status: int = 301) -> Answer:
    """A redirect to an absolute address.

    >>> moved("http://a.example/b").headers
    (('Location', 'http://a.example/b'), ('Content-Type', 'text/html'))
    """
    return Answer(status, (("Location", target), ("Content-Type", "text/html")), b"")


def gone(status: int) -> Answer:
    """What a site says of a page that is not there, with whatever status: 404, 410, 200."""
    text = "您访问的页面已被删除或从未存在。"
    html = "text/html; charset=utf-8"
    return page("notice.html", "utf-8", status=status, content_type=html, title="页面没有找到", text=text)


def plain(text: str) -> Answer:
    """A plain text file such as robots.txt, UTF-8."""
    return Answer(200, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())
