"""Sites that say themselves what is new: RSS, Atom, sitemaps."""

from __future__ import annotations

from spiders.families.portal import Portal


class Feed(Portal):
    """`start` are addresses of feeds, sitemaps or sitemap indexes."""
