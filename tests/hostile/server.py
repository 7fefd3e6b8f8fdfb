"""Hostile and broken servers on loopback, each case a named page; what a page does is said in its docstring.

python server.py prints a line of JSON: the ports, and the cases with what they do. Then a line for each request, until
its input ends. It answers as a proxy, too: for hosts under .example, which resolve nowhere.
"""

import asyncio
import datetime as dt
import gzip
import json
import ssl
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HTML = "Content-Type: text/html; charset=utf-8"
MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
CASES = {}
PORTS = {}
GROUPS = defaultdict(list)


def case(name, *, group="pages", at="/n/{name}/20240506_10001.html", host="main", links=True):
    """Name a case: the source it belongs to, the path at which it answers, and the port."""

    def add(function):
        CASES[name] = {"answer": function, "does": " ".join(function.__doc__.split()), "group": group, "host": host}
        CASES[name]["path"] = at.format(name=name)
        if links:
            GROUPS[group].append(name)
        return function

    return add


def address(name):
    return CASES[name].get("link") or f"{origin(CASES[name]['host'])}{CASES[name]['path']}"


def origin(host):
    scheme = "https" if host.startswith("tls") else "http"
    return f"{scheme}://127.0.0.1:{PORTS[host]}"


def article(name, *, more=""):
    """A whole article that names its case."""
    text = "".join(
        f"<p>　　{name}：开发区第{number}批企业昨天签约，合同写明三个月内动工，逾期收回。</p>" for number in "一二三"
    )
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>开发区签约{name}_东江新闻网</title></head><body>"
        f"<h1>开发区签约{name}</h1><div class='info'>2024-05-06 08:30　来源：东江日报</div>"
        f"<div class='content'>{text}{more}</div></body></html>"
    )


def head(*lines, status="200 OK"):
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


def whole(body, *lines, status="200 OK"):
    body = body.encode() if isinstance(body, str) else body
    return head(*(lines or (HTML,)), f"Content-Length: {len(body)}", "Connection: close", status=status) + body


def to(location, status="302 Found"):
    location = location.encode() if isinstance(location, str) else location
    return b"HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status.encode(), location)


# Good pages, before and after the others


@case("good")
async def good(_, out):
    """A whole article, first in the list."""
    out.write(whole(article("good")))


# Redirects


@case("redirect-to-itself")
async def redirect_to_itself(_, out):
    """Redirects to its own address."""
    out.write(to(address("redirect-to-itself")))


@case("redirect-in-a-circle")
async def redirect_in_a_circle(path, out):
    """Redirects to a second address, and that to the first."""
    first = CASES["redirect-in-a-circle"]["path"]
    out.write(to(first.replace("10001", "10002") if "10001" in path else first))


@case("redirect-without-end")
async def redirect_without_end(path, out):
    """Redirects to ever new addresses."""
    out.write(to(path.split("?")[0] + f"?{int(path.partition('?')[2] or 0) + 1}"))


@case("refresh-without-end")
async def refresh_without_end(path, out):
    """Refreshes by markup to ever new addresses."""
    target = path.split("?")[0] + f"?{int(path.partition('?')[2] or 0) + 1}"
    out.write(whole(f"<html><head><meta http-equiv='refresh' content='0;url={target}'></head><body></body></html>"))


@case("script-without-end")
async def script_without_end(path, out):
    """Sends on by a script to ever new addresses."""
    target = path.split("?")[0] + f"?{int(path.partition('?')[2] or 0) + 1}"
    out.write(whole(f"<html><head><script>window.location.href='{target}';</script></head><body></body></html>"))


def redirecting(name, target, does):
    async def redirect(_, out):
        out.write(to(target()))

    redirect.__doc__ = does
    case(name)(redirect)


SECRET = "/n/secret/20240506_10001.html"
redirecting("redirect-to-another-host", lambda: f"http://other.example{SECRET}", "Redirects to a host no source names.")
redirecting("redirect-to-a-file", lambda: "file:///etc/hostname", "Redirects to `file:///etc/hostname`.")
redirecting("redirect-to-loopback", lambda: f"http://127.0.0.2:{PORTS['main']}{SECRET}", "Redirects to 127.0.0.2.")
redirecting("redirect-to-localhost", lambda: f"http://localhost:{PORTS['main']}{SECRET}",
            "Redirects to a name that resolves to loopback.")  # fmt: skip
