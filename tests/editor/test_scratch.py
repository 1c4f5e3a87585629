"""Unsaved text: who is offered what, and what each answer does."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from articles.editor.scratch import PER_MINUTE
from articles.http import limits
from articles.models import Article, Revision, ScratchCopy
from tests.conftest import CLEAN

ADD = "/admin/articles/article/add/"
KEEP = "/admin/articles/article/unsaved/keep/"
UNSAVED = "/admin/articles/article/unsaved/"
ACCOUNT = "/admin/articles/article/account/"
FIELDS = {"title": "Tides", "slug": "tides", "language": "en", "source": "The table hangs by the gate.\r\n"}


def token(number=1):
    return f"{number:032x}"


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def text(response):
    return response.content.decode()


def offered(client, url):
    return client.get(url).context["offer"]


@pytest.fixture
def article(save):
    return save().article


@pytest.fixture
def typing(client, author):
    """Sends what the author's page with a token holds, as the page does."""
    client.force_login(author)

    def typing(article=None, number=1, *, edits=1, by=author, **fields):
        data = FIELDS | {"base": 1 if article else "", "article": article.pk if article else ""} | fields
        return client.post(KEEP, data | {"copy": token(number), "edits": edits, "account": by.pk})

    return typing


def test_page_keeps_its_fields_and_makes_no_version(typing, article, author):
    response = typing(article, tags="sea, ", summary="why")

    assert (response.status_code, response.json()) == (200, {})
    copy = ScratchCopy.objects.get()
    assert (copy.owner, copy.article) == (author, article)
    assert copy.fields["source"] == "The table hangs by the gate.\r\n"
    assert (copy.fields["tags"], copy.fields["summary"], copy.fields["base"]) == ("sea, ", "why", "1")
    assert Revision.objects.count() == 1


def test_write_takes_one_statement_beside_session_account_rights_and_article(
    typing, article, django_assert_max_num_queries
):
    typing(article)

    with django_assert_max_num_queries(8):  # one less where sessions are not in the database
        typing(article, edits=2, source="And more")

    assert ScratchCopy.objects.get().fields["source"] == "And more"


def test_refusals_are_json_and_keep_nothing(client, typing, article, author, other_author):
    def answer(**fields):
        response = typing(article, **fields)
        return response.status_code, response.json()["error"]

    assert answer(source="x" * 262_145) == (413, "262145 bytes; at most 262144 fit.")
    assert answer(by=other_author) == (409, "author is logged in here now.")
    assert typing(Article(pk=99)).status_code == 404
    assert typing(article, edits=0).status_code == 413
    author.groups.clear()
    assert answer()[0] == 403
    client.logout()
    assert answer() == (401, "You are logged out.")
    assert not ScratchCopy.objects.exists()


def test_who_may_only_create_keeps_new_articles_alone(typing, article, author):
    author.groups.clear()
    author.user_permissions.set(Permission.objects.filter(codename__in=["add_article", "view_revision"]))

    assert typing(article).status_code == 403
    assert typing(None).status_code == 200


def test_writes_are_limited_for_each_person(typing, article, monkeypatch):
    now = limits.time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now)

    statuses = {typing(article, edits=edits).status_code for edits in range(1, PER_MINUTE + 1)}
    assert statuses == {200}
    assert typing(article, edits=PER_MINUTE + 1).status_code == 429


def test_editor_offers_the_text_and_each_answer_does_what_it_says(client, typing, article):
    typing(article)
    copy = ScratchCopy.objects.get()

    assert "You have unsaved text" in text(client.get(change(article)))
    shown = text(client.get(f"{UNSAVED}{copy.pk}/"))
    assert "What it changes in version 1" in shown
    assert "gate" in shown
    page = client.get(change(article), {"copy": copy.pk})
    assert page.context["form"]["source"].value() == "The table hangs by the gate.\r\n"
    assert page.context["offer"].copy is None
    assert "It is not saved yet" in text(page)
    response = client.post(f"{UNSAVED}{copy.pk}/discard/", follow=True)
    assert "Discarded" in text(response)
    assert response.context["offer"].copy is None
    assert response.context["offer"].older == [copy]
    assert client.get(change(article), {"copy": copy.pk}).context["form"]["source"].value()


def test_saving_what_was_used_deletes_it_and_a_refused_save_does_not(client, typing, article):
    typing(article)
    page = client.get(change(article), {"copy": ScratchCopy.objects.get().pk})
    tokens = page.context["tokens"]
    form = FIELDS | {"base": 1, "copy": tokens.own, "contained": " ".join(tokens.contained)}

    refused = client.post(change(article), form | {"title": ""})
    assert ScratchCopy.objects.count() == 1
    assert refused.context["offer"].copy is None
    again = refused.context["tokens"]
    client.post(change(article), form | {"copy": again.own, "contained": " ".join(again.contained)})

    assert not ScratchCopy.objects.exists()
    assert Revision.objects.first().source == "The table hangs by the gate.\n"


def test_conflict_leaves_the_copy_until_its_text_is_saved(client, typing, article, save):
    typing(article)
    save("The tide table is gone.\n")
    form = FIELDS | {"base": 1, "copy": token()}

    conflict = client.post(change(article), form)
    assert conflict.status_code == 409
    contained = conflict.context["tokens"].contained
    assert f'name="contained" value="{" ".join(contained)}"' in text(conflict)
    assert ScratchCopy.objects.count() == 1
    client.post(change(article), form | {"base": 2, "copy": token(2), "contained": " ".join(contained)})

    assert not ScratchCopy.objects.exists()


