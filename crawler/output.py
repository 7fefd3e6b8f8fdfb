"""What the commands hand to programs: JSON lines, files that appear only when they are whole."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import click

from archive.article import Article
from spiders import source as registry
from spiders.source import Source


def print_json(rows: Iterable[dict[str, Any]]) -> None:
    """One JSON object a line."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def write_bytes(parts: Iterable[bytes]) -> None:
    """Bytes as they are, nothing added."""
    for part in parts:
        sys.stdout.buffer.write(part)


def source_row(source: Source) -> dict[str, Any]:
    """A source, as `sources list` shows it."""
    return {
        "id": source.id,
        "name": source.name,
        "province": source.province,
        "family": source.family,
        "region": source.region,
        "every": registry.written(source.every),
        "verified": source.verified,
    }


def reading(file: Path, article: Article, refusal: str | None) -> dict[str, Any]:
    """What `read` prints of a page; of one that refuses its article, the cause and nothing read."""
    return {
        "file": str(file),
        "url": article.url,
        "refusal": refusal,
        "charset": article.page.charset,
        "charset_evidence": article.page.charset_evidence,
        "damaged": article.page.damaged,
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "original_title": article.original_title,
        "text": article.text,
        "damage": article.damage,
        "published": article.published,
        "precision": article.published_precision,
        "date_evidence": article.published_evidence,
        "authors": list(article.authors),
        "roles": list(article.roles),
        "speakers": list(article.speakers),
        "origin": article.origin,
        "origin_via": article.origin_via,
        "section": article.section,
        "byline": article.raw_byline,
        "editor": article.editor,
        "raw_origin": article.raw_origin,
        "raw_date": article.raw_date,
        "keywords": list(article.keywords),
        "region": article.region,
        "region_evidence": article.region_evidence,
        "mentions": [asdict(mention) for mention in article.mentions],
        "script": article.script,
        "captions": [image.caption for image in article.images if image.caption],
        "images": [asdict(image) for image in article.images],
        "attachments": [asdict(attachment) for attachment in article.attachments],
        "reading": article.reading,
        "provenance": dict(article.provenance),
        "repairs": [asdict(repair) for repair in article.repairs],
    }


@contextmanager
def target(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears only when it is whole."""
    if path is None:
        yield sys.stdout
        return
    with whole(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write a file that appears under its own name only when it is whole. Raises OSError for a device."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path}: no file, which a whole one could take the place of")
    unfinished = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
