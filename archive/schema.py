"""The tables of `archive.db`, as migrations: applied in order, each once, never edited after a release."""

from __future__ import annotations

import json

from sqlite_utils import Database, Migrations

from archive.canonical import key
from archive.search.find import index_title

migrations = Migrations("zhaoshang")


@migrations()
def m001_first_tables(db: Database) -> None:
    db.table("sources").create(
        {"id": str, "name": str, "family": str, "region": str, "province": str, "start": str, "verified": int}, pk="id"
    )
    db.table("runs").create(
        {
            "id": int,
            "source": str,
            "started": str,
            "finished": str,
            "reason": str,
            "pages": int,
            "new": int,
            "changed": int,
            "unchanged": int,
            "dropped": int,
            "errors": int,
            "finding": str,
            "stats": str,
        },
        pk="id",
        not_null={"source", "started"},
    )
    db.table("pages").create(
        {
            "id": int,
            "run_id": int,
            "url": str,
            "fetched_at": str,
            "status": int,
            "content_type": str,
            "charset": str,
            "charset_evidence": str,
            "damaged": int,
            "digest": str,
            "warc_file": str,
            "warc_offset": int,
            "warc_length": int,
            # Where the payload is the same as before, the record is a revisit, and this the page that has the payload.
            "revisit_of": int,
        },
        pk="id",
        not_null={"url", "fetched_at", "digest", "warc_file", "warc_offset", "warc_length"},
        foreign_keys=[("run_id", "runs", "id")],
    ).create_index(["url"])
    db.table("stories").create({"id": int, "content_digest": str}, pk="id").create_index(
        ["content_digest"], unique=True
    )


