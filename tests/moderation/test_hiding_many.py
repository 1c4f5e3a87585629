"""Hiding a passage wherever it stands: all versions of an article that contain it, in one step."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from articles import workflow
from articles.models import Article, Event, Hiding, Review
from tests.conftest import content


@pytest.fixture
def versions(author, moderator):
    """Three versions with a number of somebody, the second live and the third waiting, and one before without."""
    texts = [
        "Clean.\n",
        "Call *Ann* at\n555 0148.\n",
        "Call Ann at 555 0148. Now.\n",
        "Call  Ann at 555 0148!\n",
    ]
    revisions = []
    article = None
    for number, text in enumerate(texts):
        revision = workflow.save_revision(
            article, by=author, content=content(text, slug="ferry"), base=number or None
        )
        article = revision.article
        revisions.append(revision)
    workflow.approve(workflow.submit(revisions[2], by=author), by=moderator)
    workflow.submit(revisions[3], by=author)
    return revisions


def found(administrator, passage):
    article = Article.objects.get()
    return [each.number for each in workflow.revisions_with(passage, article=article, seen_by=administrator)]


@pytest.mark.parametrize(
    ("passage", "numbers"),
    [
        ("Call Ann at 555 0148", [4, 3, 2]),
        ("call *ann* at", [4, 3, 2]),
        ("Now", [3]),
        ("!", [4]),
        ("nobody", []),
        (" ", []),
    ],
)
def test_versions_with_a_passage_are_found_however_it_was_copied(versions, administrator, passage, numbers):
    assert found(administrator, passage) == numbers


def test_all_are_hidden_in_one_step_each_with_its_entry(versions, administrator):
    workflow.hide_many(versions[1:], by=administrator, parts=["text"], reason="A number.")

    assert set(Hiding.objects.active().values_list("revision__number", flat=True)) == {2, 3, 4}
    entries = Event.objects.filter(action="hide", reason="A number.")
    assert set(entries.values_list("revision__number", flat=True)) == {2, 3, 4}
    assert Article.objects.get().published_revision is None
    assert not Review.objects.pending().exists()


def test_what_was_hidden_before_stays_and_the_rest_is_hidden(versions, administrator):
    workflow.hide(versions[1], by=administrator, parts=["text"], reason="First.")

    assert len(workflow.hide_many(versions[1:], by=administrator, parts=["text"], reason="Rest.")) == 2
    with pytest.raises(workflow.WorkflowError, match="already"):
        workflow.hide_many(versions[1:], by=administrator, parts=["text"], reason="Again.")


def test_wrong_input_hides_nothing(versions, administrator, moderator, author):
    other = workflow.save_revision(None, by=author, content=content("Other.\n", slug="other"))
    with pytest.raises(ValidationError):
        workflow.hide_many([], by=administrator, parts=["text"], reason="No.")
    with pytest.raises(ValidationError):
        workflow.hide_many([versions[1], other], by=administrator, parts=["text"], reason="No.")
    with pytest.raises(ValidationError):
        workflow.hide_many(versions, by=administrator, parts=["text"], reason=" ")
    with pytest.raises(PermissionDenied):
        workflow.hide_many(versions, by=moderator, parts=["text"], reason="No.")
    with pytest.raises(PermissionDenied):
        workflow.revisions_with("Ann", article=other.article, seen_by=moderator)

    assert not Hiding.objects.exists()


def test_page_lists_them_says_which_are_live_or_waiting_and_hides_the_chosen(client, versions, administrator):
    client.force_login(administrator)
    url = reverse("hide", args=[versions[3].pk])

    page = " ".join(client.get(url, {"passage": "555 0148"}).content.decode().split())
    assert "3 versions contain this passage" in page
    assert "The live version is among them." in page
    assert page.count('name="revision"') == 3
    assert ("<strong>live</strong>" in page, "<strong>waiting</strong>" in page) == (True, True)

    chosen = [versions[2].pk, versions[3].pk]
    form = {"revision": chosen, "parts": ["text"], "reason": "A number."}
    client.post(f"{url}?passage=555+0148", form)
    assert set(Hiding.objects.active().values_list("revision", flat=True)) == set(chosen)


@pytest.mark.parametrize("keys", [["x"], ["9" * 30], ["-1"], ["999999999"]])
def test_forged_versions_are_refused_in_words(client, versions, administrator, keys):
    client.force_login(administrator)
    form = {"revision": keys, "parts": ["text"], "reason": "No."}

    answer = client.post(reverse("hide", args=[versions[1].pk]), form)

    assert answer.status_code in (302, 400)
    assert Hiding.objects.count() <= 1


def test_every_page_that_shows_the_text_leads_there_for_who_may_hide(
    client, versions, administrator, moderator
):
    hide = reverse("hide", args=[versions[3].pk])
    review = Review.objects.pending().get()
    pages = [
        "/moderation/",
        review.get_absolute_url(),
        reverse("history", args=["ferry"]),
        reverse("revision", args=["ferry", 4]),
        reverse("authors", args=["ferry", 4]),
        "/articles/ferry/compare/3..4/",
    ]
    for who, expected in ((administrator, True), (moderator, False)):
        client.force_login(who)
        for page in pages:
            assert (hide in client.get(page, follow=True).content.decode()) is expected, page
        live = reverse("hide", args=[versions[2].pk])
        assert (live in client.get("/articles/ferry/").content.decode()) is expected
