"""Noting: what moderators say to each other about a review, and a second opinion that one of them asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.people.preferences import Kind
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.steps import require
from articles.revisions.validation import require_short

from .errors import AlreadyDecided
from .notifying import notify_of_entry
from .review_notes import ReviewNote
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def note_review(review: Review, *, by: User, text: str) -> ReviewNote:
    """Note something about a review for other moderators. Where one asked for a second opinion, it is that.

    Raises `ValidationError` without a text, or if it is too long.
    """
    review = _locked(review, by=by)
    asked = review.notes.filter(asks_opinion=True).first() if review.asks_opinion else None
    note = _store(review, Event.Action.NOTE_REVIEW, by=by, text=text)
    if asked and asked.written_by != by:
        _set(review, asks_opinion=False)
        notify_of_entry(
            review.revision.article,
            to=[asked.written_by] if _reads(asked.written_by, review) else [],
            by=by,
            text=text,
            kind=Kind.ANSWERS,
            revision=review.revision,
            path=f"{review.get_absolute_url()}#notes",
        )
    return note


@transaction.atomic
def ask_opinion(review: Review, *, by: User, text: str) -> ReviewNote:
    """Ask other moderators for a second opinion on a pending review, and give up one's own claim on it.

    Raises `ValidationError` without a question, and `AlreadyDecided` if the review is no longer pending.
    """
    review = _locked(review, by=by)
    if review.state != Review.State.PENDING:
        raise AlreadyDecided(review)
    note = _store(review, Event.Action.ASK_OPINION, by=by, text=text, asks_opinion=True)
    _set(review, asks_opinion=True)
    Review.objects.filter(pk=review.pk).let_go(by=by)
    return note


def _locked(review: Review, *, by: User) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("revision__article")
    review = rows.get(pk=review.pk)
    require(permissions.can_note_review(by, review))
    return review


def _reads(account: User | None, review: Review) -> bool:
    """Return whether an account still reads what is noted about a review: who asked may moderate no longer."""
    return account is not None and permissions.can_note_review(account, review)


def _set(review: Review, *, asks_opinion: bool) -> None:
    review.asks_opinion = asks_opinion
    review.save(update_fields=["asks_opinion"])


def _store(
    review: Review, action: Event.Action, *, by: User, text: str, asks_opinion: bool = False
) -> ReviewNote:
    """Store a note. The log says that there is one, and not what: the author may read the log."""
    if not text.strip():
        raise ValidationError({"text": [_("Write what you have to say.")]})
    require_short(text)
    log_event(action, review.revision, by=by)
    return ReviewNote.objects.create(
        review=review,
        text=text,
        asks_opinion=asks_opinion,
        written_by=by,
        written_by_name=by.get_username(),
        written_at=timezone.now(),
    )
