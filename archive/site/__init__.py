"""The archive through Datasette: a plugin that searches Chinese, its templates and style, and the server.

The plugin is this package and not its module, since Datasette looks for `templates/` and `static/` in a package.
"""

from archive.site.imported import leave_out_imported
from archive.site.plugin import (
    asgi_wrapper,
    extra_css_urls,
    extra_template_vars,
    filters_from_request,
    forbidden,
    handle_exception,
    permission_allowed,
    prepare_connection,
    prepare_jinja2_environment,
    register_routes,
    skip_csrf,
)

__all__ = [
    "asgi_wrapper",
    "extra_css_urls",
    "extra_template_vars",
    "filters_from_request",
    "forbidden",
    "handle_exception",
    "leave_out_imported",
    "permission_allowed",
    "prepare_connection",
    "prepare_jinja2_environment",
    "register_routes",
    "skip_csrf",
]
