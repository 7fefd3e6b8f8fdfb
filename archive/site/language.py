"""Every word of ours on the site, in Chinese and English: `words/zh.toml` and `words/en.toml`, the same keys in both.

Which language a page is in is told by `?lang=`, else by the cookie that the switch sets, else by the browser.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from datasette.utils.asgi import Request
from markupsafe import Markup, escape

LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""By the name of its catalogue, the tag of the language in HTML; the first one where nothing is said."""

COOKIE = "lang"


def language_of(request: Request | None) -> str:
    """The language in which a request is answered."""
    if request is None:
        return next(iter(LANGUAGES))
    for said in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if said in LANGUAGES:
            return str(said)
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The language that a browser likes best of those there are.

    >>> preferred("fr, en-GB;q=0.8, zh;q=0.5"), preferred("de"), preferred("zh-TW,en;q=0.9")
    ('en', 'zh', 'zh')
    """
    wanted = []
    for place, each in enumerate(header.split(",")):
        tag, _, weight = each.strip().partition(";q=")
        name = tag.partition("-")[0].lower()
        if name in LANGUAGES:
            quality = float(weight) if re.fullmatch(r"[01](\.\d{1,3})?", weight) else 1.0
            wanted.append((-quality, place, name))
    return min(wanted)[2] if wanted else next(iter(LANGUAGES))


class Words:
    """A catalogue, called in templates: `{{ t("search.hits", n=3) }}`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.tag = LANGUAGES[language]
        self._words = catalogue(language)

    def __call__(self, key: str, /, **values: Any) -> Markup:
        """The words of a key, with `{n}` filled in; values are escaped, the words are not.

        Where `n` is 1, English has `key.one`. Raises KeyError for a key that the catalogue lacks.
        """
        if not values:
            return _said(self.language, key)
        if values.get("n") == 1:
            key = f"{key}.one" if f"{key}.one" in self._words else key
        shown = {name: f"{value:,}" if isinstance(value, int) else escape(value) for name, value in values.items()}
        return Markup(self._words[key].format(**shown))  # noqa: S704 - our own words, and what is filled in is escaped

    def of(self, group: str, name: str | None) -> Markup | str:
        """The word for a value of the archive (`kind.reprint`), or the value itself where there is none."""
        return Markup(self._words[f"{group}.{name}"]) if f"{group}.{name}" in self._words else name or ""  # noqa: S704


@cache
def _said(language: str, key: str) -> Markup:
    return Markup(catalogue(language)[key].format())  # noqa: S704 - our own words


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All words of a language, by their dotted keys.

    >>> catalogue("zh").keys() >= {"site.title", "nav.search"}
    True
    """
    text = files("archive.site").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        found += _flat(value, f"{before}{name}.") if isinstance(value, dict) else [(before + name, value)]
    return found
