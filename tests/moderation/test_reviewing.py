"""What moderators do with one revision: fixed in passing, carried over, taken back, and never their own."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Article, Event, Publication, Review, Revision
from tests.conftest import CLEAN, FLAGGED, content

ALERT = "See the invoice\u202egnp.exe here.\n"


def log():
    """What the log holds, oldest first: who, what, on which version, why."""
    rows = Event.objects.order_by("pk").values_list("actor_name", "action", "revision__number", "reason")
    return [tuple(row) for row in rows]


def live():
    return Article.objects.get().published_revision


@pytest.fixture
def pending(published, save, author):
    """Version 2 of a published article waits."""
    return workflow.submit(save(published.source + "It is reed before supper.\n"), by=author)


def fixed(review, source, **changes):
    return content(source, **({"summary": "Typo"} | changes))


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


def test_fix_of_what_somebody_decided_is_refused(pending, moderator, administrator):
    workflow.reject(pending, by=administrator, reason="No.")

    with pytest.raises(workflow.AlreadyDecided):
        workflow.fix_and_approve(pending, by=moderator, content=content("Fixed.\n"))
    assert Revision.objects.count() == 2


def test_fix_through_the_page(client, pending, moderator):
    client.force_login(moderator)
    url = reverse("review-fix", args=[pending.pk])
    form = {"title": "Tides", "slug": "tides", "language": "en", "source": CLEAN + "Read.\n", "base": 2}

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
    client.post(reverse("review-carry-over", args=[again.pk]))

    again.refresh_from_db()
    assert (again.state, again.reason) == ("changes requested", "Longer.")
    refused = client.post(reverse("review-carry-over", args=[again.pk]), follow=True)
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
