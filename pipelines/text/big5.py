"""Where Python's Big5 is not that of browsers, which is Big5 with the Hong Kong characters (WHATWG index)."""

from __future__ import annotations

import re

# The characters that the Hong Kong set gained in 2008 (877A to 87DF): browsers know them, Python stopped at 2004.
_HKSCS_2008 = (
    "㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆㓦珄𥶹瓆鿇垳䤯呌䄱𣚎"
    "堘穲𧭥讏䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋"
)
_HKSCS_2008_BYTES = [bytes((0x87, trail)) for trail in (*range(0x7A, 0x7F), *range(0xA1, 0xE0))]

# Pairs of Big5 that browsers read otherwise than Python (WHATWG index, the same as Windows), and pairs that name a
# character another pair is commoner for: A1FE and A240 are slashes, A2CC is 十. In A241 and A242 browsers see ∕ and ﹨,
# the Hong Kong standard ／ and ＼; they stay slashes, since many programs write these so.
_ODD_PAIRS = dict(
    zip(
        map(
            bytes.fromhex,
            "a145 a14e a1c2 a1e3 a1f2 a1f3 a244 a246 a247 a3e1 "
            "a1fe a240 a27e a2a1 a2a2 a2a3 a2a4 a2a5 a2a6 a2a7 a2cc a2ce".split(),
        ),
        "‧﹑¯～⊕⊙￥￠￡€／＼╭╮╰╯═╞╪╡十卅",
        strict=True,
    )
)
ODD_BYTES = re.compile(rb"\xa1[\x45\x4e\xc2\xe3\xf2\xf3\xfe]|\xa2[\x40\x44\x46\x47\x7e\xa1-\xa7\xcc\xce]")
ODD_IN_PYTHON = re.compile("[•､‾∼♁☉／＼¥¢£╭╮╰╯═╞╪╡十卅]")

ODD = _ODD_PAIRS | dict(zip(_HKSCS_2008_BYTES, _HKSCS_2008, strict=True))
"""What such bytes are."""
