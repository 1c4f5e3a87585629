"""Taking back all that a person did in a period: the plan, its steps, and what is left to a person."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles import workflow
from articles.models import Article, BackgroundTask, Event, Review, Revision, Rule, Sweep
from articles.rules.conditions import Row
from articles.tasks.background_tasks import asked_for_now
from articles.tasks.running import run_next
from articles.workflow import sweeping
from tests.conftest import CLEAN, _person, content

ALL = list(Sweep.Kind.values)


def now_around():
    now = timezone.now()
    return {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1)}


@pytest.fixture
def write(author):
    """Saves a version of the article with this address on top of its latest."""

    def write(slug, source=CLEAN, *, by=author):
        article = Article.objects.filter(slug=slug).select_related("latest_revision").first()
        base = article.latest_revision.number if article else None
        return workflow.save_revision(article, by=by, content=content(source, slug=slug), base=base)

    return write


@pytest.fixture
def go_live(moderator):
    def go_live(revision):
        review = workflow.submit(revision, by=revision.author)
        workflow.approve(review, by=moderator)
        return revision

    return go_live


@pytest.fixture
def planned(author, moderator):
    def planned(*kinds, by=moderator, **period):
        return workflow.plan_sweep(author, by=by, **{**now_around(), "kinds": kinds or ALL, **period})

    return planned


@pytest.fixture
def swept(author, moderator):
    """Plans and confirms a sweep, and carries it out."""

    def swept(*kinds, by=moderator, run=True):
        period = {**now_around(), "kinds": kinds or ALL}
        seen = workflow.digest_of(workflow.plan_sweep(author, by=by, **period))
        made = workflow.sweep(author, by=by, reason="Spam.", seen=seen, **period)
        return carry_out(made) if run else made

    return swept


def carry_out(sweep):
    run_next(BackgroundTask.objects.due())
    sweep = Sweep.objects.get(pk=sweep.pk)
    assert not sweep.is_running
    return sweep


def state(slug):
    article = Article.objects.get(slug=slug)
    latest = Revision.objects.with_text().get(pk=article.latest_revision_id)
    live = article.published_revision
    return latest.source, live.number if live else None


@pytest.fixture
def spam(write, go_live, other_author):
    """What the author left behind: an edit of a foreign article that is live, an own article, and one that waits."""
    go_live(write("foreign", "Good text.\n", by=other_author))
    go_live(write("foreign", "Buy now.\n"))
    go_live(write("own", "Buy this.\n"))
    workflow.submit(write("waits", "Buy that.\n"), by=Revision.objects.filter(slug="waits").get().author)


def test_plan_changes_nothing_and_says_what_would_be_done(spam, planned):
    before = Event.objects.count()

    assert [
        (step.kind, Article.objects.get(pk=step.article).slug) for step in planned() if not step.obstacle
    ] == [
        ("roll back", "foreign"),
        ("unpublish", "own"),
        ("reject", "waits"),
    ]
    assert Event.objects.count() == before


def test_sweep_rolls_back_takes_offline_and_rejects_as_one_operation(spam, swept, moderator):
    sweep = swept()

    assert state("foreign") == ("Good text.\n", 3)
    assert state("own") == ("Buy this.\n", None)
    review = Review.objects.get(revision__slug="waits")
    assert (review.state, review.reason) == ("rejected", "Spam.")
    assert sweep.counts == {"done": 3}
    event = Event.objects.get(action="sweep")
    assert (event.actor, event.reason, event.sweep) == (moderator, "Spam.", sweep)
    steps = Event.objects.filter(part_of=event).order_by("pk")
    assert [step.action for step in steps] == ["restore", "publish", "unpublish", "reject"]
    assert {step.door for step in steps} == {event.door}
    assert not Event.objects.exclude(part_of=event).filter(pk__gt=event.pk).exists()


def test_kinds_and_period_limit_what_is_taken_back(spam, planned):
    assert {step.kind for step in planned("reject")} == {"reject"}
    assert {step.kind for step in planned("unpublish")} == {"unpublish"}
    assert len(planned("unpublish")) == 2
    past = {"since": timezone.now() - timedelta(days=9), "until": timezone.now() - timedelta(days=8)}
    assert planned(**past) == []


def test_draft_that_the_person_began_has_no_text_to_return_to(write, planned):
    write("draft")

    (step,) = planned("roll back")

    assert "no text to return to" in step.obstacle


def test_end_of_the_period_is_not_included(write, planned):
    revision = write("draft")

    at = revision.created_at
    assert planned("roll back", since=at, until=at + timedelta(microseconds=1))
    assert planned("roll back", since=at - timedelta(hours=1), until=at) == []


def test_text_that_somebody_edited_after_is_left_to_a_person(write, go_live, other_author, swept):
    go_live(write("foreign", "Good text.\n", by=other_author))
    write("foreign", "Buy now.\n")
    write("foreign", "Buy now. Help!\n", by=other_author)

    with pytest.raises(workflow.WorkflowError, match="nothing that can be done"):
        swept("roll back")
    assert state("foreign") == ("Buy now. Help!\n", 1)


def test_text_edited_between_confirmation_and_its_step_is_left_alone(spam, write, other_author, swept):
    sweep = swept("roll back", run=False)
    write("foreign", "Mine now.\n", by=other_author)

    sweep = carry_out(sweep)

    assert state("foreign") == ("Mine now.\n", 2)
    left = sweep.steps.get(article__slug="foreign")
    assert (left.state, left.why) == ("left", "Somebody edited it since.")


def test_text_that_was_never_public_does_not_go_live(write, go_live, other_author, planned):
    write("foreign", "A draft.\n", by=other_author)
    go_live(write("foreign", "Buy now.\n"))

    (step,) = planned("roll back")

    assert step.obstacle == "The text before was never public."


def test_draft_is_rolled_back_and_nothing_goes_live(write, go_live, other_author, swept):
    go_live(write("foreign", "Good text.\n", by=other_author))
    write("foreign", "Buy now.\n")

    swept("roll back")

    assert state("foreign") == ("Good text.\n", 1)


def test_confirmation_is_bound_to_what_was_shown(spam, write, author, moderator, planned):
    seen = workflow.digest_of(planned())
    workflow.submit(write("more"), by=author)

    with pytest.raises(workflow.PlanChanged):
        workflow.sweep(author, by=moderator, reason="Spam.", seen=seen, kinds=ALL, **now_around())
    assert not Sweep.objects.exists()


@pytest.mark.parametrize("reason", ["", " ", "a\0b"])
def test_sweep_needs_a_reason(spam, author, moderator, planned, reason):
    with pytest.raises(ValidationError):
        workflow.sweep(
            author, by=moderator, reason=reason, seen=workflow.digest_of(planned()), kinds=ALL, **now_around()
        )


@pytest.mark.parametrize("who", ["author", "other_author", "reader"])
def test_only_moderators_sweep(spam, author, request, planned, who):
    by = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        planned(by=by)
    with pytest.raises(PermissionDenied):
        workflow.sweep(author, by=by, reason="Spam.", seen="", kinds=ALL, **now_around())


def test_held_moderator_does_not_sweep(spam, moderator, administrator, planned):
    workflow.hold(moderator, by=administrator, reason="Odd.")

    with pytest.raises(PermissionDenied):
        planned()


def test_sweep_goes_on_where_it_was_interrupted(spam, swept, monkeypatch):
    sweep = swept(run=False)
    real = sweeping._carry_out_next
    calls = []

    def fails_after_one(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("The power went out.")
        return real(*args, **kwargs)

    monkeypatch.setattr(sweeping, "_carry_out_next", fails_after_one)
    run_next(BackgroundTask.objects.due())
    assert Sweep.objects.get().is_running
    assert Event.objects.filter(action="restore").count() == 1
    BackgroundTask.objects.update(**asked_for_now())

    carry_out(sweep)

    assert state("foreign") == ("Good text.\n", 3)
    assert Sweep.objects.get().counts == {"done": 3}
    assert Event.objects.filter(action="restore").count() == 1


def test_sweep_is_stopped_before_its_next_step(spam, author, other_author, moderator, swept):
    sweep = swept(run=False)
    for person in (author, other_author):
        with pytest.raises(PermissionDenied):
            workflow.cancel_sweep(sweep, by=person)

    workflow.cancel_sweep(sweep, by=moderator)

    carry_out(sweep)
    assert state("foreign") == ("Buy now.\n", 2)
    assert Sweep.objects.get().counts == {"planned": 3}
    with pytest.raises(workflow.WorkflowError, match="ended already"):
        workflow.cancel_sweep(sweep, by=moderator)


def test_one_sweep_of_a_person_runs_at_a_time(spam, swept):
    swept("reject", run=False)

    with pytest.raises(workflow.WorkflowError, match="already"):
        swept("unpublish", run=False)


def test_all_is_taken_back_within_the_time_for_it(spam, swept, moderator):
    sweep = swept()

    workflow.undo_sweep(sweep, by=moderator)
    sweep = carry_out(sweep)

    assert sweep.counts == {"undone": 3}
    assert state("foreign") == ("Buy now.\n", 4)
    assert state("own") == ("Buy this.\n", 1)
    assert Review.objects.get(revision__slug="waits").state == "pending"
    with pytest.raises(PermissionDenied):
        workflow.undo_sweep(sweep, by=moderator)


def test_what_changed_since_stays_when_all_is_taken_back(spam, write, other_author, swept, moderator):
    sweep = swept()
    write("foreign", "Better.\n", by=other_author)

    workflow.undo_sweep(sweep, by=moderator)
    sweep = carry_out(sweep)

    assert sweep.counts == {"undone": 2, "kept": 1}
    assert state("foreign")[0] == "Better.\n"


def test_only_who_swept_takes_it_back_for_thirty_minutes(spam, swept, moderator, administrator, monkeypatch):
    sweep = swept()
    with pytest.raises(PermissionDenied):
        workflow.undo_sweep(sweep, by=administrator)
    later = sweep.made_at + timedelta(minutes=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(PermissionDenied):
        workflow.undo_sweep(sweep, by=moderator)


def test_few_steps_are_for_the_end_of_the_request_and_many_for_a_worker(spam, swept, monkeypatch):
    swept("reject")
    assert BackgroundTask.objects.get().queue_name == "short"
    monkeypatch.setattr(sweeping, "FEW_STEPS", 0)
    swept("unpublish", run=False)
    assert BackgroundTask.objects.order_by("enqueued_at").last().queue_name == "default"


def test_too_much_at_once_asks_for_a_shorter_period(spam, planned, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_STEPS", 2)

    with pytest.raises(workflow.WorkflowError, match="shorter period"):
        planned()


def test_own_text_of_the_moderator_is_not_rejected_by_them(write, author, planned):
    moderator = _person("mixed", "moderators")
    write("mixed", "Mine.\n", by=moderator)
    workflow.submit(write("mixed", "Theirs.\n"), by=author)

    (step,) = planned("reject", by=moderator)

    assert step.obstacle == "Part of it is your own text."


def test_plan_takes_as_many_queries_for_many_texts(
    write, go_live, other_author, planned, django_assert_max_num_queries
):
    for n in range(6):
        go_live(write(f"foreign-{n}", "Good text.\n", by=other_author))
        go_live(write(f"foreign-{n}", "Buy now.\n"))
        go_live(write(f"own-{n}", "Buy this.\n"))
    planned()  # permissions are loaded

    with django_assert_max_num_queries(9):
        assert len(planned()) == 12


def test_who_may_no_longer_do_a_step_does_none(spam, swept, moderator, administrator):
    sweep = swept(run=False)
    workflow.hold(moderator, by=administrator, reason="Look at this.")

    assert carry_out(sweep).counts == {"left": 3}
    assert state("foreign") == ("Buy now.\n", 2)


@pytest.mark.parametrize("impose", [workflow.hold, workflow.suspend])
def test_who_is_held_or_suspended_takes_no_sweep_back(spam, swept, moderator, administrator, impose):
    sweep = swept()
    workflow.undo_sweep(sweep, by=moderator)
    impose(moderator, by=administrator, reason="Look at this.")

    assert carry_out(sweep).counts == {"kept": 3}
    assert state("own") == ("Buy this.\n", None)


def test_who_is_held_cannot_ask_for_a_sweep_to_be_taken_back(spam, swept, moderator, administrator):
    sweep = swept()
    workflow.hold(moderator, by=administrator, reason="Look at this.")

    with pytest.raises(PermissionDenied):
        workflow.undo_sweep(sweep, by=User.objects.get(pk=moderator.pk))


def test_text_that_was_never_public_does_not_go_live_by_a_roll_back(write, go_live, swept, other_author):
    write("foreign", "A draft.\n", by=other_author)
    edited = write("foreign", "Buy now.\n")
    sweep = swept("roll back", run=False)  # of a draft
    go_live(edited)

    assert carry_out(sweep).counts == {"left": 1}
    assert state("foreign") == ("Buy now.\n", 2)


def test_text_that_a_rule_holds_by_now_does_not_go_live_by_a_roll_back(spam, swept, administrator):
    condition = Row("added", "contains", "good")
    text = workflow.RuleText("Good", "all", (condition,), "hold", "", "")
    rule = workflow.write_rule(None, by=administrator, text=text, seen=None)
    Rule.objects.filter(pk=rule.pk).update(active=rule.latest)

    assert swept("roll back").counts == {"done": 1, "left": 2}  # the article that they began is offline

    assert state("foreign") == ("Buy now.\n", 2)
    assert not Review.objects.pending().filter(revision__slug="foreign").exists()


def test_sweep_takes_no_later_decision_back(spam, swept, moderator):
    sweep = swept("reject")
    review = Review.objects.get(revision__slug="waits")
    workflow.undo(review, by=moderator)
    workflow.reject(review, by=moderator, reason="On second thoughts.")

    workflow.undo_sweep(sweep, by=moderator)

    assert carry_out(sweep).counts == {"kept": 1}
    review.refresh_from_db()
    assert review.reason == "On second thoughts."
