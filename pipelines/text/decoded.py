"""What becomes of bytes that are read, in one charset or in several by turns, and the way back."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.text.exact import Damage, read, write
from pipelines.text.mixed import Stretch


class Part(NamedTuple):
    """A part of a mixed page."""

    start: int
    """Its beginning, in characters of the text."""
    charset: str
    """WHATWG name of the charset it was in."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What became of the bytes."""

    text: str
    """The text, without byte order mark."""
    charset: str
    """WHATWG name of the charset they were in; `gb18030` for all of GB2312, GBK and GB18030, `big5` with HKSCS.
    `euc-tw` and `hz-gb-2312`, too, which browsers have given up. Of a mixed page, the one that most of it is in."""
    evidence: str
    """What decided, and which labels agreed or lied."""
    confidence: float
    """How sure the charset is, 0 to 1; below 0.8 it is a guess."""
    damages: tuple[Damage, ...] = ()
    """Places that could not be decoded: each one U+FFFD in the text, and the bytes that stood there. A U+FFFD of the
    page's own is none of them: another program lost that."""
    variants: tuple[Damage, ...] = ()
    """Places whose bytes were not those that the charset has for the character: the second 十 of Big5."""
    false_labels: tuple[str, ...] = ()
    """The labels that said otherwise, for example `header utf-8`."""
    parts: tuple[Part, ...] = ()
    """The parts of a page in which two charsets are mixed; empty for all others."""
    mark: bytes = b""
    """The byte order mark."""

    @property
    def damaged(self) -> int:
        """How many places could not be decoded."""
        return len(self.damages)


def read_stretches(data: bytes, cut: Sequence[Stretch], evidence: str, confidence: float) -> Decoded:
    """Read every stretch in its charset.

    >>> read_stretches("招商引资".encode("gbk"), [Stretch(0, "gb18030")], "bytes", 0.99).text
    '招商引资'
    """
    texts: list[str] = []
    parts: list[Part] = []
    damages: list[Damage] = []
    variants: list[Damage] = []
    length = 0
    for stretch, end in zip(cut, [*(stretch.start for stretch in cut[1:]), len(data)], strict=True):
        reading = read(data[stretch.start : end], stretch.charset)
        parts.append(Part(length, stretch.charset))
        damages += [Damage(length + start, stood) for start, stood in reading.damages]
        variants += [Damage(length + start, stood) for start, stood in reading.variants]
        texts.append(reading.text)
        length += len(reading.text)
    return Decoded(
        "".join(texts),
        parts[0].charset if len(parts) == 1 else _main(cut, texts),
        evidence,
        confidence,
        tuple(damages),
        tuple(variants),
        parts=tuple(parts) if len(parts) > 1 else (),
    )


def encode(decoded: Decoded) -> bytes:
    r"""The bytes that were decoded.

    Exactly those for UTF-8, GB2312, GBK, GB18030, Big5, EUC-TW and UTF-16, damaged and mixed ones among them, and for
    HZ that closes every ~{. Of other charsets there may be several ways to write the same text. Raises
    UnicodeEncodeError for a text that was changed since, to what the charset cannot hold.

    >>> encode(Decoded("招商�", "gb18030", "bytes", 0.99, (Damage(2, b"\xff"),))).hex()
    'd5d0c9ccff'
    """
    spots = deque(sorted(decoded.damages + decoded.variants))
    parts = decoded.parts or (Part(0, decoded.charset),)
    data = [decoded.mark]
    for part, end in zip(parts, [*(part.start for part in parts[1:]), len(decoded.text)], strict=True):
        within: list[Damage] = []
        while spots and spots[0].start < end:
            spot = spots.popleft()
            within.append(Damage(spot.start - part.start, spot.data))
        data.append(write(decoded.text[part.start : end], part.charset, within))
    return b"".join(data)


def _main(cut: Sequence[Stretch], texts: list[str]) -> str:
    """The charset that most characters beyond ASCII are in."""
    counts: Counter[str] = Counter()
    for stretch, text in zip(cut, texts, strict=True):
        counts[stretch.charset] += sum(char > "\x7f" for char in text)
    return counts.most_common(1)[0][0]
