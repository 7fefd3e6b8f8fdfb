"""The labels of open-government catalogues (政府信息公开目录), which stand in a table above a document.

Sites print them with blanks inside (`文　　号`), in brackets, with or without a colon.
"""

from __future__ import annotations

import re

DATES = ("发布日期", "公开日期", "发布时间", "发文日期", "生成日期", "成文日期")
"""Labels of dates, those of publication first."""

WRITTEN = ("发文日期", "生成日期", "成文日期")
"""Labels of the day on which a document was signed, days or years before it was published."""

OFFICES = ("发布机构", "公开主体", "发文机关", "发文机构")
"""Labels of whose document it is."""

NUMBERS = ("索引号", "文号", "发文字号")
"""Labels of numbers, one of which every such table has."""

_ONLY_THERE = (*NUMBERS, *OFFICES, *WRITTEN, "公开日期", "主题分类", "体裁分类", "公开方式", "有效性")
_LABELS = (*dict.fromkeys((*_ONLY_THERE, *DATES)), "名称", "信息名称", "主题词")
_GAP = "[ 　\xa0]*"
_BLANKS = re.compile("[ 　\xa0]")
_FIRST = frozenset("【[").union(label[0] for label in _LABELS)
_LONGEST = 80


def _any(labels: tuple[str, ...]) -> str:
    return rf"[【\[]?(?P<label>{'|'.join(_GAP.join(label) for label in labels)})[】\]]?{_GAP}"


_LABELLED = re.compile(rf"{_any(_LABELS)}[:：]?{_GAP}(?P<value>.*)")
_ROW = re.compile(rf"(?:^|\| ){_any(_ONLY_THERE)}(?:[:：]|\||$)")


def labelled(line: str) -> tuple[str, str] | None:
    """The label of a line, without blanks, and what stands behind it; None where it has no such label.

    >>> labelled("索 引 号：430700/2019-00123"), labelled("发布机构"), labelled("今年以来")
    (('索引号', '430700/2019-00123'), ('发布机构', ''), None)
    """
    if line[:1] not in _FIRST or len(line) > _LONGEST:
        return None
    match = _LABELLED.fullmatch(line)
    return (_BLANKS.sub("", match["label"]), match["value"]) if match else None


def is_catalogue(line: str) -> bool:
    """Whether a line, or one cell of a row, has a label that stands nowhere else.

    >>> is_catalogue("名　称： | 招商办法 | 文　号： | 市政发〔2019〕7号"), is_catalogue("文号由办公室编排。")
    (True, False)
    """
    if line[:1] not in _FIRST or len(line) > 2 * _LONGEST:
        return False
    return _ROW.search(line) is not None
