"""The search for articles to link to."""

import pytest
from django.contrib.auth.models import User

from articles import workflow
from tests.conftest import content

pytestmark = pytest.mark.django_db

FIND = "/admin/articles/article/find/"


@pytest.fixture
def found(client, author):
    client.force_login(author)
    return lambda query="": client.get(FIND, {"q": query}).json()["articles"]


def test_own_draft_is_found_by_its_words_with_its_address(found, save):
    save("Of mills.\n", title="Tide mills")

    assert found("mill") == [{"title": "Tide mills", "address": "/articles/tides/", "is_public": False}]
    assert found("windmill") == []
    assert found("?!") == []


def test_article_of_another_author_is_found_once_it_is_public(found, other_author, moderator):
    revision = workflow.save_revision(
        None, by=other_author, content=content("Of mills.\n", title="Tide mills")
    )
    assert found("mill") == []

    workflow.publish(revision, by=moderator)

    assert [article["is_public"] for article in found("mill")] == [True]


def test_ten_newest_are_listed(found, author, django_assert_max_num_queries):
    for n in range(12):
        workflow.save_revision(
            None, by=author, content=content("Of mills.\n", title=f"Mill {n}", slug=f"mill-{n}")
        )

    with django_assert_max_num_queries(7):
        articles = found("mill")

    assert [article["title"] for article in articles] == [f"Mill {n}" for n in range(11, 1, -1)]


def test_search_is_for_those_who_may_write(client, save):
    save()
    assert client.get(FIND).status_code == 401

    client.force_login(User.objects.create_user("reader"))

    assert client.get(FIND).status_code == 403


def test_article_whose_text_is_hidden_is_not_found(found, save, administrator):
    save("Of mills.\n", title="Tide mills")
    latest = save("Of mills and names.\n", title="Tide mills")
    assert found("mill")

    workflow.hide(latest, by=administrator, parts=["text"], reason="A private name.")

    assert found("mill") == []
    assert found() == []
