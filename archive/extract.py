"""A part of an archive as another archive that waits for its pages to be read again: what `verify` compares with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from archive.recovery import IDS, READ, make_tables

_READ = f"""
insert or ignore into copy.{READ}
select id, article_id, 1 from main.pages where article_id in (select id from wanted)
union all select page_id, article_id, 0 from main.visits
    where part_of is not null and page_id is not null and article_id in (select id from wanted)
"""  # noqa: S608


def extract(db: Database, copy: Database, ids: Sequence[int] | None) -> None:
    """Enter runs, sources and pages of an archive into an empty one: those of some articles, or all for None.

    With all of them go the lists, which tell what their articles do not.
    """
    make_tables(copy)
    copy.conn.commit()
    db.execute("attach ? as copy", [_file_of(copy)])
    try:
        db.execute("create temp table wanted as select id from articles where 0")
        if ids is None:
            db.execute("insert into wanted select id from articles")
        else:
            db.conn.executemany("insert into wanted values (?)", [(each,) for each in ids])
        for table in ("sources", "runs", "imports"):
            db.execute(f"insert or replace into copy.{table} select * from main.{table}")  # noqa: S608
        db.execute(_READ)
        columns = ", ".join(column.name for column in db.table("pages").columns)
        among = (
            "1" if ids is None else
            f"id in (select id from copy.{READ}) or id in (select revisit_of from main.pages"  # noqa: S608
            f" where id in (select id from copy.{READ}))"
        )  # fmt: skip
        db.execute(f"insert into copy.pages({columns}) select {columns} from main.pages where {among}")  # noqa: S608
        db.execute("update copy.pages set article_id = null")
        db.execute(
            f"insert into copy.{IDS} select url, id from main.articles where id in (select id from wanted)"  # noqa: S608
        )
        db.execute("update copy.runs set accounted = 1")
        db.execute("drop table wanted")
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise
    finally:
        db.execute("detach copy")


def _file_of(db: Database) -> str:
    return str(db.execute("pragma database_list").fetchone()[2])
