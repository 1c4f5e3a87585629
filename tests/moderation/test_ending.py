"""What went live under an allowance waits again once that has ended, stays live, and can be decided."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Allowance, Article, BackgroundTask, Event, Publication, Review, Revision
from articles.moderation import ending
from articles.revisions import triggers
from articles.tasks.running import run_now
from articles.text.content import findings
from tests.conftest import CLEAN, FLAGGED, content
from tests.sent_forms import decision_on

A = "\N{CYRILLIC SMALL LETTER A}"
ENDED = Review.Cause.ALLOWANCE_ENDED


def elsewhere(by, source=FLAGGED, slug="elsewhere", **fields):
    return workflow.save_revision(None, by=by, content=content(source, slug=slug, **fields))


@pytest.fixture
def allow(save, moderator, confirmed):
    """An allowance in force of the odd letter, seen in a draft."""

    def allow(kind="character", scope="site", **fields):
        item = findings(save(FLAGGED).content)[0]
        revision = Article.objects.get(slug="tides").latest_revision
        return confirmed(
            workflow.allow_finding(
                revision, item, by=moderator, kind=kind, scope=scope, reason="A name.", **fields
            )
        )

    return allow


@pytest.fixture
def live(moderator, author):
    """Publishes a text at once, since nothing keeps it."""

    def live(slug="elsewhere", source=FLAGGED):
        revision = elsewhere(author, source, slug)
        assert workflow.publish(revision, by=moderator) is None
        return Revision.objects.get(pk=revision.pk)

    return live


def waiting():
    return {review.revision.slug: review.causes for review in Review.objects.pending()}


def expire(allowance):
    yesterday = timezone.localdate() - timedelta(days=1)
    at = timezone.now() - timedelta(days=9)
    Allowance.objects.filter(pk=allowance.pk).update(until=yesterday, allowed_at=at, confirmed_at=at)


def days_ago(revision, days):
    """Move what put a revision live into the past, which no operation does."""
    at = timezone.now() - timedelta(days=days)
    with triggers.dropped(connection):  # the models' own querysets refuse updates
        QuerySet(Publication).filter(revision=revision.pk).update(published_at=at)
        QuerySet(Event).filter(revision=revision.pk).update(at=at)


# Revoking


def test_what_went_live_under_it_waits_again_and_stays_live(allow, live, second_moderator):
    allowance, revision = allow(), live()

    assert workflow.revoke(allowance, by=second_moderator)

    review = Review.objects.pending().get()
    assert (review.revision, review.causes, review.cause) == (revision, [ENDED], ENDED)
    assert (review.warnings, review.submitted_by) == (1, None)
    assert Article.objects.get(slug="elsewhere").published_revision == revision
    assert Allowance.objects.get().settled_at


def test_what_does_not_depend_on_it_stays_as_it_is(allow, live, author, moderator, administrator, confirmed):
    before = elsewhere(author, slug="before")
    workflow.approve(workflow.submit(before, by=author), by=administrator)
    allowance = allow()
    live("clean", CLEAN)
    workflow.unpublish(live("offline").article, by=moderator)
    twice = live("twice", "A p\u0430per.\n")
    item = findings(twice.content)[0]
    workflow.allow_finding(twice, item, by=moderator, kind="word", reason="A name.")
    elsewhere(author, slug="draft")
    live("hit")

    workflow.revoke(allowance, by=administrator)

    assert waiting() == {"hit": [ENDED]}


def test_notice_alone_brings_nothing_back(live, moderator, administrator, confirmed):
    fields = {"kind": "character", "scope": "site", "by": moderator, "reason": "French."}
    allowance = confirmed(workflow.allow("\u2003", **fields))
    live("spaces", "One \u2003 two.\n")

    workflow.revoke(allowance, by=administrator)

    assert waiting() == {}


def test_approved_while_it_was_in_force_counts_as_well(allow, author, moderator, administrator):
    allowance = allow()
    revision = elsewhere(author)
    workflow.approve(workflow.submit(revision, by=author), by=administrator)

    workflow.revoke(allowance, by=moderator)

    assert waiting() == {"elsewhere": [ENDED]}


def test_scheduled_under_it_waits_instead_of_going_live(allow, author, moderator):
    allowance, revision = allow(), elsewhere(author)
    workflow.schedule(revision, by=moderator, starts_at=timezone.now() + timedelta(hours=1), zone="UTC")

    workflow.revoke(allowance, by=moderator)

    assert waiting() == {"elsewhere": [ENDED, "warning"]}
    assert not revision.article.schedules.filter(due_at__isnull=False).exists()


def test_many_come_back_as_a_task(allow, live, moderator, monkeypatch):
    monkeypatch.setattr(ending, "MOST_AT_ONCE", 2)
    allowance = allow()
    for n in range(5):
        live(f"n{n}")

    assert not workflow.revoke(allowance, by=moderator)

    assert len(waiting()) == 2
    assert not Allowance.objects.get().settled_at
    done = run_now(ending.bring_back)
    assert done.progress == "3 texts looked at, 3 brought back"
    assert len(waiting()) == 5
    assert Allowance.objects.get().settled_at


def test_long_texts_are_left_to_the_task_as_well(allow, live, moderator, monkeypatch):
    monkeypatch.setattr(ending, "MOST_CODE_POINTS", 10)
    allowance = allow()
    live("a")
    live("b")

    assert not workflow.revoke(allowance, by=moderator)
    assert list(waiting()) == ["a"]


def test_nothing_comes_back_twice(allow, live, moderator, administrator):
    allowance = allow()
    live()
    workflow.revoke(allowance, by=moderator)
    workflow.approve(Review.objects.pending().get(), by=administrator)
    Allowance.objects.update(settled_at=None)  # as if the process had been killed before the end

    workflow.settle_allowances()
    run_now(ending.bring_back)

    assert waiting() == {}
    assert Allowance.objects.get().settled_at


# Expiry


def test_whoever_looks_at_the_queue_settles_what_expired(allow, live, client, moderator):
    allowance, revision = allow(until=timezone.localdate()), live()
    expire(allowance)
    days_ago(revision, 5)
    client.force_login(moderator)

    assert waiting() == {}
    page = client.get(reverse("queue"))

    assert waiting() == {"elsewhere": [ENDED]}
    assert "an allowance that it went live under has ended" in page.content.decode()
    event = Event.objects.get(action="expire")
    assert (event.actor, event.actor_name) == (None, "(system)")
    client.get(reverse("allowances"))
    assert Event.objects.filter(action="expire").count() == Review.objects.count() == 1


def test_what_went_live_after_the_end_was_judged_without_it(allow, live, moderator):
    allowance, revision = allow(until=timezone.localdate()), live()
    expire(allowance)
    days_ago(revision, 0)

    workflow.settle_allowances()

    assert waiting() == {}


def test_task_is_asked_for_on_the_day_after_the_last(allow):
    until = timezone.localdate() + timedelta(days=30)
    allow(until=until)

    (row,) = BackgroundTask.objects.filter(task_path__endswith="bring_back")
    assert timezone.localdate(row.run_after) == until + timedelta(days=1)


def test_revoking_what_is_over_is_refused(allow, moderator):
    allowance = allow(until=timezone.localdate())
    expire(allowance)

    with pytest.raises(workflow.WorkflowError, match="last day is over"):
        workflow.revoke(allowance, by=moderator)


def test_looking_costs_one_query_where_nothing_ended(allow, django_assert_num_queries):
    allow()

    with django_assert_num_queries(1):
        workflow.settle_allowances()


# Deciding on what is live


@pytest.fixture
def reopened(allow, live, second_moderator):
    """The review of a live version that waits again."""
    allowance = allow()
    live()
    workflow.revoke(allowance, by=second_moderator)
    return Review.objects.pending().get()


def published():
    return Article.objects.get(slug="elsewhere").published_revision


def test_approving_leaves_it_live(reopened, moderator):
    assert workflow.approve(reopened, by=moderator) is True

    assert published() == reopened.revision
    assert waiting() == {}


@pytest.mark.parametrize("turn_down", [workflow.reject, workflow.request_changes])
def test_turning_it_down_leaves_it_live_until_it_is_unpublished(reopened, moderator, turn_down):
    turn_down(reopened, by=moderator, reason="Spun.")
    assert published() == reopened.revision

    workflow.unpublish(published().article, by=moderator, reason="Spun.")
    assert published() is None


def test_fix_of_it_goes_live_in_its_place(reopened, moderator):
    fixed = content(FLAGGED.replace(A, "a"), slug="elsewhere", summary="Letters")

    revision = workflow.fix_and_approve(reopened, by=moderator, content=fixed)

    assert published() == revision
    reopened.refresh_from_db()
    workflow.undo(reopened, by=moderator)
    assert published() == reopened.revision
    assert waiting() == {"elsewhere": [ENDED]}


def test_newer_version_does_not_pass_it_by(reopened, author, moderator):
    article = reopened.revision.article
    newer = workflow.save_revision(
        article, by=author, content=content(FLAGGED + CLEAN, slug="elsewhere"), base=1
    )

    review = workflow.publish(newer, by=moderator)

    assert review.causes == [ENDED]
    assert Review.objects.pending().get() == review
    workflow.reject(review, by=moderator, reason="Spun.")
    assert Review.objects.pending().get().revision == reopened.revision


def test_version_that_waits_already_takes_the_cause_over(allow, live, author, moderator):
    allowance, revision = allow(), live()
    newer = workflow.save_revision(
        revision.article, by=author, content=content(CLEAN, slug="elsewhere"), base=1
    )
    workflow.submit(newer, by=author)

    workflow.revoke(allowance, by=moderator)

    review = Review.objects.pending().get()
    assert (review.revision, review.causes) == (newer, [ENDED, "submitted"])
    workflow.approve(review, by=moderator)
    assert (published(), waiting()) == (newer, {})


def test_page_shows_the_whole_text_and_offers_to_take_it_offline(reopened, client, moderator):
    client.force_login(moderator)
    page = client.get(reopened.get_absolute_url())
    body = page.content.decode()

    assert "Readers see this version now" in body
    assert reverse("admin:articles_article_unpublish", args=[reopened.revision.article_id]) in body
    assert page.context["flagged"] == 1
    form = decision_on(client, reopened, decision="approve", stay="on")
    done = client.post(reopened.get_absolute_url(), form, follow=True)
    assert "is approved and stays live" in done.content.decode()


# The fault that this is for


def test_half_of_a_spun_text_takes_two_people_and_a_preview_and_comes_back(
    client, author, moderator, second_moderator, administrator
):
    """One moderator once silenced 717 of the 1,299 findings of a text, on the whole site, with one button."""
    source = "The p\u0430per \u0435nd t\u0430bl\u0435. " * 717
    spun = elsewhere(author, source, "spun")
    found = findings(Revision.objects.with_text().get(pk=spun.pk).content)
    item = next(item for item in found if item.finding.text == A)
    number = sum(each.finding.text == A for each in found)
    assert number >= 717
    assert len(found) > number
    client.force_login(moderator)
    place = {
        "revision": spun.pk,
        "field": item.field,
        "start": item.finding.start,
        "check": item.finding.check,
    }
    url = reverse("allowance-add", query=place)
    fields = {"kind": "character", "scope": "site", "reason": "Looks fine."}
    workflow.submit(spun, by=author)

    first = client.post(url, fields | {"allow": "1"})  # nothing was shown yet
    assert not Allowance.objects.exists()
    assert first.context["preview"].number == number
    client.post(url, fields | {"allow": "1", "reach": first.context["reach"]})

    allowance = Allowance.objects.get()
    assert allowance.is_proposed
    assert not Allowance.objects.active()
    workflow.confirm_allowance(allowance, by=second_moderator)
    other = elsewhere(author, "The p\u0430per " * 717, "other")
    assert workflow.publish(other, by=administrator) is None
    page = client.get(allowance.get_absolute_url())
    assert page.context["preview"].number == number + 717
    workflow.revoke(allowance, by=moderator)
    assert waiting()["other"] == [ENDED]
