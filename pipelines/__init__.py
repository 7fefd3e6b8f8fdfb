"""REPAIRS and JUDGES: what happens to an article between reading and keeping, one verb a file.

Each stage is a pure function and a Scrapy item pipeline of a few lines; their order stands in `crawler/settings`.
"""
