"""Notices: what is to be mailed to whom, written with the change that it tells of. Sent ones stay for a month."""

from __future__ import annotations

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.people.preferences import Kind
from articles.revisions.live_changes import LiveChange
from articles.revisions.revisions import Revision
from articles.tasks.running import FIRST_WAIT, MOST_ATTEMPTS

from .reviews import Review

CLAIM = timedelta(minutes=10)  # after which a process that sends and is silent counts as lost
RETENTION = timedelta(days=30)


class NoticeQuerySet(QuerySet["Notice"]):
    def unsent(self) -> Self:
        """Keep the notices that still have an attempt."""
        return self.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS)

    def due(self) -> Self:
        """Keep the notices whose time has come and that no process sends now."""
        return self.unsent().unclaimed().filter(due_at__lte=timezone.now())

    def unclaimed(self) -> Self:
        """Keep the notices that no process sends now."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=timezone.now()))

    def claim(self) -> list[Notice]:
        """Take what is due of these notices for this process, and return it in order with what a mail tells."""
        claim = uuid4()
        # A single UPDATE checks and claims, so only one of two processes gets a notice.
        if not self.due().update(claim=claim, claimed_until=timezone.now() + CLAIM):
            return []
        rows = Notice.objects.filter(claim=claim).select_related(
            "recipient__mail_preferences",
            "revision__article__published_revision",
            "review",
            "live_change__before",
            "live_change__revision__article",
        )
        return list(rows.order_by("pk"))

    def record_sent(self) -> None:
        self.update(sent_at=timezone.now(), claim=None, claimed_until=None)

    def record_failure(self) -> None:
        """Count an attempt and put the next one off, twice as long each time."""
        now = timezone.now()
        for attempts in set(self.values_list("attempts", flat=True)):
            self.filter(attempts=attempts).update(
                attempts=F("attempts") + 1,
                failed_at=now,
                due_at=now + FIRST_WAIT * 2**attempts,
                claim=None,
                claimed_until=None,
            )

    def prune(self) -> None:
        """Delete the notices made longer than `RETENTION` ago, sent or given up."""
        old = self.filter(made_at__lt=timezone.now() - RETENTION)
        old.filter(Q(sent_at__isnull=False) | Q(attempts__gte=MOST_ATTEMPTS)).delete()


class Notice(models.Model):
    """Something to tell one person by mail: a decision of a review, what somebody wrote about an article, or what went
    live in one that they watch.

    `verdict` is the state that the review got, and empty where there is none. `claim` is of the process that sends.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("to"), related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    revision = models.ForeignKey(Revision, models.CASCADE, verbose_name=_("revision"), related_name="+")
    review = models.ForeignKey(
        Review, models.CASCADE, verbose_name=_("review"), null=True, related_name="notices"
    )
    live_change = models.ForeignKey(
        LiveChange, models.CASCADE, verbose_name=_("live change"), null=True, related_name="+"
    )
    verdict = models.CharField(_("decision"), max_length=20, choices=Review.State, blank=True)
    by_name = models.CharField(_("name of who did it"), max_length=150)
    text = models.TextField(_("text"), blank=True)
    path = models.CharField(_("where to go on"), max_length=300, blank=True)  # empty: by kind and verdict
    in_digest = models.BooleanField(_("in the daily mail"), default=False)
    made_at = models.DateTimeField(_("made at"))
    due_at = models.DateTimeField(_("due at"))
    claim = models.UUIDField(_("claim"), null=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    failed_at = models.DateTimeField(_("failed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["sent_at", "due_at"], name="notice_due"),
            models.Index(fields=["claim"], name="notice_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.recipient_id}"
