"""Reviewing: submit and withdraw revisions, and decide on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import NOBODY, log_event
from articles.revisions.publications import Publication
from articles.revisions.revisions import Revision
from articles.revisions.sketches import record_sketches
from articles.revisions.steps import (
    cancel_schedule,
    locked,
    require,
    require_text,
    require_unarchived,
)
from articles.revisions.validation import require_short

from .assessment import Assessment, assess, causes_to_wait, current
from .errors import AlreadyDecided
from .indexing import index_waiting, unindex
from .notifying import notify_of_decision
from .refreshing import enter_queue, leave_queue
from .reminding import send_alerts
from .returns import gather_returns, require_confirmed
from .reviews import Review
from .seen import Seen, require_as_seen
from .showing import go_live
from .watching import tell_watchers

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def submit(revision: Revision, *, by: User) -> Review:
    """Put a revision into the queue and return its review; the pending one if there is one already.

    Raises `WorkflowError` if a newer revision was public or is pending, or if the revision itself is live.
    """
    require(permissions.can_submit(by, revision))
    assessment = assess(revision)
    with transaction.atomic():
        article = locked(revision)
        require_unarchived(article)
        require_newer_than_public(revision, article)
        require_text(revision)
        require_none_newer_waiting(revision)
        assessment = current(assessment, revision)
        causes = [*causes_to_wait(assessment, may_publish=True), Review.Cause.SUBMITTED]
        return enqueue(revision, by=by, assessment=assessment, causes=causes)


@transaction.atomic
def withdraw(review: Review, *, by: User) -> None:
    """Take a revision out of the queue without a decision. Raises `AlreadyDecided` if it is no longer pending."""
    review = still_pending(review)
    require(permissions.can_withdraw(by, review))
    decide(review, Review.State.WITHDRAWN, by=by)
    log_event(Event.Action.WITHDRAW, review.revision, by=by, at=review.decided_at)


@transaction.atomic
def approve(
    review: Review, *, by: User, reason: str = "", seen: Seen | None = None, sure: bool = False
) -> bool:
    """Approve a revision and publish it; one that is live stays so. Return False if a newer revision is live instead.

    `seen` is what the page showed; None is not bound. Raises `AlreadyDecided` if the review is no longer pending,
    `NotAsSeen` if something has changed, `NeedsConfirmation` if hidden text or an article that was taken offline would
    be public again and the person is not `sure` of it, and `WorkflowError` if a newer revision was public and none
    newer is live: approval would publish old text.
    """
    review = still_pending(review)
    require_reviewer(review, by)
    require_as_seen(review, seen, by=by)
    revision, article = review.revision, review.revision.article
    live = article.published_revision
    goes_live = live != revision and not (live and live.number > revision.number)
    confirmed = ""
    if goes_live:
        require_newer_than_public(revision, article)
        require_text(revision)
        confirmed = require_confirmed(gather_returns(revision.content, article), sure=sure, reason=reason)
    record_approval(review, by=by, reason=reason, confirmed=confirmed)
    if goes_live:
        go_live(revision, by=by)
        tell_watchers(revision.article_id)
    return goes_live or live == revision


@transaction.atomic
def carry_over(review: Review, *, by: User, seen: Seen | None = None) -> None:
    """Decide like the last review of the article, if the texts differ only in spacing or encoding.

    Raises `WorkflowError` if no earlier decision fits, `NeedsConfirmation` if the approval takes one of its own, and
    what the decisions raise.
    """
    require(permissions.can_moderate(by))
    earlier = decision_to_carry(review, earlier=Review.objects.decisions_before(review.revision).first())
    if earlier is None:
        raise WorkflowError(_("No earlier version with the same text was decided. Decide on this one."))
    reason = _("Version %(number)d, decided by %(name)s") % {
        "number": earlier.revision.number,
        "name": earlier.decided_by_name,
    }
    log_event(Event.Action.CARRY_OVER, review.revision, by=by, reason=reason)
    match earlier.state:
        case Review.State.APPROVED:
            approve(review, by=by, reason=earlier.reason, seen=seen)
        case Review.State.CHANGES_REQUESTED:
            request_changes(review, by=by, reason=earlier.reason, seen=seen)
        case _rejected:
            reject(review, by=by, reason=earlier.reason, seen=seen)


def decision_to_carry(review: Review, *, earlier: Review | None) -> Review | None:
    """Return the earlier decision if its revision differs only in spacing or encoding, else None. Reads both texts."""
    reads_the_same = earlier and earlier.revision.content.reads_the_same(review.revision.content)
    return earlier if reads_the_same else None


@transaction.atomic
def request_changes(review: Review, *, by: User, reason: str, seen: Seen | None = None) -> None:
    """Ask the author for changes, with a reason.

    Raises `AlreadyDecided` if the review is no longer pending, and `NotAsSeen` if something has changed.
    """
    _turn_down(
        review, Review.State.CHANGES_REQUESTED, Event.Action.REQUEST_CHANGES, by=by, reason=reason, seen=seen
    )


@transaction.atomic
def reject(review: Review, *, by: User, reason: str, seen: Seen | None = None) -> None:
    """Reject a revision, with a reason. It may be submitted again, but then always waits for a moderator.

    Raises `AlreadyDecided` if the review is no longer pending, and `NotAsSeen` if something has changed.
    """
    _turn_down(review, Review.State.REJECTED, Event.Action.REJECT, by=by, reason=reason, seen=seen)


def enqueue(
    revision: Revision,
    *,
    by: User | None,
    assessment: Assessment,
    causes: list[Review.Cause],
    appeals: Review | None = None,
) -> Review:
    """Return the pending review of a revision, created if there is none, and add the causes to it.

    Lock the article first. If another revision of the article is pending, the review of the older one is closed as
    superseded, even if it is this one.
    """
    pending = Review.objects.waiting_in(revision.article_id).first()
    if pending and pending.revision_id == revision.pk:
        if _add_causes(pending, causes):
            log_event(Event.Action.SUBMIT, revision, by=by)
            enter_queue(pending, assessment)
        return pending
    is_beneath = pending is not None and pending.revision.number > revision.number
    if pending and not is_beneath:
        supersede(pending, by=by, newer=revision)
    review = Review.objects.create(
        state=Review.State.SUPERSEDED if is_beneath else Review.State.PENDING,
        revision=revision,
        article_id=revision.article_id,
        causes=causes,
        cause=causes[0],
        language=revision.language,
        appeals=appeals,
        submitted_by=by,
        submitted_at=timezone.now(),
    )
    record_sketches(revision, assessment.found, words=assessment.words)
    index_waiting(review, checks=(item.finding.check for item in assessment.found))
    log_event(Event.Action.APPEAL if appeals else Event.Action.SUBMIT, revision, by=by)
    cancel_schedule(revision.article, by=by, why=_("The version waits for a moderator."), starting=revision)
    if pending and is_beneath:
        pending.revision.article = revision.article
        pass_on(review, pending)
        supersede(review, by=by, newer=pending.revision)
    elif pending:
        pass_on(pending, review)
    if not is_beneath:
        enter_queue(review, assessment)
    if review.gravity == "alert":
        send_alerts.enqueue()
    return review


def _add_causes(review: Review, causes: Iterable[Review.Cause]) -> bool:
    """Add causes to a pending review, the most important one first. Return whether any was new."""
    together = [cause for cause in Review.Cause if cause in (*review.causes, *causes)]
    if together == review.causes:
        return False
    review.causes, review.cause = together, together[0]
    review.save(update_fields=["causes", "cause"])
    return True


def supersede(review: Review, *, by: User | None, newer: Revision) -> None:
    """Close a review because a newer revision of the article waits instead. Lock the article first."""
    reason = _("Version %(number)d waits instead.") % {"number": newer.number}
    review.revision.article = newer.article
    decide(review, Review.State.SUPERSEDED, by=by, reason=reason)
    log_event(Event.Action.SUPERSEDE, review.revision, by=by, reason=reason, at=review.decided_at)


def pass_on(older: Review, newer: Review) -> None:
    """Let what the live revision waits for pass from the older pending review to the newer one."""
    if Review.Cause.ALLOWANCE_ENDED in older.causes:
        _add_causes(newer, [Review.Cause.ALLOWANCE_ENDED])


def require_none_newer_waiting(revision: Revision) -> None:
    """Raise `WorkflowError` if a newer revision of the article is pending, which would supersede this one at once."""
    if newer := Review.objects.newer_than(revision).first():
        raise WorkflowError(
            _("Version %(number)d waits for a moderator already. Withdraw it to submit this one.")
            % {"number": newer.revision.number}
        )


def close_pending(revision: Revision, *, by: User, reason: str = "", confirmed: str = "") -> None:
    """Close the pending review of a revision that is published without a decision, if there is one.

    Records an approval if the person may review it, with what they confirmed, else a withdrawal.
    """
    review = Review.objects.pending().filter(revision=revision).first()
    if review is None:
        return
    review.revision = revision
    reason = reason or _("Published without a review.")
    if permissions.can_review(by, review):
        record_approval(review, by=by, reason=reason, confirmed=confirmed)
        return
    decide(review, Review.State.WITHDRAWN, by=by, reason=reason)
    log_event(Event.Action.WITHDRAW, revision, by=by, reason=reason, at=review.decided_at)


def record_approval(review: Review, *, by: User, reason: str, confirmed: str = "") -> None:
    """Record an approval; the log says so if the moderator approves text of their own, or on their own appeal.

    `confirmed` is what else the log notes. Raises `ValidationError` where they judge their own decision and do not say
    why.
    """
    if permissions.is_own_judge(by, review) and not reason.strip():
        raise ValidationError({"reason": [_("You decide on an appeal against yourself. Say why.")]})
    is_own = review.has_work_of(by)
    decide(review, Review.State.APPROVED, by=by, reason=reason)
    log_event(
        Event.Action.APPROVE_OWN if is_own else Event.Action.APPROVE,
        review.revision,
        by=by,
        reason=reason,
        detail="; ".join(filter(None, [_on_appeal(review, by), confirmed])),
        at=review.decided_at,
    )
    notify_of_decision(review, by=by)


def require_reviewer(review: Review, by: User) -> None:
    """Raise `PermissionDenied` if the person may not decide on the review."""
    if permissions.can_moderate(by) and not permissions.can_review(by, review):
        if permissions.is_own_judge(by, review):
            raise PermissionDenied(_("This is an appeal against your decision. Another moderator decides."))
        raise PermissionDenied(_("You cannot decide on your own version. Ask another moderator."))
    require(permissions.can_review(by, review))


def require_newer_than_public(revision: Revision, article: Article) -> None:
    """Raise `WorkflowError` if the revision is live, or a newer one is or was public: no old text goes live again."""
    live = article.published_revision
    if live and live.pk == revision.pk:
        raise WorkflowError(_("Version %(number)d is live already.") % {"number": live.number})
    newer = newer_public(revision)
    if newer is None:
        return
    if live and live.pk == newer.pk:
        text = _("Version %(number)d is live and newer. Restore this one to bring it back.")
    else:
        text = _("Version %(number)d, newer, was public. Restore this one to bring it back.")
    raise WorkflowError(text % {"number": newer.number})


def newer_public(revision: Revision) -> Revision | None:
    """Return the newest revision that is or was public, if it is newer than this one; else None.

    A fix of this revision does not count if it went offline because its approval was taken back.
    """
    publications = Publication.objects.newer_than(revision)
    newer: Iterable[Revision] = (publication.revision for publication in publications)
    return next((each for each in newer if not _is_fix_taken_back(each, of=revision)), None)


def _is_fix_taken_back(fix: Revision, *, of: Revision) -> bool:
    if fix.based_on_id != of.pk:
        return False
    events = Event.objects.filter(article=fix.article_id)
    of_fix = events.filter(revision=fix)
    published = of_fix.filter(action=Event.Action.PUBLISH).first()
    if published is None or not of_fix.filter(action=Event.Action.FIX).exists():
        return False
    moves = (Event.Action.PUBLISH, Event.Action.UNPUBLISH, Event.Action.UNDO)
    following = events.filter(pk__gt=published.pk, action__in=moves).order_by("pk").first()
    return following is not None and (following.action, following.revision_id) == (Event.Action.UNDO, of.pk)


def still_pending(review: Review) -> Review:
    """Lock a review and its article, and return the review as stored, with the article.

    Raises `AlreadyDecided` if it is no longer pending.
    """
    article = locked(review.revision)
    review = (
        Review.objects.select_for_update(of=("self",)).select_related("revision", "appeals").get(pk=review.pk)
    )
    if review.state != Review.State.PENDING:
        raise AlreadyDecided(review)
    review.revision.article = article
    return review


def _turn_down(
    review: Review,
    state: Review.State,
    action: Event.Action,
    *,
    by: User,
    reason: str,
    seen: Seen | None,
) -> None:
    review = still_pending(review)
    require_reviewer(review, by)
    require_as_seen(review, seen, by=by)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why, so that the author can act on it.")]})
    decide(review, state, by=by, reason=reason)
    log_event(
        action,
        review.revision,
        by=by,
        reason=reason,
        detail=_on_appeal(review, by),
        at=review.decided_at,
    )
    notify_of_decision(review, by=by)


def _on_appeal(review: Review, by: User) -> str:
    """Return what the log says of a decision on an appeal; an empty string of any other."""
    if review.appeals is None:
        return ""
    if permissions.is_own_judge(by, review):
        return _("on an appeal against their own decision: nobody else may moderate")
    return _("on an appeal")


def decide(review: Review, state: Review.State, *, by: User | None, reason: str = "") -> None:
    """Store how a review ended, and end its claim. Lock the article first, and log it as of `decided_at` afterwards.

    Where it was about the live revision, too, and leaves that as it is, the live revision waits by itself from now on.
    """
    require_short(reason)
    review.state = state
    review.compared_with = review.revision.article.published_revision
    review.decided_by = by
    review.decided_by_name = by.get_username() if by else NOBODY
    review.decided_at = timezone.now()
    review.reason = reason
    review.asks_opinion = False
    review.claimed_by = review.claimed_since = review.claimed_until = None
    review.counting = ""
    review.save()
    unindex(review)
    leave_queue(review)
    live = review.compared_with
    is_of_live = Review.Cause.ALLOWANCE_ENDED in review.causes
    if is_of_live and live and live.pk != review.revision_id and state in _LEAVES_LIVE:
        live.article = review.revision.article
        enqueue(live, by=None, assessment=assess(live), causes=[Review.Cause.ALLOWANCE_ENDED])


_LEAVES_LIVE = (Review.State.CHANGES_REQUESTED, Review.State.REJECTED, Review.State.WITHDRAWN)
