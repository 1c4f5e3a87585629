"""Where a submitted revision stands in moderation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.querysets.review import ReviewQuerySet

from .article import Revision


class Review(models.Model):
    """Where a submitted revision stands in moderation; the only row with a workflow state.

    `cause` is the first of `causes`, `language` that of the revision, `risk` what the queue is ordered by, and
    `risk_parts` lists what it is made of: part, how many were counted, points (see `articles.workflow.risk`).
    A claim tells the others who is on it until a moment; it is a courtesy and stops no decision.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Cause(models.TextChoices):
        """Why a revision waits; the order is that of importance."""

        SANITIZERS = "sanitizers", _("the sanitizers disagree")
        TURNED_DOWN = "turned down", _("a moderator turned it down before")
        ALERT = "alert", _("brings in characters that deceive")
        WARNING = "warning", _("brings in suspicious characters")
        AUTHOR = "author", _("its author may not publish without a reviewer")
        SUBMITTED = "submitted", _("its author asked for a review")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    causes = models.JSONField(_("why it waits"), default=list)
    cause = models.CharField(_("main cause"), max_length=20, choices=Cause, default=Cause.SUBMITTED)
    risk = models.PositiveIntegerField(_("risk"), default=0)
    risk_parts = models.JSONField(_("what the risk is made of"), default=list)
    language = models.CharField(_("language"), max_length=35, default="")
    alerts = models.PositiveIntegerField(_("alerts brought in"), default=0)
    warnings = models.PositiveIntegerField(_("warnings brought in"), default=0)
    compared_with = models.ForeignKey(
        Revision,
        models.PROTECT,
        verbose_name=_("live when it was decided"),
        null=True,
        related_name="+",
        db_index=False,
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("submitted by"), null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("claimed by"), null=True, related_name="+"
    )
    claimed_until = models.DateTimeField(_("claimed until"), null=True)
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
        indexes = [  # not partial: SQLite uses none for a condition whose value is a parameter
            models.Index(fields=["state", "-risk", "id"], name="review_queue"),
            models.Index(fields=["state", "cause", "-risk", "id"], name="review_queue_cause"),
            models.Index(fields=["state", "language", "-risk", "id"], name="review_queue_language"),
            models.Index(fields=["-decided_at", "-id"], name="review_decided"),
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
    def is_decided(self) -> bool:
        """Whether a moderator decided; withdrawing is no decision."""
        return self.state not in (self.State.PENDING, self.State.WITHDRAWN)

    @property
    def claimant(self) -> Any:
        """Who is on it now, or None."""
        return self.claimed_by if self.claimed_until and self.claimed_until > timezone.now() else None

    @property
    def cause_labels(self) -> list[str]:
        return [str(self.Cause(cause).label) for cause in self.causes]


class ReasonTemplate(models.Model):
    """A reason that moderators give often; picked on the page of a revision and free to be edited there."""

    name = models.CharField(_("name"), max_length=60)
    text = models.TextField(_("text"), help_text=_("The author reads it."))

    class Meta:
        verbose_name = _("reason template")
        verbose_name_plural = _("reason templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
