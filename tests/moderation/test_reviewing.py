"""What moderators do with one revision: fixed in passing, carried over, taken back, and never their own."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Article, Event, Publication, Review, Revision
from articles.moderation.assessment import assess
from articles.moderation.reviewing import enqueue
from articles.text.page import sanitizer
from tests.conftest import CLEAN, FLAGGED, content
from tests.sent_forms import decision_on

ALERT = "See the invoice\u202egnp.exe here.\n"


def log():
    """What the log holds, oldest first: who, what, on which version, why."""
    rows = Event.objects.order_by("pk").values_list("actor_name", "action", "revision__number", "reason")
    return [tuple(row) for row in rows]


def live(slug="tides"):
    return Article.objects.get(slug=slug).published_revision


@pytest.fixture
def pending(published, save, author):
    """Version 2 of a published article waits."""
    return workflow.submit(save(published.source + "It is reed before supper.\n"), by=author)


def fixed(review, source, **changes):
    return content(source, **({"summary": "Typo"} | changes))


@pytest.fixture
def now(monkeypatch):
    """The time that every operation of the test takes down."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


# Into the queue


def test_review_holds_what_the_queue_shows(published, save, author, now):
    review = workflow.submit(save(FLAGGED + ALERT, language="fr"), by=author)

    review.refresh_from_db()
    assert (review.cause, review.causes) == ("alert", ["alert", "warning", "submitted"])
    assert (review.language, review.alerts, review.warnings) == ("fr", 1, 1)
    assert (review.submitted_by, review.submitted_at, review.state) == (author, now, "pending")
    assert (review.risk, [part for part, _, _ in review.risk_parts]) == (
        178,
        ["alerts", "newcomer", "warnings", "density"],
    )
    assert review.revision.sketches.exists()
    assert log()[-1] == ("author", "submit", 2, "")


def test_submitting_what_waits_already_changes_and_logs_nothing(pending, author):
    before = log(), Review.objects.values().get()

    again = workflow.submit(pending.revision, by=author)

    assert again == pending
    assert (log(), Review.objects.values().get()) == before


def test_graver_cause_of_what_waits_is_kept(pending, author):
    pending.revision.renderings.update(agreed=False)

    workflow.submit(pending.revision, by=author)

    pending.refresh_from_db()
    assert (pending.causes, pending.cause) == (["sanitizers", "submitted"], "sanitizers")
    assert (pending.risk, pending.risk_parts[0]) == (320, ["sanitizers", 1, 300])
    assert log()[-1] == ("author", "submit", 2, "")


def test_hidden_text_is_not_submitted(published, save, author, administrator):
    revision = save(published.source + "More.\n")
    workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    with pytest.raises(workflow.WorkflowError, match="version 2 is hidden"):
        workflow.submit(revision, by=author)
    for person in (author, administrator):
        with pytest.raises(workflow.WorkflowError, match="version 2 is hidden"):
            workflow.publish(revision, by=person)


def test_one_revision_of_an_article_waits_and_any_number_of_articles(pending, save, author, now):
    other = workflow.save_revision(None, by=author, content=content(slug="other"))
    other = workflow.submit(other, by=author)

    again = workflow.submit(save("Newer.\n"), by=author)

    pending.refresh_from_db()
    assert list(Review.objects.pending().order_by("pk")) == [other, again]
    assert (pending.state, pending.decided_by, pending.decided_at) == ("superseded", author, now)
    assert (pending.reason, pending.compared_with) == ("Version 3 waits instead.", live("tides"))
    assert log()[-2:] == [("author", "supersede", 2, "Version 3 waits instead."), ("author", "submit", 3, "")]


def test_database_lets_one_revision_of_an_article_wait(pending, save):
    newer = save("Newer.\n")

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(revision=newer, article=newer.article, submitted_at=timezone.now())
    Review.objects.create(
        revision=newer, article=newer.article, state="rejected", submitted_at=timezone.now()
    )


