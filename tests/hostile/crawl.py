"""Crawl some sources in one process: their outcomes go out as a line of JSON, with the most memory that it took.

python crawl.py DATA SOURCES ID,ID '{"SETTING": value}'
"""

import json
import resource
import sys
from pathlib import Path

from rich.console import Console

from crawler import progress
from crawler.crawling import crawl, settings_for

if __name__ == "__main__":
    data, sources, names, more = sys.argv[1:]
    settings = settings_for(Path(data), SOURCES_DIR=sources, **json.loads(more))
    outcomes = crawl(names.split(","), settings, progress.bars(Console(stderr=True, quiet=True)))
    told = {each.source: {"reason": each.reason, "finding": each.finding, "stats": each.stats} for each in outcomes}
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({"sources": told, "megabytes": kilobytes // 1024}, default=str))
