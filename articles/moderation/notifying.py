"""Notifying: write what is to be mailed, in the transaction of the change, and try to send it once that is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from articles.people.preferences import Kind, When, preferences_of
from articles.revisions.articles import Article
from articles.revisions.live_changes import LiveChange
from articles.revisions.revisions import Revision

from .delivering import send_directly, send_notices
from .notices import Notice
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# How long the task waits that sends what could not be sent at once, so that it does not compete for it.
_GRACE = timedelta(minutes=1)


def notify_of_decision(review: Review, *, by: User) -> None:
    """Tell the author, and who submitted the revision, how its review was decided; not who decided."""
    revision = review.revision
    _notify(
        {revision.author_id, review.submitted_by_id},
        Kind.DECISIONS,
        revision=revision,
        by=by,
        review=review,
        verdict=review.state,
        text=review.reason,
    )


def notify_of_undoing(review: Review, *, by: User) -> None:
    """Cancel the mail about a decision that was taken back; who got it already is told of that."""
    decisions = review.notices.exclude(verdict=Review.State.PENDING)
    # Deleted first: what a process claims before that is told, what it would claim later is gone.
    decisions.filter(sent_at=None).unclaimed().delete()
    told = set(decisions.values_list("recipient", flat=True))
    _notify(
        told,
        Kind.DECISIONS,
        revision=review.revision,
        by=by,
        review=review,
        verdict=Review.State.PENDING,
    )


def notify_of_entry(
    article: Article,
    *,
    to: Iterable[User | None],
    by: User,
    text: str,
    kind: str,
    revision: Revision | None = None,
    path: str = "",
) -> None:
    """Tell people what somebody wrote about an article: a reply to them, or an answer to their decision.

    None in `to` stands for an account that is gone. Call it in the transaction that stores the entry.
    `revision` is the one that it speaks of, the latest if not given: where its text is hidden, neither its title nor
    `text` is mailed. `path` leads to where one answers, to the article's editor if not given.
    """
    people = [person.pk for person in to if person]
    about = revision or article.latest_revision
    assert about is not None  # an article has a revision from its first moment on
    _notify(people, Kind(kind), revision=about, by=by, text=text, path=path)


def notify_of_live_change(change: LiveChange, *, to: Iterable[int]) -> None:
    """Tell those who watch an article what went live there; not its author, nor who let it live.

    The change has its revision with the article loaded.
    """
    people = set(to) - {change.author_id}
    _notify(
        people,
        Kind.WATCHED,
        revision=change.revision,
        by=change.by,
        by_name=change.by_name,
        live_change=change,
    )


def _notify(
    people: Iterable[int | None],
    kind: Kind,
    *,
    revision: Revision,
    by: User | None,
    by_name: str = "",
    **fields: Any,
) -> None:
    """Write a notice to each of these people who wants it, but not to who acts. Call it within a transaction.

    `by` is None for a deleted account, whose name is `by_name`.
    """
    now = timezone.now()
    notices = []
    others = {pk for pk in people if pk is not None and (by is None or pk != by.pk)}
    accounts = get_user_model().objects.filter(pk__in=others, is_active=True).exclude(email="")
    for account in accounts.select_related("mail_preferences").order_by("pk"):
        when = preferences_of(account).when(kind)
        if when == When.NEVER:
            continue
        notices.append(
            Notice(
                recipient=account,
                kind=kind,
                revision=revision,
                by_name=by.get_username() if by else by_name,
                in_digest=when == When.DAILY,
                made_at=now,
                due_at=next_digest(now) if when == When.DAILY else now,
                **fields,
            )
        )
    if not notices:
        return
    Notice.objects.bulk_create(notices)
    if any(notice.in_digest for notice in notices):
        digest = next_digest(now)
        send_notices.using(run_after=digest).enqueue(digest.date().isoformat())
    if at_once := [notice.pk for notice in notices if not notice.in_digest]:
        send_notices.using(run_after=now + _GRACE).enqueue()
        transaction.on_commit(partial(send_directly, at_once), robust=True)


def next_digest(now: datetime) -> datetime:
    """Return when the next daily mails are due."""
    today = now.astimezone(UTC).replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
