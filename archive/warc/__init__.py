"""WARC 1.1 (ISO 28500), written and read: what came in, byte for byte."""

from archive.warc.reading import Headers, Raw, Record, WarcError, iterate, payload_digest, raw, read
from archive.warc.writing import Request, WarcFile

__all__ = ["Headers", "Raw", "Record", "Request", "WarcError", "WarcFile", "iterate", "payload_digest", "raw", "read"]
