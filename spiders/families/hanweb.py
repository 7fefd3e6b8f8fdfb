"""大汉 (Hanweb), whose jpage lists come as XML: governments of Jiangsu, Zhejiang, Shandong, Inner Mongolia."""

from __future__ import annotations

from spiders.families.portal import Portal


class Hanweb(Portal):
    """Lists of records inside the page, and further ones by request."""
