"""Mail to moderators: of serious changes and proposed allowances at once, of versions that wait too long, and of many
that come together.

No review or proposal causes a second mail of a kind.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from articles import permissions
from articles.people.mailing import absolute, isolated
from articles.tasks import task
from articles.text.checks import Severity

from .allowances import Allowance
from .reminders import Reminder
from .reviews import Review

ALERT_PAUSE = timedelta(minutes=10)  # between mails about serious changes
MOST_NAMED = 20  # versions that a mail names, the worst first


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
    sent = [*remind_of_alerts(), *remind_of_proposals()]
    if overdue.exists():
        sent.append(_send(Reminder.Kind.AGE, overdue))
    if burst.count() >= settings.QUEUE_BURST:
        sent.append(_send(Reminder.Kind.BURST, burst))
    return sent


def remind_of_alerts() -> list[Reminder]:
    """Send a mail about pending versions with serious changes that no mail named yet, and return its row.

    None within `ALERT_PAUSE` of the last one, so that a flood of them makes few mails. Raises as `remind_moderators`.
    """
    now = timezone.now()
    alerts = _news(Reminder.Kind.ALERT).filter(gravity=Severity.ALERT)
    if Reminder.objects.filter(kind=Reminder.Kind.ALERT, sent_at__gt=now - ALERT_PAUSE).exists():
        return []
    return [_send(Reminder.Kind.ALERT, alerts)] if alerts.exists() else []


@task(title=gettext_lazy("Write to the moderators about serious changes"))
def send_alerts() -> None:
    """Send the mail about serious changes, if one is due. Raises what the mail server's connection raises."""
    remind_of_alerts()


def remind_of_proposals() -> list[Reminder]:
    """Send a mail about proposed allowances that no mail named yet, and return its row.

    It goes to those who may confirm one of them; there may be nobody. Raises as `remind_moderators`.
    """
    proposals = Allowance.objects.proposed().order_by("-allowed_at", "-pk")
    if last := Reminder.objects.filter(kind=Reminder.Kind.PROPOSAL).order_by("-pk").first():
        proposals = proposals.filter(allowed_at__gt=last.up_to)
    number, named = proposals.count(), list(proposals[:MOST_NAMED])
    if not named:
        return []
    subject = ngettext(
        "%(n)d allowance waits for a second moderator",
        "%(n)d allowances wait for a second moderator",
        number,
    ) % {"n": number}
    items = [(row, _readable(row), isolated(row.reason), absolute(row.get_absolute_url())) for row in named]
    text = render_to_string(
        "mail/proposals.txt", {"subject": subject, "items": items, "more": max(0, number - MOST_NAMED)}
    )
    to = {account.email for row in named for account in permissions.second_moderators(row) if account.email}
    reminder = Reminder(kind=Reminder.Kind.PROPOSAL, up_to=named[0].allowed_at, reviews=number)
    return [_send_mail(reminder, subject, text, to=sorted(to))]


@task(title=gettext_lazy("Write to those who may confirm an allowance"))
def send_proposals() -> None:
    """Send the mail about proposed allowances, if one is due. Raises what the mail server's connection raises."""
    remind_of_proposals()


def recipients() -> list[str]:
    """Return the mail addresses of those who moderate, in order."""
    written_to = permissions.moderators().exclude(email="").order_by("email")
    return list(written_to.values_list("email", flat=True).distinct())


def _news(kind: Reminder.Kind) -> QuerySet[Review]:
    """Return the pending reviews that no mail of this kind was sent about."""
    last = Reminder.objects.filter(kind=kind).order_by("-pk").first()
    pending = Review.objects.pending()
    return pending.filter(submitted_at__gt=last.up_to) if last else pending


def _send(kind: Reminder.Kind, reviews: QuerySet[Review]) -> Reminder:
    number, newest = reviews.count(), reviews.order_by("-submitted_at")[0].submitted_at
    waiting = Review.objects.pending().count()
    if kind == Reminder.Kind.ALERT:
        subject = ngettext(
            "%(n)d version with serious changes waits", "%(n)d versions with serious changes wait", number
        ) % {"n": number}
    elif kind == Reminder.Kind.AGE:
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
    named = reviews.order_by("-risk", "pk").select_related("revision__article")[:MOST_NAMED]
    text = render_to_string(
        "mail/queue.txt",
        {
            "subject": subject,
            "waiting": waiting,
            "items": [
                (review, isolated(review.revision.title), absolute(review.get_absolute_url()))
                for review in named
            ],
            "more": max(0, number - MOST_NAMED),
            "queue": absolute(reverse("queue")),
        },
    )
    reminder = Reminder(kind=kind, up_to=newest, reviews=number)
    return _send_mail(reminder, subject, text, to=recipients())


def _readable(allowance: Allowance) -> str:
    """Return what an allowance allows: a character by its code points, since many are invisible."""
    if allowance.kind == Allowance.Kind.CHARACTER:
        return " ".join(allowance.code_points)
    return isolated(allowance.value)


def _send_mail(reminder: Reminder, subject: str, text: str, *, to: list[str]) -> Reminder:
    # Recorded first, so that a process killed while sending causes no second mail.
    reminder.sent_at = timezone.now()
    reminder.save()
    try:
        EmailMessage(f"[{settings.SITE_NAME}] {subject}", text, to=[], bcc=to).send()
    except Exception:
        reminder.delete()
        raise
    return reminder
