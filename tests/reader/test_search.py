"""The public search: what is found and how it is shown, and that nothing tells of what is not public."""

import re

import pytest
from django.db import connection

from articles import workflow
from articles.models import Article
from articles.reader import search
from articles.revisions import triggers
from articles.search import index
from tests.conftest import NOON, content


def slugs(client, query, **more):
    response = client.get("/search/", {"q": query, **more})
    assert response.status_code == 200
    return [hit.article.slug for hit in response.context["hits"]]


def page(client, query, **more):
    return client.get("/search/", {"q": query, **more}).content.decode()


def test_words_phrases_prefixes_and_exclusions(client, publish):
    publish("one", "A tide mill.\n")
    publish("two", "A mill without tides.\n")

    assert slugs(client, "mill") == ["two", "one"]
    assert slugs(client, "tide") == ["one"]
    assert slugs(client, "tid*") == ["two", "one"]
    assert slugs(client, '"tide mill"') == ["one"]
    assert slugs(client, "mill -tides") == ["one"]


def test_titles_come_first_then_the_newest(client, publish):
    publish("mill")
    publish("other", "A mill.\n")
    publish("third", "A mill.\n")

    assert slugs(client, "mill") == ["mill", "third", "other"]


def test_hits_are_marked_and_escaped(client, publish):
    publish("one", "Before <b>x</b> & the tide &lt;script&gt; after.\n", title="Tide & <i>ebb</i>")

    shown = page(client, "tide")

    assert "<mark>Tide</mark> &amp; &lt;i&gt;ebb&lt;/i&gt;" in shown
    assert "&amp; the <mark>tide</mark> &lt;script&gt; after." in shown
    assert 'value="tide"' in shown


def test_query_is_escaped(client, publish):
    assert "<script>alert" not in page(client, '"><script>alert(1)</script>')


def test_disguised_word_is_found_and_told(client, publish):
    publish("one", "The t\u0456de by the door.\n")

    shown = page(client, "tide")

    assert '<mark class="disguised">t\u0456de</mark>' in shown
    assert "is written with letters of another script" in shown
    assert "written with letters" not in page(client, "door")


def test_look_alike_of_the_same_script_is_told_otherwise(client, publish):
    publish("one", "The modern age.\n")

    assert "looks like what you asked for" in page(client, "modem")


def test_filters_narrow_and_stand_alone(client, publish, other_author, at):
    publish("one", "A mill.\n", tags=("Sea",), language="de-AT")
    publish("two", "A mill.\n", by=other_author, tags=("river",))

    assert slugs(client, "mill", language="de") == slugs(client, "", language="de-AT") == ["one"]
    assert slugs(client, "mill", tag="SEA") == slugs(client, "", tag="sea") == ["one"]
    assert slugs(client, "mill", author="other_author") == ["two"]
    assert slugs(client, "mill", tag="sea", language="en") == []
    today, before, after = "2027-03-01", "2027-02-28", "2027-03-02"
    assert NOON.date().isoformat() == today
    assert slugs(client, "mill", **{"from": today, "to": today}) == ["two", "one"]
    assert slugs(client, "mill", **{"from": after}) == slugs(client, "mill", to=before) == []
    assert slugs(client, "", **{"from": before}) == ["two", "one"]


def test_only_languages_of_public_articles_are_offered(client, publish, author):
    publish("one", language="de")
    workflow.save_revision(None, by=author, content=content(slug="draft", language="fr"))

    assert client.get("/search/").context["languages"] == ["de"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("tdie", "tide"), ("tdie mill", "tide mill"), ("-x tdie", "-x tide")]
)
def test_typo_is_answered_with_a_word_that_is_there(client, publish, typed, meant):
    publish("one", "The tide mill.\n")

    correction = client.get("/search/", {"q": typed, "language": "en"}).context["correction"]

    assert (correction.query, correction.found) == (meant, 1)
    assert "Did you mean" in page(client, typed)
    assert len(client.get(f"/search/{correction.address}").context["hits"]) == 1


def test_word_is_offered_as_a_public_text_writes_it(client, publish, moderator):
    workflow.unpublish(publish("gone", "Die Gezeitenmühlé.\n"), by=moderator)
    publish("one", "Die Gezeitenmühle.\n")

    assert client.get("/search/", {"q": "gezeitenmuhl"}).context["correction"].query == "Gezeitenmühle"


def test_nothing_is_offered_that_finds_nothing_more(client, publish):
    publish("one", "The tide mill.\n", language="de")

    for query in ("tide", "xyzzy", "tdi"):
        assert "Did you mean" not in page(client, query)
    assert "Did you mean" not in page(client, "tdie", language="fr")


