"""Batching: decide on several reviews, each in its own transaction, and take all of these decisions back.

What is asked for is stored first, then carried out in slices, at the ends of requests and by `manage.py run_tasks`.
Each decision and each undoing is an entry of the log.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.steps import require
from articles.revisions.validation import require_short
from articles.tasks import SHORT, task

from .batches import Batch, BatchItem
from .errors import AlreadyClaimed
from .reviewing import approve, reject, request_changes
from .reviews import Review
from .seen import Seen
from .undoing import undo

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 1_000  # reviews of a batch
SLICE_SECONDS = 0.15  # of a task; what a short one may take


@transaction.atomic
def decide_many(
    reviews: Sequence[Review], *, by: User, decision: str, reason: str = "", seen: Mapping[int, str]
) -> Batch:
    """Store one decision on up to `MOST` reviews, and ask for it to be carried out.

    `seen` has what the list showed of each, by primary key. Raises `ValidationError` without reviews, with too many,
    with another decision than those of `Batch`, and without a reason where the decision needs one.
    """
    require(permissions.can_moderate(by))
    require_short(reason)
    if not 0 < len(reviews) <= MOST:
        raise ValidationError({"reviews": [_("Select at least one, and at most %(n)d.") % {"n": MOST}]})
    if decision not in Batch.Decision.values:
        raise ValidationError({"decision": [_("Choose a decision.")]})
    if decision != Batch.Decision.APPROVE and not reason.strip():
        raise ValidationError({"reason": [_("Say why, so that the author can act on it.")]})
    batch = Batch.objects.create(
        decision=decision,
        reason=reason,
        ui_language=translation.get_language() or "",
        decided_by=by,
        made_at=timezone.now(),
    )
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, review=review, seen=seen.get(review.pk, "")) for review in reviews
    )
    carry_out_batch.enqueue(batch.pk)
    return batch


@transaction.atomic
def take_back_many(batch: Batch, *, by: User) -> None:
    """Ask for all decisions of a batch to be taken back, also those that were not carried out yet.

    Each is undone as `undo` does it, or stays with the reason why it cannot be. Raises `WorkflowError` if that was
    asked for before or the time for it is over.
    """
    require(permissions.can_take_back(by, batch))
    now = timezone.now()
    if not Batch.objects.filter(pk=batch.pk, taken_back_at=None).update(taken_back_at=now):
        raise WorkflowError(_("This was taken back already."))
    batch.taken_back_at = now
    never = batch.items.filter(state=BatchItem.State.LEFT)
    never.update(state=BatchItem.State.REFUSED, text=_("Taken back before it was decided."))
    carry_out_batch.enqueue(batch.pk)


def carry_out(batch: Batch, *, seconds: float) -> bool:
    """Carry out what is left of a batch for about so long, at least one item; return whether something is left."""
    end = time.monotonic() + seconds
    with translation.override(batch.ui_language or None):
        for item in batch.left.select_related("review__revision__article", "review__claimed_by"):
            _carry_out_one(batch, item)
            if time.monotonic() > end:
                break
    return batch.left.exists()


@task(title=gettext_lazy("Decide on several versions"), queue_name=SHORT)
def carry_out_batch(batch: int) -> None:
    """Carry out a slice of a batch, and ask for the next one."""
    found = Batch.objects.select_related("decided_by").get(pk=batch)
    if carry_out(found, seconds=SLICE_SECONDS):
        carry_out_batch.enqueue(batch)


def _carry_out_one(batch: Batch, item: BatchItem) -> None:
    """Decide on one review or take its decision back, and store what came of it; errors become its text."""
    back = batch.taken_back_at is not None
    try:
        with transaction.atomic():
            # The update locks the item, so that of two processes one carries it out.
            state = BatchItem.State.TAKEN_BACK if back else BatchItem.State.DECIDED
            if not batch.left.filter(pk=item.pk).update(state=state):
                return
            if batch.decided_by is None:
                raise PermissionDenied(_("The account that decided is gone."))
            if back:
                undo(item.review, by=batch.decided_by, decided_at=item.decided_at)
            else:
                _decide(item, by=batch.decided_by, batch=batch)
                decided = Review.objects.filter(pk=item.review_id).values("decided_at")
                batch.items.filter(pk=item.pk).update(decided_at=Subquery(decided))
    except (WorkflowError, ValidationError, PermissionDenied) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        state = BatchItem.State.KEPT if back else BatchItem.State.REFUSED
        batch.left.filter(pk=item.pk).update(state=state, text=text)


def _decide(item: BatchItem, *, by: User, batch: Batch) -> None:
    """Carry the decision out if nothing that was shown has changed. Raises what the decisions raise."""
    review, seen = item.review, Seen.read(item.seen)
    if review.claimant not in (None, by):
        raise AlreadyClaimed(review)
    if seen is None:
        raise WorkflowError(_("The list did not say what it showed of this version."))
    match batch.decision:
        case Batch.Decision.APPROVE:
            approve(review, by=by, reason=batch.reason, seen=seen)
        case Batch.Decision.REQUEST_CHANGES:
            request_changes(review, by=by, reason=batch.reason, seen=seen)
        case _reject:
            reject(review, by=by, reason=batch.reason, seen=seen)
