"""Guess what a site is called and where it is at home, from one of its pages. Each guess says what it goes by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from archive import regions
from archive.article import Page
from crawler.loader import hosts
from spiders.reading.document import parsed
from spiders.source import Source

_DASH = re.compile(r"\s*(?:[_|—–]+|\s-+\s|-+(?=[\u3400-\u9fff]))\s*")


class Guess(NamedTuple):
    """A value and what it goes by."""

    value: str
    why: str


PROVINCES = {
    "11": ("beijing", "bj"), "12": ("tianjin", "tj"), "13": ("hebei",), "14": ("shanxi",), "15": ("neimenggu", "nmg"),
    "21": ("liaoning", "ln"), "22": ("jilin", "jl"), "23": ("heilongjiang", "hlj"), "31": ("shanghai", "sh"),
    "32": ("jiangsu",), "33": ("zhejiang", "zj"), "34": ("anhui", "ah"), "35": ("fujian",), "36": ("jiangxi",),
    "37": ("shandong",), "41": ("henan",), "42": ("hubei",), "43": ("hunan",), "44": ("guangdong", "gd"),
    "45": ("guangxi", "gxzf"), "46": ("hainan",), "50": ("chongqing", "cq"), "51": ("sichuan", "sc"),
    "52": ("guizhou",), "53": ("yunnan", "yn"), "54": ("xizang",), "61": ("shaanxi",), "62": ("gansu",),
    "63": ("qinghai",), "64": ("ningxia", "nx"), "65": ("xinjiang",), "71": ("taiwan",), "81": ("xianggang",),
    "82": ("aomen",),
}  # fmt: skip
"""First digits of the code, the folder of the province, and what else its government's host is called."""


_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(\S+) -->")


def address_of(page: Page) -> str | None:
    """The address that a saved page says it came from: what browsers write on top of it, or its canonical one."""
    document = parsed(page)
    link = document.first(("link[rel=canonical]",))
    saved = _SAVED_FROM.search(page.text[:2000])
    said = (saved and saved[1], link and link.attributes.get("href"), document.meta.get("og:url"))
    return next((url for url in said if url and url.startswith(("http://", "https://"))), None)


def name_of(page: Page, *, article: bool) -> Guess:
    """What readers call the site: from its metadata, from the title's end; else the host.

    `article` says that the page is one: then a title of one piece is its headline.
    """
    document = parsed(page)
    for name in ("sitename", "og:site_name", "application-name"):
        if value := document.meta.get(name):
            return Guess(value, f"meta {name}")
    if value := document.properties.get("papername"):
        return Guess(value, "enpproperty")
    pieces = [piece for piece in _DASH.split(document.title or "") if piece]
    front = urlsplit(page.url).path in ("", "/")
    if pieces and (len(pieces) > 1 or not article):
        return Guess(pieces[0] if front else pieces[-1], "the title")
    return Guess(urlsplit(page.url).hostname or page.url, "the host, since the page says no name")


def id_of(url: str) -> str:
    """An id, from the host.

    >>> id_of("https://xt.rednet.cn/"), id_of("http://www.hongan.example/a/"), id_of("http://swt.jiangsu.gov.cn/col/")
    ('xt_rednet', 'hongan', 'swt_jiangsu')
    """
    labels = (urlsplit(url).hostname or "").split(".")[:-1]
    kept = [label for label in labels if label not in ("www", "com", "gov", "net", "org", "edu")]
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(kept)).strip("_")
    return name if name[:1].isalpha() else f"site_{name}".rstrip("_")


def region_in(name: str) -> Guess | None:
    """The division or zone that a site's name has in it; None where there are several of that name, or none.

    >>> region_in("湘潭市商务局").value, region_in("红网兰州新区站").value, region_in("吉林日报").value
    ('430300', '620100-XQ', '220000')
    >>> region_in("朝阳新闻网")
    """
    found: dict[str, list[str]] = {}
    for region in regions.table().values():
        if region.until is None:
            for words in {region.name, *region.short}:
                if words in name:
                    found.setdefault(words, []).append(region.code)
    if not found:
        return None
    longest = max(found, key=len)
    # A province and a city may share a name; a paper of that name is the province's.
    codes = [code for code in found[longest] if code.endswith("0000")] or found[longest]
    return Guess(codes[0], f"{longest} in its name, {regions.name_of(codes[0])}") if len(codes) == 1 else None


def domain_of(host: str) -> str:
    """The domain that a host belongs to: what is registered, below .gov.cn and the like one label more.

    >>> domain_of("gs.people.com.cn"), domain_of("xt.rednet.cn"), domain_of("swt.jiangsu.gov.cn")
    ('people.com.cn', 'rednet.cn', 'jiangsu.gov.cn')
    """
    shared = (".gov.cn", ".com.cn", ".net.cn", ".org.cn", ".edu.cn")
    return ".".join(host.split(".")[-3 if host.endswith(shared) else -2 :])


def region_of(page: Page, name: str, known: Mapping[str, Source]) -> Guess | None:
    """The home division: by the government's site code, the name, the host, the sources of ours on the same domain."""
    code = parsed(page).meta.get("siteidcode", "")[:6]
    if regions.is_known(code):
        return Guess(code, f"SiteIDCode, {regions.name_of(code)}")
    if named := region_in(name):
        return named
    host = urlsplit(page.url).hostname or ""
    domain = domain_of(host)
    for digits, names in PROVINCES.items():
        if host.endswith(".gov.cn") and set(host.split(".")) & set(names):
            return Guess(f"{digits}0000", "the host")
    beside = [source for source in known.values() if any(domain_of(each) == domain for each in hosts(source))]
    # people.com.cn has a site for each province: one of them says nothing of the next.
    provinces = {source.region and source.region[:2] for source in beside}
    if len(provinces) == 1 and (province := provinces.pop()):
        return Guess(f"{province}0000", f"{beside[0].id}, a source on the same domain")
    return None
