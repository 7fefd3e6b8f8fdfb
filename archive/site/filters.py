"""How templates show a value: `{{ code|region }}`."""

from __future__ import annotations

import re
from urllib.parse import quote

from archive import regions
from archive.site.clock import china_day, in_china
from archive.site.described import described
from archive.site.telling import told


def region(code: str) -> str:
    """The `region_code` column for readers; a code that the table does not have stays as it is.

    >>> region("430300-GX"), region("999999")
    ('湖南省湘潭市湘潭高新技术产业开发区', '999999')
    """
    return regions.name_of(code) if code in regions.table() else code


def segment(name: str) -> str:
    """A name as one segment of an address, whatever stands in it.

    >>> segment("a/b 湘")
    'a%2Fb%20%E6%B9%98'
    """
    return quote(name, safe="")


# Blanks but the usual one, control, format and private-use characters.
_UNSEEN = re.compile(
    r"[^\S \n]|[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    r"""A piece of a text in which what cannot be seen is named by its code point.

    >>> visible("上一版\ue5e5下\u200b")
    '上一版[U+E5E5]下[U+200B]'
    """
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


FILTERS = {each.__name__: each for each in (china_day, described, in_china, region, segment, told, visible)}
"""By the names that templates have for them."""
