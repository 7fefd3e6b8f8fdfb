"""转版: an article that begins on one page of an issue (下转3版) and goes on, on another (上接1版), is one article.

Each part is a web page of its own. The notes are taken out of the words and told in `provenance["text"]`, from where
the parts of an issue are joined once all of them are there. Headlines of continuations are often shortened.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from archive.article import Article
from spiders.families.founder_masthead import NUMBER, number_of, page_number

_SIGN = r"(?P<sign>[①-⑳❶-❿]?)"
_ARROWS = "▶►▷→➡↘⇒◀◄◁←⇐★◆▲"
_OPENING, _CLOSING = rf"[（(【\[《〔{_ARROWS}\s]*", rf"[）)】\]》〕{_ARROWS}\s]*"
_QUOTED = r"(?:\s*[《“](?P<title>[^《》“”]{1,60})[》”])?"
_BEGINS = "(?:上接|[紧緊]接)"
# In prose one says 上接第一版的那条消息, too: without a bracket before it, a blank has to stand behind the note.
_ONWARD = re.compile(rf"{_OPENING}下\s?[转轉]\s*{NUMBER}\s*{_SIGN}{_CLOSING}$")
_BACK = re.compile(
    rf"^(?P<opening>{_OPENING[:-1]}+)?{_BEGINS}\s*{NUMBER}\s*{_SIGN}{_QUOTED}(?(opening){_CLOSING}|(?:\s+|$))"
)
_BACK_BEHIND = re.compile(rf"\s*[（(【\[]{_BEGINS}\s*{NUMBER}\s*{_SIGN}{_QUOTED}[）)】\]]$")
_NOTE = 120
"""So many characters at either end of a line are looked at for a note: it is one of a few words."""

_TOLD = re.compile(r"(continuation|beginning) missing \((?:下转|上接)(\w+)版(.?)\)")
_WORDS = re.compile(r"[\u3400-\u9fff\w]+")
_SENTENCE_ENDS = "。！？…：；!?;:”』」）)"

ALIKE = 0.4
"""So much of the shorter headline has to be in the other: headlines of continuations leave words out, or add few."""

MOST_PARTS = 200
"""So many parts of an issue are joined, each being compared with each; those behind them come out alone."""


def mark(article: Article) -> Article:
    """The article without notes of where it goes on or begins; what is missing of it stands in its provenance."""
    lines = article.text.split("\n")
    told: list[str] = []
    title, title_back = _cut_back(article.title)
    kicker, kicker_back = _cut_back(article.kicker)
    backs = [match for match in (title_back, kicker_back) if match]
    for place, line in enumerate(lines[:3]):
        if match := _BACK.match(line[:_NOTE]):
            backs.append(match)
            lines[place] = line[match.end() :].lstrip()
            break
    if backs:
        told.append(f"beginning missing (上接{number_of(backs[0]['number'])}版{backs[0]['sign']})")
        # A continuation without a headline of its own quotes that of the beginning.
        title = title or next((match["title"] for match in backs if match["title"]), None)
    for place in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
        lines[place], onward = _cut_onward(lines[place])
        if onward:
            break
    else:
        title, onward = _cut_onward(title or "")
    if onward:
        told.append(f"continuation missing (下转{number_of(onward['number'])}版{onward['sign']})")
    if not told:
        return article
    rule = article.provenance.get("text")
    provenance = {**article.provenance, "text": ", ".join(filter(None, (rule, *told)))}
    text = "\n".join(line for line in lines if line)
    return replace(article, title=title or None, kicker=kicker or None, text=text, provenance=provenance)


def _cut_onward(line: str) -> tuple[str, re.Match[str] | None]:
    end = line[-_NOTE:]
    match = _ONWARD.search(end) if "版" in end else None
    return (line[: len(line) - len(end) + match.start()].rstrip(), match) if match else (line, None)


def _cut_back(headline: str | None) -> tuple[str | None, re.Match[str] | None]:
    # A headline has a few words; what is longer is none.
    short = headline if headline and len(headline) <= _NOTE else ""
    match = _BACK.match(short) or _BACK_BEHIND.search(short)
    if not headline or not match:
        return headline, None
    return (headline[: match.start()] + headline[match.end() :]).strip(), match


def missing(article: Article) -> dict[str, tuple[str, str]]:
    """What a part lacks, `beginning` or `continuation`, with the number of the page that has it and its sign (①)."""
    return {what: (number, sign) for what, number, sign in _TOLD.findall(article.provenance.get("text", ""))}


def joined(parts: Sequence[Article]) -> Iterator[Article]:
    """The articles that the parts of one issue make; parts whose other part is not there come out alone."""
    after = _pairs(parts[:MOST_PARTS])
    later = set(after.values())
    heads = [place for place in range(len(parts)) if place not in later]
    for head in heads:
        whole, place = parts[head], head
        while place in after:
            place = after[place]
            whole = _join(whole, parts[place])
        yield whole


def _pairs(parts: Sequence[Article]) -> dict[int, int]:
    """Which part goes on in which: the likest headlines first, then what is left over on both pages alone."""
    lacks = [missing(part) for part in parts]
    numbers = [page_number(part.section) for part in parts]
    fitting = [
        (first, then)
        for first, here in enumerate(lacks)
        if "continuation" in here
        for then, there in enumerate(lacks)
        if first != then and "beginning" in there and _fits(here["continuation"], numbers[then])
        if _fits(there["beginning"], numbers[first]) and _same_sign(here["continuation"][1], there["beginning"][1])
    ]
    after: dict[int, int] = {}
    later: set[int] = set()

    def link(first: int, then: int) -> None:
        if first in after or then in later:
            return
        end = then
        while end in after:
            end = after[end]
        if end != first:
            after[first] = then
            later.add(then)

    alike = {(first, then): likeness(parts[first], parts[then]) for first, then in fitting if parts[then].title}
    for (first, then), share in sorted(alike.items(), key=lambda item: -item[1]):
        if share >= ALIKE:
            link(first, then)
    # A continuation without a headline belongs to the only beginning that is left for it.
    open_ends = [pair for pair in fitting if pair not in alike and pair[0] not in after and pair[1] not in later]
    goes_on, begins = Counter(first for first, _ in open_ends), Counter(then for _, then in open_ends)
    for first, then in open_ends:
        if goes_on[first] == begins[then] == 1:
            link(first, then)
    return after


def _fits(wanted: tuple[str, str], number: str | None) -> bool:
    return number is None or wanted[0] == number


def _same_sign(one: str, other: str) -> bool:
    """Where several articles turn to the same page, papers number them: ①, ②."""
    return not one or not other or one == other


def likeness(first: Article, then: Article) -> float:
    """How much of the headline of a continuation is in the headlines of a beginning, 0 to 1, by pairs of characters."""
    whole = _words_in_pairs(" ".join(filter(None, (first.kicker, first.title, first.subtitle))))
    title, short = _words_in_pairs(first.title), _words_in_pairs(then.title)
    # The shorter of the two headlines decides, since a continuation may add its own subtitle.
    least = min(len(short), len(title) or len(short))
    return len(whole & short) / least if least else 0.0


@lru_cache(3 * MOST_PARTS)
def _words_in_pairs(text: str | None) -> frozenset[str]:
    words = "".join(_WORDS.findall(text or ""))
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


def _join(first: Article, then: Article) -> Article:
    """Two parts as one article: headline, section, address and page of the first."""
    rule = re.sub(r"(?:, )?continuation missing \([^)]*\)", "", first.provenance["text"])
    further = missing(then).get("continuation")
    told = [rule, f"joined with {then.url}"]
    if further:
        told.append(f"continuation missing (下转{further[0]}版{further[1]})")
    return replace(
        first,
        text=join_texts(first.text, then.text),
        images=tuple(dict.fromkeys((*first.images, *then.images))),
        attachments=tuple(dict.fromkeys((*first.attachments, *then.attachments))),
        raw_byline=first.raw_byline or then.raw_byline,
        editor=first.editor or then.editor,
        provenance={**first.provenance, "text": ", ".join(filter(None, told))},
    )


def join_texts(first: str, then: str) -> str:
    r"""Two parts of a body; a paragraph that the turn has broken in the middle of a sentence is whole again.

    >>> join_texts("去年以来，园区先后", "谈了四十家企业。\n今年又来了三家。")
    '去年以来，园区先后谈了四十家企业。\n今年又来了三家。'
    >>> join_texts("企业来了。\n一笔账", "账是这样算的。")
    '企业来了。\n一笔账\n账是这样算的。'
    """
    last = first.rpartition("\n")[2].rstrip()
    # A subheading has no full stop either, but neither has it a comma, and it is short.
    broken = bool(last) and last[-1] not in _SENTENCE_ENDS and ("，" in last or len(last) > 30)
    return first + ("" if broken else "\n") + then if first and then else first + then
