"""All that is fuzzed, by name."""

from __future__ import annotations

from functools import partial

from benchmarks.fuzzing import importing, naming, reading, repairing, searching
from benchmarks.fuzzing.target import Target
from spiders.families import REGISTRY

TARGETS = {
    "decoding": Target(repairing.files, repairing.decodes),
    "reading again": Target(repairing.files, repairing.rereads),
    "repairing": Target(repairing.files, repairing.repairs),
    "undoing": Target(repairing.records, repairing.undoes),
    **{f"reading, {family}": Target(reading.pages, partial(reading.reads, family)) for family in REGISTRY},
    "warc": Target(importing.plain, importing.loads),
    "warc, packed": Target(importing.packed, importing.loads_packed),
    "warc, torn": Target(importing.Torn, importing.loads_torn),
    "feeds": Target(naming.feeds, naming.reads_feed),
    "addresses": Target(naming.addresses, naming.knows_address),
    "source files": Target(naming.sources, naming.loads_source),
    "queries": Target(searching.queries, searching.answers),
}
