"""What addresses of one page differ in, a function each. `archive.canonical` has their order."""

from __future__ import annotations

import re

from archive.address_parts import Parts, after  # noqa: F401 - `after` is for the examples

_ODD = re.compile(r"[^\x21-\x24\x26-\x7e]")
_ESCAPED = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_BARE = re.compile(r"[\x00-\x20\x7f]")
_BARE_AT_END = re.compile(r"[\x00-\x20]+\Z")
_BARE_IN_PATH = re.compile(r"[^\x21-\x7e]+")

_SESSION_IN_PATH = re.compile(r";jsessionid=[^;/]*|/\(S\([a-z0-9]{24}\)\)(?=(?:;jsessionid=[^;/]*)*/)", re.IGNORECASE)
_SESSION = re.compile(
    r"(?:PHPSESSID|JSESSIONID|ASPSESSIONID[A-Z]{8})=.*|(?:sessionid|session_id)=[0-9a-z]{16,}", re.IGNORECASE
)
# Founder's issue pages link to `content_1.htm?div=-1`; WeChat, Baidu and counters append the rest. Where a name may
# mean something else, only the values that it has there: `?div=12` is a department, `?from=archive` a list.
_TRACKING = re.compile(
    r"div=-1|isappinstalled=\d|from=(?:singlemessage|groupmessage|timeline|message|app|weixin|qzone)"
    r"|(?:utm_\w+|spm|scm|nsukey|share_token|bd_vid|hmsr|hmpl|hmcu|hmkw|hmci|gclid|fbclid|msclkid|vd_source)=.*"
    r"|(?:tdsourcetag|ivk_sa|wfr)=\w+|(?:clicktime|enterid)=\d{10,13}|_=1\d{9}(?:\d{3})?",
    re.IGNORECASE,
)
# What may name an article itself, behind `show.jsp`, and where its path has done so is a session, or a moment or random
# number that keeps caches from answering. `sid=12` is a section or a site.
_BESIDE_NUMBER = re.compile(
    r"sid=[0-9a-f]{32}|(?:t|v|ts|time|timestamp|r|rand|rnd|random)=(?:1\d{9}(?:\d{3})?|0\.\d{6,})", re.IGNORECASE
)
_VIEW = re.compile(
    r"(?:mobile|wap)=(?:1|2|yes|true)|print=(?:1|y|yes|true)|(?:do|action)=print(?:able)?", re.IGNORECASE
)

