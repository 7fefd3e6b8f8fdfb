"""Say which region an article is about, and which others it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from scrapy.crawler import Crawler

from archive.article import Article, Mention
from archive.regions import is_known, lineage
from archive.search.folding import fold
from pipelines.homeregion import Home, home_region
from pipelines.placenames import ABBREVIATIONS
from pipelines.places import Place, places


def locate(article: Article, source_region: str | None = None) -> Article:
    """The article with its home region, what that goes by, and the regions it names, most often first.

    The region of its source is a hint only: it settles ambiguous names, and stands in where no place is named.
    """
    headline = " ".join(filter(None, (article.kicker, article.title, article.subtitle, article.original_title)))
    text = f"{headline}\n{article.text}"
    folded = text if article.script == "hans" else fold(text)
    hint, whence = _hint(article.origin, source_region)
    found = _without_persons(places(folded, hint), folded, (*article.authors, *article.speakers))
    home = home_region(folded, found, len(headline), hint)
    if home.code is None and hint:
        home = Home(hint, f"{'no named place outweighs it' if found else 'no place is named'}; {whence}")
    return replace(article, region=home.code, region_evidence=home.evidence, mentions=mentions(text, found))


def _hint(origin: str | None, source_region: str | None) -> tuple[str | None, str]:
    """The region that an article comes from, and what says so: its origin, where that is not a wider one's paper."""
    known = source_region if source_region and is_known(source_region) else None
    code = _paper_of(origin) if origin else None
    if code and not (known and code in lineage(known)):
        return code, f"the origin is {origin}"
    return known, "it is the region of the source"


@lru_cache(1024)
def _paper_of(origin: str) -> str | None:
    """The region that a paper is called after: a place, or a province by its one character (皖中经济报)."""
    folded = fold(origin)
    if found := places(folded):
        return found[-1].code
    province = ABBREVIATIONS.get(folded[:1])
    return f"{province}0000" if province else None


def mentions(text: str, found: Iterable[Place]) -> tuple[Mention, ...]:
    """The regions that a text names, most often first, by the words that the text first has for them."""
    times = Counter(place.code for place in found)
    words: dict[str, str] = {}
    for place in found:
        words.setdefault(place.code, text[place.start : place.end])
    return tuple(Mention(code, words[code], count) for code, count in times.most_common())


def _without_persons(found: list[Place], text: str, persons: tuple[str, ...]) -> list[Place]:
    """The places without those that are parts of the persons' names (严启东)."""
    names = set(map(fold, persons))
    lengths = {len(name) for name in names}
    return [
        place
        for place in found
        if not any(
            text[begin : begin + length] in names
            for length in lengths
            for begin in range(max(0, place.end - length), place.start + 1)
        )
    ]


class LocateStage:
    """Item pipeline. The region of the source is that of the spider's; an import has articles of several."""

    def __init__(self, regions: Mapping[str, str | None] = MappingProxyType({})) -> None:
        self.regions = regions

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LocateStage:
        source = getattr(crawler.spider, "source", None)
        return cls({source.id: source.region} if source else getattr(crawler.spider, "regions", {}))

    def process_item(self, item: Article) -> Article:
        return locate(item, self.regions.get(item.source))