def test_older_revision_that_the_system_submits_is_superseded_at_once(published, save, author):
    older, newer = save("Older.\n"), save("Newer.\n")
    waiting = workflow.submit(newer, by=author)

    closed = enqueue(older, by=None, assessment=assess(older), causes=[Review.Cause.SANITIZERS])

    assert (closed.state, closed.reason) == ("superseded", "Version 3 waits instead.")
    assert Review.objects.pending().get() == waiting


def test_revision_that_the_system_submits_supersedes_in_its_name(pending, save):
    newer = save("Newer.\n")

    enqueue(newer, by=None, assessment=assess(newer), causes=[Review.Cause.SANITIZERS])

    pending.refresh_from_db()
    assert (pending.state, pending.decided_by, pending.decided_by_name) == ("superseded", None, "(system)")


def test_who_may_not_submit_is_refused(published, save, reader):
    with pytest.raises(PermissionDenied):
        workflow.submit(save("Newer.\n"), by=reader)


def test_older_revision_is_not_submitted_beneath_one_that_waits(published, save, author):
    older = save("Older.\n")
    workflow.submit(save("Newer.\n"), by=author)
    before = log()

    for act in (workflow.submit, workflow.publish):
        with pytest.raises(workflow.WorkflowError, match="Version 3 waits for a moderator already"):
            act(older, by=author)
    assert log() == before


def test_what_is_withdrawn_is_undecided_and_logged(pending, author, moderator, now):
    with pytest.raises(PermissionDenied):
        workflow.withdraw(pending, by=moderator)
    workflow.claim(pending, by=moderator)

    workflow.withdraw(pending, by=author)

    pending.refresh_from_db()
    assert (pending.state, pending.decided_by, pending.decided_by_name, pending.reason) == (
        "withdrawn",
        author,
        "author",
        "",
    )
    assert (pending.decided_at, pending.claimed_by, pending.claimed_until) == (now, None, None)
    assert log()[-1] == ("author", "withdraw", 2, "")


def test_decision_is_kept_with_what_readers_saw(pending, published, moderator, now):
    workflow.claim(pending, by=moderator)

    workflow.reject(pending, by=moderator, reason="No.")

    pending.refresh_from_db()
    assert (pending.state, pending.decided_by, pending.decided_by_name, pending.reason) == (
        "rejected",
        moderator,
        "moderator",
        "No.",
    )
    assert (pending.decided_at, pending.compared_with, pending.claimed_by, pending.claimed_until) == (
        now,
        published,
        None,
        None,
    )


@pytest.mark.parametrize("decide", [workflow.approve, workflow.reject, workflow.request_changes])
def test_reason_that_is_too_long_decides_nothing(pending, moderator, decide):
    with pytest.raises(ValidationError, match="at most 2000"):
        decide(pending, by=moderator, reason="x" * 2_001)
    assert Review.objects.pending().get() == pending

    decide(pending, by=moderator, reason="x" * 2_000)


@pytest.mark.parametrize("decide", [workflow.reject, workflow.request_changes])
def test_who_turns_down_says_why(pending, moderator, decide):
    with pytest.raises(ValidationError) as refusal:
        decide(pending, by=moderator, reason=" \n")

    assert refusal.value.message_dict == {"reason": ["Say why, so that the author can act on it."]}


def test_only_moderators_decide_and_are_told_why_not(pending, author, save, moderator):
    with pytest.raises(PermissionDenied, match="Your account may not do this"):
        workflow.approve(pending, by=author)
    own = workflow.submit(save("Mine.\n", by=moderator), by=moderator)

    with pytest.raises(PermissionDenied, match="You cannot decide on your own version"):
        workflow.reject(own, by=moderator, reason="No.")


# Live without a review, or live already


def test_own_text_that_goes_live_without_its_review_is_withdrawn(save, moderator):
    review = workflow.submit(save(by=moderator), by=moderator)

    assert workflow.publish(review.revision, by=moderator) is None

    review.refresh_from_db()
    assert (review.state, review.reason) == ("withdrawn", "Published without a review.")
    assert log()[-2:] == [
        ("moderator", "withdraw", 1, "Published without a review."),
        ("moderator", "publish", 1, ""),
    ]


