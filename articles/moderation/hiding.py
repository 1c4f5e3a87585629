"""Hiding: withhold parts of a revision from all but administrators, or undo that. The revision stays as it is."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

import unicodedata2 as unicodedata
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.indexing import index_article, index_live
from articles.revisions.log import log_event
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.schedules import Schedule
from articles.revisions.steps import cancel_schedule, locked, require
from articles.revisions.validation import require_short

from .returns import gather_returns
from .reviewing import decide
from .reviews import Review
from .showing import show

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_AT_ONCE = 500  # revisions that are hidden in one step
MOST_SEARCHED = 500  # newest revisions of an article that are searched for a passage

_NO_LETTERS = re.compile(r"[\W_]+")


@transaction.atomic
def hide(revision: Revision, *, by: User, parts: Collection[str], reason: str) -> Hiding:
    """Hide parts of a revision, in addition to those that are hidden already.

    If the text is hidden, a pending revision leaves the queue undecided and a live one is unpublished. Raises
    `ValidationError` without parts or a reason, and `WorkflowError` if all parts are hidden already.
    """
    require(permissions.can_hide(by))
    require_short(reason)
    if not parts or set(parts) - set(Hiding.Part.values):
        raise ValidationError({"parts": [_("Choose what to hide.")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why; the reason is kept in the log.")]})
    article = locked(revision)
    now = timezone.now()
    standing = revision.hidings.active().first()
    if standing:
        if set(parts) <= set(standing.parts):
            raise WorkflowError(_("%(name)s has hidden this already.") % {"name": standing.hidden_by_name})
        parts = {*parts, *standing.parts}
        _unhide(standing, by=by)
    hiding = Hiding.objects.create(
        revision=revision,
        **{part: part in parts for part in Hiding.Part.values},
        reason=reason,
        hidden_by=by,
        hidden_by_name=by.get_username(),
        hidden_at=now,
    )
    log_event(Event.Action.HIDE, revision, by=by, reason=reason, detail=", ".join(hiding.parts), at=now)
    _index_again(revision, article)
    if hiding.text:
        _take_out_of_queue(revision, by=by)
        _cancel_return(revision, article, by=by)
        if article.published_revision_id == revision.pk:
            show(article, None, by=by)
            log_event(Event.Action.UNPUBLISH, revision, by=by, reason=_("Its text was hidden."))
    return hiding


@transaction.atomic
def hide_many(
    revisions: Collection[Revision], *, by: User, parts: Collection[str], reason: str
) -> list[Hiding]:
    """Hide the same parts of several revisions of one article, each with its log entry, or of none.

    What is hidden already stays as it is. Raises what `hide` raises, `ValidationError` without revisions or with more
    than `MOST_AT_ONCE`, and `WorkflowError` if all of it is hidden already.
    """
    if not 0 < len(revisions) <= MOST_AT_ONCE or len({revision.article_id for revision in revisions}) > 1:
        raise ValidationError(
            {"revision": [_("Choose at least one version, and at most %(n)d.") % {"n": MOST_AT_ONCE}]}
        )
    hidings = []
    refusal: WorkflowError | None = None
    # The newest first, so that what readers have goes first.
    for revision in sorted(revisions, key=lambda revision: -revision.number):
        try:
            hidings.append(hide(revision, by=by, parts=parts, reason=reason))
        except WorkflowError as error:
            refusal = error
    if not hidings and refusal:
        raise refusal
    return hidings


def revisions_with(passage: str, *, article: Article, seen_by: User) -> list[Revision]:
    """Return the revisions of an article that contain a passage, newest first, of the newest `MOST_SEARCHED`.

    Title, summary and text are searched. Letters and digits count, so that it does not matter whether the passage was
    copied from a page or from the source; of a passage without any, all characters. Linear in the texts.
    """
    require(permissions.can_hide(seen_by))
    spelled = _letters if _letters(passage) else _signs
    sought = spelled(passage)
    if not sought:
        return []
    rows = Revision.objects.visible_to(seen_by).with_text().filter(article=article).order_by("-number")
    found = []
    for revision in rows[:MOST_SEARCHED].iterator():
        try:
            texts = (revision.title, revision.summary, revision.source)
        except DamagedText:
            texts = (revision.title, revision.summary, "")
        if any(sought in spelled(text) for text in texts):
            found.append(revision)
    return found


def _letters(text: str) -> str:
    """Return the letters and digits of a text in one spelling."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _signs(text: str) -> str:
    """Return a text without spaces."""
    return "".join(text.split())


@transaction.atomic
def unhide(hiding: Hiding, *, by: User, reason: str = "") -> None:
    """Show hidden parts again; publish nothing. Raises `WorkflowError` if they are shown already."""
    require(permissions.can_hide(by))
    require_short(reason)
    article = locked(hiding.revision)
    hiding = Hiding.objects.select_for_update(of=("self",)).select_related("revision").get(pk=hiding.pk)
    if hiding.unhidden_at:
        raise WorkflowError(_("%(name)s has shown it again already.") % {"name": hiding.unhidden_by_name})
    _unhide(hiding, by=by)
    log_event(Event.Action.UNHIDE, hiding.revision, by=by, reason=reason, detail=", ".join(hiding.parts))
    _index_again(hiding.revision, article)


def _index_again(revision: Revision, article: Article) -> None:
    """Index an article after parts of a revision were hidden or shown again; readers find names of former ones, too."""
    if article.latest_revision_id == revision.pk:
        index_article(article)
    if article.is_public:
        index_live(article)


def _unhide(hiding: Hiding, *, by: User) -> None:
    hiding.unhidden_by = by
    hiding.unhidden_by_name = by.get_username()
    hiding.unhidden_at = timezone.now()
    hiding.save(update_fields=["unhidden_by", "unhidden_by_name", "unhidden_at"])


def _cancel_return(revision: Revision, article: Article, *, by: User) -> None:
    """Cancel the schedule that would publish the hidden revision, or another one that holds text of it."""
    schedule = Schedule.objects.to_start().filter(article=article).first()
    if schedule is None:
        return
    starting = Revision.objects.with_text().get(pk=schedule.revision_id)
    returns = gather_returns(starting.content, article)
    if starting == revision or any(each.passages and each.number == revision.number for each in returns):
        cancel_schedule(article, by=by, why=_("Its text was hidden."), starting=starting)


def _take_out_of_queue(revision: Revision, *, by: User) -> None:
    """Withdraw the pending review of a revision, if there is one."""
    review = Review.objects.pending().filter(revision=revision).first()
    if review:
        review.revision = revision
        reason = _("Its text was hidden.")
        decide(review, Review.State.WITHDRAWN, by=by, reason=reason)
        log_event(Event.Action.WITHDRAW, revision, by=by, reason=reason, at=review.decided_at)