_NUMBER = re.compile(r"\d+", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?")
# Page 1200 of a list, and the column `/column/21701`.
_LIST = re.compile(
    r"/(?:index|default|list|node|col|column|channel|category|tag|page)(?:[_-]?\d*\.\w+|/\d+)$", re.IGNORECASE
)
_TWIN_PATH = re.compile(r"^(?:/(?:m|wap|3g|mobile|print))+(?=/)", re.IGNORECASE)
_PRINT_FILE = re.compile(r"(?<=\d)(?:_print)+(?=\.s?html?$)", re.IGNORECASE)
_TWIN_HOST = re.compile(r"^(?:(?:www|m|wap|3g|mobile)\.)+(?=[^.]+\.)(?!(?:com|gov|net|org|edu|ac)\.cn$)")
_INDEX = re.compile(r"(?<=/)(?:index|default)\.s?html?$", re.IGNORECASE)


def host(parts: Parts) -> Parts:
    """Letters of scheme and host are small, no dot ends the host, the path has its slash; a reader's name is his own.

    >>> after(host, "HTTP://me:secret@WWW.Example.CN."), after(host, "http://a.example?id=1")
    ('http://www.example.cn/', 'http://a.example/?id=1')
    """
    name = parts.host.lower()
    if name == parts.host and name[-1] != "." and parts.path and not parts.user and parts.scheme.islower():
        return parts
    return parts._replace(scheme=parts.scheme.lower(), user="", host=name.rstrip(".") or name, path=parts.path or "/")


def port(parts: Parts) -> Parts:
    """The port that the scheme has anyway.

    >>> after(port, "http://a.example:80/"), after(port, "https://a.example:80/"), after(port, "http://a.example:08080/")
    ('http://a.example/', 'https://a.example:80/', 'http://a.example:8080/')
    """
    if not parts.port:
        return parts
    number = int(parts.port[1:] or 0)
    own = {"http": 80, "https": 443}[parts.scheme.lower()]
    return parts._replace(port=f":{number}" if number and number != own else "")


def fragment(parts: Parts) -> Parts:
    """A place on the page; not the route of a page that a script makes.

    >>> after(fragment, "http://a.example/1.htm#comments"), after(fragment, "http://a.example/#/news/1")
    ('http://a.example/1.htm', 'http://a.example/#/news/1')
    """
    is_route = parts.fragment.startswith(("#/", "#!")) and parts.fragment.strip("#!/ ")
    return parts if is_route or not parts.fragment else parts._replace(fragment="")


def escapes(parts: Parts) -> Parts:
    """What browsers write alike: hex digits in capitals, plain letters plain, in the path characters as UTF-8.

    In a query they are in the charset of a page that is not known here: those stay.

    >>> after(escapes, "http://a.example/%7eli/招商.htm?t=%d5%d0&u=招商")
    'http://a.example/~li/%E6%8B%9B%E5%95%86.htm?t=%D5%D0&u=招商'
    """
    if not _ODD.search(parts.path) and not _ODD.search(parts.query):
        return parts
    path = _BARE_IN_PATH.sub(_as_utf8, parts.path)
    query = _BARE.sub(_as_utf8, parts.query)
    return parts._replace(path=_ESCAPED.sub(_plain, path), query=_ESCAPED.sub(_plain, query))


def session(parts: Parts) -> Parts:
    """The visit that an address was read on.

    >>> after(session, "http://a.example/1.jsp;jsessionid=0A1B?id=2&PHPSESSID=ab12"), after(session, "http://a.example/?sid=7")
    ('http://a.example/1.jsp?id=2', 'http://a.example/?sid=7')
    """
    if _SESSION_IN_PATH.search(parts.path):
        parts = parts._replace(path=_SESSION_IN_PATH.sub("", parts.path))
    return _without(_SESSION, parts)


def tracking(parts: Parts) -> Parts:
    """Where a reader comes from, and what keeps a cache from answering.

    >>> after(tracking, "http://a.example/content_91234.htm?div=-1&t=1725408300")
    'http://a.example/content_91234.htm'
    >>> after(tracking, "http://a.example/show.jsp?div=12&t=1725408300")
    'http://a.example/show.jsp?div=12&t=1725408300'
    """
    parts = _without(_TRACKING, parts)
    return _without(_BESIDE_NUMBER, parts) if parts.query and is_article(parts.path) else parts


def last_blanks(parts: Parts) -> Parts:
    """Blanks that stood before what is gone, as browsers ask for them: bare at the end of an address they get lost.

    >>> after(last_blanks, "http://a.example/1.htm ")
    'http://a.example/1.htm%20'
    """
    last = "query" if parts.query else "path"
    if parts.fragment or getattr(parts, last)[-1:] > " ":
        return parts
    return parts._replace(**{last: _BARE_AT_END.sub(_as_utf8, getattr(parts, last))})


def views(parts: Parts) -> Parts:
    """The same page for phones or for paper, asked for by a parameter, or by the name of an article's file.

    >>> after(views, "http://a.example/show.php?id=12&mobile=1"), after(views, "http://a.example/c/91234_print.htm")
    ('http://a.example/show.php?id=12', 'http://a.example/c/91234.htm')
    """
    if _PRINT_FILE.search(parts.path) and is_article(parts.path):
        parts = parts._replace(path=_PRINT_FILE.sub("", parts.path))
    return _without(_VIEW, parts)


def order(parts: Parts) -> Parts:
    """Parameters in the order of their names, without empty ones; where one has no name, its place may tell it.

    >>> after(order, "http://a.example/show.php?page=2&&id=1"), after(order, "http://a.example/?news&12")
    ('http://a.example/show.php?id=1&page=2', 'http://a.example/?news&12')
    """
    if not parts.query:
        return parts
    each = [part for part in parts.query[1:].split("&") if part]
    if all("=" in part for part in each):
        each.sort(key=lambda part: part.partition("=")[0])
    return parts._replace(query="?" + "&".join(each) if each else "")


def twin_path(parts: Parts) -> Parts:
    """The folder of pages for phones or for paper, before the path of an article.

    Only with a number of six digits or more, which counts a whole site: `/m/meizhou/` are the towns with M.

    >>> after(twin_path, "http://a.example/wap/c/7654321.htm"), after(twin_path, "http://a.example/m/meizhou/1234.htm")
    ('http://a.example/c/7654321.htm', 'http://a.example/m/meizhou/1234.htm')
    """
    path = _TWIN_PATH.sub("", parts.path)
    return parts._replace(path=path) if path != parts.path and is_article(path, 6) else parts


def twin_host(parts: Parts) -> Parts:
    """The host's name for phones, or with `www.`, where the path is an article's.

    Front pages and lists stand apart: those for phones have other articles, and some hosts have a front page only with
    `www.`, or only without.

    >>> after(twin_host, "http://m.a.example/c/7654321.htm"), after(twin_host, "http://m.a.example/list/")
    ('http://a.example/c/7654321.htm', 'http://m.a.example/list/')
    """
    name = _TWIN_HOST.sub("", parts.host)
    return parts._replace(host=name) if name != parts.host and is_article(parts.path) else parts


def index_page(parts: Parts) -> Parts:
    """The page that its folder answers with. `index.php` stays: an `index.html` before it may be the intro.

    >>> after(index_page, "http://a.example/zs/index.shtml"), after(index_page, "http://a.example/zs/index_2.shtml")
    ('http://a.example/zs/', 'http://a.example/zs/index_2.shtml')
    """
    return parts._replace(path=_INDEX.sub("", parts.path)) if not parts.query and _INDEX.search(parts.path) else parts


def scheme(parts: Parts) -> Parts:
    """Without a port https is http; a port says which of two servers is meant.

    >>> after(scheme, "https://a.example/"), after(scheme, "https://a.example:8443/")
    ('http://a.example/', 'https://a.example:8443/')
    """
    return parts if parts.port or parts.scheme == "http" else parts._replace(scheme="http")


def is_article(path: str, digits: int = 4) -> bool:
    """Whether a path is an article's: its last step has a number of so many digits that is no day, and is no list.

    >>> [is_article(path) for path in ("/n1/2024/0816/c1004-40300019.html", "/news/202409.htm", "/list_1200.html")]
    [True, False, False]
    """
    numbers = _NUMBER.findall(path.rpartition("/")[2])
    return any(len(each) >= digits and not _DAY.fullmatch(each) for each in numbers) and not _LIST.search(path)


def _without(unwanted: re.Pattern[str], parts: Parts) -> Parts:
    """An address without some of its parameters; a query that loses none stays to the letter, but for a bare `?`."""
    if not parts.query:
        return parts
    each = parts.query[1:].split("&")
    wanted = [part for part in each if not unwanted.fullmatch(part)]
    if len(wanted) == len(each) and any(each):
        return parts
    return parts._replace(query="?" + "&".join(wanted) if any(wanted) else "")


def _as_utf8(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def _plain(found: re.Match[str]) -> str:
    letter = chr(int(found[0][1:], 16))
    return letter if _UNRESERVED.fullmatch(letter) else found[0].upper()
