"""Make pipelines/text/cns11643.txt again: `python -m benchmarks.cns11643`, on a machine with glibc.

Python has no EUC-TW codec; the C library has one, and its `iconv` is asked for every pair of planes 1 to 3 of CNS
11643. A line holds a row of 94 characters; a blank stands where there is none. The planes follow each other. The rest
of the planes (rare names) hold nothing that a page in EUC-TW was ever seen to need.
Only the mapping is kept, which is CNS 11643's own.
"""

import ctypes
from pathlib import Path

PLANES = (1, 2, 3)
ROW = range(0xA1, 0xFF)
OUT = Path(__file__).parent.parent / "pipelines/text/cns11643.txt"

LIBC = ctypes.CDLL("libc.so.6", use_errno=True)
LIBC.iconv_open.restype = ctypes.c_void_p
LIBC.iconv.restype = ctypes.c_size_t
LIBC.iconv.argtypes = [ctypes.c_void_p, *[ctypes.c_void_p] * 4]
CONVERTER = LIBC.iconv_open(b"UTF-32LE", b"EUC-TW")
REFUSED = ctypes.c_size_t(-1).value


def converted(data: bytes) -> str | None:
    """What the C library makes of the bytes; None if they are no characters."""
    source, target = ctypes.create_string_buffer(data, len(data)), ctypes.create_string_buffer(16)
    places = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_void_p(ctypes.addressof(target))
    left = ctypes.c_size_t(len(data)), ctypes.c_size_t(16)
    LIBC.iconv(CONVERTER, None, None, None, None)
    result = LIBC.iconv(CONVERTER, *map(ctypes.byref, (places[0], left[0], places[1], left[1])))
    return None if result == REFUSED else target.raw[: 16 - left[1].value].decode("utf-32le")


def main() -> None:
    lines = [
        "".join(converted(bytes((0x8E, 0xA0 + plane, row, cell))) or " " for cell in ROW)
        for plane in PLANES
        for row in ROW
    ]
    if {len(line) for line in lines} != {94}:
        raise SystemExit("a pair is more than one character: the format of the file does not do any more")
    OUT.write_text("\n".join(line.rstrip(" ") for line in lines) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {sum(len(line) - line.count(' ') for line in lines)} characters")


if __name__ == "__main__":
    main()
