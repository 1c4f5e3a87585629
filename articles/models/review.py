"""Where a submitted revision stands in moderation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.querysets import ReviewQuerySet

from .article import Revision


class Review(models.Model):
    """Where a submitted revision stands in moderation; the only row with a workflow state."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Cause(models.TextChoices):
        """Why a revision waits; the order is that of importance."""

        SANITISERS = "sanitisers", _("the sanitisers disagree")
        TURNED_DOWN = "turned down", _("a moderator turned it down before")
        ALERT = "alert", _("brings in characters that deceive")
        WARNING = "warning", _("brings in suspicious characters")
        AUTHOR = "author", _("its author may not publish without a reviewer")
        SUBMITTED = "submitted", _("its author asked for a review")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    causes = models.JSONField(_("why it waits"), default=list)
    alerts = models.PositiveIntegerField(_("alerts brought in"), default=0)
    warnings = models.PositiveIntegerField(_("warnings brought in"), default=0)
    compared_with = models.ForeignKey(
        Revision, models.PROTECT, verbose_name=_("live when it was decided"), null=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("submitted by"), null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_by_name = models.CharField(_("name of who decided"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["revision"], condition=models.Q(state="pending"), name="review_pending_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-alerts", "-warnings", "id"],
                condition=models.Q(state="pending"),
                name="review_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    def has_work_of(self, user: Any) -> bool:
        """Whether any revision that approval would make public first is the person's own."""
        unread = self.revision.article.revisions.filter(number__lte=self.revision.number, author=user)
        live = self.revision.article.published_revision
        return (unread.filter(number__gt=live.number) if live else unread).exists()

    @property
    def cause_labels(self) -> list[str]:
        return [str(self.Cause(cause).label) for cause in self.causes]
