"""A search in the newsroom's list: what a save, a hiding and the command leave in the index, and who finds it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from articles import workflow
from articles.models import Article, Revision
from articles.revisions import triggers
from articles.revisions.indexing import LATEST
from articles.search import index
from tests.conftest import content
from tests.management.test_commands import run

LIST = "/admin/articles/article/"


@pytest.fixture
def shown(client):
    """Returns the slugs that a person finds in the newsroom's list."""

    def shown(query, *, by):
        client.force_login(by)
        response = client.get(LIST, {"q": query})
        assert response.status_code == 200
        return [article.slug for article in response.context["cl"].result_list]

    return shown


def empty_index():
    index.drop(connection)
    index.create(connection)


@pytest.mark.parametrize(
    "query", ["Ebb", "breakfast", "sea", "author", "tides-again", "ebb breakf", "t\u0430ble"]
)
def test_title_text_tags_address_and_author_are_found(save, author, shown, query):
    save(title="Ebb and flow", tags=("sea",))
    save(title="Ebb and flow", tags=("sea",), slug="tides-again")
    workflow.save_revision(None, by=author, content=content("x\n", slug="other", title="Other"))

    assert ("tides" in shown(query, by=author)) is True


def test_only_the_latest_revision_is_found(save, author, shown):
    save("A windmill.\n")
    save("A watermill.\n")

    assert shown("windmill", by=author) == []
    assert shown("watermill", by=author) == ["tides"]


def test_refused_save_leaves_the_index(save, author, shown):
    first = save("A windmill.\n")
    save("A watermill.\n")
    with pytest.raises(workflow.EditConflict):
        workflow.save_revision(first.article, by=author, content=content("A treadmill.\n"), base=1)

    assert shown("watermill", by=author) == ["tides"]
    assert shown("treadmill", by=author) == []


def test_last_edited_comes_first_and_signs_find_nothing(author, shown):
    for slug in ("one", "two", "three"):
        workflow.save_revision(None, by=author, content=content(slug=slug))

    assert shown("tides", by=author) == ["three", "two", "one"]
    assert shown("+", by=author) == []
    assert len(shown("", by=author)) == 3


@pytest.mark.parametrize(
    "query", ['"', "AND", "tide OR", "NEAR(", "'\\", "*", "%", "\0", "small:x", "a" * 3000]
)
def test_odd_query_is_answered(published, author, shown, query):
    assert shown(query, by=author) in ([], ["tides"])


def test_box_says_what_it_finds(client, author, published):
    client.force_login(author)

    assert b"look-alike characters" in client.get(LIST).content


def test_hidden_text_leaves_the_index_until_it_is_shown_again(save, author, administrator, shown):
    revision = save("The secret.\n", title="Secrets", tags=("covert",))
    hiding = workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    for query in ("secret", "secrets", "covert", "hidden"):
        assert shown(query, by=author) == shown(query, by=administrator) == []
    assert shown("author", by=author) == ["tides"]

    workflow.unhide(hiding, by=administrator)
    assert shown("secret", by=author) == ["tides"]


def test_hidden_name_leaves_the_index_and_the_text_stays(save, other_author, administrator, shown):
    revision = save("The tide.\n")
    hiding = workflow.hide(revision, by=administrator, parts=["author"], reason="Private.")

    assert shown('"author"', by=other_author) == []
    assert shown("tide", by=other_author) == ["tides"]

    workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    assert shown("tide", by=other_author) == []

    workflow.unhide(Revision.objects.get(pk=hiding.revision_id).hiding, by=administrator)
    assert shown("author tide", by=other_author) == ["tides"]


def test_hiding_an_earlier_revision_leaves_the_index(save, author, administrator, shown):
    first = save("A windmill.\n")
    save("A watermill.\n")
    hiding = workflow.hide(first, by=administrator, parts=["text"], reason="Private.")
    workflow.unhide(hiding, by=administrator)

    assert shown("windmill", by=author) == []
    assert shown("watermill", by=author) == ["tides"]


def test_hidden_text_stays_out_of_an_index_built_anew(save, author, administrator, shown):
    workflow.hide(save("The secret.\n"), by=administrator, parts=["text"], reason="Private.")

    assert run("index_articles")[0] == 0
    assert shown("secret", by=administrator) == []


def test_visitors_and_readers_search_nothing(client, published, reader):
    assert client.get(LIST, {"q": "tides"}).status_code == 302
    client.force_login(reader)
    assert client.get(LIST, {"q": "tides"}).status_code == 302


def test_address_of_the_live_revision_is_found(save, author, moderator, shown):
    save()
    earlier = save(slug="flow")
    save(slug="ebb")
    assert (shown("flow", by=author), shown("ebb", by=author)) == ([], ["tides"])

    workflow.publish(earlier, by=moderator)

    assert shown("flow", by=author) == shown("ebb", by=author) == ["flow"]


def test_search_costs_at_most_one_further_query(save, client, author, django_assert_max_num_queries):
    save()
    client.force_login(author)
    client.get(LIST)

    with django_assert_max_num_queries(9) as all_of_them:
        client.get(LIST)
    with django_assert_max_num_queries(len(all_of_them) + 1):  # whether many match
        client.get(LIST, {"q": "tides"})


# The command


def test_index_is_built_anew(save, author, shown):
    save()
    workflow.save_revision(None, by=author, content=content("A mill.\n", slug="mill", title="Mill"))
    empty_index()
    assert shown("breakfast", by=author) == []

    assert run("index_articles", "tides") == (0, "1 article indexed.\n")
    assert (shown("breakfast", by=author), shown("mill", by=author)) == (["tides"], [])

    assert run("index_articles") == (0, "2 articles indexed.\n")
    assert shown("mill", by=author) == ["mill"]


def test_damaged_text_is_left_out_and_told(save, author, shown):
    save()
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_body SET data = %s", [b"x"])
    empty_index()

    err = StringIO()
    with pytest.raises(SystemExit, match=r"^1$"):
        call_command("index_articles", stdout=StringIO(), stderr=err)

    assert err.getvalue().startswith("tides: version 1: ")
    assert err.getvalue().endswith("; left out\n")
    assert shown("Tides", by=author) == ["tides"]
    assert shown("breakfast", by=author) == []


def test_unknown_article_is_an_error(db):
    assert run("index_articles", "nowhere")[0] == 2


def test_many_articles_are_indexed_in_batches(db, monkeypatch):
    run("seed", "--articles", 5, "--revisions", 5)
    monkeypatch.setattr("articles.management.commands.index_articles.ARTICLES_A_BATCH", 2)
    empty_index()

    assert run("index_articles") == (0, "5 articles indexed.\n1 waiting version indexed.\n")
    keys = index.matching(LATEST, "seed")
    assert Article.objects.filter(pk__in=keys).count() == 5


def test_seeded_articles_are_found(db):
    run("seed", "--articles", 5, "--revisions", 5)

    assert Article.objects.filter(pk__in=index.matching(LATEST, "seed-1-4")).get().slug == "seed-1-4"