@migrations()
def m002_articles(db: Database) -> None:
    articles = db.table("articles").create(
        {
            "id": int,
            "url": str,
            "source": str,
            "kicker": str,
            "title": str,
            "subtitle": str,
            "original_title": str,
            "text": str,
            "published": str,
            "published_precision": str,
            "published_evidence": str,
            "authors": str,
            "byline": str,
            "editor": str,
            "origin": str,
            "origin_via": str,
            "section": str,
            "region_code": str,
            "script": str,
            "reading": str,
            "charset": str,
            "first_fetched": str,
            "last_fetched": str,
            "version": int,
            "story_id": int,
            "page_id": int,
        },
        pk="id",
        not_null={"url", "source", "text", "authors", "first_fetched", "last_fetched", "version", "page_id"},
        foreign_keys=[("page_id", "pages", "id"), ("story_id", "stories", "id")],
    )
    articles.create_index(["url"], unique=True)
    articles.create_index(["published"])
    articles.create_index(["source", "story_id"])
    articles.create_index(["story_id"])
    db.table("images").create(
        {"article_id": int, "position": int, "url": str, "caption": str},
        pk=("article_id", "position"),
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("repairs").create(
        {
            "article_id": int,
            "position": int,
            "kind": str,
            "field": str,
            "start": int,
            "before": str,
            "after": str,
            "confidence": float,
            "evidence": str,
        },
        pk=("article_id", "position"),
        foreign_keys=[("article_id", "articles", "id")],
    )
    # What an article was before a later reading changed it; the WARC record of that reading stays, too.
    db.table("revisions").create(
        {"article_id": int, "version": int, "page_id": int, "superseded_at": str, "fields": str},
        pk=("article_id", "version"),
        foreign_keys=[("article_id", "articles", "id"), ("page_id", "pages", "id")],
    )
    # Further addresses of an article: the same source served the same text there.
    db.table("addresses").create(
        {"url": str, "article_id": int, "page_id": int, "first_seen": str},
        pk="url",
        foreign_keys=[("article_id", "articles", "id"), ("page_id", "pages", "id")],
    )


@migrations()
def m003_search_index(db: Database) -> None:
    # Contentless: the text stands once, in articles. The `ascii` tokenizer splits at the blanks that `tokens` put in
    # and takes every character beyond ASCII as a letter; unicode61 of SQLite 3.40 would drop rarer characters.
    db.execute("create virtual table articles_fts using fts5(title, text, content='', tokenize='ascii', detail=full)")
    # A contentless table forgets a row only when told its old tokens (SQLite 3.43 could do without). The triggers see
    # the old row, so every way of writing keeps the index true, and a program without `tokens` cannot write past it.
    add = "insert into articles_fts(rowid, title, text) values (new.id, tokens({title}), tokens(new.text));"
    drop = (
        "insert into articles_fts(articles_fts, rowid, title, text)"
        " values ('delete', old.id, tokens({title}), tokens(old.text));"
    )
    add, drop = add.format(title=index_title("new")), drop.format(title=index_title("old"))
    words = ("id", "kicker", "title", "subtitle", "text")
    changed = " or ".join(f"old.{column} is not new.{column}" for column in words)
    for name, event, body in (
        ("articles_indexed", "insert on articles", add),
        ("articles_unindexed", "delete on articles", drop),
        # Of any column, so that no program without `tokens` can update with REPLACE past the trigger above.
        ("articles_reindexed", f"update on articles when {changed}", drop + add),
    ):
        db.execute(f"create trigger {name} after {event} begin {body} end")


@migrations()
def m004_damage(db: Database) -> None:
    articles = db.table("articles")
    # Raw beside clean: repairs of these two lines stand in their own text, and could not be undone without it.
    articles.add_column("raw_date", str)
    articles.add_column("raw_origin", str)
    articles.add_column("damage", int, not_null_default=0)
    # What the next crawl counts is more than this (锟斤拷 …), and replaces it even where the article is unchanged.
    words = "text || coalesce(title, '')"
    lost = f"length({words}) - length(replace({words}, char(65533), ''))"
    db.execute(f"update articles set damage = {lost} where {lost} > 0")  # noqa: S608
    db.execute("create index idx_articles_damaged on articles(damage) where damage > 0")
    # Repairs were named after fields of the program. Those of lines that were not kept tell nothing any more.
    db.execute("update repairs set field = 'byline' where field = 'raw_byline'")
    db.execute("delete from repairs where field in ('raw_origin', 'raw_date')")
    for row in list(db.query("select rowid, fields from revisions where fields like '%\"repairs\"%'")):
        fields = json.loads(row["fields"])
        fields["repairs"] = [
            each | {"field": each["field"].replace("raw_byline", "byline")}
            for each in fields["repairs"]
            if each["field"] not in ("raw_origin", "raw_date")
        ]
        db.execute(
            "update revisions set fields = ? where rowid = ?", [json.dumps(fields, ensure_ascii=False), row["rowid"]]
        )


@migrations()
def m005_read_in_full(db: Database) -> None:
    articles = db.table("articles")
    # Lists as JSON, as `authors`; provenance as an object by field.
    for column in ("roles", "keywords", "speakers"):
        articles.add_column(column, str, not_null_default="[]")
    articles.add_column("provenance", str, not_null_default="{}")
    articles.add_column("region_evidence", str)
    db.table("attachments").create(
        {"article_id": int, "position": int, "url": str, "name": str},
        pk=("article_id", "position"),
        not_null={"url"},
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("article_regions").create(
        {"article_id": int, "position": int, "code": str, "words": str, "times": int},
        pk=("article_id", "position"),
        foreign_keys=[("article_id", "articles", "id")],
    ).create_index(["code"])


@migrations()
def m006_regions(db: Database) -> None:
    # Its rows come from the table of the program, at every opening with another one (archive.regions.fill).
    db.table("regions").create(
        {
            "code": str,
            "name": str,
            "full_name": str,
            "short": str,
            "kind": str,
            "parent": str,
            "until": str,
            "successor": str,
            "longitude": float,
            "latitude": float,
        },
        pk="code",
        not_null={"name", "full_name", "kind"},
        foreign_keys=[("parent", "regions", "code"), ("successor", "regions", "code")],
    ).create_index(["name"])
    db.table("article_regions").add_foreign_key("code", "regions", "code")


@migrations()
def m007_stories(db: Database) -> None:
    # Stories are made anew, of near copies too, when the archive is opened (archive.stories.joining.catch_up).
    db.execute("update articles set story_id = null")
    db.table("stories").drop()
    db.table("stories").create(
        {
            "id": int,
            "best_id": int,
            "first_id": int,
            "first_published": str,
            "first_evidence": str,
            "copies": int,
            "sources": int,
        },
        pk="id",
        foreign_keys=[("best_id", "articles", "id"), ("first_id", "articles", "id")],
    )
    # One row for each text there is, however many articles have it; `sketch` is its MinHash, a byte a band, `figures`
    # what tells notices in the same words apart. Without foreign keys, which would be told to readers of the site.
    db.table("fingerprints").create(
        {"id": int, "digest": str, "length": int, "sketch": bytes, "figures": bytes, "story_id": int},
        pk="id",
        not_null={"digest", "length"},
    )
    db.table("fingerprints").create_index(["digest"], unique=True)
    db.table("fingerprints").create_index(["story_id"])
    # MinHash bands: keys are spread all over, so that each new text would touch as many disk pages as it has bands.
    # New ones gather in a small table and move on in order of their keys (archive.stories.bands).
    for table in ("fingerprint_bands", "fingerprint_new_bands"):
        db.execute(
            f"create table {table} (key integer not null, fingerprint integer not null,"
            " primary key (key, fingerprint)) without rowid"
        )
    db.table("articles").add_column("fingerprint_id", int)
    db.table("articles").create_index(["fingerprint_id"])
    # How an article belongs to its story: what it is of the story's best copy, or of the copy that it is nearest to.
    db.table("copies").create(
        {
            "article_id": int,
            "story_id": int,
            "kind": str,
            "like_id": int,
            "resemblance": float,
            "containment": float,
            "evidence": str,
            "taken_from": int,
            "taken_evidence": str,
        },
        pk="article_id",
        not_null={"story_id", "kind", "evidence"},
        foreign_keys=[
            ("article_id", "articles", "id"),
            ("story_id", "stories", "id"),
            ("like_id", "articles", "id"),
            ("taken_from", "articles", "id"),
        ],
    ).create_index(["story_id"])
    # What became of a story that was merged into another, parted from one, or lost its last article. Ids are not given
    # twice, so `story_id` here may name one that is no more.
    db.table("story_changes").create(
        {"id": int, "story_id": int, "kind": str, "other_id": int, "article_id": int, "at": str, "evidence": str},
        pk="id",
        not_null={"story_id", "kind", "at"},
    ).create_index(["story_id"])


@migrations()
def m008_visits(db: Database) -> None:
    # Every address of an article page that a crawl asked for, whether it brought an article or not: what the next
    # crawl need not ask for again, when it should, and by which validators.
    db.table("visits").create(
        {
            "key": str,
            "url": str,
            "source": str,
            "article_id": int,
            "page_id": int,
            "digest": str,
            "etag": str,
            "last_modified": str,
            "first_asked": str,
            "last_asked": str,
            "due_at": str,
            "missing_since": str,
            "misses": int,
        },
        pk="key",
        not_null={"url", "source", "first_asked", "last_asked", "misses"},
        defaults={"misses": 0},
        foreign_keys=[("article_id", "articles", "id"), ("page_id", "pages", "id")],
    )
    db.table("visits").create_index(["source", "due_at"])
    db.table("visits").create_index(["article_id"])
    articles = db.table("articles")
    # Gone from its site: seen to be missing twice, some time apart. Set back to null when it is there again.
    articles.add_column("gone_at", str)
    articles.add_column("gone_evidence", str)
    db.execute("create index idx_articles_gone on articles(gone_at) where gone_at is not null")


@migrations()
def m009_address_keys(db: Database) -> None:
    # What addresses of one page share. Fixes of another release make other keys: it has to fill these columns anew.
    db.register_function(key, name="address_key", deterministic=True)
    for table in ("articles", "addresses"):
        db.table(table).add_column("address_key", str)
        db.execute(f"update {table} set address_key = address_key(url)")  # noqa: S608
        db.table(table).create_index(["address_key"])


@migrations()
def m010_issues(db: Database) -> None:
    # Issues of e-papers that came in whole, after their day: they are never asked for again.
    db.table("issues").create(
        {"source": str, "paper": str, "day": str, "articles": int, "completed_at": str, "run_id": int},
        pk=("source", "paper", "day"),
        not_null={"articles", "completed_at"},
        foreign_keys=[("run_id", "runs", "id")],
    )
    visits = db.table("visits")
    # The key of the page that an article begins on, for the pages of its further parts.
    visits.add_column("part_of", str)
    visits.create_index(["part_of"])
    visits.create_index(["page_id"])


@migrations()
def m011_pages_of_articles(db: Database) -> None:
    # The article that a page was read as, whether it changed it or not. No foreign key: articles refer to pages, too.
    db.table("pages").add_column("article_id", int)
    # What is certain of the pages there are: those that made a version, had the same payload, or came in last.
    db.execute(
        "update pages set article_id = made.article_id from (select page_id, id as article_id from articles"
        " union all select page_id, article_id from revisions) as made where pages.id = made.page_id"
    )
    db.execute(
        "update pages set article_id = again.article_id from (select articles.id as article_id, url, digest,"
        " last_fetched from (select id, page_id, last_fetched from articles) as articles"
        " join pages on pages.id = page_id) as again"
        " where pages.article_id is null and pages.url = again.url and status in (200, 304)"
        " and (pages.digest = again.digest or pages.fetched_at = again.last_fetched)"
    )
    db.execute("create index idx_pages_article on pages(article_id, fetched_at) where article_id is not null")


@migrations()
def m012_pages_that_miss(db: Database) -> None:
    # The pages that told that an address is missing: the first since it last answered, and the last one.
    visits = db.table("visits")
    visits.add_column("first_miss_id", int)
    visits.add_column("last_miss_id", int)
    recorded = "select max(id) from pages where pages.url = visits.url and fetched_at = {}"
    db.execute(
        f"update visits set first_miss_id = ({recorded.format('missing_since')}),"  # noqa: S608
        f" last_miss_id = ({recorded.format('last_asked')}) where misses > 0"
    )


@migrations()
def m013_fingerprints_of_code_units(db: Database) -> None:
    # Runs are taken as UTF-16 now: all fingerprints are made anew when the archive is opened (archive.stories.joining).
    db.execute("update fingerprints set sketch = null")
    for table in ("fingerprint_bands", "fingerprint_new_bands"):
        db.execute(f"delete from {table}")  # noqa: S608


@migrations()
def m014_tallies(db: Database) -> None:
    # How many articles are dated in a month (`YYYY-MM`, `YYYY` where only the year is known, empty where nothing is),
    # of a source, of a home region and of its province: charts and maps are drawn without a look at the articles.
    db.execute(
        "create table tallies (kind text not null, key text not null, month text not null, articles integer not null,"
        " primary key (kind, key, month)) without rowid"
    )
    month = "coalesce(substr({0}.published, 1, iif({0}.published_precision = 'year', 4, 7)), '')"
    kinds = (
        ("source", "{0}.source"),
        ("region", "{0}.region_code"),
        ("province", "substr({0}.region_code, 1, 2) || '0000'"),
    )
    add, drop = "", ""
    for kind, named in kinds:
        counted = f"insert into tallies select '{kind}', {named}, {month}"
        db.execute(f"{counted}, count(*) from articles where {named} is not null group by 2, 3".format("articles"))
        counted += f", 1 where {named} is not null on conflict do update set articles = articles + 1;"
        add += counted.format("new")
        less = (
            f"update tallies set articles = articles - 1 where kind = '{kind}' and key = {named} and month = {month};"  # noqa: S608
        )
        drop += less.format("old")
    spent = "delete from tallies where kind = new.kind and key = new.key and month = new.month;"
    columns = ("published", "published_precision", "source", "region_code")
    changed = " or ".join(f"old.{column} is not new.{column}" for column in columns)
    for name, event, body in (
        ("articles_counted", "insert on articles", add),
        ("articles_uncounted", "delete on articles", drop),
        ("articles_recounted", f"update on articles when {changed}", drop + add),
        ("tallies_spent", "update of articles on tallies when new.articles = 0", spent),
    ):
        db.execute(f"create trigger {name} after {event} begin {body} end")
    # The newest of a source, of a region, of all stories and of what was changed; and the runs without their stats.
    db.table("articles").create_index(["source", "published"])
    db.table("articles").create_index(["region_code", "published"])
    db.table("stories").create_index(["first_published"])
    db.table("revisions").create_index(["superseded_at"])
    db.table("runs").create_index(["source", "started", "pages", "new", "changed"])


@migrations()
def m015_facts(db: Database) -> None:
    # What a search picks, sorts and counts by, a narrow row an article: `articles` has the texts between.
    # `day` is the date as far as the page names it (`2024`, `2024-09`, `2024-09-04`), empty where it does not; `kind`
    # that of `copies`, or `only` where the article is alone in its story; the last three are 0 or 1.
    db.execute(
        "create table search_facts (id integer primary key, story_id integer, day text not null, source text not null,"
        " region text not null, kind text not null, damaged integer not null, changed integer not null,"
        " gone integer not null)"
    )
    named = "case {0}.published_precision when 'year' then 4 when 'month' then 7 else 10 end"
    day = f"coalesce(substr({{0}}.published, 1, {named}), '')"
    kind = "coalesce((select kind from copies where article_id = {0}.id), 'only')"
    facts = (
        f"{{0}}.id, {{0}}.story_id, {day}, {{0}}.source, coalesce({{0}}.region_code, ''), {kind}, {{0}}.damage > 0,"
        " {0}.version > 1, {0}.gone_at is not null"
    )
    db.execute(f"insert into search_facts select {facts.format('articles')} from articles")  # noqa: S608
    # All columns, so that a walk along it looks nothing up.
    db.execute(
        "create index idx_search_facts_day"
        " on search_facts(day, id, story_id, source, region, kind, damaged, changed, gone)"
    )
    enter = f"insert or replace into search_facts values ({facts.format('new')});"  # noqa: S608
    forget = "delete from search_facts where id = old.id;"
    columns = (
        "id", "story_id", "published", "published_precision", "source", "region_code", "damage", "version", "gone_at",
    )  # fmt: skip
    changed = " or ".join(f"old.{column} is not new.{column}" for column in columns)
    tell = "update search_facts set kind = {} where id = {}.article_id;"
    told, alone = tell.format("new.kind", "new"), tell.format("'only'", "old")
    for name, event, body in (
        ("articles_told", "insert on articles", enter),
        ("articles_untold", "delete on articles", forget),
        ("articles_retold", f"update on articles when {changed}", forget + enter),
        ("copies_told", "insert on copies", told),
        ("copies_untold", "delete on copies", alone),
        ("copies_retold", "update of article_id, kind on copies", alone + told),
    ):
        db.execute(f"create trigger {name} after {event} begin {body} end")


@migrations()
def m016_evidence(db: Database) -> None:
    # WARC files of others that pages were taken out of: which they were can be proven as long as somebody has them.
    db.table("imports").create(
        {"id": int, "run_id": int, "file": str, "size": int, "sha256": str},
        pk="id",
        not_null={"file", "size", "sha256"},
        foreign_keys=[("run_id", "runs", "id")],
    )
    db.table("pages").add_column("import_id", int)
    # Whether its account stands in a WARC file: a run that was killed leaves that to the next one.
    db.table("runs").add_column("accounted", int)
    # What was removed for good: of it the address alone is known, when it was and why. `barred` is 1 where it is not
    # to come in again; `places` has the WARC records that are still to be overwritten, JSON, null once all is done.
    db.table("forgotten").create(
        {
            "address_key": str,
            "url": str,
            "reason": str,
            "forgotten_at": str,
            "article_id": int,
            "records": int,
            "barred": int,
            "run_id": int,
            "places": str,
        },
        pk="address_key",
        not_null={"url", "reason", "forgotten_at", "records", "barred", "run_id"},
        foreign_keys=[("run_id", "runs", "id")],
    )