def test_another_persons_text_that_goes_live_without_its_review_is_approved(pending, author, moderator):
    other = workflow.save_revision(None, by=author, content=content(slug="other"))
    other = workflow.submit(other, by=author)

    assert workflow.publish(pending.revision, by=moderator) is None

    pending.refresh_from_db()
    assert (pending.state, pending.reason) == ("approved", "Published without a review.")
    assert Review.objects.pending().get() == other
    assert log()[-2:] == [
        ("moderator", "approve", 2, "Published without a review."),
        ("moderator", "publish", 2, ""),
    ]


def test_what_was_never_submitted_goes_live_without_any_review(published, save, moderator):
    revision = save(published.source + "More.\n")

    workflow.publish(revision, by=moderator)

    assert not Review.objects.exists()
    assert revision.sketches.exists()
    assert log()[-1] == ("moderator", "publish", 2, "")


def test_publishing_what_is_live_changes_and_logs_nothing(published, moderator):
    before = log()

    assert workflow.publish(published, by=moderator) is None
    assert log() == before


def test_live_and_older_versions_are_not_submitted(published, save, author, moderator):
    newer = save(published.source + "More.\n")
    workflow.publish(newer, by=moderator)

    for revision, message in (
        (published, "Version 2 is live and newer"),
        (newer, "Version 2 is live already"),
    ):
        with pytest.raises(workflow.WorkflowError, match=message):
            workflow.submit(revision, by=author)
    with pytest.raises(workflow.WorkflowError, match="Version 2 is live and newer"):
        workflow.publish(published, by=moderator)


@pytest.fixture
def beneath(save, author, moderator):
    """Version 1 waits; version 2 was public and is not."""
    review = workflow.submit(save(), by=author)
    newer = save("Newer.\n")
    workflow.publish(newer, by=moderator)
    workflow.unpublish(newer.article, by=moderator)
    return review


@pytest.mark.parametrize("operation", ["approve", "publish", "submit"])
def test_old_text_does_not_go_live_after_a_newer_version_was_taken_offline(beneath, moderator, operation):
    before = log()

    with pytest.raises(workflow.WorkflowError, match=r"Version 2, newer, was public\. Restore this one"):
        getattr(workflow, operation)(beneath if operation == "approve" else beneath.revision, by=moderator)

    beneath.refresh_from_db()
    assert (live(), beneath.state, log()) == (None, "pending", before)


def test_earlier_approval_is_not_carried_over_to_old_text(save, author, moderator):
    workflow.approve(workflow.submit(save(), by=author), by=moderator)
    second = workflow.submit(save(CLEAN.replace(" ", "  ")), by=author)
    newer = save("Newer.\n")
    workflow.publish(newer, by=moderator)
    workflow.unpublish(newer.article, by=moderator)

    with pytest.raises(workflow.WorkflowError, match="Version 3, newer, was public"):
        workflow.carry_over(second, by=moderator)

    assert live() is None
    assert not Event.objects.filter(action="carry over").exists()


@pytest.mark.parametrize("turn_down", [workflow.reject, workflow.request_changes])
def test_old_text_that_waits_is_turned_down(beneath, moderator, turn_down):
    turn_down(beneath, by=moderator, reason="Version 2 was newer.")

    beneath.refresh_from_db()
    assert beneath.is_decided


def test_old_text_that_waits_is_withdrawn_and_comes_back_as_a_new_version(beneath, author, moderator):
    workflow.withdraw(beneath, by=author)
    restored = workflow.restore(Revision.objects.with_text().get(pk=beneath.revision_id), by=author)

    again = workflow.submit(restored, by=author)
    assert workflow.approve(again, by=moderator, sure=True, reason="Right after all.") is True

    assert live() == restored


