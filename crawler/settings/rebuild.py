"""Settings for `zhaoshang rebuild`: pages come out of the archive's own WARC files, and nothing is recorded."""

from crawler.settings import replay
from crawler.settings.replay import *  # noqa: F403

DOWNLOADER_MIDDLEWARES = {
    **replay.DOWNLOADER_MIDDLEWARES,
    "crawler.replay.ReplayMiddleware": None,
    "crawler.recording.RecordingMiddleware": None,
    "crawler.rebuilding.RecordedMiddleware": 900,
}
ITEM_PIPELINES = replay.ITEM_PIPELINES | {"crawler.rebuilding.RestoreIdStage": 890}
EXTENSIONS = dict.fromkeys(replay.EXTENSIONS)
