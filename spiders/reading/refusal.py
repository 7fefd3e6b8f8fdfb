"""Pages that answer 200 and refuse what was asked for: soft 404, challenges, logins, empty shells.

Articles use the same words (`页面没有找到`, 验证码, 登录): a page is refused only where a line says so by itself, next
to no prose beside it. What is recognised is reported, and never got around.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from archive.article import Page
from pipelines.text.furniture import is_furniture
from spiders.reading.document import Document, parsed
from spiders.reading.lines import Line, join_blanks
from spiders.reading.plain import is_plain
from spiders.reading.stub import is_stub

REFUSALS = ("not_found", "challenge", "login", "shell")
"""Every cause, as stats have it behind `refused/`."""

NOTICE = 80
"""Characters of the longest line that says why there is no article."""

BESIDE = {"not_found": 150, "challenge": 150, "login": 300, "shell": 150}
"""So many characters of prose may stand beside the notice: how to go on, or the beginning of what is paid for."""

WHOLE_PAGE, LINKED = 500, 4
"""Challenges, parked domains and login forms have hardly more than so many characters, and so many lines with links; a
list of headlines with a login box has."""

EMPTY, RUN = 15, 3
"""Characters of a page that shows nothing, and links of one that shows pictures to follow."""


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_ASKED = f"(?:[要所想]?{_any('访问 訪問 查看 浏览 瀏覽 请求 請求 查找 寻找 尋找 打开 打開 阅读 閱讀 找')}的)"
_THING = _any(
    "页面 頁面 网页 網頁 该页 此页 内容 內容 文章 信息 新闻 新聞 稿件 文件 地址 网址 網址 链接 連結 栏目 资源"
)
_MISSED = f"{_any('没有 沒有 未 未能 未被 无法 無法 不能')}{_any('找到 发现 發現 显示 顯示 访问 訪問 查看 打开 打開')}"
_TAKEN = f"(?:已经?|已經)?被?(?:作者|管理员)?{_any('删除 刪除 移除 撤销 下线 过期 失效 丢失 撤回 撤稿')}"
_GONE = f"(?:{_MISSED}|{_TAKEN}|{_any('不存在 找不到 不见 不在 走丢 飞走 失联')})"
_SORRY = _any(
    "抱歉 很抱歉 非常抱歉 对不起 對不起 很遗憾 提示信息 提示 错误 錯誤 参数错误 出错了 哎呀 啊哦 糟糕 sorry oops error"
    " http 404 500"
)
_YOUR = _any("您 你 该 該 此 本 这个 當前 当前")
_SITE = f"(?:您访问的|该|此|本|恭喜\\W*)?{_any('网站 站点 網站 本站 系统')}"

_NOT_FOUND = re.compile(
    rf"^\W*(?:{_SORRY}\W*){{0,4}}(?:您输入的网址不正确或)?(?:{_YOUR}{{0,2}}{_ASKED}?{_THING}(?:地址)?(?:可能)?(?:暂时|因违规)?{_GONE}"
    rf"|(?:{_MISSED}|找不到)了?[您你]?{_ASKED}?[的该]?(?:相关)?{_THING}"
    r"|(?:(?:page|file) )?not found)[了啦]?(?:$|[。，,！!….、或 ])"
    r"|^\W*(?:http\W*)?(?:错误|error)?\W*404\b.{0,30}$"
    r"|^\W*the (?:page|resource|requested url) .{0,40}not (?:be )?found",
    re.IGNORECASE,
)
_CHECKED = (
    f"{_any('安全 滑动 滑動 滑块 滑塊 人机 人機 访问 訪問 身份 浏览器')}{_any('验证 驗證 检测 檢測 检查 核验 校验')}"
)
_CHALLENGE = re.compile(
    # `节前安全检查` is news, `正在进行安全检查` is no news.
    rf"^\W*(?:请|您?需要?)?(?:正在|先)?(?:完成|进行|通过|使用)?(?:下方|以下|如下|的)*{_CHECKED}(?:中|页面?)?\W*$"
    r"|请.{0,12}(?:完成|进行|通过|拖动|滑动).{0,10}(?:验证|驗證)|进行如下验证|滑动完成.{0,4}验证|正在验证.{0,6}浏览器"
    rf"|{_any('访问 訪問 请求 請求 操作')}{_any('过于 過於 太 频率过')}{_any('频繁 頻繁 高')}"
    rf"|[您你]的.{{0,3}}(?:访问|请求|网络|ip|行为).{{0,12}}{_any('异常 拦截 拒绝 阻断 受限')}"
    r"|管理员设置.{0,4}拦截|造成安全威胁|拖动.{0,8}滑块|当前访问疑似|^\W*(?:请)?输入.{0,8}验证码.{0,8}$"
    r"|^\W*(?:网站|web ?应用|云|宝塔)防火墙\W*$"
    rf"|{_any('开启 启用 啟用 開啟 打开 允许 支持')}.{{0,8}}(?:java ?script|cookie)"
    r"|checking your browser|just a moment|access denied|enable javascript|attention required|verifying you are"
    r"|request is being verified|ddos protection|^\W*403 forbidden",
    re.IGNORECASE,
)
_FOR_MEMBERS = re.compile(
    f"{_any('登录 登錄 登入 注册 註冊 订阅 訂閱 付费 付費 购买 开通 開通 成为会员')}"
    f"[^。]{{0,8}}{_any('查看 阅读 閱讀 浏览 瀏覽 解锁')}[^。]{{0,6}}{_any('文 内容 內容 剩余 剩餘 详情')}"
    f"|^\\W*(?:[本此该](?:文章?|稿件|内容)|全文|以下内容){_any('仅 仅限 仅供 需 需要 为')}[^。]{{0,10}}"
    f"{_any('会员 會員 付费 付費 订阅 订户 登录 登錄')}[^。]{{0,8}}[。！!]?$"
)
_LOG_IN = re.compile(
    r"^\W*(?:您好|抱歉)?\W*(?:请|請|您?[还尚]未|您?未)(?:先)?(?:登录|登錄|登入)(?:后?再?[可能]?(?:查看|阅读|浏览|访问))?\W*$"
    r"|^\W*(?:抱歉\W*)?[您你]没有(?:足够的?)?权限"
)
_NO_SITE = re.compile(
    f"域名.{{0,12}}{_any('出售 转让 轉讓 过期 到期 停放 未备案')}|domain.{{0,20}}(?:for sale|parked|expired)"
    f"|^\\W*{_SITE}.{{0,8}}{_any('建设中 建設中 维护 維護 升级 关闭 停用 暂停 创建成功 未备案')}.{{0,12}}$"
    r"|^\W*(?:正在)?(?:加载|載入|loading)中?\W*$|welcome to nginx|iis windows|it works!|default page|没有找到站点",
    re.IGNORECASE,
)
_SAID = (
    ("not_found", _NOT_FOUND, False),
    ("challenge", _CHALLENGE, True),
    ("login", _FOR_MEMBERS, False),
    ("login", _LOG_IN, True),
    ("shell", _NO_SITE, True),
)
"""What a line says that stands in an article's place, as what, and whether only a small page is believed."""

