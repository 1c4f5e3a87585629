"""Sweeping: take back all that a person did in a period, as one operation of many steps.

A sweep is planned and shown first. Its steps are carried out by a task, each in a transaction of its own, so that it
goes on where it was interrupted. Each step is an operation of its own in the log, as part of the sweep.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import permissions
from articles.moderation.records import live_by, waiting_by
from articles.moderation.reviewing import reject
from articles.moderation.reviews import Review
from articles.moderation.showing import go_live
from articles.moderation.sweeps import Sweep, SweepStep
from articles.moderation.undoing import DECISIONS, undo
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.log import as_part_of, coming_from, log_event
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.steps import locked, locked_article, require, require_unarchived
from articles.revisions.validation import require_short
from articles.tasks import SHORT, task
from articles.tasks.running import report
from articles.text.page import SourceRefused

from .publishing import unpublish
from .saving import restore

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_STEPS = 2_000
FEW_STEPS = 5  # of which the end of a request does all
_FAILURES = (WorkflowError, ValidationError, PermissionDenied, DamagedText, SourceRefused)
_MOVES = (Event.Action.PUBLISH, Event.Action.UNPUBLISH, Event.Action.UNDO, Event.Action.HIDE)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a sweep; `obstacle` says why it cannot be done, and is empty if it can."""

    kind: Sweep.Kind
    article: int
    revision: int
    review: int | None = None
    before: int | None = None
    obstacle: str = ""


class PlanChanged(WorkflowError):
    """The sweep would do something else by now than was shown."""


def plan_sweep(
    account: User, *, by: User, since: datetime, until: datetime, kinds: Collection[str]
) -> list[PlannedStep]:
    """Return what a sweep of a period would do, roll-backs first; changes nothing. Takes at most six queries.

    `until` is not included. An article is rolled back if it can be, and otherwise taken offline if `kinds` has both.
    What is left to a person comes last, without the articles of which something is done.
    Raises `PermissionDenied`, and `WorkflowError` if there are more than `MOST_STEPS`.
    """
    require(permissions.can_sweep(by, account))
    steps: list[PlannedStep] = []
    if Sweep.Kind.ROLL_BACK in kinds:
        steps += _roll_backs(account, by=by, since=since, until=until)
    if Sweep.Kind.UNPUBLISH in kinds:
        done = {step.article for step in steps if not step.obstacle}
        went_live = _between("published_revision__publication__published_at", since, until)
        live = live_by(account, seen_by=by).filter(went_live).values_list("pk", "published_revision")
        steps += [
            PlannedStep(Sweep.Kind.UNPUBLISH, article, revision)
            for article, revision in live[: MOST_STEPS + 1]
            if article not in done
        ]
    if Sweep.Kind.REJECT in kinds:
        waiting = waiting_by(account, seen_by=by).filter(_between("submitted_at", since, until))
        steps += list(_rejections(waiting.order_by("pk")[: MOST_STEPS + 1], by=by))
    done = {step.article for step in steps if not step.obstacle}
    left = [step for step in steps if step.obstacle and step.article not in done]
    steps = [step for step in steps if not step.obstacle] + left
    if len(steps) > MOST_STEPS:
        raise WorkflowError(
            _("These are more than %(most)d at once. Choose a shorter period.") % {"most": MOST_STEPS}
        )
    return steps


def digest_of(steps: Iterable[PlannedStep]) -> str:
    """Return a checksum of a plan, by which a confirmation is bound to what was shown."""
    parts = [[step.kind, step.revision, step.before, bool(step.obstacle)] for step in steps]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def sweep(
    account: User,
    *,
    by: User,
    since: datetime,
    until: datetime,
    kinds: Collection[str],
    reason: str,
    seen: str,
) -> Sweep:
    """Take back what a person did in a period; a task does it, at the end of the request if it is little.

    `seen` is the checksum of the plan that was shown. Raises `PlanChanged` if it is another one by now, and
    `WorkflowError` if nothing can be done or another sweep of the account runs.
    """
    require(permissions.can_sweep(by, account))
    require_short(reason)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why; the reason is kept in the log.")]})
    steps = plan_sweep(account, by=by, since=since, until=until, kinds=kinds)
    if digest_of(steps) != seen:
        raise PlanChanged(_("Something else would be done by now. Look at the list again; nothing was done."))
    feasible = sum(not step.obstacle for step in steps)
    if not feasible:
        raise WorkflowError(_("There is nothing that can be done in this period."))
    with transaction.atomic():
        type(account).objects.select_for_update().get(pk=account.pk)  # so that one runs at a time
        if Sweep.objects.filter(account=account, ended_at=None).exists():
            raise WorkflowError(_("A period of this person is being taken back already."))
        labels = ", ".join(str(Sweep.Kind(kind).label) for kind in kinds)
        days = f"{timezone.localtime(since):%Y-%m-%d}\N{EN DASH}{timezone.localtime(until):%Y-%m-%d}"
        detail = f"{account.get_username()}, {days}: {labels}"
        made = Sweep.objects.create(
            account=account,
            account_name=account.get_username(),
            since=since,
            until=until,
            kinds=list(kinds),
            reason=reason,
            event=log_event(Event.Action.SWEEP, None, by=by, reason=reason, detail=detail),
            made_by=by,
            made_by_name=by.get_username(),
            made_at=timezone.now(),
        )
        SweepStep.objects.bulk_create(
            [
                SweepStep(
                    sweep=made,
                    kind=step.kind,
                    state=SweepStep.State.LEFT if step.obstacle else SweepStep.State.PLANNED,
                    article_id=step.article,
                    revision_id=step.revision,
                    review_id=step.review,
                    before_id=step.before,
                    why=step.obstacle,
                )
                for step in steps
            ],
            batch_size=500,
        )
        _enqueue(made, feasible)
    return made


