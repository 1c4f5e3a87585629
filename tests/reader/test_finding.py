"""Addresses that articles had: where readers are led, what is gone, and what never was."""

import pytest
from django.test import Client

from articles import workflow
from articles.models import Article
from tests.conftest import content

BELOW = (
    "?escape=1",
    "history/",
    "revisions/1/",
    "revisions/1/source",
    "revisions/1/authors/",
    "revisions/1/authors.json",
    "compare/1..2/",
    "compare/1..2.json",
    "compare/1..2.diff",
)


@pytest.fixture
def publish(save, moderator):
    """Publishes a version of the article "tides" at a slug, on top of its latest."""

    def publish(slug, source=None):
        article = Article.objects.get()
        base = article.latest_revision.number
        text = content(source or f"Version {base + 1}.\n", slug=slug)
        revision = workflow.save_revision(article, by=moderator, content=text, base=base)
        assert workflow.publish(revision, by=moderator) is None
        return revision

    return publish


def answer(client, slug, rest=""):
    response = client.get(f"/articles/{slug}/{rest}")
    return response.status_code, getattr(response, "url", "")


def test_moved_article_is_moved_for_good_with_all_below_it(client, published, publish):
    publish("ebb")

    for rest in ("", *BELOW):
        assert answer(client, "tides", rest) == (301, f"/articles/ebb/{rest}")
        assert client.get(f"/articles/ebb/{rest}").status_code == 200
    assert client.get("/articles/tides/")["Cache-Control"] == "no-cache"


def test_chain_of_addresses_takes_one_step(client, published, publish):
    for slug in ("ebb", "flow", "surge"):
        publish(slug)

    assert {answer(client, slug) for slug in ("tides", "ebb", "flow")} == {(301, "/articles/surge/")}
    assert answer(client, "surge") == (200, "")


def test_address_that_moves_back_makes_no_loop(client, published, publish):
    publish("ebb")
    publish("tides")

    assert answer(client, "ebb") == (301, "/articles/tides/")
    assert answer(client, "tides") == (200, "")
    assert answer(client, "tides", "revisions/99/") == (404, "")


def test_decision_that_is_undone_moves_it_back(client, published, save, author, moderator):
    review = workflow.submit(save("Moved.\n", slug="ebb"), by=author)
    workflow.approve(review, by=moderator)
    assert answer(client, "tides") == (301, "/articles/ebb/")
    review.refresh_from_db()

    workflow.undo(review, by=moderator)

    assert answer(client, "tides") == (200, "")
    assert answer(client, "ebb") == (301, "/articles/tides/")


def test_new_address_counts_from_the_publication_on(client, published, save):
    save("Moved.\n", slug="ebb")

    assert answer(client, "tides") == (200, "")
    assert answer(client, "ebb") == (404, "")


@pytest.mark.parametrize("is_public", [True, False])
def test_address_belongs_to_the_article_that_was_there_last(
    client, published, publish, author, moderator, is_public
):
    publish("ebb")
    other = workflow.save_revision(None, by=author, content=content("Other.\n"))
    assert answer(client, "tides") == (301, "/articles/ebb/")  # a draft takes nothing

    workflow.publish(other, by=moderator)
    if not is_public:
        workflow.unpublish(other.article, by=moderator)

    assert answer(client, "tides") == ((200, "") if is_public else (410, ""))
    assert answer(client, "tides", "revisions/2/") == ((404, "") if is_public else (410, ""))
    assert answer(client, "ebb") == (200, "")


@pytest.mark.parametrize("role", [None, "reader"])
def test_what_was_taken_offline_is_gone_with_all_below_it_and_before_it(
    client, published, publish, save, moderator, role, request
):
    publish("ebb")
    save("A draft.\n", slug="secret", title="Secret title")
    workflow.unpublish(published.article, by=moderator)
    if role:
        client.force_login(request.getfixturevalue(role))

    for slug in ("tides", "ebb"):
        for rest in ("", *BELOW, "revisions/3/", "revisions/99/"):
            response = client.get(f"/articles/{slug}/{rest}")
            assert response.status_code == 410, (slug, rest)
            page = response.content.decode()
            assert "This article was taken offline" in page
            assert not any(word in page for word in ("Tides", "Secret", "secret", '"/articles/ebb'))
    assert answer(client, "secret") == (404, "")
    expected = "private, no-store" if role else "no-cache"
    assert client.get("/articles/tides/")["Cache-Control"] == expected


def test_newsroom_is_led_to_what_was_taken_offline(client, published, publish, author, moderator):
    publish("ebb")
    workflow.unpublish(published.article, by=moderator)
    client.force_login(author)

    assert answer(client, "tides", "history/") == (302, "/articles/ebb/history/")
    assert answer(client, "ebb", "history/") == (200, "")
    assert answer(client, "ebb", "revisions/99/") == (404, "")
    gone = client.get("/articles/ebb/")
    assert gone.status_code == 410
    assert "/articles/ebb/history/" in gone.content.decode()


def test_what_never_was_public_is_not_found(client, save, author):
    revision = save()
    workflow.withdraw(workflow.submit(revision, by=author), by=author)

    for rest in ("", *BELOW):
        assert answer(client, "tides", rest) == answer(client, "nowhere", rest) == (404, "")


def test_public_again_is_there_again(client, published, moderator):
    workflow.unpublish(published.article, by=moderator)
    assert answer(client, "tides") == (410, "")

    workflow.publish(published, by=moderator)

    assert answer(client, "tides") == (200, "")


def test_each_answer_takes_one_query_more(
    client, published, publish, moderator, django_assert_max_num_queries
):
    publish("ebb")
    workflow.unpublish(published.article, by=moderator)
    for place, most in (("/articles/tides/", 3), ("/articles/nowhere/", 3), ("/articles/ebb/history/", 2)):
        with django_assert_max_num_queries(most):
            assert Client().get(place).status_code in (404, 410)
