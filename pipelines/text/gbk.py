"""The byte model: characters and their pairs of bytes in GBK, as a mirror reads them."""

from __future__ import annotations

from functools import cache

WHATWG_SIGNS: dict[str, str] = {
    "\ue5e5": "\u3000",
    "\ue7c7": "\u1e3f",
    **dict(zip(map(chr, range(0xE78D, 0xE797)), "︐︒︑︓︔︕︖︗︘︙", strict=True)),
    **dict(zip("\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864", "龴龵龶龷龸龹龺龻", strict=True)),
}
"""What the 20 private-use characters that Python's gb18030 yields are in browsers (WHATWG index, GB 18030-2022).

A3A0 is an ideographic blank, A8BC an m with acute; ten vertical signs (A6D9 …) and eight radicals (FE59 …) were private
once.
"""


@cache
def pairs() -> dict[tuple[int, int], str]:
    """Every pair of bytes that is a character in GBK.

    >>> pairs()[0xD5, 0x88], (0xFD, 0xD9) in pairs()
    ('請', False)
    """
    found = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found[lead, trail] = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
    return found


@cache
def bytes_of(char: str) -> bytes | None:
    r"""The bytes of a character in GBK; for a private-use character those of the users' area it stands for.

    >>> bytes_of("報"), bytes_of("A"), bytes_of("\ue0de"), bytes_of("𬭎")
    (b'\x88\xf3', b'A', b'\xac\xc3', None)
    """
    try:
        return char.encode("gbk")
    except UnicodeEncodeError:
        found = char.encode("gb18030", "ignore")
        return found if len(found) == 2 else None


@cache
def by_lead(lead: int) -> tuple[tuple[int, str], ...]:
    """Every trail byte that makes a character behind a lead byte, with the character."""
    return tuple((trail, char) for (first, trail), char in pairs().items() if first == lead)


@cache
def holes(trail: int) -> frozenset[int]:
    """The bytes above 80 that make no character behind a byte: what a mirror shows as `?`, or not at all.

    >>> 0xD9 in holes(0xFD), 0xD9 in holes(0xC8)
    (True, False)
    """
    return frozenset(byte for byte in range(0x81, 0xFF) if (trail, byte) not in pairs())


@cache
def across(trail: int, following: int) -> tuple[tuple[int, str], ...]:
    """What a hole behind a byte can begin when the next byte is known: its second byte, and the character.

    >>> (0xD9, "資") in across(0xFD, 0x59)
    True
    """
    return tuple((byte, pairs()[byte, following]) for byte in sorted(holes(trail)) if (byte, following) in pairs())
