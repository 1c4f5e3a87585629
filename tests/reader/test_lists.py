"""Lists of tags, languages, authors and months: each public article once, and nothing of others."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles import workflow
from articles.http import paging
from articles.models import Article
from tests.conftest import NOON, content

LISTS = ("/tags/", "/languages/", "/authors/", "/archive/")


def slugs(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return [row.article.slug for row in response.context["rows"]]


def entries(client, url):
    return [(entry.label, entry.address, entry.number) for entry in client.get(url).context["entries"]]


def test_articles_are_listed_by_tag_language_author_and_month(client, publish, other_author, at):
    publish("one", tags=("Sea", "tide mill"), language="de")
    at(NOON + timedelta(days=31))
    publish("two", by=other_author, tags=("SEA",), language="de-AT")

    assert slugs(client, "/tags/sea/") == ["two", "one"]
    assert slugs(client, "/tags/tide%20mill/") == ["one"]
    assert slugs(client, "/languages/de/") == ["two", "one"]
    assert slugs(client, "/languages/de-at/") == ["two"]
    assert slugs(client, "/authors/other_author/") == ["two"]
    assert slugs(client, "/archive/2027/03/") == ["one"]
    assert entries(client, "/tags/") == [("SEA", "/tags/sea/", 2), ("tide mill", "/tags/tide%20mill/", 1)]
    assert [entry[1:] for entry in entries(client, "/languages/")] == [
        ("/languages/de/", 2),
        ("/languages/de-at/", 1),
    ]
    assert entries(client, "/authors/")[0] == ("author", "/authors/author/", 1)
    assert entries(client, "/archive/") == [
        ("April 2027", "/archive/2027/04/", 1),
        ("March 2027", "/archive/2027/03/", 1),
    ]


def test_lists_of_an_empty_site_are_there(client, db):
    for url in LISTS:
        assert "Nothing is published yet" in client.get(url).content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "/tags/lake/",
        "/languages/fr/",
        "/authors/nobody/",
        "/archive/2020/01/",
        "/archive/2027/13/",
        "/archive/2027/3/",
    ],
)
def test_what_no_public_article_has_is_not_found(client, publish, url):
    publish("one", tags=("sea",))

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("tag", [".", "..", "a/../b", "\u2024"])
def test_tag_without_an_address_of_its_own_is_refused(save, tag):
    with pytest.raises(ValidationError, match="can be no tags"):
        save(tags=("sea", tag))


def test_other_spellings_redirect(client, publish):
    publish("one", tags=("Sea  Wall",), language="de-AT")

    for url, place in (
        ("/tags/SEA%20wall/", "/tags/sea%20wall/"),
        ("/languages/de-AT/", "/languages/de-at/"),
    ):
        response = client.get(url)
        assert (response.status_code, response["Location"]) == (301, place)
    assert client.get("/tags/LAKE/").status_code == 404


@pytest.mark.parametrize("tag", ["a/b", "c++", "50%", "?", "#1", "تد", "<b>", "&", "feed.atom", "a\u202eb"])
def test_any_tag_has_a_page(client, publish, tag):
    article = publish("one", tags=(tag,))

    url = entries(client, "/tags/")[0][1]

    assert slugs(client, url) == ["one"]
    shown = client.get(article.get_absolute_url()).content.decode()
    assert f'rel="tag" href="{url}"' in shown.replace("&#x27;", "'").replace("&amp;", "&")
    assert "<b></bdi>" not in client.get(url).content.decode()


def test_byline_leads_to_the_page_of_its_authors(client, publish, other_author, moderator):
    article = publish("one")
    revision = workflow.save_revision(article, by=other_author, content=content("New.\n", slug="one"), base=1)
    workflow.approve(workflow.submit(revision, by=other_author), by=moderator)

    shown = client.get("/articles/one/").content.decode()

    links = re.findall(r'rel="author" href="([^"]+)"', shown)
    assert links == ["/authors/author/", "/authors/other_author/"]
    for url in links:
        assert slugs(client, url) == ["one"]


@pytest.mark.parametrize("how", ["draft", "newer draft", "unpublished", "hidden", "name hidden"])
def test_lists_tell_of_nothing_that_is_not_public(
    client, publish, author, other_author, moderator, administrator, how
):
    publish("other", language="en")
    text = content("Text.\n", slug="secret", title="Secret", tags=("covert",), language="fr")
    urls = [*LISTS, "/tags/covert/", "/languages/fr/", "/authors/other_author/", "/archive/2027/03/"]

    def answers():
        return [(r.status_code, r.content) for r in map(client.get, urls)]

    before = answers()
    if how == "newer draft":
        workflow.save_revision(Article.objects.get(), by=other_author, content=text, base=1)
    else:
        revision = workflow.save_revision(None, by=other_author, content=text)
    if how in ("unpublished", "hidden", "name hidden"):
        workflow.approve(workflow.submit(revision, by=other_author), by=moderator)
        assert slugs(client, "/authors/other_author/") == ["secret"]
    if how == "unpublished":
        workflow.unpublish(Article.objects.get(slug="secret"), by=moderator)
    if how == "hidden":
        workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")
    if how == "name hidden":
        workflow.hide(revision, by=administrator, parts=["author"], reason="Private.")
        assert client.get("/authors/other_author/").status_code == 404
        assert "other_author" not in client.get("/authors/").content.decode()
        assert "other_author" not in client.get("/tags/covert/").content.decode()
        assert "other_author" not in client.get("/articles/secret/").content.decode()
    else:
        assert answers() == before


def test_pages_of_a_tag_hold_each_article_once(client, publish, monkeypatch):
    monkeypatch.setattr(paging, "PER_PAGE", 2)
    for n in range(5):
        publish(f"n{n}", tags=("sea",))
    found, url = [], "/tags/sea/"
    while url:
        shown = client.get(url)
        found += [row.article.slug for row in shown.context["rows"]]
        link = re.search(r'rel="next" href="([^"]+)"', shown.content.decode())
        url = link and "/tags/sea/" + link[1].replace("&amp;", "&")

    assert found == ["n4", "n3", "n2", "n1", "n0"]


@pytest.mark.parametrize("name", ["after", "before"])
def test_place_that_no_column_holds_is_none(client, publish, name):
    publish("one", tags=("sea",))

    shown = client.get("/tags/sea/", {name: f"2026-03-01T12:00:00+00:00,{2**63}"})

    assert [row.article.slug for row in shown.context["rows"]] == ["one"]


def test_pages_of_a_list_of_tags(client, publish, monkeypatch):
    monkeypatch.setattr("articles.reader.lists.FACETS_A_PAGE", 2)
    publish("one", tags=("a", "b", "c"))

    first = client.get("/tags/")
    assert [entry.label for entry in first.context["entries"]] == ["a", "b"]
    second = client.get("/tags/?after=b")
    assert [entry.label for entry in second.context["entries"]] == ["c"]
    assert client.get("/tags/?after=%00").context["entries"] == first.context["entries"]


def test_lists_are_known_again(client, publish):
    publish("one", tags=("sea",))
    for url in (*LISTS, "/tags/sea/"):
        etag = client.get(url)["ETag"]
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304


def test_queries_do_not_grow(client, publish, django_assert_max_num_queries):
    for n in range(6):
        publish(f"n{n}", tags=("sea", f"t{n}"))
    for url in LISTS:
        with django_assert_max_num_queries(2):  # one tells whether the page is kept
            client.get(url)
    with django_assert_max_num_queries(3):
        client.get("/tags/sea/")


def test_addresses_are_quoted():
    assert reverse("tag", kwargs={"value": "a?b#c d"}) == "/tags/a%3Fb%23c%20d/"