_SCRIPTED = re.compile(
    r"document\.cookie|__jsl_clearance|acw_sc__v2|\$_ts\b|yunsuo_session|_waf_|challenge-platform"
    r"|location\.reload\s*\(|eval\(function\(p,a,c"
)
_RECORDS = re.compile(r"<(?:record|recordset|datastore|rss|feed|urlset|sitemapindex|rdf:)", re.IGNORECASE)


@lru_cache(maxsize=4)
def refusal(page: Page) -> str | None:
    """Why a page holds no article, one of `REFUSALS`; None where it may hold one.

    `login` also stands for what is paid for; `shell` for pages whose content scripts or frames would bring, for those
    that only lead elsewhere, and for parked domains.
    """
    if is_plain(page):
        return _told([Line(text) for text in map(join_blanks, page.text[:2000].splitlines()) if text], None)
    if _RECORDS.search(page.text[:2000]):
        return None
    document = parsed(page)
    return _told(document.lines, document.title) or _form(document) or _unseen(document)


def _told(lines: Sequence[Line], title: str | None) -> str | None:
    """The cause that a line or the title names, where little else is to be read."""
    prose = 0
    for line in lines:
        prose += len(line.bare) if _is_prose(line) else 0
        if prose > max(BESIDE.values()) + NOTICE:
            return None
    small = _is_small(lines)
    notices = [line.bare for line in lines if len(line.bare) <= NOTICE and line.linked * 2 < len(line.bare)]
    for cause, says, only_small in _SAID:
        said = [text for text in (title or "", *notices) if says.search(text)] if small or not only_small else []
        if said and prose - sum(map(len, said)) <= BESIDE[cause]:
            return cause
    return None


def _is_small(lines: Sequence[Line]) -> bool:
    whole, linked = sum(len(line.bare) for line in lines), sum(line.linked > 0 for line in lines)
    return whole <= WHOLE_PAGE and linked <= LINKED


def _is_prose(line: Line) -> bool:
    return len(line.bare) >= 20 and line.linked * 2 < len(line.bare) and not is_furniture(line.bare)


def _form(document: Document) -> str | None:
    """A page that is little more than a form to log in with."""
    if "password" not in document.text or not _is_small(document.lines):
        return None
    form = document.tree.css_first("input[type=password]") is not None
    return "login" if form and not any(line.prose for line in document.lines) else None


def _unseen(document: Document) -> str | None:
    """The cause of a page on which nothing is to be seen."""
    if is_stub(document):
        return "shell"
    if sum(len(line.bare) for line in document.lines) > EMPTY or _RECORDS.search(document.text):
        return None
    # A newspaper page is a picture with areas; a list may be one of pictures.
    if document.tree.css_first("area[href]") is not None or len(document.tree.css("a[href]")) >= RUN:
        return None
    return "challenge" if _SCRIPTED.search(document.text) else "shell"