def test_text_that_is_saved_already_is_not_offered(typing, client, article):
    typing(article, source=CLEAN)
    assert offered(client, change(article)).copy is None

    typing(article, edits=2, source=CLEAN, tags="sea")
    assert offered(client, change(article)).copy
    typing(article, edits=3, source=CLEAN, summary="Why")
    assert offered(client, change(article)).copy


def test_empty_new_article_is_not_offered(typing, client):
    typing(title="", slug="", source="", language="de")
    assert offered(client, ADD).copy is None

    typing(title="", slug="", source="a", edits=2)
    assert offered(client, ADD).copy


def test_two_new_articles_are_two_texts(typing, client):
    typing(None, 1, title="First")
    typing(None, 2, title="Second")

    offer = offered(client, ADD)

    assert offer.copy.title == "Second"
    assert [copy.title for copy in offer.older] == ["First"]


@pytest.mark.parametrize("person", ["other_author", "moderator", "administrator"])
def test_nobody_else_is_offered_shown_or_given_the_text(client, typing, article, request, person):
    typing(article)
    copy = ScratchCopy.objects.get()
    client.force_login(request.getfixturevalue(person))

    assert offered(client, change(article)).copy is None
    assert client.get(f"{UNSAVED}{copy.pk}/").status_code == 404
    assert client.get(change(article), {"copy": copy.pk}).status_code == 404
    assert client.post(f"{UNSAVED}{copy.pk}/discard/").status_code == 404
    assert "Tides" not in text(client.get(UNSAVED))
    assert ScratchCopy.objects.get().replaced_at is None


def test_copy_of_another_article_does_not_fill_the_form(typing, client, article):
    typing(None)

    assert client.get(change(article), {"copy": ScratchCopy.objects.get().pk}).status_code == 404
    assert client.get(ADD, {"copy": "x"}).status_code == 404


@pytest.mark.parametrize("is_staff", [True, False])
def test_who_lost_the_right_to_write_reads_and_discards_their_own(client, typing, article, author, is_staff):
    typing(article)
    copy = ScratchCopy.objects.get()
    author.groups.remove(Group.objects.get(name="authors"))
    author.is_staff = is_staff
    author.save()

    assert "Tides" in text(client.get(UNSAVED))
    page = text(client.get(f"{UNSAVED}{copy.pk}/"))
    assert "hangs by the gate" in page
    assert "Use it" not in page.split("What each answer does")[0]
    assert client.post(f"{UNSAVED}{copy.pk}/discard/")["Location"] == UNSAVED
    assert typing(article, edits=2).status_code == 403


def test_text_is_compared_with_the_version_that_it_began_from(typing, client, article, save):
    typing(article)
    save("Newer.\n")
    copy = ScratchCopy.objects.get()

    assert client.get(f"{UNSAVED}{copy.pk}/").context["base"].number == 1
    assert offered(client, change(article)).copy == copy


def test_account_answers_who_is_logged_in_with_a_token(client, author):
    assert client.get(ACCOUNT).json()["account"] is None
    client.force_login(author)

    answer = client.get(ACCOUNT).json()

    assert (answer["account"], answer["name"]) == (str(author.pk), "author")
    assert len(answer["token"]) == 64


def test_list_is_paged_and_empty_without_texts(client, author, typing):
    assert "Nothing is unsaved." in text(client.get(UNSAVED))
    ScratchCopy.objects.bulk_create(
        ScratchCopy(
            owner=author,
            token=token(n),
            data="{}",
            title=f"T{n}",
            length=0,
            edits=1,
            written_at=author.date_joined,
        )
        for n in range(31)
    )

    page = client.get(UNSAVED)

    assert "<bdi>T30</bdi>" in text(page)
    assert "<bdi>T0</bdi>" not in text(page)
    assert "<bdi>T0</bdi>" in text(client.get(UNSAVED, {"after": page.context["page"].after}))


def test_only_the_right_methods_are_answered(client, typing, article):
    typing(article)
    pk = ScratchCopy.objects.get().pk

    assert client.get(KEEP).status_code == 405
    assert client.get(f"{UNSAVED}{pk}/discard/").status_code == 405
    assert client.post(UNSAVED).status_code == 405


# Who is here


def present(client, article, **query):
    return client.get(f"/admin/articles/article/{article.pk}/present/", query)


def test_others_who_have_the_article_open_are_told(client, article, author, moderator):
    client.force_login(moderator)
    assert present(client, article, base=1).json() == {"others": [], "newer": ""}
    client.force_login(author)

    answer = present(client, article, base=1).json()

    assert [one["name"] for one in answer["others"]] == ["moderator"]


def test_newer_version_is_told_with_who_saved_it(client, article, author, other_author, save):
    client.force_login(author)
    save("Theirs.\n", by=other_author)
    assert present(client, article, base=1).json()["newer"].startswith("other_author saved version 2.")
    assert present(client, article, base=2).json()["newer"] == ""
    save("Mine.\n")
    assert (
        present(client, article, base=2).json()["newer"].startswith("You, in another tab, saved version 3.")
    )


@pytest.mark.parametrize(("person", "status"), [(None, 401), ("reader", 403), ("author", 200)])
def test_presence_is_for_people_who_write(client, article, request, person, status):
    if person:
        client.force_login(request.getfixturevalue(person))

    assert present(client, article).status_code == status
    assert present(client, Article(pk=99)).status_code == (404 if status == 200 else status)
