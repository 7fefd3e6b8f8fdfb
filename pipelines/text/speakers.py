"""Who speaks in an interview."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from pipelines.text.names import HAN

_LABEL = re.compile(rf"[\s　]*[【\[]?(《[{HAN}]{{1,10}}》|[{HAN}·]{{2,10}})[】\]]?\s*[:：]\s*(?=\S)")
_ASKED = re.compile("[？?]")


def speakers(lines: Iterable[str]) -> tuple[str, ...]:
    """Who speaks, by the labels before questions and answers, in the order in which they first do.

    Each label stands at least twice, and one of them asks: a list of projects has labels (`总投资：`), but no question.

    >>> speakers(["《青商》：为什么是报关单？", "石㛃：时间都在里面。", "《青商》：怎么降？", "石㛃：一步一步来。"])
    ('青商', '石㛃')
    >>> speakers(["总投资：3亿元", "占地：40亩", "总投资：5亿元", "占地：70亩"])
    ()
    """
    said: defaultdict[str, list[bool]] = defaultdict(list)
    for line in lines:
        if match := _LABEL.match(line):
            said[match[1].strip("《》")].append(_ASKED.search(line) is not None)
    repeated = {label: asked for label, asked in said.items() if len(asked) > 1}
    asks = any(sum(asked) * 2 > len(asked) for asked in repeated.values())
    return tuple(repeated) if asks and len(repeated) > 1 else ()