def test_fix_that_went_live_again_after_it_was_taken_back_keeps_the_old_text_offline(pending, moderator):
    fix = workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n"))
    pending.refresh_from_db()
    workflow.undo(pending, by=moderator)
    assert workflow.newer_public(pending.revision) is None

    workflow.publish(fix, by=moderator)
    assert workflow.newer_public(pending.revision) == fix
    workflow.unpublish(fix.article, by=moderator)

    with pytest.raises(workflow.WorkflowError, match="Version 3, newer, was public"):
        workflow.approve(pending, by=moderator)


def test_version_that_was_taken_offline_itself_goes_live_again(published, author, moderator):
    workflow.unpublish(published.article, by=moderator)

    again = workflow.submit(published, by=author)
    assert workflow.approve(again, by=moderator, sure=True, reason="Right after all.") is True

    assert live() == published


def test_approving_what_is_live_decides_and_publishes_nothing(published, author, moderator):
    review = Review.objects.create(
        revision=published,
        article=published.article,
        cause="sanitizers",
        causes=["sanitizers"],
        language="en",
        submitted_at=timezone.now(),
    )

    assert workflow.approve(review, by=moderator) is True

    assert log()[-1] == ("moderator", "approve", 1, "")
    assert live() == published


def test_approving_beneath_a_newer_live_version_leaves_that(pending, save, moderator, administrator):
    newer = save("Newer.\n", by=administrator)
    workflow.publish(newer, by=administrator)

    assert workflow.approve(pending, by=moderator, reason="Late.") is False

    assert live() == newer
    assert log()[-1] == ("moderator", "approve", 2, "Late.")


def test_who_may_not_publish_or_unpublish_is_refused(published, reader, author):
    with pytest.raises(PermissionDenied):
        workflow.publish(published, by=reader)
    with pytest.raises(PermissionDenied):
        workflow.unpublish(published.article, by=author)
    assert live() == published


def test_unpublishing_takes_one_article_and_needs_no_reason(published, author, moderator):
    other = workflow.save_revision(None, by=author, content=content(slug="other"))
    workflow.publish(other, by=moderator)

    workflow.unpublish(published.article, by=moderator)

    assert [article.slug for article in Article.objects.exclude(published_revision=None)] == ["other"]
    assert log()[-1] == ("moderator", "unpublish", 1, "")


def test_unpublishing_is_logged_with_its_reason_and_once(published, moderator):
    with pytest.raises(ValidationError, match="at most 2000"):
        workflow.unpublish(published.article, by=moderator, reason="x" * 2_001)
    with pytest.raises(ValidationError, match="at most 2000"):
        workflow.unpublish(published.article, by=moderator, public_reason="x" * 2_001)
    workflow.unpublish(published.article, by=moderator, reason="Old.")

    assert log()[-1] == ("moderator", "unpublish", 1, "Old.")
    with pytest.raises(workflow.WorkflowError, match="This article is not published"):
        workflow.unpublish(published.article, by=moderator)


# Fixing in passing


def test_fix_is_published_and_both_names_are_kept(pending, moderator):
    fix = workflow.fix_and_approve(
        pending, by=moderator, content=fixed(pending, CLEAN + "It is read before supper.\n"), reason="Typo."
    )

    pending.refresh_from_db()
    assert live() == fix
    assert (fix.number, fix.author_name, fix.based_on.number, fix.based_on.author_name) == (
        3,
        "moderator",
        2,
        "author",
    )
    assert (pending.state, pending.decided_by_name, pending.reason) == ("approved", "moderator", "Typo.")
    assert not hasattr(pending.revision, "publication")
    assert log()[-3:] == [
        ("moderator", "approve", 2, "Typo."),
        ("moderator", "fix", 3, "Typo."),
        ("moderator", "publish", 3, ""),
    ]
    assert fix.renderings.get().html


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (CLEAN + "It is reed before supper.\n", "You changed nothing"),
        (CLEAN + FLAGGED, "brings in suspicious characters"),
        (CLEAN + ALERT, "brings in suspicious characters"),
        (CLEAN + "\0", "Line"),
    ],
)
def test_fix_that_nobody_could_let_pass_is_refused(pending, moderator, source, message):
    before = log()

    with pytest.raises(ValidationError, match=message):
        workflow.fix_and_approve(pending, by=moderator, content=fixed(pending, source))

    pending.refresh_from_db()
    assert (pending.state, Revision.objects.count(), log()) == ("pending", 2, before)


