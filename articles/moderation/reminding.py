"""Mail to moderators when versions wait too long or many come at once. No review causes a second mail of a kind."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .reminders import Reminder
from .reviews import Review


def remind_moderators() -> list[Reminder]:
    """Send the mails that are due and return their rows.

    A kind of mail is due again only for reviews submitted after those of the last one. Raises the errors of the
    mail's connection; then nothing is recorded, and the next call tries again.
    """
    now = timezone.now()
    overdue = _news(Reminder.Kind.AGE).filter(
        submitted_at__lt=now - timedelta(hours=settings.QUEUE_AGE_HOURS)
    )
    burst = _news(Reminder.Kind.BURST).filter(
        submitted_at__gte=now - timedelta(minutes=settings.QUEUE_BURST_MINUTES)
    )
    sent = []
    if overdue.exists():
        sent.append(_send(Reminder.Kind.AGE, overdue, now))
    if burst.count() >= settings.QUEUE_BURST:
        sent.append(_send(Reminder.Kind.BURST, burst, now))
    return sent


def recipients() -> list[str]:
    """Return the mail addresses of the active accounts that may review, in order."""
    people = get_user_model()._default_manager.with_perm(
        "articles.review_revision", backend="django.contrib.auth.backends.ModelBackend"
    )
    return list(people.exclude(email="").order_by("email").values_list("email", flat=True).distinct())


def _news(kind: Reminder.Kind) -> QuerySet[Review]:
    """Return the pending reviews that no mail of this kind was sent about."""
    last = Reminder.objects.filter(kind=kind).order_by("-pk").first()
    pending = Review.objects.pending()
    return pending.filter(submitted_at__gt=last.up_to) if last else pending


def _send(kind: Reminder.Kind, reviews: QuerySet[Review], now: datetime) -> Reminder:
    number, newest = reviews.count(), reviews.order_by("-submitted_at")[0].submitted_at
    waiting = Review.objects.pending().count()
    if kind == Reminder.Kind.AGE:
        subject = ngettext(
            "%(n)d version has waited longer than %(hours)d hours",
            "%(n)d versions have waited longer than %(hours)d hours",
            number,
        ) % {"n": number, "hours": settings.QUEUE_AGE_HOURS}
    else:
        subject = ngettext(
            "%(n)d version came within %(minutes)d minutes",
            "%(n)d versions came within %(minutes)d minutes",
            number,
        ) % {"n": number, "minutes": settings.QUEUE_BURST_MINUTES}
    lines = [
        subject + ".",
        ngettext("%(n)d is waiting in all.", "%(n)d are waiting in all.", waiting) % {"n": waiting},
        settings.SITE_URL + reverse("queue"),
        _("No other mail is sent about these."),
    ]
    # Recorded first, so that a process killed while sending causes no second mail.
    reminder = Reminder.objects.create(kind=kind, up_to=newest, reviews=number, sent_at=now)
    try:
        EmailMessage(f"[{settings.SITE_NAME}] {subject}", "\n\n".join(lines), to=[], bcc=recipients()).send()
    except Exception:
        reminder.delete()
        raise
    return reminder
