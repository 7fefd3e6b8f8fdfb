"""Code, and lessons about it."""

from __future__ import annotations

import random
import sysconfig
from functools import cache
from pathlib import Path

_LESSONS = (
    "用 &nbsp; 表示空格，用 &lt; 表示小于号，用 &amp;nbsp; 在网页上写出 &nbsp; 本身。",
    "字符实体一览：&copy; 版权，&reg; 商标，&#65292; 全角逗号，&mdash; 破折号，&ldquo; 左引号。",
    '<p class="text">你好，世界&nbsp;&nbsp;</p> <!-- 注释：段落 -->',
    '<a href="/list?page=2&amp;sort=new&amp;lang=zh">下一页</a>',
    "if (a && b || c??d) { print(f(x)(y)); } // 判断条件",
    "在 Python 中，text.encode('gbk').decode('latin-1') 会得到乱码，errors='replace' 得到 U+FFFD。",
    "print('招商引资'.encode('utf-8'))  # b'\\xe6\\x8b\\x9b\\xe5\\x95\\x86'",
    "SELECT * FROM articles WHERE title LIKE '%招商%' AND id IN (?, ?, ?);",
    "正则 (a)(b)? 匹配 ab；.*?(e) 为非贪婪；\\d+(?:\\.\\d+)? 为数字；[\\u4e00-\\u9fff]+ 为汉字。",
    'printf("%d个(ge)项目\\n", n); /* 输出 */ x = y ? a : b;',
    "ASCII 码 0x3F 是 '?'，0x28 是 '('；GBK 中“招”为 D5 D0，UTF-8 中为 E6 8B 9B。",
    "npm run build && node -e \"console.log('完成')\" | tee 日志.txt",
)


@cache
def _sources() -> list[Path]:
    folder = Path(sysconfig.get_paths()["stdlib"])
    return sorted(path for pattern in ("*.py", "html/*.py", "email/*.py", "json/*.py") for path in folder.glob(pattern))


def source(chance: random.Random) -> str:
    """A page out of a module of Python's own library."""
    text = chance.choice(_sources()).read_text(encoding="utf-8")
    start = chance.randrange(max(1, len(text) - 6000))
    return text[start : start + 6000]


def tutorials(chance: random.Random) -> str:
    """Lessons about markup, code and charsets."""
    return "\n".join(chance.choices(_LESSONS, k=25))
