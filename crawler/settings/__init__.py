"""Settings of this machine. `replay` and others are star-imports of these with what differs."""

import os
from importlib.metadata import version

BOT_NAME = "zhaoshang"
USER_AGENT = f"zhaoshang/{version('zhaoshang')} (archive of regional news)"

SPIDER_LOADER_CLASS = "crawler.loader.SourceLoader"
SPIDER_MODULES: list[str] = []

DATA_DIR = os.environ.get("ZHAOSHANG_DATA", "data")
"""Where archive.db, warc/, jobs/ and exports/ lie."""

SITE_HOST = "127.0.0.1"
SITE_PORT = 8001

# What happens to an article between reading and keeping, in this order.
READING_STAGES = {
    "pipelines.repair.RepairStage": 100,
    "pipelines.describe.DescribeStage": 200,
    "pipelines.locate.LocateStage": 300,
}
KEEPING_STAGES = {
    "pipelines.check.CheckStage": 500,
    "pipelines.deduplicate.DeduplicateStage": 700,
    "pipelines.store.StoreStage": 900,
}
ITEM_PIPELINES = {"pipelines.recall.RecallStage": 50} | READING_STAGES | KEEPING_STAGES

# Higher numbers are nearer to the network. Recording sees every response before redirects and retries swallow it, and
# what has not changed goes on from there without being decoded;
# decoding comes after decompression (590) and before scripts (583) and meta refreshes (580) are followed.
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "crawler.forwarding.ForwardingMiddleware": 583,
    "crawler.decode.DecodeMiddleware": 585,
    "crawler.demo.proxy.SampleProxyMiddleware": 740,
    "crawler.again.AgainMiddleware": 790,
    "crawler.recording.RecordingMiddleware": 800,
}
EXTENSIONS = {
    "crawler.health.RunExtension": 10,
    "scrapy.extensions.telnet.TelnetConsole": None,
}

# One page under ten addresses is asked for once.
DUPEFILTER_CLASS = "crawler.dupefilter.AddressDupeFilter"
ROBOTSTXT_OBEY = True
# No site of ours needs them, and Scrapy's way with them fetches and keeps a list of domains outside our folders.
COOKIES_ENABLED = False
# A source's [polite] table overrides these two.
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
RETRY_TIMES = 3
# Browsers follow these at once; longer ones are pages that reload themselves.
METAREFRESH_MAXDELAY = 5

# Scrapy 2.19 would open a control endpoint on localhost.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

RECHECK = ((1, 0.25), (7, 1), (30, 7), (365, 30), (float("inf"), 182))
"""Up to so many days after it came out, an article is asked for again every so many days."""
RECHECK_LIMIT = 500
"""At most so many articles that no list shows any more are asked for in a run."""
GONE_AFTER = 1.0
"""Days between two answers that an article is missing, by which it is gone."""

LOG_LEVEL = "INFO"
