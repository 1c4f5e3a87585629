"""Addresses that articles had: where readers are led, what is gone, and what never was."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from articles import workflow
from articles.models import Article
from tests.conftest import NOON, content

BELOW = (
    "?escape=1",
    "history/",
    "corrections/",
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
    for place, most in (("/articles/tides/", 5), ("/articles/nowhere/", 8), ("/articles/ebb/history/", 5)):
        with django_assert_max_num_queries(most):
            assert Client().get(place).status_code in (404, 410)


def test_other_case_of_letters_leads_to_the_article(client, published):
    assert answer(client, "TIDES") == (301, "/articles/tides/")
    assert answer(client, "Tides", "history/") == (301, "/articles/tides/history/")
    assert answer(client, "EBB") == (404, "")


def test_slug_with_capitals_is_an_address_of_its_own(client, published, moderator):
    other = workflow.save_revision(None, by=moderator, content=content("Other.\n", slug="Tides"))
    workflow.publish(other, by=moderator)

    assert b"Other." in client.get("/articles/Tides/").content
    assert b"by the door" in client.get("/articles/tides/").content


def test_readers_are_told_why_until_the_article_is_public_again(client, published, moderator):
    told = "Its <b>sums</b> were wrong."
    workflow.unpublish(published.article, by=moderator, public_reason=told)
    shown = '<p lang="" dir="auto">Its &lt;b&gt;sums&lt;/b&gt; were wrong.</p>'
    assert shown in client.get("/articles/tides/").content.decode()

    workflow.publish(published, by=moderator)
    workflow.unpublish(published.article, by=moderator)

    assert "sums" not in client.get("/articles/tides/").content.decode()


def test_archiving_replaces_what_readers_are_told(published, author, moderator):
    article = published.article
    workflow.unpublish(article, by=moderator, public_reason="Its sums were wrong.")
    with pytest.raises(PermissionDenied):
        workflow.archive(article, by=author, public_reason="No matter.")
    workflow.archive(article, by=author)
    assert Article.objects.get().public_reason == "Its sums were wrong."
    workflow.unarchive(article, by=author)

    workflow.archive(article, by=moderator, public_reason="Nobody needs it.")

    assert Article.objects.get().public_reason == "Nobody needs it."


def test_what_was_told_before_a_text_was_hidden_is_withheld(published, moderator, administrator):
    workflow.unpublish(published.article, by=moderator, public_reason="It named the sluicekeeper.")

    hiding = workflow.hide(published, by=administrator, parts=["text"], reason="Private.")

    assert Article.objects.get().public_reason == ""
    workflow.unhide(hiding, by=administrator)
    assert Article.objects.get().public_reason == "It named the sluicekeeper."


def test_what_was_told_after_a_text_was_hidden_is_shown(published, save, moderator, administrator):
    workflow.publish(save("Ebb.\n"), by=moderator)
    workflow.hide(published, by=administrator, parts=["text"], reason="Private.")

    workflow.unpublish(published.article, by=moderator, public_reason="It is revised.")

    assert Article.objects.get().public_reason == "It is revised."


def test_page_says_when_it_was_public_and_not_why(client, published, moderator, at):
    at(NOON + timedelta(days=1))
    workflow.unpublish(published.article, by=moderator, reason="The sluicekeeper asked us to.")
    Article.objects.update(first_published_at=NOON)

    page = client.get("/articles/tides/").content.decode()

    assert "First published on March 1, 2027, taken offline on March 2, 2027." in page
    assert "sluicekeeper" not in page
