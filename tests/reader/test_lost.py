"""Addresses with nothing behind them: what may be meant is offered, and nothing that is not public is told."""

import pytest
from django.db import OperationalError

from articles import workflow
from articles.models import Article
from tests.conftest import content


def near(client, url):
    response = client.get(url)
    assert response.status_code == 404
    return [article.slug for article in response.context["near"]]


@pytest.mark.parametrize(
    "url",
    [
        "/articles/tide-mil/",
        "/articles/tidemill/",
        "/articles/tide_mill/",
        "/articles/mill/history/",
        "/articles/tide-mlil/",
        "/articles/carow/",  # a word of the text, mistyped
        "/tide-mill",
        "/blog/2020/tide-mill.html",
        "/TIDE MILL",
    ],
)
def test_what_may_be_meant_is_offered(client, publish, url):
    publish("tide-mill", "At Carrow.\n", title="The mill")
    publish("other")

    assert near(client, url) == ["tide-mill"]
    assert ">The mill</bdi>" in client.get(url).content.decode()


@pytest.mark.parametrize(
    "url", ["/articles/xyzzy/", "/nowhere", "/articles/%00/", "/!!!", "/articles/" + "x" * 5000 + "/"]
)
def test_nothing_near_is_a_plain_page_with_a_search(client, publish, url):
    publish("tide-mill")

    assert near(client, url) == []
    assert 'action="/search/"' in client.get(url).content.decode()


def test_words_are_searched_for(client, publish):
    assert 'value="tide mill"' in client.get("/articles/tide-mill/").content.decode()
    page = client.get("/articles/%3Cscript%3Ealert/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("how", ["draft", "newer draft", "unpublished", "hidden"])
def test_page_does_not_tell_whether_anything_is_not_public(
    client, publish, author, moderator, administrator, how
):
    publish("other")
    urls = ["/articles/sluicekeper/", "/articles/sluice/", "/articles/covrt/", "/sluicekeeper"]
    text = content("The covert sluice.\n", slug="sluicekeeper", title="Sluicekeeper")

    def answers():
        return [(r.status_code, r.content) for r in map(client.get, urls)]

    before = answers()
    if how == "newer draft":
        workflow.save_revision(Article.objects.get(), by=author, content=text, base=1)
    else:
        revision = workflow.save_revision(None, by=author, content=text)
    if how in ("unpublished", "hidden"):
        workflow.approve(workflow.submit(revision, by=author), by=moderator)
        assert answers() != before
    if how == "unpublished":
        workflow.unpublish(Article.objects.get(slug="sluicekeeper"), by=moderator)
    if how == "hidden":
        workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    assert answers() == before


def test_pages_of_the_newsroom_offer_nothing(client, publish, author):
    publish("tide-mill")
    client.force_login(author)

    assert near(client, "/moderation/tide-mill/") == []


def test_queries_do_not_grow_and_end_after_many(client, publish, django_assert_max_num_queries, one_minute):
    for n in range(6):
        publish(f"mill-{n}")
    for url in ("/articles/mill/", "/articles/mlil/", "/articles/mlil-tdie-xyzzy/"):
        with django_assert_max_num_queries(11):
            client.get(url)
    for _ in range(60):
        client.get("/articles/mlil/")
    with django_assert_max_num_queries(4):  # for the article at the address, now or before, and for the count
        assert near(client, "/articles/mlil/") == []


def test_page_does_without_the_database(client, publish, monkeypatch):
    def broken(*_, **__):
        raise OperationalError("gone")

    publish("tide-mill")
    monkeypatch.setattr("articles.reader.lost.slips", broken)

    assert near(client, "/tide-mill") == []
