"""Restoring Chinese text: pure functions, bytes or str in, str and a record out, without Scrapy and archive."""
