"""Chinese full-text search: any run of characters is found, in either script, at any length.

`folding` makes the two scripts one, `bigrams` turns text into index tokens, `query` turns what a person types into
FTS5 and `highlight` shows where it was found; `find` puts them together.
"""

from archive.search.find import Hit, find
from archive.search.query import Query, QueryError, parse

__all__ = ["Hit", "Query", "QueryError", "find", "parse"]
