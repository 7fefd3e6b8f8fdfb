"""Settings of this machine. `replay` and others are star-imports of these with what differs."""

import os

from crawler import contact

BOT_NAME = "zhaoshang"
USER_AGENT = contact.user_agent()
ROBOTSTXT_USER_AGENT = BOT_NAME
"""By which rules of a robots.txt we go: those for our name, not those for any word in the contact."""

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
BEFORE_READING = {"pipelines.forgotten.ForgottenStage": 40, "pipelines.recall.RecallStage": 50}
ITEM_PIPELINES = BEFORE_READING | READING_STAGES | KEEPING_STAGES

# Higher numbers are nearer to the network. Recording sees every response before redirects and retries swallow it, and
# what has not changed goes on from there without being decoded;
# decoding comes after decompression (590) and before scripts (583) and meta refreshes (580) are followed.
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "crawler.forgotten.ForgottenMiddleware": 30,
    "crawler.stopping.StoppingMiddleware": 40,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.outward.OutwardMiddleware": 50,
    "crawler.robots.RobotsMiddleware": 540,
    "crawler.forwarding.ForwardingMiddleware": 583,
    "crawler.torn.TornMiddleware": 584,
    "crawler.decode.DecodeMiddleware": 585,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.unpacking.UnpackingMiddleware": 590,
    "crawler.demo.proxy.SampleProxyMiddleware": 740,
    "crawler.again.AgainMiddleware": 790,
    "crawler.pace.PaceMiddleware": 795,
    "crawler.recording.RecordingMiddleware": 800,
}
# Looks where it goes. What pages link to is of the web, or it is not asked for.
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawler.connecting.ConnectingHandler",
    "https": "crawler.connecting.ConnectingHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
# Tells what it could not keep.
DOWNLOADER = "crawler.disk.WatchedDownloader"
EXTENSIONS = {
    "crawler.alone.AloneExtension": -10,
    "crawler.credentials.CredentialsExtension": 6,
    "crawler.disk.DiskExtension": 6,
    "crawler.mending.MendingExtension": 7,
    "crawler.clock.ClockExtension": 8,
    "crawler.health.RunExtension": 10,
    "scrapy.extensions.telnet.TelnetConsole": None,
}

# One page under ten addresses is asked for once.
DUPEFILTER_CLASS = "crawler.dupefilter.AddressDupeFilter"
ROBOTSTXT_OBEY = True
# No site of ours needs them, and Scrapy's way with them fetches and keeps a list of domains outside our folders.
COOKIES_ENABLED = False
# A source's [polite] table overrides these three.
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
REQUEST_BUDGET = 5000
"""At most so many requests in a run of a source; the next crawl goes on from there. 0 is no limit."""
# A host that takes long to answer is asked less often; loader.py leaves it out where a source has no delay at all.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = DOWNLOAD_DELAY
AUTOTHROTTLE_MAX_DELAY = 60.0
CRAWL_DELAY_MAX = 60.0
"""At most so many seconds between two requests, where a robots.txt asks for more by Crawl-delay; then it is said."""
BACKOFF_START = 10.0
"""Seconds for which a host is left alone that says it is busy (429, 503) and not how long; then twice as long."""
BACKOFF_MAX = 300.0
"""Seconds that are waited at most; a host that wants longer is left alone for the rest of the run."""
BACKOFF_TIMES = 5
"""A host that is busy so many times in a row is left alone for the rest of the run."""
DOWNLOAD_TIMEOUT = 60
"""Seconds for the whole of a response, not only between two bytes of it."""
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
"""Bytes as received: a larger body is broken off, and not kept."""
HEAD_MAXSIZE = 256 * 1024
"""Bytes of the status line and headers of a response."""
READ_MAXSIZE = 16 * 1024 * 1024
"""Bytes after unpacking: what is larger is kept and not read, which would take longer than the seconds a page may."""
ROBOTSTXT_MAXSIZE = 512 * 1024
"""Bytes of a robots.txt that are read; the standard asks for 500 KiB."""
# What broke off is seen by crawler.torn.
DOWNLOAD_FAIL_ON_DATALOSS = False
DEPTH_LIMIT = 5000
"""Links, or list pages, behind one another: an endless calendar ends there, ten years of daily issues do not."""
WARC_MAXSIZE = 1_000_000_000
"""Bytes at which a run begins another WARC file."""
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
LOG_FORMATTER = "crawler.logged.AddressLogFormatter"
"""Articles are told by their address."""
