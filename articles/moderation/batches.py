"""Batches: one decision on several reviews, as rows, so that it can be carried out in parts and taken back as one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import permissions


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: permissions.Person) -> BatchQuerySet:
        """Return the batches that the person may see: their own."""
        return self.filter(decided_by=user.pk)


class Batch(models.Model):
    """One decision that a moderator made on several reviews; `taken_back_at` is when all of it was taken back.

    `ui_language` is that of the moderator, in which refusals are worded.
    """

    class Decision(models.TextChoices):
        APPROVE = "approve", _("Approve")
        REQUEST_CHANGES = "request changes", _("Request changes")
        REJECT = "reject", _("Reject")

    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    reason = models.TextField(_("reason"), blank=True)
    ui_language = models.CharField(_("language of the pages"), max_length=35)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    taken_back_at = models.DateTimeField(_("taken back at"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on several versions")
        verbose_name_plural = _("decisions on several versions")

    def __str__(self) -> str:
        return f"{self.decision}, {self.made_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])

    @property
    def left(self) -> models.QuerySet[BatchItem]:
        """The items that are still to be decided or taken back, in the order of the work."""
        state = BatchItem.State.DECIDED if self.taken_back_at else BatchItem.State.LEFT
        items: Any = self.items
        left: models.QuerySet[BatchItem] = items.filter(state=state).order_by("pk")
        return left


class BatchItem(models.Model):
    """One of the reviews of a batch. `text` says why it was refused; `seen` is what the list showed of it.

    By `decided_at`, the batch takes back no decision but its own.
    """

    class State(models.TextChoices):
        LEFT = "left", _("not yet")
        DECIDED = "decided", _("done")
        REFUSED = "refused", _("not done")
        TAKEN_BACK = "taken back", _("taken back")
        KEPT = "kept", _("done, and not taken back")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    review = models.ForeignKey("articles.Review", models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.LEFT)
    seen = models.TextField(blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    text = models.TextField(_("why not"), blank=True)

    class Meta:
        verbose_name = _("one of several versions")
        verbose_name_plural = _("several versions")
        constraints = [models.UniqueConstraint(fields=["batch", "review"], name="batch_item_once")]
        indexes = [models.Index(fields=["batch", "state", "id"], name="batch_item_left")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.review_id} {self.state}"
