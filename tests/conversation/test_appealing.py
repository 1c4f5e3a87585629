"""Appeals: the author says why, and another moderator decides."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from articles import permissions, workflow
from articles.models import Event, Remark, Review

WHY = "The table is from the harbour office."


@pytest.fixture
def second(db):
    user = User.objects.create_user("second", is_staff=True)
    user.groups.set(Group.objects.filter(name="moderators"))
    return user


@pytest.fixture
def rejected(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.reject(review, by=moderator, reason="No source.")
    review.refresh_from_db()
    return review


def test_appeal_puts_the_version_into_the_queue_first_of_causes_with_its_words(rejected, author):
    appeal = workflow.appeal(rejected, by=author, text=WHY)

    assert (appeal.state, appeal.revision, appeal.appeals) == ("pending", rejected.revision, rejected)
    assert appeal.causes[0] == appeal.cause == Review.Cause.APPEAL
    said = Remark.objects.get()
    assert (said.answers_review, said.text) == (rejected, WHY)
    assert Event.objects.filter(action="appeal", revision=rejected.revision, actor=author).count() == 1


def test_another_moderator_decides_and_not_who_decided_before(rejected, author, moderator, second):
    appeal = workflow.appeal(rejected, by=author, text=WHY)

    with pytest.raises(PermissionDenied, match="Another moderator decides"):
        workflow.approve(appeal, by=moderator, reason="Now I see it.")
    assert not permissions.can_review(moderator, appeal)
    workflow.approve(appeal, by=second)

    rejected.revision.article.refresh_from_db()
    assert rejected.revision.article.published_revision == rejected.revision
    assert Event.objects.get(action="approve").detail == "on an appeal"


def test_where_nobody_else_may_the_same_person_decides_with_words_and_the_log_says_so(
    rejected, author, moderator, second
):
    second.is_active = False
    second.save()
    appeal = workflow.appeal(rejected, by=author, text=WHY)

    with pytest.raises(ValidationError, match="Say why"):
        workflow.approve(appeal, by=moderator)
    workflow.approve(appeal, by=moderator, reason="The office confirmed it.")

    assert "against their own decision" in Event.objects.get(action="approve").detail


def test_an_administrator_counts_as_another(rejected, author, moderator, administrator):
    appeal = workflow.appeal(rejected, by=author, text=WHY)

    assert not permissions.can_review(moderator, appeal)
    assert permissions.can_review(administrator, appeal)


def test_decision_on_an_appeal_is_final(rejected, author, second):
    appeal = workflow.appeal(rejected, by=author, text=WHY)
    workflow.reject(appeal, by=second, reason="Still no source.")
    appeal.refresh_from_db()

    with pytest.raises(workflow.WorkflowError, match="made on an appeal"):
        workflow.appeal(appeal, by=author, text=WHY)
    with pytest.raises(workflow.WorkflowError, match="stands no longer"):
        workflow.appeal(rejected, by=author, text=WHY)


def test_two_appeals_are_one(rejected, author):
    workflow.appeal(rejected, by=author, text=WHY)

    with pytest.raises(workflow.WorkflowError):
        workflow.appeal(rejected, by=author, text=WHY)
    assert Review.objects.count() == 2


def test_only_its_author_or_who_submitted_it_appeals(rejected, other_author, moderator):
    for person in (other_author, moderator):
        with pytest.raises(PermissionDenied):
            workflow.appeal(rejected, by=person, text=WHY)


def test_appeal_without_words_changes_nothing(rejected, author):
    with pytest.raises(ValidationError, match="Write what"):
        workflow.appeal(rejected, by=author, text=" ")

    assert Review.objects.count() == 1
    assert not Event.objects.filter(action="appeal").exists()


def test_approval_cannot_be_appealed(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)
    review.refresh_from_db()

    with pytest.raises(workflow.WorkflowError):
        workflow.appeal(review, by=author, text=WHY)


def test_newer_version_that_waits_comes_first(rejected, save, author):
    workflow.submit(save("Another text by the door.\n"), by=author)

    with pytest.raises(workflow.WorkflowError, match="waits for a moderator already"):
        workflow.appeal(rejected, by=author, text=WHY)


def test_decision_that_was_appealed_against_is_not_taken_back(rejected, author, moderator):
    workflow.appeal(rejected, by=author, text=WHY)

    with pytest.raises(workflow.WorkflowError, match="changed after the decision"):
        workflow.undo(rejected, by=moderator)


def test_author_appeals_from_the_conversation_and_keeps_refused_words(client, rejected, author):
    client.force_login(author)
    editor = reverse("admin:articles_article_change", args=[rejected.revision.article_id])
    button = f'name="appeal" value="{rejected.pk}"'
    assert button in client.get(editor).text

    url = reverse("admin:articles_article_talk", args=[rejected.revision.article_id])
    client.post(url, {"appeal": rejected.pk, "text": "a" * 3000})
    assert "a" * 3000 in client.get(editor).text
    client.post(url, {"appeal": rejected.pk, "text": WHY})

    assert Review.objects.pending().get().appeals == rejected
    assert button not in client.get(editor).text