@transaction.atomic
def cancel_sweep(sweep: Sweep, *, by: User) -> None:
    """Stop a sweep before its next step; what is done stays. Raises `WorkflowError` if it has ended."""
    require(permissions.can_moderate(by) and permissions.can_publish(by) and by.pk != sweep.account_id)
    sweep = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if not sweep.is_running:
        raise WorkflowError(_("This has ended already."))
    sweep.cancelled_at = sweep.ended_at = timezone.now()
    sweep.save(update_fields=["cancelled_at", "ended_at"])
    log_event(Event.Action.CANCEL_SWEEP, None, by=by, detail=sweep.account_name)


@transaction.atomic
def undo_sweep(sweep: Sweep, *, by: User) -> None:
    """Take back the steps of a sweep, the last one first, where nothing happened since; a task does it.

    Raises `WorkflowError` if no step can be taken back.
    """
    sweep = Sweep.objects.select_for_update().get(pk=sweep.pk)
    require(permissions.can_undo_sweep(by, sweep))
    number = sweep.steps.to_undo().count()
    if not number:
        raise WorkflowError(_("There is nothing to take back."))
    sweep.undoing, sweep.cancelled_at, sweep.ended_at = True, None, None
    sweep.save(update_fields=["undoing", "cancelled_at", "ended_at"])
    with as_part_of(sweep.event):
        log_event(Event.Action.UNDO_SWEEP, None, by=by, detail=sweep.account_name)
    _enqueue(sweep, number)


@task(title=gettext_lazy("Take back all of a period"))
def carry_out_sweep(pk: int) -> str:
    """Carry out the steps of a sweep that are left, and say how many are done. May be interrupted at any step."""
    found = Sweep.objects.select_related("event", "made_by").get(pk=pk)
    total, event = found.steps.exclude(why__gt="").count(), found.event
    door = coming_from(Event.Door(event.door), address=event.address)
    done = 0
    with door, as_part_of(event), translation.override(settings.LANGUAGE_CODE):
        while _carry_out_next(pk, by=found.made_by):
            done += 1
            report(_("%(done)d of %(total)d done") % {"done": done, "total": total})
    return _("Done: %(done)d.") % {"done": done}


def _enqueue(sweep: Sweep, number: int) -> None:
    queue = SHORT if number <= FEW_STEPS else "default"
    carry_out_sweep.using(queue_name=queue).enqueue(sweep.pk)


def _carry_out_next(pk: int, *, by: User | None) -> bool:
    """Carry out one step; return False if none is left, and end the sweep. One transaction."""
    step: SweepStep | None = None
    try:
        with transaction.atomic():
            sweep = Sweep.objects.select_for_update().get(pk=pk)
            steps = sweep.steps.select_related("article", "review", "revision", "sweep")
            step = (steps.to_undo() if sweep.undoing else steps.to_do()).first()
            if not sweep.is_running:
                return False
            if step is None or by is None:
                sweep.ended_at = timezone.now()
                sweep.save(update_fields=["ended_at"])
                return False
            require(permissions.can_carry_on_sweep(by))
            if sweep.undoing:
                _UNDO[Sweep.Kind(step.kind)](step, by)
                step.state = SweepStep.State.UNDONE
            else:
                step.made = _DO[Sweep.Kind(step.kind)](step, by)
                step.state = SweepStep.State.DONE
            step.save(update_fields=["state", "made"])
    except _FAILURES as error:
        assert step is not None
        is_undone = step.sweep.undoing
        step.state = SweepStep.State.KEPT if is_undone else SweepStep.State.LEFT
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        step.why = (text or _("Your account may not do this."))[:500]
        step.save(update_fields=["state", "why"])
    return True


def _reject(step: SweepStep, by: User) -> None:
    assert step.review is not None
    reject(step.review, by=by, reason=step.sweep.reason)


def _undo_rejection(step: SweepStep, by: User) -> None:
    assert step.review is not None
    last = Event.objects.filter(revision=step.revision_id, action__in=DECISIONS).order_by("-pk").first()
    if last is None or last.part_of_id != step.sweep.event_id:
        raise WorkflowError(_("It was taken back and decided anew since."))
    undo(step.review, by=by)


def _unpublish(step: SweepStep, by: User) -> None:
    if locked_article(step.article_id).published_revision_id != step.revision_id:
        raise WorkflowError(_("Readers see another version by now."))
    unpublish(step.article, by=by, reason=step.sweep.reason)


