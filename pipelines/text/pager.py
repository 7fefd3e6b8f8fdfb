"""Lines that turn the pages of an article: the pager below each part, and the notes that it goes on."""

from __future__ import annotations

import re

LONGEST = 80
"""Characters of the longest pager: twenty pages with brackets."""

_SIGNS = ("页", "頁", "[", "［", "未完")
"""What there is in every such line: looked for first, since nearly no line has it."""

_PAGER = re.compile(
    r"(?:[\s\u3000\[\]［］|()（）【】<>＜＞›»…·:：,，\d/]|[上下前后後]一?[页頁]|[首尾末][页頁]|共|第|[页頁]"
    r"|(?:余下|餘下|阅读|閱讀|查看|显示|顯示)?全文)+"
)
_CARRIED_OVER = re.compile(
    r"[(（【\[]?(?:未完待[续續]|未完|[转轉]?[下接][转轉接]?第\d+[页頁]|[紧緊]?接[上前]一?[页頁])[^。]{0,12}[)）】\]]?"
)


def is_pager(line: str) -> bool:
    """Whether a line only turns pages.

    >>> [is_pager(line) for line in ("上一页 [1] [2] [3] 下一页", "共3页 余下全文", "（未完，下转第2页）")]
    [True, True, True]
    >>> [is_pager(line) for line in ("共三页，第一页写着地价。", "2024", "3 | 12")]
    [False, False, False]
    """
    if len(line) > LONGEST or not any(sign in line for sign in _SIGNS):
        return False
    return bool(_PAGER.fullmatch(line) or _CARRIED_OVER.fullmatch(line))
