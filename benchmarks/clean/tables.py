"""Tables: figures, and characters in the order of their codes."""

from __future__ import annotations

import random

from benchmarks.clean.chinese import PLACES

_HEADS = "项目数 到位资金（亿元） 同比（%） 完成年计划（％） 新签约 开工率 实际使用外资（万美元） 排名".split()
_RANGES = ((0x4E00, 0x9FA6), (0x3400, 0x4DB6), (0x20000, 0x20400), (0x2000, 0x2800), (0x3000, 0x3400), (0xA0, 0x500))
_LEGACY = (("gbk", 0x81, 0xFE), ("big5", 0xA1, 0xF9))


def figures(chance: random.Random) -> str:
    """A table of figures, its cells set apart in one of the usual ways."""
    between = chance.choice((" | ", "\t", "　", "  ", ","))
    heads = chance.sample(_HEADS, 5)
    lines = ["地区" + between + between.join(heads)]
    lines += [chance.choice(PLACES) + between + between.join(_figure(chance) for _ in heads) for _ in range(40)]
    return "\n".join(
        [*lines, f"合计{between}{between.join(_figure(chance) for _ in heads)}", "注：“—”表示无数据，▲为增长。"]
    )


def _figure(chance: random.Random) -> str:
    number = chance.uniform(-50, 5000)
    return chance.choice(
        (f"{number:.2f}", f"{number:,.0f}", f"{number:.1f}%", f"↑{abs(number):.1f}", "—", "…", "(3)", "？")
    )


def characters(chance: random.Random) -> str:
    """Characters row by row in the order of Unicode, or of an older charset, with their codes."""
    if chance.random() < 0.4:
        start, end = chance.choice(_RANGES)
        first = chance.randrange(start, end - 256) & ~15
        rows = [f"{row:05X} {''.join(map(chr, range(row, row + 16)))}" for row in range(first, first + 256, 16)]
        return "\n".join(rows)
    charset, low, high = chance.choice(_LEGACY)
    lead = chance.randrange(low, high)
    cells = [(trail, bytes((lead, trail)).decode(charset, "ignore")) for trail in range(0x40, 0xFF)]
    rows = []
    for start in range(0, len(cells), 16):
        row = "".join(char for _, char in cells[start : start + 16] if len(char) == 1)
        rows.append(f"{lead:02X}{cells[start][0]:02X} {row}")
    return "\n".join(rows)
