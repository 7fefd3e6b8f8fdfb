"""KEEPS and SHOWS: articles in SQLite, their pages in WARC, Chinese search, exports, the Datasette site."""
