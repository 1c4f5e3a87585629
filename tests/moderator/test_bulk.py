"""Decisions on several versions through the pages: what is selected, what would happen, what happened, and back."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, BackgroundTask, Batch, Review
from articles.moderator.queue import PER_PAGE
from articles.tasks.running import run_next
from tests.conftest import FLAGGED, content
from tests.sent_forms import fields_of


@pytest.fixture
def write(author):
    def write(slug, source="Text.\n", *, by=None, **changes):
        by = by or author
        revision = workflow.save_revision(None, by=by, content=content(source, slug=slug, **changes))
        return workflow.submit(revision, by=by)

    return write


@pytest.fixture
def selected(client, moderator):
    """The page that says what a decision would do."""
    client.force_login(moderator)

    def selected(*reviews, query="", **form):
        page = client.get(f"/moderation/{query}").content.decode()
        chosen = {"decision": "approve", "review": [review.pk for review in reviews]}
        form = fields_of(page, "data-bulk") | chosen | form
        return client.post(reverse("queue-bulk") + query, form, follow=True)

    return selected


@pytest.fixture
def confirm(client):
    """Press the button of that page."""

    def confirm(response, **changes):
        form = {
            name: response.context["form"][name].value() or "" for name in ("decision", "reviews", "seen")
        }
        return client.post(reverse("decide-many"), form | changes, follow=True)

    return confirm


def test_nothing_is_decided_before_the_page_that_counts(write, selected, author, moderator, administrator):
    live, flagged, claimed, own, turned_down = (
        write("live"),
        write("odd", FLAGGED),
        write("claimed"),
        write("own", by=moderator),
        write("turned-down"),
    )
    workflow.claim(claimed, by=administrator)
    workflow.reject(turned_down, by=moderator, reason="No.")
    turned_down.refresh_from_db()
    appeal = workflow.appeal(turned_down, by=author, text="Yes.")

    text = " ".join(selected(live, flagged, claimed, own, appeal).content.decode().split())

    assert Review.objects.pending().count() == 5
    for sentence in (
        "5 versions are selected.",
        "5 would go live.",
        "5 of them are articles that are not public now.",
        "1 has odd changes.",
        "1 is claimed by somebody else and will be left alone.",
        "2 are not yours to decide and will be left alone.",
    ):
        assert sentence in text


def test_confirmed_decision_is_carried_out_told_and_taken_back(write, selected, confirm, client, moderator):
    reviews = [write("one"), write("two")]

    told = confirm(selected(*reviews))
    assert Article.objects.public().count() == 2
    assert "done: 2" in " ".join(told.content.decode().split())
    batch = Batch.objects.get()

    back = client.post(reverse("batch-take-back", args=[batch.pk]), follow=True)
    assert not Article.objects.public().exists()
    assert "taken back: 2" in " ".join(back.content.decode().split())
    assert reverse("batch-take-back", args=[batch.pk]) not in back.content.decode()


def test_all_that_match_are_the_ones_of_the_filter_and_stay_the_ones_shown(write, selected, confirm):
    for n in range(PER_PAGE + 2):
        write(f"n{n}", language="fr")
    write("german", language="de")

    page = selected(query="?language=fr", all="1")
    write("later", language="fr")
    confirm(page, decision="reject", reason="Spam.")
    while run_next(BackgroundTask.objects.due()):
        pass

    assert page.context["outlook"].total == PER_PAGE + 2
    assert set(Review.objects.pending().values_list("revision__slug", flat=True)) == {"german", "later"}


def test_more_than_can_be_decided_at_once_are_cut_and_the_page_says_so(write, selected, monkeypatch):
    monkeypatch.setattr(workflow, "MOST_AT_ONCE", 2)
    for n in range(3):
        write(f"n{n}")

    page = selected(all="1")

    assert page.context["outlook"].total == 2
    assert "These are the first 2 of the list." in page.content.decode()


def test_reason_is_asked_for_and_nothing_is_lost(write, selected, confirm):
    page = selected(write("one"), decision="reject")

    again = confirm(page)

    assert again.status_code == 400
    assert "Say why, so that the author can act on it." in again.content.decode()
    confirm(again, reason="No source.")
    assert Review.objects.get().reason == "No source."


@pytest.mark.parametrize(
    "form",
    [{}, {"review": []}, {"review": ["x"]}, {"review": ["99999999999999999999"]}, {"decision": "burn"}],
)
def test_odd_selection_is_refused_in_words(client, moderator, form):
    client.force_login(moderator)

    answer = client.post(reverse("queue-bulk"), {"decision": "approve"} | form, follow=True)

    assert answer.status_code == 200
    assert answer.context["messages"]


@pytest.mark.parametrize(
    "reviews", ["", "x", "1,", "-1", "9" * 30, "1,\u0661", "0" * 9, ",".join(["7"] * 3000)]
)
def test_forged_lists_are_refused(client, moderator, reviews):
    client.force_login(moderator)

    answer = client.post(reverse("decide-many"), {"decision": "approve", "reviews": reviews})

    assert answer.status_code == 400
    assert not Batch.objects.exists()


def test_pages_are_for_moderators_and_batches_for_who_decided(
    write, selected, confirm, client, author, administrator
):
    confirm(selected(write("one")))
    batch = Batch.objects.get()
    take_back = reverse("batch-take-back", args=[batch.pk])
    assert client.get(batch.get_absolute_url()).status_code == 200

    client.force_login(administrator)
    assert client.get(batch.get_absolute_url()).status_code == 404
    assert client.post(take_back).status_code == 404
    client.force_login(author)
    for name in ("queue-bulk", "decide-many"):
        assert client.post(reverse(name)).status_code == 403
    assert client.get(batch.get_absolute_url()).status_code == 403
    assert client.post(take_back).status_code == 403
    assert Article.objects.public().exists()


def test_hidden_text_is_not_named_in_the_results(write, selected, confirm, client, administrator):
    review = write("one", title="Sluicekeeper")
    confirm(selected(review))
    workflow.hide(review.revision, by=administrator, parts=["text"], reason="Private.")

    assert "Sluicekeeper" not in client.get(Batch.objects.get().get_absolute_url()).content.decode()
