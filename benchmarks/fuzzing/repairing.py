"""Files of any bytes decoded, read again and repaired, and what was done to them undone."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache

from benchmarks.fuzzing import seeds
from benchmarks.fuzzing.mutating import Stock, of_bytes, of_text
from benchmarks.fuzzing.target import folder, tokens
from crawler import kept, repairing, undoing
from pipelines.reread import in_field, reread, ways
from pipelines.text.charset import LOST, decode, encode
from pipelines.text.edits import take_back
from pipelines.text.restore import restore

_HEADERS = (None, "text/html", "text/html; charset=gbk", "text/html; charset=big5", "text/xml;charset=utf-8")

_EXACT = {"utf-8", "gb18030", "big5", "utf-16le", "utf-16be", "euc-tw"}
"""Charsets in which a text can be written in one way only, but for places that are told."""

_TOKENS = (
    b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"~{", b"~}", b"\x80", b"\xff", b"\x8e\xa1", b"\x81\x30\x81\x30",
    b"\xa2\xcc", b"<meta charset=big5>", b"charset=utf-16", b"\x1b$B", "招商".encode("utf-16-le"), "招商".encode("gbk"),
    "招商引资".encode(), "招商".encode("big5"), b"\xe6\x8b", b"&#x62db;", b"<p>", b"?", "(cháng)".encode(),
    "\u3000".encode(), "鎷涘晢".encode(), b"&amp;amp;", "。�".encode(), b"\xa1\xb0?", "\u200b".encode(), "→".encode(),
    "Ａ１".encode(),
)  # fmt: skip


@cache
def files() -> Stock[bytes]:
    """Texts in every charset, and pages."""
    return of_bytes([*seeds.encoded(), *(each.data for each in seeds.pages())], _TOKENS)


def decodes(data: bytes) -> None:
    """Any bytes become text, that text becomes the bytes again, and what cannot be read is U+FFFD and told."""
    decoded = decode(data, _HEADERS[len(data) % len(_HEADERS)])
    decoded.text.encode()
    assert all(decoded.text[start] == LOST for start, _ in decoded.damages)
    if {decoded.charset, *(part.charset for part in decoded.parts)} <= _EXACT:
        assert encode(decoded) == data, f"{decoded.charset}: other bytes come back"


def repairs(data: bytes) -> None:
    """The record of a repair gives its input back, byte for byte; what has been repaired needs no repair."""
    if not data or kept.is_binary(data):
        return
    path = folder() / "record.json"
    record = repairing.record("-", data)
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    assert not restore(record["text"]).changes, "it is repaired again"
    assert list(undoing.taken_back(str(path))) == [data], "other bytes come back"


def rereads(data: bytes) -> None:
    """A page that is read again can be had as it was."""
    text = decode(data).text
    again, changes = reread(text)
    assert take_back(again, changes) == text, "another page comes back"
    ways(changes)
    for field in again.split("\n")[:50]:
        made = in_field(field, "text", again, changes)
        assert all(field[each.start :].startswith(each.after) for each in made)


@cache
def records() -> Stock[str]:
    """Records of repairs."""
    texts = [text.encode() for text in seeds.cases("repair", "text", "before")] + list(seeds.encoded()[::9])
    texts += [each.data for each in seeds.golden()[::9]]
    found = [json.dumps(repairing.record("-", data), ensure_ascii=False) for data in texts if data]
    return of_text(found, tokens("records"))


def undoes(text: str) -> None:
    """A record that somebody has changed is undone or refused."""
    path = folder() / "record.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(undoing.RecordError, kept.UnreadableFileError):
        list(undoing.taken_back(str(path)))
