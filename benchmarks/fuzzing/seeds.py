"""Where inputs begin: the golden pages, the cases of the tests, the pages of the sample province, and WARC of those."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.demo.province import build
from spiders import source

TESTS = Path(__file__).parents[2] / "tests"

_EACH = 9
"""Of the pages of the sample province, one in so many."""


class Served(NamedTuple):
    """A page as it was served."""

    url: str
    data: bytes
    header: str
    """Its Content-Type."""
    family: str
    select: dict[str, tuple[str, ...]]
    """The rules of its source."""


@cache
def golden() -> tuple[Served, ...]:
    """The golden pages, each with the rules that it is read by."""
    return tuple(_golden(path) for path in sorted((TESTS / "pages").glob("*.toml")))


def _golden(path: Path) -> Served:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    (page,) = (each for each in path.parent.glob(f"{path.stem}.*") if each.suffix != ".toml")
    real = source.load_named([name])[name] if (name := told.get("source")) else None
    rules = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in told.get("select", {}).items()}
    return Served(
        told["url"],
        page.read_bytes(),
        told.get("header", "text/html; charset=utf-8"),
        real.family if real else told.get("family", "portal"),
        dict(real.select) if real else rules,
    )


@cache
def province() -> tuple[Served, ...]:
    """Some pages of every site of the sample province: articles, lists, feeds, refusals."""
    sources = {each.start[0]: each for each in source.load_all().values() if each.is_sample}
    by_host = {url.split("/")[2]: each for url, each in sources.items()}
    found = []
    for url, answer in list(build().answers.items())[::_EACH]:
        home = by_host.get(url.split("/")[2])
        header = dict(answer.headers).get("Content-Type", "text/html")
        found.append(
            Served(url, answer.body, header, home.family if home else "portal", dict(home.select) if home else {})
        )
    return tuple(found)


@cache
def pages() -> tuple[Served, ...]:
    """All of them."""
    return golden() + tuple(each for each in province() if each.data)


def cases(name: str, *keys: str) -> list[str]:
    """The texts that stand under those keys anywhere in `tests/cases/NAME.toml`."""
    return list(dict.fromkeys(_texts(tomllib.loads((TESTS / f"cases/{name}.toml").read_text(encoding="utf-8")), keys)))


def _texts(value: Any, keys: Sequence[str], key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, keys, name)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, keys, key)
    elif isinstance(value, str) and key in keys:
        yield value


@cache
def encoded() -> tuple[bytes, ...]:
    """Short texts in every charset that is read, with and without a mark, and in two by turns."""
    texts = cases("charset", "text") + [each.data.decode("utf-8", "ignore")[2000:2600] for each in golden()[::6]]
    codecs = ("utf-8-sig", "gb18030", "gbk", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be", "hz", "euc_jp", "cp1252")
    found = [text.encode(codec, "ignore") for text in texts for codec in codecs]
    return tuple(filter(None, found + [one + other for one, other in zip(found, found[7:], strict=False)][::5]))


@cache
def warcs(*, packed: bool) -> tuple[bytes, ...]:
    """WARC files of a few records of every kind, as crawlers write them."""
    return tuple(_warc(Random(number), packed=packed) for number in range(6))


def _warc(random: Random, *, packed: bool) -> bytes:
    file = BytesIO()
    writer = WARCWriter(file, gzip=packed, warc_version=random.choice(("WARC/1.0", "WARC/1.1")))
    records = [writer.create_warcinfo_record("a.warc.gz", {"software": "fuzz"})]
    for served in random.sample(province(), 8):
        body, headers = served.data, [("Content-Type", served.header)]
        match random.randrange(4):
            case 0:
                body, headers = gzip.compress(body, mtime=0), [*headers, ("Content-Encoding", "gzip")]
            case 1:
                half = len(body) // 2
                chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part)
                body, headers = chunks + b"0\r\n\r\n", [*headers, ("Transfer-Encoding", "chunked")]
            case _:
                pass
        kind = random.choice(("response", "response", "response", "resource"))
        line = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if kind == "response" else None
        record = writer.create_warc_record(
            served.url, kind, payload=BytesIO(body), length=len(body), http_headers=line,
            warc_content_type=served.header if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": "2024-09-04T00:05:00Z"},
        )  # fmt: skip
        records.append(record)
        if kind == "response":
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)
            records.append(writer.create_warc_record(served.url, "request", http_headers=asked))
            digest = f"sha1:{'A' * 32}"
            records.append(writer.create_revisit_record(served.url, digest, served.url, "2024-09-04T00:05:00Z", line))
    for number, record in enumerate(records):
        # The same bytes at any time.
        record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{UUID(int=number)}>")
        record.rec_headers.replace_header("WARC-Date", "2024-09-04T00:05:00Z")
        writer.write_record(record)
    return file.getvalue()
