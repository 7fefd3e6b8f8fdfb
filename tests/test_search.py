"""Search finds what a look through the texts finds: any run of characters, either script, any query."""

import re
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from operator import and_, or_
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.article import Article, Page, RecordPlace
from archive.database import open_archive, save, save_page
from archive.search import QueryError, find, parse
from archive.search.find import DAMAGED
from archive.search.folding import fold
from archive.search.highlight import mark, snippet, spans
from archive.search.query import MAX_DEPTH, MAX_LENGTH, MAX_TERMS

CASES = Path(__file__).parent / "cases"
QUERIES = tomllib.loads((CASES / "queries.toml").read_text(encoding="utf-8"))
FOLDING = tomllib.loads((CASES / "folding.toml").read_text(encoding="utf-8"))
HIGHLIGHT = tomllib.loads((CASES / "highlight.toml").read_text(encoding="utf-8"))
FETCHED = datetime(2024, 9, 4, 8, 5, tzinfo=UTC)

repeatable = settings(deadline=None, derandomize=True, max_examples=150)


def keep(db, url, **fields):
    page = Page(url, "", FETCHED, digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    page = replace(page, id=save_page(db, page, RecordPlace("a.warc.gz", 0, 1), None))
    return save(db, Article(url, fields.pop("source", "yunxi"), page, **fields)).id


@pytest.fixture(scope="module")
def ids_and_db(tmp_path_factory):
    db = open_archive(tmp_path_factory.mktemp("archive"))
    yield (
        {
            keep(db, f"http://news.example/{number}.htm", **fields): fields
            for number, fields in enumerate(QUERIES["article"])
        },
        db,
    )
    db.close()


@pytest.fixture(scope="module")
def articles(ids_and_db):
    return ids_and_db[0]


@pytest.fixture(scope="module")
def db(ids_and_db):
    return ids_and_db[1]


@pytest.fixture
def empty(tmp_path):
    db = open_archive(tmp_path)
    yield db
    db.close()


def found(db, words, **options):
    """Ids that a query finds."""
    total, hits = find(db, parse(words), limit=None, **options)
    ids = [hit.id for hit in hits]
    assert total == len(ids) == len(set(ids))
    return set(ids)


def titles(article):
    return [article[line] for line in ("kicker", "title", "subtitle") if line in article]


def stands(literal, article):
    """Whether a word of a case stands in an article, to the letter."""
    title_only, writings = literal.startswith("T:"), literal.removeprefix("T:").split(" or ")
    places = titles(article) + ([] if title_only else [article["text"]])
    return any(writing in place for writing in writings for place in places)


def wanted(want, article):
    return any(
        all(not stands(each[1:], article) if each.startswith("!") else stands(each, article) for each in every)
        for every in want
    )


# Folding


@given(st.text(st.characters()))
@repeatable
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)


def test_folding_keeps_every_character_one_character():
    assert all(len(fold(chr(code))) == 1 for code in range(sys.maxunicode + 1))


def test_what_was_folded_folds_no_further():
    """Otherwise a character and what it folds to, the same to a reader, would not find each other."""
    assert [chr(code) for code in range(sys.maxunicode + 1) if fold(fold(chr(code))) != fold(chr(code))] == []


@pytest.mark.parametrize("writings", [case["writings"] for case in FOLDING["same"]], ids=str)
def test_writings_meet(writings):
    assert len({fold(writing) for writing in writings}) == 1


@pytest.mark.parametrize("writings", [case["writings"] for case in FOLDING["different"]], ids=str)
def test_other_words_stay_apart(writings):
    assert len({fold(writing) for writing in writings}) == len(writings)


# What is found


@pytest.mark.parametrize("case", QUERIES["query"], ids=lambda case: case["words"])
def test_a_query_finds_what_a_look_through_the_texts_finds(db, articles, case):
    expected = {number for number, article in articles.items() if wanted(case["want"], article)}
    assert bool(expected) == bool(case["want"]), "the case itself finds nothing"
    assert len(expected) < len(articles), "the case itself finds everything"
    assert found(db, case["words"]) == expected
    assert found(db, case["words"], newest=True) == expected


# Characters of both scripts, letters, digits and signs, so that words repeat and signs fall into them.
NEWSPRINT = st.sampled_from("招商引資引资项目項目签约簽約发發展港与或非隨著着149４.%—-，。 \n“”PpＰ")
OTHERS = st.characters(categories=("Lo", "Lu", "Ll", "Nd"))


