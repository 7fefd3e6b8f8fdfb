"""Which articles tell the same story. So far: those whose text is the same in either script, to the letter."""

from __future__ import annotations

import hashlib
import re

from sqlite_utils import Database

from archive.search.folding import fold

# All but letters, digits and the point between two digits: 14.9% and 1.49% are no copies of each other.
_NOT_WORDS = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.]+|_+")


def content_digest(text: str) -> str:
    """What two copies of a text share: SHA-256 (32 hex digits) over its folded letters and digits.

    >>> content_digest("招商引資，成效顯著。") == content_digest("招商引资, 成效显著")
    True
    >>> content_digest("增长14.9%") == content_digest("增长1.49%")
    False
    >>> content_digest("??????") == content_digest("????????")
    False
    """
    # A text of which only question marks are left has no words to be compared.
    words = _NOT_WORDS.sub("", fold(text)) or text
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def story_of(db: Database, digest: str) -> int:
    """The id of the story with that content, made if it is new. To be called inside a transaction."""
    db.execute("insert into stories(content_digest) values (?) on conflict do nothing", [digest])
    return int(db.execute("select id from stories where content_digest = ?", [digest]).fetchone()[0])


def drop_if_empty(db: Database, story_id: int) -> None:
    """Remove a story that no article belongs to any more. To be called inside a transaction."""
    db.execute(
        "delete from stories where id = :id and not exists (select 1 from articles where story_id = :id)",
        {"id": story_id},
    )