def test_fix_may_leave_what_the_approved_version_holds(published, save, author, moderator):
    review = workflow.submit(save(published.source + ALERT + "A typpo.\n"), by=author)

    workflow.fix_and_approve(
        review, by=moderator, content=fixed(review, published.source + ALERT + "A typo.\n")
    )

    assert live().number == 3


def test_only_the_newest_version_is_fixed_and_only_by_who_may_decide(pending, save, author, moderator):
    text = content("Fixed.\n")
    with pytest.raises(PermissionDenied):
        workflow.fix_and_approve(pending, by=author, content=text)
    save("Newer.\n")

    with pytest.raises(workflow.WorkflowError, match="newer version"):
        workflow.fix_and_approve(pending, by=moderator, content=text)
    assert (pending.revision.article.revisions.count(), live().number) == (3, 1)


def test_who_may_not_decide_learns_nothing_of_the_text(pending, author):
    with pytest.raises(PermissionDenied):
        workflow.fix_and_approve(pending, by=author, content=pending.revision.content)


def test_fix_needs_no_reason(pending, moderator):
    workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n"))

    pending.refresh_from_db()
    assert pending.reason == ""


@pytest.mark.parametrize("source", [CLEAN + "It is reed before supper.\n", CLEAN + FLAGGED])
def test_fix_is_refused_beside_the_text(pending, moderator, source):
    with pytest.raises(ValidationError) as refusal:
        workflow.fix_and_approve(pending, by=moderator, content=content(source))

    assert list(refusal.value.message_dict) == ["source"]


def test_fix_keeps_line_ends_as_lf_and_samples_its_text(pending, moderator):
    fix = workflow.fix_and_approve(
        pending, by=moderator, content=content("A line of four words.\r\nTwo.\r\n")
    )

    assert fix.source == "A line of four words.\nTwo.\n"
    assert fix.sketches.exists()


def test_fix_whose_page_the_sanitizers_disagree_on_is_refused(pending, moderator, monkeypatch):
    monkeypatch.setattr(sanitizer, "_bleached", lambda page: page.replace("em>", "b>"))

    with pytest.raises(ValidationError, match="brings in suspicious characters"):
        workflow.fix_and_approve(pending, by=moderator, content=content("An *odd* page.\n"))


def test_fix_of_own_text_is_refused(save, moderator):
    own = workflow.submit(save("Mine.\n", by=moderator), by=moderator)

    with pytest.raises(PermissionDenied, match="your own version"):
        workflow.fix_and_approve(own, by=moderator, content=content("Fixed.\n"))


def test_fix_beneath_a_newer_live_version_is_refused(pending, save, moderator, administrator):
    workflow.publish(save("Newer.\n", by=administrator), by=administrator)

    with pytest.raises(workflow.WorkflowError, match="Version 3 is live and newer"):
        workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n"))


def test_fix_takes_no_address_of_another_article(pending, author, moderator):
    workflow.save_revision(None, by=author, content=content(slug="taken"))

    with pytest.raises(ValidationError, match="taken"):
        workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n", slug="taken"))


def test_fix_of_what_somebody_decided_is_refused(pending, moderator, administrator):
    workflow.reject(pending, by=administrator, reason="No.")

    with pytest.raises(workflow.AlreadyDecided):
        workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n"))
    assert Revision.objects.count() == 2