@given(text=st.text(NEWSPRINT | OTHERS, min_size=1, max_size=24))
@settings(repeatable, max_examples=60)
def test_every_run_of_letters_and_digits_finds_its_text(db, articles, text):
    number = max(articles) + 1
    row = (
        "insert or replace into articles(id, url, source, text, authors, first_fetched, last_fetched, version, page_id)"
    )
    db.execute(f"{row} values (?, 'http://news.example/any.htm', 'any', ?, '[]', '', '', 1, 1)", [number, text])
    runs = {text[start : start + size] for size in range(1, 7) for start in range(len(text) + 1 - size)}
    missed = {run for run in runs if run.isalnum() and number not in found(db, f"「{run}」")}
    db.execute("delete from articles where id = ?", [number])
    assert missed == set()


WORDS = {
    "招商": ("招商",),
    "引資": ("引资", "引資"),
    "项目": ("项目", "項目"),
    "会": ("会", "會"),
    "14.9%": ("14.9%",),
    "14": ("14",),
    "“拿地即开工”": ("拿地即开工", "拿地即開工"),
    "港": ("港",),
    "ｌｅｄ": ("LED",),
    "西瓜": ("西瓜",),
}


def and_not(first, second):
    return first and not second


FORMS = {
    "({} {})": and_,
    "({} AND {})": and_,
    "（{} 與 {}）": and_,
    "({} OR {})": or_,
    "({} 或 {})": or_,
    "({} NOT {})": and_not,
    "({} 非 {})": and_not,
    "({} -{})": and_not,
}
TREES = st.recursive(
    st.sampled_from(sorted(WORDS)), lambda part: st.tuples(st.sampled_from(sorted(FORMS)), part, part), max_leaves=10
)


def written(tree):
    return tree if isinstance(tree, str) else tree[0].format(written(tree[1]), written(tree[2]))


def holds(tree, article):
    if isinstance(tree, str):
        return any(writing in place for writing in WORDS[tree] for place in [*titles(article), article["text"]])
    return FORMS[tree[0]](holds(tree[1], article), holds(tree[2], article))


@given(tree=TREES)
@repeatable
def test_operators_and_brackets_mean_what_they_say(db, articles, tree):
    assert found(db, written(tree)) == {number for number, article in articles.items() if holds(tree, article)}


# Any query at all

PIECES = [
    *"()（）“”\"「」『』＂„《》-－−:*^+{}' \t\n\0",
    *"AND OR NOT 与 或 非 與 标题: title： NEAR( 招商 引资 14.9% 港".split(),
]
ANYTHING = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join)


@given(words=ANYTHING)
@settings(repeatable, max_examples=400)
def test_any_query_is_answered_or_refused_in_one_line(db, articles, words):
    try:
        query = parse(words)
    except QueryError as refusal:
        assert re.fullmatch(".+", str(refusal))  # noqa: PT017 - being answered is as good
    else:
        by_text = {
            number
            for number, article in articles.items()
            if query.found_in("\n".join(titles(article)), article["text"])
        }
        assert found(db, words) == by_text


@pytest.mark.parametrize("nest", ["a ({})", "({}) a", "a OR ({})", "a -({})", "a OR b ({})", "(a OR b -({}))"])
def test_brackets_within_brackets_are_answered_or_refused(db, nest):
    words = "港"
    for _ in range(MAX_DEPTH + 1):
        words = nest.format(words)
        try:
            query = parse(words)
        except QueryError:
            break
        find(db, query)
    else:
        pytest.fail("more than MAX_DEPTH brackets went through")


def test_a_query_with_half_a_character_is_answered_or_refused(db):
    """As the command line hands on what a terminal set to GBK sends."""
    words = "LED招商".encode("gb18030").decode(errors="surrogateescape")
    try:
        query = parse(words)
    except QueryError as refusal:
        assert str(refusal).isprintable()  # noqa: PT017 - being answered is as good
    else:
        find(db, query)


@pytest.mark.parametrize("case", QUERIES["refused"], ids=lambda case: repr(case["words"]))
def test_what_finds_nothing_by_its_form_is_refused_with_a_cure(case):
    with pytest.raises(QueryError, match=case["cure"]):
        parse(case["words"])


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("招" * (MAX_LENGTH + 1), f"{MAX_LENGTH:,}"),
        ("(" * (MAX_DEPTH + 1) + "招商", f"{MAX_DEPTH}"),
        ("招商 " * (MAX_TERMS + 1), f"{MAX_TERMS}"),
    ],
    ids=["long", "deep", "many"],
)
def test_too_much_is_refused_with_the_limit(words, limit):
    with pytest.raises(QueryError, match=limit):
        parse(words)


@pytest.mark.parametrize(
    "words", ["港" * MAX_LENGTH, "(" * MAX_DEPTH + "港", "港 " * MAX_TERMS, "title:" * 160 + "港"], ids=len
)
def test_the_limit_itself_is_answered(db, words):
    assert found(db, words) == (found(db, words.strip("( ").split()[0]))


