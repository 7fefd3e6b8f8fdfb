"""Crawls of one source in one process, each at a moment of the test's choosing: settings come in, stats go out.

python steps.py DATA SOURCES ID, then a line of JSON a crawl: {"at": "2024-10-01T00:00:00Z", "AGAIN": true}. With a
"tick" the clock goes on so many seconds whenever it is looked at.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from scrapy.utils.reactor import install_reactor

from archive import article

moments = []
ticks = []


def tell():
    """What the clock says."""
    told = moments[-1]
    moments[-1] += ticks[-1]
    return told


async def crawls():
    # After the clock has been set: the rooms take `utc_now` from there by name.
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler.crawling import settings_for
    from crawler.loader import SourceLoader

    data, sources, name = sys.argv[1:]
    for line in sys.stdin:
        asked = json.loads(line)
        moments.append(datetime.fromisoformat(asked.pop("at")))
        ticks.append(timedelta(seconds=asked.pop("tick", 0)))
        settings = settings_for(Path(data), SOURCES_DIR=sources, **{"BACKOFF_START": 0.05, **asked})
        runner = AsyncCrawlerRunner(settings)
        crawler = runner.create_crawler(SourceLoader.from_settings(settings).load(name))
        await runner.crawl(crawler)
        sys.stdout.write(json.dumps(crawler.stats.get_stats(), default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    article.utc_now = tell
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet.task import react

    react(lambda _: deferred_from_coro(crawls()))