redirecting("redirect-to-a-number", lambda: f"http://2130706433:{PORTS['main']}{SECRET}",
            "Redirects to 127.0.0.1 as one number.")  # fmt: skip
redirecting("redirect-to-ipv6", lambda: f"http://[::1]:{PORTS['main']}{SECRET}", "Redirects to ::1.")
redirecting("redirect-to-private", lambda: "http://10.0.0.1/n/20240506_10001.html", "Redirects to 10.0.0.1.")
redirecting("redirect-to-metadata", lambda: "http://169.254.169.254/latest/meta-data/",
            "Redirects to 169.254.169.254, which tells secrets of machines in a cloud.")  # fmt: skip
redirecting("redirect-in-gbk-bytes", lambda: f"/n/{'招商'}/20240506_10001.html".encode("gbk"),
            "Redirects to an address of raw GBK bytes.")  # fmt: skip


@case("target-in-gbk", links=False, at="/n/%D5%D0%C9%CC/20240506_10001.html")
async def target_in_gbk(_, out):
    """A whole article at an address of GBK bytes."""
    out.write(whole(article("target-in-gbk")))


def linked(name, link, does):
    async def secret(_, out):
        out.write(whole(article(name)))

    secret.__doc__ = does
    case(name)(secret)
    CASES[name]["link"] = link


linked("link-to-a-file", "file:///etc/hostname", "A link to `file:///etc/hostname` in a list.")
linked("link-to-private", "http://10.0.0.1/n/20240506_10001.html", "A link to 10.0.0.1 in a list.")


# Sizes


@case("gzip-bomb")
async def gzip_bomb(_, out):
    """A gigabyte of blanks in a megabyte of gzip."""
    out.write(whole(GZIP, HTML, "Content-Encoding: gzip"))


@case("brotli-bomb")
async def brotli_bomb(_, out):
    """A gigabyte of blanks in a kilobyte of brotli."""
    out.write(whole(BROTLI, HTML, "Content-Encoding: br"))


@case("gzip-in-gzip")
async def gzip_in_gzip(_, out):
    """The same gigabyte, compressed twice, to some kilobytes."""
    out.write(whole(gzip.compress(GZIP), HTML, "Content-Encoding: gzip, gzip"))


@case("gigabyte-with-length")
async def gigabyte_with_length(_, out):
    """A gigabyte, announced."""
    out.write(head(HTML, f"Content-Length: {GIGABYTE}"))
    await pour(out)


@case("gigabyte-without-length")
async def gigabyte_without_length(_, out):
    """A gigabyte, not announced."""
    out.write(head(HTML, "Connection: close"))
    await pour(out)


