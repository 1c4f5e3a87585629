"""The editor: what authors type, see and keep."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Review, Revision

from .conftest import CLEAN, FLAGGED

ADD = "/admin/articles/article/add/"
PREVIEW = "/admin/articles/article/preview/"
FIELDS = {"title": "Tides", "slug": "tides", "language": "en", "tags": "sea, harbour", "source": CLEAN}


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def text(response):
    return response.content.decode()


def test_author_writes_submits_and_reads_the_decision(client, author, moderator):
    client.force_login(author)
    response = client.post(ADD, FIELDS | {"source": FLAGGED, "_submit": ""}, follow=True)

    page = text(response)
    assert "1 character is flagged" in page
    assert "waiting for a moderator" in page
    assert "U+0430" in page
    workflow.reject(Review.objects.get(), by=moderator, reason="Mind the paper.")
    assert "Mind the paper." in text(client.get(change(Article.objects.get())))


def test_message_tells_what_was_removed(client, author):
    client.force_login(author)

    response = client.post(ADD, FIELDS | {"source": "a <script>x</script> b\n"}, follow=True)

    assert "did not reach the page" in text(response)


def test_moderator_publishes_at_once_and_author_has_no_such_button(client, author, moderator):
    client.force_login(author)
    assert "_publish" not in text(client.get(ADD))

    client.force_login(moderator)
    assert "_publish" in text(client.get(ADD))
    response = client.post(ADD, FIELDS | {"_publish": ""}, follow=True)
    assert "The version is published." in text(response)
    assert Article.objects.get().published_revision.tags == ["sea", "harbour"]


def test_button_that_is_not_offered_only_submits(client, author):
    client.force_login(author)

    client.post(ADD, FIELDS | {"_publish": ""})

    assert Article.objects.get().published_revision is None
    assert Review.objects.get().causes == [Review.Cause.AUTHOR]


def test_saving_without_a_change_says_so(client, author, save):
    revision = save(tags=("sea", "harbour"))
    client.force_login(author)

    response = client.post(change(revision.article), FIELDS | {"base": 1}, follow=True)

    assert "no new version" in text(response)
    assert Revision.objects.count() == 1


def test_conflict_keeps_both_texts_and_the_next_save_goes_on(client, author, other_author, save):
    article = save().article
    save("Theirs, other_author's.\n", by=other_author)
    client.force_login(author)
    mine = FIELDS | {"source": "Mine, the author's.\n", "base": 1}

    response = client.post(change(article), mine)

    page = text(response)
    assert response.status_code == 409
    assert "other_author saved version 2" in page
    assert "Mine, the author" in page
    assert "Theirs, other_author" in page
    assert 'name="base" value="2"' in page
    assert Revision.objects.count() == 2
    client.post(change(article), mine | {"base": 2})
    assert Revision.objects.first().source == "Mine, the author's.\n"


def test_refused_text_comes_back_whole_with_the_reason(client, author):
    client.force_login(author)
    source = "word " * 60_000

    response = client.post(ADD, FIELDS | {"source": source, "title": " "})

    page = text(response)
    assert response.status_code == 200
    assert "Not saved. Your text is below" in page
    assert "262" in page
    assert source.strip() in page
    assert "Give the article a title." in page


def test_nul_is_refused_with_its_place(client, author):
    client.force_login(author)

    response = client.post(ADD, FIELDS | {"source": "one\nt\0wo", "title": "T\0"})

    assert "2" in response.context["form"].errors["source"][0]
    assert "Character 2 (U+0000)" in response.context["form"].errors["title"][0]


def test_leading_and_trailing_spaces_survive_the_form(client, author):
    client.force_login(author)

    client.post(ADD, FIELDS | {"source": "\n\n  text \n\n", "title": " Tides "})

    revision = Revision.objects.get()
    assert (revision.source, revision.title) == ("\n\n  text \n\n", " Tides ")
    assert "\n\n\n  text \n\n</textarea>" in text(client.get(change(revision.article)))


def test_article_is_unpublished_and_never_deleted(client, administrator, published):
    client.force_login(administrator)
    article = published.article

    assert client.get(f"/admin/articles/article/{article.pk}/delete/").status_code == 403
    assert client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/articles/article/", {"action": "delete_selected", "_selected_action": article.pk})
    assert Article.objects.filter(pk=article.pk).exists()
    client.post(f"/admin/articles/article/{article.pk}/unpublish/", {"reason": "Outdated."})
    assert Article.objects.get().published_revision is None


def test_restoring_adds_a_version(client, author, save):
    article = save("One.\n").article
    save("Two.\n")
    client.force_login(author)

    response = client.post(f"/admin/articles/article/{article.pk}/restore/1/", follow=True)

    assert "Version 3 now reads as version 1" in text(response)
    assert Revision.objects.first().source == "One.\n"


def test_list_shows_state_language_flags_and_last_editor(
    client, author, other_author, moderator, published, save
):
    save(FLAGGED, by=other_author)
    client.force_login(author)

    page = text(client.get("/admin/articles/article/"))

    for shown in (
        "published; newer version: draft",
        "other_author",
        "1 character",
        "/articles/tides/history/",
    ):
        assert shown in page
    assert "/articles/tides/compare/1..2/" in page


@pytest.mark.parametrize("state", ["published", "unpublished", "pending", "rejected"])
def test_list_is_filtered_by_state(client, author, moderator, published, state):
    client.force_login(author)

    page = text(client.get("/admin/articles/article/", {"state": state}))

    assert ("Tides" in page.partition('id="changelist-form"')[2]) is (state == "published")


def test_list_is_searched(client, author, published):
    client.force_login(author)

    assert "1 article" in text(client.get("/admin/articles/article/", {"q": "Tid"}))
    assert "0 articles" in text(client.get("/admin/articles/article/", {"q": "nothing"}))


# The preview


def test_preview_is_what_the_page_shows(client, author, moderator, save):
    source = "# A\n\n*b* <script>x</script> [l](javascript:x)\n\n- [ ] c\n"
    client.force_login(author)

    preview = text(client.post(PREVIEW, {"content": source}))

    revision = save(source)
    assert preview == revision.renderings.latest().html
    assert preview in text(client.get("/articles/tides/revisions/1/"))


def test_preview_is_for_people_who_write(client, reader, author):
    assert client.post(PREVIEW, {"content": "x"}).status_code == 302
    client.force_login(reader)
    assert client.post(PREVIEW, {"content": "x"}).status_code in (302, 403)
    client.force_login(author)
    assert client.post(PREVIEW, {"content": "x"}).status_code == 200
    assert client.get(PREVIEW, {"content": "x"}).status_code == 405
    assert client.post(PREVIEW).status_code == 400


def test_preview_needs_the_token_of_the_form(author):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    assert client.post(PREVIEW, {"content": "x"}).status_code == 403


def test_preview_of_a_refused_text_says_why(client, author):
    client.force_login(author)

    assert "262" in text(client.post(PREVIEW, {"content": "x" * 300_000}))


@pytest.mark.parametrize(
    "url", ["/markdownx/markdownify/", "/markdownx/upload/", "/admin/markdownx/markdownify/"]
)
def test_stock_addresses_of_the_widget_are_not_routed(client, author, url):
    client.force_login(author)

    assert client.post(url, {"content": "x"}).status_code == 404


def test_reader_has_no_editor(client, reader, published):
    client.force_login(reader)

    assert client.get(change(published.article)).status_code == 302


def test_unknown_article_is_not_found(client, author):
    client.force_login(author)

    for pk in ("999", "x", "9" * 30):
        assert client.get(f"/admin/articles/article/{pk}/change/").status_code == 404
