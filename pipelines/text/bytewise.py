"""Find the bytes that a mirror spoiled: the most likely Chinese that its faults turn into what stands on the page.

A mirror keeps a text in GBK, injects readings into the bytes, loses the first byte of `。“` and `。”`, and reads the
result pair by pair. What it reads is out of step with the text from each such place on, until an ASCII byte brings it
back. Here every way in which the bytes can have come about is followed side by side (a beam search), each weighed by
how fluent its text is; that nothing is wrong is one of the ways.

`?` stands for a pair that is no character, and with it for up to two bytes that are gone. U+FFFD is read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.text.fluency import UNHEARD_OF, step
from pipelines.text.gbk import bytes_of, pairs
from pipelines.text.mirror import Mirror
from pipelines.text.readings import READING, reads
from pipelines.text.script import only_simplified
from pipelines.text.ways import BEHIND, BETWEEN, HOPELESS, Found, Way, best, tail_of

LOST = "\ufffd"

LONGEST = 300
"""So many characters are followed from one fault on; the runs on real pages end after 5 to 40."""

AHEAD = 3
"""So many characters behind a run tell whether what stands before them fits."""

SLIP = 0xA1
"""The byte that is lost: the first of `。` (A1A3), where A1B0 or A1B1 follows."""

_EVENT_COST = -4.0
"""What speaks against a fault's having happened just here."""
_GONE_COST = -3.0
"""What speaks against a pair's having fallen out."""
_ALTERED_COST = -3.0
"""What speaks against a byte's having become another one."""
_DOUBTFUL = -11.5
"""A character less likely than this is told as a guess."""
_LOST_COST = -4.0
"""What speaks against an ASCII character's having been lost."""
_UNKNOWN_COST = -9.0
"""What speaks against a character's having been none that one would think of."""
_DAMAGE_COST = -6.0
"""What speaks against a lone U+FFFD's standing for a byte that slipped."""
_NOT_ANNOTATED = -6.0
"""What speaks against a character's standing without the reading that it has everywhere else on the page."""
_WORTH = 9.0
"""Ways that are so much less likely than the best one are not asked whether something is gone."""
_POOR = -8.5
"""A character less likely than this behind the one before it asks whether a pair fell out between them."""

MARGIN = 3.0
"""By so much, in nats, a way must be more likely than that nothing is wrong; by less where the page shows other faults
of the kind."""

_MARGIN_SPOILED = 0.0
_MIXED_COST = -3.0
"""What speaks against `?！` having been written so, an ASCII and a full-width sign side by side."""


_BROKEN = re.compile(rf"[?{LOST}]\(?({READING})\)(?:\(\1\))*")
_READING = re.compile(rf"\(({READING})\)(?:\(\1\))*")
_QUOTES = "“”"
_QUOTE_BYTES = ((0xB0, "“"), (0xB1, "”"))
_MARKS = frozenset(f"?{LOST}")
_FIRST = frozenset("！!")
_END_TAG = re.compile(r"/(?:p|div|span|strong|td|li|h[1-6])>")
_READINGS_AT_END = re.compile(rf"(?:\({READING}\))+$")


def follow(text: str, start: int, before: str, mirror: Mirror) -> tuple[tuple[Found, ...], int]:
    """The stretches to put right from a fault on, and the place up to which the text has been looked at.

    `before` is the line up to the fault, as far as it is restored by now.

    >>> text = "益陽日?qǐng)?bào)消息"
    >>> follow(text, 3, "益陽日", Mirror(text))[0][0][:3]
    (3, 14, '報')
    """
    return _Search(text, start, before, mirror).run()


