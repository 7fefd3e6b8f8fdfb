"""聚訊網, a mirror that copies articles, makes them traditional and spoils most of them; it writes UTF-8.

It takes over title, text, names and origin, but neither kicker nor subtitle nor pictures, and dates a copy by the day
on which it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from crawler.demo.answer import Answer, page, plain
from crawler.demo.pollute import Fold, fits_gbk, fold, pollute, traditional
from crawler.demo.sample import Block, SampleArticle
from crawler.demo.sites import hongan, jinhe
from crawler.demo.sites.shared import beside, link, list_pages
from crawler.demo.truth import Listed, iso, truth

SOURCE = "juxun"
_HOST = "http://www.juxun.example"
START = f"{_HOST}/list/1.html"
_SECTION = "招商資訊"
_KEYWORDS = ("招商引資", "產業園區", "投資資訊")
_FROM_HONGAN, _FROM_JINHE = 40, 10
_SLIPPED, _ONLY_CONVERTED = 10, 5

ANNOTATED = (
    "報優業產務進發個項環實設經網會區動協創關開時點鎮責聯權領長鄉濟導來過轉質調現戰隊達車規結對學團類絡級穩礎"
    "當機構數專驗陽醫運負認詢見衛號臺續線統準標擴據戶應態強場內請績際術財資貿價億萬餘選連還聽電廠鏈錄邊議訂談"
    "評試話該說課論紅約維總縣熱爾獎獲壓廣"
)
"""The characters that get a reading, in the order of the mirror's list: the order decides which annotations break."""

_page = partial(page, codec="utf-8", content_type="text/html; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Treatment:
    """What becomes of one copy."""

    annotated: str = ""
    """The characters that get a reading."""
    slips: bool = False
    """Whether lead bytes are lost."""
    folded: Fold | None = None
    """Whether and when its punctuation becomes ASCII."""

    def spoil(self, text: str) -> str:
        """A simplified text as the mirror shows it."""
        return pollute(text, annotated=self.annotated, slips=self.slips, folded=self.folded)

    def convert(self, text: str) -> str:
        """The same text without its faults, in the same script and punctuation."""
        return fold(traditional(text)) if self.folded else traditional(text)


def listed(articles: Iterable[SampleArticle]) -> tuple[Listed, ...]:
    """What the mirror shows, newest first."""
    copied = _copied(tuple(articles))
    copies = [
        _copy(original, number, treatment)
        for number, (original, treatment) in enumerate(zip(copied, _treatments(copied), strict=True), 1)
    ]
    return tuple(sorted(copies, key=lambda item: (item.truth.published or "", item.truth.url), reverse=True))


def pages(listed: Sequence[Listed]) -> Iterator[tuple[str, Answer]]:
    """Every address of the mirror with its answer."""
    yield f"{_HOST}/robots.txt", plain("User-agent: *\nDisallow:\n")
    for part in list_pages(map(link, listed), _list_address, 20):
        yield part.url, _page("juxun_list.html", part=part)
    for place, (article, found) in enumerate(listed):
        yield (
            found.url,
            _page(
                "juxun_article.html",
                truth=found,
                blocks=tuple(_spoiled_blocks(article, found.text)),
                time_label=pollute("时间", annotated=ANNOTATED if found.polluted else ""),
                related=beside(listed, place, 6),
                hot=beside(listed, place, 8, step=7),
            ),
        )


def _copied(articles: Sequence[SampleArticle]) -> list[Listed]:
    """The articles that the mirror copies: those of two sites that GBK can hold in traditional characters."""

    def holdable(items: Iterable[Listed]) -> list[Listed]:
        return [item for item in items if fits_gbk(f"{item.truth.title}\n{item.truth.text}")]

    own = [article for article in articles if article.is_own]
    portal, channel = holdable(hongan.listed(own)), holdable(jinhe.listed(own))
    return portal[::2][:_FROM_HONGAN] + channel[4::7][:_FROM_JINHE]


def _treatments(copied: Sequence[Listed]) -> list[Treatment]:
    """One treatment a copy. Lead bytes are lost where there are any to lose; most of the others are annotated."""
    can_slip = [place for place, item in enumerate(copied) if "。”" in item.truth.text or "。“" in item.truth.text]
    slipped = set(can_slip[::2][:_SLIPPED])
    others = [place for place in range(len(copied)) if place not in slipped]
    converted = set(others[:: len(others) // _ONLY_CONVERTED][:_ONLY_CONVERTED])
    folds: tuple[Fold | None, ...] = ("first", None, "last")
    return [
        Treatment()
        if place in converted
        else Treatment("" if place in slipped else ANNOTATED, place in slipped, folds[place % len(folds)])
        for place in range(len(copied))
    ]


def _copy(original: Listed, number: int, treatment: Treatment) -> Listed:
    article = original.article
    day = article.published + timedelta(days=1 + number % 9)
    url = f"{_HOST}/zixun/{20_000 + 13 * number}.html"
    found = truth(article, source=SOURCE, url=url, charset="utf-8", roles=("作者", "作者"))
    return Listed(
        article,
        replace(
            found,
            title=treatment.spoil(article.title),
            kicker=None,
            subtitle=None,
            original_title=None,
            text=treatment.spoil(article.text),
            published=iso(day, "day"),
            precision="day",
            authors=tuple(map(traditional, article.writers)),
            origin=traditional(article.origin),
            editor=None,
            section=_SECTION,
            keywords=_KEYWORDS,
            captions=(),
            polluted=treatment != Treatment(),
            clean_title=treatment.convert(article.title),
            clean_text=treatment.convert(article.text),
            reprint_of=original.truth.url,
            kind="script",
        ),
    )


def _spoiled_blocks(article: SampleArticle, spoiled: str) -> Iterator[Block]:
    """The pieces of a copy: the spoiled text, cut as the original is."""
    lines = iter(spoiled.split("\n"))
    for block in article.body:
        if block.kind == "table":
            yield Block("table", rows=tuple(tuple(next(lines).split(" | ")) for _ in block.rows))
        else:
            yield Block(block.kind, next(lines))


def _list_address(number: int) -> str:
    return f"{_HOST}/list/{number}.html"