def test_fix_through_the_page(client, pending, moderator):
    client.force_login(moderator)
    url = reverse("review-fix", args=[pending.pk])
    form = decision_on(client, pending, source=CLEAN + "Read.\n")

    refused = client.post(url, form | {"source": "W\u043erd.\n", "reason": "Mine."})
    assert refused.status_code == 200
    assert "brings in suspicious characters" in refused.content.decode()
    assert "W\u043erd." in refused.content.decode()
    assert "Mine." in refused.content.decode()
    done = client.post(url, form, follow=True)

    assert "version 2 by author is approved, and published with your fix as 3" in done.content.decode()
    assert live().source == CLEAN + "Read.\n"


# Taking back


def test_rejection_is_taken_back_and_the_reason_stays_in_the_log(pending, moderator):
    workflow.reject(pending, by=moderator, reason="A mistake.")

    workflow.undo(pending, by=moderator)

    pending.refresh_from_db()
    assert (pending.state, pending.reason, pending.decided_by, pending.decided_at) == (
        "pending",
        "",
        None,
        None,
    )
    assert log()[-2:] == [("moderator", "reject", 2, "A mistake."), ("moderator", "undo", 2, "A mistake.")]
    assert workflow.approve(pending, by=moderator)


def test_approval_is_taken_back_and_readers_see_what_they_saw(pending, published, save, author, moderator):
    workflow.approve(pending, by=moderator)
    save("A draft meanwhile.\n")

    workflow.undo(pending, by=moderator)

    assert live() == published
    assert Publication.objects.filter(revision=pending.revision).exists()  # it was public
    assert Review.objects.pending().get() == pending


def test_first_approval_taken_back_leaves_nothing_public(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)

    workflow.undo(review, by=moderator)

    assert live() is None


def test_address_goes_back_with_the_approval(published, save, author, moderator):
    review = workflow.submit(save("Moved.\n", slug="moved"), by=author)
    workflow.approve(review, by=moderator)
    assert Article.objects.get().slug == "moved"

    workflow.undo(review, by=moderator)

    assert Article.objects.get().slug == "tides"


def test_fix_is_taken_back_with_its_approval(pending, published, moderator):
    workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n"))

    workflow.undo(pending, by=moderator)

    assert live() == published
    assert workflow.approve(pending, by=moderator)
    assert live() == pending.revision


LATER = {
    "a newer version went live": lambda save, author, moderator, review: workflow.approve(
        workflow.submit(save("Newer.\n"), by=author), by=moderator
    ),
    "the article was unpublished": lambda save, author, moderator, review: workflow.unpublish(
        review.revision.article, by=moderator
    ),
    "a newer version was rejected": lambda save, author, moderator, review: workflow.reject(
        workflow.submit(save("Newer.\n"), by=author), by=moderator, reason="No."
    ),
}


@pytest.mark.parametrize("what", LATER)
def test_decision_on_which_something_was_built_is_not_taken_back(pending, save, author, moderator, what):
    workflow.approve(pending, by=moderator)
    LATER[what](save, author, moderator, pending)
    before = log(), live()

    with pytest.raises(workflow.WorkflowError, match="changed after the decision"):
        workflow.undo(pending, by=moderator)

    assert (log(), live()) == before


def test_rejected_version_that_was_submitted_again_is_not_taken_back(pending, author, moderator):
    workflow.reject(pending, by=moderator, reason="No.")
    workflow.submit(pending.revision, by=author)

    with pytest.raises(workflow.WorkflowError, match="changed after the decision"):
        workflow.undo(pending, by=moderator)


def test_older_decision_on_the_same_version_is_not_taken_back_once_there_is_a_newer_one(
    pending, author, moderator
):
    workflow.reject(pending, by=moderator, reason="No.")
    again = workflow.submit(pending.revision, by=author)
    workflow.reject(again, by=moderator, reason="Still no.")

    with pytest.raises(workflow.WorkflowError, match="changed after the decision"):
        workflow.undo(pending, by=moderator)
    workflow.undo(again, by=moderator)

    assert list(Review.objects.order_by("pk").values_list("state", flat=True))[-2:] == ["rejected", "pending"]