class _Search:
    """The search from one fault to the end of its run."""

    def __init__(self, text: str, start: int, before: str, mirror: Mirror) -> None:
        self.text = text
        self.start = start
        self.before = _READINGS_AT_END.sub("", before)[-1:]
        self.mirror = mirror
        self.fold = mirror.fold
        line_end = text.find("\n", start, start + LONGEST)
        self.end = line_end if line_end >= 0 else min(len(text), start + LONGEST)
        self.cut = line_end < 0 and self.end < len(text)
        self.quote = "”" if before.count("“") > before.count("”") else "“"
        self.likeliest = 0.0

    def run(self) -> tuple[tuple[Found, ...], int]:
        first = Way(0.0, 0, tail_of(self.before), self.before.translate(self.fold), -1, "", 0, "", ())
        ways, place, calm = [first], self.start, 0
        while place < self.end and calm <= AHEAD:
            event, reading, end = self._token(place)
            ways = best([after for way in ways for after in self._after(way, place, event, reading, end)])
            self.likeliest = max(way.score for way in ways)
            place = end
            calm = 0 if event != "char" or any(way.pending for way in ways) else calm + 1
        if place >= self.end:
            ways = [way for way in ways if not way.pending] if self.cut else [self._ended(way) for way in ways]
        chosen = max(ways, key=lambda way: way.score)
        untouched = max((way.score for way in ways if way.untouched), default=float("-inf"))
        margin = chosen.score - untouched
        if margin < (_MARGIN_SPOILED if self.mirror.spoiled else MARGIN) or not self._tells(chosen.found):
            return (), place
        return tuple(found._replace(margin=margin) for found in chosen.found), place

    def _tells(self, found: tuple[Found, ...]) -> bool:
        """Whether stretches are more than signs: `?！?` alone may be an outcry, unless a quotation waits to end."""
        if self.mirror.spoiled or any("\u3400" <= char <= "\u9fff" for each in found for char in each.text):
            return True
        behind = self.text[found[0].end : found[0].end + 1] if found else ""
        unfolded = found and "！" in self.text[found[0].start : found[0].end]
        return self.quote == "”" and behind not in tuple("”！!？?") and (bool(unfolded) or behind in ("", "\n"))

    def _token(self, place: int) -> tuple[str, str, int]:
        for kind, pattern in (("broken", _BROKEN), ("reading", _READING)):
            if match := pattern.match(self.text, place, self.end):
                return kind, match[1], match.end()
        return ("mark" if self.text[place] in _MARKS else "char"), "", place + 1

    def _after(self, way: Way, place: int, event: str, reading: str, end: int) -> Iterator[Way]:
        annotated = pairs().get(way.tail, "")
        if event == "reading" and reads(annotated, reading):
            yield way._replace(apart=BEHIND)
            return
        if way.start >= 0 and not way.apart and annotated in self.mirror.listed:
            way = way._replace(score=way.score + _NOT_ANNOTATED)
        if not way.pending:
            yield self._literal(way, place, end)
        match event:
            case "char":
                yield from self._char(way, place)
            case "mark":
                yield from self._mark(way, place)
            case "broken":
                yield from self._broken(way, place, end, reading)

    def _literal(self, way: Way, place: int, end: int) -> Way:
        """The way on which what stands there is what was meant."""
        chars = self.text[place:end]
        score, last = way.score, way.last
        for char in chars.translate(self.fold):
            score += step(last, char)
            last = char
        if self.mirror.spoiled and chars in _MARKS and self.text[end : end + 1] == "！":
            score += _MIXED_COST
        return way._replace(score=score, tail=tail_of(chars[-1]), last=last, apart=0)

    def _char(self, way: Way, place: int) -> Iterator[Way]:
        char = self.text[place]
        # Windows reads a lone 80 as the euro sign.
        data = b"\x80" if char == "€" else bytes_of(char)
        if not way.pending or data is None:
            return
        straight = self._fed(way, data, place + 1)
        if straight is not None:
            yield straight
        if "!" <= char <= "~":
            # Folded afterwards: `！` was A3A1 and is now an ASCII exclamation mark.
            folded = self._fed(way, bytes((0xA3, ord(char) + 0x80)), place + 1)
            if folded is not None:
                yield folded
        poor = straight is None or straight.score < way.score + _POOR
        if poor and self.mirror.drops and way.score > self.likeliest - _WORTH:
            for between in self._pair_gone(way, data[0]):
                fed = self._fed(between, data, place + 1)
                if fed is not None:
                    yield fed
            if self.mirror.hant and pairs().get((way.pending, data[0])) in only_simplified():
                yield from self._altered(way, data)

    def _mark(self, way: Way, place: int) -> Iterator[Way]:
        following = self.text[place + 1 : min(place + 2, self.end)]
        if not way.pending:
            if following in _FIRST:
                yield self._slipped(way, place)
            return
        folded = self._fed(way, b"\xa3\xbf", place + 1) if self.text[place] == "?" else None
        if folded is not None:
            yield folded
        tag = _END_TAG.match(self.text, place + 1)
        for byte, char, guess in self._guesses(way):
            if char == "“" and (tag or not following):
                continue
            if following in _FIRST:
                # The byte before the lost one went with it into a pair that is no character.
                yield guess._replace(pending=SLIP, tail=(byte, SLIP), score=guess.score + _EVENT_COST)
            if not following or (self.text[place] == LOST and following < "\x80"):
                yield guess.in_step(place + 1)
            elif tag:
                yield self._with_end_tag(guess, tag).in_step(tag.end())
            else:
                yield self._lost(guess).in_step(place + 1)
        yield from self._mark_is_a_pair(way, place, following)

    def _mark_is_a_pair(self, way: Way, place: int, following: str) -> Iterator[Way]:
        """Ways in which a mark stands for the end of one character and the beginning of the next."""
        if broken := _BROKEN.match(self.text, place + 1, self.end):
            # Two halves side by side: 個項 with a reading in each is `?zǒng)??xiàng)`.
            for score, byte, char, lead in self.mirror.before_reading(way.last, way.pending, broken[1]):
                said = self._said(way, char, score + _GONE_COST)
                yield said._replace(pending=lead, tail=(byte, lead), guessed=way.guessed + char)
        if following and following not in _MARKS and (data := bytes_of(following)):
            yield from self._pair_gone(way, data[0])

    def _slipped(self, way: Way, place: int) -> Way:
        """The way on which a mark stands for the first byte of `。`."""
        # A byte that another program could not read leaves the same mark.
        damage = _DAMAGE_COST if self.text[place] == LOST and not self.mirror.spoiled else 0.0
        score = way.score + _EVENT_COST + damage
        return way._replace(score=score, pending=SLIP, tail=(way.tail[1], SLIP), start=place)

    def _guesses(self, way: Way) -> Iterator[tuple[int, str, Way]]:
        """What a character can have been whose second byte is gone: the likely ones, or nobody knows."""
        for score, byte, char in self._likely(way):
            said = self._said(way, char, score)
            yield byte, char, said._replace(guessed=way.guessed + char, tail=(way.pending, byte))
        yield 0, LOST, self._lost(way, _UNKNOWN_COST)

    def _with_end_tag(self, way: Way, tag: re.Match[str]) -> Way:
        """The way with the `</p>` whose first byte went into a pair: `/p>` is left. Without markup it is a new line."""
        if self.text.find("<", self.start, self.start + LONGEST) >= 0:
            return way._replace(text=f"{way.text}<{tag[0]}")
        return way._replace(text=way.text + "\n") if self.text[tag.end() : tag.end() + 1] not in ("", "\n") else way

    def _broken(self, way: Way, place: int, end: int, reading: str) -> Iterator[Way]:
        """Ways in which a first byte and a bracket became no character, before a reading of the pair that it ends."""
        if not way.pending:
            for listed, byte, _ in self.mirror.read(way.tail[1], reading):
                if byte > 0x80:
                    score = way.score + _EVENT_COST + listed
                    tail = (way.tail[1], byte)
                    yield way._replace(score=score, pending=byte, tail=tail, apart=BEHIND, start=place)
            return
        likeliest = UNHEARD_OF
        for listed, byte, char in self.mirror.read(way.pending, reading):
            score = self._step(way, char) + listed
            likeliest = max(likeliest, score)
            yield self._said(way, char, score)._replace(tail=(way.pending, byte), apart=BEHIND).in_step(end)
        if likeliest > _POOR or not self.mirror.drops or way.score < self.likeliest - _WORTH:
            return
        # A pair fell out before it: `，把` with a reading across and one behind is `?bǎo)?bǎ)`.
        yield from self._read_across(way, reading, end)

    def _read_across(self, way: Way, reading: str, end: int) -> Iterator[Way]:
        """Ways in which the inner bytes of two characters are gone, and the second one is known by its reading."""
        least = self.likeliest - HOPELESS - way.score
        for score, char, trail, following in self.mirror.read_across(way.last, way.pending, reading):
            if score + _GONE_COST > least:
                said = self._said(self._said(way, char, score + _GONE_COST), following, 0.0)
                yield said._replace(tail=(0, trail), apart=BEHIND, guessed=way.guessed + char).in_step(end)

    def _fed(self, way: Way, data: bytes, place: int) -> Way | None:
        """The way with further bytes of the text; None where they are no characters."""
        for number, byte in enumerate(data):
            if number and not way.apart and pairs().get(way.tail) in self.mirror.listed:
                # The mirror would have put a reading between these bytes.
                way = way._replace(score=way.score + _NOT_ANNOTATED)
            way = way._replace(tail=(way.tail[1], byte), apart=BETWEEN if way.apart == BEHIND else 0)
            if way.pending:
                char = pairs().get((way.pending, byte))
                if char is None:
                    return None
                score = self._step(way, char)
                way = self._said(way, char, score)._replace(pending=0)
                if score < _DOUBTFUL and self.mirror.drops and char not in self.mirror.singles:
                    # What reads so badly may be two characters between which a pair fell out.
                    way = way._replace(guessed=way.guessed + char)
            elif byte < 0x80:
                way = self._said(way, chr(byte), self._step(way, chr(byte)))
            else:
                way = way._replace(pending=byte)
        return way if way.pending else way.in_step(place)

    def _pair_gone(self, way: Way, next_byte: int) -> Iterator[Way]:
        """Ways in which two bytes are gone that are no character: the end of one and the beginning of the next."""
        least = self.likeliest - HOPELESS - way.score
        for score, byte, char, lead, following in self.mirror.across(way.last, way.pending, next_byte):
            if score < least:
                continue
            bare = _NOT_ANNOTATED if way.apart != BEHIND and char in self.mirror.listed else 0.0
            said = self._said(way, char, score + _GONE_COST + bare)
            yield said._replace(pending=lead, tail=(byte, lead), guessed=way.guessed + char + following)

    def _altered(self, way: Way, data: bytes) -> Iterator[Way]:
        """Ways in which the first byte of a pair is not the one that was there."""
        for score, byte, char in self._likely(way):
            said = self._said(way, char, score + _ALTERED_COST)
            yield said._replace(pending=data[-1], tail=(byte, data[-1]), guessed=way.guessed + char)

    def _likely(self, way: Way) -> list[tuple[float, int, str]]:
        """The characters that a first byte can begin, likeliest behind the last one first."""
        if way.pending == SLIP and way.text.endswith("。"):
            # What slips is `。“` and `。”`, so the byte that is gone is the second one of either.
            return [(self._step(way, char), byte, char) for byte, char in _QUOTE_BYTES]
        return self.mirror.likely(way.last, way.pending)

    def _said(self, way: Way, char: str, score: float) -> Way:
        return Way(
            way.score + score, way.pending, way.tail, self.mirror.simple(char), way.start, way.text + char,
            way.lost, way.guessed, way.found, way.apart,
        )  # fmt: skip

    def _lost(self, way: Way, cost: float = _LOST_COST) -> Way:
        score = way.score + cost
        return way._replace(score=score, tail=(0, 0), apart=0, last="", text=way.text + LOST, lost=way.lost + 1)

    def _step(self, way: Way, char: str) -> float:
        chance = self.mirror.step(way.last, char)
        if char in _QUOTES:
            chance += 1.0 if char == self._expected_quote(way) else -3.0
        return chance

    def _expected_quote(self, way: Way) -> str:
        said = way.text.rstrip(LOST)
        last = max(said.rfind(quote) for quote in _QUOTES)
        return self.quote if last < 0 else _QUOTES[said[last] == "“"]

    def _ended(self, way: Way) -> Way:
        """The way at the end of the line: a byte that waits for its second one waits in vain."""
        return self._lost(way).in_step(self.end) if way.pending else way
