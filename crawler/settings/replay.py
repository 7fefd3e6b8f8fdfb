"""Settings for `zhaoshang import`: pages come from files, nothing goes out to the network."""

from crawler import settings
from crawler.settings import *  # noqa: F403

DOWNLOADER_MIDDLEWARES = {
    **settings.DOWNLOADER_MIDDLEWARES,
    "crawler.replay.ReplayMiddleware": 900,
    "crawler.stopping.StoppingMiddleware": None,
    "crawler.pace.PaceMiddleware": None,
    "crawler.again.AgainMiddleware": None,
    "crawler.forwarding.ForwardingMiddleware": None,
    "crawler.outward.OutwardMiddleware": None,
    "crawler.robots.RobotsMiddleware": None,
    "crawler.torn.TornMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
}
ROBOTSTXT_OBEY = False
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
CONCURRENT_REQUESTS = 1
# A Chinese file name is nine characters a syllable in its `file:` address: there is no page to be trapped in.
URLLENGTH_LIMIT = 0