def test_only_who_decided_takes_back_and_only_for_a_while(pending, moderator, administrator, author):
    with pytest.raises(PermissionDenied):
        workflow.undo(pending, by=moderator)  # nothing is decided
    workflow.reject(pending, by=moderator, reason="No.")
    for person in (administrator, author):
        with pytest.raises(PermissionDenied):
            workflow.undo(pending, by=person)
    Review.objects.update(decided_at=timezone.now() - permissions.UNDO_WITHIN - timedelta(seconds=1))

    with pytest.raises(PermissionDenied):
        workflow.undo(pending, by=moderator)


def test_undone_review_is_as_if_never_decided(pending, moderator):
    before = Review.objects.values().get()
    workflow.reject(pending, by=moderator, reason="A mistake.")

    workflow.undo(pending, by=moderator)

    assert Review.objects.values().get() == before


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda save, review, moderator, administrator: workflow.allow(
            "x", by=moderator, kind="word", scope="article", article=review.revision.article, reason="Why."
        ),
        lambda save, review, moderator, administrator: workflow.restore(review.compared_with, by=moderator),
        lambda save, review, moderator, administrator: workflow.submit(save("Newer.\n"), by=administrator),
        lambda save, review, moderator, administrator: workflow.withdraw(
            workflow.submit(save("Newer.\n"), by=administrator), by=administrator
        ),
    ],
    ids=["an allowance", "a restored draft", "another submission", "a submission withdrawn"],
)
def test_what_changes_no_text_of_readers_does_not_hinder_undoing(
    pending, published, save, moderator, administrator, meanwhile
):
    workflow.approve(pending, by=moderator)
    pending.refresh_from_db()
    meanwhile(save, pending, moderator, administrator)

    workflow.undo(pending, by=moderator)

    assert live() == published


def test_rejection_taken_back_leaves_what_is_live(pending, published, save, moderator, administrator):
    workflow.reject(pending, by=moderator, reason="No.")

    workflow.undo(pending, by=moderator)

    assert live() == published


def test_decisions_of_one_moment_are_told_apart(pending, save, author, moderator, now):
    workflow.reject(pending, by=moderator, reason="No.")
    other = workflow.submit(save("Newer.\n"), by=author)
    workflow.reject(other, by=moderator, reason="No.")

    workflow.undo(other, by=moderator)

    assert Review.objects.pending().get() == other


def test_decision_that_was_carried_over_is_taken_back(pending, save, author, moderator, now):
    workflow.reject(pending, by=moderator, reason="No.")
    again = workflow.submit(save(pending.revision.source + "\n"), by=author)
    workflow.carry_over(again, by=moderator)

    workflow.undo(again, by=moderator)

    assert Review.objects.pending().get() == again


def test_decision_taken_back_beneath_a_newer_submission_is_superseded(pending, save, author, moderator):
    workflow.reject(pending, by=moderator, reason="No.")
    newer = workflow.submit(save("Newer.\n"), by=author)

    workflow.undo(pending, by=moderator)

    pending.refresh_from_db()
    assert (pending.state, list(Review.objects.pending())) == ("superseded", [newer])


def test_own_approval_is_taken_back_as_well(save, moderator, settings):
    settings.ALLOW_SELF_APPROVAL = True
    review = workflow.submit(save(by=moderator), by=moderator)
    workflow.approve(review, by=moderator)

    workflow.undo(review, by=moderator)

    assert live() is None


# Carrying over


