"""What a list says of an article: the macro `_story.html` shows it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from archive.site.rendering import rows

_ITEMS = """
select articles.id, articles.url, kicker, title, subtitle, text, articles.source,
    coalesce(sources.name, articles.source) as source_name, search_facts.day, origin, region_code, script, damage,
    version, gone_at, articles.story_id, stories.best_id = articles.id as best, coalesce(stories.copies, 1) as copies,
    copies.kind
from json_each(:ids) join articles on articles.id = json_each.value
    join search_facts on search_facts.id = articles.id
    left join sources on sources.id = articles.source left join stories on stories.id = articles.story_id
    left join copies on copies.article_id = articles.id
order by json_each.key
"""


def items(connection: sqlite3.Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Articles for a list, in the order of their ids; one that is no longer there is left out.

    `day` is the date as far as it is known (`2024-09`, or empty), `copies` the number of articles of its story, `best`
    whether it stands for them, `kind` what it is of them: None where it is alone.
    """
    return rows(connection, _ITEMS, {"ids": json.dumps(list(ids))})
