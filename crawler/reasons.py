"""Finish reasons of ours, beside those of Scrapy: runs that stopped where they were meant to."""

BUDGET = "budget"
"""It asked for as much as it may."""
QUIET = "quiet"
"""It came into the quiet hours of its site."""

IN_GOOD_ORDER = (BUDGET, QUIET)
"""Nothing is wrong with such a run, and the next crawl goes on from there."""

FULL = "disk_full"
READ_ONLY = "disk_read_only"
FAILING = "disk_failing"

DISK = (FULL, READ_ONLY, FAILING)
"""Nothing could be kept any more."""
