"""What `zhaoshang repair --undo` does: records become what they were made from.

A record of `repair --json` becomes its input, byte for byte. A line of `read --json` becomes the same line with its
words as the page had them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.repairing import encoded, named, read
from pipelines.text.charset import Damage, Decoded, Part
from pipelines.text.edits import UnfitError, take_back

_BLANKS = re.compile(r"\s*")


class RecordError(Exception):
    """What was given to be undone is no record, or not as it was written; the message says which and why."""


@dataclass(frozen=True, slots=True)
class _Replacement:
    """What a row of `repairs` tells of a text."""

    start: int
    before: str
    after: str


def taken_back(file: str) -> Iterator[bytes]:
    """What `repair --undo` writes for a file of JSON objects, one after another.

    Raises UnreadableFileError, and RecordError, which names the object.
    """
    name = named(file)
    number = 0
    for number, found in enumerate(_objects(read(file), name), 1):
        try:
            if "sha256" in found:
                yield _input(found)
            elif "repairs" in found:
                yield (json.dumps(_as_on_the_page(found), ensure_ascii=False) + "\n").encode()
            else:
                raise RecordError("neither of `repair --json` nor of `read --json`")  # noqa: TRY301 - named below
        except (RecordError, UnfitError, LookupError, TypeError, ValueError, AttributeError) as error:
            why = str(error) if isinstance(error, RecordError) else f"not as it was written ({error})"
            raise RecordError(f"{name}: record {number}: {why}") from error
    if not number:
        raise RecordError(f"{name}: there is no record in it")


def _objects(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    """JSON objects, one a line or laid out by another program."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordError(f"{name}: no JSON: not UTF-8 at byte {error.start}") from error
    reader = json.JSONDecoder()
    place = _end_of_blanks(text, 0)
    while place < len(text):
        try:
            found, end = reader.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, place) + 1
            raise RecordError(f"{name}: line {line}: broken JSON: {_reason(error)}") from error
        if not isinstance(found, dict):
            raise RecordError(f"{name}: line {text.count(chr(10), 0, place) + 1}: no JSON object")
        yield found
        place = _end_of_blanks(text, end)


def _end_of_blanks(text: str, place: int) -> int:
    match = _BLANKS.match(text, place)
    return match.end() if match else place


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "too deep"


def _input(found: Mapping[str, Any]) -> bytes:
    """The input of a record of `repair --json`."""
    if "input" in found:
        try:
            data: bytes | None = base64.b64decode(found["input"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise RecordError(f"`input` is no base64 ({error})") from error
    else:
        text = take_back(found["text"], _replacements(found["repairs"]))
        data = encoded(_decoded(text, found["charset"], found["bytes"]))
    if data is None or hashlib.sha256(data).hexdigest() != found["sha256"]:
        raise RecordError("it does not give its input back: it was changed since")
    return data


def _as_on_the_page(reading: Mapping[str, Any]) -> dict[str, Any]:
    """A line of `read --json` with every text as it stood on the page, and no repairs."""
    found = {**reading, "images": [dict(image) for image in reading.get("images", ())], "repairs": []}
    for field in dict.fromkeys(str(each["field"]) for each in reading["repairs"]):
        changes = _replacements([each for each in reading["repairs"] if each["field"] == field])
        caption = field.removeprefix("caption ")
        if caption == field:
            found[field] = take_back(found[field], changes)
        else:
            image = found["images"][int(caption) - 1]
            image["caption"] = take_back(image["caption"], changes)
    found["captions"] = [image["caption"] for image in found["images"] if image["caption"]]
    return found


def _decoded(text: str, charset: str, spots: Mapping[str, Any]) -> Decoded:
    return Decoded(
        text,
        charset,
        evidence="",
        confidence=0,
        damages=tuple(Damage(start, bytes.fromhex(data)) for start, data in spots.get("damages", ())),
        variants=tuple(Damage(start, bytes.fromhex(data)) for start, data in spots.get("variants", ())),
        parts=tuple(Part(start, charset) for start, charset in spots.get("parts", ())),
        mark=bytes.fromhex(spots.get("mark", "")),
    )


def _replacements(rows: Sequence[Mapping[str, Any]]) -> list[_Replacement]:
    return [_Replacement(each["start"], each["before"], each["after"]) for each in rows]
