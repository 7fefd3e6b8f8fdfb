"""The pictures of a body, with what stands below them as their captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from selectolax.lexbor import LexborNode

from archive.article import Image
from spiders.reading.block import Block
from spiders.reading.cutter import Medium
from spiders.reading.lines import Line
from spiders.reading.links import absolute


def captions_apart(lines: Sequence[Line], media: Iterable[Medium]) -> tuple[list[Line], list[Medium]]:
    """The lines without those that describe the picture right above them, and the media with these as captions.

    Most sites have no class for captions; their words tell: 图为…, ▲…, …张三 摄.

    >>> captions_apart([Line("图为签约现场。（张三 摄）"), Line("今年以来，签约项目28个。")], [])[0][0].text
    '今年以来，签约项目28个。'
    """
    media = list(media)
    below = {medium.place for medium in media if medium.picture is not None}
    kept: list[Line] = []
    for line in lines:
        said = len(line.bare) <= LONGEST_CAPTION and not line.linked
        if said and (_CAPTION.match(line.bare) or (line.place in below and _BELOW_PICTURE.search(line.bare))):
            at = next((at for at, medium in enumerate(media) if medium.place > line.place), len(media))
            media.insert(at, Medium(line.place, line.block or Block(""), caption=line.text))
        else:
            kept.append(line)
    return kept, media


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


LONGEST_CAPTION = 120
"""So many characters at most describe a picture."""

_CREDIT = "(?:摄|攝|供图|供圖)[)）]?[。.]?$"
_CAPTION = re.compile(f"^[图圖][为為].*{_CREDIT}")
_BELOW_PICTURE = re.compile(f"^(?:[图圖](?:[为為]|片[说說]明|[一二三四五六七八九十0-9]{{0,2}}[：:])|[▲△↑])|{_CREDIT}")


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
