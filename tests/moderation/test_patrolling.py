"""What went live, what counts as looked at, and marks: by others only, once, taken back, and all in the log."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Event, LiveChange, Revision
from tests.conftest import FLAGGED, content

How = LiveChange.How


@pytest.fixture
def second(db):
    """Another moderator."""
    user = User.objects.create_user("second", is_staff=True)
    user.groups.set(Group.objects.filter(name="moderators"))
    return user


def last():
    return LiveChange.objects.latest("pk")


def actions():
    return list(Event.objects.values_list("action", flat=True))


# What counts as looked at


def test_version_approved_by_another_counts_as_looked_at_by_them(save, author, moderator):
    workflow.approve(workflow.submit(save(), by=author), by=moderator)

    assert (last().how, last().seen_by, last().seen_by_name) == (How.REVIEW, moderator, "moderator")
    assert not LiveChange.objects.unseen().exists()


@pytest.mark.parametrize("by", ["author", "moderator"])
def test_version_published_directly_counts_as_looked_at_by_nobody(save, request, author, moderator, by):
    writer = request.getfixturevalue(by)
    workflow.publish(save(by=writer), by=moderator)

    assert (last().how, last().seen_at, last().by, last().author) == (How.DIRECT, None, moderator, writer)


def test_own_text_approved_by_its_author_counts_as_looked_at_by_nobody(settings, save, moderator):
    settings.ALLOW_SELF_APPROVAL = True
    workflow.approve(workflow.submit(save(by=moderator), by=moderator), by=moderator)

    assert (last().how, last().seen_at) == (How.OWN, None)


def test_correction_of_a_moderator_counts_as_looked_at_by_nobody(save, author, moderator):
    review = workflow.submit(save(), by=author)
    fixed = workflow.fix_and_approve(review, by=moderator, content=content("The tide table hangs here.\n"))

    assert (last().how, last().revision, last().seen_at) == (How.FIX, fixed, None)


def test_waiting_version_that_a_moderator_publishes_is_approved_by_them(save, author, moderator):
    revision = save()
    workflow.submit(revision, by=author)
    workflow.publish(revision, by=moderator)

    assert (last().how, last().seen_by) == (How.REVIEW, moderator)


def test_decision_carried_over_counts_as_a_look_of_who_carried_it(save, author, moderator):
    workflow.approve(workflow.submit(save("One  two.\n"), by=author), by=moderator)
    workflow.carry_over(workflow.submit(save("One two.\n"), by=author), by=moderator)

    assert (last().how, last().seen_by) == (How.REVIEW, moderator)


def test_approval_taken_back_does_not_count_when_the_version_goes_live_again(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)
    workflow.undo(review, by=moderator)
    workflow.withdraw(review, by=author)
    workflow.publish(review.revision, by=moderator)

    assert [(change.how, change.seen_by) for change in LiveChange.objects.order_by("pk")] == [
        (How.REVIEW, moderator),
        (How.DIRECT, None),
    ]


def test_undoing_puts_nothing_new_before_readers(published, save, author, moderator):
    review = workflow.submit(save("New.\n"), by=author)
    workflow.approve(review, by=moderator)
    workflow.undo(review, by=moderator)

    assert [change.revision.number for change in LiveChange.objects.order_by("pk")] == [1, 2]


@pytest.mark.parametrize(("is_submitted", "how"), [(True, How.REVIEW), (False, How.SCHEDULE)])
def test_scheduled_version_counts_as_its_review_says(at, save, author, moderator, is_submitted, how):
    revision = save()
    if is_submitted:
        workflow.submit(revision, by=author)
    start = timezone.now() + timedelta(hours=1)
    workflow.schedule(revision, by=moderator, starts_at=start, zone="UTC")
    at(start + timedelta(minutes=1))
    workflow.settle()

    assert (last().how, last().at, last().by) == (how, start, moderator)
    assert (last().seen_by == moderator) is is_submitted


# What it brought in


def test_change_is_counted_against_what_was_public_before(published, save, author, moderator):
    save("The tide table hangs by the door. More.\n")
    save("The tide table hangs by the door. More and more.\n")
    workflow.publish(save("The tide table hangs by the door. More and mo.\n"), by=moderator)

    change = last()
    assert (change.before.number, change.revision.number) == (1, 4)
    assert (change.added, change.removed) == (14, 31)
    assert LiveChange.objects.of_new_articles().get().revision == published


def test_finding_of_an_unpublished_version_between_counts(published, save, author, moderator):
    save(FLAGGED)
    review = workflow.submit(save(FLAGGED + "\nAnd more.\n"), by=author)
    workflow.approve(review, by=moderator)

    change = last()
    assert change.alerts + change.warnings == 1
    assert change.worst.text == "\u0430"
    assert LiveChange.objects.with_findings().get() == change


def test_finding_that_was_taken_out_before_it_went_live_does_not_count(published, save, moderator):
    save(FLAGGED)
    workflow.publish(save("Clean again.\n"), by=moderator)

    assert (last().alerts, last().warnings, last().worst) == (0, 0, None)


def test_version_before_is_the_last_public_one_also_after_a_time_offline(published, save, moderator):
    workflow.unpublish(published.article, by=moderator)
    workflow.publish(save("Again.\n"), by=moderator)

    assert last().before == published


# Marks


def test_mark_is_written_once_and_logged(published, second, administrator):
    assert workflow.mark_patrolled([last()], by=second) == [last()]
    assert workflow.mark_patrolled([last()], by=administrator) == []

    assert (last().seen_by, last().is_marked) == (second, True)
    assert actions().count(Event.Action.PATROL) == 1
    assert Event.objects.first().revision == published


def test_nobody_marks_their_own_text_not_even_an_earlier_draft_of_it(save, author, moderator, second):
    save("Mine.\n", by=moderator)
    workflow.publish(save("Mine and theirs.\n"), by=second)
    own = last()
    workflow.publish(save("Theirs.\n"), by=second)

    with pytest.raises(PermissionDenied):
        workflow.mark_patrolled([last(), own], by=moderator)
    with pytest.raises(PermissionDenied):
        workflow.mark_patrolled_up_to(own, by=moderator)
    assert LiveChange.objects.unseen().count() == 2
    assert workflow.mark_patrolled_up_to(last(), by=moderator) == [last()]
    assert LiveChange.objects.unseen().get() == own


def test_all_up_to_the_newest_that_was_seen_are_marked_and_none_after_it(published, save, moderator, second):
    workflow.publish(save("Two.\n"), by=moderator)
    seen = last()
    workflow.publish(save("Three.\n"), by=moderator)
    other = workflow.save_revision(None, by=moderator, content=content(slug="other"))
    workflow.publish(other, by=moderator)

    workflow.mark_patrolled_up_to(seen, by=second)

    left = LiveChange.objects.unseen().order_by("pk")
    assert [(change.article.slug, change.revision.number) for change in left] == [("tides", 3), ("other", 1)]


def test_mark_is_taken_back_by_any_moderator_and_the_log_says_whose(published, second, administrator):
    workflow.mark_patrolled([last()], by=second)
    workflow.unmark_patrolled(last(), by=administrator)

    assert (last().seen_by, last().seen_by_name, last().seen_at) == (None, "", None)
    event = Event.objects.first()
    assert (event.action, event.actor, event.detail) == (Event.Action.UNPATROL, administrator, "second")
    with pytest.raises(workflow.WorkflowError):
        workflow.unmark_patrolled(last(), by=second)


def test_review_is_no_mark_to_take_back(save, author, moderator):
    workflow.approve(workflow.submit(save(), by=author), by=moderator)

    with pytest.raises(workflow.WorkflowError):
        workflow.unmark_patrolled(last(), by=moderator)
    assert last().seen_by == moderator


def test_looking_does_not_keep_a_decision_from_being_taken_back(save, author, moderator, second):
    workflow.publish(save(by=moderator), by=moderator)
    unseen = last()
    review = workflow.submit(save("New.\n"), by=author)
    workflow.approve(review, by=moderator)
    workflow.mark_patrolled([unseen], by=second)
    workflow.unmark_patrolled(unseen, by=second)

    workflow.undo(review, by=moderator)

    review.refresh_from_db()
    assert review.state == "pending"


ROLES = ["reader", "author", "other_author", "moderator", "administrator"]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_mark_and_take_back(save, administrator, request, role):
    revision = save()
    workflow.publish(revision, by=administrator)
    person, change = request.getfixturevalue(role), last()
    acts = (
        lambda: workflow.mark_patrolled([change], by=person),
        lambda: workflow.unmark_patrolled(change, by=person),
        lambda: workflow.mark_patrolled_up_to(change, by=person),
    )

    assert permissions.can_patrol(person, change) is (role in {"moderator", "administrator"})
    for act in acts:
        if role in {"moderator", "administrator"}:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_of_two_who_look_at_once_one_mark_stays(save, moderator, second, administrator):
    workflow.publish(save(), by=moderator)
    start = threading.Barrier(2)

    def look(person):
        start.wait()
        workflow.mark_patrolled([LiveChange.objects.get()], by=person)
        connections.close_all()

    threads = [threading.Thread(target=look, args=[person]) for person in (second, administrator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Event.objects.filter(action=Event.Action.PATROL).count() == 1
    assert Event.objects.get(action=Event.Action.PATROL).actor == last().seen_by


def test_hidden_name_finds_no_change_and_a_hidden_text_shows_no_title(
    published, author, moderator, administrator
):
    workflow.hide(published, by=administrator, parts=["author"], reason="Private.")

    assert not LiveChange.objects.by_author("author", asked_by=moderator).exists()
    assert LiveChange.objects.by_author("author", asked_by=administrator).exists()
    change = LiveChange.objects.for_list(moderator).get()
    assert change.revision.author_name == "(name hidden)"
    assert Revision.objects.get().author_name == "author"
