"""Notes among moderators, and second opinions."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from articles import workflow
from articles.models import Event, Notice, Review, ReviewNote


@pytest.fixture
def review(save, author):
    return workflow.submit(save(), by=author)


def test_note_is_kept_with_its_author_and_the_log_does_not_repeat_it(review, moderator):
    note = workflow.note_review(review, by=moderator, text="Second time this week.")

    assert ReviewNote.objects.get() == note
    assert (note.text, note.written_by, note.written_by_name) == (
        "Second time this week.",
        moderator,
        "moderator",
    )
    event = Event.objects.get(action="note review")
    assert (event.revision, event.reason, event.detail) == (review.revision, "", "")


def test_second_opinion_is_wanted_until_another_moderator_notes_one(review, moderator, administrator):
    moderator.email = "m@example.org"
    moderator.save()
    workflow.claim(review, by=moderator)

    workflow.ask_opinion(review, by=moderator, text="Is this satire?")
    workflow.note_review(review, by=moderator, text="I looked again.")
    review.refresh_from_db()
    assert (review.asks_opinion, review.claimed_by) == (True, None)
    workflow.note_review(review, by=administrator, text="It is.")

    review.refresh_from_db()
    assert not review.asks_opinion
    notice = Notice.objects.get()
    assert (notice.recipient, notice.text) == (moderator, "It is.")


def test_who_asked_and_moderates_no_longer_is_mailed_no_note(review, moderator, administrator):
    moderator.email = "m@example.org"
    moderator.save()
    workflow.ask_opinion(review, by=moderator, text="Is this satire?")
    moderator.groups.set(Group.objects.filter(name="authors"))

    workflow.note_review(review, by=administrator, text="He knows the author.")

    assert not Notice.objects.exists()


def test_decision_ends_the_question(review, moderator, administrator):
    workflow.ask_opinion(review, by=moderator, text="Is this satire?")
    workflow.approve(review, by=administrator)

    review.refresh_from_db()
    assert not review.asks_opinion
    with pytest.raises(workflow.AlreadyDecided):
        workflow.ask_opinion(review, by=moderator, text="Was it?")
    workflow.note_review(review, by=moderator, text="Looked fine to me, too.")


@pytest.mark.parametrize("text", ["", " \n", "a" * 2001, "a\0"])
def test_words_that_cannot_be_kept_are_refused(review, moderator, text):
    for act in (workflow.note_review, workflow.ask_opinion):
        with pytest.raises(ValidationError):
            act(review, by=moderator, text=text)
    assert not ReviewNote.objects.exists()


def test_notes_are_kept_from_authors_even_if_they_moderate(client, save, moderator, administrator, author):
    review = workflow.submit(save(by=moderator), by=moderator)
    workflow.note_review(review, by=administrator, text="Watch this one.")

    for person in (moderator, author):
        with pytest.raises(PermissionDenied):
            workflow.note_review(review, by=person, text="What do they say?")
        assert not ReviewNote.objects.visible_to(person).exists()
    client.force_login(moderator)
    for url in (review.get_absolute_url(), reverse("review-notes", args=[review.pk])):
        assert "Watch this one." not in client.get(url).text
    client.force_login(administrator)
    assert "Watch this one." in client.get(review.get_absolute_url()).text


def test_page_keeps_refused_words_and_stores_good_ones(client, review, moderator):
    client.force_login(moderator)
    url = reverse("review-notes", args=[review.pk])

    refused = client.post(url, {"text": "b" * 2001})
    answer = client.post(url, {"text": "Is this satire?", "ask": ""})

    assert refused.status_code == 400
    assert "b" * 2001 in refused.text
    assert answer.url == f"{review.get_absolute_url()}#notes"
    assert Review.objects.get().asks_opinion
    assert "second opinion wanted" in client.get(review.get_absolute_url()).text


def test_many_notes_are_drawn_in_parts(client, review, moderator):
    for number in range(25):
        workflow.note_review(review, by=moderator, text=f"Note {number}.")
    client.force_login(moderator)

    first, second = (client.get(review.get_absolute_url(), {"notes": n}).text for n in (1, 2))

    assert "Note 24." in first
    assert "Note 4." not in first
    assert "Note 4." in second
