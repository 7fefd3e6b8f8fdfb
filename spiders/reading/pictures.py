"""The pictures of a body, with what stands below them as their captions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from selectolax.lexbor import LexborNode

from archive.article import Image
from spiders.reading.cutter import Medium
from spiders.reading.links import absolute


def images_of(media: Iterable[Medium], base: str) -> tuple[Image, ...]:
    """Pictures and captions, made images: a run of captions describes as many pictures directly before it.

    `base` is the address that the pictures' start from.
    """
    images: list[Image] = []
    pictures: list[Image] = []
    for is_caption, run in groupby(_found(media, base), key=lambda image: image.url is None):
        if is_caption:
            images += _described(pictures, list(run))
            pictures = []
        else:
            pictures = list(run)
    return (*images, *pictures)


def _found(media: Iterable[Medium], base: str) -> Iterator[Image]:
    for medium in media:
        if medium.picture is None:
            yield Image(None, medium.caption)
        elif url := _address(medium.picture, base):
            yield Image(url)


def _address(picture: LexborNode, base: str) -> str | None:
    """The absolute address of an `img`: templates that load pictures late keep it beside `src`."""
    attributes = picture.attributes
    return absolute(base, attributes.get("data-original") or attributes.get("data-src") or attributes.get("src"))


def _described(pictures: Sequence[Image], captions: Sequence[Image]) -> Iterator[Image]:
    """The last pictures of a run with the captions below it; captions without a picture stay alone."""
    bare_ones = max(len(pictures) - len(captions), 0)
    yield from pictures[:bare_ones]
    for picture, caption in zip_longest(pictures[bare_ones:], captions, fillvalue=Image(None)):
        yield Image(picture.url, caption.caption)
