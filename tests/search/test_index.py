"""What is found by which query, on the database that the tests run on."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from articles.search import index
from articles.search.queries import parse_query
from articles.search.words import words_of

pytestmark = pytest.mark.django_db
KIND, OTHER = 1, 2


def put(kind, key, texts):
    index.put(kind, key, map(words_of, texts))


def found(query, kind=KIND):
    match = index.matching(kind, query)
    if match is None:
        return set()
    sql, params = match.as_sql(None, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {sql} AS keys", params)
        return {key for (key,) in cursor.fetchall()}


SCRIPTS = {
    "Latin": ("Die Gezeitenmühle am Fluß", "gezeitenmuhle"),
    "Cyrillic": ("Старая карта города", "КАРТА"),
    "Greek": ("Το νερό της πηγής", "πηγης"),
    "Arabic": ("نظام الفلج في عُمان", "عمان"),
    "Hebrew": ("שָׁלוֹם לכולם", "שלום"),
    "Devanagari": ("मसाला चाय की विधि", "चाय"),
    "Thai": ("ภาษาไทยเป็นภาษาที่สวยงาม", "ไทย"),
    "Lao": ("ພາສາລາວງາມ", "ລາວ"),
    "Han": ("苹果手机很好用", "手机"),
    "Japanese": ("今日の天気は晴れ", "天気"),
    "Hangul": ("한국어 문서를 쓴다", "한국"),  # the beginning of a word
    "Georgian": ("ქართული ენა", "ქართული"),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_of_every_script_are_found(script):
    for number, (text, _query) in enumerate(SCRIPTS.values()):
        put(KIND, number, [text])

    assert found(SCRIPTS[script][1]) == {list(SCRIPTS).index(script)}


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("The p\u0430per", "paper", True),
        ("The paper", "p\u0430per", True),
        ("\N{CYRILLIC CAPITAL LETTER EN}ouse", "house", True),
        ("house", "\N{CYRILLIC CAPITAL LETTER EN}ouse", True),
        ("the \N{CYRILLIC CAPITAL LETTER EN}ouse", '"The House"', True),
        ("pa\u200bper", "paper", True),
        ("tide table", "table tide", True),
        ("tide table", '"table tide"', False),
        ("tide table", '"tide table"', True),
        ("tide table", "tide tab", True),
        ("tide table", "tid table", False),
        ("tide table", '"tide tab"', False),
        ("tide table", "tide NOT table", False),
        ("tide", "tide OR table", False),
        ("l'eau", "eau", True),
        ("see https://evil.example/buy", "evil.example", True),
        ("see example evil", "evil.example", False),
        ("tide table", "tide -table", False),
        ("tide table", "tide -mill", True),
        ("tide table", "tide -p\u0430per", True),
        ("the paper", "the -p\u0430per", False),
        ("tide table", "tab* tide", True),
        ("tide table", "tide -tab*", False),
        ("tide table", '-"table tide" table', True),
        ("tide table", "-mill", False),  # nothing to find
    ],
)
def test_words_are_found_or_not(text, query, is_found):
    put(KIND, 5, [text])

    assert (found(query) == {5}) == is_found


def test_phrase_does_not_span_two_texts():
    put(KIND, 5, ["tide", "table"])

    assert found('"tide table"') == set()
    assert found("tide table") == {5}


def test_kinds_are_apart_and_a_key_is_written_over():
    put(KIND, 5, ["tide"])
    put(OTHER, 5, ["table"])
    put(KIND, 6, ["tide"])
    put(KIND, 5, ["mill"])

    assert (found("tide"), found("mill"), found("table"), found("table", OTHER)) == ({6}, {5}, set(), {5})


def test_put_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        put(KIND, 5, ["tide", "table"])
    with django_assert_num_queries(1):
        put(KIND, 5, ["tide"])


ODD = [
    '"',
    "'",
    "\\",
    "a:*",
    "^a",
    "NEAR(a b)",
    "small : a",
    "{small} : a",
    "a <-> b",
    "!a",
    "&|",
    "%s",
    "%",
    "\ud7ff",
]


@pytest.mark.parametrize("query", ODD)
def test_signs_of_the_databases_are_obeyed_by_none(query):
    put(KIND, 5, ["nothing of that"])

    assert found(query) == found(f"x {query} x") == set()


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_indexed_and_any_query_answered(text, query):
    put(KIND, 5, [text])
    assert found(query) <= {5}

    words = [word.small for word in words_of(text)]
    asked = text.replace("-", " ").replace("\N{MINUS SIGN}", " ")  # that leave articles out
    assert (found(f"{asked} x") == {5}) <= ("x" in words or any(word.startswith("x") for word in words))
    assert not words or found(asked) == {5} or len(words) > 20


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"w{n}x" for n in range(200_000)),  # more words than PostgreSQL takes
        "\U00020000" * 200_000,
        "a " * 300_000,
        "x" * 500_000,
    ],
)
def test_largest_texts_are_indexed_from_their_start(text):
    put(KIND, 5, ["title", text, "end"])

    assert found("title") == {5}


def test_ids_narrow_a_queryset(published):
    put(KIND, published.article_id, ["mill"])

    assert Article.objects.filter(pk__in=index.matching(KIND, "mill")).get() == published.article


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the plan is PostgreSQL's")
@pytest.mark.parametrize(("often", "way"), [(1, "(SubPlan 1)"), (2, "hashed SubPlan")])
def test_many_keys_are_listed_once_or_looked_up_for_each_row(published, monkeypatch, often, way):
    """A join would sort all rows, or read the words of most."""
    monkeypatch.setattr(index, "OFTEN", often)
    put(KIND, published.article_id, ["mill"])

    rows = index.find(KIND, "mil*").keep_many(Article.objects.order_by("pk"), '"articles_article"."id"')

    assert rows.get() == published.article
    plan = rows.explain()
    assert way in plan
    assert "Nested Loop" not in plan
    assert "Join" not in plan


def test_key_that_is_taken_out_is_not_found_and_others_are():
    put(KIND, 1, ["A tide mill"])
    put(OTHER, 1, ["A tide mill"])

    index.remove(KIND, 1)

    assert found("mill") == set()
    assert found("mill", kind=OTHER) == {1}


def test_word_is_found_in_titles_apart():
    index.put(KIND, 1, [map(index.in_titles, words_of("Tide mill")), words_of("Tide mill, at the sea")])
    put(KIND, 2, ["The tide"])

    def keys(query):
        phrases = map(index.phrase_in_titles, parse_query(query, completes=False))
        return index.find_phrases(KIND, phrases).first(9)

    assert sorted(index.find(KIND, "tide").first(9)) == [1, 2]
    assert (keys("tide"), keys("mil*"), keys('"tide mill"'), keys("sea")) == ([1], [1], [1], [])


def test_many_queries_are_counted_in_one(django_assert_num_queries):
    for key in range(3):
        put(KIND, key, ["tide", f"w{key}"])

    with django_assert_num_queries(1):
        assert index.counts([index.find(KIND, query) for query in ("tide", "w1", "mill")]) == [3, 1, 0]
    with django_assert_num_queries(0):
        assert index.counts([]) == []
