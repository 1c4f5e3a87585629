"""Decisions on several reviews: carried out in parts, each on its own, and taken back as one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles import workflow
from articles.models import Article, BackgroundTask, Batch, Event, Review
from articles.moderation.batching import MOST
from articles.tasks.running import run_next
from tests.conftest import content


@pytest.fixture
def write(author):
    def write(slug, *, by=None):
        by = by or author
        revision = workflow.save_revision(None, by=by, content=content("Text.\n", slug=slug))
        return workflow.submit(revision, by=by)

    return write


@pytest.fixture
def decide(moderator):
    def decide(*reviews, decision="approve", reason="", by=moderator):
        seen = {key: str(seen) for key, seen in workflow.see_all(reviews).items()}
        return workflow.decide_many(reviews, by=by, decision=decision, reason=reason, seen=seen)

    return decide


def states(batch):
    return list(batch.items.order_by("pk").values_list("state", flat=True))


def test_each_is_decided_on_its_own_and_says_why_not(write, decide, moderator, administrator):
    first, done, claimed, own = write("first"), write("done"), write("claimed"), write("own", by=moderator)
    batch = decide(first, done, claimed, own)
    workflow.reject(done, by=administrator, reason="No.")
    workflow.claim(claimed, by=administrator)
    workflow.carry_out(batch, seconds=60)

    assert states(batch) == ["decided", "refused", "refused", "refused"]
    texts = list(batch.items.order_by("pk").values_list("text", flat=True))
    assert texts[1] == "This version is no longer waiting: rejected by administrator."
    assert texts[2].startswith("administrator is on it until")
    assert texts[3] == "You cannot decide on your own version. Ask another moderator."
    assert Article.objects.public().get().slug == "first"


def test_many_are_carried_out_in_slices_of_a_short_task(write, decide, monkeypatch):
    monkeypatch.setattr("articles.moderation.batching.SLICE_SECONDS", 0)
    batch = decide(*(write(f"n{n}") for n in range(3)))

    left = []
    while run_next(BackgroundTask.objects.due()):
        left.append(batch.left.count())

    assert left == [2, 1, 0]
    assert states(batch) == ["decided"] * 3


def test_all_are_taken_back_as_one_also_what_was_not_decided_yet(write, decide, moderator):
    reviews = [write(f"n{n}") for n in range(3)]
    batch = decide(*reviews)
    workflow.carry_out(batch, seconds=0)
    assert states(batch) == ["decided", "left", "left"]

    workflow.take_back_many(batch, by=moderator)
    assert not workflow.carry_out(batch, seconds=60)

    assert states(batch) == ["taken back", "refused", "refused"]
    assert not Article.objects.public().exists()
    assert Review.objects.pending().count() == 3
    assert Event.objects.filter(action="undo", actor_name="moderator").count() == 1
    with pytest.raises(workflow.WorkflowError, match="already"):
        workflow.take_back_many(batch, by=moderator)


def test_what_something_was_built_on_stays(write, decide, moderator, author, administrator):
    kept, back = write("kept"), write("back")
    batch = decide(kept, back)
    workflow.carry_out(batch, seconds=60)
    workflow.unpublish(kept.revision.article, by=administrator)

    workflow.take_back_many(batch, by=moderator)
    workflow.carry_out(batch, seconds=60)

    assert states(batch) == ["kept", "taken back"]
    assert "changed after the decision" in batch.items.get(state="kept").text


def test_who_may_take_back_and_for_how_long(write, decide, moderator, administrator):
    batch = decide(write("one"))
    workflow.carry_out(batch, seconds=60)

    with pytest.raises(PermissionDenied):
        workflow.take_back_many(batch, by=administrator)
    Batch.objects.update(made_at=timezone.now() - timedelta(minutes=31))
    batch.refresh_from_db()
    with pytest.raises(PermissionDenied):
        workflow.take_back_many(batch, by=moderator)
    Batch.objects.update(made_at=timezone.now())
    batch.refresh_from_db()
    workflow.take_back_many(batch, by=moderator)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"decision": "burn"}, "Choose a decision"),
        ({"decision": "reject", "reason": " "}, "Say why"),
        ({"decision": "request changes"}, "Say why"),
    ],
)
def test_wrong_input_stores_nothing(write, decide, fields, message):
    with pytest.raises(ValidationError, match=message):
        decide(write("one"), **fields)

    assert not Batch.objects.exists()


def test_neither_none_nor_too_many(write, decide, author):
    review = write("one")
    with pytest.raises(ValidationError):
        decide()
    with pytest.raises(ValidationError):
        decide(*[review] * (MOST + 1))
    with pytest.raises(PermissionDenied):
        decide(review, by=author)


def test_rights_are_asked_for_when_the_work_is_done(write, decide, moderator):
    batch = decide(write("one"))
    moderator.groups.clear()
    moderator.user_permissions.clear()

    workflow.carry_out(Batch.objects.select_related("decided_by").get(), seconds=60)

    assert states(batch) == ["refused"]
    assert Review.objects.pending().exists()


def test_what_changed_since_the_list_is_left_alone(write, decide, moderator, administrator):
    review, unseen = write("one"), write("unseen")
    batch = workflow.decide_many(
        [review, unseen],
        by=moderator,
        decision="approve",
        seen={review.pk: str(workflow.see_all([review])[review.pk])},
    )
    workflow.hide(review.revision, by=administrator, parts=["summary"], reason="Private.")

    workflow.carry_out(batch, seconds=60)

    assert states(batch) == ["refused", "refused"]
    assert "did not say what it showed" in batch.items.get(review=unseen).text


def test_batch_takes_no_later_decision_back(write, decide, moderator):
    review = write("one")
    batch = decide(review)
    workflow.carry_out(batch, seconds=60)
    review.refresh_from_db()
    workflow.undo(review, by=moderator)
    workflow.reject(review, by=moderator, reason="On second thoughts.")

    workflow.take_back_many(batch, by=moderator)
    workflow.carry_out(batch, seconds=60)

    review.refresh_from_db()
    assert (review.state, review.reason) == ("rejected", "On second thoughts.")
    assert states(batch) == ["kept"]