async def pour(out):
    line = b"<p>" + "东江".encode() * 10_000 + b"</p>"
    for _ in range(GIGABYTE // len(line)):
        out.write(line)
        await out.drain()


@case("headers-without-end")
async def headers_without_end(_, out):
    """Headers for ever."""
    out.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(GIGABYTE // 1000):
        out.write(b"X-%d: %s\r\n" % (number, b"x" * 1000))
        await out.drain()


@case("header-of-a-megabyte")
async def header_of_a_megabyte(_, out):
    """A header of a megabyte, in one line."""
    out.write(whole(article("header-of-a-megabyte"), HTML, "X-Long: " + "x" * MEGABYTE))


@case("continue-without-end")
async def continue_without_end(_, out):
    """`100 Continue` for ever."""
    for _ in range(GIGABYTE // 2500):
        out.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await out.drain()


# Slowness


@case("byte-a-second", group="slow")
async def byte_a_second(_, out):
    """A byte a second, of a page that would take a quarter of an hour."""
    body = article("byte-a-second").encode()
    out.write(head(HTML, f"Content-Length: {len(body)}"))
    for byte in body:
        out.write(bytes((byte,)))
        await out.drain()
        await asyncio.sleep(1)


@case("silence", group="slow")
async def silence(*_):
    """Accepts the connection, and says nothing."""
    await asyncio.sleep(600)


# Lengths and chunks


@case("length-too-long")
async def length_too_long(_, out):
    """A whole article, said to be a hundred bytes longer than it is."""
    body = article("length-too-long").encode()
    out.write(head(HTML, f"Content-Length: {len(body) + 100}") + body)


@case("length-of-a-torn-page")
async def length_of_a_torn_page(_, out):
    """An article that breaks off in the middle, before the length that was said."""
    body = article("length-of-a-torn-page").encode()
    out.write(head(HTML, f"Content-Length: {len(body)}") + body[: len(body) // 2])


@case("length-too-short")
async def length_too_short(_, out):
    """A whole article, said to be shorter than it is: the end is behind the length."""
    body = article("length-too-short").encode()
    out.write(head(HTML, f"Content-Length: {len(body) - 20}") + body)


@case("length-of-no-number")
async def length_of_no_number(_, out):
    """A length that is no number."""
    out.write(head(HTML, "Content-Length: many", "Connection: close") + article("length-of-no-number").encode())


@case("two-lengths")
async def two_lengths(_, out):
    """Two lengths that differ."""
    body = article("two-lengths").encode()
    out.write(head(HTML, f"Content-Length: {len(body)}", "Content-Length: 7", "Connection: close") + body)


@case("chunk-of-no-size")
async def chunk_of_no_size(_, out):
    """Chunks whose second size is no number."""
    body = article("chunk-of-no-size").encode()
    out.write(head(HTML, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\nzz\r\n" % (len(body), body))


@case("chunks-cut-off")
async def chunks_cut_off(_, out):
    """Chunks that break off in the middle of the article."""
    body = article("chunks-cut-off").encode()
    out.write(head(HTML, "Transfer-Encoding: chunked") + b"%x\r\n%s" % (len(body), body[: len(body) // 2]))


@case("chunks-without-end")
async def chunks_without_end(_, out):
    """A whole article in one chunk, without the empty one that ends it."""
    body = article("chunks-without-end").encode()
    out.write(head(HTML, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(body), body))


@case("gzip-cut-off")
async def gzip_cut_off(_, out):
    """An article in gzip that breaks off, in the length that was said."""
    out.write(whole(gzip.compress(article("gzip-cut-off").encode())[:-200], HTML, "Content-Encoding: gzip"))


@case("gzip-that-is-none")
async def gzip_that_is_none(_, out):
    """A whole article said to be in gzip, which it is not."""
    out.write(whole(article("gzip-that-is-none"), HTML, "Content-Encoding: gzip"))


@case("no-http")
async def no_http(_, out):
    """An answer that is no HTTP."""
    out.write(b"SSH-2.0-OpenSSH_9.6\r\n")


@case("no-answer")
async def no_answer(_, out):
    """Closes the connection without a word."""


# TLS


@case("tls-of-its-own", host="tls")
async def tls_of_its_own(_, out):
    """A certificate of its own making, for another name, that has run out."""
    out.write(whole(article("tls-of-its-own")))


@case("tls-that-is-none", host="tls-plain")
async def tls_that_is_none(_, out):
    """HTTP where TLS was asked for."""


# What pages say


@case("error-page-with-200")
async def error_page_with_200(_, out):
    """An error page with status 200."""
    out.write(whole("<html><head><title>提示信息</title></head><body><p>抱歉，您访问的页面不存在。</p></body></html>"))


def on_robots(name, does):
    async def behind(_, out):
        out.write(whole(article(name)))

    behind.__doc__ = does
    case(name, host=name)(behind)


on_robots("robots-deny", "A robots.txt that denies everything.")
on_robots("robots-huge", "A robots.txt of 100 megabytes, whose first line denies everything.")
on_robots("robots-html", "A page in the place of robots.txt.")
on_robots("robots-503", "A robots.txt that answers 503.")
on_robots("robots-binary", "A robots.txt of NUL bytes and invalid UTF-8.")


async def robots(host, out):
    if host == "robots-huge":
        out.write(head("Content-Type: text/plain", "Connection: close") + DENIED)
        line = b"".join(b"Disallow: /%d*x*y*z$\n" % number for number in range(5000))
        for _ in range(100 * MEGABYTE // len(line)):
            out.write(line)
            await out.drain()
    else:
        out.write(ROBOTS.get(host) or whole("no", "Content-Type: text/plain", status="404 Not Found"))


DENIED = b"User-agent: *\nDisallow: /\n"
ROBOTS = {
    "robots-deny": whole(DENIED, "Content-Type: text/plain"),
    "robots-html": whole(article("robots-html")),
    "robots-503": whole("busy", "Content-Type: text/plain", status="503 Service Unavailable"),
    "robots-binary": whole(b"\0\xff\xfeUser-agent\0: *\nDisallow\xff: /\n" * 50, "Content-Type: text/plain"),
}


# Markup


def marked(name, body, does):
    async def page(_, out):
        out.write(whole(body() if callable(body) else body))
        await out.drain()

    page.__doc__ = does
    case(name)(page)


DEEP = 100_000
marked("nested-open", lambda: article("nested-open", more="<div>" * DEEP), "100,000 elements opened, none closed.")
marked("nested-closed", lambda: article("nested-closed", more="<div>" * DEEP + "</div>" * DEEP),
       "100,000 elements, one within the other, all closed.")  # fmt: skip
marked("nested-around", lambda: article("nested-around").replace(
    "<div class='content'>", "<blockquote>" * DEEP + "<div class='content'>") + "</blockquote>" * DEEP,
    "The article within 100,000 elements.")  # fmt: skip
marked("nested-inline", lambda: article("nested-inline", more="<b><i>" * (DEEP // 2) + "</i></b>" * (DEEP // 2)),
       "100,000 elements of bold and italic type.")  # fmt: skip
marked("nested-unknown", lambda: article("nested-unknown", more="<x-a>" * DEEP), "100,000 elements of an unknown kind.")
marked("nested-tables", lambda: article("nested-tables", more="<table><tr><td>" * (DEEP // 3)),
       "33,333 tables within each other.")  # fmt: skip
marked("five-megabytes-in-a-line", lambda: article(
    "five-megabytes-in-a-line", more="<p>" + "开发区的企业昨天签约。" * (5 * MEGABYTE // 33) + "</p>"),
    "5 megabytes of text in one line.")  # fmt: skip
marked("megabyte-of-markup", lambda: article(
    "megabyte-of-markup", more="<p><a href='/x.html'>签约</a></p>" * (MEGABYTE // 40)),
    "A megabyte of links.")  # fmt: skip
marked("megabyte-of-an-attribute", lambda: article(
    "megabyte-of-an-attribute", more="<img src='data:image/png;base64," + "A" * MEGABYTE + "'>"),
    "A picture of a megabyte in an attribute.")  # fmt: skip
marked("megabyte-of-numbers", lambda: article(
    "megabyte-of-numbers", more="<p>" + "1" * MEGABYTE + "</p>"), "A number of a megabyte.")  # fmt: skip
marked("megabyte-of-brackets", lambda: article(
    "megabyte-of-brackets", more="<p>" + "<" * MEGABYTE + "</p>"), "A megabyte of `<`.")  # fmt: skip
marked("megabyte-of-references", lambda: article(
    "megabyte-of-references", more="<p>" + "&amp;amp;" * (MEGABYTE // 9) + "</p>"),
    "A megabyte of character references.")  # fmt: skip
marked("more-than-is-read", lambda: article("more-than-is-read", more="<p>" + "a" * 7 * MEGABYTE + "</p>"),
       "7 megabytes of text, where READ_MAXSIZE is 6.")  # fmt: skip
marked("nul-bytes", lambda: article("nul-bytes").replace("开发区第", "开发\0区第").replace("<h1>", "\0<h1>"),
       "NUL bytes in text and markup.")  # fmt: skip


@case("latin-bytes-in-headers")
async def latin_bytes_in_headers(_, out):
    """Headers that are no UTF-8, the kind of page among them."""
    body = article("latin-bytes-in-headers").encode()
    out.write(
        b"HTTP/1.1 200 \xd5\xfd\xb3\xa3\r\nServer: \xff\xfe\r\nContent-Type: text/html; charset=\xff\r\n"
        b"X-\xe9: \xe9\r\nETag: \xff\xff\r\nLast-Modified: \xb6\xfe\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )


linked("address-in-gbk", "/n/address-in-gbk/20240506_10001.html?t=%D5%D0%C9%CC", "An address in percent-encoded GBK.")
linked("address-of-bad-utf8", "/n/address-of-bad-utf8/%FF%FE%C3/20240506_10001.html", "An address that is no UTF-8.")
linked("address-of-idn", "http://新闻.dongjiang.example/n/address-of-idn/20240506_10001.html", "A Chinese host name.")
linked("address-of-100-kilobytes", "/n/address-of-100-kilobytes/20240506_10001.html?" + "x" * 100_000,
       "A link of 100 kilobytes.")  # fmt: skip
linked("address-of-nonsense", "http://[::bad/n/20240506_10001.html", "A link that is no address.")
linked("address-of-a-bad-port", "http://127.0.0.1:99999/n/20240506_10001.html", "A link to port 99999.")


@case("good-at-the-end")
async def good_at_the_end(_, out):
    """A whole article, last in the list."""
    out.write(whole(article("good-at-the-end")))


# Lists


async def listed(path, out):
    """The cases of a group."""
    links = "".join(
        f"<li><a href='{CASES[name].get('link') or address(name)}'>开发区签约{name}</a></li>"
        for name in GROUPS[path[1:].removesuffix(".html")]
    )
    out.write(whole(f"<html><body><ul>{links}</ul></body></html>"))


async def calendar(path, out):
    """A list whose next page is always a new one, with new links to articles."""
    number = int(path.partition("?")[2] or 1)
    links = "".join(
        f"<li><a href='/endless/20240506_{10_000 + 3 * number + each}.html'>开发区昨天签约第{number}批企业名单</a></li>"
        for each in range(3)
    )
    out.write(whole(f"<html><body><ul>{links}</ul><a href='/endless.html?{number + 1}'>下一页</a></body></html>"))


async def endless_article(path, out):
    out.write(whole(article(path.rpartition("_")[2].removesuffix(".html"))))


async def status_list(_, out):
    links = "".join(f"<li><a href='/status/{code}/20240506_10001.html'>开发区签约{code}</a></li>" for code in STATUSES)
    out.write(whole(f"<html><body><ul>{links}</ul></body></html>"))


async def status(path, out):
    code = path.split("/")[2]
    out.write(whole(article(code), status=f"{code} Status"))


STATUSES = (
    *range(400, 419), 421, 422, 423, 424, 425, 426, 428, 429, 431, 444, 449, 451, 494, 499,
    *range(500, 509), 510, 511, *range(520, 528), 530, 561, 598, 599, 600, 999,
    200,
)  # fmt: skip


# Sitemaps


def xml(body):
    return whole(body, "Content-Type: application/xml")


def urlset(*urls, before=""):
    locs = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<?xml version="1.0"?>{before}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'


def index(*urls):
    locs = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</sitemapindex>'
    )


def private():
    """Hosts of this machine and its network; `localhost` is one by its name server's answer."""
    here = ("127.0.0.2", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]")
    return (*(f"{host}:{PORTS['main']}" for host in here), "10.0.0.1", "169.254.169.254")


SITE = "http://sitemaps.example"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
SITEMAPS = {
    "sitemap-entity-bomb": (
        "An entity that is a billion laughs long.",
        lambda: urlset(
            f"{SITE}/n/laughed/20240506_10001.html", "&l9;",
            before=f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]>',
        ),
    ),
    "sitemap-entity-file": (
        "An entity that is a file of this machine, and one that is an address.",
        lambda: urlset(
            f"{SITE}/n/entity/20240506_10001.html", f"{SITE}/n/&file;&net;/20240506_10001.html",
            before=f'<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname"><!ENTITY net SYSTEM "{SITE}/dtd">]>',
        ),
    ),
    "sitemap-of-files": ("An index that names a file of this machine.", lambda: index("file:///etc/hostname")),
    "sitemap-of-private": (
        "An index that names loopback, private networks and what tells secrets in a cloud, in seven ways.",
        lambda: index(*(f"http://{host}/sitemap-secret.xml" for host in private())),
    ),
    "sitemap-of-itself": ("An index that names itself.", lambda: index(f"{SITE}/sitemap-of-itself.xml")),
    "sitemap-deep": ("A sitemap nested 100,000 deep.", lambda: urlset() + "<url>" * DEEP),
    "sitemap-last": (
        "A sound sitemap, after the others.", lambda: urlset(f"{SITE}/n/last/20240506_10001.html"),
    ),
}  # fmt: skip


async def sitemap(path, out):
    name = path[1:].removesuffix(".xml")
    if name == "sitemaps":
        out.write(xml(index(*(f"{SITE}/{each}.xml" for each in SITEMAPS))))
    elif name == "sitemap-50000":
        out.write(xml(urlset(*(f"{SITE}/n/s{n}/20240506_{n}.html" for n in range(50_000)))))
    elif name.startswith("sitemap-endless"):
        number = int(name.rpartition("-")[2])
        out.write(xml(index(f"{SITE}/sitemap-endless-{number + 1}.xml")))
    else:
        out.write(xml(SITEMAPS[name][1]() if name in SITEMAPS else urlset(f"{SITE}{SECRET}")))
    await out.drain()


# Serving

ROOMS = {
    "/endless.html": calendar,
    "/endless/": endless_article,
    "/statuses.html": status_list,
    "/status/": status,
    "/sitemap": sitemap,
    "/pages.html": listed,
    "/slow.html": listed,
}


async def answer(host, target, out):
    if target.partition("?")[0].endswith("/robots.txt"):
        await robots(host, out)
        return
    path = target
    if "://" in target:
        parts = urlsplit(target)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
    for room, function in ROOMS.items():
        if path.startswith(room):
            await function(path, out)
            return
    for each in CASES.values():
        if path.startswith(each["path"].rpartition("/")[0] + "/"):
            await each["answer"](path, out)
            return
    out.write(whole(article(path.split("/")[2] if path.count("/") > 1 else "nothing")))


def serving(host):
    async def serve(reader, out):
        try:
            if host == "tls-plain":
                out.write(whole("This is plain HTTP.", status="400 Bad Request"))
                return
            asked = await reader.readuntil(b"\r\n\r\n")
            target = asked.split(b" ", 2)[1].decode("latin-1")
            say([host, target])
            await answer(host, target, out)
            await out.drain()
        except (asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass
        finally:
            out.close()

    return serve


def say(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def certificate(folder):
    """A certificate that has run out, of its own making, for a name that is not asked for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.other.example")])
    long_ago = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(long_ago).not_valid_after(long_ago + dt.timedelta(365)).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + made.public_bytes(serialization.Encoding.PEM)
    file = Path(folder) / "own.pem"
    file.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def main():
    with tempfile.TemporaryDirectory() as folder:
        context = certificate(folder)
    hosts = ["main", "tls", "tls-plain", *(name for name in CASES if name.startswith("robots-"))]
    for host in hosts:
        options = {"ssl": context} if host == "tls" else {}
        server = await asyncio.start_server(serving(host), "127.0.0.1", 0, **options)
        PORTS[host] = server.sockets[0].getsockname()[1]
    # What no source names listens as well: that it is not asked is no accident.
    await asyncio.start_server(serving("loopback"), "127.0.0.2", PORTS["main"])
    cases = {name: {"does": each["does"], "address": address(name)} for name, each in CASES.items()}
    for name, (does, _) in SITEMAPS.items():
        cases[name] = {"does": does, "address": f"{SITE}/{name}.xml"}
    say({"origin": origin("main"), "cases": cases, "statuses": STATUSES})
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def compressed():
    """A gigabyte of blanks in gzip, as members of a megabyte, and in brotli."""
    made = brotli.Compressor(quality=5)
    blanks = b" " * 16 * MEGABYTE
    parts = [made.process(blanks) for _ in range(GIGABYTE // len(blanks))]
    return gzip.compress(b" " * MEGABYTE) * 1024, b"".join((*parts, made.finish()))


GZIP, BROTLI = compressed()

if __name__ == "__main__":
    asyncio.run(main())
