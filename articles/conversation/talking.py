"""Talking: remarks on versions and passages, answers, and what is settled. Nothing here changes a text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.moderation.notifying import notify_of_entry
from articles.moderation.reviews import Review
from articles.people.preferences import Kind
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.steps import require
from articles.revisions.validation import MAX_REASON
from articles.text.content.marking import shortened
from articles.text.diff import Span

from .remarks import MAX_QUOTE, Remark

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_DETAIL = 100  # code points of a remark that the log repeats when it is settled


def remark(revision: Revision, *, by: User, text: str, passage: Span | None = None) -> Remark:
    """Say something about a revision, or about a passage of its source, given as a span in code points.

    Load the revision by `visible_to` and `with_text` for a passage. Raises `ValidationError` without a text, if it is
    too long, or if there is no such passage.
    """
    require(permissions.can_talk(by, revision))
    said = Remark(revision=revision, article_id=revision.article_id, text=text)
    if passage:
        start, end = passage
        if "text" in revision.withheld or not 0 <= start < end <= len(revision.source):
            raise ValidationError({"passage": [_("This version has no such passage.")]})
        said.start, said.end = passage
        said.quoted = revision.source[start:end][:MAX_QUOTE]
    return _store(said, Event.Action.REMARK, by=by)


def answer(to: Remark | Review, *, by: User, text: str) -> Remark:
    """Answer a remark or a decision; an answer to an answer goes to what that one answers.

    Raises `ValidationError` without a text or if it is too long.
    """
    require(permissions.can_talk(by, to.revision))
    said = Remark(revision=to.revision, article_id=to.revision.article_id, text=text)
    if isinstance(to, Review):
        said.answers_review = to
    else:
        said.answers_review = to.answers_review
        said.answers = None if to.answers_review_id else to.answers or to
    return _store(said, Event.Action.ANSWER, by=by)


def answer_without_a_change(revision: Revision, *, by: User, summary: str) -> Remark | None:
    """Keep the summary of a save that changed nothing: as an answer to the decision that stands, else as a remark.

    Returns None if it says nothing that the revision's own summary does not say, or if the person is muted.
    """
    if not is_news(summary, revision) or not permissions.can_talk(by, revision):
        return None
    decision = Review.objects.decisions_since_public(revision.article_id).select_related("revision").first()
    if decision and decision.state != Review.State.APPROVED:
        return answer(decision, by=by, text=summary)
    return remark(revision, by=by, text=summary)


def is_news(summary: str, revision: Revision) -> bool:
    """Return whether a summary says something that the revision's own does not."""
    return summary.strip() not in ("", revision.summary.strip())


@transaction.atomic
def resolve(remark: Remark, *, by: User, text: str = "") -> None:
    """Settle a remark, with all answers to it; a `text` is the last of them.

    Raises `WorkflowError` if it is settled already: a text that comes too late is not kept, so it can be sent again.
    """
    remark = _locked(remark, by=by)
    if remark.is_resolved:
        raise WorkflowError(_("%(name)s has settled this already.") % {"name": remark.who_resolved})
    if text.strip():
        answer(remark, by=by, text=text)
    remark.resolved_by, remark.resolved_by_name = by, by.get_username()
    remark.resolved_at = timezone.now()
    _keep_resolution(remark, Event.Action.RESOLVE, by=by)


@transaction.atomic
def reopen(remark: Remark, *, by: User) -> None:
    """Open a settled remark again. Raises `WorkflowError` if it is open."""
    remark = _locked(remark, by=by)
    if not remark.is_resolved:
        raise WorkflowError(_("This remark is open already."))
    remark.resolved_by, remark.resolved_by_name, remark.resolved_at = None, "", None
    _keep_resolution(remark, Event.Action.REOPEN, by=by)


def _locked(remark: Remark, *, by: User) -> Remark:
    """Return the remark that begins a part of the thread as stored, locked. Raises `PermissionDenied`."""
    rows = Remark.objects.withholding_from(by).select_for_update(of=("self",))
    remark = rows.select_related("revision__article").get(pk=remark.answers_id or remark.pk)
    require(permissions.can_talk(by, remark.revision))
    if remark.answers_review_id:
        raise WorkflowError(_("An answer to a decision is settled by the next decision."))
    return remark


def _keep_resolution(remark: Remark, action: Event.Action, *, by: User) -> None:
    remark.save(update_fields=["resolved_by", "resolved_by_name", "resolved_at"])
    log_event(action, remark.revision, by=by, detail=shortened(remark.text, MAX_DETAIL))


@transaction.atomic
def _store(said: Remark, action: Event.Action, *, by: User) -> Remark:
    """Store an entry of a thread and log it: the one place where one is added."""
    if not said.text.strip():
        raise ValidationError({"text": [_("Write what you have to say.")]})
    if "\0" in said.text or len(said.text) > MAX_REASON:
        raise ValidationError(
            {"text": [_("A remark is at most %(limit)d characters of text.") % {"limit": MAX_REASON}]}
        )
    said.author, said.author_name = by, by.get_username()
    said.created_at = timezone.now()
    said.save()
    log_event(action, said.revision, by=by, reason=said.text)
    _tell(said, by=by)
    return said


def _tell(said: Remark, *, by: User) -> None:
    """Write mail to whom an answer is for: who decided or made the remark, and who answered that before."""
    if said.answers_review:
        decided_by, before = said.answers_review.decided_by, said.answers_review.answered_by
    elif said.answers:
        decided_by, before = None, said.answers.answered_by
    else:
        return
    people = {answer.author for answer in before.select_related("author")}
    if said.answers:
        people.add(said.answers.author)
    tell = partial(notify_of_entry, said.revision.article, by=by, text=said.text, revision=said.revision)
    if said.answers_review:
        tell(to=[decided_by], kind=Kind.ANSWERS, path=f"{said.answers_review.get_absolute_url()}#talk")
    editor = reverse("admin:articles_article_change", args=[said.article_id])
    tell(to=people - {decided_by}, kind=Kind.REPLIES, path=f"{editor}?talk=1#talk")
