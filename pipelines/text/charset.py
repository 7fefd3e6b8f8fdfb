"""Bytes to text. Labels (byte order mark, HTTP header, markup) are evidence; the bytes themselves decide.

A page says utf-8 and is GBK, says gb2312 and is UTF-8 or needs GB18030: of 47 real GB pages 12 lied (corruption.md).
Nothing here raises on any input, and every place that cannot be decoded becomes one U+FFFD and is counted.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer
import webencodings
from webencodings.labels import LABELS

from pipelines.text.commonness import commonness

LOST = "\ufffd"

GOOD_ENOUGH = -8.5
"""`commonness` above which a decoding is Chinese."""

_MARKUP_LABEL = re.compile(
    rb"""<(?:meta\s[^>]{0,400}?charset|\?xml\s[^>]{0,100}?encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""",
    re.IGNORECASE,
)
_HEADER_LABEL = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_MARKUP_BYTES = 16_384

_NOT_ASCII = re.compile(rb"[\x80-\xff][\x40-\xff]*")
_SAMPLE_BYTES = 8_192

# The 20 sequences that browsers read otherwise than Python's gb18030 (WHATWG index, GB 18030-2022): A3A0 is an
# ideographic blank, A8BC an m with acute; ten vertical signs (A6D9 …) and eight radicals (FE59 …) left private use.
_WHATWG_GB18030 = {
    0xE5E5: "\u3000",
    0xE7C7: "\u1e3f",
    **dict(zip(range(0xE78D, 0xE797), "︐︒︑︓︔︕︖︗︘︙", strict=True)),
    **dict(zip((0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864), "龴龵龶龷龸龹龺龻", strict=True)),
}
_DIFFERS = re.compile("[\ue000-\uefff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What became of the bytes."""

    text: str
    """The text, without byte order mark."""
    charset: str
    """WHATWG name of the charset they were in; `gb18030` for all of GB2312, GBK and GB18030, `big5` with HKSCS."""
    evidence: str
    """What decided, and which labels agreed or lied."""
    damaged: int
    """Places that could not be decoded, each one U+FFFD in the text."""
    false_labels: tuple[str, ...] = ()
    """The labels that said otherwise, for example `header utf-8`."""


def _skip_pair(error: UnicodeError) -> tuple[str, int]:
    """Go on behind a bad pair as browsers do: an ASCII trail byte is read again, any other goes with its lead."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, place = error.object, error.start
    pair = 0x81 <= data[place] <= 0xFE and place + 1 < len(data) and data[place + 1] > 0x7F
    return LOST, place + (2 if pair else 1)


def _skip_pair_or_euro(error: UnicodeError) -> tuple[str, int]:
    """The same for GBK, in which Windows writes the euro sign as a lone 80."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    return _skip_pair(error)


codecs.register_error("zhaoshang.big5", _skip_pair)
codecs.register_error("zhaoshang.gb18030", _skip_pair_or_euro)


def label_in_header(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header, as written.

    >>> label_in_header('text/html; charset="GB2312"')
    'GB2312'
    """
    match = _HEADER_LABEL.search(content_type or "")
    return match[1] if match else None


def media_type(content_type: str | None) -> str | None:
    """The media type of a Content-Type header, lower case, without parameters.

    >>> media_type("Text/HTML; charset=gbk"), media_type("")
    ('text/html', None)
    """
    return (content_type or "").split(";")[0].strip().lower() or None


def label_in_markup(data: bytes) -> str | None:
    """The charset of the first meta element or XML declaration, as written.

    >>> label_in_markup(b'<meta http-equiv=Content-Type content="text/html; charset=gb2312">')
    'gb2312'
    """
    match = _MARKUP_LABEL.search(data[:_MARKUP_BYTES])
    return match[1].decode("ascii") if match else None


def canonical(label: str) -> str | None:
    """The charset that browsers read a label as, with one name for the GB family; None for an unknown label.

    >>> canonical("GB2312"), canonical("big5-hkscs"), canonical("latin1"), canonical("chinese-ish")
    ('gb18030', 'big5', 'windows-1252', None)
    """
    encoding = webencodings.lookup(label)
    if encoding is None:
        return None
    return "gb18030" if encoding.name == "gbk" else encoding.name


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page or a text file. `content_type` is the HTTP header of that name, if there was one.

    >>> decode("招商引资工作".encode("gbk"), "text/html; charset=utf-8").evidence
    'bytes; false: header utf-8'
    """
    labels = {
        f"{where} {label}": canonical(label)
        for where, label in (("header", label_in_header(content_type)), ("markup", label_in_markup(data)))
        if label
    }
    text, charset, why = _from_mark(data) or _from_bytes(data, [name for name in labels.values() if name])
    true = [label for label, name in labels.items() if name == charset]
    # Plain ASCII is the same in all of them, so it proves no label wrong.
    false = () if why == "ascii" else tuple(label for label, name in labels.items() if name != charset)
    notes = [why, f"true: {', '.join(true)}" if true else "", f"false: {', '.join(false)}" if false else ""]
    damaged = max(0, text.count(LOST) - _genuine_marks(data, charset))
    if damaged:
        notes.append(f"{damaged} damaged")
    return Decoded(text, charset, "; ".join(filter(None, notes)), damaged, false)


def _from_mark(data: bytes) -> tuple[str, str, str] | None:
    for mark, charset in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16le"),
        (codecs.BOM_UTF16_BE, "utf-16be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace"), charset, "byte order mark"
    return None


def _from_bytes(data: bytes, labels: list[str]) -> tuple[str, str, str]:
    if data.isascii():
        return data.decode("ascii"), "utf-8", "ascii"
    try:
        utf8 = data.decode("utf-8")
    except UnicodeDecodeError:
        utf8 = ""
    if any(char >= "\u2e80" for char in utf8):
        # Three-byte sequences do not come about by chance in text of another charset.
        return utf8, "utf-8", "bytes"
    sample = _sample(data)
    likeness = {charset: commonness(_decode(sample, charset)) for charset in ("gb18030", "big5", "utf-8")}
    best = max(likeness, key=lambda charset: (likeness[charset], charset in labels))
    if likeness[best] > GOOD_ENOUGH:
        return _decode(data, best), best, "bytes"
    if utf8:
        return utf8, "utf-8", "bytes"
    return _neither(data, labels) or (_decode(data, best), best, "bytes; not sure")


def _sample(data: bytes) -> bytes:
    """The first `_SAMPLE_BYTES` of what is not ASCII: enough to judge by, and three decodings of it cost little."""
    runs, size = [], 0
    for match in _NOT_ASCII.finditer(data):
        runs.append(match[0])
        size += len(match[0])
        if size > _SAMPLE_BYTES:
            break
    return b"\n".join(runs)


def _decode(data: bytes, charset: str) -> str:
    if charset == "gb18030":
        text = data.decode("gb18030", "zhaoshang.gb18030")
        return text.translate(_WHATWG_GB18030) if _DIFFERS.search(text) else text
    if charset == "big5":
        return data.decode("big5hkscs", "zhaoshang.big5")
    return str(_codec(charset).decode(data, "replace")[0])


def _codec(charset: str) -> codecs.CodecInfo:
    """The codec of a WHATWG charset; Python knows some by other names, and others by none."""
    encoding = webencodings.lookup(charset)
    if encoding is None:
        raise LookupError(charset)
    return encoding.codec_info


def _neither(data: bytes, labels: list[str]) -> tuple[str, str, str] | None:
    """Not Chinese: the label if it decodes, then what charset-normalizer makes of it."""
    for label in labels:
        if label not in ("gb18030", "big5", "utf-8", "windows-1252"):
            text = _decode(data, label)
            if LOST not in text:
                return text, label, "label"
    guess = charset_normalizer.from_bytes(data[:65_536], cp_isolation=list(_GUESSED)).best()
    charset = _GUESSED.get(guess.encoding) if guess else None
    return (_decode(data, charset), charset, "charset-normalizer; not sure") if charset else None


# What charset-normalizer may guess, by Python's name: no charset that browsers do not know (EBCDIC, most of DOS).
_GUESSED = {
    _codec(name).name.replace("-", "_"): name
    for name in sorted(set(LABELS.values()))
    if name not in ("gbk", "iso-8859-8-i", "replacement", "utf-16be", "utf-16le", "utf-8", "x-user-defined")
}


def _genuine_marks(data: bytes, charset: str) -> int:
    """How many U+FFFD the page itself holds: another program lost those, not this decoding."""
    try:
        return data.count(_codec(charset).encode(LOST)[0])
    except UnicodeEncodeError:
        return 0