def _publish_again(step: SweepStep, by: User) -> None:
    _require_untouched(step)
    article = locked(step.revision)
    require_unarchived(article)
    go_live(step.revision, by=by)


def _roll_back(step: SweepStep, by: User) -> Revision | None:
    """Restore the text before the person's edits; make it live if readers see one of them. None if it is the same."""
    article = locked_article(step.article_id)
    if article.latest_revision_id != step.revision_id:
        raise WorkflowError(_("Somebody edited it since."))
    assert step.before_id is not None
    before = Revision.objects.with_text().get(pk=step.before_id)
    live = article.published_revision
    goes_live = live is not None and live.number > before.number
    if goes_live and not before.was_published:
        raise WorkflowError(_("The text before was never public."))
    made = restore(before, by=by)
    if made.pk == step.revision_id:
        return None
    if goes_live:
        if Review.objects.pending().filter(revision=made).exists():
            raise WorkflowError(_("The text before would have to wait for a moderator."))
        locked(made)
        go_live(made, by=by)
    return made


def _undo_roll_back(step: SweepStep, by: User) -> None:
    made = step.made
    if made is None:
        return
    article = locked_article(step.article_id)
    if article.latest_revision_id != made.pk:
        raise WorkflowError(_("Somebody edited it since."))
    is_live = article.published_revision_id == made.pk
    if is_live:
        _require_untouched(step)
    again = restore(Revision.objects.with_text().get(pk=step.revision_id), by=by)
    if is_live:
        locked(again)
        go_live(again, by=by)


_DO = {
    Sweep.Kind.REJECT: _reject,
    Sweep.Kind.UNPUBLISH: _unpublish,
    Sweep.Kind.ROLL_BACK: _roll_back,
}
_UNDO = {
    Sweep.Kind.REJECT: _undo_rejection,
    Sweep.Kind.UNPUBLISH: _publish_again,
    Sweep.Kind.ROLL_BACK: _undo_roll_back,
}


def _require_untouched(step: SweepStep) -> None:
    """Raise `WorkflowError` unless the sweep was the last that changed what readers see of the article."""
    last = Event.objects.filter(article=step.article_id, action__in=_MOVES).order_by("-pk").first()
    if last is None or last.part_of_id != step.sweep.event_id:
        raise WorkflowError(_("Something else was published or taken offline since."))


def _between(column: str, since: datetime, until: datetime) -> Q:
    return Q(**{f"{column}__gte": since, f"{column}__lt": until})


def _rejections(waiting: Iterable[Review], *, by: User) -> Iterator[PlannedStep]:
    reviews = list(waiting)
    theirs = Revision.objects.filter(
        article__in={review.revision.article_id for review in reviews}, author=by
    )
    with_own = set(theirs.order_by().values_list("article", flat=True))
    for review in reviews:
        is_own = review.revision.article_id in with_own and not permissions.can_review(by, review)
        yield PlannedStep(
            Sweep.Kind.REJECT,
            review.revision.article_id,
            review.revision_id,
            review.pk,
            obstacle=_("Part of it is your own text.") if is_own else "",
        )


def _roll_backs(account: User, *, by: User, since: datetime, until: datetime) -> Iterator[PlannedStep]:
    """Yield a step for each article that the person edited in the period, by its last edit."""
    in_period = Q(author=account) & _between("created_at", since, until)
    edits = Revision.objects.filter(in_period)
    if not permissions.can_hide(by):
        edits = edits.exclude(Exists(Hiding.objects.active().filter(author=True, revision=OuterRef("pk"))))
    rows = list(
        edits.select_related("article__published_revision", "based_on__publication").order_by(
            "article", "number"
        )[: 5 * MOST_STEPS]
    )
    of_others = (
        Revision.objects.filter(article__in={edit.article_id for edit in rows}).exclude(in_period).order_by()
    )
    last_of_others = dict(of_others.values_list("article").annotate(last=Max("number")))
    for _article, of_article in groupby(rows, key=lambda edit: edit.article_id):
        yield _step_back(list(of_article), last_of_others)


def _step_back(edits: list[Any], last_of_others: dict[int, int]) -> PlannedStep:
    first, last = edits[0], edits[-1]
    article: Article = first.article
    before, live = first.based_on, article.published_revision
    is_live = live is not None and live.number >= first.number
    if last_of_others.get(article.pk, 0) > first.number:
        obstacle = _("Somebody else edited it after, or they did outside of the period.")
    elif article.is_archived:
        obstacle = _("It is in the archive.")
    elif before is None and not is_live:
        obstacle = _("They began it, and it is not public: there is no text to return to.")
    elif before is not None and is_live and not before.was_published:
        obstacle = _("The text before was never public.")
    else:
        obstacle = ""
    if before is None and live is not None and not obstacle:
        return PlannedStep(Sweep.Kind.UNPUBLISH, article.pk, live.pk)
    return PlannedStep(
        Sweep.Kind.ROLL_BACK, article.pk, last.pk, before=before.pk if before else None, obstacle=obstacle
    )