@pytest.mark.parametrize(
    ("decide", "state"),
    [
        (workflow.approve, "approved"),
        (workflow.reject, "rejected"),
        (workflow.request_changes, "changes requested"),
    ],
)
@pytest.mark.parametrize(
    "change", [lambda t: t.replace(" ", "  "), lambda t: t.replace("\u00e9", "e\u0301"), lambda t: t + "\n\n"]
)
def test_decision_is_carried_over_to_what_reads_the_same(
    save, author, moderator, administrator, decide, state, change
):
    text = "The caf\u00e9 opens at nine.\n"
    decide(workflow.submit(save(text), by=author), by=moderator, reason="As agreed.")
    again = workflow.submit(save(change(text)), by=author)

    workflow.carry_over(again, by=administrator)

    again.refresh_from_db()
    assert (again.state, again.decided_by_name, again.reason) == (state, "administrator", "As agreed.")
    assert ("administrator", "carry over", 2, "Version 1, decided by moderator") in log()
    assert (live() == again.revision) is (state == "approved")


@pytest.mark.parametrize(
    "change",
    [
        {"source": "The cafe opens at nine.\n"},
        {"source": "The caf\u00e9 op ens at nine.\n"},
        {"title": "Times"},
        {"slug": "elsewhere"},
        {"language": "fr"},
        {"tags": ("new",)},
    ],
)
def test_no_decision_is_carried_over_to_another_text(save, author, moderator, change):
    text = "The caf\u00e9 opens at nine.\n"
    workflow.reject(workflow.submit(save(text), by=author), by=moderator, reason="No.")
    again = workflow.submit(save(**({"source": text} | change)), by=author)
    before = log()

    with pytest.raises(workflow.WorkflowError, match="No earlier version with the same text"):
        workflow.carry_over(again, by=moderator)

    assert log() == before
    assert Review.objects.pending().get() == again


def test_carrying_over_is_offered_on_the_page_and_decides(client, save, author, moderator):
    workflow.request_changes(workflow.submit(save("One two.\n"), by=author), by=moderator, reason="Longer.")
    again = workflow.submit(save("One  two.\n"), by=author)
    client.force_login(moderator)

    page = client.get(again.get_absolute_url()).content.decode()
    assert "differs from version 1 in spacing or encoding only" in page
    assert "Longer." in page
    form = {"seen": decision_on(client, again)["seen"]}
    client.post(reverse("review-carry-over", args=[again.pk]), form)

    again.refresh_from_db()
    assert (again.state, again.reason) == ("changes requested", "Longer.")
    refused = client.post(reverse("review-carry-over", args=[again.pk]), form, follow=True)
    assert "no longer waiting" in refused.content.decode()


def test_resubmission_voids_the_decision_until_a_moderator_says_so(published, save, author, moderator):
    workflow.approve(workflow.submit(save(published.source + "More.\n"), by=author), by=moderator)
    again = workflow.submit(save(published.source + "More.\n\n"), by=author)

    assert (again.state, live().number) == ("pending", 2)


# One's own text


def test_own_text_is_decided_only_where_a_setting_says_so_and_the_log_tells(save, moderator, settings):
    review = workflow.submit(save(ALERT, by=moderator), by=moderator)
    with pytest.raises(PermissionDenied, match="decide on your own version"):
        workflow.approve(review, by=moderator)

    settings.ALLOW_SELF_APPROVAL = True
    workflow.approve(review, by=moderator, reason="Alone here.")

    assert ("moderator", "approve own", 1, "Alone here.") in log()
    assert ("moderator", "approve", 1, "Alone here.") not in log()
    assert live() == review.revision


def test_setting_lets_no_author_approve(save, author, settings):
    review = workflow.submit(save(), by=author)
    settings.ALLOW_SELF_APPROVAL = True

    with pytest.raises(PermissionDenied):
        workflow.approve(review, by=author)


def test_setting_does_not_publish_what_has_cause_to_wait(save, moderator, settings):
    settings.ALLOW_SELF_APPROVAL = True

    assert workflow.publish(save(ALERT, by=moderator), by=moderator).state == "pending"
    assert live() is None


def test_other_peoples_text_is_approved_as_such_whatever_the_setting_says(pending, moderator, settings):
    settings.ALLOW_SELF_APPROVAL = True

    workflow.approve(pending, by=moderator)

    assert ("moderator", "approve", 2, "") in log()