@pytest.mark.parametrize("how", ["draft", "newer draft", "waiting", "unpublished", "hidden"])
def test_nothing_tells_of_what_is_not_public(client, publish, author, moderator, administrator, how):
    """The page is the same as if the text had never been written: hits, counts, filters and spellings."""
    publish("other", "A tide.\n")
    asked = ("sluicekeeper", "sluicekeepr", "sluice*", '"old sluicekeeper"', "tide sluicekeeper", "secret")
    filters = [{"tag": "covert"}, {"author": "other_author"}, {"language": "fr"}]
    text = content(
        "The old sluicekeeper.\n", slug="secret", title="Sluicekeeper", tags=("covert",), language="fr"
    )

    def answers():
        return [page(client, query) for query in asked] + [page(client, "", **narrow) for narrow in filters]

    before = answers()
    if how == "newer draft":
        article = publish("shown")
        before = answers()
        workflow.save_revision(article, by=author, content=text, base=1)
    else:
        revision = workflow.save_revision(None, by=author, content=text)
    if how in ("waiting", "unpublished", "hidden"):
        review = workflow.submit(revision, by=author)
    if how in ("unpublished", "hidden"):
        workflow.approve(review, by=moderator)
        assert answers() != before
    if how == "unpublished":
        workflow.unpublish(Article.objects.get(slug="secret"), by=moderator)
    if how == "hidden":
        workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    assert answers() == before


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "What a search understands"),
        ("!?", "There is no word in"),
        ("-tide", "Write a word to look for"),
        ("xyzzy", "No article was found"),
        ("a" * 500, "Only the first 200 characters"),
    ],
)
def test_empty_and_odd_queries_are_answered(client, publish, query, words):
    publish("one")

    assert words in page(client, query)


@pytest.mark.parametrize("typed", ["de", "DE", "xx"])
def test_form_shows_the_language_that_was_asked_for(client, publish, typed):
    publish("one", language="de")

    assert f'<option value="{typed.lower()}" selected>' in page(client, "", language=typed)


def test_examples_keep_their_direction_beside_other_scripts(client, publish):
    assert page(client, "nothing").count('<code dir="auto">') == 4
    assert "\N{LEFT-TO-RIGHT ISOLATE}2026-11-29\N{POP DIRECTIONAL ISOLATE}" in page(client, "a", to="b")


def test_odd_day_is_told(client, publish):
    shown = page(client, "text", **{"from": "yesterday", "to": "0001-01-01"})

    assert "“yesterday” is no day" in shown
    assert "“0001-01-01” is no day" in shown


def test_pages_hold_each_hit_once(client, publish, monkeypatch):
    monkeypatch.setattr(search, "HITS_A_PAGE", 2)
    for n in range(5):
        publish(f"n{n}", "A mill.\n", title="Mill" if n == 2 else "Other")
    found, url = [], "/search/?q=mill"
    while url:
        shown = client.get(url)
        found += [hit.article.slug for hit in shown.context["hits"]]
        link = re.search(r'rel="next" href="([^"]+)"', shown.content.decode())
        url = link and "/search/" + link[1].replace("&amp;", "&")

    assert found == ["n2", "n4", "n3", "n1", "n0"]


@pytest.mark.parametrize("many", [0, 9])
def test_many_hits_come_by_date_without_a_count(client, publish, monkeypatch, many):
    monkeypatch.setattr(search, "MOST_RANKED", 1)
    monkeypatch.setattr(index, "MANY", many)
    monkeypatch.setattr(index, "OFTEN", many)
    publish("mill", "A mill.\n")
    publish("other", "A mill.\n")

    publish("third", "A tide.\n")

    assert slugs(client, "mill") == ["other", "mill"]
    assert "Very many articles" in page(client, "mill")


def test_damaged_text_is_found_without_an_excerpt(client, publish):
    publish("one", "The tide.\n")
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_body SET data = %s", [b"x"])

    assert slugs(client, "tide") == ["one"]


def test_search_is_not_listed_and_is_known_again(client, publish):
    publish("one", "The tide.\n")
    first = client.get("/search/", {"q": "tide"})

    assert first["X-Robots-Tag"] == "noindex"
    assert client.get("/search/", {"q": "tide"}, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_queries_do_not_grow(client, publish, django_assert_max_num_queries):
    for n in range(7):
        publish(f"n{n}", "The tide mill.\n")
    for query, most in (("tide", 7), ("", 2), ("tdie", 10), ("tdie mlil nothing", 10)):
        with django_assert_max_num_queries(most):
            client.get("/search/", {"q": query})


def test_box_stands_in_the_head_of_every_page(client, publish):
    article = publish("one")

    for url in ("/", article.get_absolute_url(), "/nowhere/"):
        assert 'action="/search/"' in client.get(url).content.decode()