# Order and number


def test_newest_first_and_since(empty):
    numbers = {
        day: keep(empty, f"http://a.example/{day}", text=text, published=f"2024-09-{day:02}T00:00:00+08:00")
        for day, text in ((3, "港口招商，港城、港航、港区齐动"), (5, "港口招商"), (4, "港口招商工作座谈会召开"))
    }
    undated = keep(empty, "http://a.example/undated", text="港口招商")
    total, hits = find(empty, parse("招商"), newest=True, limit=2)
    assert (total, [hit.id for hit in hits]) == (4, [numbers[5], numbers[4]])
    # One character stands nearly everywhere: ranking it says nothing.
    assert [hit.id for hit in find(empty, parse("港"))[1]] == [numbers[5], numbers[4], numbers[3], undated]
    assert found(empty, "招商", since="2024-09-04") == {numbers[4], numbers[5]}


def test_what_is_damaged(empty):
    """With words and without, the newest first; an undamaged one never."""
    days = {3: ("港口招商�", 1), 5: ("港口招商", 0), 4: ("港口��签约", 2)}
    numbers = {
        day: keep(
            empty, f"http://a.example/{day}", text=text, damage=lost, published=f"2024-09-{day:02}T00:00:00+08:00"
        )
        for day, (text, lost) in days.items()
    }
    total, hits = find(empty, None, damaged=True)
    assert (total, [(hit.id, hit.damage) for hit in hits]) == (2, [(numbers[4], 2), (numbers[3], 1)])
    assert found(empty, "招商", damaged=True) == {numbers[3]}
    assert found(empty, "港", damaged=True) == {numbers[3], numbers[4]}
    assert found(empty, "招商") == {numbers[3], numbers[5]}
    total, hits = find(empty, None, damaged=True, since="2024-09-04", limit=1)
    assert (total, [hit.id for hit in hits]) == (1, [numbers[4]])
    plan = empty.execute(f"explain query plan select * from articles where {DAMAGED}").fetchall()
    assert "idx_articles_damaged" in str(plan)


def test_a_headline_counts_for_more_than_a_passing_mention(empty):
    texts = ["云溪县召开座谈会，会上谈到招商。", "云溪县举行推介会，签约十二个项目。"]
    passing = keep(empty, "http://a.example/1", title="座谈会召开", text=texts[0])
    about = keep(empty, "http://a.example/2", title="云溪县大力招商", text=texts[1])
    _, hits = find(empty, parse("招商"))
    assert [hit.id for hit in hits] == [about, passing]


def test_a_hit_has_what_is_shown(db):
    _, hits = find(db, parse("标题:百亿"), newest=True)
    assert [(hit.source, hit.title) for hit in hits] == [
        ("juxun", "雲溪縣簽約12個製造業項目"),
        ("yunxi", "云溪县签约12个制造业项目"),
    ]


# Highlights


@pytest.mark.parametrize("case", HIGHLIGHT["spans"], ids=lambda case: case["label"])
def test_places_of_words(case):
    assert mark(case["text"], spans(case["text"], parse(case["words"]).needles)) == case["marked"]


@pytest.mark.parametrize("case", HIGHLIGHT["snippet"], ids=lambda case: case["label"])
def test_a_passage_shows_the_words(case):
    assert mark(*snippet(case["text"], parse(case["words"]).needles, case["length"])) == case["passage"]


@given(
    text=st.text(st.sampled_from("招商引资項目1４ 。\n"), max_size=60), needles=st.lists(st.sampled_from(sorted(WORDS)))
)
@repeatable
def test_places_hold_the_words_and_nothing_else(text, needles):
    """Against a plain look through the text for each of them."""
    needles = tuple(fold(needle) for needle in needles)
    lit = set()
    for needle in needles:
        place = fold(text).find(needle)
        while place >= 0:
            lit |= set(range(place, place + len(needle)))
            place = fold(text).find(needle, place + len(needle))
    places = spans(text, needles)
    assert lit == {place for start, end in places for place in range(start, end)}
    assert all(end < start for (_, end), (start, _) in pairwise(places))


@given(
    text=st.text(st.sampled_from("招商引资項目，。\n"), max_size=300),
    needle=st.sampled_from(["招商", "引资项目", "商", "目，。"]),
    length=st.integers(12, 90),
)
@repeatable
def test_a_passage_is_a_piece_of_the_text_with_a_hit_in_it(text, needle, length):
    passage, places = snippet(text, (needle,), length)
    assert passage.removeprefix("…").removesuffix("…") in text.replace("\n", " ")
    assert len(passage) <= length + 2
    assert bool(places) == (needle in fold(text.replace("\n", " ")))
    assert all(needle in fold(passage[start:end]) for start, end in places)
