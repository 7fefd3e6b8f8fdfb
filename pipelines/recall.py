"""Recall what is known of an article already, where a new reading of its page alone knows less."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from scrapy.exceptions import DropItem

from archive.addresses import article_at
from archive.article import Article
from archive.told import TOLD
from pipelines.text.dates import find_date
from pipelines.with_archive import WithArchive

INCOMPLETE = re.compile(r"(?:continuation|beginning) missing|\bparts? [\d-]+ of \d")
"""What the rule of a text says where parts of it did not come."""


class RecallStage(WithArchive):
    """Item pipeline, before the text is repaired; stats `recall/incomplete`.

    What only a list told of an article stays, and a whole article is not replaced by the first part of it: a page may
    be read without its list or its other parts, out of a WARC file that has no more, or where these did not come.
    """

    def process_item(self, item: Article) -> Article:
        known = "select title, raw_date, published, byline, section, provenance from articles where url = ?"
        row = next(self.db.query(known, [article_at(self.db, item.url)]), None)
        if row is None:
            return item
        rules: dict[str, str] = json.loads(row["provenance"])
        if is_incomplete(item.provenance) and not is_incomplete(rules):
            self.stats.inc_value("recall/incomplete")
            raise DropItem(f"incomplete: {item.url} has been read whole before", log_level="INFO")
        return recalled(item, row, rules)


def is_incomplete(rules: Any) -> bool:
    """Whether the rules of an article's fields say that parts of its text are missing.

    >>> is_incomplete({"text": "#ozoom, parts 1-2 of 3"}), is_incomplete({"text": "#ozoom, parts 1-3"})
    (True, False)
    """
    return INCOMPLETE.search(rules.get("text", "")) is not None


def recalled(article: Article, row: dict[str, Any], rules: dict[str, str]) -> Article:
    """The article with those fields of its former reading that a list had told, and that are open now."""
    former = {"title": row["title"], "raw_date": row["raw_date"], "raw_byline": row["byline"]}
    told = {name: value for name, value in former.items() if rules.get(name) in TOLD}
    open_fields = {name: value for name, value in told.items() if not getattr(article, name)}
    if "raw_date" in told and article.provenance.get("raw_date", "").startswith("address"):
        day = find_date(article.raw_date)
        if day and day.value and day.value[:10] == (row["published"] or "")[:10]:
            open_fields["raw_date"] = told["raw_date"]
    provenance = {**article.provenance, **{name: rules[name] for name in open_fields}}
    # The newspaper page, which an article may not name itself, has no rule.
    section = article.section or (None if "section" in rules else row["section"])
    return replace(article, **open_fields, section=section, provenance=provenance)
