"""Claims: one moderator at a time, for ten minutes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import time_format

from articles import workflow
from articles.models import Event, Review
from tests.conftest import NOON, content


@pytest.fixture
def write(author):
    """A new article that waits."""

    def write(slug):
        return workflow.submit(workflow.save_revision(None, by=author, content=content(slug=slug)), by=author)

    return write


def claims():
    """Who has claimed what, by the address of the article."""
    return dict(Review.objects.values_list("revision__slug", "claimed_by__username"))


def test_claim_lasts_ten_minutes_and_can_be_renewed(write, moderator, at):
    review, now = write("one"), timezone.now()
    at(now)
    claimed = workflow.claim(review, by=moderator)
    at(now + timedelta(minutes=9))

    renewed = workflow.claim(review, by=moderator)

    assert (claimed.claimed_by, claimed.claimed_until) == (moderator, now + timedelta(minutes=10))
    assert renewed.claimed_until == now + timedelta(minutes=19)


def test_claim_blocks_other_moderators_until_it_expires(write, moderator, administrator, at):
    review = workflow.claim(write("one"), by=moderator)
    write("another")
    expiry = review.claimed_until

    at(expiry - timedelta(microseconds=1))
    with pytest.raises(workflow.AlreadyClaimed) as refusal:
        workflow.claim(review, by=administrator)

    assert str(refusal.value) == f"moderator is on it until {time_format(timezone.localtime(expiry))}."
    at(expiry)
    assert workflow.claim(review, by=administrator).claimed_by == administrator


def test_a_moderator_holds_several_claims(write, moderator, administrator):
    first, second, third = write("first"), write("second"), write("third")
    workflow.claim(first, by=moderator)
    workflow.claim(second, by=administrator)

    workflow.claim(third, by=moderator)

    assert claims() == {"first": "moderator", "second": "administrator", "third": "moderator"}


def hold(review, by, at, minutes):
    """Keep a page open from `NOON` on, so that it renews its claim."""
    for minute in range(0, minutes + 1, 5):
        at(NOON + timedelta(minutes=minute))
        workflow.claim(review, by=by)


def test_a_claim_is_taken_over_after_half_an_hour_and_the_log_says_from_whom(
    write, moderator, administrator, at
):
    review = write("one")
    hold(review, moderator, at, minutes=25)
    with pytest.raises(workflow.AlreadyClaimed):
        workflow.take_over(review, by=administrator)
    hold(review, moderator, at, minutes=30)

    taken = workflow.take_over(review, by=administrator)

    assert (taken.claimed_by, taken.claimed_since) == (administrator, NOON + timedelta(minutes=30))
    event = Event.objects.get(action="take over")
    assert (event.actor, event.detail) == (administrator, "moderator")
    with pytest.raises(workflow.AlreadyClaimed):
        workflow.claim(review, by=moderator)


def test_a_claim_that_lapsed_begins_anew(write, moderator, administrator, at):
    review = write("one")
    hold(review, moderator, at, minutes=25)
    at(NOON + timedelta(minutes=50))
    workflow.claim(review, by=moderator)

    with pytest.raises(workflow.AlreadyClaimed):
        workflow.take_over(review, by=administrator)


def test_taking_over_what_nobody_holds_is_a_claim(write, moderator):
    taken = workflow.take_over(write("one"), by=moderator)

    assert taken.claimed_by == moderator
    assert not Event.objects.filter(action="take over").exists()


def test_only_moderators_take_over(write, author):
    with pytest.raises(PermissionDenied):
        workflow.take_over(write("one"), by=author)


def test_decided_review_cannot_be_claimed(write, moderator, administrator):
    review = workflow.claim(write("one"), by=moderator)
    workflow.reject(review, by=administrator, reason="No.")
    assert claims() == {"one": None}  # a decision ends the claim

    with pytest.raises(workflow.AlreadyDecided) as refusal:
        workflow.claim(review, by=moderator)

    assert str(refusal.value) == "This version is no longer waiting: rejected by administrator."
    assert claims() == {"one": None}


def test_only_moderators_claim(write, author):
    with pytest.raises(PermissionDenied):
        workflow.claim(write("one"), by=author)


def test_own_claim_is_released_and_no_other(write, moderator, administrator):
    mine, other, theirs = write("mine"), write("other"), write("theirs")
    until = timezone.now() + timedelta(minutes=10)
    Review.objects.filter(pk__in=[mine.pk, other.pk]).update(claimed_by=moderator, claimed_until=until)
    workflow.claim(theirs, by=administrator)

    workflow.release(mine, by=moderator)
    workflow.release(theirs, by=moderator)

    assert claims() == {"mine": None, "other": "moderator", "theirs": "administrator"}
    mine.refresh_from_db()
    assert mine.claimed_until is None
